"""Operating controls: press, turn, slide, open, close, touch. Each finds its stand, reaches, acts, and draws back."""

from __future__ import annotations

from math import pi

import numpy as np

from switch_bench.bodies.command import wrist_angles
from switch_bench.bodies.hand import AXES, OPENING
from switch_bench.controls.base import Grip, Readout
from switch_bench.network.declare import Value
from switch_bench.physics.frames import turn_z
from switch_bench.physics.housing import Mounted
from switch_bench.skills.move import Motion, approach, goto, leave, reach, settle, stand_for
from switch_bench.skills.sense import Joint, Pose, Sense, SkillFailed, facing, palm_axes

AWAY = 0.06  # m before a control, where the hand lines up
OVER = 0.0025  # m the fingertip goes on past a control's travel
FIRM = 16.0  # N at which a press is firm enough
PRESS = 0.014  # m the hand aims beyond a control's stop, so that its springs bring up some 20 N
HELD = 0.2  # s a press is held
SHOVE = 0.8  # rad/s a door is pushed shut
OPEN, NARROW = -0.3, 0.4  # grip commands with the fingers some 60 and 30 mm apart: for a knob, for a fin or lever
ROLL = AXES[10].limits


def front_of(sense: Sense, item: Mounted, pose: Pose) -> np.ndarray:
    """The horizontal direction from which one stands before a control."""
    z = pose.axes[:, 2]
    placed = sense.room.drawn.placed[item.device]
    own = -placed.axes[:, 1]
    flat = np.array([z[0], z[1], 0.0])
    return flat if float(np.linalg.norm(flat)) > 0.6 and float(flat @ own) > -0.2 else own


def stand_before(sense: Sense, item: Mounted, tips: list[Pose], pose: Pose) -> Motion:
    """Go to where all of these poses can be reached."""
    sense.gaze = pose.at
    yield from goto(sense, *stand_for(sense, tips, front_of(sense, item, pose)))


def press(sense: Sense, item: Mounted, grip: Grip, *, hold: float = HELD, offset: np.ndarray | None = None) -> Motion:
    """Press with the closed fingertips along the grip's normal, hold for `hold` seconds, and draw back.

    offset: from the site's origin, in the world [m] (a widget on a screen).
    """
    pose = sense.site(grip.site)
    if offset is not None:
        pose = Pose(pose.at + offset, pose.axes)
    before, flip = _line_up(sense, item, pose)
    sense.grip = 1.0
    goal = facing(pose, flip=flip, away=-(grip.reach + OVER))
    yield from stand_before(sense, item, [before, goal], pose)
    yield from approach(sense, before)
    yield from push(sense, goal)
    yield from settle(sense, hold)
    yield from leave(sense, before)


def push(sense: Sense, goal: Pose) -> Motion:
    """Advance slowly to a pose until there, or firm; fails if nothing was felt on the way."""
    felt, firm = False, 0
    beyond = Pose(goal.at + goal.axes[:, 2] * PRESS, goal.axes)
    for _ in range(sense.steps(4.0)):
        force = sense.force()
        felt = felt or force > 0.3
        firm = firm + 1 if force > FIRM else 0
        if float((goal.at - sense.tip.at) @ goal.axes[:, 2]) < 0.0008 or firm >= sense.steps(0.15):
            break
        yield sense.towards(beyond, speed=0.08)
    if not felt and not sense.touching():
        raise SkillFailed("the finger met nothing there")


def _line_up(sense: Sense, item: Mounted, pose: Pose, *, away: float = AWAY) -> tuple[Pose, bool]:
    """The tip's pose before a control, with the fingers the way round that needs the least roll."""
    _, _, yaw = sense.base
    front = front_of(sense, item, pose)
    heading = float(np.arctan2(-front[1], -front[0]))
    del yaw
    options = [(abs(roll_of(facing(pose, flip=flip), heading)), flip) for flip in (False, True)]
    flip = min(options)[1]
    return facing(pose, flip=flip, away=away), flip


def roll_of(tip: Pose, heading: float) -> float:
    """The wrist's roll for a tip's pose with the base at `heading`."""
    palm = turn_z(-heading) @ palm_axes(tip.axes)
    m = tuple(float(v) for v in palm.flatten())
    return wrist_angles(m, 0.0, 0.0, 0.0)[2]  # pyright: ignore[reportArgumentType]


def carry(sense: Sense, item: Mounted, grip: Grip, readout: Readout, value: Value, *, hold: float = 0.0) -> Motion:
    """Take a control with two fingers and move it along its joint to where it reads `value`; let go and draw back.

    hold: seconds to keep hold of it there.
    """
    if value not in grip.aim:
        raise SkillFailed(f"that has no position {value!r}")
    aim = grip.aim[value]
    joint = sense.joint(readout.joint)
    for _ in range(3):
        left = aim - joint.q
        if abs(left) < _tolerance(readout, value) and not hold:
            return
        yield from _carry_once(sense, item, grip, readout, joint, aim, value, hold)
        if abs(aim - joint.q) < _tolerance(readout, value):
            return
    raise SkillFailed("it would not go there; it slipped out of the fingers or is blocked")


def swing(sense: Sense, item: Mounted, grip: Grip, readout: Readout) -> Motion:
    """Pull a door or lid open by its handle, as far as the hand can follow it."""
    joint = sense.joint(readout.joint)
    full = grip.aim["open"]
    ajar = max((s.above for s in readout.states if s.value == "closed"), default=0.06)
    failure: SkillFailed | None = None
    for share in (1.0, 0.75, 0.55, 0.4, 0.25):
        aim = max(full * share, 2.5 * ajar)
        pose = sense.site(grip.site)
        _, flip = _line_up(sense, item, pose)
        there = joint.carried(pose, aim - joint.q)
        ends = [facing(pose, flip=flip, away=AWAY), facing(pose, flip=flip), facing(there, flip=flip)]
        try:
            stand_for(sense, ends, front_of(sense, item, pose))
        except SkillFailed as error:
            failure = error
            continue
        yield from _carry_once(sense, item, grip, readout, joint, aim, "open", 0.0)
        if joint.q > 1.5 * ajar:
            return
        raise SkillFailed("it did not open; it slipped out of the fingers or is held shut")
    raise failure or SkillFailed("it can't be opened from here")


def _tolerance(readout: Readout, value: Value) -> float:
    """How near the aim is near enough: within the state's bounds, with a margin."""
    for state in readout.states:
        if state.value == value:
            low, high = state.below, state.above
            gaps = [abs(state.rest - b) for b in (low, high) if np.isfinite(b)]
            return 0.6 * min(gaps) if gaps else 0.02
    return 0.02


def _taken(sense: Sense, grip: Grip, joint: Joint) -> Pose:
    """How to take hold of a control: by its grip's site; a fin or lever squarely to its panel, however it leans."""
    pose = sense.site(grip.site)
    return Pose(pose.at, joint.carried(pose, -joint.q).axes) if grip.verb == "slide" else pose


def _carry_once(
    sense: Sense, item: Mounted, grip: Grip, readout: Readout, joint: Joint, aim: float, value: Value, hold: float
) -> Motion:
    pose = _taken(sense, grip, joint)
    end = (
        Pose(joint.carried(pose, aim - joint.q).at, pose.axes)
        if grip.verb == "slide"
        else joint.carried(pose, aim - joint.q)
    )
    rolls = grip.verb in ("turn", "push_turn")
    flip, aim_now, wind = _way_round(sense, item, pose, joint, aim, rolls)
    before = facing(pose, flip=flip, away=AWAY)
    depth = grip.reach + OVER if grip.verb == "push_turn" else 0.0
    ends = [before, facing(pose, flip=flip, away=-depth), *([] if rolls else [facing(end, flip=flip)])]
    yield from stand_before(sense, item, ends, pose)
    spread = NARROW if grip.verb == "slide" else OPEN
    sense.grip = spread
    yield from approach(sense, before, roll=wind or 0.0)
    pose = _taken(sense, grip, joint)
    yield from reach(sense, facing(pose, flip=flip), speed=0.12, near=0.003)
    sense.grip = 1.0
    yield from settle(sense, 0.4)
    if depth:
        yield from push(sense, facing(pose, flip=flip, away=-depth))
    yield from _along(sense, grip, readout, joint, flip, aim_now, depth, value)
    yield from settle(sense, hold)
    if depth:  # let it come up between the fingers: let go of while pushed in, it would strike them
        tip = sense.tip
        yield from reach(sense, Pose(tip.at - tip.axes[:, 2] * grip.reach, tip.axes), speed=0.12, near=0.001)
    sense.grip = spread
    yield from settle(sense, 0.3)
    yield from leave(sense, facing(_taken(sense, grip, joint), flip=flip, away=AWAY))
    sense.grip = 1.0


def _along(
    sense: Sense, grip: Grip, readout: Readout, joint: Joint, flip: bool, aim: float, depth: float, value: Value
) -> Motion:
    """Move what is held along its joint, leading it by a little, until it is there or stands still."""
    rolls = grip.verb in ("turn", "push_turn")
    slides = not rolls and not joint.turns
    rate = (0.05 if slides else 1.2 if rolls else 0.7) * sense.dt
    lead = 0.012 if slides else 0.35 if rolls else 0.12
    wanted, still, last = joint.q, 0, joint.q
    tolerance = 0.5 * _tolerance(readout, value)
    reference, q0 = sense.site(grip.site), joint.q
    for _ in range(sense.steps(20.0)):
        q = joint.q
        if abs(aim - q) < tolerance:
            return
        wanted += float(np.clip(aim + np.sign(aim - q) * 0.5 * lead - wanted, -rate, rate))
        wanted = float(np.clip(wanted, q - lead, q + lead))
        still = still + 1 if abs(q - last) < rate * 0.02 else 0
        last = q
        if still > sense.steps(2.0):
            return
        if rolls:
            target = joint.carried(reference, wanted - q0)
        else:
            taken = _taken(sense, grip, joint)
            moved = joint.carried(taken, wanted - q)
            target = Pose(moved.at, taken.axes) if grip.verb == "slide" else moved
        yield sense.towards(facing(target, flip=flip, away=-depth), speed=0.25, turning=1.6)


def _way_round(
    sense: Sense, item: Mounted, pose: Pose, joint: Joint, aim: float, rolls: bool
) -> tuple[bool, float, float | None]:
    """Which way round to take hold, how far this hold can turn it, and the roll to take hold at (None: as it comes)."""
    front = front_of(sense, item, pose)
    heading = float(np.arctan2(-front[1], -front[0]))
    if not rolls:
        return min((abs(roll_of(facing(pose, flip=f), heading)), f) for f in (False, True))[1], aim, None
    start = roll_of(facing(pose), heading)
    small = 0.1
    turn = wrist_turn(roll_of(facing(joint.carried(pose, small)), heading) - start) * (aim - joint.q)
    flip, roll, done = wind(start, turn)
    return flip, joint.q + float(np.sign(aim - joint.q)) * abs(done), roll


def wrist_turn(step: float) -> float:
    """1 or −1: the way the roll goes in a small step of it [rad], which may lie over its seam."""
    return 1.0 if ((step + pi) % (2 * pi) - pi) > 0 else -1.0


def wind(start: float, turn: float) -> tuple[bool, float, float]:
    """How to take hold of what is to be turned, for a pose whose roll is `start` [rad] or half a turn from it.

    Returns whether to flip the fingers, the roll to take hold at, and as much of `turn` as the wrist then has room for.
    """
    low, high = ROLL[0] + 0.15, ROLL[1] - 0.15
    ways = []
    for k in range(-3, 4):
        roll = start + k * pi
        if low <= roll <= high:
            end = min(max(roll + turn, low), high)
            ways.append((abs(roll + turn - end), max(abs(roll), abs(end)), k % 2 == 1, roll, end - roll))
    _, _, flip, roll, done = min(ways)
    return flip, roll, done


def shove(sense: Sense, item: Mounted, grip: Grip, readout: Readout, value: Value) -> Motion:
    """Push a control along its joint with closed fingers (a door shut) to where it reads `value`."""
    aim = grip.aim[value]
    joint = sense.joint(readout.joint)
    pose = sense.site(grip.site)
    before, flip = _line_up(sense, item, pose)
    end = joint.carried(pose, aim - joint.q)
    sense.grip = 1.0
    half = joint.carried(pose, 0.5 * (aim - joint.q))  # face the door where it is half shut: the wrist bends either way
    ends = [before, facing(pose, flip=flip), facing(end, flip=flip, away=0.01)]
    yield from stand_before(sense, item, ends, half)
    yield from approach(sense, before)
    yield from reach(sense, facing(pose, flip=flip), speed=0.1, near=0.004, stop=1.0)
    wanted, still, last, rate = joint.q, 0, joint.q, SHOVE * sense.dt
    for _ in range(sense.steps(15.0)):
        q = joint.q
        if abs(aim - q) < 0.01:
            break
        wanted = float(np.clip(wanted + np.clip(aim - wanted, -rate, rate), q - 0.15, q + 0.15))
        still = still + 1 if abs(q - last) < 0.0025 * rate else 0
        last = q
        if still > sense.steps(2.0):
            break
        target = joint.carried(sense.site(grip.site), wanted - q)
        yield sense.towards(facing(target, flip=flip, away=-0.004), speed=0.25)
    yield from settle(sense, 0.2)
    yield from leave(sense, facing(sense.site(grip.site), flip=flip, away=AWAY))
    if abs(aim - joint.q) > 0.05:
        raise SkillFailed("it would not go all the way")


def opening(width: float) -> float:
    """Grip command for a gap of `width` [m] between the fingers."""
    return 1.0 - 2.0 * min(width, OPENING) / OPENING
