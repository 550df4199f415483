"""The official protocol: what is fixed for a row that others are compared with. `docs/protocol.md` says why.

Whatever an option of `eval` says against it is refused; what it leaves open is the policy, which suite, the folder, the
processes and the pictures of the report.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from importlib.metadata import version

from switch_bench.evaluate.errors import InputError, closest
from switch_bench.evaluate.policies import Declared, identity
from switch_bench.evaluate.record import ENGINE


@dataclass(frozen=True)
class Protocol:
    """What is fixed. suite: where none is named. limits: the most that an agent may be given for an episode, None: any
    number. mujoco: the engine's exact version."""

    name: str
    suite: str
    episodes: int
    seed: int
    mujoco: str
    limits: Mapping[str, float | None] = field(default_factory=dict)


def public_seed(name: str) -> int:
    """The seed of a protocol: the first 31 bits of SHA-256 of "switch_bench/protocol/<name>", which nobody chose."""
    return int.from_bytes(hashlib.sha256(f"switch_bench/protocol/{name}".encode()).digest()[:4], "big") >> 1


V1 = Protocol(
    name="v1",
    suite="all",
    episodes=50,
    seed=public_seed("v1"),
    mujoco="3.17.0",
    limits={"calls": 200, "malformed": 20, "seconds": 3600.0, "tokens": None},
)
PROTOCOLS = {protocol.name: protocol for protocol in (V1,)}


def named(name: str) -> Protocol:
    """The protocol of this name. Raises InputError if there is none."""
    if name not in PROTOCOLS:
        raise InputError(f"there is no protocol {name!r}", where=f"--protocol {name}", hint=closest(name, PROTOCOLS))
    return PROTOCOLS[name]


def fixed(name: str, given: Collection[str], *, suite: str, episodes: int, seed: int) -> tuple[str, int, int]:
    """Suite, episodes a task and seed by a protocol. given: which of the three options were given to `eval`.

    Raises:
        InputError: there is no such protocol, an option says something else, or MuJoCo's version is another.
    """
    protocol = named(name)
    for option, value in (("episodes", episodes), ("seed", seed)):
        right = getattr(protocol, option)
        if option in given and value != right:
            raise InputError(
                f"protocol {name} fixes it at {right}",
                where=f"--{option} {value}",
                hint=f"leave --{option} out, or run without --protocol",
            )
    here = version(ENGINE)
    if here != protocol.mujoco:
        raise InputError(
            f"protocol {name} is played on MuJoCo {protocol.mujoco}, and here is {here}",
            where=f"--protocol {name}",
            hint=f"pip install mujoco=={protocol.mujoco}, as constraints.txt pins it",
        )
    return suite if "suite" in given else protocol.suite, protocol.episodes, protocol.seed


def check_suite(name: str, suite: str, suites: Collection[str]) -> None:
    """See that a run by a protocol is over a suite, not over a task picked out. Raises InputError if it isn't."""
    if suite not in suites:
        raise InputError(
            f"protocol {name} is played over a suite", where=f"--suite {suite}", hint=closest(suite, suites)
        )


def check_policy(protocol: Protocol, policy: str, declared: Declared) -> None:
    """See that a policy's own budget isn't more than the protocol's.

    Raises:
        InputError: it is.
    """
    for name, value in (declared.limits or {}).items():
        most = protocol.limits[name]
        if most is not None and (value is None or value > most):
            raise InputError(
                f"protocol {protocol.name} gives an episode {most:g} {name} at most, and the policy takes "
                + (f"{value:g}" if value is not None else "any number"),
                where=f"--policy {identity(policy)}",
                hint=f"give it {name}={most:g} or less",
            )
