"""Gestures at a point of the image act on what is seen there."""

from __future__ import annotations

import numpy as np
import pytest
from bench_env import Bench

from switch_bench.envs.act import CODES, GESTURES
from switch_bench.physics.cameras import project


class Pointer(Bench):
    """A bench at which one points at what one sees."""

    def __init__(self, file, **options):
        super().__init__(file, act="pixel", **options)

    def at(self, name: str, grip: str) -> tuple[float, float]:
        """Where in the image a grip of a control is, 0..1."""
        site = self.env.sense.site(self.control(name).built.grips[grip].site)
        pixels, depth = project(
            self.stage.world.model, self.stage.world.data, self.env.observer.head, (640, 480), site.at[None]
        )
        assert depth[0] > 0
        return float(pixels[0, 0] / 639), float(pixels[0, 1] / 479)

    def gesture(self, what: str, point=(0.5, 0.5), amount=(0.0, 0.0), code: str = "none") -> str:
        action = {"gesture": GESTURES.index(what), "point": point, "amount": amount, "code": CODES.index(code)}
        return self.env.step(action)[-1]["said"]


@pytest.fixture
def hand(task_file):
    return Pointer(task_file)


def test_a_tap_on_the_raised_half_of_a_rocker_toggles_it(hand):
    hand.looks_at("light.gang_1")
    assert hand.gesture("tap", hand.at("light.gang_1", "on")) == "done"
    assert hand.values("light.gang_1") == [True]
    hand.looks_at("light.gang_1")
    assert hand.gesture("tap", hand.at("light.gang_1", "off")) == "done"
    assert hand.values("light.gang_1") == [True, False]
    assert hand.values("light.gang_2") == []


def test_a_tap_on_the_pressed_half_changes_nothing(hand):
    hand.looks_at("light.gang_1")
    hand.gesture("tap", hand.at("light.gang_1", "off"))
    assert hand.values("light.gang_1_touch")[:1] == [True]
    assert hand.values("light.gang_1") == []


def test_a_hold_keeps_a_push_pressed(hand):
    hand.looks_at("push.push")
    assert hand.gesture("hold", hand.at("push.push", "press"), amount=(2.0, 0.0)) == "done"
    times = [e.t for e in hand.stage.world.network.log if e.signal == "push.push"]
    assert 2_000_000 <= times[1] - times[0] < 3_000_000


def test_a_tap_on_a_widget_touches_it(hand):
    hand.looks_at("panel.screen")
    hand.env.observer.number()
    mark = hand.marks[[n.startswith("panel.screen.") for n in hand.names()].index(True)]
    hand.gesture("tap", (mark.pixel[0] / 639, mark.pixel[1] / 479))
    assert hand.values("panel.screen")[:1] == [mark.target.widget]


def test_a_turn_turns_a_detented_knob_clockwise_to_the_next_detent(hand):
    hand.looks_at("oven.mode")
    assert hand.gesture("turn", hand.at("oven.mode", "turn"), amount=(1.0, 0.0)) == "done"
    assert hand.values("oven.mode") == ["light"]


def test_a_turn_back_against_the_stop_changes_nothing(hand):
    hand.looks_at("oven.mode")
    assert hand.gesture("turn", hand.at("oven.mode", "turn"), amount=(-1.0, 0.0)) == "done"
    assert hand.values("oven.mode_touch")[:1] == [True]
    assert hand.values("oven.mode") == []


def test_a_knob_is_taken_by_its_wing_wherever_one_points_at_it(hand):
    hand.looks_at("oven.temperature")
    x, y = hand.at("oven.temperature", "turn")
    assert hand.gesture("turn", (x - 0.01, y), amount=(0.8, 0.0)) == "done"
    assert hand.values("oven.temperature")[:1] == ["50"]


def test_a_push_and_turn_knob_turns_only_if_it_is_pushed_in(hand):
    hand.looks_at("hob.knob_1")
    hand.gesture("turn", hand.at("hob.knob_1", "turn"), amount=(-1.2, 0.0))
    assert hand.values("hob.knob_1") == []
    hand.looks_at("hob.knob_1")
    hand.gesture("pinch_turn", hand.at("hob.knob_1", "turn"), amount=(-1.2, 0.0))
    assert hand.values("hob.knob_1_push")[:1] == [True]
    assert hand.values("hob.knob_1")[:1] == ["max"]


def test_a_drag_draws_the_finger_over_the_surface(hand):
    hand.looks_at("light.gang_1")
    x, y = hand.at("light.gang_1", "on")
    hand.gesture("drag", (x, y), amount=(0.05, 0.0))
    assert hand.values("light.gang_1_touch")[:1] == [True]


def test_waiting_and_reporting_need_no_point(hand):
    assert hand.gesture("wait", amount=(3.0, 0.0)) == "done"
    assert hand.stage.now == 3_000_000
    assert hand.gesture("report") == "a report says done or impossible"
    assert hand.gesture("report", code="impossible") == "done"
    assert hand.env.over


def test_what_is_out_of_reach_is_not_touched(hand):
    hand.looks_at("light.gang_1")
    for _ in range(30):
        hand.stage.apply([0.0] * 11 + [-1.0])
    assert hand.gesture("tap", (0.5, 0.02)) == ("there is no free place on the floor from which the hand reaches that")
    assert not [e for e in hand.stage.world.network.log if e.signal.endswith("_touch")]


def test_ones_own_hand_is_nothing_to_tap_on(hand):
    sense = hand.env.sense
    tip = sense.tip.at
    hand.env.perform(iter([sense.rest()] * 2))
    sense.gaze = tip
    hand.env.perform(iter([]))
    for _ in range(20):
        hand.stage.apply(sense.rest())
    pixels, _ = project(
        hand.stage.world.model, hand.stage.world.data, hand.env.observer.head, (640, 480), sense.tip.at[None]
    )
    point = np.clip(pixels[0] / [639, 479], 0.0, 1.0)
    assert hand.gesture("tap", tuple(point)) == "the hand itself is in the way there"
