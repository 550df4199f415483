"""A benchmark of three small rooms without physics, for tests of the evaluation around it."""

from __future__ import annotations

import os
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import gymnasium
import numpy as np
from gymnasium import spaces

from switch_bench.evaluate.facts import NearMiss, Surroundings, TaskFacts, VerdictFacts
from switch_bench.evaluate.webm import writer
from switch_bench.network.flow import Anchor
from switch_bench.spec import steps
from switch_bench.spec.errors import TaskError
from switch_bench.spec.task import Task
from switch_bench.trace import store
from switch_bench.trace.schema import Event, SignalInfo, Trace
from switch_bench.verify.stl import evaluate, parse

GUESSER = "noop"
STEP = 50_000  # µs
TASKS = {
    "fake.lamp-v1": ("Switch the ceiling light on.", 2_000_000, 0.0),
    "fake.kettle-v1": ("Bring the water to the boil.", 6_000_000, 0.0),
    "fake.slow-v1": ("Wait for it.", 2_000_000, 0.01),
}
PRESS = np.r_[1.0, np.zeros(11)]
REST = 0 * PRESS
PRESSING = 600_000  # µs


class Room(gymnasium.Env):
    """A press (first number of the action > 0.5) switches a lamp on and warms the air. `pause`: wall seconds a step."""

    def __init__(self, id: str, obs: tuple[str, ...], act: str) -> None:
        self.id = id
        _, self.horizon, self.pause = TASKS[id]
        self.action_space = spaces.Box(-1, 1, (12,), np.float32)
        self.observation_space = spaces.Dict({"proprio": spaces.Box(-1, 1, (1,), np.float32)})

    def reset(self, *, seed: int | None = None, options: dict[str, Any] | None = None) -> tuple[Any, dict[str, Any]]:
        super().reset(seed=seed)
        self.t = 0
        self.events: list[Event] = []
        self.seed = seed
        self.over = False
        return self._obs(), {"elapsed_us": 0}

    def step(self, action: Any) -> tuple[Any, float, bool, bool, dict[str, Any]]:
        time.sleep(self.pause)
        self.t += STEP
        if action[0] > 0.5 and not self.events:
            cold = Anchor(0, 20.0)
            self._event("switch.gang_1", False, True, (), "agent")
            self._event("lamp.lit", False, True, (0,), None)
            self._event("hall.temperature", cold, Anchor(self.t, 20.0, 0.5), (1,), None)
            self._event("mug.owner", "Mia", "nobody", (), "person:Mia")
        self.over = self.t >= self.horizon
        return self._obs(), 0.0, False, self.over, {"elapsed_us": self.t}

    def _event(self, signal: str, old: Any, new: Any, causes: tuple[int, ...], actor: str | None) -> None:
        self.events.append(Event(len(self.events), self.t, signal, old, new, causes, "hall", actor))

    def _obs(self) -> dict[str, Any]:
        return {"proprio": np.zeros(1, np.float32)}


def suites() -> Mapping[str, Sequence[str]]:
    return {"all": tuple(TASKS), "fake": tuple(TASKS), "quick": ("fake.lamp-v1", "fake.kettle-v1")}


def task(id: str) -> TaskFacts:
    if id not in TASKS:
        raise TaskError("tasks", message=f"unknown task {id!r}")
    instruction, horizon, _ = TASKS[id]
    misses = (NearMiss("presses_late", "temporal"),)
    tags = {"level": ("1",), "room": ("hall",)}
    return TaskFacts(id, "fake", "hall", 1, instruction, horizon, misses, digest=f"digest of {id}", tags=tags)


def spec(id: str) -> Task:
    task = Task.model_validate(
        {
            "title": "A lamp",
            "instruction": TASKS[id][0],
            "scene": "hall",
            "level": 1,
            "abilities": ["action_generation"],
            "horizon": f"{TASKS[id][1] // 1000} ms",
            "goal": "eventually lamp.lit",
            "solution": [
                {"press": "switch.gang_1", "required": True},
                *([{"wait": "1 s"}] if id == "fake.kettle-v1" else []),
                {"report": "done"},
            ],
            "near_misses": [
                {
                    "name": "presses_late",
                    "says": "It waits too long.",
                    "plan": [{"wait": "7 s"}, {"press": "switch.gang_1"}],
                    "fails": "temporal",
                }
            ],
        }
    )
    return task.model_copy(update={"id": id, "suite": "fake"})


def assets() -> Mapping[str, str]:
    return {"rooms": os.environ.get("FAKE_ROOMS", "digest of rooms")}


def disagreements() -> Mapping[str, str]:
    return {}


def accepted_mutants() -> Mapping[str, Mapping[str, str]]:
    return {}


def surroundings(env: gymnasium.Env) -> Surroundings:
    return Surroundings("hall", ("lamp", "kettle"), (), frozenset({"hall", "ceiling_light", "kettle"}), frozenset())


def make(
    id: str, *, obs: tuple[str, ...], act: str, size: tuple[int, int] = (256, 256), engine: str = "mujoco"
) -> gymnasium.Env:
    return Room(id, obs, act)


def lacks(engine: str) -> str:
    return "" if engine in ("mujoco", "bullet") else f"engine: unknown {engine!r}"


def solve(env: gymnasium.Env, id: str) -> None:
    _run(env, PRESS)


def carry_out(env: gymnasium.Env, plan: Sequence[steps.Step]) -> None:
    for step in plan:
        if isinstance(step, steps.Report):
            return
        if isinstance(step, steps.Press):
            _run(env, PRESS, PRESSING)
        elif isinstance(step, steps.Wait) and step.for_us is not None:
            _run(env, REST, step.for_us)
        else:
            _run(env, REST, STEP)


def idle(env: gymnasium.Env) -> None:
    _run(env, REST)


def _run(env: gymnasium.Env, action: np.ndarray, length: int | None = None) -> None:
    room = env.unwrapped
    assert isinstance(room, Room)
    end = room.horizon if length is None else room.t + length
    while not room.over and room.t < end:
        env.step(action)


class Episode:
    """An episode that has ended, judged by its goal alone."""

    def __init__(self, trace: Trace) -> None:
        self.trace, self.signals, self.objects, self.end = trace, trace.signals, (), trace.end
        self.acts = sum(event.actor == "agent" for event in trace.events)

    def holds(self, goal: str) -> bool:
        return evaluate(parse(goal, self.signals), self.trace, final=True).value is True

    def verdict(self, task: Task) -> VerdictFacts:
        return _judged(self.holds(task.goal), self.trace)


def retrial(env: gymnasium.Env) -> Episode:
    return Episode(trace(env))


def keep_inputs(env: gymnasium.Env) -> None:
    """Its traces keep all inputs as they are."""


def note(env: gymnasium.Env, name: str, what: Any) -> None:
    """Its traces hold no notes."""


def trace(env: gymnasium.Env) -> Trace:
    room = env.unwrapped
    assert isinstance(room, Room)
    return Trace(
        manifest={"task": room.id, "seed": room.seed},
        signals={
            "switch.gang_1": SignalInfo("control", "hall", False),
            "lamp.lit": SignalInfo("output", "hall", False),
            "hall.temperature": SignalInfo("flow", "hall", Anchor(0, 20.0), "°C"),
            "mug.owner": SignalInfo("state", "hall", "Mia"),
        },
        events=room.events,
        end=room.t,
    )


def verdict(env: gymnasium.Env) -> VerdictFacts:
    room = env.unwrapped
    assert isinstance(room, Room)
    return _judged(bool(room.events), trace(env))


def _judged(done: bool, trace: Trace) -> VerdictFacts:
    return VerdictFacts(
        success=done,
        parts={"temporal": done, "causal": done or None},
        words={"temporal": "the lamp is <on>" if done else "the lamp stayed off", "causal": "by a press"},
        why="The lamp went on." if done else "The lamp stayed off.",
        since=trace.events[-1].t if done and trace.events else None,
        evidence=(1,) if done else (),
        facts={"success": done, "robustness": float("-inf")},
    )


def write_trace(trace: Trace, stem: Path) -> Path:
    return store.save(trace, stem.with_name(stem.name + ".npz"))


def read_trace(path: Path) -> Trace:
    return store.load(path)


def film(trace: Path, path: Path) -> None:
    """Two seconds that get brighter."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with writer(path, (64, 48)) as moving:
        for grey in range(0, 240, 15):
            moving.write(np.full((48, 64, 3), grey, np.uint8))
    path.with_suffix(".jpg").write_bytes(b"\xff\xd8 a picture \xff\xd9")


def frames(env: gymnasium.Env, since: int | None, folder: Path, name: str) -> list[dict[str, Any]]:
    (folder / "frames" / f"{name}.jpg").write_bytes(b"\xff\xd8 a picture \xff\xd9")
    return [{"t": 0, "what": "start", "view": "room", "file": f"frames/{name}.jpg"}]
