"""Rooms: zones, the doorways between them, the furniture in them, and where one stands and looks from."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from pydantic import Field, model_validator

from switch_bench.spec.fields import (
    Celsius,
    Extent,
    Facing,
    FieldOfView,
    Height,
    Id,
    JoulesPerKelvin,
    Lux,
    Metres,
    Point,
    Point3,
    Share,
    SignalName,
    Size,
    Spec,
    WattsPerKelvin,
    refuse,
)
from switch_bench.spec.plan import Wall


class Window(Spec):
    """A window in an outer wall."""

    wall: Wall = Field(description="the wall it is in: north, east, south or west")
    at: Metres = Field(description="its middle, along the wall from the left end as seen from inside [m]")
    width: Extent = Field(default=1.2, description="its width [m]")
    sill: Height = Field(default=0.9, description="its lower edge above the floor [m]")
    height: Extent = Field(default=1.2, description="its height [m]")


class Zone(Spec):
    """A room: a rectangle of floor with a ceiling, light and a temperature of its own."""

    size: Size = Field(description="its extent [x, y] [m]")
    at: Point = Field(default=(0.0, 0.0), description="its south-west corner on the floor plan [x east, y north] [m]")
    height: Extent = Field(default=2.5, description="floor to ceiling [m]")
    floor: Id | None = Field(default=None, description="material of the floor")
    wall: Id | None = Field(default=None, description="material of the walls")
    ceiling: Id | None = Field(default=None, description="material of the ceiling")
    daylight: Lux = Field(default=0.0, description="illuminance by daylight [lx]")
    temperature: Celsius = Field(default=20.0, description="air temperature at the start [degC]")
    capacity: JoulesPerKelvin | None = Field(
        default=None, description="heat capacity [J/K]; none: 5 kJ/K for each m³ of air"
    )
    outdoor: WattsPerKelvin = Field(default=15.0, description="heat loss to outdoors [W/K]")
    windows: tuple[Window, ...] = Field(default=(), description="windows, for the eye: what they let in is `daylight`")

    @property
    def far(self) -> tuple[float, float]:
        """Its north-east corner on the floor plan [m]."""
        return self.at[0] + self.size[0], self.at[1] + self.size[1]

    @property
    def heat_capacity(self) -> float:
        """Heat capacity [J/K], 5 kJ/K for each m³ where the file has none (air and the quick part of the surfaces)."""
        return self.capacity or 5e3 * self.size[0] * self.size[1] * self.height


class Doorway(Spec):
    """An opening in the wall that two zones share."""

    id: Id = Field(description="its name")
    zones: tuple[Id, Id] = Field(description="the two zones it joins")
    at: Point = Field(description="the middle of the opening on the floor plan [x, y], on the shared wall [m]")
    width: Extent = Field(default=0.9, description="its width [m]")
    height: Extent = Field(default=2.05, description="its height [m]")
    gate: SignalName | None = Field(
        default=None, description="bool signal that is true while it is open; none: always open"
    )
    conductance: WattsPerKelvin = Field(default=40.0, description="heat exchange while open [W/K]")
    light: Share = Field(default=0.02, description="share of the one zone's light that reaches the other while open")
    closed_share: Share = Field(default=0.05, description="share of the heat exchange that is left while closed")


FurnitureKind = Literal[
    "counter",
    "wall_cabinet",
    "base_cabinet",
    "table",
    "shelf",
    "island",
    "tall_cabinet",
    "sink",
    "rug",
    "chair",
    "sofa",
    "bed",
    "plant",
]

# width, depth, height of the piece itself, and of its lower edge above the floor [m]: usual figures of kitchens
# (EN 1116) and furniture shops. A sink lies in the counter under it.
STATURE: Mapping[str, tuple[float, float, float, float]] = {
    "counter": (1.8, 0.60, 0.90, 0.0),
    "wall_cabinet": (0.6, 0.35, 0.70, 1.45),
    "base_cabinet": (0.6, 0.60, 0.86, 0.0),
    "table": (1.4, 0.80, 0.74, 0.0),
    "shelf": (0.8, 0.30, 1.80, 0.0),
    "island": (1.8, 0.90, 0.90, 0.0),
    "tall_cabinet": (0.6, 0.60, 2.10, 0.0),
    "sink": (0.8, 0.50, 0.20, 0.70),
    "rug": (2.0, 1.40, 0.01, 0.0),
    "chair": (0.45, 0.50, 0.85, 0.0),
    "sofa": (1.9, 0.90, 0.80, 0.0),
    "bed": (1.6, 2.00, 0.50, 0.0),
    "plant": (0.4, 0.40, 1.10, 0.0),
}


class Furniture(Spec):
    """A piece of furniture, along a wall (`wall`, `from`, `to`) or free on the floor (`at`, `width`, `facing`)."""

    id: Id = Field(description="its name")
    kind: FurnitureKind = Field(description="what it is")
    zone: Id = Field(description="the zone it stands in")
    wall: Wall | None = Field(default=None, description="the wall it stands or hangs against")
    start: Metres | None = Field(
        default=None, alias="from", description="its left end along the wall, seen from inside [m]"
    )
    end: Metres | None = Field(
        default=None, alias="to", description="its right end along the wall, seen from inside [m]"
    )
    at: Point | None = Field(default=None, description="its middle in the zone [x, y], if it stands free [m]")
    facing: Facing = Field(default=270.0, description="where the front of a free piece looks: south, or an angle")
    width: Extent | None = Field(default=None, description="the width of a free piece [m]; none: usual for the kind")
    depth: Extent | None = Field(default=None, description="from front to back [m]; none: usual for the kind")
    height: Extent | None = Field(default=None, description="its own height [m]; none: usual for the kind")
    bottom: Height | None = Field(
        default=None, description="its lower edge above the floor [m]; none: usual for the kind"
    )
    material: Id | None = Field(default=None, description="its material; none: usual for the kind")

    @model_validator(mode="after")
    def _one_place(self) -> Furniture:
        along = self.wall is not None or self.start is not None or self.end is not None
        if along and (self.wall is None or self.start is None or self.end is None):
            raise refuse("stands along a wall, which takes all of `wall`, `from` and `to`")
        if along == (self.at is not None):
            raise refuse("expected a place, either `wall`, `from` and `to` or `at`" + (", not both" if along else ""))
        if self.start is not None and self.end is not None:
            if not 0 <= self.start < self.end:
                raise refuse(f"expected 0 <= from < to, got from {self.start:g} to {self.end:g}")
            if self.width is not None:
                raise refuse("`width` is for a piece that stands free; along a wall it is `to` less `from`")
        return self

    @property
    def extent(self) -> tuple[float, float, float]:
        """Width, depth, height of the piece itself [m]."""
        width, depth, height, _ = STATURE[self.kind]
        if self.start is not None and self.end is not None:
            width = self.end - self.start
        return self.width or width, self.depth or depth, self.height or height

    @property
    def lower(self) -> float:
        """Its lower edge above the floor [m]."""
        return STATURE[self.kind][3] if self.bottom is None else self.bottom

    @property
    def top(self) -> float:
        """Its upper face above the floor [m]: what things stand on."""
        return self.lower + self.extent[2]


class Start(Spec):
    """Where the body stands at the start."""

    zone: Id = Field(description="the zone")
    at: Point = Field(description="in the zone [x, y] [m]")
    heading: Facing = Field(default=90.0, description="where it looks: north, or an angle")


class ThirdPerson(Spec):
    """A camera that looks at the room from outside the body."""

    eye: Point3 = Field(description="where it is on the plan [x, y, z] [m]")
    look: Point3 = Field(description="what it looks at [x, y, z] [m]")
    fovy: FieldOfView = Field(default=55.0, description="vertical field of view [deg]")
