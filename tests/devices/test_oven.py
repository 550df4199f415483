from __future__ import annotations

import pytest
from device_house import House, declare

from switch_bench.devices.oven import MODELS
from switch_bench.screens.text import text

NINE = 9 * 3_600_000_000


def oven(model="classic", fault=None, **options):
    return House({"o": declare("oven", model, **options)}, faults={"o": fault} if fault else None)


def shown(h):
    return text(h["o.display"], h.network.now, NINE)


def hot(model, degrees):
    return str(degrees) if MODELS[model].detents else float(degrees)


@pytest.mark.parametrize("model", MODELS)
def test_it_preheats_in_eight_to_fifteen_minutes(model):
    h = oven(model)
    h.put(o__mode="bake", o__temperature=hot(model, 175))
    h.wait(7.5 * 60)
    assert h["o.heating_lamp"]
    h.wait(7.5 * 60)
    assert not h["o.heating_lamp"] or h["o.reached"]
    assert h["o.cavity"] == pytest.approx(175.0, abs=15.0)


def test_the_lamp_cycles_about_the_set_point():
    h = oven()
    h.put(o__mode="bake", o__temperature="175")
    h.wait(3600.0)
    changes = [lit for t, lit in h.history("o.heating_lamp") if t > 900.0]
    assert len(changes) > 4
    assert changes[:2] in ([True, False], [False, True])
    assert h["o.cavity"] == pytest.approx(175.0, abs=MODELS["classic"].hysteresis)


def test_mode_or_temperature_alone_do_not_heat():
    for turned in ({"o.mode": "bake"}, {"o.temperature": "200"}, {"o.mode": "light", "o.temperature": "200"}):
        h = oven()
        h.write(turned)
        assert not h["o.heating_lamp"]


def test_an_open_door_lets_the_heat_out():
    shut, ajar = oven(), oven()
    for h in (shut, ajar):
        h.put(o__mode="bake", o__temperature="175")
        h.wait(1200.0)
        h.put(o__mode="off")
    ajar.put(o__door="open")
    for h in (shut, ajar):
        h.wait(120.0)
    assert ajar["o.cavity"] < shut["o.cavity"] - 40.0
    assert ajar["o.light"]


def test_after_a_power_cut_it_blinks_and_will_not_heat_until_the_clock_is_set():
    h = oven()
    h.put(o__mode="bake", o__temperature="175")
    assert h["o.heater"]
    h.put(o__mains=False)
    assert h["o.display"] == ""
    h.put(o__mains=True)
    assert not h["o.heater"]
    h.wait(1.0)
    assert shown(h) == "00:00"
    h.wait(0.6)
    assert shown(h).strip() == ""
    h.press("o.clock")
    h.press("o.plus")
    h.press("o.clock")
    assert h["o.clock_set"]
    assert h["o.heater"]


def test_the_clock_runs_on_from_what_was_set():
    h = oven(clock_set=False)
    h.press("o.clock")
    for _ in range(3):
        h.press("o.plus")
    h.press("o.minus")
    h.press("o.clock")
    assert shown(h) == "00:02"
    h.wait(3600.0)
    assert shown(h) == "01:02"


def test_a_key_held_leaps_by_ten_minutes():
    h = oven(clock_set=False)
    h.press("o.clock")
    h.press("o.plus", held=0.8 + 5 * 0.25 + 0.1)
    assert h["o.minutes"] == 61


def test_the_set_time_counts_by_itself_after_a_while_or_only_when_confirmed():
    by_itself, strict = oven(clock_set=False), oven("noir", clock_set=False)
    for h in (by_itself, strict):
        h.press("o.plus")
        h.wait(25.0)
    assert by_itself["o.clock_set"]
    assert not strict["o.clock_set"]


def test_the_timer_counts_down_and_rings_until_a_key():
    h = oven()
    h.press("o.clock")
    h.press("o.plus")
    h.press("o.plus")
    h.press("o.clock")
    h.wait(59.8)
    assert shown(h) == "1:00"
    h.wait(60.5)
    assert h["o.sound"] == "beep"
    assert shown(h) == "End"
    h.press("o.plus")
    assert h["o.sound"] == ""
    assert shown(h) == "09:02"


def test_the_bell_gives_up_after_a_minute():
    h = oven()
    for key in ("clock", "plus", "clock"):
        h.press(f"o.{key}")
    h.wait(121.0)
    assert not h["o.ringing"]


def test_on_some_the_timer_ends_the_heating_too():
    for model, ends in (("classic", False), ("noir", True)):
        h = oven(model)
        h.put(o__mode="bake", o__temperature=hot(model, 200))
        for key in ("clock", "plus", "clock"):
            h.press(f"o.{key}")
        h.wait(70.0)
        assert h["o.heater"] is not ends
        h.put(o__mode="off")
        h.put(o__mode="bake")
        assert h["o.heater"]


def test_a_running_timer_does_not_survive_a_power_cut():
    h = oven()
    for key in ("clock", "plus", "clock"):
        h.press(f"o.{key}")
    h.put(o__mains=False)
    h.wait(120.0)
    h.put(o__mains=True)
    h.wait(120.0)
    assert h["o.sound"] == ""


def test_its_heat_ends_in_the_room():
    h, cold = oven(), oven()
    h.put(o__mode="bake", o__temperature="250")
    h.wait(3600.0)
    cold.wait(3600.0)
    assert h["room.temperature"] > cold["room.temperature"] + 1.0


def test_a_broken_element_leaves_the_lamp_lit_and_the_oven_cold():
    h = oven(fault="element_broken")
    h.put(o__mode="bake", o__temperature="175")
    h.wait(1200.0)
    assert h["o.heating_lamp"]
    assert h["o.cavity"] < 25.0


def test_a_thermostat_that_reads_too_hot_stops_short():
    h = oven(fault="sensor_offset")
    h.put(o__mode="bake", o__temperature="200")
    h.wait(2400.0)
    assert h["o.cavity"] == pytest.approx(160.0, abs=10.0)


def test_a_model_with_a_chime_tells_when_it_is_hot():
    h = oven("noir")
    h.put(o__mode="hot_air", o__temperature=150.0)
    while not h["o.reached"]:
        h.wait(5.0)
    beeps = [t for t, sound in h.history("o.sound") if sound == "beep"]
    assert len(beeps) == 1
    h.wait(1800.0)
    assert [t for t, sound in h.history("o.sound") if sound == "beep"] == beeps
