from __future__ import annotations

import pytest
from device_house import House, declare
from hypothesis import given
from hypothesis import strategies as st

from switch_bench.devices.dimmer_light import DROP_OUT, TRIM


def level(dim):
    return pytest.approx(TRIM + (1.0 - TRIM) * dim)


def test_a_push_toggles_and_the_lamp_takes_a_second(house, device):
    h = house({"light": device("dimmer_light", "white")})
    h.press("light.dim_push")
    h.wait(0.3)
    assert h["light.level"] == pytest.approx(0.5 * (TRIM + (1.0 - TRIM) * 0.6))
    h.wait(0.5)
    assert h["light.level"] == level(0.6)
    h.wait(10.0)
    assert h["light.level"] == level(0.6)
    h.press("light.dim_push")
    h.wait(1.0)
    assert h["light.level"] == 0.0
    assert not h["light.lit"]


def test_it_can_be_told_from_elsewhere_and_the_knob_still_turns_it_over(house, device):
    h = house({"light": device("dimmer_light", "white")})
    h.put(light__told=True)
    h.wait(2.0)
    assert h["light.lit"]
    h.press("light.dim_push")
    h.wait(2.0)
    assert not h["light.lit"]
    h.put(light__told=False)
    h.put(light__told=True)
    h.wait(2.0)
    assert h["light.lit"]


def test_what_it_is_told_without_mains_is_lost(house, device):
    h = house({"light": device("dimmer_light", "white")}, initial={"light.mains": False})
    h.put(light__told=True)
    h.put(light__mains=True)
    h.wait(2.0)
    assert not h["light.lit"]


def test_turning_changes_the_light_within_a_second(house, device):
    h = house({"light": device("dimmer_light", "white")})
    h.press("light.dim_push")
    h.wait(2.0)
    h.put(light__dim=1.0)
    h.wait(1.0)
    assert h["light.level"] == level(1.0)
    h.put(light__dim=0.0)
    h.wait(1.0)
    assert h["light.level"] == pytest.approx(TRIM)


def test_turning_in_the_dark_shows_at_the_next_push(house, device):
    h = house({"light": device("dimmer_light", "white")})
    h.put(light__dim=0.2)
    h.wait(5.0)
    assert h["light.level"] == 0.0
    h.press("light.dim_push")
    h.wait(1.0)
    assert h["light.level"] == level(0.2)


def test_a_change_of_mind_half_way_starts_from_where_the_light_is(house, device):
    h = house({"light": device("dimmer_light", "white")}, initial={"light.dim": 1.0})
    h.press("light.dim_push", held=0.1)
    h.wait(0.4)
    half = h["light.level"]
    assert half == pytest.approx(0.5)
    h.press("light.dim_push", held=0.1)
    assert h["light.level"] == pytest.approx(half * 0.9)
    h.wait(0.9)
    assert h["light.level"] == 0.0


def test_the_room_brightens_with_the_lamp(house, device):
    h = house({"light": device("dimmer_light", "black_led")}, initial={"light.dim": 1.0})
    h.press("light.dim_push")
    h.wait(0.3)
    dim = h["room.illuminance"]
    h.wait(1.0)
    assert 0.0 < dim < h["room.illuminance"]


def test_the_mains_return_to_the_last_state_or_to_dark(house, device):
    h = house({"last": device("dimmer_light", "white"), "off": device("dimmer_light", "brass")})
    for light in ("last", "off"):
        h.press(f"{light}.dim_push")
    h.wait(2.0)
    h.put(last__mains=False, off__mains=False)
    assert h["last.level"] == h["off.level"] == 0.0
    assert h["last.load"] == 0.0
    h.wait(5.0)
    h.put(last__mains=True, off__mains=True)
    h.wait(1.0)
    assert h["last.level"] == level(0.6)
    assert h["off.level"] == 0.0


def test_a_push_without_mains_does_nothing(house, device):
    h = house({"light": device("dimmer_light", "white")})
    h.put(light__mains=False)
    h.press("light.dim_push")
    h.put(light__mains=True)
    h.wait(2.0)
    assert h["light.level"] == 0.0


def test_a_trim_too_low_lets_the_lamp_go_out_at_the_lower_end(house, device):
    h = house({"light": device("dimmer_light", "white")}, faults={"light": "trim_too_low"})
    h.press("light.dim_push")
    h.wait(1.0)
    assert h["light.lit"]
    h.put(light__dim=DROP_OUT / 2)
    h.wait(1.0)
    assert not h["light.lit"]
    h.put(light__dim=0.1)
    h.wait(1.0)
    assert h["light.lit"]


def test_a_trim_too_high_leaves_half_the_light(house, device):
    h = house({"light": device("dimmer_light", "white")}, faults={"light": "trim_too_high"})
    h.put(light__dim=0.0)
    h.press("light.dim_push")
    h.wait(1.0)
    assert h["light.level"] == pytest.approx(0.5)


def test_a_burnt_lamp_leaves_the_indicator_live(house, device):
    h = house({"light": device("dimmer_light", "black_led")}, faults={"light": "burnt_lamp"})
    h.press("light.dim_push")
    h.wait(2.0)
    assert h["light.indicator"]
    assert not h["light.lit"]
    assert h["light.load"] == 0.0


def test_a_missed_press_is_missed_once(house, device):
    h = house({"light": device("dimmer_light", "white")}, faults={"light": "dim_push_missed"})
    h.press("light.dim_push")
    h.wait(1.0)
    assert not h["light.lit"]
    h.press("light.dim_push")
    h.wait(1.0)
    assert h["light.lit"]


def test_a_bouncing_contact_makes_some_presses_count_twice(house, device):
    h = house({"light": device("dimmer_light", "white")}, faults={"light": "dim_push_bounces"})
    twice = 0
    for _ in range(40):
        on = h["light.on"]
        h.press("light.dim_push")
        h.wait(2.0)
        twice += h["light.on"] == on
    assert 8 <= twice <= 32


@given(st.lists(st.tuples(st.sampled_from(["push", "turn", "cut"]), st.integers(0, 20), st.floats(0.0, 3.0))))
def test_the_lamp_settles_where_knob_and_push_say(acts):
    h = House({"light": declare("dimmer_light", "white")})
    on, dim, mains = False, 0.6, True
    for act, turn, wait in acts:
        if act == "push":
            h.press("light.dim_push", held=0.05)
            on ^= mains
        elif act == "turn":
            dim = turn / 20
            h.put(light__dim=dim)
        else:
            mains = not mains
            h.put(light__mains=mains)
        assert -1e-9 <= h["light.level"] <= 1.0 + 1e-9
        h.wait(wait)
    h.wait(1.0)
    assert h["light.level"] == (level(dim) if on and mains else 0.0)
    assert (h["light.load"] > 0.0) is (on and mains)
