"""Places that a scene gives a name: points at which light is measured, and boxes that things lie in or not.

In a zone a place is [x, y, z] from the zone's south-west corner and its floor; on a piece of furniture it is
[along, depth, above]: from its left end and its back edge, as someone before it sees it, and above its upper face.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from pydantic import Field, model_validator

from switch_bench.spec.fields import Id, Point3, Spec, refuse

Way = Literal["up", "down", "north", "east", "south", "west"]
WAYS: Mapping[Way, tuple[float, float, float]] = {
    "up": (0.0, 0.0, 1.0),
    "down": (0.0, 0.0, -1.0),
    "north": (0.0, 1.0, 0.0),
    "east": (1.0, 0.0, 0.0),
    "south": (0.0, -1.0, 0.0),
    "west": (-1.0, 0.0, 0.0),
}


class _Placed(Spec):
    zone: Id | None = Field(default=None, description="the zone it is in, if not on furniture")
    on: Id | None = Field(default=None, description="the furniture it is on")

    @model_validator(mode="after")
    def _somewhere(self) -> _Placed:
        if (self.zone is None) == (self.on is None):
            raise refuse("expected a place, either `zone` or `on`" + (", not both" if self.zone else ""))
        return self


class Spot(_Placed):
    """A point with an illuminance of its own: a desk, a page on a wall."""

    at: Point3 = Field(description="in the zone [x, y, z], or on furniture [along, depth, above] [m]")
    facing: Way = Field(default="up", description="where the lit surface looks: up, down, north, east, south or west")


class Region(_Placed):
    """A box: a draining board, a half of a table."""

    low: Point3 = Field(description="the corner with the least figures, in the zone or on furniture as `at` [m]")
    high: Point3 = Field(description="the corner with the greatest figures [m]")

    @model_validator(mode="after")
    def _has_room(self) -> Region:
        if not all(a < b for a, b in zip(self.low, self.high, strict=True)):
            raise refuse("expected each figure of `high` above that of `low`")
        return self
