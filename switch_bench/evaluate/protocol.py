"""The official protocol: what is fixed for a row that others are compared with. `docs/protocol.md` says why.

Whatever an option of `eval` says against it is refused; what it leaves open is the policy, which suite, the folder, the
processes and the pictures of the report.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from importlib.metadata import version
from typing import Any

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
    """Suite, episodes a task and seed to run with: those of the options that were `given` by name, else the protocol's.

    Raises:
        InputError: there is no such protocol.
    """
    protocol = named(name)
    asked = {"suite": suite, "episodes": episodes, "seed": seed}
    found = {option: asked[option] if option in given else getattr(protocol, option) for option in asked}
    return found["suite"], found["episodes"], found["seed"]


def check(name: str, *, suite: str, suites: Collection[str], episodes: int, seed: int) -> None:
    """See that a run keeps to a protocol, and that the engine is here that it is played on.

    Raises:
        InputError: there is no such protocol, a setting is another, or MuJoCo's version is.
    """
    protocol = named(name)
    for option, value in (("episodes", episodes), ("seed", seed)):
        right = getattr(protocol, option)
        if value != right:
            raise InputError(
                f"protocol {name} fixes it at {right}",
                where=f"--{option} {value}",
                hint=f"leave --{option} out, or run without --protocol",
            )
    if suite not in suites:
        hint = closest(suite, suites)
        raise InputError(f"protocol {name} is played over a suite", where=f"--suite {suite}", hint=hint)
    here = version(ENGINE)
    if here != protocol.mujoco:
        raise InputError(
            f"protocol {name} is played on MuJoCo {protocol.mujoco}, and here is {here}",
            where=f"--protocol {name}",
            hint=f"pip install mujoco=={protocol.mujoco}, as constraints.txt pins it",
        )


def check_policy(name: str, policy: str, declared: Declared) -> None:
    """See that a policy's own budget isn't more than the protocol's.

    Raises:
        InputError: it is.
    """
    for budget, most, takes in _beyond(named(name), declared.limits):
        raise InputError(
            f"protocol {name} gives an episode {most:g} {budget} at most, and the policy takes {takes}",
            where=f"--policy {identity(policy)}",
            hint=f"give it {budget}={most:g} or less",
        )


def faults(settings: Mapping[str, Any], records: Sequence[Mapping[str, Any]]) -> list[str]:
    """What keeps a run folder from being what the protocol in its settings says, in sentences; [] if nothing does.

    Episodes in error are no fault: they count as failures.
    """
    name = settings.get("protocol", "")
    if name not in PROTOCOLS:
        return [f"There is no protocol {name!r}."]
    protocol = PROTOCOLS[name]
    facts = settings.get("record", {})
    asked = (
        ("number of episodes a task", settings["episodes"], protocol.episodes),
        ("seed", settings["seed"], protocol.seed),
        ("version of MuJoCo", settings["versions"].get(ENGINE), protocol.mujoco),
        ("engine", facts.get("engine"), ENGINE),
    )
    found = [f"Its {what} is {value}, not {right}." for what, value, right in asked if value != right]
    found += [
        f"An episode's {budget} may be {takes}, not {most:g} at most."
        for budget, most, takes in _beyond(protocol, facts.get("limits"))
    ]
    played = Counter((record["task"], record["episode"]) for record in records)
    wanted = {(task, episode) for task in settings["tasks"] for episode in range(protocol.episodes)}
    if missing := len(wanted - played.keys()):
        found.append(f"{missing} of its {len(wanted)} episodes are missing.")
    if others := sum(n for key, n in played.items() if key not in wanted):
        found.append(f"{others} of its episodes are none of the protocol's.")
    if twice := sum(n > 1 for n in played.values()):
        found.append(f"{twice} of its episodes are there more than once.")
    codes = {record["machine"]["code"] for record in records if record.get("machine")}
    if len(codes) > 1:
        found.append(f"Its episodes were played by {len(codes)} states of the code.")
    return found


def _beyond(protocol: Protocol, limits: Mapping[str, float | None] | None) -> Iterator[tuple[str, float, str]]:
    """(budget, most, what is taken) of each budget that is more than the protocol's."""
    for budget, value in (limits or {}).items():
        most = protocol.limits[budget]
        if most is not None and (value is None or value > most):
            yield budget, most, "any number" if value is None else f"{value:g}"
