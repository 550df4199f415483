from __future__ import annotations

import pytest
from device_house import House, declare

from switch_bench.devices.unit import unit
from switch_bench.network.declare import HOUR, NetworkSpec, Wire, Zone
from switch_bench.network.kernel import Network


def boiler(model="combi", fault=None, **options):
    return House({"b": declare("gas_boiler", model, **options)}, faults={"b": fault} if fault else None)


def phases(h):
    return [new for _, new in h.history("b.phase")]


def test_a_call_goes_through_fan_and_spark_to_the_flame():
    h = boiler()
    h.put(b__call=True)
    h.wait(6.0)
    assert not h["b.flame"]
    assert h["b.status"] == "IGNITE 1/3"
    h.wait(2.0)
    assert h["b.flame"]
    assert phases(h) == ["idle", "fan", "ignite", "flame"]


def test_the_pump_runs_on_after_the_call():
    h = boiler()
    h.put(b__call=True)
    h.wait(120.0)
    h.put(b__call=False)
    assert not h["b.flame"]
    assert h["b.pump"]
    assert h["b.flow"]
    h.wait(179.0)
    assert h["b.pump"]
    h.wait(2.0)
    assert not h["b.pump"]
    assert not h["b.flow"]


def test_three_failures_lock_it_out_until_reset():
    h = boiler(fault="misfires_thrice")
    h.put(b__call=True)
    h.wait(120.0)
    assert h["b.phase"] == "lockout"
    assert h["b.fault"]
    assert h["b.display"] == "F1"
    assert phases(h).count("ignite") == 3
    h.press("b.reset")
    h.wait(10.0)
    assert h["b.flame"]


def test_two_failures_light_at_the_third_attempt():
    h = boiler(fault="misfires_twice")
    h.put(b__call=True)
    h.wait(60.0)
    assert h["b.flame"]
    assert not h["b.locked"]
    assert h["b.attempts"] == 0


def test_a_lock_out_outlives_a_power_cut():
    h = boiler(fault="locked_out")
    h.put(b__mains=False)
    h.wait(5.0)
    assert h["b.display"] == ""
    h.put(b__mains=True)
    h.put(b__call=True)
    h.wait(30.0)
    assert h["b.phase"] == "lockout"


def test_the_reset_key_without_mains_does_nothing():
    h = boiler(fault="locked_out")
    h.put(b__mains=False)
    h.press("b.reset")
    assert h["b.locked"]


def test_some_reset_keys_must_be_held():
    h = boiler("linea", fault="locked_out")
    h.press("b.reset", held=1.0)
    assert h["b.locked"]
    h.press("b.reset", held=3.2)
    assert not h["b.locked"]


def test_gas_that_fails_while_burning_is_tried_again():
    h = boiler()
    h.put(b__call=True)
    h.wait(60.0)
    h.put(b__gas=False)
    assert not h["b.flame"]
    assert h["b.phase"] == "wait"
    h.put(b__gas=True)
    h.wait(30.0)
    assert h["b.flame"]


def test_no_gas_and_a_broken_electrode_come_to_a_lock_out_that_resetting_does_not_cure():
    for fault in ("gas_shut", "electrode_broken"):
        h = boiler(fault=fault)
        h.put(b__call=True)
        h.wait(120.0)
        h.press("b.reset")
        h.wait(120.0)
        assert h["b.phase"] == "lockout"


def test_a_power_cut_puts_it_out_and_it_lights_again_by_itself():
    h = boiler()
    h.put(b__call=True)
    h.wait(60.0)
    h.put(b__mains=False)
    assert (h["b.flame"], h["b.pump"], h["b.load"], h["b.sound"]) == (False, False, 0.0, "")
    h.wait(60.0)
    h.put(b__mains=True)
    h.wait(10.0)
    assert h["b.flame"]


def test_the_heating_knob_at_off_ignores_the_call_but_not_the_tap():
    h = boiler(flow_temp="off")
    h.put(b__call=True)
    h.wait(60.0)
    assert h["b.phase"] == "idle"
    h.put(b__tap=True)
    h.wait(60.0)
    assert h["b.flame"]
    assert not h["b.flow"]
    assert h["b.tap_water"] == pytest.approx(45.0, abs=1.0)


def test_an_open_tap_takes_the_heat_from_the_radiators():
    h = boiler()
    h.put(b__call=True)
    h.wait(60.0)
    assert h["b.flow"]
    h.put(b__tap=True)
    assert not h["b.flow"]
    h.put(b__tap=False)
    assert h["b.flow"]


def test_hot_water_comes_late_at_the_tap():
    h = boiler()
    h.put(b__tap=True)
    h.wait(5.0)
    assert h["b.tap_water"] < 20.0
    h.wait(40.0)
    assert h["b.tap_water"] == pytest.approx(45.0, abs=1.0)


def test_the_pipe_warms_to_what_the_knob_says():
    h = boiler()
    h.put(b__flow_temp="80")
    h.put(b__call=True)
    h.wait(900.0)
    assert h["b.pipe"] == pytest.approx(80.0, abs=0.5)
    assert h["b.supply"] == 80.0
    assert h["b.display"] == "80°C"


def flat():
    """A thermostat in the living room, the boiler in the kitchen, radiators in living room and study."""
    places = {
        "wall": ("living", declare("thermostat_digital", "slate", setpoint=21.0)),
        "boiler": ("kitchen", declare("gas_boiler", "combi")),
        "front": ("living", declare("radiator", "panel_22", valve="5")),
        "back": ("study", declare("radiator", "column", valve="3")),
    }
    wires = [Wire(source="wall.call", target="boiler.call", delay=400_000, medium="radio")]
    for name in ("front", "back"):
        wires.append(Wire(source="boiler.flow", target=f"{name}.heat", delay=20_000_000, medium="hydronic"))
        wires.append(Wire(source="boiler.supply", target=f"{name}.supply", delay=20_000_000, medium="hydronic"))
    return Network(
        NetworkSpec(
            zones=tuple(Zone(name=zone, temperature=17.0) for zone in ("living", "kitchen", "study")),
            units=tuple(unit(name, zone, device) for name, (zone, device) in places.items()),
            wires=tuple(wires),
        )
    )


def test_a_thermostat_in_one_room_heats_it_from_another_and_keeps_it_so():
    n = flat()
    assert n.value("boiler.call") is False
    n.advance(2 * HOUR)
    temperatures = []
    for _ in range(360):
        n.advance(n.now + 20_000_000)
        temperatures.append(n.value("living.temperature"))
    assert sum(temperatures) / len(temperatures) == pytest.approx(21.0, abs=1.0)
    assert 19.0 < min(temperatures) < 21.0 < max(temperatures) < 23.0
    assert n.value("study.temperature") > n.value("kitchen.temperature") + 2.0


def test_the_rooms_follow_late():
    n = flat()
    n.advance(60_000_000)
    assert n.value("boiler.flame")
    assert n.value("living.temperature") < 17.2
    n.advance(30 * 60_000_000)
    assert n.value("living.temperature") > 18.5
