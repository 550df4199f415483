"""What the evaluation knows of a task, of a verdict, and of a room: plain data."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class NearMiss:
    """A plan that looks right and must fail, and the part of the verdict that must fail it."""

    name: str
    fails: str


@dataclass(frozen=True)
class TaskFacts:
    """What the evaluation needs to know of a task. `digest` changes when its files do."""

    id: str
    suite: str
    scene: str
    level: int
    instruction: str
    horizon_us: int
    near_misses: tuple[NearMiss, ...]
    digest: str
    tags: Mapping[str, tuple[str, ...]] = field(default_factory=dict)  # see `slices.Tags`


@dataclass(frozen=True)
class VerdictFacts:
    """A verdict, as the record of an episode holds it.

    parts: name → held (None: undetermined); a part that isn't judged is left out. words: what is said of each.
    since: from when [µs] the goal stood until the end, None if it didn't. evidence: ids of the events that decided so.
    scores: those of `verify.scores`, and `unmeasured`: why there is no efficiency, "" if there is one.
    """

    success: bool | None
    parts: Mapping[str, bool | None]
    words: Mapping[str, str]
    why: str  # one sentence: why it failed, or how it succeeded
    since: int | None
    evidence: tuple[int, ...]
    facts: Mapping[str, Any]  # the verdict's whole dictionary
    scores: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Surroundings:
    """What a person would find in a room.

    here: the room where the body starts; near: devices in it, the nearest first; beside: the rooms next to it. has: ids
    and kinds of all rooms, devices, furniture and things, and the kinds of their controls. people: names.
    """

    here: str
    near: tuple[str, ...]
    beside: tuple[str, ...]
    has: frozenset[str]
    people: frozenset[str]
