"""The floor plan: zones are rectangles (x east, y north, metres), and their walls are looked at from inside."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Literal, NamedTuple

if TYPE_CHECKING:
    from switch_bench.spec.rooms import Zone

Wall = Literal["north", "east", "south", "west"]
WALLS: tuple[Wall, ...] = ("north", "east", "south", "west")
Corners = tuple[tuple[float, float], tuple[float, float]]  # of a rectangle: south-west, north-east [m]
THICKEST = 0.3  # m: zones with no more than this between them share a wall
SLACK = 1e-6  # m: rounding in a file's figures


class Shared(NamedTuple):
    """The wall between two zones: it runs along `axis` from `low` to `high`, between the lines `near` and `far` [m]."""

    axis: Literal["x", "y"]
    low: float
    high: float
    near: float
    far: float


def wall_length(zone: Zone, wall: Wall) -> float:
    """Length [m] of a zone's wall."""
    return zone.size[0] if wall in ("north", "south") else zone.size[1]


def on_wall(zone: Zone, wall: Wall, along: float) -> tuple[float, float]:
    """The point [m] of the plan `along` metres from the left end of a wall, seen from inside the zone."""
    (x0, y0), (x1, y1) = zone.at, zone.far
    return {
        "north": (x0 + along, y1),
        "east": (x1, y1 - along),
        "south": (x1 - along, y0),
        "west": (x0, y0 + along),
    }[wall]


def on_plan(zone: Zone, at: tuple[float, float]) -> tuple[float, float]:
    """The point [m] of the plan for a point given from a zone's south-west corner."""
    return zone.at[0] + at[0], zone.at[1] + at[1]


def nearest(zones: Mapping[str, Corners], x: float, y: float) -> str:
    """The zone whose rectangle holds the point of the plan, or the nearest one; "" where there is none at all."""

    def away(name: str) -> float:
        (x0, y0), (x1, y1) = zones[name]
        dx, dy = max(x0 - x, 0.0, x - x1), max(y0 - y, 0.0, y - y1)
        return dx * dx + dy * dy

    return min(zones, key=away, default="")


def overlap(a: Zone, b: Zone) -> bool:
    """Whether two zones cover a common patch of floor."""
    return all(min(a.far[i], b.far[i]) - max(a.at[i], b.at[i]) > SLACK for i in (0, 1))


def shared_wall(a: Zone, b: Zone) -> Shared | None:
    """The wall two zones share, or None if they don't adjoin."""
    axes: tuple[Literal["x", "y"], ...] = ("x", "y")
    for across, along in ((0, 1), (1, 0)):
        low, high = max(a.at[along], b.at[along]), min(a.far[along], b.far[along])
        if high - low <= SLACK:
            continue
        for first, second in ((a, b), (b, a)):
            near, far = first.far[across], second.at[across]
            if -SLACK <= far - near <= THICKEST + SLACK:
                return Shared(axes[along], low, high, near, far)
    return None
