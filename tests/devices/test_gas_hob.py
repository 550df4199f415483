from __future__ import annotations

import pytest
from device_house import House, declare
from hypothesis import given
from hypothesis import strategies as st

from switch_bench.devices.gas_hob import BURNERS


def hob(model="inox", fault=None, **options):
    return House({"h": declare("gas_hob", model, **options)}, faults={"h": fault} if fault else None)


def light(h, knob=1, held=5.0, level="max"):
    """Push, turn, spark, keep pushed for so long, let go."""
    h.write({f"h.knob_{knob}_push": True, f"h.knob_{knob}": level})
    if "h.igniter" in h.network.index:
        h.press("h.igniter", held=0.5)
    h.wait(held - 0.5)
    h.write({f"h.knob_{knob}_push": False})


def test_held_long_enough_the_flame_stays():
    h = hob()
    light(h)
    h.wait(60.0)
    assert h["h.flame_front_left"] == 1.0
    assert not h["h.leak"]


def test_let_go_too_early_it_dies_with_its_gas():
    h = hob()
    light(h, held=2.0)
    assert h["h.flame_front_left"] == 0.0
    assert not h["h.gas_front_left"]


def test_without_a_spark_the_gas_flows_unlit_while_it_is_pushed():
    h = hob()
    h.write({"h.knob_2_push": True, "h.knob_2": "max"})
    assert h["h.gas_back_left"]
    assert h["h.leak"]
    assert h["h.sound"] == "hiss"
    h.wait(10.0)
    h.write({"h.knob_2_push": False})
    assert not h["h.leak"]


def test_turning_the_knob_down_and_off_turns_the_flame_down_and_off():
    h = hob()
    light(h)
    h.put(h__knob_1="min")
    assert h["h.flame_front_left"] == 0.3
    h.put(h__knob_1="off")
    assert h["h.flame_front_left"] == 0.0
    assert not h["h.gas_front_left"]


def test_a_warm_probe_lets_it_be_lit_again_at_once():
    h = hob()
    light(h)
    h.put(h__knob_1="off")
    h.wait(3.0)
    light(h, held=1.0)
    h.wait(30.0)
    assert h["h.flame_front_left"] == 1.0
    h.put(h__knob_1="off")
    h.wait(60.0)
    light(h, held=1.0)
    assert h["h.flame_front_left"] == 0.0


def test_after_the_igniter_key_it_sparks_long_enough_to_turn_a_knob_with_the_same_hand():
    h = hob()
    h.press("h.igniter")
    h.wait(8.0)
    assert h["h.spark"]
    h.write({"h.knob_1_push": True, "h.knob_1": "max"})
    assert h["h.flame_front_left"] == 1.0
    h.wait(10.0)
    assert not h["h.spark"]
    assert h["h.flame_front_left"] == 1.0


def test_a_power_cut_ends_the_sparks():
    h = hob()
    h.press("h.igniter")
    h.write({"h.mains": False})
    assert not h["h.spark"]
    h.write({"h.mains": True})
    assert not h["h.spark"]


def test_on_some_pushing_a_knob_sparks():
    h = hob("slate")
    light(h, knob=3, held=4.0)
    assert h["h.flame_front_left"] == 1.0
    assert not h["h.spark"]


def test_a_flame_blown_out_leaves_gas_flowing_until_the_probe_is_cold():
    h = hob(fault="flame_out_1")
    light(h)
    h.wait(89.0)
    assert h["h.flame_front_left"] == 0.0
    assert h["h.leak"]
    h.wait(26.0)
    assert not h["h.leak"]
    light(h)
    h.wait(200.0)
    assert h["h.flame_front_left"] == 1.0


def test_unlit_gas_can_be_lit_again_in_time():
    h = hob(fault="flame_out_1")
    light(h)
    h.wait(95.0)
    assert h["h.leak"]
    h.press("h.igniter")
    assert h["h.flame_front_left"] == 1.0
    h.wait(60.0)
    assert h["h.flame_front_left"] == 1.0


def test_a_dead_probe_burns_only_while_pushed():
    h = hob(fault="probe_dead_1")
    h.write({"h.knob_1_push": True, "h.knob_1": "max"})
    h.press("h.igniter")
    h.wait(30.0)
    assert h["h.flame_front_left"] == 1.0
    h.write({"h.knob_1_push": False})
    assert h["h.flame_front_left"] == 0.0


@given(st.permutations("1234"))
def test_each_knob_lights_the_burner_it_is_plumbed_to(order):
    h = hob(plumbing="".join(order))
    for knob, burner in enumerate(order, 1):
        light(h, knob=knob)
        assert [b for b in BURNERS if h[f"h.flame_{b}"]] == [BURNERS[int(burner) - 1]]
        h.write({f"h.knob_{knob}": "off"})


def test_swapped_plumbing_lights_the_wrong_burner():
    h = hob(fault="swapped_wiring")
    light(h, knob=1)
    assert h["h.flame_back_left"] == 1.0


def test_no_mains_no_spark_but_a_burning_flame_burns_on():
    h = hob()
    light(h)
    h.put(h__mains=False)
    assert h["h.flame_front_left"] == 1.0
    light(h, knob=2)
    assert h["h.flame_back_left"] == 0.0
    assert h["h.load"] == 0.0


def test_shut_gas_puts_it_out():
    h = hob()
    light(h)
    h.put(h__gas=False)
    assert h["h.flame_front_left"] == 0.0


def test_a_wet_igniter_ticks_and_lights_nothing():
    h = hob(fault="igniter_wet")
    h.write({"h.knob_1_push": True, "h.knob_1": "max", "h.igniter": True})
    assert h["h.sound"] == "ticking"
    assert h["h.flame_front_left"] == 0.0


def test_an_order_that_names_a_burner_twice_is_refused():
    with pytest.raises(ValueError, match="plumbing: '1123'"):
        hob(plumbing="1123")
