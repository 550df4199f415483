"""Rooms made to measure: so many controls, on the walls of so many rooms, and so many devices that have none.

They are scene and task files like any others, written to a folder and read by the loader with all its checks. A room is
7 × 4 m and joined to the next by a doorway. Its devices hang in rows on the north and the south wall: plates of
switches, dimmers, remotes, thermostats, intercoms, breakers, each of the catalogue's own width. In the first room a
counter has a microwave with its keys, where that many controls are asked for. What has no control is a bulb on the
ceiling.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from switch_bench.devices.catalogue import kind
from switch_bench.spec.declared import Declared

WIDTH, DEPTH = 7.0, 4.0  # m, a room
PITCH = WIDTH + 0.1  # m from a room to the next, with the wall between
ROWS = (1.20, 0.95, 1.45)  # m, heights of the rows
EDGE, GAP = 0.25, 0.06  # m from the corner, and between plates
COUNTER = 2.0  # m of the first room's north wall, with a microwave on it
SUITE = "speed"

# What hangs on the walls, in turn: kind, model. The first must be one with `key_1`, which the task is about.
MIX = (
    ("wall_switch", "rocker"),
    ("thermostat_digital", "slate"),
    ("ceiling_light", "duo"),
    ("radio_remote", "square"),
    ("dimmer_light", "white"),
    ("wall_switch", "push_duo"),
    ("intercom", "slim"),
    ("two_way_light", "white"),
    ("wall_switch", "rocker_trio_uk"),
    ("breaker_panel", "row_six"),
    ("stair_light", "amber"),
    ("thermostat_digital", "tower"),
)
PLATES = {1: "rocker", 2: "rocker_duo", 3: "rocker_trio_uk"}  # that make up the number
LAMPS = ("ceiling_light", "dimmer_light", "two_way_light", "stair_light")
ON_COUNTER = ("microwave", "onyx")


def scene(controls: int, *, zones: int = 1, bulbs: int = 0) -> dict[str, Any]:
    """A scene file's contents: so many controls that move, shared by the zones in turn, and so many bulbs.

    Raises ValueError if they don't find room on the walls.
    """
    chosen = list(_choose(controls))
    names = [f"room_{k + 1}" for k in range(zones)]
    places = {name: _places(first=name == "room_1" and ON_COUNTER in chosen) for name in names}
    devices: list[dict[str, Any]] = []
    wires: list[dict[str, Any]] = []
    for i, (what, model) in enumerate(chosen):
        zone = names[0] if (what, model) == ON_COUNTER else names[i % zones]
        device: dict[str, Any] = {"id": f"{what}_{i + 1}", "kind": what, "model": model, "zone": zone}
        if what in LAMPS:
            device["options"] = {"lamps": [[0.0, 0.0]] * (2 if model == "duo" else 1)}
        if what == "thermostat_digital":
            device["options"] = {"senses": f"/{zone}.temperature"}
        if (what, model) == ON_COUNTER:
            device["mount"] = {"on": "counter", "at": [1.0, 0.05]}
        else:
            try:
                device["mount"] = places[zone].send(_width(what, model))
            except StopIteration:
                raise ValueError(f"{controls} controls find no room on the walls of {zones} rooms") from None
        devices.append(device)
    remotes = [d["id"] for d in devices if d["kind"] == "radio_remote"]
    for k in range(bulbs):
        zone, place = names[k % zones], k // zones
        at = [0.5 + 0.5 * (place % 13), 0.5 + 0.5 * (place // 13 % 7)]
        devices.append({"id": f"bulb_{k + 1}", "kind": "smart_bulb", "zone": zone, "mount": {"ceiling": at}})
        if remotes:
            ends = {"from": f"{remotes[k % len(remotes)]}.radio", "to": f"bulb_{k + 1}.radio_1"}
            wires.append({**ends, "medium": "radio", "delay": "200 ms"})
    return {
        "title": f"Room with {controls} controls",
        "zones": {
            name: {"at": [PITCH * k, 0], "size": [WIDTH, DEPTH], "daylight": 60, "temperature": 18}
            for k, name in enumerate(names)
        },
        "doorways": [
            {"id": f"door_{k + 1}", "zones": names[k : k + 2], "at": [PITCH * k + WIDTH + 0.05, 2.0]}
            for k in range(zones - 1)
        ],
        "furniture": [
            {"id": "counter", "kind": "counter", "zone": "room_1", "wall": "north", "from": 0.05, "to": COUNTER}
        ]
        if ON_COUNTER in chosen
        else [],
        "devices": devices,
        "wires": wires,
        "start": {"zone": "room_1", "at": [WIDTH / 2, DEPTH / 2], "heading": "north"},
        "variation": {
            "layout": {"jitter": {devices[0]["id"]: {"height": 0.02}}},
            "colours": {"room_1.wall": ["plaster_white", "plaster_warm", "plaster_blue"]},
        },
    }


def task() -> dict[str, Any]:
    """The contents of a task file for such a scene, `scene.yaml` beside its folder: press the first switch."""
    key = f"{MIX[0][0]}_1.key_1"
    return {
        "title": "Press the first switch",
        "instruction": "Press the first switch.",
        "scene": "../scene.yaml",
        "level": 1,
        "abilities": ["action_generation"],
        "horizon": "1000 h",
        "goal": f"eventually {key}",
        "required": [key],
        "solution": [{"press": key, "to": "on", "required": True}, {"report": "done"}],
    }


def write(folder: Path, controls: int, *, zones: int = 1, bulbs: int = 0) -> Path:
    """Write a scene and its task below `folder`; returns the task's path, which `SwitchEnv` takes."""
    here = folder / f"room_{controls}_{zones}_{bulbs}"
    path = here / SUITE / f"room_{controls}-v1.yaml"
    path.parent.mkdir(parents=True, exist_ok=True)
    (here / "scene.yaml").write_text(json.dumps(scene(controls, zones=zones, bulbs=bulbs), indent=1))
    path.write_text(json.dumps(task(), indent=1))
    return path


def _choose(controls: int) -> Iterator[tuple[str, str]]:
    """Kinds and models that have so many controls together: the mix in turn, then plain plates."""
    left = controls
    microwave = _count(*ON_COUNTER)
    first = True
    while left > 0:
        for what, model in MIX:
            if _count(what, model) <= left:
                left -= _count(what, model)
                yield what, model
            if first and what == "wall_switch" and left >= 2 * microwave:
                left -= microwave
                yield ON_COUNTER
            first = False
        while 0 < left < 9:  # less than the largest of the mix: plates make up the number
            gangs = min(left, max(PLATES))
            left -= gangs
            yield "wall_switch", PLATES[gangs]


def _count(what: str, model: str) -> int:
    """How many controls that move a device has."""
    declared = Declared(kind(what))
    return len(declared.controls(model, dict(declared.options)))


def _width(what: str, model: str) -> float:
    """How much of the wall a device takes [m]."""
    declared = kind(what)
    return max(panel.size[0] for panel in declared.declare(declared.models[model], declared.options).panels)


def _places(*, first: bool) -> Any:
    """A generator that is sent widths [m] and gives places on the north, then on the south wall, row by row."""
    places = _walk(first)
    next(places)
    return places


def _walk(first: bool) -> Any:
    width = yield
    for wall in ("north", "south"):
        for height in ROWS:
            at = EDGE + (COUNTER if first and wall == "north" else 0.0)
            while at + width <= WIDTH - EDGE:
                at += width / 2
                place = {"wall": wall, "at": round(at, 4), "height": height}
                at += width / 2 + GAP
                width = yield place
