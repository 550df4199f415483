"""Where things are on a trace's floor plan: zones, boxes with names, and how far a sound reaches.

The plan is plain data in the trace's manifest, under `plan`:

    zones: name → [[x, y] of the south-west corner, [x, y] of the north-east one] [m]
    doorways: name → {zones: [a, b], gate: the bool signal that is true while it is open, or null}
    points: name → {zone, at: [x, y, z] [m]}
    regions: name → {zone, middle: [x, y, z], size: [x, y, z] [m], turn: degrees counter-clockwise}
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from math import cos, radians, sin
from typing import Any

from switch_bench.spec.plan import Corners, nearest

SLACK = 1e-6  # m: what lies on a box's border lies in it


@dataclass(frozen=True)
class Doorway:
    """A way between two zones. gate: the bool signal that is true while it is open; None: always open."""

    zones: tuple[str, str]
    gate: str | None = None


@dataclass(frozen=True)
class Box:
    """A region: `middle` and `size` [m], turned by `turn` [rad] about its middle, seen from above."""

    zone: str
    middle: tuple[float, float, float]
    size: tuple[float, float, float]
    turn: float = 0.0

    def holds(self, at: Sequence[float]) -> bool:
        """Whether a point [m] lies in the box."""
        x, y, z = (at[k] - self.middle[k] for k in range(3))
        along = cos(self.turn) * x + sin(self.turn) * y
        across = cos(self.turn) * y - sin(self.turn) * x
        return all(abs(v) <= size / 2 + SLACK for v, size in zip((along, across, z), self.size, strict=True))


@dataclass(frozen=True)
class Plan:
    """A floor plan. points: the zone of each."""

    zones: Mapping[str, Corners] = field(default_factory=dict)
    doorways: tuple[Doorway, ...] = ()
    points: Mapping[str, str] = field(default_factory=dict)
    regions: Mapping[str, Box] = field(default_factory=dict)

    @classmethod
    def of(cls, data: Mapping[str, Any]) -> Plan:
        """The plan that a manifest's `plan` says."""
        return cls(
            {name: (tuple(low), tuple(high)) for name, (low, high) in data.get("zones", {}).items()},
            tuple(Doorway(tuple(d["zones"]), d["gate"]) for d in data.get("doorways", {}).values()),
            {name: point["zone"] for name, point in data.get("points", {}).items()},
            {
                name: Box(box["zone"], tuple(box["middle"]), tuple(box["size"]), radians(box["turn"]))
                for name, box in data.get("regions", {}).items()
            },
        )

    def zone_at(self, x: float, y: float) -> str:
        """The zone whose rectangle holds the point of the plan, or the nearest one; "" where there is none at all."""
        return nearest(self.zones, x, y)

    def earshot(self, here: str, is_open: Callable[[str], bool]) -> set[str]:
        """The zones whose sounds can be heard in the zone `here`: itself, and those next to it through a doorway.

        A rule without loudness: a sound passes one open doorway, and neither a second one nor one that is shut. is_open
        says of a gate's signal whether it is true.
        """
        found = {here}
        for doorway in self.doorways:
            if here in doorway.zones and (doorway.gate is None or is_open(doorway.gate)):
                found.update(doorway.zones)
        return found
