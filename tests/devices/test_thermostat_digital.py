from __future__ import annotations

import pytest
from device_house import House, declare
from hypothesis import given
from hypothesis import strategies as st

from switch_bench.devices.thermostat_digital import HIGHEST, LOWEST


def thermostat(model="slate", fault=None, room=20.0, **options):
    h = House(
        {"wall": declare("thermostat_digital", model, **options)},
        initial={"room.temperature": room},
        faults={"wall": fault} if fault else None,
    )
    return h


def test_a_cold_room_is_called_for_and_a_warm_one_is_not():
    assert thermostat(room=18.0)["wall.call"]
    assert not thermostat(room=22.0)["wall.call"]


def test_it_switches_with_hysteresis_as_the_room_cools():
    h = thermostat(room=21.0)
    assert not h["wall.call"]
    while not h["wall.call"]:
        h.wait(10.0)
    assert h["room.temperature"] == pytest.approx(19.75, abs=0.05)


def test_each_key_press_moves_the_set_point_by_half_a_degree():
    h = thermostat()
    h.press("wall.key_up")
    assert h["wall.setpoint"] == 20.5
    h.press("wall.key_down")
    h.press("wall.key_down")
    assert h["wall.setpoint"] == 19.5
    assert "19.5" in h["wall.status_shown"]


def test_a_key_held_down_repeats():
    h = thermostat()
    h.press("wall.key_up", held=2.1)
    assert h["wall.setpoint"] == 23.0


@given(st.lists(st.sampled_from(("wall.key_up", "wall.key_down", "wall.key_hold")), max_size=40))
def test_the_set_point_stays_in_its_range(keys):
    h = thermostat(setpoint=HIGHEST - 0.5)
    for key in keys:
        h.press(key)
    assert LOWEST <= h["wall.setpoint"] <= HIGHEST


def test_the_mode_key_goes_round_heat_eco_and_off():
    h = thermostat()
    seen = []
    for _ in range(3):
        h.press("wall.key_mode")
        seen.append(h["wall.mode"])
    assert seen == ["eco", "off", "heat"]


def test_off_still_protects_from_frost():
    assert not thermostat(room=10.0, mode="off")["wall.call"]
    assert thermostat(room=3.0, mode="off")["wall.call"]


def test_the_radio_moves_the_set_point_unless_it_is_held():
    h = thermostat()
    h.put(wall__remote=23.0)
    assert h["wall.setpoint"] == 23.0
    h.press("wall.key_hold")
    h.put(wall__remote=16.0)
    assert h["wall.setpoint"] == 23.0
    h.press("wall.key_hold")
    h.put(wall__remote=17.5)
    assert h["wall.setpoint"] == 17.5


def test_away_lowers_the_target_in_heat_and_not_in_hold():
    h = thermostat(room=18.5)
    assert h["wall.call"]
    h.put(wall__away=True)
    assert not h["wall.call"]
    assert h["wall.status_shown"].startswith("AWAY")
    h.press("wall.key_hold")
    assert h["wall.call"]


def test_holding_the_mode_key_locks_and_frees_the_keys():
    h = thermostat()
    h.press("wall.key_mode", held=5.5)
    assert h["wall.locked"]
    assert h["wall.mode"] == "heat"
    h.press("wall.key_up")
    h.press("wall.key_mode")
    assert (h["wall.setpoint"], h["wall.mode"]) == (20.0, "heat")
    h.press("wall.key_mode", held=5.5)
    h.press("wall.key_up")
    assert h["wall.setpoint"] == 20.5


def test_the_first_key_only_wakes_a_sleeping_one():
    h = thermostat("bar")
    assert h["wall.status_shown"] == ""
    h.press("wall.key_up")
    assert h["wall.setpoint"] == 20.0
    assert "20.0" in h["wall.status_shown"]
    h.press("wall.key_up")
    assert h["wall.setpoint"] == 20.5
    h.wait(10.5)
    assert h["wall.status_shown"] == ""


def test_it_may_sense_another_room():
    h = House(
        {"wall": declare("thermostat_digital", "slate", senses="/attic.temperature")},
        zones=("room", "attic"),
        initial={"room.temperature": 25.0, "attic.temperature": 15.0},
    )
    assert h["wall.call"]
    assert h["wall.room_shown"] == "15.0°"


def test_a_sensor_that_reads_too_warm_lets_the_room_go_cold():
    h = thermostat(room=19.0, fault="sensor_offset")
    assert not h["wall.call"]
    assert h["wall.room_shown"] == "22.0°"


def test_flat_batteries_blank_it_and_end_the_call():
    h = thermostat(room=15.0, fault="flat_batteries")
    h.press("wall.key_up")
    assert not h["wall.call"]
    assert h["wall.room_shown"] == h["wall.status_shown"] == ""


def test_a_dead_relay_shows_a_call_that_never_leaves():
    h = thermostat("tower", room=15.0, fault="dead_relay")
    assert h["wall.calling"]
    assert "CALL" in h["wall.status_shown"]
    assert not h["wall.call"]


def test_a_mode_that_does_not_exist_is_refused():
    with pytest.raises(ValueError, match="mode: 'auto' is none of off, heat, eco, hold"):
        thermostat(mode="auto")
