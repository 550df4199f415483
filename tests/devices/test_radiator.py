from __future__ import annotations

import pytest
from device_house import House, declare

from switch_bench.devices.radiator import VALVE


def radiator(model="panel_22", fault=None, room=18.0, **options):
    return House(
        {"r": declare("radiator", model, **options)},
        initial={"room.temperature": room},
        faults={"r": fault} if fault else None,
    )


def test_hot_water_warms_it_and_it_warms_the_room():
    h = radiator()
    before = h["room.temperature"]
    h.put(r__heat=True)
    assert not h["r.hot"]
    h.wait(1800.0)
    assert h["r.hot"]
    assert h["room.temperature"] > before + 1.0


def test_without_water_it_gives_nothing():
    h = radiator()
    h.wait(1800.0)
    assert h["r.power"] == 0.0
    assert not h["r.hot"]


def test_its_power_follows_the_supply():
    h = radiator("towel")
    h.put(r__heat=True)
    h.put(r__supply=75.0)
    assert h["r.power"] == pytest.approx(560.0)
    h.put(r__supply=20.0)
    assert h["r.power"] == 0.0


def test_turning_the_head_moves_the_valve_at_once():
    h = radiator(room=20.0, valve="5")
    h.put(r__heat=True)
    assert h["r.open"]
    h.put(r__valve="*")
    assert not h["r.open"]
    assert h["r.power"] == 0.0
    h.put(r__valve="4")
    assert h["r.open"]


def test_the_wax_follows_the_room_minutes_late():
    h = radiator(room=19.0, valve="3")
    h.put(r__heat=True)
    while not h["r.too_warm"]:
        h.wait(10.0)
    assert h["r.open"]
    assert h["room.temperature"] == pytest.approx(VALVE["3"] + 0.5, abs=0.1)
    h.wait(8 * 60.0)
    assert not h["r.open"]


def test_a_stuck_pin_keeps_it_cold_though_the_head_is_open():
    h = radiator(fault="pin_stuck", valve="5")
    h.put(r__heat=True)
    h.wait(600.0)
    assert h["r.power"] == 0.0


def test_an_unknown_figure_on_the_head_is_refused():
    with pytest.raises(ValueError, match="valve: '6'"):
        radiator(valve="6")
