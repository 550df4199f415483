"""Motion sensors: what devices see of the body. It is seen while it moves before one of their eyes."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import acos, hypot

from switch_bench.physics.building import Shell, nearest_zone
from switch_bench.physics.housing import Placed

STEP = 0.15  # m: a body that has moved by so much has crossed one of a detector's beams, which lie that close near it
LOST = 600_000  # µs after its last step a body that stands still is no longer seen


@dataclass(frozen=True)
class EyeHandle:
    """An eye in its place. at, facing: on the floor plan. signal: what it writes."""

    signal: str
    zone: str
    at: tuple[float, float]
    facing: tuple[float, float]
    reach: float
    angle: float

    def covers(self, x: float, y: float) -> bool:
        """Whether a point of the floor plan lies in its field."""
        dx, dy = x - self.at[0], y - self.at[1]
        far = hypot(dx, dy)
        if not 0.0 < far <= self.reach:
            return False
        across = (dx * self.facing[0] + dy * self.facing[1]) / far
        return acos(min(1.0, max(-1.0, across))) <= self.angle


@dataclass(frozen=True)
class Sight:
    """What an eye makes of the body: where [m] it was at its last step, and until when [µs] it is seen; 0: it isn't."""

    at: tuple[float, float]
    until: int


def eyes(placed: Iterable[Placed]) -> tuple[EyeHandle, ...]:
    """The eyes of all devices."""
    found = []
    for item in placed:
        for eye in item.device.eyes:
            x, y = (float(-v) for v in item.axes[:2, 1])
            size = hypot(x, y)
            at = (float(item.at[0]), float(item.at[1]))
            signal = f"{item.name}.{eye.signal}"
            found.append(EyeHandle(signal, item.zone, at, (x / size, y / size), eye.reach, eye.angle))
    return tuple(found)


def watch(eye: EyeHandle, sight: Sight, at: tuple[float, float], now: int, shells: Sequence[Shell]) -> Sight:
    """What the eye makes of a body that stands at `at` now; `sight` itself where nothing is new."""
    if hypot(at[0] - sight.at[0], at[1] - sight.at[1]) >= STEP:
        seen = eye.covers(*at) and nearest_zone(shells, *at) == eye.zone
        return Sight(at, now + LOST if seen else sight.until)
    return Sight(sight.at, 0) if 0 < sight.until <= now else sight
