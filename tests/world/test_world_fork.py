"""A fork is a world of its own that goes on as the other would have."""

from __future__ import annotations

import pytest
from small_rooms import control, facts, flows, joints, perform, room

from switch_bench.skills import verbs
from switch_bench.skills.sense import Sense
from switch_bench.world.stage import Stage
from switch_bench.world.world import World


@pytest.fixture
def at_the_door():
    """The heated flat while the door swings open."""
    world = World(room("flat"))
    world.advance(31_500_000)
    assert not world.at_rest()
    return world


def test_a_fork_goes_on_bit_for_bit(at_the_door):
    other = at_the_door.fork()
    assert other.digest() == at_the_door.digest()
    at_the_door.run(800)
    other.run(800)
    assert other.digest() == at_the_door.digest()
    assert facts(other.network.log) == facts(at_the_door.network.log)
    assert flows(other) == flows(at_the_door)
    assert joints(other) == joints(at_the_door)


def test_running_a_fork_leaves_the_other_where_it_was(at_the_door):
    before, digest, events = at_the_door.now, at_the_door.digest(), at_the_door.network.count
    other = at_the_door.fork()
    other.advance(400_000_000)
    assert (at_the_door.now, at_the_door.digest(), at_the_door.network.count) == (before, digest, events)
    assert other.now == 400_000_000
    assert other.network.count > events


def test_forks_of_forks_jump_as_one_world_steps(at_the_door):
    child = at_the_door.fork()
    child.advance(60_000_000)
    grandchild = child.fork()
    grandchild.advance(90_000_000)
    at_the_door.run(5_850)
    assert grandchild.now == at_the_door.now
    assert facts(grandchild.network.log) == facts(at_the_door.network.log)
    assert flows(grandchild) == flows(at_the_door)


def test_two_futures_of_one_moment_differ_only_by_what_is_done_in_them():
    stage = Stage(room("bench"))
    other = stage.world.fork()
    sense = Sense(stage)
    assert perform(stage, verbs.press(sense, control(stage, "light.gang_1"), True)) == "done"
    other.advance(stage.now)
    assert stage.world.value("light.lamp_1") is True
    assert other.value("light.lamp_1") is False
    assert stage.world.value("light.gang_2") == other.value("light.gang_2")


def test_a_fork_made_while_a_finger_presses_keeps_pressing():
    stage = Stage(room("bench"))
    sense = Sense(stage)
    for action in verbs.press(sense, control(stage, "push.push"), hold=1.0):
        stage.apply(action)
        if stage.world.value("push.push"):
            break
    other = stage.world.fork()
    other.run(10)
    assert other.value("push.push") is True
    assert other.touched == stage.world.touched
    stage.world.run(10)
    assert other.digest() == stage.world.digest()


def test_a_fork_that_is_gone_lends_its_data_to_the_next(at_the_door):
    first = at_the_door.fork()
    first.run(300)
    whose = id(first.data)
    del first
    second = at_the_door.fork()
    assert id(second.data) == whose
    assert second.digest() == at_the_door.digest()
    second.run(300)
    at_the_door.run(300)
    assert second.digest() == at_the_door.digest()
    assert joints(second) == joints(at_the_door)
