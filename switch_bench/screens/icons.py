"""Pictograms by name: `icon("standby", 32, (1, 1, 1))`. The drawings are data, in `glyphs.py`."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Iterator
from functools import lru_cache

import cv2
import numpy as np

from switch_bench.screens.glyphs import GLYPHS

_SIDE = 400  # px the pictograms are first drawn at


class UnknownIconError(ValueError):
    """There is no pictogram of this name."""

    def __init__(self, name: str):
        close = difflib.get_close_matches(name, GLYPHS, n=3, cutoff=0.5)
        hint = f"; did you mean {' or '.join(close)}?" if close else f"; there are {', '.join(sorted(GLYPHS))}"
        super().__init__(f"no pictogram named {name!r}{hint}")
        self.name, self.close = name, tuple(close)


def names() -> tuple[str, ...]:
    """All pictograms, sorted."""
    return tuple(sorted(GLYPHS))


def icon(name: str, size: int, colour: tuple[float, float, float] = (1.0, 1.0, 1.0)) -> np.ndarray:
    """The pictogram in one colour (0..1) on transparent ground: (size, size, 4) uint8 RGBA.

    Raises:
        UnknownIconError: no such name; says which come close.
    """
    picture = np.empty((size, size, 4), np.uint8)
    picture[..., :3] = [round(255 * c) for c in colour]
    picture[..., 3] = icon_mask(name, size)
    return picture


@lru_cache(maxsize=512)
def icon_mask(name: str, size: int) -> np.ndarray:
    """The pictogram's coverage, (size, size) uint8. Raises as `icon`."""
    mask = cv2.resize(_draw(name), (size, size), interpolation=cv2.INTER_AREA)
    mask.flags.writeable = False
    return mask


@lru_cache(maxsize=256)
def _draw(name: str) -> np.ndarray:
    if name not in GLYPHS:
        raise UnknownIconError(name)
    mask = np.zeros((_SIDE, _SIDE), np.uint8)
    _run(GLYPHS[name], _Pen(mask))
    return mask


class _Pen:
    """Draws a glyph's commands; `place` maps the glyph's square onto the raster."""

    def __init__(self, mask: np.ndarray, centre: tuple[float, float] = (50.0, 50.0), size: float = 100.0):
        self.mask, self.centre, self.size = mask, centre, size
        self.width = 8.0
        self.value = 255
        self.angle = 0.0

    def place(self, points: np.ndarray) -> np.ndarray:
        cos, sin = np.cos(self.angle), np.sin(self.angle)
        turned = (points - 50.0) @ np.array([[cos, sin], [-sin, cos]])
        return (turned * (self.size / 100.0) + self.centre) * (_SIDE / 100.0)

    def stroke(self, points: np.ndarray) -> None:
        path = np.round(self.place(points) * 16).astype(np.int32)
        width = max(round(self.width * self.size / 100.0 * _SIDE / 100.0), 1)
        cv2.polylines(self.mask, [path], False, (self.value,), width, cv2.LINE_AA, 4)

    def fill(self, points: np.ndarray) -> None:
        path = np.round(self.place(points) * 16).astype(np.int32)
        cv2.fillPoly(self.mask, [path], (self.value,), cv2.LINE_AA, 4)


def _run(glyph: str, pen: _Pen) -> None:
    for word, numbers, name in _commands(glyph):
        head = word
        times = 1
        pen.value = 255
        if head.startswith("!"):
            pen.value, head = 0, head[1:]
        if head.startswith("*"):
            times, head = int(head[1:-1]), head[-1]
        if head == "W":
            pen.width = numbers[0]
        elif head == "U":
            x, y, size = numbers
            middle = pen.place(np.array([[x, y]]))[0] * (100.0 / _SIDE)
            _run(GLYPHS[name], _Pen(pen.mask, (float(middle[0]), float(middle[1])), pen.size * size / 100.0))
        else:
            outline, filled = _SHAPES[head]
            for turn in range(times):
                pen.angle = 2 * np.pi * turn / times
                (pen.fill if filled else pen.stroke)(outline(numbers))
            pen.angle = 0.0


def _commands(glyph: str) -> Iterator[tuple[str, list[float], str]]:
    for command in filter(None, (c.strip() for c in glyph.split(";"))):
        head, *rest = command.replace("*", " *").split()
        if head.startswith("*"):
            head, rest = head + rest[0], rest[1:]
        name = rest.pop() if head == "U" else ""
        yield head, [float(n) for n in rest], name


def _points(numbers: list[float]) -> np.ndarray:
    return np.array(numbers).reshape(-1, 2)


def _arc(numbers: list[float]) -> np.ndarray:
    x, y, r, a, b = numbers
    turn = np.radians(np.linspace(a, b, 64))
    return np.stack([x + r * np.sin(turn), y - r * np.cos(turn)], 1)


def _circle(numbers: list[float]) -> np.ndarray:
    return _arc([*numbers, 0.0, 360.0])


def _spiral(numbers: list[float]) -> np.ndarray:
    x, y, r, turns = numbers
    share = np.linspace(0.06, 1.0, 128)
    turn = share * turns * 2 * np.pi
    return np.stack([x + r * share * np.sin(turn), y - r * share * np.cos(turn)], 1)


def _rectangle(numbers: list[float]) -> np.ndarray:
    x0, y0, x1, y1, r = numbers
    r = max(r, 0.01)
    corners = [(x1 - r, y0 + r, 0.0), (x1 - r, y1 - r, 90.0), (x0 + r, y1 - r, 180.0), (x0 + r, y0 + r, 270.0)]
    path = np.concatenate([_arc([x, y, r, a, a + 90.0]) for x, y, a in corners])
    return np.concatenate([path, path[:1]])


def _smooth(numbers: list[float], closed: bool = False) -> np.ndarray:
    """Catmull–Rom through the points."""
    p = _points(numbers)
    p = np.concatenate([p[-1:], p, p[:2]]) if closed else np.concatenate([p[:1], p, p[-1:]])
    t = np.linspace(0.0, 1.0, 12)[:, None]
    spans = []
    for a, b, c, d in zip(p, p[1:], p[2:], p[3:], strict=False):
        spans.append(0.5 * (2 * b + (c - a) * t + (2 * a - 5 * b + 4 * c - d) * t**2 + (3 * b - a - 3 * c + d) * t**3))
    return np.concatenate(spans)


def _smooth_closed(numbers: list[float]) -> np.ndarray:
    return _smooth(numbers, closed=True)


_SHAPES: dict[str, tuple[Callable[[list[float]], np.ndarray], bool]] = {
    "L": (_points, False),
    "P": (_points, True),
    "S": (_smooth, False),
    "F": (_smooth_closed, True),
    "C": (_circle, False),
    "D": (_circle, True),
    "A": (_arc, False),
    "R": (_rectangle, False),
    "B": (_rectangle, True),
    "H": (_spiral, False),
}
