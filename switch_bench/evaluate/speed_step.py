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
from statistics import median
from typing import Any

import mujoco
import numpy as np

from switch_bench.bodies.hand import TIP
from switch_bench.envs.env import SwitchEnv
from switch_bench.skills import move, verbs
from switch_bench.skills.sense import Pose

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


def stand_before_wall(env: SwitchEnv) -> None:
    """Bring the body before the north wall of the zone it is in, the fingertips close to what hangs there."""
    assert env.stage is not None
    sense, room = env.sense, env.stage.room
    start = room.scenario.start
    zone = room.scenario.scene.zones[start.zone]
    x, wall = zone.at[0] + 0.6 * zone.size[0], zone.far[1]
    north = np.column_stack([(1.0, 0.0, 0.0), (0.0, 0.0, -1.0), (0.0, 1.0, 0.0)])  # the axes of a tip that points there
    tip = Pose(np.array([x, wall - BEFORE_WALL, 1.20]), north)
    _carry_out(env, move.goto(sense, x, wall - OFF_WALL - TIP, np.pi / 2))
    _carry_out(env, move.approach(sense, tip))


def _carry_out(env: SwitchEnv, motion: Any) -> None:
    for action in motion:
        env.step(np.array(action, np.float32))


def measure(task: str, effort: Effort = FULL, *, wall: bool = False) -> dict[str, Any]:
    """The figures of a task's scene: moving free in the middle, touching, and, with `wall`, moving close to a wall."""
    found = timed(make(task), wander, effort)
    if wall:
        env = make(task)
        stand_before_wall(env)
        found["wall"] = timed(env, pass_along, effort)
    env = make(task)
    name = touch_something(env)
    found["touching"] = timed(env, rest, effort) | {"what": name}
    return found


class InTurn:
    """A motion of an environment and, of each block of it, the same physics run again by the engine alone.

    With hands at rest there is no run without contacts: they would go through what they press. clock: what tells
    seconds, by default of the process's own time.
    """

    def __init__(self, env: SwitchEnv, motion: Motion, steps: int, clock: Callable[[], float] = time.process_time):
        stage = env.stage
        assert stage is not None
        self.env, self.motion, self.steps, self.clock, self.stage = env, motion, steps, clock, stage
        self._rng = np.random.default_rng(0)
        bare = copy(stage.world.model)
        free = copy(bare)
        free.opt.disableflags |= mujoco.mjtDisableBit.mjDSBL_CONTACT
        self._engines = [(m, mujoco.MjData(m)) for m in ((bare, free) if motion is not rest else (bare,))]
        self._targets = slice(stage.room.body_ctrl, stage.room.body_ctrl + AXES)

    def block(self) -> list[float]:
        """Seconds that the next block took the environment, the bare physics, and (if at all) that without contacts."""
        stage, actions = self.stage, self.motion(self.steps, self._rng)
        for model, data in self._engines:
            mujoco.mj_copyData(data, model, stage.world.data)
        begun, rows = stage.now, len(stage.rows)
        started = self.clock()
        for action in actions:
            self.env.step(action)
        taken = self.clock() - started
        changes = dict(stage.rows[rows:])
        ctrl = [changes.get(begun + k * STEP_US) for k in range(self.steps)]
        return [taken, *(self._replayed(model, data, ctrl) for model, data in self._engines)]

    def _replayed(self, model: mujoco.MjModel, data: mujoco.MjData, ctrl: Sequence[Sequence[float] | None]) -> float:
        """Seconds that the engine alone takes for the control steps with these targets (None: as before)."""
        started = self.clock()
        for row in ctrl:
            if row is not None:
                data.ctrl[self._targets] = row
            mujoco.mj_step(model, data, SUBSTEPS)
        return self.clock() - started


def timed(env: SwitchEnv, motion: Motion, effort: Effort) -> dict[str, Any]:
    """Time a motion: µs a step of the environment, of the bare physics, and of that without the search for contacts.

    in_contact: the share of the blocks at whose end something was.
    """
    turns = InTurn(env, motion, effort.block)
    turns.block()  # only warms up
    blocks, touching = [], 0
    for _ in range(effort.blocks):
        blocks.append(turns.block())
        touching += bool(turns.stage.world.data.ncon)
    ours, bare, *free = zip(*blocks, strict=True)
    step = median(ours) / effort.block
    return {
        "controls": len(turns.stage.room.handles.readouts),
        "step_us": round(step * 1e6, 1),
        "bare_us": round(median(bare) / effort.block * 1e6, 1),
        "free_us": round(median(free[0]) / effort.block * 1e6, 1) if free else None,
        "ratio": ratio(ours, bare),
        "free_ratio": ratio(ours, free[0]) if free else None,
        "real_time_factor": round(STEP_US * 1e-6 / step),
        "substeps": SUBSTEPS,
        "in_contact": round(touching / effort.blocks, 2),
    }


def ratio(ours: Sequence[float], theirs: Sequence[float]) -> float:
    """The median of the ratios of what was timed in turn."""
    return round(median(a / b for a, b in zip(ours, theirs, strict=True)), 3)
