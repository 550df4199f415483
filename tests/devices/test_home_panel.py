from __future__ import annotations

import pytest
from device_house import House, declare

from switch_bench.devices.home_panel import MODELS
from switch_bench.network.declare import Wire
from switch_bench.screens.check import check
from switch_bench.screens.hit import hit


def panel(model="slate_7", fault=None, loop=True, **options):
    """A panel; with `loop` every light obeys and reports at once."""
    device = declare("home_panel", model, **options)
    wires = [(f"p.light_{i}", f"p.lit_{i}") for i in (1, 2, 3)] if loop else []
    return House({"p": device}, wires=wires, faults={"p": fault} if fault else None)


def tap(h, widget, held=0.1):
    h.write({"p.screen": widget})
    h.wait(held)
    h.write({"p.screen": ""})
    h.wait(0.1)


@pytest.mark.parametrize("model", MODELS)
def test_every_page_can_be_drawn_and_touched(model):
    device = declare("home_panel", model, lights=["A", "B", "C", "D", "E", "F"], rooms=[["X", "@temperature"]] * 3)
    glass = device.panels[0].controls[0]
    signals = {s.name for s in device.signals} | {q.name for q in device.quantisers}
    check(glass.screen, signals, glass.size)


@pytest.mark.parametrize("model", MODELS)
def test_a_sleeping_screen_is_woken_from_anywhere(model):
    glass = declare("home_panel", model).panels[0].controls[0]
    for u, v in ((0.0, 0.0), (0.5, 0.5), (1.0, 1.0)):
        assert hit(glass.screen, {"page": "sleep"}, u, v) == "wake"


def test_tabs_turn_the_pages():
    h = panel()
    for page in ("lights", "heating", "scenes", "settings", "home"):
        tap(h, f"go:{page}")
        assert h["p.page"] == page


def test_a_toggle_turns_its_light_over():
    h = panel()
    tap(h, "go:lights")
    tap(h, "light:2")
    assert h["p.light_2"]
    assert not h["p.light_1"]
    h.wait(6.0)
    assert h["p.shown_2"]
    tap(h, "light:2")
    assert not h["p.light_2"]


def test_a_light_that_does_not_answer_is_shown_off_again():
    h = panel(loop=False)
    tap(h, "light:1")
    assert h["p.shown_1"]
    h.wait(5.5)
    assert not h["p.shown_1"]
    assert not h["p.light_1"]


def test_a_light_that_someone_else_switched_is_shown_so_and_can_be_switched_off():
    h = panel(loop=False)
    h.put(p__lit_3=True)
    assert h["p.shown_3"]
    tap(h, "light:3")
    assert h.history("p.light_3")[-1][1] is False


def test_two_quick_taps_over_a_slow_radio_end_as_the_second_asked():
    device = declare("home_panel", "slate_7")
    slow = [
        Wire(source="p.light_1", target="bulb.level", delay=1_500_000),
        Wire(source="bulb.level", target="p.lit_1", delay=1_500_000),
    ]
    h = House({"p": device, "bulb": _bulb()}, wires=slow)
    tap(h, "light:1")
    h.wait(0.5)
    tap(h, "light:1")
    h.wait(20.0)
    assert not h["bulb.level"]
    assert not h["p.shown_1"]


def _bulb():
    from switch_bench.devices.base import Device
    from switch_bench.network.declare import Signal

    return Device(signals=(Signal(name="level", initial=False, kind="input"),))


def test_the_screen_sleeps_after_a_minute_and_the_first_touch_only_wakes_it():
    h = panel()
    tap(h, "go:lights")
    h.wait(61.0)
    assert h["p.page"] == "sleep"
    h.write({"p.screen": "wake"})
    h.write({"p.screen": "light:1"})
    assert not h["p.light_1"]
    h.write({"p.screen": ""})
    assert h["p.page"] == "home"


def test_some_wake_where_they_fell_asleep():
    h = panel("pearl_8")
    tap(h, "go:scenes")
    h.wait(61.0)
    tap(h, "wake")
    assert h["p.page"] == "scenes"


def test_every_touch_keeps_it_awake():
    h = panel()
    for _ in range(4):
        h.wait(40.0)
        tap(h, "go:lights")
    assert h["p.page"] == "lights"


def test_the_sleeping_time_can_be_set():
    h = panel()
    tap(h, "go:settings")
    tap(h, "sleep")
    h.wait(70.0)
    assert h["p.page"] == "settings"
    h.wait(240.0)
    assert h["p.page"] == "sleep"


def test_warmer_and_cooler_move_the_set_point_within_its_range():
    h = panel(setpoint=29.5)
    for _ in range(3):
        tap(h, "warmer")
    assert h["p.setpoint"] == 30.0
    tap(h, "cooler")
    assert h["p.setpoint"] == 29.5


def test_good_night_turns_everything_off_and_lowers_the_heat():
    h = panel()
    tap(h, "scene:evening")
    assert all(h[f"p.light_{i}"] for i in (1, 2, 3))
    h.wait(6.0)
    tap(h, "scene:night")
    assert not any(h[f"p.light_{i}"] for i in (1, 2, 3))
    assert h["p.setpoint"] == 17.0


def test_leaving_must_be_confirmed_on_most():
    h = panel()
    tap(h, "scene:leave")
    assert h["p.page"] == "confirm"
    assert not h["p.away"]
    tap(h, "confirm:no")
    assert not h["p.away"]
    tap(h, "scene:leave")
    tap(h, "confirm:yes")
    assert h["p.away"]
    bold = panel("pearl_8")
    tap(bold, "scene:leave")
    assert bold["p.away"]


def test_while_it_is_cleaned_it_feels_nothing():
    h = panel()
    tap(h, "go:settings")
    tap(h, "clean")
    tap(h, "go:lights")
    tap(h, "light:1")
    assert h["p.page"] == "clean"
    assert not h["p.light_1"]
    h.wait(30.0)
    assert h["p.page"] == "settings"


def test_after_a_power_cut_it_starts_up_first():
    h = panel()
    tap(h, "light:1")
    h.put(p__mains=False)
    assert h["p.page"] == ""
    assert h["p.load"] == 0.0
    tap(h, "light:2")
    h.put(p__mains=True)
    assert h["p.page"] == "boot"
    tap(h, "light:2")
    h.wait(12.0)
    assert h["p.page"] == "home"
    assert h["p.light_1"]
    assert not h["p.light_2"]


def test_it_shows_the_temperature_of_other_rooms():
    h = House(
        {"p": declare("home_panel", "slate_7", rooms=[["Here", "@temperature"], ["Attic", "/attic.temperature"]])},
        zones=("room", "attic"),
        initial={"room.temperature": 21.2, "attic.temperature": 12.0},
    )
    assert (h["p.room_1"], h["p.room_2"]) == (21.0, 12.0)


def test_with_its_link_down_it_shows_orders_that_never_leave():
    h = panel(fault="link_down")
    tap(h, "light:1")
    assert h["p.shown_1"]
    assert not h["p.light_1"]
    h.wait(6.0)
    assert not h["p.shown_1"]


def test_a_dead_glass_feels_nothing():
    h = panel(fault="glass_dead")
    tap(h, "go:lights")
    assert h["p.page"] == "home"


def test_seven_lights_are_refused():
    with pytest.raises(ValueError, match="1 to 6 lights needed, 7 given"):
        panel(lights=["x"] * 7)
