"""What a step of an environment costs over the physics it runs.

`env.step` (`state` observation, `delta_pose`: ten substeps of 5 ms), and for the same motion in turn with it, block by
block: `bare`, MuJoCo's `mj_step` of the same model for the same substeps with the same actuator targets; and `free`,
the same without the search for contacts (`mjDSBL_CONTACT`), which a step that touches nothing can do without. A ratio
is the median of the blocks' ratios, so that what else the machine does weighs on both of its sides. All of it runs on
one thread, and is counted in processor time: what other programs take from it in between isn't ours.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from copy import copy
from dataclasses import dataclass
from functools import partial
from statistics import median
from typing import Any

import mujoco
import numpy as np

from switch_bench.bodies.hand import TIP
from switch_bench.envs.env import SwitchEnv
from switch_bench.skills import move, verbs
from switch_bench.skills.sense import Pose
from switch_bench.world.stage import Stage
from switch_bench.world.world import TICK

STEP_US = 50_000  # simulated, a control step
SUBSTEPS = 10
AXES = 12
GRIP, LEFT = 6, 8  # which of an action's numbers closes the grip, and drives the base to its left
FOREVER = 10**15  # µs
OFF_WALL = 0.60  # m from the wall, where the body stands that moves along it
BEFORE_WALL = 0.12  # m from the wall, the fingertips
PRESSED = 8.0  # N


@dataclass(frozen=True)
class Effort:
    """How much is measured: blocks of so many control steps."""

    blocks: int = 50
    block: int = 20


FULL, QUICK = Effort(), Effort(blocks=9)

Actions = list[np.ndarray]
Motion = Callable[[int, np.random.Generator], Actions]


def make(task: str) -> SwitchEnv:
    """An environment of the task (id or path), just reset, that never comes to its horizon."""
    env = SwitchEnv(task, obs="state", act="delta_pose")
    env.reset(seed=0, options={"variation": "none"})
    env.task = env.task.model_copy(update={"horizon_us": FOREVER})
    return env


def rest(steps: int, rng: np.random.Generator) -> Actions:
    """Hands as they are."""
    action = np.zeros(AXES, np.float32)
    action[GRIP] = 1.0
    return [action] * steps


def wander(steps: int, rng: np.random.Generator) -> Actions:
    """Smooth free motion: the hand sways and turns, head and body turn a little, and all comes back."""
    way = rng.uniform(-0.4, 0.4, AXES)
    way[GRIP] = way[7] = way[LEFT] = 0.0
    return _swaying(way, steps)


def pass_along(steps: int, rng: np.random.Generator) -> Actions:
    """The base rolls to and fro along what it faces, while the hand sways a little."""
    way = np.zeros(AXES)
    way[:3] = rng.uniform(-0.1, 0.1, 3)
    way[LEFT] = rng.choice((-0.6, 0.6))
    return _swaying(way, steps)


def _swaying(way: np.ndarray, steps: int) -> Actions:
    phases = np.linspace(0.0, 2.0 * np.pi, steps, endpoint=False)
    closed = np.arange(AXES) == GRIP
    return [np.where(closed, 1.0, way * np.cos(phase)).astype(np.float32) for phase in phases]


def touch_something(env: SwitchEnv) -> str:
    """Bring the fingertips to press on a control, and leave them there; returns its name.

    Raises RuntimeError if there is none that can be pressed.
    """
    assert env.stage is not None
    for item in env.stage.room.handles.mounted:
        presses = any(grip.verb == "press" for grip in item.built.grips.values())
        if not presses or not item.built.readouts:
            continue
        for action in verbs.press(env.sense, item, hold=500.0):
            env.step(np.array(action, np.float32))
            if env.sense.force() > PRESSED:
                break
        if env.sense.touching():
            return item.name
    raise RuntimeError(f"{env.task.scene}: found nothing to press")


def stand_before_wall(env: SwitchEnv) -> str:
    """Go before the north wall of the zone, the fingertips close to what hangs there, touching nothing."""
    assert env.stage is not None
    sense, room = env.sense, env.stage.room
    start = room.scenario.start
    zone = room.scenario.scene.zones[start.zone]
    x, wall = zone.at[0] + 0.6 * zone.size[0], zone.far[1]
    north = np.column_stack([(1.0, 0.0, 0.0), (0.0, 0.0, -1.0), (0.0, 1.0, 0.0)])  # the axes of a tip that points there
    tip = Pose(np.array([x, wall - BEFORE_WALL, 1.20]), north)
    _carry_out(env, move.goto(sense, x, wall - OFF_WALL - TIP, np.pi / 2))
    _carry_out(env, move.approach(sense, tip))
    return ""


def _carry_out(env: SwitchEnv, motion: Any) -> None:
    for action in motion:
        env.step(np.array(action, np.float32))


def measure(task: str, effort: Effort = FULL, *, wall: bool = False) -> dict[str, Any]:
    """The figures of a task's scene: moving free in the middle, touching, and, with `wall`, moving close to a wall."""
    found = timed(task, lambda env: "", wander, effort)
    if wall:
        found["wall"] = timed(task, stand_before_wall, pass_along, effort)
    found["touching"] = timed(task, touch_something, rest, effort)
    return found


class InTurn:
    """A motion of an environment and, of each block of it, the same physics run again by the engine alone.

    With hands at rest there is no run without contacts: they would go through what they press. twins: two environments
    in the same state as `env`, of which one is stepped by its stage alone, the other by its world alone. clock: what
    tells seconds, by default of the process's own time.
    """

    def __init__(
        self,
        env: SwitchEnv,
        motion: Motion,
        steps: int,
        *,
        twins: Sequence[SwitchEnv] = (),
        clock: Callable[[], float] = time.process_time,
    ):
        self.env, self.motion, self.steps, self.clock, self.stage = env, motion, steps, clock, _stage(env)
        self.twins = [_stage(twin) for twin in twins]
        self._rng = np.random.default_rng(0)
        bare = copy(self.stage.world.model)
        free = copy(bare)
        free.opt.disableflags |= mujoco.mjtDisableBit.mjDSBL_CONTACT
        engines = {"bare": bare} if motion is rest else {"bare": bare, "free": free}
        self.engines = {name: (model, mujoco.MjData(model)) for name, model in engines.items()}
        self._targets = slice(self.stage.room.body_ctrl, self.stage.room.body_ctrl + AXES)

    def block(self) -> dict[str, float]:
        """Seconds that the next block took: `step`, `bare`, perhaps `free`; with twins `stage` and `world`."""
        stage, actions = self.stage, self.motion(self.steps, self._rng)
        for model, data in self.engines.values():
            mujoco.mj_copyData(data, model, stage.world.data)
        begun, rows = stage.now, len(stage.rows)
        taken = {"step": self._seconds(self.env.step, actions)}
        changes = dict(stage.rows[rows:])
        ctrl = [changes.get(begun + k * STEP_US) for k in range(self.steps)]
        for name, (model, data) in self.engines.items():
            taken[name] = self._replayed(data, ctrl, partial(mujoco.mj_step, model, data, SUBSTEPS))
        if self.twins:
            staged, bare = self.twins
            taken["stage"] = self._seconds(staged.apply, [action.tolist() for action in actions])
            taken["world"] = self._replayed(bare.world.data, ctrl, partial(bare.world.run, STEP_US // TICK))
        return taken

    def _seconds(self, do: Callable[[Any], Any], actions: Sequence[Any]) -> float:
        started = self.clock()
        for action in actions:
            do(action)
        return self.clock() - started

    def _replayed(self, data: mujoco.MjData, ctrl: Sequence[Sequence[float] | None], go: Callable[[], Any]) -> float:
        """Seconds that it takes to go a control step with each of these targets (None: as before)."""
        started = self.clock()
        for row in ctrl:
            if row is not None:
                data.ctrl[self._targets] = row
            go()
        return self.clock() - started


def _stage(env: SwitchEnv) -> Stage:
    assert env.stage is not None
    return env.stage


def timed(task: str, prepare: Callable[[SwitchEnv], str], motion: Motion, effort: Effort) -> dict[str, Any]:
    """Time a motion: µs a step of the environment, of the bare physics, and of that without the search for contacts.

    prepare: brings an environment to where the motion begins; it says what is touched, if anything. world_us, stage_us:
    of a step, what `World.run` takes, and `Stage.apply`, which is that with the law of control and the record.
    in_contact: the share of the blocks at whose end something was.
    """
    env, *twins = [make(task) for _ in range(3)]
    what = prepare(env)
    for twin in twins:
        prepare(twin)
    turns = InTurn(env, motion, effort.block, twins=twins)
    turns.block()  # only warms up
    blocks, touching = [], 0
    for _ in range(effort.blocks):
        blocks.append(turns.block())
        touching += bool(turns.stage.world.data.ncon)
    taken = {name: [block[name] for block in blocks] for name in blocks[0]}
    us = {name: round(median(seconds) / effort.block * 1e6, 1) for name, seconds in taken.items()}
    return {
        "controls": len(turns.stage.room.handles.readouts),
        "step_us": us["step"],
        "bare_us": us["bare"],
        "free_us": us.get("free"),
        "ratio": ratio(taken["step"], taken["bare"]),
        "free_ratio": ratio(taken["step"], taken["free"]) if "free" in taken else None,
        "real_time_factor": round(STEP_US * 1e-6 * effort.block / median(taken["step"])),
        "world_us": us["world"],
        "stage_us": us["stage"],
        "substeps": SUBSTEPS,
        "in_contact": round(touching / effort.blocks, 2),
        "what": what,
    }


def ratio(ours: Sequence[float], theirs: Sequence[float]) -> float:
    """The median of the ratios of what was timed in turn."""
    return round(median(a / b for a, b in zip(ours, theirs, strict=True)), 3)
