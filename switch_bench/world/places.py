"""Where a scene's named points and regions are in the room as drawn, what lights the points, and the floor plan."""

from __future__ import annotations

from math import degrees
from typing import Any

import numpy as np

from switch_bench.network.adding import total
from switch_bench.network.declare import Point
from switch_bench.physics.compile import Drawn
from switch_bench.physics.furniture import on_top
from switch_bench.physics.housing import Placed
from switch_bench.physics.lighting import Lamp, Vector, rays
from switch_bench.spec.places import WAYS, Region, Spot
from switch_bench.spec.plan import on_plan
from switch_bench.spec.scene import Scene


def position(scene: Scene, drawn: Drawn, place: Spot | Region, at: Vector) -> tuple[str, Vector]:
    """(zone, [m] on the plan and above the floor) of `at`, as a place's file gives it."""
    if place.on is None:
        zone = str(place.zone)
        x, y = on_plan(scene.zones[zone], at[:2])
        return zone, (x, y, at[2])
    piece = drawn.pieces[place.on]
    x, y, z = on_top(piece, at[0] - piece.width / 2, at[1])[0]
    return piece.zone, (float(x), float(y), float(z) + at[2])


def points(scene: Scene, drawn: Drawn) -> tuple[Point, ...]:
    """The scene's points, each with the light that comes to it."""
    if not scene.points:
        return ()
    given = [lamp for item in drawn.placed.values() for lamp in lamps(item, drawn)]
    found = []
    for name, spot in scene.points.items():
        zone, at = position(scene, drawn, spot, spot.at)
        lit = rays(zone, at, WAYS[spot.facing], dict(scene.zones), scene.doorways, given)
        found.append(Point(name=name, zone=zone, rays=lit))
    return tuple(found)


def lamps(item: Placed, drawn: Drawn) -> list[Lamp]:
    """A device's lamps, each in the middle of what shines by its level; where nothing does, at the device's origin."""
    ceilings = {shell.name: (*shell.middle, shell.zone.height) for shell in drawn.shells}
    found = []
    for luminaire in item.device.luminaires:
        shining = [
            np.array(ceilings[part.zone or item.zone]) + part.at
            if part.frame == "ceiling"
            else np.array(item.at) + item.axes @ np.array(part.at)
            for part in item.device.parts
            if part.glow == luminaire.level
        ] or [np.array(item.at)]
        x, y, z = (total(float(at[k]) for at in shining) / len(shining) for k in range(3))
        level = luminaire.level
        name = level[1:] if level.startswith("/") else f"{item.name}.{level}"
        found.append(Lamp(name, luminaire.lux, luminaire.zone or item.zone, (x, y, z)))
    return found


def plan(scene: Scene, drawn: Drawn) -> dict[str, Any]:
    """The floor plan as a trace keeps it (see `trace/places.py`)."""
    boxes: dict[str, Any] = {}
    for name, region in scene.regions.items():
        zone, low = position(scene, drawn, region, region.low)
        high = position(scene, drawn, region, region.high)[1]
        turn = degrees(drawn.pieces[region.on].heading) if region.on else 0.0
        boxes[name] = {
            "zone": zone,
            "middle": [(a + b) / 2 for a, b in zip(low, high, strict=True)],
            "size": [b - a for a, b in zip(region.low, region.high, strict=True)],
            "turn": turn,
        }
    return {
        "zones": {name: [list(zone.at), list(zone.far)] for name, zone in scene.zones.items()},
        "doorways": {d.id: {"zones": list(d.zones), "gate": d.gate} for d in scene.doorways},
        "points": {
            name: dict(zip(("zone", "at"), (z, list(at)), strict=True))
            for name, spot in scene.points.items()
            for z, at in [position(scene, drawn, spot, spot.at)]
        },
        "regions": boxes,
    }
