"""A room's phrases say whose they are, where they could mean another's."""

from __future__ import annotations

from switch_bench.spec.find import load_scene
from switch_bench.world.cast import plain_room
from switch_bench.world.words import phrases


def test_a_phrase_of_two_devices_names_its_own():
    said = phrases(plain_room(load_scene("two_room_flat")))
    assert said["hall_light.lamp_1"] == ("ceiling lamp 1 (hall light) is dark", "ceiling lamp 1 (hall light) is lit")
    assert said["kettle.temperature"] == "the water is at {:.0f} °C"


def test_it_and_its_are_the_device():
    said = phrases(plain_room(load_scene("utility")))
    programme = said["washer.programme"]
    assert isinstance(programme, dict)
    assert programme["quick"] == "the washer's programme is Quick 15"
