"""How much of each lamp's light comes to a point: straight from the lamp, and from the room's surfaces.

A lamp is a small source that shines alike in all directions (an opal shade). On a face at the distance d, whose normal
makes the angle θ with the way to the lamp, a lumen makes cos θ / (4π d²) lx (inverse square and cosine law: IES
Lighting Handbook, 10th ed., ch. 10). What meets the room's surfaces is spread evenly by reflection: a lumen makes
ρ / (A (1 − ρ)) lx everywhere, A being the area of all surfaces and ρ their mean reflectance (Sumpner's formula of the
integrating sphere; Hopkinson, Petherbridge & Longmore, "Daylighting", 1966, use it for what a room reflects).

A zone's own illuminance is the mean over its working plane, so each lamp is taken to be as strong as makes the mean of
these two over that plane the `lux` that the lamp gives its zone. Then points and zones agree: where a point is brighter
than its zone, another is darker.

Rooms are rectangles, so nothing stands between a lamp and a point of its zone (furniture is not counted). From the next
zone light comes straight through a doorway if the way leads through its opening; the rest of the share that the doorway
lets pass is spread evenly. If less is to pass than would come straight through an open hole, the doorway dims that.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from math import pi

import numpy as np

from switch_bench.network.adding import total
from switch_bench.network.declare import Ray
from switch_bench.physics.building import WALL
from switch_bench.spec.plan import Shared, shared_wall
from switch_bench.spec.rooms import Doorway, Zone

Vector = tuple[float, float, float]
Floor = tuple[float, float, float, float]  # x, y of the south-west corner, and the extent along x and y [m]

PLANE = 0.85  # m above the floor: the working plane for which lamps are rated (CIBSE SLL Code for Lighting)
FLOOR, WALLS, CEILING = 0.2, 0.5, 0.7  # reflectances of a room where none are known (CIBSE SLL Code for Lighting)
NEAREST = 0.2  # m: no lamp is a point; nearer than that it doesn't grow brighter
GRID = 24  # points each way over which the mean is taken
UP: Vector = (0.0, 0.0, 1.0)


@dataclass(frozen=True)
class Lamp:
    """`lux` [lx] on its `zone`'s working plane for each unit of the global signal or flow `level`; its place [m]."""

    level: str
    lux: float
    zone: str
    at: Vector


def direct(lamp: Vector, at: Vector, normal: Vector = UP) -> float:
    """The illuminance [lx per lm] that comes straight to a face at `at` [m] that looks along the unit `normal`."""
    x, y, z = lamp[0] - at[0], lamp[1] - at[1], lamp[2] - at[2]
    d2 = x * x + y * y + z * z
    if not d2:
        return 0.0
    cosine = (x * normal[0] + y * normal[1] + z * normal[2]) / d2**0.5
    return max(0.0, cosine) / (4.0 * pi * max(d2, NEAREST * NEAREST))


def reflected(zone: Zone) -> float:
    """The illuminance [lx per lm] that a zone's surfaces throw everywhere in it."""
    floor = zone.size[0] * zone.size[1]
    walls = 2.0 * (zone.size[0] + zone.size[1]) * zone.height
    area = 2.0 * floor + walls
    share = (FLOOR * floor + CEILING * floor + WALLS * walls) / area
    return share / (area * (1.0 - share))


@dataclass(frozen=True)
class Hole:
    """A doorway's opening [m]: its middle `at` along a wall that lies between the lines `near` and `far`.

    along, across: which figure of a point (0: x, 1: y) runs along the wall, and which across it.
    """

    along: int
    across: int
    near: float
    far: float
    at: float
    width: float
    height: float

    @classmethod
    def of(cls, doorway: Doorway, wall: Shared) -> Hole:
        """The opening of a doorway in the wall that its zones share."""
        along, across = (0, 1) if wall.axis == "x" else (1, 0)
        return cls(along, across, wall.near, wall.far, doorway.at[along], doorway.width, doorway.height)

    @property
    def corners(self) -> np.ndarray:
        """(4, 3) corners of the opening in the middle of the wall [m], one after the other."""
        made = np.zeros((4, 3))
        made[:, self.across] = (self.near + self.far) / 2
        made[:, self.along] = self.at + np.array([-0.5, 0.5, 0.5, -0.5]) * self.width
        made[2:, 2] = self.height
        return made

    def passes(self, a: Vector, b: Vector) -> bool:
        """Whether the straight way from `a` to `b`, on either side of the wall, leads through the opening."""
        start, end = a[self.across], b[self.across]
        if (start - self.near) * (end - self.far) >= 0.0:
            return False
        for line in (self.near - WALL, self.far + WALL):
            share = min(1.0, max(0.0, (line - start) / (end - start)))
            off = a[self.along] + share * (b[self.along] - a[self.along]) - self.at
            height = a[2] + share * (b[2] - a[2])
            if abs(off) > self.width / 2 or not 0.0 <= height <= self.height:
                return False
        return True


def rays(
    zone: str,
    at: Vector,
    normal: Vector,
    zones: dict[str, Zone],
    doorways: Sequence[Doorway],
    lamps: Sequence[Lamp],
) -> tuple[Ray, ...]:
    """What lights a face at `at` [m, on the plan and above the floor] in `zone`, looking along the unit `normal`."""
    here = zones[zone]
    found = [Ray(level=f"{zone}.daylight", lux=1.0)]
    for lamp in lamps:
        if lamp.zone == zone:
            lumens = _lumens(lamp, here)
            found.append(Ray(level=lamp.level, lux=lumens * (direct(lamp.at, at, normal) + reflected(here))))
    for doorway in doorways:
        if zone not in doorway.zones:
            continue
        other = doorway.zones[1 - doorway.zones.index(zone)]
        wall = shared_wall(here, zones[other])
        hole = Hole.of(doorway, wall) if wall else None
        found.append(Ray(level=f"{other}.daylight", lux=doorway.light, gate=doorway.gate))
        for lamp in lamps:
            if lamp.zone == other and hole is not None:
                lumens = _lumens(lamp, zones[other])
                share = doorway.light * lamp.lux
                straight = lumens * _through(lamp.at, _floor(here), hole)
                dimmed = min(1.0, share / straight) if straight else 0.0
                come = lumens * direct(lamp.at, at, normal) if hole.passes(lamp.at, at) else 0.0
                lux = dimmed * come + max(0.0, share - straight)
                found.append(Ray(level=lamp.level, lux=lux, gate=doorway.gate))
    return tuple(ray for ray in found if ray.lux)


def _lumens(lamp: Lamp, zone: Zone) -> float:
    """The lumens that give the lamp's zone its lux, in this room with these surfaces."""
    return lamp.lux / (_mean(lamp.at, _floor(zone)) + reflected(zone))


@lru_cache(maxsize=256)
def _mean(lamp: Vector, floor: Floor) -> float:
    """The mean [lx per lm] over the working plane of what comes straight from a lamp in the room."""
    return total(direct(lamp, at) for at in _plane(floor)) / (GRID * GRID)


@lru_cache(maxsize=256)
def _through(lamp: Vector, floor: Floor, hole: Hole) -> float:
    """The mean [lx per lm] over the working plane of what comes straight through a doorway."""
    return total(direct(lamp, at) for at in _plane(floor) if hole.passes(lamp, at)) / (GRID * GRID)


def _floor(zone: Zone) -> Floor:
    return *zone.at, *zone.size


def _plane(floor: Floor) -> list[Vector]:
    x, y, width, depth = floor
    steps = [(k + 0.5) / GRID for k in range(GRID)]
    return [(x + i * width, y + j * depth, PLANE) for i in steps for j in steps]
