"""Who moved a thing is remembered while it moves, and no longer."""

from __future__ import annotations

import numpy as np
import pytest
from small_rooms import changes, control, perform, room

from switch_bench.skills import gestures, verbs
from switch_bench.skills.move import draw_back
from switch_bench.skills.sense import Pose, Sense
from switch_bench.verify.facts import AGENT
from switch_bench.world.stage import Stage

ROCKER = "light.gang_1"


@pytest.fixture
def pressed():
    """A stage on which the agent has just switched the light on, its finger drawn back."""
    stage = Stage(room("flat"))
    assert perform(stage, verbs.press(Sense(stage), control(stage, ROCKER), True)) == "done"
    return stage


def mover(stage: Stage, name: str) -> str | None:
    return stage.world.movers[stage.world.handles.controls.index(name)]


def tip_back(stage: Stage) -> None:
    """Let something that is nobody's push the rocker back."""
    world = stage.world
    readout = world.handles.readouts[world.handles.by_signal[ROCKER]]
    world.data.qfrc_applied[readout.dof] = -0.1 if world.data.qpos[readout.qpos] > 0 else 0.1  # N·m
    for _ in range(20):
        world.run(1)
    world.data.qfrc_applied[readout.dof] = 0.0


def test_while_it_moves_it_is_the_agents():
    stage = Stage(room("flat"))
    rocker = control(stage, ROCKER)
    seen = set()
    for action in verbs.press(Sense(stage), rocker, True):
        stage.apply(action)
        if stage.world.touched:
            seen.add(mover(stage, ROCKER))
    assert seen == {AGENT}


def test_at_rest_it_is_nobodys(pressed):
    pressed.wait(pressed.now + 2_000_000)
    assert pressed.world.at_rest()
    assert mover(pressed, ROCKER) is None


def test_what_moves_it_next_is_not_laid_at_the_agents_door(pressed):
    pressed.wait(pressed.now + 2_000_000)
    tip_back(pressed)
    assert [(value, actor) for _, value, actor in changes(pressed.world, ROCKER)] == [(True, AGENT), (False, None)]


def test_a_second_press_is_the_agents_again(pressed):
    pressed.wait(pressed.now + 2_000_000)
    assert perform(pressed, verbs.press(Sense(pressed), control(pressed, ROCKER), False)) == "done"
    assert [actor for *_, actor in changes(pressed.world, ROCKER)] == [AGENT, AGENT]


def test_a_thing_pushed_along_is_let_go_of_when_it_stands():
    stage = Stage(room("flat"))
    sense, world = Sense(stage), stage.world
    mug = world.handles.objects.index("mug")
    geom = world.handles.object_of_geom.index(mug)
    at = world.data.xpos[world.handles.object_body[mug]] + [0.0, -0.03, 0.05]
    side = Pose(at, np.column_stack([[1.0, 0.0, 0.0], [0.0, 0.0, 1.0], [0.0, -1.0, 0.0]]))
    seen = set()
    for action in gestures.tap(sense, gestures.Spot(side, geom)):
        stage.apply(action)
        seen.add(world.carried[mug])
    assert seen == {None, AGENT}
    stage.wait(stage.now + 5_000_000)
    assert world.at_rest()
    assert world.carried[mug] is None


def test_a_fork_forgets_by_itself():
    stage = Stage(room("flat"))
    for action in verbs.press(Sense(stage), control(stage, ROCKER), True):
        stage.apply(action)
        if stage.world.touched:
            break
    fork = stage.world.fork()
    index = fork.handles.controls.index(ROCKER)
    for action in draw_back(Sense(stage)):
        stage.apply(action)
    stage.wait(stage.now + 2_000_000)
    assert stage.world.movers[index] is None
    assert fork.movers[index] == AGENT
