"""Other people move real mechanisms with hands of limited strength, and what they do is theirs."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from small_rooms import changes, facts, joints, room

from switch_bench.spec.people import Person
from switch_bench.trace.signals import ancestors
from switch_bench.world.room import build
from switch_bench.world.stage import Stage
from switch_bench.world.world import World


@pytest.fixture(scope="module")
def evening():
    """Ten seconds in the hall, in which each visitor does one thing."""
    world = World(room("visitor"))
    world.run(1000)
    return world


def test_a_person_presses_a_rocker_and_the_light_goes_on(evening):
    (when, value, actor), *more = changes(evening, "light.gang_1")
    assert 1.0 < when < 1.3
    assert value is True
    assert actor == "person:anna"
    assert more == []
    assert evening.value("light.lamp_1") is True


def test_the_rocker_was_moved_by_force_and_stays_where_it_snapped(evening):
    assert joints(evening)["light.gang_1"] == pytest.approx(0.12, abs=0.01)
    assert joints(evening)["light.gang_2"] == pytest.approx(-0.12, abs=0.01)
    assert np.all(evening.data.qfrc_applied == 0.0)


def test_the_lamp_is_the_persons_doing(evening):
    log = evening.network.log
    lamp = next(e for e in log if e.signal == "light.lamp_1" and e.new is True)
    trace = Stage(evening.room).finish()
    trace.events = log
    ancestry = {log[i].signal: log[i].actor for i in ancestors(trace, lamp.id)}
    assert ancestry["light.gang_1"] == "person:anna"
    assert ancestry["anna.hand"] == "person:anna"


def test_a_push_is_held_for_as_long_as_it_is_meant_to_be(evening):
    (down, pressed, one), (up, released, other) = changes(evening, "stairs.push")
    assert (pressed, released) == (True, False)
    assert one == other == "person:ben"
    assert 4.0 < down < 4.3
    assert 4.6 <= up < 4.8


def test_a_knob_is_turned_step_by_step_to_the_value_and_not_beyond(evening):
    values = [value for _, value, _ in changes(evening, "dimmer.dim")]
    assert values == [0.55, 0.5, 0.45, 0.4, 0.35, 0.3]


def test_nobody_touches_with_the_agents_hand(evening):
    assert not [e for e in evening.network.log if e.actor == "agent" or e.signal.endswith("_touch")]


def test_a_jumped_evening_is_the_stepped_one(evening):
    jumped = World(evening.room)
    jumps: list[tuple[int, int]] = []
    jumped.advance(evening.now, jumps=jumps)
    assert jumps
    assert facts(jumped.network.log) == facts(evening.network.log)


def test_a_jammed_rocker_is_left_after_a_while():
    world = World(room("visitor", faults=(("light", "stuck_1"),)))
    world.run(150)
    assert [p.person for p in world.pushes] == ["person:anna"]
    world.run(240)
    assert world.pushes == []
    assert changes(world, "light.gang_1") == []


def test_a_fork_in_the_middle_of_a_press_ends_it_by_itself():
    world = World(room("visitor"))
    world.run(105)
    other = world.fork()
    assert world.pushes == other.pushes != []
    world.run(100)
    other.run(100)
    assert changes(world, "light.gang_1") == changes(other, "light.gang_1") != []
    assert world.digest() == other.digest()


def test_a_person_who_presses_a_key_twice_lets_go_in_between():
    visitor = room("visitor").scenario
    twice = Person.model_validate({"name": "dora", "zone": "hall", "at": "1 s", "acts": [{"press": "stairs.push"}] * 2})
    world = World(build(replace(visitor, scene=visitor.scene.model_copy(update={"people": (twice,)}))))
    world.run(400)
    assert [value for _, value, _ in changes(world, "stairs.push")] == [True, False, True, False]
