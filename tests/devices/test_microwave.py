from __future__ import annotations

import pytest
from device_house import House, declare
from hypothesis import given
from hypothesis import strategies as st

from switch_bench.devices.microwave_programme import seconds_typed
from switch_bench.screens.text import text


def microwave(model="onyx", fault=None, **options):
    return House({"m": declare("microwave", model, **options)}, faults={"m": fault} if fault else None)


def type_in(h, keys):
    for key in keys:
        h.press(f"m.key_{key}")
        h.wait(0.2)


def shown(h):
    return text(h["m.display"], h.network.now, 0)


def cooking(h, digits="130"):
    type_in(h, digits)
    h.press("m.key_start")
    return h


def test_a_typed_time_counts_down_and_beeps_at_its_end():
    h = microwave()
    type_in(h, "130")
    assert shown(h) == "1:30"
    h.write({"m.key_start": True})
    assert shown(h) == "1:30"
    h.wait(89.9)
    assert shown(h) == "0:01"
    assert h["m.heating"]
    h.wait(0.2)
    assert not h["m.heating"]
    assert h["m.sound"] == "beep"
    assert shown(h) == "End"


def test_counting_makes_no_events():
    h = cooking(microwave())
    h.wait(1.0)
    before = h.network.count
    h.wait(60.0)
    assert [e.signal for e in h.network.since(before)] == []


@given(st.text("0123456789", max_size=4))
def test_the_last_two_digits_are_seconds(typed):
    minutes, rest = divmod(int(typed or 0), 100)
    assert seconds_typed(typed) == 60 * minutes + rest


def test_opening_the_door_pauses_and_only_start_goes_on():
    h = cooking(microwave())
    h.wait(30.0)
    h.put(m__door="open")
    assert not h["m.heating"]
    assert h["m.light"]
    h.wait(100.0)
    h.put(m__door="closed")
    h.wait(10.0)
    assert not h["m.heating"]
    h.press("m.key_start")
    assert h["m.heating"]
    h.wait(59.0)
    assert h["m.heating"]
    h.wait(1.0)
    assert h["m.phase"] == "done"


def test_it_does_not_start_with_the_door_open():
    h = microwave()
    h.put(m__door="open")
    cooking(h)
    assert not h["m.heating"]
    h.put(m__door="closed")
    assert not h["m.heating"]
    h.press("m.key_start")
    assert h["m.heating"]


def test_stop_pauses_and_stop_again_clears():
    h = cooking(microwave())
    h.wait(30.0)
    h.press("m.key_stop")
    assert h["m.phase"] == "paused"
    h.wait(0.1)
    h.press("m.key_stop")
    assert h["m.phase"] == "idle"
    h.press("m.key_start")
    h.wait(29.0)
    assert h["m.heating"]
    h.wait(2.0)
    assert not h["m.heating"]


def test_start_alone_is_half_a_minute_on_some_and_nothing_on_others():
    quick, slow = microwave("onyx"), microwave("galley")
    for h in (quick, slow):
        h.press("m.key_start")
    assert quick["m.heating"]
    assert not slow["m.heating"]


def test_start_while_running_adds_half_a_minute():
    h = cooking(microwave(), "10")
    h.wait(5.0)
    h.press("m.key_start")
    h.wait(30.0)
    assert h["m.heating"]
    h.wait(6.0)
    assert h["m.phase"] == "done"


def test_a_power_cut_forgets_the_programme_and_the_time():
    h = cooking(microwave())
    h.wait(10.0)
    h.put(m__mains=False)
    assert (h["m.display"], h["m.load"], h["m.sound"], h["m.light"]) == ("", 0.0, "", False)
    h.wait(5.0)
    h.put(m__mains=True)
    assert not h["m.heating"]
    assert shown(h) == "0:00"
    h.wait(200.0)
    assert h["m.sound"] == ""


def test_soup_gets_hot_only_while_it_runs():
    h = cooking(microwave(), "200")
    h.wait(121.0)
    hot = h["m.food"]
    assert h["m.food_hot"]
    h.wait(300.0)
    assert h["m.food"] < hot


def test_nothing_inside_gets_not_hot():
    h = cooking(microwave(filled=False))
    h.wait(100.0)
    assert h["m.food"] < 20.0


def test_some_remind_until_the_door_is_opened():
    h = cooking(microwave("galley"), "5")
    h.wait(5.0)
    h.wait(50.0)
    assert h["m.sound"] == ""
    h.wait(10.5)
    assert h["m.sound"] == "beep"
    h.put(m__door="open")
    assert h["m.phase"] == "idle"
    h.wait(120.0)
    assert h["m.sound"] == ""


def test_holding_stop_locks_the_keys_until_it_is_held_again():
    h = microwave()
    h.press("m.key_stop", held=3.2)
    assert shown(h) == "LOC"
    cooking(h)
    assert not h["m.heating"]
    h.press("m.key_stop", held=3.2)
    cooking(h)
    assert h["m.heating"]


def test_a_child_lock_left_on_is_one_of_its_faults():
    h = cooking(microwave(fault="keys_locked"))
    assert not h["m.heating"]


def test_a_dead_magnetron_counts_and_hums_and_heats_nothing():
    h = cooking(microwave(fault="magnetron_dead"))
    h.wait(60.0)
    assert h["m.sound"] == "hum"
    assert h["m.food"] == pytest.approx(8.0, abs=1.0)


def test_a_missed_first_press_of_start():
    h = microwave(fault="key_start_missed")
    cooking(h)
    assert not h["m.heating"]
    h.press("m.key_start")
    assert h["m.heating"]
