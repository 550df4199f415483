"""Where print may go: boxes that must not touch, and the nearest free place for one more."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Box:
    """An upright rectangle, x0 <= x1, y0 <= y1; the unit and direction of y are the user's."""

    x0: float
    y0: float
    x1: float
    y1: float

    @staticmethod
    def about(x: float, y: float, width: float, height: float) -> Box:
        """The box of this width and height about (x, y)."""
        return Box(x - width / 2, y - height / 2, x + width / 2, y + height / 2)

    @property
    def centre(self) -> tuple[float, float]:
        """Its middle (x, y)."""
        return (self.x0 + self.x1) / 2, (self.y0 + self.y1) / 2

    @property
    def width(self) -> float:
        """Along x."""
        return self.x1 - self.x0

    @property
    def height(self) -> float:
        """Along y."""
        return self.y1 - self.y0

    def grown(self, by: float) -> Box:
        """Larger by `by` on every side."""
        return Box(self.x0 - by, self.y0 - by, self.x1 + by, self.y1 + by)

    def moved(self, dx: float, dy: float) -> Box:
        """Shifted."""
        return Box(self.x0 + dx, self.y0 + dy, self.x1 + dx, self.y1 + dy)

    def touches(self, other: Box) -> bool:
        """They have area in common."""
        return self.x0 < other.x1 and other.x0 < self.x1 and self.y0 < other.y1 and other.y0 < self.y1

    def inside(self, other: Box) -> bool:
        """It lies in `other` altogether."""
        return self.x0 >= other.x0 and self.y0 >= other.y0 and self.x1 <= other.x1 and self.y1 <= other.y1


def free(box: Box, taken: Iterable[Box], within: Box) -> bool:
    """The box lies within bounds and touches nothing."""
    return box.inside(within) and not any(box.touches(other) for other in taken)


def slide(
    box: Box, direction: tuple[float, float], taken: Sequence[Box], within: Box, step: float, most: float
) -> Box | None:
    """The box moved along `direction` until it is free, by no more than `most`; None: it never is."""
    moved = 0.0
    while moved <= most:
        candidate = box.moved(direction[0] * moved, direction[1] * moved)
        if free(candidate, taken, within):
            return candidate
        moved += step
    return None


def spread(wanted: Sequence[float], gap: float, low: float, high: float) -> list[float]:
    """Places in order, as near as possible to those wanted (ascending), at least `gap` apart, within low..high.

    If they can't all fit, they are spread evenly over the whole range.
    """
    n = len(wanted)
    if n == 0:
        return []
    if (n - 1) * gap > high - low:
        return [low + (high - low) * (i / max(n - 1, 1)) for i in range(n)]
    # Blocks of places that touch share the mean of what their members want (pool adjacent violators).
    blocks: list[tuple[float, int]] = []  # (mean of wanted − i·gap, members)
    for i, place in enumerate(wanted):
        blocks.append((place - i * gap, 1))
        while len(blocks) > 1 and blocks[-2][0] >= blocks[-1][0]:
            (a, m), (b, k) = blocks[-2:]
            blocks[-2:] = [((a * m + b * k) / (m + k), m + k)]
    top = high - (n - 1) * gap
    starts = [min(max(mean, low), top) for mean, members in blocks for _ in range(members)]
    return [start + i * gap for i, start in enumerate(starts)]
