"""Lamps that hang from a ceiling, apart from the plate that switches them: their looks, places and light."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from switch_bench.devices.base import Part

LUX_PER_LUMEN = 0.06  # lx/lm, lumen method: utilisation 0.6 of a diffuse ceiling luminaire (SLL Code) over a 10 m² room
LUMENS_PER_WATT = 110.0  # lm/W, an LED luminaire of EU energy class F (Regulation 2019/2015: 85-110 and above)


@dataclass(frozen=True)
class Place:
    """Where a lamp hangs: metres east and north of the middle of the ceiling of `zone` ("": the device's own)."""

    x: float
    y: float
    zone: str = ""


def lux(lumens: float) -> float:
    """The illuminance [lx] on a small room's working plane of a ceiling lamp of so many lumens."""
    return lumens * LUX_PER_LUMEN


def watts(lumens: float) -> float:
    """The power [W] an LED lamp of so many lumens draws."""
    return lumens / LUMENS_PER_WATT


def places(options: Mapping[str, Any], count: int) -> tuple[Place, ...]:
    """The first `count` places of the options `lamps` ([x, y] each) and `zones` (missing ones: the device's own).

    Raises:
        ValueError: fewer than `count` lamps are placed, or a place isn't a pair of numbers.
    """
    given: Sequence[Any] = tuple(options["lamps"])
    if len(given) < count:
        raise ValueError(f"lamps: {count} places needed, {len(given)} given; each is [x, y] in metres from the middle")
    zones = (*options["zones"], *[""] * count)
    found = []
    for i, at in enumerate(given[:count]):
        try:
            x, y = (float(v) for v in at)
        except (TypeError, ValueError) as error:
            raise ValueError(f"lamps: place {i + 1} is {at!r}; expected [x, y] in metres") from error
        found.append(Place(x, y, str(zones[i])))
    return tuple(found)


_LOOKS: Mapping[str, tuple[Part, ...]] = {
    "dome": (
        Part(shape="cylinder", size=(0.08, 0.03), at=(0, 0, -0.015)),
        Part(shape="ellipsoid", size=(0.26, 0.26, 0.10), at=(0, 0, -0.06), material="lampshade", glow="*"),
    ),
    "pendant": (
        Part(shape="cylinder", size=(0.09, 0.02), at=(0, 0, -0.01)),
        Part(shape="cylinder", size=(0.006, 0.42), at=(0, 0, -0.22), colour=(0.15, 0.15, 0.15)),
        Part(shape="cylinder", size=(0.30, 0.16), at=(0, 0, -0.46), material="lampshade", glow="*"),
    ),
    "globe": (
        Part(shape="cylinder", size=(0.10, 0.05), at=(0, 0, -0.025), colour=(0.7, 0.6, 0.35)),
        Part(shape="sphere", size=(0.20,), at=(0, 0, -0.14), material="lampshade", glow="*"),
    ),
    "panel": (
        Part(size=(0.42, 0.42, 0.02), at=(0, 0, -0.01), colour=(0.75, 0.75, 0.76)),
        Part(size=(0.39, 0.39, 0.008), at=(0, 0, -0.023), material="lampshade", glow="*"),
    ),
    "batten": (
        Part(size=(0.90, 0.05, 0.04), at=(0, 0, -0.02)),
        Part(shape="cylinder", size=(0.03, 0.84), at=(0, 0, -0.055), axis="x", material="lampshade", glow="*"),
    ),
    "bulb": (
        Part(shape="cylinder", size=(0.08, 0.02), at=(0, 0, -0.01)),
        Part(shape="cylinder", size=(0.006, 0.24), at=(0, 0, -0.13), colour=(0.15, 0.15, 0.15)),
        Part(shape="cylinder", size=(0.035, 0.06), at=(0, 0, -0.27), colour=(0.2, 0.2, 0.2)),
        Part(shape="sphere", size=(0.095,), at=(0, 0, -0.34), material="lampshade", glow="*"),
    ),
}
LOOKS = tuple(_LOOKS)


def lamp(look: str, place: Place, glow: str) -> tuple[Part, ...]:
    """The parts of a ceiling lamp of that look (one of `LOOKS`) which shines by the local signal or flow `glow`."""
    return tuple(
        replace(
            part,
            at=(place.x + part.at[0], place.y + part.at[1], part.at[2]),
            frame="ceiling",
            zone=place.zone,
            glow=glow if part.glow else None,
            solid=False,
        )
        for part in _LOOKS[look]
    )
