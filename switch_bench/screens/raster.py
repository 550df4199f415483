"""Draws what a screen shows: a flat GUI that stays readable when the whole screen is a hand's width in the picture."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from switch_bench.network.declare import Value
from switch_bench.screens.base import Screen
from switch_bench.screens.canvas import Canvas, Colour
from switch_bench.screens.lettering import BOLD, MEDIUM, fit, measure, wrap
from switch_bench.screens.shown import Item, Shown, show

TITLE = 0.115  # share of the screen's height that a titled page's bar takes; widgets may still lie on it
_OFF = (0.012, 0.014, 0.018)  # a screen that is dark


@dataclass(frozen=True)
class Theme:
    """The colours of a GUI, RGB 0..1."""

    ground: Colour
    bar: Colour
    ink: Colour
    dim: Colour
    key: Colour
    edge: Colour
    accent: Colour = (0.16, 0.52, 0.96)
    on: Colour = (0.18, 0.72, 0.38)
    on_accent: Colour = (1.0, 1.0, 1.0)


DARK = Theme(
    ground=(0.07, 0.085, 0.11),
    bar=(0.11, 0.13, 0.165),
    ink=(0.96, 0.97, 0.98),
    dim=(0.62, 0.66, 0.72),
    key=(0.185, 0.21, 0.255),
    edge=(0.28, 0.31, 0.36),
)
LIGHT = Theme(
    ground=(0.955, 0.96, 0.97),
    bar=(0.88, 0.9, 0.925),
    ink=(0.09, 0.11, 0.14),
    dim=(0.38, 0.41, 0.46),
    key=(1.0, 1.0, 1.0),
    edge=(0.74, 0.77, 0.81),
)


def render(screen: Screen, values: Mapping[str, Value], now: int = 0, clock: int = 0) -> np.ndarray:
    """The screen's picture (h, w, 3) uint8 RGB at its own size; read-only, as it is cached.

    values: the device's local signals. now, clock [µs]: simulated time, and the time of day at its zero.

    Raises:
        ScreenError: see `shown.show`.
        UnknownIconError: a widget names a pictogram that isn't there.
    """
    return _draw(screen.size, screen.dark, show(screen, values, now, clock))


@lru_cache(maxsize=128)
def _draw(size: tuple[int, int], dark: bool, shown: Shown) -> np.ndarray:
    width, height = size
    theme = DARK if dark else LIGHT
    if shown.page == "":
        picture = Canvas(width, height, _OFF, oversample=1).result()
    else:
        canvas = Canvas(width, height, theme.ground, oversample=3)
        if shown.title:
            bar = TITLE * height
            canvas.rect(0, 0, width, bar, theme.bar)
            cap = fit(shown.title, width * 0.7, bar * 0.45, bar * 0.42, BOLD)
            canvas.text(shown.title, width / 2, bar / 2, cap, theme.ink, BOLD)
        for item in shown.items:
            _PAINTERS[item.widget.kind](canvas, item, theme)
        picture = canvas.result()
    picture.flags.writeable = False
    return picture


def _fade(colour: Colour, ground: Colour, enabled: bool) -> Colour:
    if enabled:
        return colour
    r, g, b = (0.28 * c + 0.72 * d for c, d in zip(colour, ground, strict=True))
    return r, g, b


def _radius(w: float, h: float) -> float:
    return min(0.16 * min(w, h), 14.0)


def _button(canvas: Canvas, item: Item, theme: Theme) -> None:
    x, y, w, h = item.widget.rect
    lit = item.widget.accent or item.level > 0
    face = _fade(theme.accent if lit else theme.key, theme.ground, item.enabled)
    ink = _fade(theme.on_accent if lit else theme.ink, theme.ground, item.enabled)
    radius = _radius(w, h)
    canvas.rect(x + 1, y + 1, w - 2, h - 2, face, radius)
    if not lit:
        canvas.rect(x + 1, y + 1, w - 2, h - 2, _fade(theme.edge, theme.ground, item.enabled), radius, stroke=1.3)
    _legend(canvas, item, (x, y, w, h), ink)


def _legend(canvas: Canvas, item: Item, rect: tuple[float, float, float, float], ink: Colour) -> None:
    """Pictogram and words inside `rect`: beside each other where it is wide, else the words below."""
    x, y, w, h = rect
    name, words = item.widget.icon, item.words
    pad = min(w, h) * 0.14
    if name and words and w >= 1.9 * h:
        side = h * 0.52
        cap = _cap(words, w - 3 * pad - side, h)
        wide = side + pad + measure(words, cap, MEDIUM)[0]
        left = x + (w - wide) / 2
        canvas.icon(name, left + side / 2, y + h / 2, side, ink)
        canvas.text(words, left + side + pad, y + h / 2, cap, ink, align="left")
    elif name and words:
        cap = min(_cap(words, w - 2 * pad * 0.7, h), h * 0.16)
        side = min(w - 2 * pad, h - 3 * pad - cap)
        canvas.icon(name, x + w / 2, y + pad + side / 2, side, ink)
        canvas.text(words, x + w / 2, y + h - pad - cap / 2, cap, ink)
    elif name:
        canvas.icon(name, x + w / 2, y + h / 2, min(w, h) * 0.62, ink)
    elif words:
        cap = _cap(words, w - 2 * pad, h)
        if cap < h * 0.2 and " " in words:
            words = wrap(words, w - 2 * pad, h * 0.2)
            cap = fit(words, w - 2 * pad, h - 2 * pad, h * 0.24)
        canvas.text(words, x + w / 2, y + h / 2, cap, ink)


def _cap(words: str, width: float, height: float) -> float:
    return fit(words, width, height * 0.5, min(height * 0.3, 22.0))


def _toggle(canvas: Canvas, item: Item, theme: Theme) -> None:
    x, y, w, h = item.widget.rect
    on = item.level > 0
    canvas.rect(x + 1, y + 1, w - 2, h - 2, _fade(theme.key, theme.ground, item.enabled), _radius(w, h))
    track_h = min(h * 0.46, 26.0, w * 0.3)
    track_w = track_h * 1.8
    wide = w >= 2.2 * h
    if wide:
        left, middle = x + w - track_w - h * 0.2, y + h / 2
        words = (x, y, left - x, h)
    else:
        left, middle = x + (w - track_w) / 2, y + h - track_h * 0.5 - h * 0.1
        words = (x, y, w, middle - track_h / 2 - y)
    colour = _fade(theme.on if on else theme.edge, theme.ground, item.enabled)
    canvas.rect(left, middle - track_h / 2, track_w, track_h, colour, track_h / 2)
    knob = left + (track_w - track_h / 2 if on else track_h / 2)
    canvas.disc(knob, middle, track_h * 0.4, _fade((1.0, 1.0, 1.0), theme.ground, item.enabled))
    if item.words or item.widget.icon:
        _legend(canvas, item, words, _fade(theme.ink, theme.ground, item.enabled))


def _label(canvas: Canvas, item: Item, theme: Theme) -> None:
    x, y, w, h = item.widget.rect
    accent = item.widget.accent
    colour = _fade(theme.ink if accent else theme.dim, theme.ground, item.enabled)
    weight = BOLD if accent else MEDIUM
    if item.words:
        canvas.text(item.words, x + w / 2, y + h / 2, fit(item.words, w, h * 0.8, h * 0.56, weight), colour, weight)


def _value(canvas: Canvas, item: Item, theme: Theme) -> None:
    x, y, w, h = item.widget.rect
    colour = _fade(theme.accent if item.widget.accent else theme.ink, theme.ground, item.enabled)
    if item.widget.icon:
        side = h * 0.8
        canvas.icon(item.widget.icon, x + side / 2, y + h / 2, side, colour)
        x, w = x + side * 1.15, w - side * 1.15
    if item.words.strip():
        cap = fit(item.words, w, h * 0.8, h * 0.72)
        canvas.text(item.words, x + w / 2, y + h / 2, cap, colour)


def _bar(canvas: Canvas, item: Item, theme: Theme) -> None:
    x, y, w, h = item.widget.rect
    upright = h > w
    radius = min(w, h) / 2
    canvas.rect(x, y, w, h, _fade(theme.edge, theme.ground, item.enabled), radius)
    colour = _fade(theme.accent, theme.ground, item.enabled)
    if item.level <= 0:
        return
    if upright:
        length = max(h * item.level, 2 * radius)
        canvas.rect(x, y + h - length, w, length, colour, radius)
    else:
        canvas.rect(x, y, max(w * item.level, 2 * radius), h, colour, radius)


def _icon(canvas: Canvas, item: Item, theme: Theme) -> None:
    x, y, w, h = item.widget.rect
    colour = _fade(theme.accent if item.widget.accent else theme.ink, theme.ground, item.enabled)
    canvas.icon(item.widget.icon, x + w / 2, y + h / 2, min(w, h), colour)


_PAINTERS = {"button": _button, "toggle": _toggle, "label": _label, "value": _value, "bar": _bar, "icon": _icon}
