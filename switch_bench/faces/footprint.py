"""The place a control takes on its panel: what no print may lie under."""

from __future__ import annotations

from functools import singledispatch
from math import sin

from switch_bench.controls.base import Control
from switch_bench.controls.button import PushButton
from switch_bench.controls.door import Door
from switch_bench.controls.keypad import Keypad
from switch_bench.controls.knob import Knob
from switch_bench.controls.lever import PADDLE, Lever
from switch_bench.controls.rocker import Rocker
from switch_bench.controls.slider import FIN, Slider
from switch_bench.controls.touchscreen import Touchscreen
from switch_bench.faces.place import Box


@singledispatch
def footprint(control: Control) -> Box:
    """The control's box on the panel (x right, y up) [m], wherever it is moved to.

    Raises:
        TypeError: no footprint is known for this class of control.
    """
    raise TypeError(f"{control.name}: the footprint of a {type(control).__name__} on its panel isn't known")


@footprint.register(Rocker)
@footprint.register(PushButton)
@footprint.register(Touchscreen)
@footprint.register(Door)
def _sized(control: Rocker | PushButton | Touchscreen | Door) -> Box:
    return Box.about(*control.at, *control.size)


@footprint.register
def _knob(control: Knob) -> Box:
    return Box.about(*control.at, 2 * control.radius, 2 * control.radius)


@footprint.register
def _slider(control: Slider) -> Box:
    low, high = control.course().limits
    along, across = (low - FIN[0], high + FIN[0]), (-FIN[1] / 2, FIN[1] / 2)
    return _along(control.at, control.along, along, across)


@footprint.register
def _lever(control: Lever) -> Box:
    tips = [control.arm * sin(angle) for angle in control.course().places]
    along = (min(0.0, *tips) - PADDLE[1], max(0.0, *tips) + PADDLE[1])
    return _along(control.at, control.along, along, (-PADDLE[0] / 2, PADDLE[0] / 2))


@footprint.register
def _keypad(control: Keypad) -> Box:
    keys = [Box.about(*key.at, *key.size) for key in control.keys_as_buttons()]
    return Box(min(k.x0 for k in keys), min(k.y0 for k in keys), max(k.x1 for k in keys), max(k.y1 for k in keys))


def _along(at: tuple[float, float], axis: str, along: tuple[float, float], across: tuple[float, float]) -> Box:
    x, y = (along, across) if axis == "x" else (across, along)
    return Box(at[0] + x[0], at[1] + y[0], at[0] + x[1], at[1] + y[1])
