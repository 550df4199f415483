"""What a screen shows of its signals at one moment: every widget with its words, its state and whether it is dead.

`raster` draws this, `hit` touches this; it compares equal as long as the picture is the same.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from switch_bench.network.declare import Value
from switch_bench.screens import text as language
from switch_bench.screens.base import Page, Screen, Widget

TOUCHABLE = ("button", "toggle")


class ScreenError(ValueError):
    """A screen that is wrong in itself, or asked for with values that it can't show."""


@dataclass(frozen=True)
class Item:
    """A widget as it is shown: its words filled in, `level` 0..1 (a bar's share; a toggle's or button's 1 is on)."""

    widget: Widget
    words: str
    level: float
    enabled: bool

    @property
    def touchable(self) -> bool:
        """A touch of it is a touch of a live widget."""
        return self.enabled and self.widget.kind in TOUCHABLE


@dataclass(frozen=True)
class Shown:
    """A page as it is shown. `page` is "" and there are no items on a dark screen."""

    page: str
    title: str
    items: tuple[Item, ...]


def show(screen: Screen, values: Mapping[str, Value], now: int = 0, clock: int = 0) -> Shown:
    """What `screen` shows. values: the device's local signals; now, clock [µs] as in `text.text`.

    Raises:
        ScreenError: a signal that is needed has no value, or the page signal names no page.
    """
    name = _value(screen.page, values, "the page")
    if name == "":
        return Shown("", "", ())
    page = _page(screen, name)
    items = tuple(_item(widget, values, now, clock) for widget in page.widgets)
    return Shown(str(name), language.text(page.title, now, clock), items)


def next_redraw(screen: Screen, values: Mapping[str, Value], now: int, clock: int) -> int | None:
    """The first time [µs] after `now` at which the picture may differ while no signal changes; None: never.

    Raises as `show`.
    """
    name = _value(screen.page, values, "the page")
    if name == "":
        return None
    page = _page(screen, name)
    texts: list[Value] = [page.title]
    for widget in page.widgets:
        if widget.kind in ("value", "button") and widget.signal:
            texts.append(_value(widget.signal, values, widget.name))
        if widget.kind != "value":
            texts.append(widget.text)
    times = [t for t in (language.next_change(value, now, clock) for value in texts) if t is not None]
    return min(times, default=None)


def _page(screen: Screen, name: Value) -> Page:
    if name not in screen.pages:
        raise ScreenError(f"the signal {screen.page!r} asks for page {name!r}; there are {', '.join(screen.pages)}")
    return screen.pages[str(name)]


def _item(widget: Widget, values: Mapping[str, Value], now: int, clock: int) -> Item:
    enabled = widget.enabled is None or bool(_value(widget.enabled, values, widget.name))
    value = None if widget.signal is None else _value(widget.signal, values, widget.name)
    words, level = language.text(widget.text, now, clock) if widget.kind != "value" else "", 0.0
    if widget.kind == "value" and value is not None:
        words = fill(widget, language.text(value, now, clock) if isinstance(value, str) else value)
    elif widget.kind == "bar":
        level = min(max(float(value or 0.0), 0.0), 1.0)
    elif widget.kind == "toggle":
        level = float(bool(value))
    elif widget.kind == "button" and isinstance(value, str):
        words = fill(widget, language.text(value, now, clock))
    elif widget.kind == "button":
        level = float(bool(value))
    return Item(widget, words, level, enabled)


def fill(widget: Widget, value: Value) -> str:
    """The widget's `text` as a format, filled with `value`; with no text the value itself.

    Raises:
        ScreenError: the format doesn't take such a value.
    """
    try:
        return (widget.text or "{}").format(value)
    except (ValueError, IndexError, KeyError, AttributeError) as error:
        raise ScreenError(
            f"widget {widget.name!r}: the format {widget.text!r} doesn't take {value!r}: {error}"
        ) from error


def _value(signal: str, values: Mapping[str, Value], wanted_by: str) -> Value:
    if signal not in values:
        raise ScreenError(f"{wanted_by} shows the signal {signal!r}, which has no value")
    return values[signal]
