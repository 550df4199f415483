"""Other worlds: what each lacks that the episode had."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from switch_bench.trace.schema import Trace


@dataclass(frozen=True, slots=True, kw_only=True)
class Without:
    """What a world lacks that the episode had.

    agent_from: time [µs] from which the body stands still, 0 for hands off from the start. others: other people and
    schedules that aren't there ("person:anna"). others_from: time [µs] from which no other begins anything. controls:
    controls at which what the agent does isn't read.
    """

    agent_from: int | None = None
    others: frozenset[str] = frozenset()
    others_from: int | None = None
    controls: frozenset[str] = frozenset()


NULL = Without(agent_from=0)
"""The world with the agent's hands off."""

Run = Callable[[Without], Trace | None]
"""Runs the episode's world again without something; None if that can't be done."""
