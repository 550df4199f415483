"""The goal in another world: gone there, late, or as it was."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from switch_bench.trace.schema import Event
from switch_bench.verify.facts import AGENT, Facts
from switch_bench.verify.stl_ast import Node
from switch_bench.verify.worlds import Without

Worlds = Callable[[Without], Facts | None]
"""The world without something; None if it can't be had."""

LEAST = 100_000  # µs
SHARE = 0.1


@dataclass(frozen=True, slots=True)
class Compared:
    """The goal in another world. differs: gone or late. since: from when it stands there; None: gone."""

    differs: bool
    since: int | None


@dataclass(frozen=True, slots=True)
class Coming:
    """How the goal came about in the trace: since when it stands [µs], by what, and how late is late."""

    since: int
    deciding: tuple[Event, ...]
    ancestry: tuple[Event, ...]
    acts: tuple[Event, ...]  # the agent's, in the ancestry
    tolerance: int  # µs


@dataclass(frozen=True, slots=True)
class Question:
    """Did the agent bring the goal `root` about, as it came about in `facts`? null: the world with its hands off."""

    root: Node
    facts: Facts
    null: Facts
    came: Coming
    world: Worlds

    def compare(self, world: Facts) -> Compared:
        """The goal in another world."""
        return compare(self.root, world, self.came, self.facts.end)

    def differs(self, without: Without) -> bool | None:
        """Whether the goal is gone or late in the world without something; None if that can't be had."""
        world = self.world(without)
        return None if world is None else self.compare(world).differs


def horizon(end: int) -> int:
    """How long [µs] the worlds without the agent's part must run for a trace of length `end`.

    By then all has come that would still have been in time; in a shorter one what is only late counts as gone.
    """
    return end + max(LEAST, round(SHARE * end))


def coming(root: Node, facts: Facts, since: int) -> Coming:
    """How the goal that stands from `since` on came about."""
    deciding = facts.deciding(root, since)
    ancestry = facts.ancestry(*(e.id for e in deciding))
    acts = tuple(e for e in ancestry if e.actor == AGENT)
    delay = since - max(e.t for e in acts) if acts else 0
    return Coming(since, deciding, ancestry, acts, max(LEAST, round(SHARE * delay)))


def compare(root: Node, world: Facts, came: Coming, end: int) -> Compared:
    """The goal in another world, at the trace's end, or as long after it as still counts as in time."""
    at = min(world.end, max(end, came.since + came.tolerance))
    since = world.since(root, at)
    return Compared(since is None or since > came.since + came.tolerance, since)
