"""What a body can know while it moves: where its joints are, what its fingers feel, where the things it sees are."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import atan2, cos, hypot, pi, sin

import mujoco
import numpy as np

from switch_bench.bodies.command import HZ, STEP_HAND, STEP_HEAD, STEP_TURN, rotation, wrist_angles
from switch_bench.bodies.hand import AXES, HEAD_HEIGHT, TIP, TRUNK_RADIUS
from switch_bench.controls.door import Door
from switch_bench.network.adding import total
from switch_bench.physics.frames import turn_z
from switch_bench.world.floor import HEADROOM, FloorMap
from switch_bench.world.stage import Stage

Action = list[float]
AJAR = 0.15  # rad a door is open at least to stand in the way


class SkillFailed(RuntimeError):
    """A motion didn't come off; the message says what a hand could know of why."""


@dataclass(frozen=True)
class Pose:
    """A place and axes (columns) in the world [m]."""

    at: np.ndarray
    axes: np.ndarray


class Sense:
    """The body's senses on a stage. Nothing here looks at signals, only at poses, contacts and joints."""

    def __init__(self, stage: Stage):
        self.stage = stage
        self.room = stage.room
        self.model, self.data = stage.world.model, stage.world.data
        hand = self.room.hand
        self._tip = self.model.site(hand.tip).id
        self._fingers = {self.model.geom(g).id for g in hand.fingertips}
        self._q, self._u = self.room.body_qpos, self.room.body_ctrl
        self.dt = stage.dt  # s, a control step
        share = self.dt * HZ  # of an action at 20 Hz
        self._hand, self._wrist, self._head = share * STEP_HAND, share * STEP_TURN, share * STEP_HEAD
        self.grip = 1.0
        self.gaze: np.ndarray | None = None

    def steps(self, seconds: float) -> int:
        """How many control steps that is: one at least for any time at all."""
        return max(1, int(seconds / self.dt + 0.5 + 1e-9)) if seconds > 0.0 else 0

    @property
    def base(self) -> tuple[float, float, float]:
        """Where the base stands: x, y [m], heading [rad]."""
        x, y, yaw = self.data.qpos[self._q : self._q + 3].tolist()
        return x, y, yaw

    @property
    def tip(self) -> Pose:
        """The fingertips' pose."""
        return Pose(self.data.site_xpos[self._tip].copy(), self.data.site_xmat[self._tip].reshape(3, 3).copy())

    def targets(self) -> list[float]:
        """The twelve actuator targets now."""
        return self.data.ctrl[self._u : self._u + 12].tolist()

    def site(self, name: str) -> Pose:
        """A site's pose."""
        i = self.model.site(name).id
        return Pose(self.data.site_xpos[i].copy(), self.data.site_xmat[i].reshape(3, 3).copy())

    def force(self) -> float:
        """How hard the fingertips press on things [N]."""
        engine = self.stage.world.engine
        return total(
            engine.force(k)
            for k, (a, b) in enumerate(engine.told.contact.geom.tolist())
            if (a in self._fingers) != (b in self._fingers)
        )

    def touching(self) -> bool:
        """Whether a fingertip touches anything but the other one."""
        return any((a in self._fingers) != (b in self._fingers) for a, b in self.stage.world.told.contact.geom.tolist())

    def floor(self) -> FloorMap:
        """Where the trunk fits now: the room's floor, less what open doors stand over."""
        boxes = []
        for item in self.room.handles.mounted:
            if not isinstance(item.control, Door) or self.joint(item.built.readouts[0].joint).q < AJAR:
                continue
            leaf = self.model.geom(item.built.geoms[0]).id
            axes, half = self.data.geom_xmat[leaf].reshape(3, 3), self.model.geom_size[leaf]
            reach = np.abs(axes) @ half
            middle = self.data.geom_xpos[leaf]
            if middle[2] - reach[2] < HEADROOM:
                boxes.append((middle[:2] - reach[:2], middle[:2] + reach[:2]))
        return self.room.floor.without(boxes, TRUNK_RADIUS) if boxes else self.room.floor

    def joint(self, name: str) -> Joint:
        """A mechanism's joint as one sees it move."""
        return Joint(self.model, self.data, self.model.joint(name).id)

    def local(self, at: Sequence[float] | np.ndarray) -> np.ndarray:
        """A point of the world in the base's frame."""
        x, y, yaw = self.base
        return turn_z(-yaw) @ (np.asarray(at, float) - [x, y, 0.0])

    # ---------------------------------------------------------------- commands

    def rest(self) -> Action:
        """An action that only keeps the grip and follows with the eyes."""
        action = [0.0] * 12
        action[6] = self.grip
        self._look(action)
        return action

    def towards(self, pose: Pose, *, speed: float = 0.4, turning: float = 2.0, roll: float | None = None) -> Action:
        """One step of the hand towards a pose of its tip, at most `speed` [m/s] and `turning` [rad/s].

        roll: of the wrist's angles that give the pose, those with the roll nearest to this (None: as it is wound).
        """
        action = self.rest()
        _, _, yaw = self.base
        targets = self.targets()
        palm = palm_axes(pose.axes)
        gap = self.local(pose.at - palm[:, 0] * TIP) - targets[5:8]
        _clip_into(action, 0, gap, speed * self.dt, self._hand)
        self._turn(action, turn_z(-yaw) @ palm, targets, turning, roll)
        return action

    def wrist_towards(
        self,
        at: Sequence[float],
        palm: np.ndarray,
        *,
        speed: float = 0.4,
        turning: float = 2.0,
        roll: float | None = None,
    ) -> Action:
        """One step of the wrist towards a place and palm axes in the base's frame."""
        action = self.rest()
        targets = self.targets()
        _clip_into(action, 0, np.asarray(at, float) - targets[5:8], speed * self.dt, self._hand)
        self._turn(action, palm, targets, turning, roll)
        return action

    def wound(self, palm: np.ndarray, roll: float | None = None) -> tuple[float, float, float]:
        """The wrist's angles (pitch, yaw, roll) for palm axes in the base's frame, the roll nearest to `roll`."""
        pitch, _, now = self.targets()[8:11]
        m = tuple(float(v) for v in palm.flatten())
        pitch, yaw, turned = wrist_angles(m, pitch, 0.0, now if roll is None else roll)  # pyright: ignore[reportArgumentType]
        low, high = AXES[10].limits
        while turned > high:
            turned -= 2 * pi
        while turned < low:
            turned += 2 * pi
        return pitch, yaw, turned

    def _turn(self, action: Action, palm: np.ndarray, targets: list[float], turning: float, roll: float | None) -> None:
        """Turn the wrist towards palm axes along its joints, so that it never runs into the end of its roll."""
        now = targets[8:11]
        gap = [b - a for a, b in zip(now, self.wound(palm, roll), strict=True)]
        most = max(abs(g) for g in gap)
        share = min(1.0, turning * self.dt / most) if most > 0 else 0.0
        then = rotation(*(a + share * g for a, g in zip(now, gap, strict=True)))
        turn = turn_between(np.array(rotation(*now)).reshape(3, 3), np.array(then).reshape(3, 3))
        _clip_into(action, 3, turn, self._wrist, self._wrist)

    def drive(self, action: Action, x: float, y: float, heading: float) -> tuple[float, float]:
        """Put base velocities towards a pose into an action; returns the gaps (metres, radians) left."""
        bx, by, yaw = self.base
        dx, dy = x - bx, y - by
        far = hypot(dx, dy)
        turn = _wrap(heading - yaw)
        speed = min(0.5, 3.0 * far) / max(far, 1e-9)
        c, s = cos(yaw), sin(yaw)
        forward, left = (c * dx + s * dy) * speed / 0.5, (-s * dx + c * dy) * speed / 0.5
        action[7], action[8] = _one(forward), _one(left)
        action[9] = _one(3.0 * turn)
        return far, abs(turn)

    def _look(self, action: Action) -> None:
        if self.gaze is None:
            return
        at = self.local(self.gaze) - [0.0, 0.0, HEAD_HEIGHT]
        targets = self.targets()
        pan, tilt = atan2(at[1], at[0]), atan2(-at[2], hypot(at[0], at[1]))
        action[10] = _one((pan - targets[3]) / self._head)
        action[11] = _one((tilt - targets[4]) / self._head)

    def gaze_error(self) -> float:
        """How far the head is from looking at what it is meant to [rad]."""
        if self.gaze is None:
            return 0.0
        at = self.local(self.gaze) - [0.0, 0.0, HEAD_HEIGHT]
        pan, tilt = self.data.qpos[self._q + 3 : self._q + 5].tolist()
        wanted_pan = min(max(atan2(at[1], at[0]), -2.6), 2.6)
        wanted_tilt = min(max(atan2(-at[2], hypot(at[0], at[1])), -1.2), 1.3)
        return max(abs(wanted_pan - pan), abs(wanted_tilt - tilt))


@dataclass(frozen=True)
class Joint:
    """One joint of a mechanism."""

    model: mujoco.MjModel
    data: mujoco.MjData
    id: int

    @property
    def q(self) -> float:
        """Its position [m | rad]."""
        return float(self.data.qpos[self.model.jnt_qposadr[self.id]])

    @property
    def turns(self) -> bool:
        """Whether it is a hinge."""
        return self.model.jnt_type[self.id] != mujoco.mjtJoint.mjJNT_SLIDE

    def carried(self, pose: Pose, by: float) -> Pose:
        """Where a pose that moves with the joint would be, were the joint moved on by `by` [m | rad]."""
        axis, anchor = self.data.xaxis[self.id], self.data.xanchor[self.id]
        if not self.turns:
            return Pose(pose.at + axis * by, pose.axes)
        turn = axis_turn(axis, by)
        return Pose(anchor + turn @ (pose.at - anchor), turn @ pose.axes)


def facing(grip: Pose, *, flip: bool = False, away: float = 0.0) -> Pose:
    """The tip's pose that faces a grip's site, `away` [m] off it; `flip` swaps the two fingers."""
    z, x = grip.axes[:, 2], grip.axes[:, 0]
    tip_x = -x if flip else x
    axes = np.column_stack([tip_x, np.cross(-z, tip_x), -z])
    return Pose(grip.at + z * away, axes)


def palm_axes(tip: np.ndarray) -> np.ndarray:
    """The palm's axes for a tip's: fingers along x, left is −tip x."""
    forward, left = tip[:, 2], -tip[:, 0]
    return np.column_stack([forward, left, np.cross(forward, left)])


def axis_turn(axis: np.ndarray, angle: float) -> np.ndarray:
    """(3, 3) rotation by `angle` [rad] about a unit axis."""
    k = np.array([[0.0, -axis[2], axis[1]], [axis[2], 0.0, -axis[0]], [-axis[1], axis[0], 0.0]])
    return np.eye(3) + sin(angle) * k + (1.0 - cos(angle)) * (k @ k)


def turn_between(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    """Axis-angle [rad] that turns the axes `a` into `b`."""
    q, v = np.zeros(4), np.zeros(3)
    mujoco.mju_mat2Quat(q, np.ascontiguousarray(b @ a.T).flatten())
    mujoco.mju_quat2Vel(v, q, 1.0)
    return v


def _clip_into(action: Action, at: int, gap: np.ndarray, most: float, unit: float) -> None:
    size = float(np.linalg.norm(gap))
    scale = min(1.0, most / size) if size > 0 else 0.0
    for k in range(3):
        action[at + k] = _one(float(gap[k]) * scale / unit)


def _one(x: float) -> float:
    return -1.0 if x < -1.0 else 1.0 if x > 1.0 else x


def _wrap(angle: float) -> float:
    return (angle + np.pi) % (2 * np.pi) - np.pi
