from __future__ import annotations

from device_house import House, declare
from hypothesis import given
from hypothesis import strategies as st

FAR = {"near": ("wall_switch", "rocker"), "stairs": ("wall_switch", "rocker")}
WIRES = (("near.gang_1", "light.other_1"), ("stairs.gang_1", "light.other_2"))


def three_switches(**given_to_house):
    devices = {"light": declare("two_way_light", "pilot")} | {n: declare(*kind) for n, kind in FAR.items()}
    return House(devices, wires=WIRES, **given_to_house)


SWITCHES = ("light.rocker", "near.key_1", "stairs.key_1")


@given(st.lists(st.sampled_from(SWITCHES), max_size=10))
def test_every_switch_turns_the_light_over(presses):
    h = three_switches()
    for switch in presses:
        lit = h["light.lamp"]
        h.write({switch: not h[switch]})
        assert h["light.lamp"] is not lit


def test_the_same_rocker_position_goes_with_light_and_dark():
    h = three_switches()
    h.put(near__key_1=True)
    assert h["light.lamp"]
    assert not h["light.rocker"]
    h.put(stairs__key_1=True)
    assert not h["light.lamp"]
    assert not h["light.rocker"]


def test_the_travellers_may_be_connected_the_other_way(house, device):
    h = house({"light": device("two_way_light", "white", phase=True)})
    assert h["light.lamp"]
    h.put(light__rocker=True)
    assert not h["light.lamp"]


def test_wired_in_series_the_far_switch_must_lie_one_way():
    h = three_switches(faults={"light": "series_wiring"})
    h.put(light__rocker=True)
    assert not h["light.lamp"]
    h.put(near__key_1=True)
    assert h["light.lamp"]
    h.put(light__rocker=False)
    assert not h["light.lamp"]


def test_the_pilot_tells_of_the_circuit_and_not_of_the_bulb():
    h = three_switches(faults={"light": "burnt_lamp"})
    h.put(stairs__key_1=True)
    assert h["light.pilot"]
    assert not h["light.lamp"]
    assert h["room.illuminance"] == 0.0


def test_a_dead_pilot_leaves_the_light_as_it_was():
    h = three_switches(faults={"light": "pilot_dead"})
    h.put(light__rocker=True)
    assert h["light.lamp"]
    assert not h["light.pilot"]


def test_a_switch_thrown_in_a_power_cut_counts_afterwards():
    h = three_switches()
    h.put(light__mains=False)
    h.put(near__key_1=True)
    assert not h["light.lamp"]
    assert h["light.load"] == 0.0
    h.put(light__mains=True)
    assert h["light.lamp"]
    assert h["light.load"] > 0.0
