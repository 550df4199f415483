"""The benchmark as the evaluation sees it: tasks, environments, traces, verdicts. Only here are they known.

`Bench` is what a module must offer to stand in its place.
"""

from __future__ import annotations

import importlib
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol, cast

if TYPE_CHECKING:
    import gymnasium

    from switch_bench.spec.task import Task
    from switch_bench.trace.schema import Trace
    from switch_bench.verify.verdict import Verdict


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


class Bench(Protocol):
    """What a module offers that can be evaluated on."""

    def suites(self) -> Mapping[str, Sequence[str]]:
        """Suite → ids of its tasks; "all" has every one."""
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

    def idle(self, env: gymnasium.Env) -> None:
        """Keep the hands off until the horizon, which ends the episode."""
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

    def frames(self, env: gymnasium.Env, since: int | None, folder: Path, name: str) -> list[dict[str, Any]]:
        """Draw the key moments of the episode that has just ended: records of `t` [µs], `what`, `view`, `file`."""
        ...


def load_bench(module: str) -> Bench:
    """The benchmark that is the module of this name."""
    return cast(Bench, importlib.import_module(module))


@cache
def suites() -> Mapping[str, Sequence[str]]:
    """Suite → ids of its tasks."""
    from switch_bench.spec import suites

    return suites.suites()


@cache
def task(id: str) -> TaskFacts:
    """What is known of a task."""
    from switch_bench.spec.find import load_task, scene_of

    spec = load_task(id)
    return TaskFacts(
        id=id,
        suite=spec.suite,
        scene=spec.scene,
        level=spec.level,
        instruction=spec.instruction,
        horizon_us=spec.horizon_us,
        near_misses=tuple(NearMiss(miss.name, miss.fails) for miss in spec.near_misses),
        digest=f"{spec.spec_hash}/{scene_of(spec).spec_hash}",
    )


def make(id: str, *, obs: tuple[str, ...], act: str) -> gymnasium.Env:
    """The task's environment."""
    import gymnasium

    import switch_bench.envs  # noqa: F401  # registers the tasks

    return gymnasium.make(f"switch_bench/{id}", obs=obs, act=act, disable_env_checker=True)


def solve(env: gymnasium.Env, id: str) -> None:
    """Carry out the reference solution in an environment that has just been reset."""
    from switch_bench.skills.plan import run_plan
    from switch_bench.spec.find import load_task

    run_plan(env.unwrapped, load_task(id).solution)


def mislead(env: gymnasium.Env, id: str, near_miss: str) -> None:
    """Carry out a near miss."""
    from switch_bench.skills.plan import run_plan
    from switch_bench.spec.find import load_task

    [miss] = [miss for miss in load_task(id).near_misses if miss.name == near_miss]
    run_plan(env.unwrapped, miss.plan)


def idle(env: gymnasium.Env) -> None:
    """Keep the hands off until the horizon, which ends the episode."""
    cast(Any, env.unwrapped).end()


def trace(env: gymnasium.Env) -> Trace:
    """The trace of the episode that has just ended."""
    return cast(Any, env.unwrapped).trace


def verdict(env: gymnasium.Env) -> VerdictFacts:
    """Its verdict."""
    room = cast(Any, env.unwrapped)
    return facts_of(room.verdict(), room.task)


def facts_of(verdict: Verdict, task: Task) -> VerdictFacts:
    """The verdict on a task, flattened. A part that is None was undetermined if the whole is, and else not judged."""
    held = {part.name: part.value for part in verdict.parts}
    judged = {name: value for name, value in held.items() if value is not None or verdict.success is None}
    if held.get("honesty") is None:
        judged.pop("honesty", None)
    telling = [part for part in verdict.parts if part.name in judged and part.value is verdict.success]
    first = next((part for part in telling if part.name == "causal" and part.value), telling[0] if telling else None)
    return VerdictFacts(
        success=verdict.success,
        parts=judged,
        words={part.name: part.words for part in verdict.parts},
        why=first.words if first else "",
        since=verdict.since,
        evidence=tuple(i for part in verdict.parts if part.name == "temporal" and part.value for i in part.evidence),
        facts=verdict.to_dict(),
        scores=_scores(verdict, task),
    )


def _scores(verdict: Verdict, task: Task) -> dict[str, Any]:
    """The scores of a verdict, against the task's reference solution."""
    from switch_bench.spec.reference_runs import reference_run
    from switch_bench.verify.scores import Reference, score

    run, why = reference_run(task, verdict.rules)
    reference = None if run is None else Reference(round(run.time_s * 1e6), run.acts)
    return asdict(score(verdict, reference)) | {"unmeasured": why}


def write_trace(trace: Trace, stem: Path) -> Path:
    """Write a trace, adding the suffix; the path it has."""
    from switch_bench.trace.store import save

    return save(trace, stem.with_name(stem.name + ".npz"))


def read_trace(path: Path) -> Trace:
    """Read it again."""
    from switch_bench.trace.store import load

    return load(path)


def frames(env: gymnasium.Env, since: int | None, folder: Path, name: str) -> list[dict[str, Any]]:
    """Draw the key moments of the episode that has just ended: records of `t` [µs], `what`, `view`, `file`."""
    from switch_bench.evaluate.frames import draw

    room = cast(Any, env.unwrapped)
    return draw(room.stage.room, room.trace, since, folder, name)
