"""One press as `ppo` sees it and does it: where the control lies for the hand, and what the network's numbers move.

Both in training and in playing. The network doesn't see pictures: it is told where the control is that the task's
solution presses, which no agent can know, and it moves six of the body's twelve numbers.
"""

from __future__ import annotations

from math import acos, cos, pi, sin

import numpy as np

from switch_bench.bodies.hand import AXES
from switch_bench.controls.base import Grip, Readout
from switch_bench.network.declare import Value
from switch_bench.physics.frames import turn_z
from switch_bench.skills.plan import find
from switch_bench.skills.sense import Sense, SkillFailed
from switch_bench.skills.verbs import nearest_value
from switch_bench.spec import steps
from switch_bench.spec.task import Task

MOVED = (0, 1, 2, 7, 8, 9)  # of `delta_pose`: hand forward, left, up; base forward, left, turning
GRIP = 6  # kept closed
FAR, CLOSE = 1.0, 0.05  # m: scales at which the way to the control is told
OVER = 0.0025  # m the fingertip goes on past the control's travel
PRESS_FORCE = 25.0  # N, what one axis of the hand can do
ROLLING = 0.5  # m/s, the base at full speed
_LOW = np.array([a.limits[0] for a in AXES[5:8]])
_SPAN = np.array([a.limits[1] - a.limits[0] for a in AXES[5:8]])

SHOWN = (
    "way forward", "way left", "way up", "near forward", "near left", "near up", "normal x", "normal y", "normal z",
    "hand x", "hand y", "hand z", "force", "stroke", "base speed forward", "base speed left",
    "base turning",
)  # fmt: skip


class NoPress(ValueError):
    """The task's solution has no press that sets a two-way control."""


class Press:
    """The press that a task's solution begins with, in the room of `sense`.

    Raises: NoPress where the solution has none that leads a control from one position to another.
    """

    def __init__(self, task: Task, sense: Sense):
        self.sense = sense
        self.grip, self.readout, self.wanted = _pressed(task, sense)
        self._joint = sense.joint(self.readout.joint)
        self._start = self._joint.q
        self._stroke = self.grip.aim[self.wanted] - self._start

    def way(self) -> np.ndarray:
        """(3,) from the fingertip to where it has pressed the control home, in the base's frame [m]."""
        site = self.sense.site(self.grip.site)
        goal = site.at - site.axes[:, 2] * (self.grip.reach + OVER)
        return self.sense.local(goal) - self.sense.local(self.sense.tip.at)

    def askew(self) -> float:
        """How far the fingers are from pointing at the control's face: 0 for straight at it, 1 for away from it."""
        against = -float(self.sense.tip.axes[:, 2] @ self.sense.site(self.grip.site).axes[:, 2])
        return acos(min(1.0, max(-1.0, against))) / pi

    def done(self) -> bool:
        """Whether the control has come over to where it was wanted."""
        return self.stroke() > 0.95

    def stroke(self) -> float:
        """How much of its way the control has moved, 1 for all of it."""
        return (self._joint.q - self._start) / self._stroke if self._stroke else 1.0

    def shown(self) -> np.ndarray:
        """(17,) float32, as in `SHOWN`: what the network is told."""
        sense, data = self.sense, self.sense.data
        way = self.way()
        normal = turn_z(-sense.base[2]) @ sense.site(self.grip.site).axes[:, 2]
        hand = data.qpos[sense.room.body_qpos + 5 : sense.room.body_qpos + 8]
        vx, vy, turning = data.qvel[slice(*sense.room.body_dofs)][:3].tolist()
        c, s = cos(sense.base[2]), sin(sense.base[2])
        return np.array(
            [
                *np.clip(way / FAR, -2.0, 2.0), *np.clip(way / CLOSE, -1.0, 1.0), *normal,
                *(2.0 * (hand - _LOW) / _SPAN - 1.0), min(sense.force() / PRESS_FORCE, 2.0), self.stroke(),
                (c * vx + s * vy) / ROLLING, (-s * vx + c * vy) / ROLLING, turning,
            ],
            np.float32,
        )  # fmt: skip


def whole(moves: np.ndarray) -> np.ndarray:
    """(12,) float32 action of `delta_pose` for the network's (6,) numbers, clipped to −1 … 1."""
    action = np.zeros(12, np.float32)
    action[list(MOVED)] = np.clip(moves, -1.0, 1.0)
    action[GRIP] = 1.0
    return action


def _pressed(task: Task, sense: Sense) -> tuple[Grip, Readout, Value]:
    """How the solution's first press is made, and what its control reads and is to read. Raises NoPress."""
    step = next((s for s in task.solution if isinstance(s, steps.Press)), None)
    if step is None or step.to is None:
        raise NoPress(f"{task.id}: its solution has no press that sets a control")
    try:
        item, key = find(sense, step.control)
    except SkillFailed as failure:
        raise NoPress(f"{task.id}: {failure}") from failure
    wanted = nearest_value(item, step.to)
    grips = [g for g in item.built.grips.values() if g.verb == "press" and wanted in g.aim]
    if key or not grips or not item.built.readouts:
        raise NoPress(f"{task.id}: {step.control} has no position {wanted!r} that a press leads to")
    return grips[0], item.built.readouts[0], wanted
