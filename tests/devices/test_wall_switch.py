from __future__ import annotations

import pytest

from switch_bench.devices.wall_switch import MODELS


def test_a_rockers_contact_stays_as_the_rocker_lies(house, device):
    h = house({"switch": device("wall_switch", "rocker_duo")})
    h.put(switch__key_2=True)
    h.wait(60.0)
    assert h["switch.gang_2"]
    assert not h["switch.gang_1"]


def test_a_pushs_contact_is_closed_while_it_is_held(house, device):
    h = house({"switch": device("wall_switch", "push")})
    h.press("switch.key_1", held=0.4)
    assert h.history("switch.gang_1") == [(0.0, True), (0.4, False)]


def test_a_broken_wire_passes_nothing_on(house, device):
    h = house({"switch": device("wall_switch", "rocker")}, faults={"switch": "broken_1"})
    h.put(switch__key_1=True)
    assert not h["switch.gang_1"]


def test_a_welded_contact_never_opens(house, device):
    h = house({"switch": device("wall_switch", "push")}, faults={"switch": "welded_1"})
    assert h["switch.gang_1"]
    h.press("switch.key_1")
    assert h["switch.gang_1"]


@pytest.mark.parametrize("model", MODELS)
def test_every_gang_can_be_stuck(device, model):
    declared = device("wall_switch", model)
    stuck = {control for fault in declared.faults.values() for control in fault.stuck}
    assert stuck == {control.name for control in declared.panels[0].controls}


def test_labels_are_a_list(device):
    with pytest.raises(ValueError, match="list of labels"):
        device("wall_switch", "rocker", labels="hall")
