"""Gestures at a point one sees: tap, drag, pinch and turn, glance. They know surfaces, not devices."""

from __future__ import annotations

from dataclasses import dataclass

import mujoco
import numpy as np

from switch_bench.bodies.hand import HEAD_HEIGHT
from switch_bench.physics.cameras import extrinsics, intrinsics
from switch_bench.physics.housing import Mounted
from switch_bench.skills import operate
from switch_bench.skills.move import Motion, approach, fold, goto, look, reach, settle, stand_for
from switch_bench.skills.sense import Pose, Sense, SkillFailed, axis_turn, facing
from switch_bench.skills.verbs import look_at

LEAN, LEANING = 0.012, 0.4  # m the hand aims on to push in what it holds, with some 15 N; s it takes
INTO = 0.010  # m two fingers reach past the surface of what they take hold of
SMALL = 0.1  # rad
TURNING = 1.2  # rad/s that a pinch turns
DEEP = 0.008  # m a tap goes past the surface if nothing stops it
FLAT, LOW = 0.9, 0.05  # cosine of a slope one can stand on; m that floor coverings are high
FAR = 3.0  # m: where one looks when one looks along a line
GLANCES = {"left": (0.7, 0.0), "right": (-0.7, 0.0), "up": (0.0, 0.45), "down": (0.0, -0.45), "ahead": (0.0, 0.0)}


@dataclass(frozen=True)
class Spot:
    """A point on a surface, its outward normal, and the direction across it that two fingers would take [unit]."""

    pose: Pose
    geom: int


def spot(sense: Sense, geom: int, point: np.ndarray) -> Spot:
    """The spot where a ray met a geom: the normal of a box's nearest face, else back along the line of sight."""
    model, data = sense.model, sense.data
    axes = data.geom_xmat[geom].reshape(3, 3)
    if model.geom_type[geom] == mujoco.mjtGeom.mjGEOM_BOX:
        local = axes.T @ (point - data.geom_xpos[geom])
        k = int(np.argmin(np.abs(np.abs(local) - model.geom_size[geom])))
        normal = axes[:, k] * np.sign(local[k])
    else:
        eye = data.cam_xpos[model.camera(sense.room.hand.cameras[0]).id]
        normal = (eye - point) / np.linalg.norm(eye - point)
        normal = _squared(sense, geom, normal)
    side = _across(sense, geom, normal)
    return Spot(Pose(point, np.column_stack([side, np.cross(normal, side), normal])), geom)


def _squared(sense: Sense, geom: int, normal: np.ndarray) -> np.ndarray:
    """The normal of the panel a round part sits on, if it belongs to a control; else as it is."""
    control = sense.room.handles.control_of_geom[geom]
    if control < 0:
        return normal
    grip = next(iter(sense.room.handles.mounted[control].built.grips.values()))
    return sense.site(grip.site).axes[:, 2]


def _across(sense: Sense, geom: int, normal: np.ndarray) -> np.ndarray:
    """How two fingers lie across what is there: over the narrow side of a box, else level."""
    axes = sense.data.geom_xmat[geom].reshape(3, 3)
    if sense.model.geom_type[geom] == mujoco.mjtGeom.mjGEOM_BOX:
        flat = [k for k in range(3) if abs(float(axes[:, k] @ normal)) < 0.5]
        side = axes[:, min(flat, key=lambda k: sense.model.geom_size[geom][k])]
    else:
        side = np.cross([0.0, 0.0, 1.0], normal)
        if float(np.linalg.norm(side)) < 0.2:
            side = np.array([1.0, 0.0, 0.0])
    side = side - normal * float(side @ normal)
    return side / np.linalg.norm(side)


def on_plane(sense: Sense, camera: int, size: tuple[int, int], pixel: tuple[float, float], at: Spot) -> np.ndarray:
    """Where the ray through a pixel meets the plane of a spot. Raises SkillFailed if it doesn't."""
    k, pose = intrinsics(sense.model, camera, size), extrinsics(sense.data, camera)
    along = pose[:3, :3] @ np.array([(pixel[0] - k[0, 2]) / k[0, 0], (pixel[1] - k[1, 2]) / k[1, 1], 1.0])
    normal = at.pose.axes[:, 2]
    fall = float(along @ normal)
    if abs(fall) < 1e-6:
        raise SkillFailed("that way the drag would leave the surface")
    return pose[:3, 3] + along * float((at.pose.at - pose[:3, 3]) @ normal) / fall


def _front(sense: Sense, at: Spot) -> np.ndarray:
    """The level direction from which one stands before a spot [unit]."""
    normal = at.pose.axes[:, 2]
    flat = np.array([normal[0], normal[1], 0.0])
    if float(np.linalg.norm(flat)) < 0.6:
        x, y, _ = sense.base
        flat = np.array([x - at.pose.at[0], y - at.pose.at[1], 0.0])
    return flat / np.linalg.norm(flat)


def _before(sense: Sense, at: Spot, ends: list[Pose], *, roll: float = 0.0) -> Motion:
    sense.gaze = at.pose.at
    yield from goto(sense, *stand_for(sense, ends, _front(sense, at)))
    yield from approach(sense, ends[0], roll=roll)


def held(sense: Sense, at: Spot) -> Spot:
    """Where two fingers take hold of what is at a spot: as one sees that a knob or fin is held, else just there."""
    control = sense.room.handles.control_of_geom[at.geom]
    if control >= 0:
        for grip in sense.room.handles.mounted[control].built.grips.values():
            if grip.verb in ("turn", "push_turn", "slide"):
                return Spot(sense.site(grip.site), at.geom)
    return Spot(Pose(at.pose.at - at.pose.axes[:, 2] * INTO, at.pose.axes), at.geom)


def tap(sense: Sense, at: Spot, *, hold: float = operate.HELD) -> Motion:
    """Press on a spot with the fingertips, hold for `hold` seconds, draw back."""
    sense.grip = 1.0
    before = facing(at.pose, away=operate.AWAY)
    yield from _before(sense, at, [before, facing(at.pose, away=-DEEP)])
    yield from operate.push(sense, facing(at.pose, away=-DEEP))
    yield from settle(sense, hold)
    yield from reach(sense, before, speed=0.2, near=0.01)


def drag(sense: Sense, at: Spot, to: np.ndarray) -> Motion:
    """Press on a spot and draw the fingertips over to another point of its plane."""
    sense.grip = 1.0
    before = facing(at.pose, away=operate.AWAY)
    end = Pose(to, at.pose.axes)
    yield from _before(sense, at, [before, facing(at.pose), facing(end)])
    yield from operate.push(sense, facing(at.pose, away=-0.002))
    yield from reach(sense, facing(end, away=-0.001), speed=0.08, near=0.006)
    yield from reach(sense, facing(end, away=operate.AWAY), speed=0.2, near=0.015)


def pinch(sense: Sense, at: Spot, *, turn: float, push: bool = False) -> Motion:
    """Take what is at a spot between two fingers, push it in if asked to, turn by `turn` [rad] clockwise, let go.

    It turns as far as the wrist does, if that is less.
    """
    spot = held(sense, at)
    normal, front = spot.pose.axes[:, 2], _front(sense, spot)
    heading = float(np.arctan2(-front[1], -front[0]))
    start = operate.roll_of(facing(spot.pose), heading)
    turned = Pose(spot.pose.at, axis_turn(-normal, SMALL) @ spot.pose.axes)
    way = operate.wrist_turn(operate.roll_of(facing(turned), heading) - start)
    flip, roll, done = operate.wind(start, way * turn)
    taken = facing(spot.pose, flip=flip)
    before = facing(spot.pose, flip=flip, away=operate.AWAY)
    sense.grip = operate.OPEN
    yield from _before(sense, spot, [before, taken], roll=roll)
    yield from reach(sense, taken, speed=0.12, near=0.004, stop=8.0)
    sense.grip = 1.0
    yield from settle(sense, 0.4)
    place = sense.tip.at
    if push:
        place = place - normal * LEAN
        for _ in range(sense.steps(LEANING)):
            yield sense.towards(Pose(place, taken.axes), speed=0.08)
    steps = max(2, int(abs(done) / (TURNING * sense.dt)))
    for k in range(1, steps + 1):
        yield sense.towards(Pose(place, axis_turn(-normal, way * done * k / steps) @ taken.axes), turning=1.6)
    yield from settle(sense, 0.3)
    sense.grip = operate.OPEN
    yield from settle(sense, 0.3)
    yield from reach(sense, Pose(sense.tip.at + normal * operate.AWAY, sense.tip.axes), speed=0.2, near=0.015)
    sense.grip = 1.0


def turn_by(sense: Sense, item: Mounted, amount: float) -> Motion:
    """Turn or slide a control by an amount [rad | m] from where it is, to the nearest value it can have."""
    readout = item.built.readouts[0]
    for grip in item.built.grips.values():
        if grip.verb in ("turn", "push_turn", "slide", "pull") and grip.aim:
            wanted = sense.joint(readout.joint).q + amount
            value = min(grip.aim, key=lambda v: abs(grip.aim[v] - wanted))
            yield from operate.carry(sense, item, grip, readout, value)
            return
    raise SkillFailed("there is nothing to take hold of there")


def go_up_to(sense: Sense, at: Spot) -> Motion:
    """Go to where the hand reaches a spot, or, if it is floor, to it; and look at it."""
    point = at.pose.at
    if at.pose.axes[2, 2] > FLAT and point[2] < LOW:
        x, y = sense.floor().point(sense.floor().nearest(float(point[0]), float(point[1]), reach=1.0))
        bx, by, yaw = sense.base
        heading = float(np.arctan2(y - by, x - bx)) if np.hypot(x - bx, y - by) > 0.3 else yaw
        sense.gaze = None
        yield from goto(sense, x, y, heading)
        return
    sense.gaze = point
    yield from goto(sense, *stand_for(sense, [facing(at.pose, away=operate.AWAY)], _front(sense, at)))
    yield from look(sense, point)


def look_along(sense: Sense, camera: int, size: tuple[int, int], pixel: tuple[float, float]) -> Motion:
    """Draw the hand in and turn to what is at a pixel, so that it is in the middle of the next image."""
    k, pose = intrinsics(sense.model, camera, size), extrinsics(sense.data, camera)
    along = pose[:3, :3] @ np.array([(pixel[0] - k[0, 2]) / k[0, 0], (pixel[1] - k[1, 2]) / k[1, 1], 1.0])
    yield from look_at(sense, pose[:3, 3] + FAR * along / np.linalg.norm(along))


def glance(sense: Sense, way: str) -> Motion:
    """Draw the hand in, out of the line of sight, and turn the head, and the body with it, a little left, right, up or
    down from where one looks, or straight ahead.
    """
    if way not in GLANCES:
        raise SkillFailed(f"one can look {', '.join(GLANCES)}; not {way!r}")
    yield from fold(sense)
    x, y, yaw = sense.base
    pan, tilt = sense.targets()[3:5]
    aside, up = GLANCES[way]
    direction = yaw if way == "ahead" else yaw + pan + aside
    slope = -0.1 if way == "ahead" else -tilt + up
    point = np.array([x + np.cos(direction), y + np.sin(direction), HEAD_HEIGHT + np.tan(np.clip(slope, -1.1, 1.1))])
    yield from look(sense, point)
    yield from settle(sense, 0.1)
