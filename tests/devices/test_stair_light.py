from __future__ import annotations

import pytest
from device_house import House, declare
from hypothesis import given
from hypothesis import strategies as st


def test_a_push_lights_the_stairs_for_the_set_time_with_a_warning(house, device):
    h = house({"stairs": device("stair_light", "amber")})
    h.press("stairs.push")
    h.wait(120.0)
    assert h.history("stairs.lamp_1") == [(0.0, True), (50.0, False), (50.5, True), (60.0, False)]


def test_a_model_may_warn_twice(house, device):
    h = house({"stairs": device("stair_light", "round_green")})
    h.press("stairs.push")
    h.wait(200.0)
    times = [t for t, _ in h.history("stairs.lamp_1")]
    assert times == [0.0, 105.0, 105.5, 106.0, 106.5, 120.0]


@pytest.mark.parametrize("push", [1, 2, 3, 4])
def test_every_far_push_does_as_the_own_one(house, device, push):
    far = device("wall_switch", "push")
    h = house({"stairs": device("stair_light", "amber"), "far": far}, wires=[("far.gang_1", f"stairs.push_{push}")])
    h.press("far.key_1")
    assert h["stairs.lamp_1"]
    h.wait(60.0)
    assert not h["stairs.lamp_1"]


def test_a_push_in_the_last_second_starts_the_time_anew(house, device):
    h = house({"stairs": device("stair_light", "amber")})
    h.press("stairs.push", held=0.5)
    h.wait(58.5)
    h.press("stairs.push", held=0.5)
    h.wait(49.0)
    assert h["stairs.lamp_1"]
    h.wait(11.0)
    assert not h["stairs.lamp_1"]


def test_a_push_during_the_warning_brings_the_light_back_at_once(house, device):
    h = house({"stairs": device("stair_light", "amber")})
    h.press("stairs.push", held=0.1)
    h.wait(50.0)
    assert not h["stairs.lamp_1"]
    h.put(stairs__push=True)
    assert h["stairs.lamp_1"]
    h.wait(40.0)
    assert h["stairs.lamp_1"]
    assert [t for t, lit in h.history("stairs.lamp_1") if not lit] == [50.0]


def test_one_model_adds_the_time_up_to_three_of_them(house, device):
    h = house({"stairs": device("stair_light", "adding_red")})
    for _ in range(5):
        h.press("stairs.push", held=0.1)
        h.wait(0.1)
    h.wait(134.0)
    assert h["stairs.lamp_1"]
    h.wait(2.0)
    assert not h["stairs.lamp_1"]


def test_a_held_push_does_no_more_than_a_short_one(house, device):
    h = house({"stairs": device("stair_light", "amber")})
    h.put(stairs__push=True)
    h.wait(61.0)
    assert not h["stairs.lamp_1"]


def test_the_push_glows_only_while_the_stairs_are_dark(house, device):
    h = house({"stairs": device("stair_light", "amber")})
    assert h["stairs.locator"]
    h.press("stairs.push")
    h.wait(50.1)
    assert not h["stairs.locator"]
    h.wait(10.0)
    assert h["stairs.locator"]


def test_lamps_on_every_landing_light_together(house, device):
    stairs = device("stair_light", "amber", lamps=((0, 0), (0, 1)), zones=("room", "attic"))
    h = house({"stairs": stairs}, zones=("room", "attic"), faults={"stairs": "burnt_lamp_1"})
    h.press("stairs.push")
    assert not h["stairs.lamp_1"]
    assert h["stairs.lamp_2"]
    assert h["attic.illuminance"] > 0.0


def test_a_power_cut_loses_the_time(house, device):
    h = house({"stairs": device("stair_light", "amber")})
    h.press("stairs.push")
    h.wait(5.0)
    h.put(stairs__mains=False)
    assert not h["stairs.lamp_1"]
    assert not h["stairs.locator"]
    assert h["stairs.load"] == 0.0
    h.put(stairs__mains=True)
    assert not h["stairs.lamp_1"]
    assert h["stairs.locator"]
    h.wait(100.0)
    assert h.history("stairs.lamp_1")[-1] == (5.2, False)


def test_faults_shorten_the_time_drop_the_warning_or_break_a_wire(house, device):
    h = house(
        {name: device("stair_light", "amber") for name in ("short", "unwarned", "cut")},
        faults={"short": "short", "unwarned": "no_warning", "cut": "broken_2"},
    )
    h.put(short__push=True, unwarned__push=True, cut__push_2=True)
    h.wait(100.0)
    assert [t for t, lit in h.history("short.lamp_1") if not lit][-1] == 20.0
    assert h.history("unwarned.lamp_1") == [(0.0, True), (60.0, False)]
    assert h.history("cut.lamp_1") == []


@pytest.mark.parametrize("time", [29, 181, -1, "60", True])
def test_the_time_is_half_a_minute_to_three_minutes(device, time):
    with pytest.raises(ValueError, match="seconds: expected a number from 30 to 180"):
        device("stair_light", "amber", seconds=time)


@given(st.integers(30, 180), st.lists(st.floats(0.3, 200.0), max_size=6))
def test_the_light_goes_out_the_set_time_after_the_last_push(time, waits):
    h = House({"stairs": declare("stair_light", "amber", seconds=time)})
    h.press("stairs.push", held=0.1)
    for wait in waits:
        h.wait(wait)
        h.press("stairs.push", held=0.1)
    last = h.now - 0.1
    h.wait(200.0)
    t, lit = h.history("stairs.lamp_1")[-1]
    assert not lit
    assert t == pytest.approx(last + time, abs=2e-6)
