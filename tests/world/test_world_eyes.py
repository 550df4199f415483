"""A motion sensor sees the body move in its field, and nothing else of it."""

from __future__ import annotations

from math import cos, pi, radians, sin

import pytest
from hypothesis import given
from hypothesis import strategies as st
from small_rooms import changes, facts, perform, room

from switch_bench.skills.move import drive
from switch_bench.skills.sense import Sense
from switch_bench.trace.schema import Trace
from switch_bench.verify.worlds import NULL, Without
from switch_bench.world import replay
from switch_bench.world.eyes import EyeHandle
from switch_bench.world.stage import Stage
from switch_bench.world.world import World

EYE = EyeHandle("eye.sees", "hall", (0.0, 0.0), (1.0, 0.0), 8.0, radians(55))


@pytest.fixture(scope="module")
def walk() -> Trace:
    """From the den into the hall, and then half a minute of standing there."""
    stage = Stage(room("watched"))
    assert perform(stage, drive(Sense(stage), 5.0, 1.2, 0.0)) == "done"
    stage.wait(40_000_000)
    return stage.finish()


def test_it_sees_the_body_once_it_is_in_the_hall_and_loses_it_once_it_stands(walk):
    (came, sees, who), (lost, blind, _) = changes(walk, "eye.sees")
    assert (sees, who, blind) == (True, "agent", False)
    entered = next(t for t, x, _, _ in walk.base.tolist() if x > 3.05) * 1e-6
    assert abs(came - entered) < 1.1  # where the body is, is noted once a second
    assert 8.4 < lost < 10.0  # it walks 4.2 m at 0.5 m/s


def test_it_sees_nobody_who_stands_or_isnt_there(walk):
    assert changes(replay.without(room("watched"), walk, NULL), "eye.sees") == []
    world = World(room("watched"))
    world.advance(60_000_000)
    assert changes(world, "eye.sees") == []


def test_a_frozen_eye_doesnt_see_the_agent(walk):
    frozen = replay.without(room("watched"), walk, Without(controls=frozenset({"eye.sees"})))
    assert changes(frozen, "eye.sees") == []


def test_a_replay_and_a_stepped_run_see_the_same(walk):
    assert facts(replay.identity(room("watched"), walk).events) == facts(walk.events)
    again = replay.without(room("watched"), walk, Without())
    assert [f for f in facts(again.events) if f[0] <= walk.end] == facts(walk.events)
    assert [h for _, h in replay.identity(room("watched"), walk).hashes] == [h for _, h in walk.hashes]


def test_a_fork_loses_sight_by_itself():
    stage = Stage(room("watched"))
    for _ in range(120):  # 3 m at 0.5 m/s
        stage.apply([0.0] * 7 + [1.0] + [0.0] * 4)
    world = stage.world
    assert any(s.until for s in world.sights)
    other = world.fork()
    other.run(200)
    assert not any(s.until for s in other.sights)
    assert any(s.until for s in world.sights)


@given(st.floats(0.1, 12.0), st.floats(-pi, pi))
def test_its_field_is_a_sector(far, angle):
    inside = far < 7.99 and abs(angle) < radians(54.9)
    outside = far > 8.01 or abs(angle) > radians(55.1)
    covers = EYE.covers(far * cos(angle), far * sin(angle))
    assert covers >= inside
    assert not (covers and outside)
