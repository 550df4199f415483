"""What a person would find in a room: what stands near, and the names and kinds of all that is in it."""

from __future__ import annotations

from math import dist

import numpy as np

from switch_bench.evaluate.facts import Surroundings
from switch_bench.world.room import Room


def of_room(room: Room) -> Surroundings:
    """What is in a compiled room."""
    scene, start = room.scenario.scene, room.scenario.start
    body = room.start_data.xpos[room.model.body(room.hand.base).id][:2]
    operable = {item.device: item for item in reversed(room.handles.mounted)}
    away = {
        device: dist(body, _place(room, next(iter(item.built.grips.values())).site))
        for device, item in operable.items()
    }
    near = [d.id for d in scene.devices if d.id in away and d.zone == start.zone]
    has = {
        *scene.zones,
        *(name for f in scene.furniture for name in (f.id, f.kind)),
        *(name for d in scene.devices for name in (d.id, d.kind)),
        *(name for o in scene.objects for name in (o.id, o.kind)),
        *(type(item.control).__name__.lower() for item in room.handles.mounted),
    }
    beside = {zone for d in scene.doorways if start.zone in d.zones for zone in d.zones if zone != start.zone}
    return Surroundings(
        here=start.zone,
        near=tuple(sorted(near, key=lambda device: away[device])),
        beside=tuple(sorted(beside)),
        has=frozenset(has),
        people=frozenset(p.name for p in room.scenario.people),
    )


def _place(room: Room, site: str) -> np.ndarray:
    return room.start_data.site_xpos[room.model.site(site).id][:2]
