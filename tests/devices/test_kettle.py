from __future__ import annotations

import pytest
from device_house import House, declare

from switch_bench.devices.kettle import MODELS, WATER


def kettle(model="steel", fault=None, **options):
    return House({"k": declare("kettle", model, **options)}, faults={"k": fault} if fault else None)


def until(h, signal, value, most):
    while h[signal] != value:
        assert h.now < most, f"{signal} isn't {value!r} after {most} s"
        h.wait(0.05)


def test_it_boils_after_the_time_that_mass_and_power_say():
    h = kettle(fill=1.0)
    h.put(k__lever="on")
    until(h, "k.boils", True, 600.0)
    least = WATER * 80.0 / MODELS["steel"].watts
    assert least < h.now < 1.3 * least
    assert h["k.temperature"] == pytest.approx(100.0, abs=0.01)


def test_half_the_water_boils_sooner():
    full, half = kettle(fill=1.6), kettle(fill=0.8)
    for h in (full, half):
        h.put(k__lever="on")
        until(h, "k.boils", True, 900.0)
    assert half.now < 0.6 * full.now


def test_it_throws_its_lever_off_three_seconds_after_boiling():
    h = kettle()
    h.put(k__lever="on")
    until(h, "k.boils", True, 600.0)
    h.wait(2.8)
    assert h["k.heating"]
    assert not h["k.pop"]
    h.wait(0.3)
    assert h["k.pop"]
    assert not h["k.heating"]
    assert h["k.sound"] == "click"
    h.put(k__lever="off")
    assert not h["k.pop"]


def test_the_lever_will_not_stay_while_the_bimetal_is_warm():
    h = kettle()
    h.put(k__lever="on")
    until(h, "k.pop", True, 600.0)
    h.put(k__lever="off")
    h.wait(5.0)
    h.put(k__lever="on")
    assert h["k.pop"]
    assert not h["k.lamp"]
    h.put(k__lever="off")
    h.wait(20.0)
    h.put(k__lever="on")
    assert not h["k.pop"]
    assert h["k.lamp"]


def test_with_the_lid_open_it_boils_until_it_is_dry_and_trips():
    h = kettle(fill=0.2)
    h.put(k__lid="open", k__lever="on")
    until(h, "k.boils", True, 300.0)
    h.wait(20.0)
    assert not h["k.pop"]
    assert h["k.volume"] < 0.2
    until(h, "k.overheat", True, 900.0)
    assert h["k.volume"] == pytest.approx(0.025, abs=0.001)
    assert h["k.pop"]
    assert not h["k.heating"]


def test_closing_the_lid_over_boiling_water_lets_the_steam_work():
    h = kettle()
    h.put(k__lid="open", k__lever="on")
    until(h, "k.boils", True, 600.0)
    h.wait(10.0)
    h.put(k__lid="closed")
    h.wait(3.1)
    assert h["k.pop"]


def test_empty_it_trips_within_seconds():
    h = kettle(fill=0.0)
    h.put(k__lever="on")
    until(h, "k.pop", True, 60.0)
    assert not h["k.boils"]


def test_off_its_base_or_without_mains_it_stays_cold():
    for name in ("on_base", "mains"):
        h = kettle()
        h.write({f"k.{name}": False})
        h.put(k__lever="on")
        h.wait(60.0)
        assert h["k.temperature"] == 20.0
        assert not h["k.lamp"]
        assert h["k.load"] == 0.0


def test_the_lever_stays_down_in_a_power_cut_and_it_goes_on_afterwards():
    h = kettle()
    h.put(k__lever="on")
    h.wait(60.0)
    h.put(k__mains=False)
    warm = h["k.temperature"]
    h.wait(60.0)
    assert h["k.temperature"] < warm
    assert not h["k.pop"]
    h.put(k__mains=True)
    assert h["k.heating"]


def test_hot_water_cools_towards_the_room():
    h = kettle(temperature=90.0)
    h.wait(600.0)
    assert 70.0 < h["k.temperature"] < 88.0


def test_a_broken_element_hides_behind_a_lit_lamp():
    h = kettle(fault="element_broken")
    h.put(k__lever="on")
    h.wait(300.0)
    assert h["k.lamp"]
    assert h["k.load"] == 0.0
    assert h["k.temperature"] == 20.0


def test_a_dead_bimetal_never_throws_the_lever():
    h = kettle(fault="bimetal_dead")
    h.put(k__lever="on")
    until(h, "k.boils", True, 600.0)
    h.wait(60.0)
    assert not h["k.pop"]


def test_more_water_than_it_holds_is_refused():
    with pytest.raises(ValueError, match=r"fill: expected a number from 0 to 1\.7"):
        kettle(fill=3)
