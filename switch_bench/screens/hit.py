"""From a contact point to the widget under it."""

from __future__ import annotations

from collections.abc import Mapping

from switch_bench.network.declare import Value
from switch_bench.screens.base import Screen
from switch_bench.screens.shown import show


def pixel(screen: Screen, u: float, v: float) -> tuple[int, int]:
    """The pixel (column, row) at the share u of the width from the left and v of the height from the top."""
    width, height = screen.size
    return min(int(u * width), width - 1), min(int(v * height), height - 1)


def hit(screen: Screen, values: Mapping[str, Value], u: float, v: float) -> str:
    """Name of the enabled button or toggle at (u, v), shares 0..1 from the upper left corner; "" if there is none.

    values: the device's local signals, at least the page's and those of the page's widgets. Raises as `show`.
    """
    if not (0.0 <= u <= 1.0 and 0.0 <= v <= 1.0):
        return ""
    column, row = pixel(screen, u, v)
    for item in reversed(show(screen, values).items):  # what is drawn later lies on top
        x, y, w, h = item.widget.rect
        if x <= column < x + w and y <= row < y + h and item.touchable:
            return item.widget.name
    return ""
