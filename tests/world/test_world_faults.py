"""Injected faults: jammed mechanisms, presses that aren't noticed, and names that don't exist."""

from __future__ import annotations

import pytest
from small_rooms import DATA, changes, control, facts, joints, perform, room

from switch_bench.skills import verbs
from switch_bench.skills.sense import Sense
from switch_bench.spec.find import load_scene
from switch_bench.spec.variation import draw
from switch_bench.world.room import build
from switch_bench.world.scenario import Scenario, ScenarioError
from switch_bench.world.screens import widget_point, widgets
from switch_bench.world.stage import Stage

MISSES = (("light", "missed_press:gang_1"),)


def presses(where, count: int, name: str = "light.gang_1") -> Stage:
    """Press a control `count` times."""
    stage = Stage(where)
    sense = Sense(stage)
    for _ in range(count):
        assert perform(stage, verbs.press(sense, control(stage, name))) == "done"
    return stage


def test_a_jammed_rocker_doesnt_give_way():
    stage = Stage(room("bench", faults=(("light", "stuck_1"),)))
    before = joints(stage.world)["light.gang_1"]
    assert perform(stage, verbs.press(Sense(stage), control(stage, "light.gang_1"), True)) == "done"
    assert changes(stage.world, "light.gang_1_touch")
    assert changes(stage.world, "light.gang_1") == []
    assert joints(stage.world)["light.gang_1"] == pytest.approx(before, abs=5e-3)


def test_a_jammed_rocker_leaves_its_neighbour_free():
    stage = Stage(room("bench", faults=(("light", "stuck_1"),)))
    assert perform(stage, verbs.press(Sense(stage), control(stage, "light.gang_2"), True)) == "done"
    assert stage.world.value("light.lamp_2") is True


@pytest.fixture(scope="module")
def missing():
    """Twenty presses of a rocker whose device misses some."""
    return presses(room("bench", faults=MISSES), 20)


def test_about_half_of_the_presses_are_missed(missing):
    moved = len([v for _, v, _ in changes(missing.world, "light.gang_1_touch") if v])
    noticed = len(changes(missing.world, "light.gang_1"))
    assert moved >= 20
    assert 4 <= noticed <= 16


def test_the_same_seed_misses_the_same_presses(missing):
    again = presses(room("bench", faults=MISSES), 20)
    assert facts(again.world.network.log) == facts(missing.world.network.log)


def test_another_seed_misses_others(missing):
    other = presses(room("bench", faults=MISSES).reseeded(1), 20)
    assert changes(other.world, "light.gang_1") != changes(missing.world, "light.gang_1")


def test_a_push_that_was_noticed_is_also_noticed_to_come_up():
    stage = presses(room("bench", faults=(("push", "missed_press:push"),)), 12, "push.push")
    values = [value for _, value, _ in changes(stage.world, "push.push")]
    assert 2 <= len(values) <= 22
    assert values == [True, False] * (len(values) // 2)
    assert stage.world.value("push.push") is False


def test_a_keypads_key_can_be_missed():
    stage = Stage(room("bench", faults=(("microwave", "missed_press:key_1"),)))
    sense, keys = Sense(stage), control(stage, "microwave.key")
    assert perform(stage, verbs.type_(sense, keys, ["1"] * 8 + ["2"] * 3)) == "done"
    assert 1 <= len([v for _, v, _ in changes(stage.world, "microwave.key_1") if v]) <= 7
    assert [v for _, v, _ in changes(stage.world, "microwave.key_2")] == [True, False] * 3


def test_a_touch_can_be_missed():
    stage = Stage(room("bench", faults=(("panel", "missed_press:screen"),)))
    sense, screen = Sense(stage), control(stage, "panel.screen")
    shown = widgets(stage.world, screen)[0]
    for _ in range(8):
        assert perform(stage, verbs.touch(sense, screen, widget_point(stage.world, screen, shown))) == "done"
    assert len([v for _, v, _ in changes(stage.world, "panel.screen_touch") if v]) >= 8
    assert 1 <= len([v for _, v, _ in changes(stage.world, "panel.screen") if v]) <= 7


@pytest.mark.parametrize(
    ("fault", "says"),
    [
        (("lihgt", "stuck_1"), r"no such device.*light"),
        (("light", "stuck_9"), r"light has no fault 'stuck_9'.*stuck_"),
        (("light", "missed_press:gang_9"), r"gang_9.*gang_"),
        (("lihgt", "missed_press:gang_1"), r"no such device.*light"),
    ],
)
def test_a_fault_that_cant_be_had_is_refused_with_what_can(fault, says):
    scene, _ = draw(load_scene(DATA / "bench"), "none")
    with pytest.raises(ScenarioError, match=says):
        build(Scenario(scene, faults=(fault,)))


def test_a_value_at_the_start_that_a_control_cant_have_is_refused_with_those_it_can():
    scene, _ = draw(load_scene(DATA / "bench"), "none")
    with pytest.raises(ScenarioError, match=r"oven\.mode: no position reads 'fry'; expected one of 'off'.*'grill'"):
        build(Scenario(scene, signals={"oven.mode": "fry"}))
