"""Scales: ticks and figures round a knob, along a slider, beside a lever."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations, pairwise, product
from math import ceil, cos, floor, hypot, log, log10, sin

from switch_bench.controls.base import Control
from switch_bench.controls.knob import Knob
from switch_bench.controls.lever import Lever
from switch_bench.controls.slider import Slider
from switch_bench.devices.base import Scale
from switch_bench.faces.footprint import footprint
from switch_bench.faces.place import Box, spread
from switch_bench.faces.print import ICON, PanelError, Print, box_of

CAPS = (0.0055, 0.005, 0.0045, 0.004, 0.0035, 0.003, 0.0026)  # m, heights of figures tried
ICON_SIDE = 2.1  # an icon's side by the figures' cap height
_TICK = (0.0015, 0.0045)  # m from the knob's rim: where a tick begins and ends
_AIR = 0.0016  # m between figures, and between tick and figure

Mark = tuple[str, float]  # legend, joint position
Tick = tuple[tuple[float, float], tuple[float, float], bool]  # from, to [m]; with a figure


@dataclass(frozen=True)
class DrawnScale:
    """A laid-out scale, in the panel's frame [m]."""

    figures: tuple[Print, ...]
    ticks: tuple[Tick, ...]


def lay_scale(
    scale: Scale, control: Control, taken: Sequence[Box], within: Box, words: Mapping[str, str] | None = None
) -> DrawnScale:
    """Place a scale's figures where they touch neither each other nor `taken`, as large as they fit.

    words: translations of legends.

    Raises:
        PanelError: the control has no positions, or there is no room.
    """
    if not isinstance(control, Knob | Slider | Lever):
        raise PanelError(f"a scale wants a knob, slider or lever; {control.name!r} is a {type(control).__name__}")
    translate = words or {}

    def shown(marks: Sequence[Mark]) -> list[Mark]:
        return [(translate.get(legend, legend), at) for legend, at in marks]

    choices = [list(scale.marks)] if scale.marks else _choices(control)
    if isinstance(control, Knob):
        rich = [marks for marks in choices if len(marks) > 3]
        rounds = ((rich, CAPS[:5], False), (choices, CAPS[:4], False), (choices, CAPS[:5], True))
        large = (choices, _larger(scale.height), True)
        for sets, caps, columns in (large, *rounds, (choices, CAPS[4:], False), (choices, CAPS[5:], True)):
            for cap, marks in product(caps, sets):
                figures = (_columns if columns else _round)(scale, control, shown(marks), cap, within)
                if _clear(figures, taken, within):
                    return DrawnScale(figures, _ticks(control, marks))
    else:
        for cap, marks, sign in product(CAPS, choices, _sides(control)):
            figures = _straight(scale, control, shown(marks), cap, sign)
            if _clear(figures, taken, within):
                return DrawnScale(figures, _ticks(control, marks, sign))
    raise PanelError(f"there is no room for the scale of {control.name!r}")


def _larger(height: float) -> tuple[float, ...]:
    """Heights to try from `height` down to the usual ones [m]."""
    count = ceil(log(height / CAPS[0]) / log(1.08)) if height > CAPS[0] else 0
    return tuple(height / 1.08**i for i in range(count))


def nice_steps(low: float, high: float, step: float) -> list[float]:
    """Distances between figures a scale may have: 1, 2, 2.5 or 5 times a power of ten, whole multiples of `step`.

    In rising order, such that the scale has between 2 and 9 figures.
    """
    span = high - low
    power = 10.0 ** floor(log10(span / 9))
    steps = [m * power * ten for ten in (1, 10, 100) for m in (1, 2, 2.5, 5)]
    whole = [
        s for s in steps if span / s + 1e-9 >= 1 and span / s <= 8 + 1e-9 and abs(s / step - round(s / step)) < 1e-6
    ]
    return whole or [span]


def _choices(control: Knob | Slider | Lever) -> list[list[Mark]]:
    """Which figures to show, most first."""
    path = control.course()
    if path.detented:
        return [[(str(value).replace("_", " "), at) for value, at in zip(path.values, path.places, strict=True)]]
    (low, high), (first, last) = control.scale, path.limits  # type: ignore[union-attr]
    choices = []
    for step in nice_steps(low, high, control.step):  # type: ignore[union-attr]
        on_grid = abs(low / control.step - round(low / control.step)) < 1e-6  # type: ignore[union-attr]
        start = ceil(low / step - 1e-6) * step if on_grid else low
        n = int((high - start) / step + 1e-6)
        values = [start + i * step for i in range(n + 1)]
        choices.append([(f"{v:g}", first + (v - low) / (high - low) * (last - first)) for v in values])
    return choices


def _clear(figures: Sequence[Print], taken: Sequence[Box], within: Box) -> bool:
    boxes = [figure.box for figure in figures]
    apart = all(not a.grown(_AIR / 2).touches(b.grown(_AIR / 2)) for a, b in combinations(boxes, 2))
    return apart and all(box.inside(within) and not any(box.touches(other) for other in taken) for box in boxes)


def _size(legend: str, cap: float) -> float:
    return cap * ICON_SIDE if legend.startswith(ICON) else cap


def _round(scale: Scale, control: Knob, marks: Sequence[Mark], cap: float, within: Box) -> tuple[Print, ...]:
    figures = []
    for legend, angle in marks:
        size = _size(legend, cap)
        box = box_of(legend, (0.0, 0.0), size)
        dx, dy = sin(angle), cos(angle)
        if scale.radius:
            reach = max(scale.radius, control.radius + _AIR + hypot(box.width / 2 * dx, box.height / 2 * dy))
        else:
            reach = control.radius + _TICK[1] + _AIR + hypot(box.width / 2 * dx, box.height / 2 * dy)
        at = control.at[0] + reach * dx, control.at[1] + reach * dy
        figures.append(Print("figure", control.name, legend, at, size))
    return tuple(figures)


def _columns(scale: Scale, control: Knob, marks: Sequence[Mark], cap: float, within: Box) -> tuple[Print, ...]:
    """Figures left and right of the knob, one above the other, with leaders to their ticks."""
    x, y = control.at
    side = control.radius + 2.6 * _TICK[1]
    pitch = 1.75 * cap
    figures = []
    for sign in (-1.0, 1.0):
        half = [m for m in marks if (sin(m[1]) >= -1e-6) == (sign > 0)]
        half.sort(key=lambda m: cos(m[1]))  # from below
        wanted = [y + (control.radius + _TICK[1]) * 1.18 * cos(angle) for _, angle in half]
        rows = spread(wanted, pitch, within.y0 + cap, within.y1 - cap)
        for (legend, angle), row in zip(half, rows, strict=True):
            size = min(_size(legend, cap), pitch)
            w = box_of(legend, (0.0, 0.0), size).width
            edge = x + sign * side
            rim = control.radius + _TICK[1]
            tick = (x + rim * sin(angle), y + rim * cos(angle))
            leader = (tick, (edge - sign * 0.25 * (side - rim), row), (edge - sign * _AIR, row))
            figures.append(Print("figure", control.name, legend, (edge + sign * w / 2, row), size, leader=leader))
    return tuple(figures)


def _sides(control: Slider | Lever) -> tuple[float, float]:
    """Where the figures may be, best first: +1 above or to the right, unless the label is there."""
    blocked = control.label and control.label_side == ("above" if control.along == "x" else "right")
    return (-1.0, 1.0) if blocked else (1.0, -1.0)


def _straight(
    scale: Scale, control: Slider | Lever, marks: Sequence[Mark], cap: float, sign: float
) -> tuple[Print, ...]:
    figures = []
    for legend, joint in marks:
        size = _size(legend, cap)
        box = box_of(legend, (0.0, 0.0), size)
        off = (box.height if control.along == "x" else box.width) / 2 + _TICK[1] + _AIR
        at = _beside(control, joint, max(scale.radius, off), sign)
        figures.append(Print("figure", control.name, legend, at, size))
    return tuple(figures)


def _beside(control: Slider | Lever, joint: float, off: float, sign: float) -> tuple[float, float]:
    """The place `off` [m] from the control's edge, beside where it stands at the joint position."""
    box = footprint(control)
    moved = control.arm * sin(joint) if isinstance(control, Lever) else joint
    if control.along == "x":
        return control.at[0] + moved, (box.y1 if sign > 0 else box.y0) + sign * off
    return (box.x1 if sign > 0 else box.x0) + sign * off, control.at[1] + moved


def _ticks(control: Knob | Slider | Lever, marks: Sequence[Mark], sign: float = 1.0) -> tuple[Tick, ...]:
    """A tick for every figure; on a scale shorter ones between, where it can stand."""
    major = sorted(at for _, at in marks)
    minor: list[float] = []
    if not control.course().detented:
        fifths = [a + (b - a) * part / 5 for a, b in pairwise(major) for part in range(1, 5)]
        minor = fifths if all(_on_step(control, at) for at in fifths) else [(a + b) / 2 for a, b in pairwise(major)]
    ticks = []
    for at, long in [(at, True) for at in major] + [(at, False) for at in minor]:
        begin, end = _TICK[0], _TICK[1] if long else (_TICK[0] + _TICK[1]) / 2
        if isinstance(control, Knob):
            (x, y), r = control.at, control.radius
            dx, dy = sin(at), cos(at)
            ticks.append(((x + (r + begin) * dx, y + (r + begin) * dy), (x + (r + end) * dx, y + (r + end) * dy), long))
        else:
            ticks.append((_beside(control, at, 0.6 * begin, sign), _beside(control, at, end, sign), long))
    return tuple(ticks)


def _on_step(control: Knob | Slider | Lever, at: float) -> bool:
    """A continuous control can stand there."""
    places = control.course().places
    return min(abs(at - p) for p in places) < 1e-6
