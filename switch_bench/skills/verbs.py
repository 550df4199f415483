"""Verbs on targets: what `skill` actions and reference solutions are made of.

Each is a motion, a generator of actions.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from switch_bench.controls.base import Grip, Readout
from switch_bench.controls.keypad import Keypad
from switch_bench.controls.touchscreen import Touchscreen
from switch_bench.network.declare import Value
from switch_bench.physics.housing import Mounted
from switch_bench.skills import operate
from switch_bench.skills.move import Motion, fold, goto, look, settle, stand_for
from switch_bench.skills.sense import Sense, SkillFailed, facing

KEYED = 0.1  # s a key of a row, or a spot of a screen, is held


def press(sense: Sense, item: Mounted, to: Value | None = None, *, key: str = "", hold: float = operate.HELD) -> Motion:
    """Press a control with a fingertip: a key, a button, the half of a rocker or the side of a lever that leads to
    `to`.

    With no `to`, a rocker's or lever's other position is what one can see to press for.
    """
    if isinstance(item.control, Keypad):
        yield from operate.press(sense, item, _key(item, key), hold=hold)
        return
    to = None if to is None else nearest_value(item, to)
    grip, readout = _press_grip(sense, item, to)
    reads = _reading(sense, readout) if readout is not None else None
    if to is not None and readout is not None and reads == to:
        return
    yield from operate.press(sense, item, grip, hold=hold)


def _key(item: Mounted, key: str) -> Grip:
    name = f"key {key}"
    if name not in item.built.grips:
        raise SkillFailed(f"there is no key {key!r}")
    return item.built.grips[name]


def _press_grip(sense: Sense, item: Mounted, to: Value | None) -> tuple[Grip, Readout | None]:
    """The press that leads to a value; of a two-way control without one, to the other side."""
    grips = {n: g for n, g in item.built.grips.items() if g.verb == "press"}
    readout = item.built.readouts[0] if item.built.readouts else None
    if not grips:
        raise SkillFailed("there is nothing to press there")
    if len(grips) == 1 and (to is None or readout is None):
        return next(iter(grips.values())), readout
    if to is None and readout is not None:
        now = _reading(sense, readout)
        others = [g for g in grips.values() if g.aim and now not in g.aim]
        return (others or list(grips.values()))[0], readout
    for grip in grips.values():
        if to in grip.aim:
            return grip, readout
    if len(grips) == 1:
        return next(iter(grips.values())), None
    raise SkillFailed(f"no press of it leads to {to!r}")


def _reading(sense: Sense, readout: Readout) -> Value:
    """What a mechanism's position looks like: the state whose rest is nearest to where it stands."""
    q = sense.joint(readout.joint).q
    return min(readout.states, key=lambda s: abs(s.rest - q)).value


def _hold_grip(item: Mounted, to: Value) -> tuple[Grip, Readout]:
    """The grip by which fingers take a control to a value."""
    readout = item.built.readouts[0] if item.built.readouts else None
    grips = [g for g in item.built.grips.values() if g.verb in ("turn", "push_turn", "slide", "open", "pull")]
    for grip in grips:
        if readout is not None and to in grip.aim:
            return grip, readout
    if grips:
        raise SkillFailed(f"it has no position {to!r}")
    raise SkillFailed("there is nothing to take hold of there")


def nearest_value(item: Mounted, to: Value) -> Value:
    """The value of a control's grips that equals `to` in writing ("on" is True), or as a number comes nearest to it.

    A number beyond all of its numbers is none of its values, and is given back as it is.
    """
    aims = [value for grip in item.built.grips.values() for value in grip.aim]
    written = {str(v).lower(): v for v in aims} | {("on" if v else "off"): v for v in aims if isinstance(v, bool)}
    if str(to).lower() in written:
        return written[str(to).lower()]
    numbers = [(n, v) for v in aims if (n := _number(v)) is not None]
    wanted = _number(to)
    if wanted is None or not numbers or not min(n for n, _ in numbers) <= wanted <= max(n for n, _ in numbers):
        return to
    return min(numbers, key=lambda pair: abs(pair[0] - wanted))[1]


def _number(value: Value) -> float | None:
    """A value as a number, if it is one or is written like one."""
    if isinstance(value, bool):
        return None
    try:
        return float(value)
    except ValueError:
        return None


def turn(sense: Sense, item: Mounted, to: Value, *, hold: float = 0.0) -> Motion:
    """Turn a knob (or slide a slider) by two fingers to a value, and keep hold of it for `hold` seconds."""
    value = nearest_value(item, to)
    grip, readout = _hold_grip(item, value)
    yield from operate.carry(sense, item, grip, readout, value, hold=hold)


def open_(sense: Sense, item: Mounted) -> Motion:
    """Open a door or lid by its handle."""
    grip, readout = _hold_grip(item, "open")
    if _reading(sense, readout) != "open":
        yield from operate.swing(sense, item, grip, readout)


def close(sense: Sense, item: Mounted) -> Motion:
    """Push a door or lid shut."""
    readout = item.built.readouts[0]
    for grip in item.built.grips.values():
        if grip.verb == "press" and "closed" in grip.aim:
            yield from operate.shove(sense, item, grip, readout, "closed")
            return
    raise SkillFailed("there is nothing to close there")


def touch(sense: Sense, item: Mounted, point: np.ndarray, *, hold: float = KEYED) -> Motion:
    """Touch a point of a screen [m, in the world] for `hold` seconds."""
    if not isinstance(item.control, Touchscreen):
        raise SkillFailed("that is no touch screen")
    grip = item.built.grips["touch"]
    yield from operate.press(sense, item, grip, hold=hold, offset=point - sense.site(grip.site).at)


def type_(sense: Sense, item: Mounted, keys: Sequence[str]) -> Motion:
    """Press keys of a keypad one after the other."""
    for key in keys:
        yield from operate.press(sense, item, _key(item, key), hold=KEYED)


def go_before(sense: Sense, item: Mounted) -> Motion:
    """Go to where a control can be reached, and look at it."""
    grip = next(iter(item.built.grips.values()))
    pose = sense.site(grip.site)
    away = facing(pose, away=operate.AWAY)
    x, y, heading = stand_for(sense, [away], operate.front_of(sense, item, pose))
    sense.gaze = pose.at
    yield from goto(sense, x, y, heading)
    yield from look(sense, pose.at)


def go_to_zone(sense: Sense, zone: str) -> Motion:
    """Go to the middle of a zone, or the free floor nearest to it."""
    shell = next(s for s in sense.room.drawn.shells if s.name == zone)
    floor = sense.room.floor
    x, y = floor.point(floor.nearest(*shell.middle, reach=1.5))
    bx, by, yaw = sense.base
    heading = float(np.arctan2(y - by, x - bx)) if np.hypot(x - bx, y - by) > 0.3 else yaw
    sense.gaze = None
    yield from goto(sense, x, y, heading)


def look_at(sense: Sense, point: np.ndarray) -> Motion:
    """Draw the hand in, out of the line of sight, and look at a point until the head is still."""
    sense.gaze = point
    yield from fold(sense)
    yield from look(sense, point)
    yield from settle(sense, 0.1)
