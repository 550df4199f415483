"""What is printed along a control's way, and which of its values is meant by it."""

from __future__ import annotations

from typing import Any

from switch_bench.devices.base import Device, Scale
from switch_bench.network.declare import Value
from switch_bench.physics.housing import Mounted

HELD = ("turn", "push_turn", "slide", "pull")
PICTURE = "a picture of "


def scale_of(device: Device, item: Mounted) -> tuple[tuple[str, float], ...]:
    """What is printed along a control's way, as (legend, joint position [rad | m]), where it isn't just its values."""
    marks = [mark for panel in device.panels if panel.name == item.panel for mark in panel.marks]
    return next((m.marks for m in marks if isinstance(m, Scale) and m.control == item.control.name), ())


def value_of(device: Device, item: Mounted, text: str) -> Any:
    """The value that a text means: the one that stands where this is printed, or the one that is called so."""
    aims = aims_of(item)
    for legend, position in scale_of(device, item):
        if _plain(legend) == _plain(text) and aims:
            return min(aims, key=lambda value: abs(aims[value] - position))
    try:
        return float(text)
    except ValueError:
        return text


def aims_of(item: Mounted) -> dict[Value, float]:
    """Which values a hand can turn or move a control to, and the joint's position there [rad | m]."""
    grips = [grip for grip in item.built.grips.values() if grip.verb in HELD]
    return {value: q for grip in grips for value, q in grip.aim.items()}


def said(legend: str) -> str:
    """What is printed, in words: "icon:bell" is a picture of a bell."""
    picture = legend.removeprefix("icon:")
    return legend if picture == legend else PICTURE + picture.replace("_", " ")


def _plain(legend: str) -> str:
    return said(legend.lower()).removeprefix(PICTURE).replace("_", " ").strip()
