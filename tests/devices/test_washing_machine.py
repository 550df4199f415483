from __future__ import annotations

import pytest
from device_house import House, declare
from hypothesis import given
from hypothesis import strategies as st

from switch_bench.devices.washing_cycle import PROGRAMMES, SPINS, TEMPERATURES, plan
from switch_bench.screens.text import text


def machine(model="front_8", fault=None, **options):
    return House({"w": declare("washing_machine", model, **options)}, faults={"w": fault} if fault else None)


def started(programme="quick", **given_to_machine):
    h = machine(**given_to_machine)
    h.put(w__dial=programme)
    h.press("w.start")
    return h


def shown(h):
    return text(h["w.time"], h.network.now, 0)


def length(h, programme):
    row = PROGRAMMES[programme]
    return sum(d for _, d in plan(programme, row.temperature, row.spin, False, h["w.pace"])) / 1e6


def stages(h):
    return [new for _, new in h.history("w.stage") if new]


def test_a_programme_goes_through_its_stages_and_ends():
    h = started("quick")
    h.wait(length(h, "quick") - 1.0)
    assert h["w.phase"] == "run"
    h.wait(2.0)
    assert h["w.phase"] == "end"
    assert stages(h) == ["fill", "heat", "wash", "drain", "rinse", "drain", "spin"]
    assert shown(h) == "End"
    assert h["w.lamp_end"]
    assert h["w.sound"] == "beep"


def test_the_door_locks_at_the_start_and_unlocks_a_minute_or_two_after_the_end():
    h = started("quick")
    assert h["w.lock"]
    h.wait(length(h, "quick") + 58.0)
    assert h["w.phase"] == "end"
    assert h["w.lock"]
    h.wait(65.0)
    assert not h["w.lock"]


def test_the_display_says_how_long_it_will_really_take():
    h = machine()
    h.put(w__dial="cotton")
    said = shown(h)
    h.press("w.start")
    hours, minutes = said.split(":")
    assert 0 <= 60 * int(hours) + int(minutes) - length(h, "cotton") / 60.0 <= 1.0
    h.wait(600.0)
    before = h.network.count
    later = shown(h)
    assert later < said
    h.wait(61.0)
    assert shown(h) < later
    assert not [e for e in h.network.since(before) if e.signal == "w.time"]


def test_pace_one_is_a_real_machine():
    h = machine(pace=1.0)
    assert 2.0 < length(h, "eco") / 3600.0 < 3.5


def test_the_dial_alone_starts_nothing():
    h = machine()
    h.put(w__dial="cotton")
    h.wait(300.0)
    assert h["w.phase"] == "ready"
    assert not h["w.lock"]


def test_with_the_door_open_it_says_so_and_does_not_start():
    h = machine()
    h.put(w__door="open")
    h.put(w__dial="quick")
    h.press("w.start")
    assert shown(h) == "door"
    assert h["w.phase"] == "ready"
    h.wait(3.0)
    assert shown(h) != "door"


def test_without_water_the_filling_times_out_with_a_fault():
    h = started(fault="water_off")
    assert not h["w.running"]
    h.wait(178.0)
    assert shown(h) != "E10"
    h.wait(3.0)
    assert shown(h) == "E10"
    assert h["w.sound"] == "beep"
    h.put(w__water=True)
    h.wait(60.0)
    assert not h["w.running"]
    h.press("w.start")
    assert h["w.running"]
    h.wait(length(h, "quick"))
    assert h["w.phase"] == "end"


def test_water_that_comes_back_in_time_goes_on_by_itself():
    h = started(fault="water_off")
    h.wait(100.0)
    h.put(w__water=True)
    assert h["w.running"]
    h.wait(length(h, "quick") + 1.0)
    assert h["w.phase"] == "end"


def test_start_pauses_and_goes_on():
    h = started("quick")
    h.wait(100.0)
    h.press("w.start")
    assert h["w.phase"] == "paused"
    h.wait(500.0)
    assert not h["w.running"]
    assert not h["w.lock"]
    h.press("w.start")
    assert h["w.lock"]
    h.wait(length(h, "quick") - 99.0)
    assert h["w.phase"] == "end"


def test_in_hot_suds_the_door_stays_locked_in_a_pause():
    h = started("hygiene")
    h.wait(60.0)
    h.press("w.start")
    h.wait(600.0)
    assert h["w.phase"] == "paused"
    assert h["w.lock"]


def test_turning_the_dial_off_drains_and_frees_the_door():
    h = started("cotton")
    h.wait(300.0)
    h.put(w__dial="off")
    assert h["w.stage"] == "drain"
    h.wait(30.0)
    assert h["w.phase"] == "off"
    assert h["w.time"] == ""
    h.wait(121.0)
    assert not h["w.lock"]


def test_another_programme_while_it_runs_is_ignored():
    h = started("cotton")
    h.put(w__dial="wool")
    assert h["w.programme"] == "cotton"
    assert h["w.running"]


def test_a_power_cut_holds_the_programme_which_then_goes_on():
    h = started("quick")
    h.wait(100.0)
    h.put(w__mains=False)
    assert (h["w.time"], h["w.choice"], h["w.load"], h["w.sound"]) == ("", "", 0.0, "")
    assert h["w.lock"]
    h.wait(1000.0)
    h.put(w__mains=True)
    assert h["w.running"]
    h.wait(length(h, "quick") - 101.0)
    assert h["w.phase"] == "run"
    h.wait(2.0)
    assert h["w.phase"] == "end"


def test_a_power_cut_at_the_very_end_of_a_stage_loses_nothing():
    h = started("quick")
    first = plan("quick", 30, 800, False, 4.0)[0][1] / 1e6
    h.wait(first - 0.2)
    h.put(w__mains=False)
    h.wait(60.0)
    h.put(w__mains=True)
    h.wait(length(h, "quick"))
    assert h["w.phase"] == "end"


@pytest.mark.parametrize(("key", "choices"), [("temp", TEMPERATURES), ("spin", SPINS)])
def test_option_keys_go_round_what_the_programme_allows(key, choices):
    h = machine()
    h.put(w__dial="delicate")
    signal, most = {"temp": ("w.temperature", 40), "spin": ("w.speed", 800)}[key]
    seen = set()
    for _ in range(8):
        h.press(f"w.{key}")
        seen.add(h[signal])
    assert seen == {c for c in choices if c <= most}


def test_options_count_before_the_start_only():
    h = started("cotton")
    before = h["w.choice"]
    for key in ("temp", "spin", "extra"):
        h.press(f"w.{key}")
    assert h["w.choice"] == before


def test_an_extra_rinse_takes_longer():
    h = machine()
    h.put(w__dial="cotton")
    before = shown(h)
    h.press("w.extra")
    assert shown(h) > before
    assert h["w.choice"].endswith("+")


def test_holding_the_extra_key_locks_the_keys():
    h = machine()
    h.put(w__dial="quick")
    h.press("w.extra", held=3.2)
    assert shown(h) == "CL"
    h.press("w.start")
    assert h["w.phase"] == "ready"
    h.press("w.extra", held=3.2)
    h.press("w.start")
    assert h["w.running"]
    assert not h["w.more"]


def test_the_lock_never_shuts_on_an_open_door():
    h = started("quick")
    h.wait(60.0)
    h.press("w.start")
    h.wait(125.0)
    h.put(w__door="open")
    h.put(w__dial="off")
    assert h["w.stage"] == "drain"
    assert not h["w.lock"]


@given(
    st.sampled_from(sorted(PROGRAMMES)),
    st.sampled_from(TEMPERATURES),
    st.sampled_from(SPINS),
    st.booleans(),
    st.just(4.0),
)
def test_every_plan_drains_before_it_spins_and_ends(programme, temperature, spin, extra, pace):
    made = plan(programme, temperature, spin, extra, pace)
    names = [stage for stage, _ in made]
    assert all(duration > 0 for _, duration in made)
    assert names[-2:] == ["drain", "spin"] if spin else names[-1] == "drain"


def test_a_programme_that_is_not_on_the_dial_is_refused():
    with pytest.raises(ValueError, match="programme: 'hygiene' isn't on this dial"):
        machine("cottage", programme="hygiene")


@pytest.mark.parametrize("model", ["front_8", "graphite", "cottage"])
def test_the_door_and_the_turning_drum_are_seen_on_the_front_that_has_the_door(model):
    device = declare("washing_machine", model)
    (front,) = (panel for panel in device.panels for control in panel.controls if control.name == "door")
    assert device.shows["door"] == device.shows["running"] == front.name
