"""Set-of-marks: numbers drawn on a picture, each on or next to its point."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from math import cos, pi, sin

import numpy as np

from switch_bench.faces.place import Box, free, spread
from switch_bench.screens.canvas import Canvas
from switch_bench.screens.lettering import BOLD, measure

_PLATE = (0.98, 0.86, 0.10)
_INK = (0.03, 0.03, 0.05)
_RINGS = (0.0, 0.9, 1.3, 1.8, 2.5, 3.4, 4.5)  # distances tried, in plate heights
_DIRECTIONS = tuple((cos(a), sin(a)) for a in (-pi / 4, -3 * pi / 4, -pi / 2, 0, pi, pi / 4, 3 * pi / 4, pi / 2))


def draw_marks(image: np.ndarray, marks: Iterable[tuple[int, tuple[float, float]]], cap: float = 8.0) -> np.ndarray:
    """A copy of `image` (h, w, 3 uint8) with a numbered plate for every (number, (x, y) [px]).

    A plate sits on its point; where points crowd, it is set aside and a thin line leads to the point. cap: height of
    the figures [px]. Points outside the picture get no plate.
    """
    height, width = image.shape[:2]
    inside = [(n, (x, y)) for n, (x, y) in marks if 0 <= x < width and 0 <= y < height]
    plates = place_marks(inside, width, height, cap)
    canvas = Canvas(width, height, np.ascontiguousarray(image), oversample=3)
    for (_, (x, y)), plate in zip(inside, plates, strict=True):
        if not plate.x0 <= x <= plate.x1 or not plate.y0 <= y <= plate.y1:
            canvas.line([(x, y), plate.centre], _INK, 2.6, alpha=0.7)
            canvas.line([(x, y), plate.centre], _PLATE, 1.2)
            canvas.disc(x, y, 2.4, _INK)
            canvas.disc(x, y, 1.6, _PLATE)
    for (number, _), plate in zip(inside, plates, strict=True):
        x, y = plate.centre
        canvas.rect(plate.x0 - 0.8, plate.y0 - 0.8, plate.width + 1.6, plate.height + 1.6, _INK, 3.2)
        canvas.rect(plate.x0, plate.y0, plate.width, plate.height, _PLATE, 2.6)
        canvas.text(str(number), x, y, cap, _INK, BOLD)
    return canvas.result()


def place_marks(
    marks: Sequence[tuple[int, tuple[float, float]]], width: int, height: int, cap: float = 8.0
) -> list[Box]:
    """The plates' boxes [px, y down], in order: no two touch, as long as there is room at all.

    Plates of three or more points that crowd stand in columns left and right of them, in the points' order.
    """
    frame = Box(1, 1, width - 1, height - 1)
    points = [point for _, point in marks]
    sizes = [(measure(str(number), cap, BOLD)[0] + 0.75 * cap, 1.75 * cap) for number, _ in marks]
    plates: dict[int, Box] = {}
    groups = _crowds(points, sizes)
    for group in sorted(groups, key=len):
        placed = _columns(group, points, sizes, frame) if len(group) > 2 else {}
        for i in group:
            taken = [plate.grown(1.5) for plate in plates.values()]
            column = placed.get(i)
            if column is not None and free(column, taken, frame):
                plates[i] = column
            else:
                plates[i] = _nearby(points[i], sizes[i], [p for p in points if p != points[i]], taken, frame)
    return [plates[i] for i in range(len(marks))]


def _crowds(points: Sequence[tuple[float, float]], sizes: Sequence[tuple[float, float]]) -> list[list[int]]:
    """Indices in groups whose plates would cover each other's points or each other."""
    groups: list[list[int]] = []
    for i, (x, y) in enumerate(points):
        near = [g for g in groups if any(_close(points[j], (x, y), sizes[i]) for j in g)]
        groups = [g for g in groups if g not in near] + [[*(j for g in near for j in g), i]]
    return groups


def _close(a: tuple[float, float], b: tuple[float, float], size: tuple[float, float]) -> bool:
    return abs(a[0] - b[0]) < size[0] + 3 and abs(a[1] - b[1]) < size[1] + 3


def _columns(
    group: Sequence[int], points: Sequence[tuple[float, float]], sizes: Sequence[tuple[float, float]], frame: Box
) -> dict[int, Box]:
    xs = [points[i][0] for i in group]
    low, high = min(xs), max(xs)
    wide, tall = max(sizes[i][0] for i in group), sizes[group[0]][1]
    off = 1.3 * tall
    left_fits, right_fits = low - off - wide >= frame.x0, high + off + wide <= frame.x1
    order = sorted(group, key=lambda i: (points[i][0], points[i][1]))
    cut = {(True, True): len(order) // 2, (True, False): len(order)}.get((left_fits, right_fits), 0)
    placed: dict[int, Box] = {}
    for column, x in ((order[:cut], low - off - wide / 2), (order[cut:], high + off + wide / 2)):
        rows = sorted(column, key=lambda i: (points[i][1], points[i][0]))
        at = spread([points[i][1] for i in rows], tall + 2.5, frame.y0 + tall / 2, frame.y1 - tall / 2)
        placed |= {i: Box.about(x, y, *sizes[i]) for i, y in zip(rows, at, strict=True)}
    return placed


def _nearby(
    point: tuple[float, float],
    size: tuple[float, float],
    others: Sequence[tuple[float, float]],
    taken: Sequence[Box],
    frame: Box,
) -> Box:
    (x, y), (w, h) = point, size
    on = Box.about(min(max(x, w / 2 + 1), frame.x1 - w / 2), min(max(y, h / 2 + 1), frame.y1 - h / 2), w, h)
    tries = [on]
    for ring in _RINGS[1:]:
        tries += [on.moved(dx * (ring * h + w / 2 * abs(dx)), dy * ring * h) for dx, dy in _DIRECTIONS]
    clear = [box for box in tries if free(box, taken, frame)]
    uncovering = [box for box in clear if not any(_holds(box, p) for p in others)]
    return (uncovering or clear or [on])[0]


def _holds(box: Box, point: tuple[float, float]) -> bool:
    return box.x0 <= point[0] <= box.x1 and box.y0 <= point[1] <= box.y1
