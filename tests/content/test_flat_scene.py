from __future__ import annotations

import functools

import pytest

from switch_bench.skills import operate
from switch_bench.skills.move import stand_for
from switch_bench.skills.sense import Sense, facing
from switch_bench.spec.find import load_scene
from switch_bench.spec.variation import draw
from switch_bench.world.room import Room, build
from switch_bench.world.scenario import Scenario
from switch_bench.world.stage import Stage
from switch_bench.world.world import World

MINUTE = 60_000_000  # µs
LIT = ("kitchen_light.lamp_1", "hall_light.lamp_1", "passage_light.lamp", "living_light.lit", "sofa_lamp.lit")


@functools.lru_cache(maxsize=8)
def room(variation: int) -> Room:
    scene, drawn = draw(load_scene("two_room_flat"), variation)
    return build(Scenario(scene, drawn=drawn))


def flat(variation: int = 0) -> World:
    return World(room(variation))


def put(world: World, signal: str, value: object) -> None:
    """What a hand would make the control read; without the mechanism, which stays as it is."""
    world.network.push(signal, value)  # pyright: ignore[reportArgumentType]
    world.network.advance(world.now)


def pass_by(world: World, minutes: float) -> None:
    world.advance(world.now + round(minutes * 6000) * 10_000)


def degrees(world: World) -> dict[str, float]:
    """The rooms' temperatures [degC]."""
    return {zone: float(world.value(f"{zone}.temperature")) for zone in world.room.scenario.scene.zones}


def test_it_has_the_forty_controls_that_speed_is_measured_with():
    assert len(room(0).handles.readouts) >= 40


@pytest.mark.parametrize("variation", range(4))
def test_every_control_can_be_reached_from_the_floor(variation):
    sense = Sense(Stage(room(variation)))
    for item in sense.room.handles.mounted:
        grip = next(iter(item.built.grips.values()))
        pose = sense.site(grip.site)
        x, y, _ = stand_for(sense, [facing(pose, away=operate.AWAY)], operate.front_of(sense, item, pose))
        assert sense.room.floor.path(sense.base[:2], (x, y)), item.name


@pytest.mark.parametrize("variation", range(4))
def test_left_alone_it_stays_dark_and_nothing_trips(variation):
    world = flat(variation)
    pass_by(world, 30)
    assert not any(world.value(lamp) for lamp in LIT)
    assert all(world.value(f"breakers.mcb_{i}") == "on" for i in range(1, 7))
    assert not world.value("boiler.locked")


def test_the_panel_in_the_hall_acts_on_the_living_room_and_hears_what_came_of_it():
    world = flat()
    for light, lamp in ((1, "living_light.lit"), (2, "sofa_lamp.lit")):
        for widget in ("wake", "", "go:lights", "", f"light:{light}", ""):
            put(world, "home_panel.screen", widget)
        pass_by(world, 0.1)
        assert world.value(lamp)
        assert world.value(f"home_panel.lit_{light}")


def test_the_passage_light_is_turned_over_from_both_rooms():
    world = flat()
    seen = []
    for switch, way in (
        ("passage_light.rocker", True),
        ("passage_switch.key_1", True),
        ("passage_light.rocker", False),
    ):
        put(world, switch, way)
        seen.append(world.value("passage_light.lamp"))
    assert seen == [True, False, True]


@pytest.mark.parametrize("variation", range(4))
def test_the_kettle_alone_boils_but_with_the_microwave_it_trips_its_breaker(variation):
    world = flat(variation)
    put(world, "kettle.lever", "on")
    pass_by(world, 4)
    assert world.network.value("breakers.mcb_2_latched")
    world = flat(variation)
    for key in ("9", "8", "0", "start"):
        put(world, f"microwave.key_{key}", True)
        put(world, f"microwave.key_{key}", False)
    put(world, "kettle.lever", "on")
    pass_by(world, 2.5)
    assert not world.value("breakers.circuit_2")


@pytest.mark.parametrize("variation", range(3))
def test_the_thermostat_in_the_hall_warms_the_other_rooms_by_its_own_reading_of_the_living_room(variation):
    world = flat(variation)
    before = degrees(world)
    for _ in range(9):
        put(world, "thermostat.key_up", True)
        put(world, "thermostat.key_up", False)
    pass_by(world, 75)
    after = degrees(world)
    assert after["living"] > 20.5
    assert after["kitchen"] > before["kitchen"] + 1.0
    assert after["living"] - before["living"] > 2.0 + after["hall"] - before["hall"]


def test_the_remote_is_heard_in_the_living_room_after_a_while():
    world = flat()
    put(world, "remote.on", True)
    assert not world.value("sofa_lamp.lit")
    pass_by(world, 0.1)
    assert world.value("sofa_lamp.lit")


def test_the_street_door_calls_the_intercom_which_lets_in():
    world = flat()
    put(world, "street_door.ring", True)
    assert world.value("intercom.calling")
    put(world, "intercom.unlock", True)
    pass_by(world, 0.02)
    assert world.value("street_door.free_lamp")
