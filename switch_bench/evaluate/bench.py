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

    from switch_bench.spec.steps import Step
    from switch_bench.spec.task import Task
    from switch_bench.trace.schema import SignalInfo, Trace
    from switch_bench.verify.verdict import Verdict


SIZE = (256, 256)  # px


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


class Retrial(Protocol):
    """An episode that has ended, with the worlds it is compared to."""

    @property
    def signals(self) -> Mapping[str, SignalInfo]:
        """Its signals."""
        ...

    @property
    def objects(self) -> Sequence[str]:
        """The loose things."""
        ...

    @property
    def end(self) -> int:
        """Its length [µs]."""
        ...

    @property
    def acts(self) -> int:
        """How often the agent moved a control."""
        ...

    def holds(self, goal: str) -> bool:
        """Whether a formula held at the end."""
        ...

    def verdict(self, task: Task) -> VerdictFacts:
        """The verdict, had this been the task."""
        ...


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


GUESSER = "random_skill"


class Bench(Protocol):
    """What a module offers that can be evaluated on."""

    GUESSER: str  # the policy that is the audit's random agent

    def suites(self) -> Mapping[str, Sequence[str]]:
        """Suite → ids of its tasks; "all" has every one."""
        ...

    def task(self, id: str) -> TaskFacts:
        """What is known of a task."""
        ...

    def make(
        self, id: str, *, obs: tuple[str, ...], act: str, size: tuple[int, int] = SIZE, engine: str = "mujoco"
    ) -> gymnasium.Env:
        """The task's environment; size: (width, height) px of its images."""
        ...

    def lacks(self, engine: str) -> str:
        """What keeps an engine from being used here, "" if nothing does."""
        ...

    def solve(self, env: gymnasium.Env, id: str) -> None:
        """Carry out the reference solution in an environment that has just been reset."""
        ...

    def spec(self, id: str) -> Task:
        """The task as its file has it."""
        ...

    def assets(self) -> Mapping[str, str]:
        """File → digest, of what tasks and verdicts hang on beside the files of task and scene."""
        ...

    def carry_out(self, env: gymnasium.Env, plan: Sequence[Step]) -> None:
        """Carry out a plan in an environment that has just been reset."""
        ...

    def idle(self, env: gymnasium.Env) -> None:
        """Keep the hands off until the horizon, which ends the episode."""
        ...

    def keep_inputs(self, env: gymnasium.Env) -> None:
        """Keep in the trace all that is put into the world, of an environment that has just been reset."""
        ...

    def note(self, env: gymnasium.Env, name: str, what: Any) -> None:
        """Note something of the episode in its trace's manifest (JSON-able)."""
        ...

    def trace(self, env: gymnasium.Env) -> Trace:
        """The trace of the episode that has just ended."""
        ...

    def verdict(self, env: gymnasium.Env) -> VerdictFacts:
        """Its verdict."""
        ...

    def retrial(self, env: gymnasium.Env) -> Retrial:
        """The episode that has just ended, to be judged by other tasks than its own."""
        ...

    def surroundings(self, env: gymnasium.Env) -> Surroundings:
        """What is in the room of an environment that has been reset."""
        ...

    def disagreements(self) -> Mapping[str, str]:
        """Task → why two engines don't agree on it."""
        ...

    def accepted_mutants(self) -> Mapping[str, Mapping[str, str]]:
        """Task → mutants of its formulas that need not be killed, each with the reason."""
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

    def film(self, trace: Path, path: Path) -> None:
        """Write the film of an episode from its trace's file, and a picture of it beside, ending in .jpg."""
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
    from switch_bench.evaluate.slices import of_task
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
        tags=of_task(spec),
    )


def make(
    id: str, *, obs: tuple[str, ...], act: str, size: tuple[int, int] = SIZE, engine: str = "mujoco"
) -> gymnasium.Env:
    """The task's environment; size: (width, height) px of its images."""
    import gymnasium

    import switch_bench.envs  # noqa: F401  # registers the tasks

    name = f"switch_bench/{id}"
    return gymnasium.make(name, obs=obs, act=act, size=size, engine=engine, disable_env_checker=True)


def lacks(engine: str) -> str:
    """What keeps an engine from being used here, "" if nothing does."""
    from switch_bench.physics.engine import EngineError, need

    try:
        need(engine)
    except EngineError as error:
        return str(error)
    return ""


def solve(env: gymnasium.Env, id: str) -> None:
    """Carry out the reference solution in an environment that has just been reset."""
    carry_out(env, spec(id).solution)


@cache
def spec(id: str) -> Task:
    """The task as its file has it."""
    from switch_bench.spec.find import load_task

    return load_task(id)


@cache
def assets() -> Mapping[str, str]:
    """File → digest: the suites, and what the reference solutions took, against which efficiency is measured."""
    from importlib.resources import files

    from switch_bench.spec.source import digest

    folder = files("switch_bench.tasks")
    return {f"tasks/{name}": digest((folder / name).read_bytes()) for name in ("reference_runs.json", "suites.yaml")}


def carry_out(env: gymnasium.Env, plan: Sequence[Step]) -> None:
    """Carry out a plan in an environment that has just been reset."""
    from switch_bench.skills.plan import run_plan

    run_plan(env.unwrapped, plan)


def idle(env: gymnasium.Env) -> None:
    """Keep the hands off until the horizon, which ends the episode."""
    cast(Any, env.unwrapped).end()


def keep_inputs(env: gymnasium.Env) -> None:
    """Keep in the trace all that is put into the world, of an environment that has just been reset."""
    cast(Any, env.unwrapped).stage.keep_inputs()


def note(env: gymnasium.Env, name: str, what: Any) -> None:
    """Note something of the episode in its trace's manifest (JSON-able)."""
    cast(Any, env.unwrapped).stage.note(name, what)


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


def retrial(env: gymnasium.Env) -> Retrial:
    """The episode that has just ended, to be judged by other tasks than its own."""
    from switch_bench.evaluate.retrial import Episode

    room = cast(Any, env.unwrapped)
    return Episode(room.stage.room, room.trace)


def surroundings(env: gymnasium.Env) -> Surroundings:
    """What is in the room of an environment that has been reset."""
    from switch_bench.evaluate.surroundings import of_room

    return of_room(cast(Any, env.unwrapped).stage.room)


def disagreements() -> Mapping[str, str]:
    """Task → why two engines don't agree on it; from `tasks/engines.yaml`."""
    from importlib.resources import files

    from ruamel.yaml import YAML

    return YAML(typ="safe").load((files("switch_bench.tasks") / "engines.yaml").read_text()) or {}


def accepted_mutants() -> Mapping[str, Mapping[str, str]]:
    """Task → mutants of its formulas that need not be killed, each with the reason; from `tasks/mutants.yaml`."""
    from importlib.resources import files

    from ruamel.yaml import YAML

    return YAML(typ="safe").load((files("switch_bench.tasks") / "mutants.yaml").read_text()) or {}


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


def film(trace: Path, path: Path) -> None:
    """Write the film of an episode from its trace's file, and a picture of it beside, ending in .jpg."""
    from switch_bench.evaluate.video import write_of

    write_of(trace, path)
