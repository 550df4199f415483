from __future__ import annotations

import pytest
from device_house import House, declare
from hypothesis import given
from hypothesis import strategies as st

from switch_bench.devices.ceiling_light import KIND, MODELS


def test_each_rocker_lights_its_own_lamp(house, device):
    h = house({"light": device("ceiling_light", "duo")})
    h.put(light__gang_2=True)
    assert not h["light.lamp_1"]
    assert h["light.lamp_2"]
    h.put(light__gang_2=False)
    assert not h["light.lamp_2"]


def test_the_houses_wiring_says_which_lamp_a_gang_feeds(house, device):
    h = house({"light": device("ceiling_light", "trio", wiring="312")})
    h.put(light__gang_3=True)
    assert [h[f"light.lamp_{i}"] for i in (1, 2, 3)] == [True, False, False]


def test_swapped_wiring_lights_the_other_lamp(house, device):
    h = house({"light": device("ceiling_light", "duo")}, faults={"light": "swapped_wiring"})
    h.put(light__gang_1=True)
    assert not h["light.lamp_1"]
    assert h["light.lamp_2"]


def test_a_lamp_lights_the_zone_it_hangs_in(house, device):
    h = house({"light": device("ceiling_light", "duo", zones=("room", "hall"))}, zones=("room", "hall"))
    dark = h["hall.illuminance"]
    h.put(light__gang_1=True)
    assert h["hall.illuminance"] == dark
    h.put(light__gang_2=True)
    assert h["hall.illuminance"] > dark + 100.0


def test_a_burnt_lamp_leaves_the_indicator_live(house, device):
    h = house({"light": device("ceiling_light", "trio")}, faults={"light": "burnt_lamp_2"})
    h.put(light__gang_2=True)
    assert not h["light.lamp_2"]
    assert h["light.indicator_2"]
    assert h["light.load"] == 0.0


def test_a_dead_indicator_hides_a_live_lamp(house, device):
    h = house({"light": device("ceiling_light", "trio")}, faults={"light": "indicator_dead_1"})
    h.put(light__gang_1=True)
    assert h["light.lamp_1"]
    assert not h["light.indicator_1"]


def test_lamps_go_out_with_the_mains_and_come_back_with_them(house, device):
    h = house({"light": device("ceiling_light", "solo_anthracite")})
    h.put(light__gang_1=True)
    drawn = h["light.load"]
    h.put(light__mains=False)
    assert not h["light.lamp_1"]
    assert not h["light.indicator_1"]
    assert h["light.load"] == 0.0
    h.put(light__mains=True)
    assert h["light.lamp_1"]
    assert h["light.load"] == drawn > 0.0


@given(st.lists(st.tuples(st.sampled_from((1, 2, 3)), st.booleans()), max_size=12), st.permutations("123"))
def test_lamps_always_follow_their_gangs(moves, wiring):
    h = House({"light": declare("ceiling_light", "trio", wiring="".join(wiring))})
    lies = {1: False, 2: False, 3: False}
    for gang, on in moves:
        h.write({f"light.gang_{gang}": on})
        lies[gang] = on
        assert [h[f"light.lamp_{i}"] for i in (1, 2, 3)] == [lies[int(gang)] for gang in wiring]


@pytest.mark.parametrize("wiring", ["11", "3", "12 ", "ab"])
def test_a_wiring_must_name_each_gang_once(device, wiring):
    with pytest.raises(ValueError, match="wiring"):
        device("ceiling_light", "duo", wiring=wiring)


def test_every_lamp_needs_a_place(device):
    with pytest.raises(ValueError, match="3 places needed, 1 given"):
        device("ceiling_light", "trio", lamps=((0.0, 0.0),))
    with pytest.raises(ValueError, match="place 1"):
        device("ceiling_light", "solo", lamps=(0.0, 0.0))


def test_there_is_no_room_for_more_labels_than_gangs(device):
    with pytest.raises(ValueError, match="labels: 2 given"):
        device("ceiling_light", "solo", labels=("hall", "porch"))


@pytest.mark.parametrize("model", MODELS)
def test_labels_stand_by_their_rockers(model):
    labels = tuple("abc"[: MODELS[model].gangs])
    declared = KIND.declare(MODELS[model], {**KIND.options, "labels": labels})
    assert tuple(control.label for control in declared.panels[0].controls) == labels
