"""When a motion doesn't come off, it says what a hand could know of why, and no more."""

from __future__ import annotations

import pytest
from small_rooms import changes, control, joints, perform, room

from switch_bench.skills import operate, verbs
from switch_bench.skills.move import goto, reach
from switch_bench.skills.sense import Pose, Sense
from switch_bench.world.stage import Stage


@pytest.fixture
def bench():
    """A stage and senses at the bench."""
    stage = Stage(room("bench"))
    return stage, Sense(stage)


def test_a_closed_door_holds_the_hand_back_from_what_is_behind_it():
    stage = Stage(room("cupboard"))
    said = perform(stage, verbs.press(Sense(stage), control(stage, "breakers.mcb_8"), "off"))
    assert said == "the hand met something on its way and could not get there"
    assert changes(stage.world, "breakers.mcb_8") == []
    assert changes(stage.world, "breakers.mcb_8_touch") == []
    assert [value for _, value, _ in changes(stage.world, "breakers.cover_touch")][:1] == [True]
    assert joints(stage.world)["breakers.cover"] == pytest.approx(0.0, abs=0.02)
    assert stage.world.value("light.mains") is True


def test_through_the_ovens_closed_door_nothing_inside_is_reached(bench):
    stage, sense = bench
    centre, _ = next(iter(stage.room.drawn.placed["oven"].device.interior.values()))
    oven = stage.room.drawn.placed["oven"]
    inside = oven.at + oven.axes @ centre
    assert perform(stage, verbs.go_before(sense, control(stage, "oven.door"))) == "done"
    tip = sense.tip
    assert perform(stage, reach(sense, Pose(inside, tip.axes))) != "done"
    local = oven.axes.T @ (sense.tip.at - oven.at)
    assert local[1] < -0.45
    assert changes(stage.world, "oven.door") == []


def test_a_locked_door_is_held_shut():
    stage = Stage(room("flat"))
    assert perform(stage, verbs.open_(Sense(stage), control(stage, "door.leaf"))) == (
        "it did not open; it slipped out of the fingers or is held shut"
    )
    assert changes(stage.world, "door.leaf") == []


def test_a_jammed_knob_would_not_go_there():
    stage = Stage(room("visitor", faults=(("dimmer", "stuck"),)))
    before = joints(stage.world)["dimmer.dim"]
    said = perform(stage, verbs.turn(Sense(stage), control(stage, "dimmer.dim"), 0.9))
    assert said == "it would not go there; it slipped out of the fingers or is blocked"
    assert changes(stage.world, "dimmer.dim") == changes(stage.world, "dimmer.dim_push") == []
    assert joints(stage.world)["dimmer.dim"] == pytest.approx(before, abs=1e-3)


@pytest.mark.parametrize(
    ("verb", "name", "args", "says"),
    [
        (verbs.press, "microwave.key", {"key": "99"}, "there is no key '99'"),
        (verbs.press, "oven.mode", {}, "there is nothing to press there"),
        (verbs.press, "panel.screen", {}, "there is nothing to press there"),
        (verbs.turn, "light.gang_1", {"to": True}, "there is nothing to take hold of there"),
        (verbs.turn, "oven.mode", {"to": "fry"}, "it has no position 'fry'"),
        (verbs.open_, "light.gang_1", {}, "there is nothing to take hold of there"),
        (verbs.close, "light.gang_1", {}, "there is nothing to close there"),
        (verbs.touch, "light.gang_1", {"point": None}, "that is no touch screen"),
    ],
)
def test_a_verb_that_doesnt_suit_the_control_fails_before_the_hand_moves(bench, verb, name, args, says):
    stage, sense = bench
    assert perform(stage, verb(sense, control(stage, name), **args)) == says
    assert stage.now == 0


def test_a_finger_that_meets_nothing_says_so(bench):
    stage, sense = bench
    item = control(stage, "light.gang_1")
    grip = item.built.grips["on"]
    beside = sense.site(grip.site).axes @ [0.0, 0.25, 0.02]
    assert perform(stage, operate.press(sense, item, grip, offset=beside)) == "the finger met nothing there"
    assert changes(stage.world, "light.gang_1_touch") == []


def test_where_no_floor_is_free_there_is_no_way(bench):
    stage, sense = bench
    """It is said without coordinates, which an agent isn't told."""
    assert perform(stage, goto(sense, 30.0, 30.0, 0.0)) == "there is no free way over the floor to that place"


def test_a_failed_skill_leaves_a_world_that_goes_on(bench):
    stage, sense = bench
    assert perform(stage, verbs.turn(sense, control(stage, "oven.mode"), "fry")) != "done"
    assert perform(stage, verbs.press(sense, control(stage, "light.gang_1"), True)) == "done"
