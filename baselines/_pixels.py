"""What can be made out in the pictures `marks` and `rgb`: numbered tags, what they point at, and how handles stand."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np

from ._letters import Word, figures

YELLOW = np.array([250, 219, 26], np.int16)  # of a tag
OFF_YELLOW = 60  # how far a tag's pixels may be from it
CAP = 8.0  # px that a tag's figures are high
LOWEST, HIGHEST, BROADEST = 10, 17, 34  # px: sizes of a tag
TRIPPED, OFF = 0.12, 0.36  # of the distance between two handles: how far one hangs
LEVEL = 0.35  # slope of a row
RAYS = 240
MOST = 63  # marks in a picture
NEAR, LOOSE = (
    0.13,
    2.6,
)  # share of a picture's breadth, and of the gap to the next one, up to which tags belong together


@dataclass(frozen=True)
class Tag:
    """A numbered tag. at: the point it stands for [px]."""

    number: int
    at: tuple[float, float]


def tags(marked: np.ndarray, plain: np.ndarray) -> list[Tag]:
    """The tags in a picture (h, w, 3) uint8, found by what differs from the picture without them."""
    drawn = np.asarray((np.abs(marked.astype(np.int16) - plain) > 6).any(axis=2))
    yellow = (np.abs(marked.astype(np.int16) - YELLOW).sum(axis=2) < OFF_YELLOW) & drawn
    count, _, stats, _ = cv2.connectedComponentsWithStats(yellow.astype(np.uint8), connectivity=4)
    boxes = [
        (x, y, w, h)
        for x, y, w, h, area in stats[1:count]
        if LOWEST <= h <= HIGHEST and LOWEST <= w <= BROADEST and area > 0.3 * w * h
    ]
    lines = yellow.copy()
    for x, y, w, h in boxes:
        lines[max(0, y - 2) : y + h + 2, max(0, x - 2) : x + w + 2] = False
    found: list[Tag] = []
    for x, y, w, h in boxes:
        number = _number(marked[max(0, y - 2) : y + h + 2, max(0, x - 2) : x + w + 2], w)
        found.append(Tag(number, _points_at(lines, drawn, (x + w / 2 - 0.5, y + h / 2 - 0.5), (w, h))))
    return _counted(found)


def _number(patch: np.ndarray, width: int) -> int:
    """The number on a tag, from the patch of it with two pixels about; `width` of the tag itself [px]."""
    ink = (255 - cv2.cvtColor(patch, cv2.COLOR_RGB2GRAY))[3:-3, 3:-3]
    best = (-1.0, 0)
    for number in range(1, 10) if width < 17 else range(10, MOST + 1):
        for shape in figures(number, CAP):
            if shape.shape[0] <= ink.shape[0] and shape.shape[1] <= ink.shape[1]:
                fit = float(cv2.matchTemplate(ink, shape, cv2.TM_CCOEFF_NORMED).max())
                best = max(best, (fit, number))
    return best[1]


def _counted(found: list[Tag]) -> list[Tag]:
    """One tag of each number."""
    return sorted({tag.number: tag for tag in found if tag.number}.values(), key=lambda tag: tag.number)


def _points_at(
    lines: np.ndarray, drawn: np.ndarray, middle: tuple[float, float], size: tuple[int, int]
) -> tuple[float, float]:
    """Where a tag's thin line ends; its own middle if it has none."""
    height, width = drawn.shape
    best = (0.0, middle)
    for k in range(RAYS):
        angle = 2 * np.pi * k / RAYS
        dx, dy = np.cos(angle), np.sin(angle)
        edge = min((size[0] / 2 + 2.5) / max(abs(dx), 1e-6), (size[1] / 2 + 2.5) / max(abs(dy), 1e-6))
        far, miss = edge, 0
        for step in np.arange(edge, 160.0, 1.0):
            x, y = round(middle[0] + dx * step), round(middle[1] + dy * step)
            if not (0 <= x < width and 0 <= y < height) or not drawn[y, x]:
                break
            near = lines[max(0, y - 1) : y + 2, max(0, x - 1) : x + 2]
            miss = 0 if near.any() else miss + 1
            if miss > 3:
                break
            far = step if near.any() else far
        if far - edge > best[0]:
            best = far - edge, (middle[0] + dx * (far - 1.5), middle[1] + dy * (far - 1.5))
    return best[1] if best[0] > 5.0 else middle


def groups(found: Sequence[Tag], breadth: int) -> list[list[Tag]]:
    """Tags that belong together: each is about as near to another of its group as those are to each other.

    breadth: of the picture [px].
    """
    if len(found) < 2:
        return [[tag] for tag in found]
    points = np.array([tag.at for tag in found])
    gaps = np.hypot(*(points[:, None] - points[None]).transpose(2, 0, 1)) + np.diag(np.full(len(found), np.inf))
    reach = np.minimum(LOOSE * gaps.min(axis=1), NEAR * breadth)
    joined = (gaps <= np.minimum(reach[:, None], reach[None])).astype(np.uint8)
    out: list[list[Tag]] = []
    for i, tag in enumerate(found):
        close = [g for g in out if any(joined[i, found.index(other)] for other in g)]
        out = [g for g in out if g not in close] + [[*(t for g in close for t in g), tag]]
    return [sorted(group, key=lambda tag: tag.number) for group in out]


def in_a_row(group: Sequence[Tag]) -> bool:
    """Whether tags stand in one line, more or less level; one of them may be out of it."""
    if len(group) < 3:
        return False
    slope, hangs = _hangs(group)
    return abs(slope) < LEVEL and sum(abs(hang) > 0.5 for hang in hangs) <= (len(group) > 4)


def handles(row: Sequence[Tag]) -> list[str]:
    """How the handles of a row of breakers stand, from how far each hangs below those that are on.

    Most are on. A handle that has tripped hangs between on and off.
    """
    return ["off" if hang > OFF else "tripped" if hang > TRIPPED else "on" for hang in _hangs(row)[1]]


def _hangs(row: Sequence[Tag]) -> tuple[float, list[float]]:
    """The slope of the line that most tags stand in, and how far each hangs below it, as a share of their distance."""
    xs, ys = np.array([tag.at for tag in row], float).T
    pairs = [
        (y2 - y1) / (x2 - x1)
        for x1, y1 in zip(xs, ys, strict=True)
        for x2, y2 in zip(xs, ys, strict=True)
        if x2 > x1 + 1
    ]
    slope = float(np.median(pairs)) if pairs else np.inf
    if not np.isfinite(slope):
        return slope, [0.0] * len(row)
    level = ys - slope * xs
    across = np.sort(xs)
    pitch = max(1.0, float(np.median(across[1:] - across[:-1])))
    return slope, ((level - float(np.median(level))) / pitch).tolist()


def assigned(words: Sequence[Word], found: Sequence[Tag]) -> dict[int, list[str]]:
    """By tag, the words that are printed at it: on it, above or below, nearer to it than to others."""
    printed: dict[int, list[str]] = {}
    if not found:
        return printed
    gap = _pitch(found)
    for word in words:
        cost = {tag.number: 2.0 * abs(word.at[0] - tag.at[0]) + abs(word.at[1] - tag.at[1]) for tag in found}
        number = min(cost, key=lambda n: cost[n])
        if cost[number] < max(1.8 * gap, 8.0 * word.height):
            printed.setdefault(number, []).append(word.text)
    return printed


def _pitch(found: Sequence[Tag]) -> float:
    """How far the tags are from their next ones [px]; 150 for one alone."""
    gaps = [min(np.hypot(*np.subtract(a.at, b.at)) for b in found if b is not a) for a in found if len(found) > 1]
    return float(np.median(gaps)) if gaps else 150.0


def brightness(picture: np.ndarray) -> float:
    """How bright a picture is, 0..1: the median of its upper half, where the hand isn't."""
    grey = cv2.cvtColor(picture[: picture.shape[0] // 2], cv2.COLOR_RGB2GRAY)
    return float(np.median(grey)) / 255
