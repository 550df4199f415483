"""`ws://host:port?option=…`: where a policy is, and how to talk to it.

| option | meaning | default |
|---|---|---|
| `replan` | so many of a chunk's actions are carried out before the next inference | what the server says, else all |
| `size` | WIDTHxHEIGHT of the images, px | what the server says, else 224x224 |
| `key` | NAME or NAME:OBSERVATION, to be sent by this name; may be repeated | what the server says, else openpi's |
| `timeout` | the most that an inference may take, s | 120 |
| `connect_timeout` | the most that connecting may take, and then the metadata, s | 10 |
| `tries` | how often to try to connect | 5 |
| `backoff` | the wait before the second try, s; each further one is twice as long, 10 s at most | 0.5 |
| `max_bytes` | of a message, either way | 16777216 |
| `api_key_env` | the environment variable with the key | SWITCH_BENCH_API_KEY |
| `api_key` | the key itself, for those to whom a shell's history is no secret | none |
"""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from math import isfinite
from typing import Any
from urllib.parse import parse_qsl, quote, urlsplit

from switch_bench.agents.errors import AgentError
from switch_bench.spec.errors import did_you_mean

SCHEMES = ("ws", "wss")
KEY_VARIABLE = "SWITCH_BENCH_API_KEY"
NAMES: Mapping[str, str] = {
    "observation/image": "rgb",
    "observation/wrist_image": "wrist_rgb",
    "observation/state": "proprio",
    "prompt": "instruction",
}  # openpi's names for our observations
FURTHER: Mapping[str, str] = {"observation/depth": "depth", "observation/sounds": "sounds"}
OBSERVATIONS = (*NAMES.values(), *FURTHER.values())  # what may be sent: nothing that no agent can know
SIZES = "WIDTHxHEIGHT from 16x16 to 1280x960"


@dataclass(frozen=True)
class Address:
    """Where a policy is. keys: (name on the wire, our observation). None for these, `size` and `replan`: as it says."""

    url: str  # without options
    api_key: str = field(default="", repr=False)
    replan: int | None = None
    size: tuple[int, int] | None = None
    keys: tuple[tuple[str, str], ...] | None = None
    timeout: float = 120.0
    connect_timeout: float = 10.0
    tries: int = 5
    backoff: float = 0.5
    max_bytes: int = 16 << 20

    @property
    def identity(self) -> str:
        """The address with those options that decide what is played, and nothing that is secret."""
        said = [f"key={quote(wire, safe='/')}:{ours}" for wire, ours in self.keys or ()]
        said += [f"replan={self.replan}"] if self.replan else []
        said += [f"size={self.size[0]}x{self.size[1]}"] if self.size else []
        return self.url + ("?" + "&".join(said) if said else "")


def is_address(name: str) -> bool:
    """Whether a policy's name is an address."""
    return name.startswith(tuple(f"{scheme}://" for scheme in SCHEMES))


def shown(name: str) -> str:
    """An address as it may be shown, whatever is wrong with it: without its options and who is at it."""
    scheme, _, rest = name.partition("?")[0].partition("#")[0].partition("://")
    host, slash, path = rest.partition("/")
    return f"{scheme}://{host.rpartition('@')[2]}{slash}{path}"


def parse(name: str, environment: Mapping[str, str] = os.environ) -> Address:
    """The address that `--policy` names.

    Raises:
        AgentError: it isn't one, or an option isn't known or can't be.
    """
    try:
        parts = urlsplit(name)
        port = parts.port
        given = parse_qsl(parts.query, keep_blank_values=True, strict_parsing=bool(parts.query))
    except ValueError as error:
        raise AgentError("not an address", hint="write it as ws://host:port?option=value&option=value") from error
    if not parts.hostname:
        raise AgentError("the address names no host", hint="write it as ws://host:port")
    if "@" in parts.netloc:
        raise AgentError("the address holds a user or password", hint=f"put an API key into {KEY_VARIABLE}")
    if parts.fragment:
        raise AgentError("the address has a part after #", hint="leave it out")
    options: dict[str, Any] = {}
    for option, text in given:
        if option not in READ:
            raise AgentError(f"unknown option {option!r}", hint=did_you_mean(option, READ))
        if option in options and option != "key":
            raise AgentError(f"option {option} is given twice", hint="give it once")
        value = READ[option](option, text)
        options[option] = (*options.get(option, ()), value) if option == "key" else value
    host = f"[{parts.hostname}]" if ":" in parts.hostname else parts.hostname
    url = f"{parts.scheme}://{host}" + (f":{port}" if port else "") + parts.path.rstrip("/")
    api_key = _api_key(options.pop("api_key", None), options.pop("api_key_env", None), environment)
    keys = options.pop("key", None)
    if keys is not None and len(dict(keys)) < len(keys):
        raise AgentError("one name is given to two observations", hint="give each `key` a name of its own")
    return Address(url, api_key, keys=keys, **options)


def _api_key(key: str | None, variable: str | None, environment: Mapping[str, str]) -> str:
    if key is not None and variable is not None:
        raise AgentError("both api_key and api_key_env are given", hint="give one of them")
    if variable is not None and not environment.get(variable):
        raise AgentError(f"the environment variable {variable} isn't set", hint=f"export {variable}=…")
    found = environment.get(variable or KEY_VARIABLE, "") if key is None else key
    if not found.isascii() or not found.isprintable():
        raise AgentError("the API key holds what no header can", hint="use printable ASCII letters")
    return found


def _whole(least: int) -> Callable[[str, str], int]:
    def read(option: str, text: str) -> int:
        if not (text.isascii() and text.isdigit() and len(text) < 12 and int(text) >= least):
            raise AgentError(f"{option}={text!r:.100}", hint=f"expected a whole number, {least} or more")
        return int(text)

    return read


def _seconds(least: float) -> Callable[[str, str], float]:
    def read(option: str, text: str) -> float:
        try:
            value = float(text)
        except ValueError:
            value = -1.0
        if not isfinite(value) or value < least or value > 86_400:
            raise AgentError(f"{option}={text!r:.100}", hint=f"expected seconds, from {least:g} to 86400")
        return value

    return read


def _size(option: str, text: str) -> tuple[int, int]:
    width, _, height = text.partition("x")
    if not (width.isdigit() and height.isdigit() and len(text) < 10):
        raise AgentError(f"{option}={text!r:.100}", hint=f"expected {SIZES}")
    return checked_size((int(width), int(height)), option)


def checked_size(size: tuple[int, int], what: str) -> tuple[int, int]:
    """(width, height) px that can be drawn. Raises AgentError."""
    if not (16 <= size[0] <= 1280 and 16 <= size[1] <= 960):
        raise AgentError(f"{what}={size[0]}x{size[1]}", hint=f"expected {SIZES}")
    return size


def _key(option: str, text: str) -> tuple[str, str]:
    wire, colon, ours = text.rpartition(":")
    if not colon:
        return named(text, f"{option}={text!r:.100}")
    if not wire or ours not in OBSERVATIONS:
        raise AgentError(f"{option}={text!r:.100}: no observation {ours!r:.100}", hint=did_you_mean(ours, OBSERVATIONS))
    return wire, ours


def named(wire: str, where: str) -> tuple[str, str]:
    """A name of openpi's with the observation of ours that it means. Raises AgentError for another name."""
    known = {**NAMES, **FURTHER}
    if wire not in known:
        raise AgentError(
            f"{where}: no observation of that name",
            hint=f"{did_you_mean(wire, known)}; another name is given to an observation by key=NAME:OBSERVATION",
        )
    return wire, known[wire]


def _text(option: str, text: str) -> str:
    if not text:
        raise AgentError(f"{option} is empty", hint="give it a value, or leave it out")
    return text


READ: Mapping[str, Callable[[str, str], Any]] = {
    "replan": _whole(1),
    "size": _size,
    "key": _key,
    "timeout": _seconds(0.001),
    "connect_timeout": _seconds(0.001),
    "tries": _whole(1),
    "backoff": _seconds(0.0),
    "max_bytes": _whole(1024),
    "api_key_env": _text,
    "api_key": _text,
}
