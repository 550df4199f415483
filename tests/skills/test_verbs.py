"""Every verb does with the hand, by contact alone, what a person would mean by it."""

from __future__ import annotations

import numpy as np
import pytest
from small_rooms import changes, control, joints, perform, room

from switch_bench.controls.slider import Slider
from switch_bench.devices.base import Device, Kind, Panel
from switch_bench.devices.catalogue import kind
from switch_bench.skills import verbs
from switch_bench.skills.sense import Sense
from switch_bench.spec.load import parse_scene
from switch_bench.spec.variation import draw
from switch_bench.world import wiring
from switch_bench.world.room import build
from switch_bench.world.scenario import Scenario
from switch_bench.world.screens import widget_point, widgets
from switch_bench.world.stage import Stage


class Hand:
    """A hand at the bench that does one thing after the other."""

    def __init__(self, where="bench", **more):
        self.stage = Stage(room(where, **more))
        self.world = self.stage.world
        self.sense = Sense(self.stage)

    def does(self, verb, name: str, *args, **more) -> str:
        """A verb on a control."""
        return perform(self.stage, verb(self.sense, control(self.stage, name), *args, **more))

    def values(self, signal: str) -> list:
        """What a signal became, in order."""
        return [value for _, value, _ in changes(self.world, signal)]


@pytest.fixture
def hand():
    """A hand at the bench."""
    return Hand()


def test_pressing_a_rocker_switches_it_and_pressing_again_switches_back(hand):
    assert hand.does(verbs.press, "light.gang_1", True) == "done"
    assert hand.values("light.gang_1") == [True]
    assert hand.world.value("light.lamp_1") is True
    assert hand.does(verbs.press, "light.gang_1") == "done"
    assert hand.values("light.gang_1") == [True, False]
    assert hand.values("light.gang_2") == []


def test_pressing_what_reads_so_already_does_nothing(hand):
    assert hand.does(verbs.press, "light.gang_1", False) == "done"
    assert hand.stage.now == 0


def test_a_push_is_held_as_long_as_asked(hand):
    assert hand.does(verbs.press, "push.push", hold=3.0) == "done"
    (down, _, _), (up, _, _) = changes(hand.world, "push.push")
    assert 3.0 <= up - down < 3.8


def test_a_detented_knob_is_turned_to_a_position_over_those_between(hand):
    assert hand.does(verbs.turn, "oven.mode", "hot_air") == "done"
    assert hand.values("oven.mode") == ["light", "bake", "hot_air"]
    assert hand.does(verbs.turn, "oven.mode", "off") == "done"
    assert hand.values("oven.mode")[3:] == ["bake", "light", "off"]


@pytest.mark.parametrize("asked", ["150", 150, 150.4])
def test_a_position_may_be_written_as_a_number(hand, asked):
    assert hand.does(verbs.turn, "oven.temperature", asked) == "done"
    assert hand.world.value("oven.temperature") == "150"


def test_a_number_beyond_the_scale_is_no_position(hand):
    assert hand.does(verbs.turn, "oven.temperature", 9999) == "it has no position 9999"
    assert hand.stage.now == 0


def test_a_held_knob_stays_where_it_is_held(hand):
    assert hand.does(verbs.turn, "oven.temperature", "100", hold=40) == "done"
    assert hand.values("oven.temperature")[-1] == "100"
    place = joints(hand.world)["oven.temperature"]
    hand.stage.wait(hand.stage.now + 60_000_000)
    assert joints(hand.world)["oven.temperature"] == pytest.approx(place, abs=0.02)


def test_a_push_and_turn_knob_is_pushed_in_before_it_turns(hand):
    assert hand.does(verbs.turn, "hob.knob_2", "mid") == "done"
    log = [(e.signal, e.new) for e in hand.world.network.log if e.signal.startswith("hob.knob_2") and e.t > 0]
    moves = [m for m in log if not m[0].endswith("_touch")]
    assert moves[0] == ("hob.knob_2_push", True)
    assert hand.world.value("hob.knob_2") == "mid"
    assert hand.world.value("hob.knob_2_push") is False
    assert hand.values("hob.knob_1") == hand.values("hob.knob_3") == []


@pytest.mark.parametrize("door", ["microwave.door", "oven.door"])
def test_a_door_is_opened_by_its_handle_and_pushed_shut(hand, door):
    assert hand.does(verbs.open_, door) == "done"
    assert hand.values(door) == ["open"]
    assert joints(hand.world)[door] > 0.3
    assert hand.does(verbs.close, door) == "done"
    assert hand.values(door) == ["open", "closed"]


def test_opening_what_is_open_does_nothing(hand):
    assert hand.does(verbs.open_, "microwave.door") == "done"
    before = hand.stage.now
    assert hand.does(verbs.open_, "microwave.door") == "done"
    assert hand.stage.now == before


def test_keys_are_typed_in_order_and_no_neighbour_is_touched(hand):
    assert hand.does(verbs.type_, "microwave.key", ["1", "0", "5", "start"]) == "done"
    typed = [e.signal for e in hand.world.network.log if e.signal.startswith("microwave.key_") and e.new is True]
    assert [s for s in typed if not s.endswith("_touch")] == [f"microwave.key_{k}" for k in ("1", "0", "5", "start")]


def test_touching_a_widget_is_felt_as_that_widget(hand):
    screen = control(hand.stage, "panel.screen")
    for widget in widgets(hand.world, screen)[:4]:
        point = widget_point(hand.world, screen, widget)
        assert hand.does(verbs.touch, "panel.screen", point) == "done"
        assert hand.values("panel.screen")[-2:] == [widget.name, ""]
        hand.stage.wait(hand.stage.now + 2_000_000)
        if widget.name not in {w.name for w in widgets(hand.world, screen)}:
            break


def test_going_to_a_room_ends_in_it(hand):
    assert perform(hand.stage, verbs.go_to_zone(hand.sense, "closet")) == "done"
    x, y, _ = hand.sense.base
    assert hand.stage.room.zone_at(x, y) == "closet"
    hand.world.run(20)
    assert hand.world.at_rest()


def test_going_before_a_control_brings_it_into_reach_and_view(hand):
    assert hand.does(verbs.go_before, "closet_light.key_1") == "done"
    x, y, _ = hand.sense.base
    item = control(hand.stage, "closet_light.key_1")
    at = hand.sense.site(next(iter(item.built.grips.values())).site).at
    assert np.hypot(at[0] - x, at[1] - y) < 1.0
    assert hand.sense.gaze_error() < 0.05


def test_looking_turns_the_head_and_leaves_the_feet(hand):
    before = hand.sense.base
    item = control(hand.stage, "light.gang_1")
    at = hand.sense.site(item.built.grips["on"].site).at
    assert perform(hand.stage, verbs.look_at(hand.sense, at)) == "done"
    assert hand.sense.gaze_error() < 0.05
    assert hand.sense.base == pytest.approx(before, abs=0.02)


FADER = Kind(
    name="fader",
    title="fader",
    models={"one": None},
    declare=lambda model, options: Device(
        panels=(Panel(name="plate", at=(0, -0.02, 0), size=(0.1, 0.06), controls=(Slider(name="level", at=(0, 0)),)),)
    ),
)
STUDIO = """
title: Studio
zones: {studio: {size: [2.6, 2.4]}}
devices: [{id: fader, kind: fader, zone: studio, mount: {wall: north, at: 1.3, height: 1.2}}]
start: {zone: studio, at: [1.3, 0.9], heading: 90}
"""


@pytest.mark.parametrize("value", [0.4, 1.0])
def test_a_slider_is_slid_to_a_value(monkeypatch, value):
    monkeypatch.setattr(wiring, "kind", lambda name: FADER if name == "fader" else kind(name))
    stage = Stage(build(Scenario(draw(parse_scene(STUDIO), "none")[0])))
    sense = Sense(stage)
    assert perform(stage, verbs.turn(sense, control(stage, "fader.level"), value)) == "done"
    assert stage.world.value("fader.level") == value
    assert perform(stage, verbs.turn(sense, control(stage, "fader.level"), 0.0)) == "done"
    assert stage.world.value("fader.level") == 0.0
