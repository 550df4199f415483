"""`openai:MODEL@BASE_URL?option=…`: a language model behind an OpenAI-style endpoint, and what it may spend.

| option | meaning | default |
|---|---|---|
| `track` | vlm: marks in images; llm: a list of what is in view, no image; pixel: points in images | vlm |
| `calls` | answers of the model in an episode | 200 |
| `malformed` | those of them that can't be carried out | 20 |
| `tokens` | of an episode, as the server's `usage` counts them | any number |
| `seconds` | of wall time an episode may take | 3600 |
| `memory` | so many of the latest views are sent whole; of older ones only what was said and done | 4 |
| `set` | NAME:JSON, sent with each request (`set=temperature:0`); may be repeated | nothing |
| `plain` | true: send nothing but model, messages, tools and what `set` says | false |
| `timeout` | the most that an answer may take, s | 120 |
| `tries` | how often to ask, where asking again may help | 4 |
| `backoff` | the wait before the second try, s; each further one is twice as long, 30 s at most | 1 |
| `max_bytes` | of an answer | 4194304 |
| `api_key_env` | the environment variable with the key | OPENAI_API_KEY |
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Annotated, Any, Literal
from urllib.parse import parse_qsl, quote, urlsplit

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from switch_bench.agents.errors import AgentError
from switch_bench.spec.errors import did_you_mean

PREFIX = "openai:"
KEY_VARIABLE = "OPENAI_API_KEY"
FORM = "write it as openai:MODEL@http://host:port/v1?option=value&option=value"
OURS = ("model", "messages", "tools", "stream", "n", "parallel_tool_calls")  # what `set` may not change
PLAYED = ("track", "calls", "malformed", "tokens", "seconds", "memory", "set", "plain")  # options that decide the play

Count = Annotated[int, Field(ge=1, le=10**9)]
Seconds = Annotated[float, Field(gt=0, le=86_400, allow_inf_nan=False)]


class Options(BaseModel):
    """What may stand after the `?`, with its bounds."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    track: Literal["vlm", "llm", "pixel"] = "vlm"
    calls: Count = 200
    malformed: Count = 20
    tokens: Count | None = None
    seconds: Seconds = 3600.0
    memory: Annotated[int, Field(ge=1, le=100)] = 4
    set: tuple[str, ...] = ()
    plain: bool = False
    timeout: Seconds = 120.0
    tries: Annotated[int, Field(ge=1, le=20)] = 4
    backoff: Annotated[float, Field(ge=0, le=60)] = 1.0
    max_bytes: Annotated[int, Field(ge=1024, le=1 << 30)] = 4 << 20
    api_key_env: Annotated[str, Field(pattern=r"^[A-Za-z_][A-Za-z0-9_]*$")] = KEY_VARIABLE


@dataclass(frozen=True)
class Address:
    """Which model, where. url: the base, to which `/chat/completions` is added. extra: sent with each request."""

    model: str
    url: str
    options: Options = field(default_factory=Options)
    extra: Mapping[str, Any] = field(default_factory=dict)
    api_key: str = field(default="", repr=False)

    @property
    def identity(self) -> str:
        """The address with those options that decide what is played, and nothing that is secret."""
        given = self.options.model_dump(exclude_defaults=True)
        values = [(name, given[name]) for name in PLAYED if name in given]
        each = [(name, item) for name, value in values for item in (value if name == "set" else (value,))]
        said = [
            f"{name}={quote(item if isinstance(item, str) else json.dumps(item), safe=':/')}" for name, item in each
        ]
        return f"{PREFIX}{self.model}@{self.url}" + ("?" + "&".join(said) if said else "")


def is_address(name: str) -> bool:
    """Whether a policy's name is that of a language model at an endpoint."""
    return name.startswith(PREFIX)


def shown(name: str) -> str:
    """An address as it may be shown, whatever is wrong with it: without its options and who is at it."""
    model, at, url = _split(name.partition("?")[0].partition("#")[0])
    scheme, slashes, rest = url.partition("://")
    host, slash, path = rest.partition("/")
    return f"{PREFIX}{model}{at}{scheme}{slashes}{host.rpartition('@')[2]}{slash}{path}"


def parse(name: str, environment: Mapping[str, str] = os.environ) -> Address:
    """The address that `--policy` names.

    Raises:
        AgentError: it isn't one, or an option isn't known or can't be.
    """
    model, at, url = _split(name)
    try:
        parts = urlsplit(url)
        port = parts.port
        given = parse_qsl(parts.query, keep_blank_values=True, strict_parsing=bool(parts.query))
    except ValueError as error:
        raise AgentError("not an address", hint=FORM) from error
    if not at or not model or parts.scheme not in ("http", "https") or not parts.hostname:
        raise AgentError("expected a model and where it is", hint=FORM)
    if "@" in parts.netloc:
        raise AgentError("the address holds a user or password", hint=f"put an API key into {KEY_VARIABLE}")
    if parts.fragment:
        raise AgentError("the address has a part after #", hint="leave it out")
    options = _options(given)
    host = f"[{parts.hostname}]" if ":" in parts.hostname else parts.hostname
    base = f"{parts.scheme}://{host}" + (f":{port}" if port else "") + parts.path.rstrip("/")
    key = environment.get(options.api_key_env, "")
    if not key and options.api_key_env != KEY_VARIABLE:
        raise AgentError(
            f"the environment variable {options.api_key_env} isn't set", hint=f"export {options.api_key_env}=…"
        )
    if not key.isascii() or (key and not key.isprintable()):
        raise AgentError("the API key holds what no header can", hint="use printable ASCII letters")
    return Address(model, base, options, _extra(options.set), key)


def _split(name: str) -> tuple[str, str, str]:
    """Model, "@", URL. A model's name may have an @ in it, so the one before the scheme counts."""
    head, _, query = name.removeprefix(PREFIX).partition("?")
    for scheme in ("https://", "http://"):
        model, at, url = head.rpartition(f"@{scheme}")
        if at:
            return model, "@", f"{scheme}{url}" + (f"?{query}" if query else "")
    return head, "", ""


def _options(given: list[tuple[str, str]]) -> Options:
    values: dict[str, Any] = {}
    for option, text in given:
        if option not in Options.model_fields:
            raise AgentError(f"unknown option {option!r:.100}", hint=did_you_mean(option, Options.model_fields))
        if option == "set":
            values["set"] = (*values.get("set", ()), text)
        elif option in values:
            raise AgentError(f"option {option} is given twice", hint="give it once")
        else:
            values[option] = text
    try:
        return Options.model_validate(values)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        raise AgentError(f"{first['loc'][0]}={first['input']!r:.100}", hint=first["msg"]) from None


def _extra(pairs: tuple[str, ...]) -> dict[str, Any]:
    """`set` options as what is sent. What isn't JSON is a text."""
    extra: dict[str, Any] = {}
    for pair in pairs:
        name, colon, text = pair.partition(":")
        if not name or not colon:
            raise AgentError(f"set={pair!r:.100}", hint="expected NAME:JSON, such as set=temperature:0")
        if name in OURS:
            raise AgentError(f"set={pair!r:.100}", hint=f"{name} is the benchmark's to say")
        try:
            extra[name] = json.loads(text)
        except ValueError:
            extra[name] = text
    return extra
