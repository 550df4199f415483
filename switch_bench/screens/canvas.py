"""A small antialiased painter: shapes, letters and pictograms on an RGB raster, drawn large and averaged down."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Literal

import cv2
import numpy as np

from switch_bench.screens.icons import icon_mask
from switch_bench.screens.lettering import LINE, MEDIUM, line_mask, measure

Colour = tuple[float, float, float]
Point = tuple[float, float]


class Canvas:
    """A raster of (height, width) px under construction, row 0 on top. Coordinates are px, may be fractions, y down."""

    def __init__(self, width: int, height: int, ground: Colour | np.ndarray = (0.0, 0.0, 0.0), oversample: int = 4):
        """`ground`: a colour, or an RGB raster (height, width, 3) uint8 to paint on."""
        self.width, self.height, self.scale = width, height, oversample
        size = (height * oversample, width * oversample)
        if isinstance(ground, np.ndarray):
            self._raster = cv2.resize(ground, size[::-1], interpolation=cv2.INTER_NEAREST)
        else:
            self._raster = np.full((*size, 3), rgb8(ground), np.uint8)

    def result(self) -> np.ndarray:
        """The picture, (height, width, 3) uint8 RGB."""
        return cv2.resize(self._raster, (self.width, self.height), interpolation=cv2.INTER_AREA)

    def rect(
        self,
        x: float,
        y: float,
        w: float,
        h: float,
        colour: Colour,
        radius: float = 0.0,
        stroke: float = 0.0,
        alpha=1.0,
    ) -> None:
        """A rectangle from its upper left corner; filled, or drawn as an outline of width `stroke` inside its edge."""
        s = self.scale
        r = min(radius, w / 2, h / 2)

        def draw(mask: np.ndarray, ox: int, oy: int) -> None:
            _rounded(mask, x * s - ox, y * s - oy, w * s, h * s, r * s, 255)
            if stroke > 0:
                inner = max(r - stroke, 0.0)
                x0, y0 = (x + stroke) * s - ox, (y + stroke) * s - oy
                _rounded(mask, x0, y0, (w - 2 * stroke) * s, (h - 2 * stroke) * s, inner * s, 0)

        self._shape(x, y, x + w, y + h, draw, colour, alpha)

    def disc(self, x: float, y: float, radius: float, colour: Colour, alpha: float = 1.0) -> None:
        """A filled circle."""
        s = self.scale

        def draw(mask: np.ndarray, ox: int, oy: int) -> None:
            cv2.circle(mask, _fixed(x * s - ox, y * s - oy), round(radius * s * 16), (255,), -1, cv2.LINE_AA, 4)

        self._shape(x - radius, y - radius, x + radius, y + radius, draw, colour, alpha)

    def ring(self, x: float, y: float, radius: float, colour: Colour, stroke: float = 1.0, alpha: float = 1.0) -> None:
        """A circle's line of width `stroke`, centred on `radius`."""
        turn = np.linspace(0, 2 * np.pi, 65)
        points = [(x + radius * float(np.cos(a)), y + radius * float(np.sin(a))) for a in turn]
        self.line(points, colour, stroke, alpha)

    def line(self, points: Sequence[Point], colour: Colour, stroke: float = 1.0, alpha: float = 1.0) -> None:
        """An open line through `points` with round ends and joints."""
        s = self.scale
        width = max(round(stroke * s), 1)

        def draw(mask: np.ndarray, ox: int, oy: int) -> None:
            path = np.array([_fixed(px * s - ox, py * s - oy) for px, py in points], np.int32)
            cv2.polylines(mask, [path], False, (255,), width, cv2.LINE_AA, 4)

        xs, ys = [p[0] for p in points], [p[1] for p in points]
        pad = stroke
        self._shape(min(xs) - pad, min(ys) - pad, max(xs) + pad, max(ys) + pad, draw, colour, alpha)

    def polygon(self, points: Sequence[Point], colour: Colour, alpha: float = 1.0) -> None:
        """A filled polygon."""
        s = self.scale

        def draw(mask: np.ndarray, ox: int, oy: int) -> None:
            path = np.array([_fixed(px * s - ox, py * s - oy) for px, py in points], np.int32)
            cv2.fillPoly(mask, [path], (255,), cv2.LINE_AA, 4)

        xs, ys = [p[0] for p in points], [p[1] for p in points]
        self._shape(min(xs), min(ys), max(xs), max(ys), draw, colour, alpha)

    def text(
        self,
        text: str,
        x: float,
        y: float,
        cap: float,
        colour: Colour,
        weight: int = MEDIUM,
        align: Literal["left", "centre", "right"] = "centre",
        alpha: float = 1.0,
    ) -> None:
        """Lines of text, their block of capitals (see `lettering.measure`) centred on the height `y`.

        x: the left edge, middle or right edge, by `align`.
        """
        s = self.scale
        big = max(round(cap * s), 2)
        lines = text.split("\n")
        base = y * s - measure(text, big, weight)[1] / 2 + big
        share = {"left": 0.0, "centre": 0.5, "right": 1.0}[align]
        for line in lines:
            mask, mx, my = line_mask(line, big, weight)
            left = x * s - share * measure(line, big, weight)[0]
            self._blend(mask, round(left) - mx, round(base) - my, colour, alpha)
            base += LINE * big

    def icon(self, name: str, x: float, y: float, size: float, colour: Colour, alpha: float = 1.0) -> None:
        """The pictogram `name` in a square of side `size` about (x, y)."""
        side = max(round(size * self.scale), 4)
        half = size * self.scale / 2
        self._blend(icon_mask(name, side), round(x * self.scale - half), round(y * self.scale - half), colour, alpha)

    def paste(self, image: np.ndarray, x: float, y: float, w: float, h: float) -> None:
        """An RGB picture, stretched into the rectangle; what lies outside the canvas is cut off."""
        s = self.scale
        x0, y0, x1, y1 = round(x * s), round(y * s), round((x + w) * s), round((y + h) * s)
        big = cv2.resize(image, (max(x1 - x0, 1), max(y1 - y0, 1)), interpolation=cv2.INTER_AREA)
        full = np.full(big.shape[:2], 255, np.uint8)
        clip = _clip(full, x0, y0, self._raster)
        if clip is not None:
            rows, columns, mask_rows, mask_columns = clip
            self._raster[rows, columns] = big[mask_rows, mask_columns]

    def _shape(
        self, x0: float, y0: float, x1: float, y1: float, draw: Callable[..., None], colour: Colour, alpha: float
    ) -> None:
        s = self.scale
        ox, oy = int(np.floor(x0 * s)) - 2, int(np.floor(y0 * s)) - 2
        mask = np.zeros((int(np.ceil(y1 * s)) + 3 - oy, int(np.ceil(x1 * s)) + 3 - ox), np.uint8)
        draw(mask, ox, oy)
        self._blend(mask, ox, oy, colour, alpha)

    def _blend(self, mask: np.ndarray, x: int, y: int, colour: Colour, alpha: float) -> None:
        clip = _clip(mask, x, y, self._raster)
        if clip is None:
            return
        rows, columns, mask_rows, mask_columns = clip
        under = self._raster[rows, columns]
        cover = mask[mask_rows, mask_columns, None].astype(np.uint16)
        if alpha < 1.0:
            cover = (cover * alpha).astype(np.uint16)
        paint = np.array(rgb8(colour), np.uint16)
        mixed: np.ndarray = under * (255 - cover)
        mixed += paint * cover
        mixed += 128
        mixed += mixed >> 8  # with the shift below: division by 255, rounded to the nearest, without a division
        np.right_shift(mixed, 8, out=under, casting="unsafe")


def rgb8(colour: Colour) -> tuple[int, int, int]:
    """A colour of 0..1 as 0..255, clipped."""
    r, g, b = (round(255 * min(max(c, 0.0), 1.0)) for c in colour)
    return r, g, b


def _fixed(x: float, y: float) -> tuple[int, int]:
    """OpenCV's fixed point with four fractional bits; its pixel centres lie on whole numbers."""
    return round((x - 0.5) * 16), round((y - 0.5) * 16)


def _rounded(mask: np.ndarray, x: float, y: float, w: float, h: float, r: float, value: int) -> None:
    if w <= 0 or h <= 0:
        return
    x0, y0, x1, y1 = round(x), round(y), round(x + w) - 1, round(y + h) - 1
    r = round(r)
    if r < 1:
        cv2.rectangle(mask, (x0, y0), (x1, y1), (value,), -1)
        return
    cv2.rectangle(mask, (x0 + r, y0), (x1 - r, y1), (value,), -1)
    cv2.rectangle(mask, (x0, y0 + r), (x1, y1 - r), (value,), -1)
    for cx in (x0 + r, x1 - r):
        for cy in (y0 + r, y1 - r):
            cv2.circle(mask, (cx, cy), r, (value,), -1)


def _clip(mask: np.ndarray, x: int, y: int, raster: np.ndarray) -> tuple[slice, slice, slice, slice] | None:
    height, width = raster.shape[:2]
    x0, y0 = max(x, 0), max(y, 0)
    x1, y1 = min(x + mask.shape[1], width), min(y + mask.shape[0], height)
    if x0 >= x1 or y0 >= y1:
        return None
    return slice(y0, y1), slice(x0, x1), slice(y0 - y, y1 - y), slice(x0 - x, x1 - x)
