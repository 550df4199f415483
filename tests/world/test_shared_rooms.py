"""What variations share: a room that took a compiled model over is the room that is built for it alone."""

from __future__ import annotations

import json
import subprocess
import sys
from collections import OrderedDict
from dataclasses import replace
from pathlib import Path

import pytest
from one_room import bits, made, played, told

from switch_bench.spec.find import load_task
from switch_bench.spec.vary import STREAMS
from switch_bench.world import cast
from switch_bench.world.cast import room_for, scenario
from switch_bench.world.room import build
from switch_bench.world.world import World

FLAT, KITCHEN, UTILITY = "home.hall_light_on-v1", "kitchen.boil_water-v1", "utility.boiler_light_instead-v1"
SHARED = ("colours", "labels", "light", "wiring")
WRITTEN = dict.fromkeys(STREAMS, 0)


def varied(**numbers: int) -> dict[str, int]:
    return WRITTEN | numbers


@pytest.fixture(autouse=True)
def nothing_kept(monkeypatch):
    monkeypatch.setattr(cast, "_rooms", OrderedDict())
    monkeypatch.setattr(cast, "_models", OrderedDict())


@pytest.mark.parametrize("task", [FLAT, KITCHEN])
def test_a_room_with_a_model_taken_over_is_the_one_built_from_scratch(task):
    given = load_task(task)
    free = dict.fromkeys(("colours", "labels", "light"), 3)
    first = room_for(given, variation=varied(), seed=1)
    second = room_for(given, variation=varied(**free), seed=7)
    assert second.model is first.model
    alone = build(scenario(given, variation=varied(**free), seed=7))
    assert alone.model is not first.model
    assert made(second) == made(alone)
    assert played(second, 5) == played(alone, 5)


def test_a_b_a_in_one_process_is_as_each_in_a_process_of_its_own():
    a, b = varied(colours=1, light=2), varied(labels=4, light=5)
    here = told(FLAT, [a, b, a])
    assert here[0] == here[2] != here[1]
    assert [here[1]] == elsewhere(FLAT, [b])


def elsewhere(task: str, variations: list[dict[str, int]]) -> list:
    script = Path(__file__).parent / "one_room.py"
    done = subprocess.run(
        [sys.executable, str(script), task, json.dumps(variations)], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_pictures_are_dressed_in_the_looks_of_their_own_variation():
    task = load_task(UTILITY)
    written = room_for(task, variation=varied())
    other = room_for(task, variation=varied(colours=3, labels=1))
    assert other.model is written.model
    alone = build(scenario(task, variation=varied(colours=3, labels=1)))
    assert bits(other.visual.model) == bits(alone.visual.model)
    assert bits(other.visual.model) != bits(written.visual.model)
    geoms = range(other.model.ngeom)
    assert [other.visual.model.geom(g).name for g in geoms] == [other.model.geom(g).name for g in geoms]


def test_streams_that_change_no_shape_share_the_model_and_others_do_not():
    task = load_task(FLAT)
    first = room_for(task, variation=varied())
    for stream in SHARED:
        assert room_for(task, variation=varied(**{stream: 2})).model is first.model, stream
    for stream in ("layout", "clutter"):
        other = room_for(task, variation=varied(**{stream: 3}))
        assert other.model is not first.model, stream
        assert other.scenario.scene != first.scenario.scene, stream


def test_other_wires_and_daylight_are_those_of_the_room_built_with_them():
    wanted = scenario(load_task(UTILITY), variation="none", seed=4)
    scene = wanted.scene
    assert scene.wires
    later = tuple(wire.model_copy(update={"delay_us": wire.delay_us + 70_000}) for wire in scene.wires)
    zones = {name: zone.model_copy(update={"daylight": 11.0}) for name, zone in scene.zones.items()}
    other = replace(wanted, scene=scene.model_copy(update={"wires": later, "zones": zones}))
    room, alone = build(wanted).varied(other), build(other)
    assert room.network == alone.network != build(wanted).network
    assert made(room) == made(alone)
    assert played(room, 5) == played(alone, 5)


def test_eight_variations_and_the_written_scene_are_kept_at_once_and_no_more_than_a_dozen():
    task = load_task(UTILITY)
    seen = {n: room_for(task, variation=n).model for n in range(9)}
    assert all(room_for(task, variation=n).model is model for n, model in seen.items())
    for n in range(9, 16):
        room_for(task, variation=n)
    assert len(cast._rooms) == len(cast._models) == cast.KEPT


def test_daylight_differs_between_rooms_of_the_same_model():
    task = load_task(FLAT)
    lit = {n: World(room_for(task, variation=varied(light=n))).value("kitchen.daylight") for n in (1, 2, 1)}
    records = {n: room_for(task, variation=varied(light=n)).scenario.drawn["light"]["daylight"] for n in (1, 2)}
    assert lit == {n: drawn["kitchen"] for n, drawn in records.items()}
    assert lit[1] != lit[2]


def test_the_next_world_has_the_data_of_one_that_is_gone_and_not_of_one_that_is_held():
    room = room_for(load_task(UTILITY), variation="none")
    room._spare.clear()
    held = World(room)
    gone = World(room)
    gone.run(20)
    kept = id(gone.data)
    del gone
    again = World(room)
    assert id(again.data) == kept
    assert World(room).data is not held.data
    assert again.digest() == held.digest()


def test_data_that_somebody_holds_is_not_given_to_the_next_world():
    room = room_for(load_task(UTILITY), variation="none")
    room._spare.clear()
    world = World(room)
    data = world.data
    del world
    assert World(room).data is not data


def test_a_copy_that_is_given_another_network_begins_that_one():
    room = build(scenario(load_task(UTILITY), variation="none"))
    zones = tuple(replace(zone, daylight=zone.daylight + 9.0) for zone in room.network.zones)
    other = replace(room, network=replace(room.network, zones=zones))
    name = f"{zones[0].name}.daylight"
    assert (room.begin().value(name), other.begin().value(name)) == (zones[0].daylight - 9.0, zones[0].daylight)
    assert room.begin().value(name) == zones[0].daylight - 9.0
