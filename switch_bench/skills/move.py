"""Motions of the body as generators of `delta_pose` actions: go, look, reach. They end, or raise SkillFailed."""

from __future__ import annotations

from collections.abc import Iterator
from math import atan2, cos, hypot, pi, sin

import numpy as np

from switch_bench.bodies.command import rotation
from switch_bench.bodies.hand import AXES, TIP
from switch_bench.skills.sense import Action, Pose, Sense, SkillFailed, palm_axes
from switch_bench.world.floor import NoWay

NEAR, TURNED = 0.012, 0.02  # m, rad: the base has arrived
FOLD = (-1.35, 0.0, 0.0)  # rad, the wrist's pitch, yaw and roll: fingers up, beside the trunk
FOLDED = np.array(rotation(*FOLD)).reshape(3, 3)
LEVEL = np.eye(3)
TUCK = (0.155, -0.15, 1.12)  # m, the wrist while the base travels: out of the eyes' way, within the trunk's clearance
HAND_LOW = np.array([a.limits[0] for a in AXES[5:8]])
HAND_HIGH = np.array([a.limits[1] for a in AXES[5:8]])
MARGIN = 0.01  # m kept from the carriage's ends
STALLED = 0.002  # m/s: what comes nearer no faster than that is held up

Motion = Iterator[Action]


def settle(sense: Sense, seconds: float) -> Motion:
    """Stay for a time."""
    for _ in range(sense.steps(seconds)):
        yield sense.rest()


def look(sense: Sense, at: np.ndarray, *, most: float = 3.0) -> Motion:
    """Turn the head, and the base if need be, to look at a point, for `most` seconds."""
    sense.gaze = np.asarray(at, float)
    here = sense.local(sense.gaze)
    if abs(atan2(here[1], here[0])) > 2.2:
        x, y, _ = sense.base
        yield from drive(sense, x, y, atan2(sense.gaze[1] - y, sense.gaze[0] - x))
    for _ in range(sense.steps(most)):
        if sense.gaze_error() < 0.02:
            return
        yield sense.rest()


def fold(sense: Sense, *, most: float = 4.0) -> Motion:
    """Draw the hand in and fold it up beside the trunk, so that the body fits where its trunk does."""
    sense.grip = 1.0
    targets = sense.targets()
    level = np.array(rotation(*targets[8:11])).reshape(3, 3)
    for _ in range(sense.steps(most)):  # straight back first, out of whatever the hand was in
        targets = sense.targets()
        if targets[5] < TUCK[0] + 0.02:
            break
        yield sense.wrist_towards((TUCK[0], targets[6], targets[7]), level)
    for _ in range(sense.steps(most)):
        targets = sense.targets()
        gap = np.abs(np.array(TUCK) - targets[5:8]).max()
        now = np.array(rotation(*targets[8:11])).reshape(3, 3)
        if gap < 0.02 and np.trace(FOLDED.T @ now) > 2.99 and abs(targets[10]) < 0.1:
            return
        yield sense.wrist_towards(TUCK, FOLDED, turning=2.0, roll=0.0)


def drive(sense: Sense, x: float, y: float, heading: float, *, most: float = 10.0) -> Motion:
    """Drive the base straight to a pose."""
    stuck, last = 0, 1e9
    for _ in range(sense.steps(most)):
        action = sense.rest()
        far, turn = sense.drive(action, x, y, heading)
        if far < NEAR and turn < TURNED:
            break
        left = far + 0.3 * turn
        stuck = stuck + 1 if left > last - STALLED * sense.dt else 0
        last = min(left, last)
        if stuck > sense.steps(1.5):
            raise SkillFailed("the body is held back by something on its way")
        yield action
    yield from settle(sense, 0.15)


def draw_back(sense: Sense) -> Motion:
    """Let go, come back the way the fingers point, and fold: what one does when something didn't come off."""
    sense.grip = min(sense.grip, -0.3) if sense.grip < 1.0 else 1.0
    tip = sense.tip
    back = Pose(tip.at - tip.axes[:, 2] * 0.08, tip.axes)
    for _ in range(sense.steps(1.0)):
        if float(np.linalg.norm(back.at - sense.tip.at)) < 0.015:
            break
        yield sense.towards(back, speed=0.2)
    yield from fold(sense)


def goto(sense: Sense, x: float, y: float, heading: float) -> Motion:
    """Go to a pose on the floor round what stands in the way, the hand folded."""
    bx, by, yaw = sense.base
    far, turn = hypot(x - bx, y - by), abs((heading - yaw + pi) % (2 * pi) - pi)
    if far < NEAR and turn < TURNED:
        return
    if far > 0.30 or turn > 0.5:
        yield from fold(sense)
    try:
        way = sense.floor().path((bx, by), (x, y)) if far > 0.05 else [(x, y)]
    except NoWay as error:
        raise SkillFailed("there is no free way over the floor to that place") from error
    for k, (px, py) in enumerate(way):
        bx, by, _ = sense.base
        last = k == len(way) - 1
        leg = hypot(px - bx, py - by)
        along = heading if last or leg < 0.15 else atan2(py - by, px - bx)
        for _ in range(sense.steps(leg / 0.5 + 6.0)):
            action = sense.rest()
            gap, turned = sense.drive(action, px, py, along)
            if gap < (NEAR if last else 0.06) and (turned < TURNED if last else True):
                break
            yield action
        else:
            raise SkillFailed("the body is held back by something on its way")
    yield from settle(sense, 0.15)


def workspace(sense: Sense, x: float, y: float, heading: float, tip: Pose) -> float:
    """How far inside the hand's workspace a tip's pose is [m] for a base standing there; negative: out of reach."""
    wrist = tip.at - tip.axes[:, 2] * TIP  # the palm's first axis, without working out the others
    dx, dy = wrist[0] - x, wrist[1] - y
    local = np.array([cos(heading) * dx + sin(heading) * dy, -sin(heading) * dx + cos(heading) * dy, wrist[2]])
    return float(min((local - HAND_LOW).min(), (HAND_HIGH - local).min()))


def stand_for(sense: Sense, tips: list[Pose], front: np.ndarray) -> tuple[float, float, float]:
    """Where to stand so that all these poses of the tip can be reached, before what faces `front`.

    Raises SkillFailed.
    """
    flat = front[:2] / max(1e-9, float(np.linalg.norm(front[:2])))
    side = np.array([-flat[1], flat[0]])
    heading = atan2(-flat[1], -flat[0])
    target = np.mean([t.at for t in tips], axis=0)[:2]
    bx, by, _ = sense.base
    best, score = None, -1e9
    floor = sense.floor()
    for d in np.arange(0.34, 0.98, 0.04):
        for across in np.arange(-0.36, 0.37, 0.06):
            x, y = target + flat * d + side * across
            if not floor.is_free(float(x), float(y)):
                continue
            inside = min(workspace(sense, float(x), float(y), heading, t) for t in tips)
            if inside < MARGIN:
                continue
            value = min(inside, 0.10) - 0.10 * abs(across) - 0.10 * abs(d - 0.60) - 0.01 * hypot(x - bx, y - by)
            if value > score:
                best, score = (float(x), float(y), heading), value
    if best is None:
        raise SkillFailed("there is no free place on the floor from which the hand reaches that")
    return best


def reach(
    sense: Sense, pose: Pose, *, speed: float = 0.4, near: float = 0.004, most: float = 8.0, stop: float | None = None
) -> Motion:
    """Bring the tip to a pose; with `stop`, end as soon as the fingertips press harder than that [N]."""
    stuck, last = 0, 1e9
    for _ in range(sense.steps(most)):
        tip = sense.tip
        gap = float(np.linalg.norm(pose.at - tip.at))
        turn = float(np.arccos(np.clip((np.trace(pose.axes.T @ tip.axes) - 1.0) / 2.0, -1.0, 1.0)))
        if gap < near and turn < 0.03:
            return
        if stop is not None and sense.force() > stop:
            return
        left = gap + 0.1 * turn
        stuck = stuck + 1 if left > last - STALLED * sense.dt else 0
        last = min(last, left)
        if stuck > sense.steps(1.25):
            raise SkillFailed("the hand met something on its way and could not get there")
        yield sense.towards(pose, speed=speed)
    raise SkillFailed("the hand did not get there in time")


def leave(sense: Sense, pose: Pose, *, most: float = 1.5) -> Motion:
    """Draw the hand back to a pose, or as far as it goes: what was done is done."""
    still, last = 0, 1e9
    for _ in range(sense.steps(most)):
        gap = float(np.linalg.norm(pose.at - sense.tip.at))
        still = still + 1 if gap > last - 5.0 * STALLED * sense.dt else 0
        if gap < 0.01 or still > sense.steps(0.4):
            return
        last = min(last, gap)
        yield sense.towards(pose, speed=0.2)


def approach(sense: Sense, pose: Pose, *, roll: float = 0.0) -> Motion:
    """From wherever the hand is to a pose before its target: turn and rise while drawn in, then reach out.

    roll: the wrist arrives wound as near to this as the pose allows [rad].
    """
    _x, _y, yaw = sense.base
    palm = palm_axes(pose.axes)
    c, s = cos(yaw), sin(yaw)
    turned = np.array([[c, s, 0.0], [-s, c, 0.0], [0.0, 0.0, 1.0]]) @ palm
    wrist = sense.local(pose.at - palm[:, 0] * TIP)
    back = min(wrist[0], TUCK[0] + 0.04)
    start = sense.targets()
    level = np.array(rotation(*start[8:11])).reshape(3, 3)
    if start[5] > back + 0.03:
        for _ in range(sense.steps(3.0)):
            targets = sense.targets()
            if targets[5] <= back + 0.01:
                break
            yield sense.wrist_towards((back, targets[6], targets[7]), level)
    stage = np.array([back, wrist[1], wrist[2]])
    for _ in range(sense.steps(7.0)):
        targets = sense.targets()
        turn_left = max(abs(a - b) for a, b in zip(sense.wound(turned, roll), targets[8:11], strict=True))
        if np.abs(stage - targets[5:8]).max() < 0.01 and turn_left < 0.05:
            break
        yield sense.wrist_towards(stage.tolist(), turned, roll=roll)
    yield from reach(sense, pose)
