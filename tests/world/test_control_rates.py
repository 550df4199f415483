"""The same hand at 10, 20 and 50 actions a second."""

from __future__ import annotations

import pytest
from small_rooms import changes, control, perform, room

from switch_bench.skills import verbs
from switch_bench.skills.sense import Sense
from switch_bench.world.stage import CONTROL_HZ, Stage

FORWARD = [0.5, 0.0, 0.2, 0.0, 0.3, 0.0, 1.0, 0.2, 0.0, 0.3, 0.5, 0.0]


def stage_at(hz: int) -> Stage:
    return Stage(room("bench"), control_hz=hz)


@pytest.mark.parametrize("hz", CONTROL_HZ)
def test_a_second_has_so_many_actions_and_one_state_hash(hz):
    stage = stage_at(hz)
    for _ in range(hz):
        stage.apply([0.0] * 6 + [1.0] + [0.0] * 5)
    assert stage.now == 1_000_000
    assert [t for t, _ in stage.trace.hashes] == [0, 1_000_000]


def test_a_motion_goes_as_far_at_any_rate():
    tips = []
    for hz in CONTROL_HZ:
        stage = stage_at(hz)
        for _ in range(hz // 2):
            stage.apply(FORWARD)
        tips.append(Sense(stage).tip.at)
    assert tips[0] == pytest.approx(tips[1], abs=0.01)
    assert tips[2] == pytest.approx(tips[1], abs=0.01)


def test_at_10_hz_no_target_stands_longer_than_50_ms_while_the_hand_moves():
    stage = stage_at(10)
    for _ in range(5):
        stage.apply(FORWARD)
    assert [t for t, _ in stage.rows] == [50_000 * k for k in range(10)]


@pytest.mark.parametrize("hz", CONTROL_HZ)
def test_a_key_is_held_for_seconds_not_for_steps(hz):
    stage = stage_at(hz)
    assert perform(stage, verbs.press(Sense(stage), control(stage, "push.push"), hold=2.0)) == "done"
    (down, _, _), (up, _, _) = changes(stage.world, "push.push")
    assert up - down == pytest.approx(2.0, abs=0.4)


@pytest.mark.parametrize(("hz", "steps"), [(10, (0, 1, 1, 2, 30)), (20, (0, 1, 2, 3, 60)), (50, (0, 3, 5, 8, 150))])
def test_seconds_are_counted_in_whole_steps_one_at_least(hz, steps):
    sense = Sense(stage_at(hz))
    assert tuple(sense.steps(seconds) for seconds in (0.0, 0.05, 0.1, 0.15, 3.0)) == steps
