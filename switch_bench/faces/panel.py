"""Panels as pictures: ground and finish, recesses, and everything printed."""

from __future__ import annotations

from collections import OrderedDict

import numpy as np

from switch_bench.controls.base import Control
from switch_bench.controls.button import PushButton
from switch_bench.controls.door import Door
from switch_bench.controls.keypad import Keypad
from switch_bench.controls.knob import Knob
from switch_bench.controls.lever import Lever
from switch_bench.controls.rocker import Rocker
from switch_bench.controls.slider import Slider
from switch_bench.controls.touchscreen import Touchscreen
from switch_bench.devices.base import Lamp, Panel
from switch_bench.faces import grain
from switch_bench.faces.colour import DARK_INK, LIGHT_INK, Colour, ink_on, luminance, mix, shift_hue
from switch_bench.faces.layout import PLAIN, FaceVariation, Layout, lay_out
from switch_bench.faces.place import Box
from switch_bench.faces.print import ICON, Print
from switch_bench.screens.canvas import Canvas
from switch_bench.screens.lettering import BOLD, MEDIUM

__all__ = ["FaceVariation", "draw_panel", "panel_pixels"]

PX_PER_M = 3000.0  # a 5 mm letter is 15 px high; what a camera sees from 0.14 m at 640 × 480
MAX_SIDE, MAX_AREA = 1024, 512 * 512  # px, px²: a wide panel may be longer than 512 px as long as it is low
_BLACK: Colour = (0.0, 0.0, 0.0)
_RECESS: Colour = (0.018, 0.020, 0.024)
_cache: OrderedDict[str, np.ndarray] = OrderedDict()
_CACHED = 256


def panel_pixels(panel: Panel, px_per_m: float | None = None) -> tuple[int, int]:
    """(width, height) of the panel's picture [px], multiples of 4.

    Without `px_per_m` as fine as is useful, and no more than 1024 px a side and 512² in all.
    """
    w, h = panel.size
    if px_per_m is None:
        px_per_m = min(PX_PER_M, MAX_SIDE / max(w, h), (MAX_AREA / (w * h)) ** 0.5)
    return max(int(w * px_per_m / 4) * 4, 4), max(int(h * px_per_m / 4) * 4, 4)


def draw_panel(panel: Panel, px_per_m: float | None = None, variation: FaceVariation = PLAIN) -> np.ndarray:
    """The panel's picture, (h, w, 3) uint8 RGB, see `panel_pixels`; read-only, as it is cached.

    Raises:
        PanelError: see `layout.lay_out`.
        UnknownIconError: a mark or label names a pictogram that isn't there.
    """
    key = f"{panel!r} {px_per_m!r} {variation!r}"
    if key not in _cache:
        picture = _Painter(panel, *panel_pixels(panel, px_per_m), variation).paint(lay_out(panel, variation))
        picture.flags.writeable = False
        _cache[key] = picture
        if len(_cache) > _CACHED:
            _cache.popitem(last=False)
    _cache.move_to_end(key)
    return _cache[key]


class _Painter:
    """Draws one panel; takes metres in the panel's frame."""

    def __init__(self, panel: Panel, width: int, height: int, variation: FaceVariation):
        self.panel, self.variation = panel, variation
        self.width, self.height = width, height
        self.sx, self.sy = width / panel.size[0], height / panel.size[1]
        self.unit = (self.sx * self.sy) ** 0.5
        self.ground = shift_hue(panel.colour, variation.hue)
        self.ink = ink_on(self.ground)
        self.fade = 1.0 - 0.45 * variation.wear
        surface = _surface(panel, self.ground, width, height)
        self.canvas = Canvas(width, height, surface, oversample=3 if width * height > 150_000 else 4)

    def paint(self, layout: Layout) -> np.ndarray:
        self._bezel()
        for control in self.panel.controls:
            self._surround(control, layout.footprints[control.name])
        for display in self.panel.displays:
            self._recess(Box.about(*display.at, *display.size))
        for lamp in self.panel.lamps:
            self._lamp(lamp)
        for scale in layout.scales:
            for begin, end, long in scale.ticks:
                self._line((begin, end), self.ink, 0.0007 if long else 0.0005, self.fade)
            for figure in scale.figures:
                self._print(figure)
        for item in layout.prints:
            self._print(item)
        picture = self.canvas.result()
        return _worn(picture, self.variation) if self.variation.wear > 0 else picture

    def _px(self, x: float, y: float) -> tuple[float, float]:
        return (x + self.panel.size[0] / 2) * self.sx, (self.panel.size[1] / 2 - y) * self.sy

    def _rect(self, box: Box, colour: Colour, radius: float = 0.0, stroke: float = 0.0, alpha: float = 1.0) -> None:
        x, y = self._px(box.x0, box.y1)
        w, h = box.width * self.sx, box.height * self.sy
        self.canvas.rect(x, y, w, h, colour, radius * self.unit, stroke * self.unit, alpha)

    def _line(self, points: tuple[tuple[float, float], ...], colour: Colour, width: float, alpha: float = 1.0) -> None:
        self.canvas.line([self._px(*p) for p in points], colour, max(width * self.unit, 0.8), alpha)

    def _print(self, item: Print) -> None:
        colour = self.ink if item.colour is None else shift_hue(item.colour, self.variation.hue)
        x, y = self._px(*item.at)
        if item.leader:
            self._line(item.leader, colour, 0.0004, 0.75 * self.fade)
        if item.content.startswith(ICON):
            self.canvas.icon(item.content.removeprefix(ICON), x, y, item.cap * self.unit, colour, self.fade)
        else:
            weight = BOLD if item.bold else MEDIUM
            self.canvas.text(item.content, x, y, item.cap * self.unit, colour, weight, alpha=self.fade)

    def _bezel(self) -> None:
        """A rounded edge that catches light above and lies in shadow below."""
        box = Box.about(0.0, 0.0, *self.panel.size)
        edge = min(0.0012, min(self.panel.size) * 0.02)
        self._rect(box, _BLACK, stroke=0.4 * edge, alpha=0.30)
        inner = box.grown(-0.4 * edge)
        top = ((inner.x0, inner.y1 - 0.4 * edge), (inner.x1, inner.y1 - 0.4 * edge))
        low = ((inner.x0, inner.y0 + 0.4 * edge), (inner.x1, inner.y0 + 0.4 * edge))
        self._line(top, (1.0, 1.0, 1.0), edge * 0.6, 0.22)
        self._line(low, _BLACK, edge * 0.6, 0.18)

    def _recess(self, box: Box) -> None:
        """The dark window a display lies in."""
        self._rect(box.grown(0.0024), mix(self.ground, _BLACK, 0.55), 0.0022, alpha=0.8)
        self._rect(box.grown(0.0016), _RECESS, 0.0016)
        shine = ((box.x0 - 0.001, box.y0 - 0.0021), (box.x1 + 0.001, box.y0 - 0.0021))
        self._line(shine, (1.0, 1.0, 1.0), 0.0004, 0.22)

    def _lamp(self, lamp: Lamp) -> None:
        x, y = self._px(*lamp.at)
        self.canvas.disc(x, y, (lamp.size / 2 + 0.0009) * self.unit, mix(self.ground, _BLACK, 0.6))
        self.canvas.disc(x, y, lamp.size / 2 * self.unit, mix(lamp.colour, _BLACK, 0.7))

    def _surround(self, control: Control, box: Box) -> None:
        """What the panel has where a control comes through it."""
        dark = mix(self.ground, _BLACK, 0.72)
        x, y = self._px(*control.at)
        if isinstance(control, Knob):
            for grow, alpha in ((0.0030, 0.10), (0.0018, 0.16), (0.0008, 0.30)):
                self.canvas.disc(x, y + 0.0004 * self.unit, (control.radius + grow) * self.unit, _BLACK, alpha)
        elif isinstance(control, PushButton):
            self._gap(box, dark, round_=control.shape == "round")
        elif isinstance(control, Rocker):
            self._rect(box.grown(0.0016), mix(self.ground, _BLACK, 0.16), 0.0016)
            self._rect(box.grown(0.0006), dark, 0.0008)
        elif isinstance(control, Keypad):
            self._rect(box.grown(0.0024), mix(self.ground, ink_on(self.ground), 0.10), 0.0030)
            self._rect(box.grown(0.0024), mix(self.ground, ink_on(self.ground), 0.38), 0.0030, stroke=0.0005)
            for key in control.keys_as_buttons():
                self._gap(Box.about(*key.at, *key.size), dark)
        elif isinstance(control, Touchscreen):
            self._rect(box.grown(0.0035), _RECESS, 0.003)
            self._rect(box.grown(0.0035), mix(self.ground, (0.5, 0.5, 0.5), 0.5), 0.003, stroke=0.0005)
        elif isinstance(control, Slider | Lever):
            self._slot(control, box)
        elif isinstance(control, Door):
            self._rect(box.grown(0.0012), mix(self.ground, _BLACK, 0.55), 0.001)
        else:
            self._rect(box.grown(0.0008), dark, 0.001)

    def _gap(self, box: Box, colour: Colour, round_: bool = False) -> None:
        x, y = self._px(*box.centre)
        if round_:
            self.canvas.disc(x, y, (box.width / 2 + 0.0008) * self.unit, colour)
        else:
            self._rect(box.grown(0.0007), colour, 0.0012)

    def _slot(self, control: Slider | Lever, box: Box) -> None:
        x, y = box.centre
        slot = Box.about(x, y, box.width, 0.0034) if control.along == "x" else Box.about(x, y, 0.0034, box.height)
        self._rect(slot.grown(0.0006), mix(self.ground, _BLACK, 0.35), 0.002)
        self._rect(slot, _RECESS, 0.0016)


def _surface(panel: Panel, colour: Colour, width: int, height: int) -> np.ndarray:
    """The bare ground, (height, width, 3) uint8."""
    rng = np.random.Generator(np.random.PCG64([width, height]))
    down = np.linspace(0.0, 1.0, height)[:, None]
    across = np.linspace(0.0, 1.0, width)[None, :]
    base = np.broadcast_to(np.asarray(colour), (height, width, 3))
    if panel.finish == "brushed":
        streaks = _tiled(grain.noise(rng, 512, 0.3, (60.0, 1.0)), width, height)
        sheen = 0.035 * np.cos((across - 0.4) * 5.0) - 0.03 * down
        return _rgb8(base * (1.0 + 0.022 * streaks + sheen)[..., None])
    if panel.finish == "wood":
        light = mix(colour, (1.0, 1.0, 1.0), 0.16)
        sheet = grain.wood(rng, 512, (light, colour, mix(colour, _BLACK, 0.45)), rings=6)
        return _rgb8(_tiled(sheet.transpose(1, 0, 2) if width > height else sheet, width, height))
    if panel.finish == "glass":
        band = np.clip(1.0 - np.abs((across + 0.55 * down) - 0.62) * 4.5, 0.0, 1.0) * 0.030
        return _rgb8(base * (1.06 - 0.12 * down)[..., None] + band[..., None])
    return _rgb8(base * (1.015 - 0.03 * down + 0.0 * across)[..., None])


def _tiled(tile: np.ndarray, width: int, height: int) -> np.ndarray:
    """A seamless tile repeated to (height, width, …)."""
    return tile[np.arange(height) % tile.shape[0]][:, np.arange(width) % tile.shape[1]]


def _rgb8(picture: np.ndarray) -> np.ndarray:
    return np.clip(picture * 255.0 + 0.5, 0, 255).astype(np.uint8)


def _worn(picture: np.ndarray, variation: FaceVariation) -> np.ndarray:
    """Scuffs and grease over a picture."""
    height, width = picture.shape[:2]
    rng = np.random.Generator(np.random.PCG64([variation.seed, width, height]))
    grease = np.clip(_tiled(grain.noise(rng, 512, 1.5), width, height) - 0.3, 0.0, 2.0)
    fine = _tiled(grain.noise(rng, 512, 0.2), width, height)
    scratches = Canvas(width, height, _BLACK, oversample=2)
    for _ in range(round(14 * variation.wear)):
        x, y = rng.uniform(0, width), rng.uniform(0, height)
        dx, dy = rng.normal(0, 0.10 * width), rng.normal(0, 0.03 * height)
        scratches.line([(x, y), (x + dx, y + dy)], LIGHT_INK, 0.7, float(rng.uniform(0.2, 0.6)))
    level = scratches.result()[..., :1].astype(float) / 255.0
    tone = 1.0 - variation.wear * (0.07 * grease + 0.015 * fine)[..., None]
    paint = LIGHT_INK if luminance((picture.mean() / 255.0,) * 3) < 0.3 else DARK_INK
    worn = picture / 255.0 * tone
    return _rgb8(worn + (np.asarray(paint) - worn) * level * 0.35 * variation.wear)
