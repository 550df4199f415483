"""The benchmark as the evaluation sees it: tasks, environments, traces, verdicts. Only here are they known.

`Bench` is what a module must offer to stand in its place.
"""

from __future__ import annotations

import importlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol, cast

if TYPE_CHECKING:
    import gymnasium

    from switch_bench.trace.schema import Trace


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


@dataclass(frozen=True)
class VerdictFacts:
    """A verdict, as the record of an episode holds it.

    parts: name → held (None: undetermined); a part that isn't judged is left out. words: what is said of each.
    goal: id of the event that made the goal true, None if it didn't come about or no event did it.
    """

    success: bool | None
    parts: Mapping[str, bool | None]
    words: Mapping[str, str]
    why: str  # one sentence: why it failed, or how it succeeded
    goal: int | None
    facts: Mapping[str, Any]  # the verdict's whole dictionary


class Bench(Protocol):
    """What a module offers that can be evaluated on."""

    def suites(self) -> Mapping[str, Sequence[str]]:
        """Suite → ids of its tasks."""
        ...

    def task(self, id: str) -> TaskFacts:
        """What is known of a task."""
        ...

    def make(self, id: str, *, obs: tuple[str, ...], act: str) -> gymnasium.Env:
        """The task's environment."""
        ...

    def solve(self, env: gymnasium.Env, id: str) -> None:
        """Carry out the reference solution in an environment that has just been reset."""
        ...

    def mislead(self, env: gymnasium.Env, id: str, near_miss: str) -> None:
        """Carry out a near miss."""
        ...

    def idle(self, env: gymnasium.Env, id: str) -> None:
        """Keep the hands off until the horizon."""
        ...

    def trace(self, env: gymnasium.Env) -> Trace:
        """The trace of the episode that has just ended."""
        ...

    def verdict(self, env: gymnasium.Env) -> VerdictFacts:
        """Its verdict."""
        ...

    def write_trace(self, trace: Trace, stem: Path) -> Path:
        """Write a trace, adding the suffix; the path it has."""
        ...

    def read_trace(self, path: Path) -> Trace:
        """Read it again."""
        ...

    def frames(self, trace: Trace, goal: int | None, folder: Path, name: str) -> list[dict[str, Any]]:
        """Draw the key moments of an episode below `folder`: records of `t` [µs], `what`, `view` and `file`."""
        ...


def load_bench(module: str) -> Bench:
    """The benchmark that is the module of this name."""
    return cast(Bench, importlib.import_module(module))
