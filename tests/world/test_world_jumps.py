"""A world that jumps is the world that steps: the same events, and the same flows to the last bit."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from small_rooms import changes, control, facts, flows, joints, perform, room

from switch_bench.skills import verbs
from switch_bench.skills.sense import Sense
from switch_bench.spec.find import load_scene, scenes
from switch_bench.world.cast import plain_room
from switch_bench.world.stage import Stage
from switch_bench.world.world import TICK, World

GRID = 25  # ticks between two times at which the stepped flat's flows are noted
SPAN = 9_000  # ticks: a minute and a half, with the postman at the door and the kettle's lever popping


@pytest.fixture(scope="module")
def stepped():
    """The heated flat, stepped tick by tick; and its flows at every quarter of a second."""
    world = World(room("flat"))
    noted = {0: flows(world)}
    for _ in range(SPAN // GRID):
        world.run(GRID)
        noted[world.now] = flows(world)
    return world, noted


def test_the_flat_has_what_makes_jumping_hard(stepped):
    world, noted = stepped
    door = [value for _, value, _ in changes(world, "door.leaf")]
    assert door == ["open", "closed"]
    assert changes(world, "kettle.lever")[0][1] == "off"
    assert noted[SPAN * TICK]["hall.temperature"] != noted[0]["hall.temperature"]


@settings(max_examples=8, derandomize=True, deadline=None)
@given(st.lists(st.integers(1, SPAN // GRID // 3), min_size=2, max_size=9))
def test_any_row_of_waits_is_the_stepped_run(stepped, waits):
    world, noted = stepped
    jumped = World(world.room)
    jumps: list[tuple[int, int]] = []
    for wait in waits:
        until = min(jumped.now + wait * GRID * TICK, SPAN * TICK)
        jumped.advance(until, jumps=jumps)
        assert jumped.now == until
        assert flows(jumped) == noted[until]
    assert facts(jumped.network.log) == [f for f in facts(world.network.log) if f[0] <= jumped.now]
    assert jumps


def test_in_one_jump_the_mechanisms_end_where_they_did_step_by_step(stepped):
    world, _ = stepped
    jumped = World(world.room)
    jumped.advance(world.now)
    assert facts(jumped.network.log) == facts(world.network.log)
    assert joints(jumped) == pytest.approx(joints(world), abs=2e-4)


def test_a_jump_ends_at_the_tick_of_what_moves_something():
    world = World(room("flat"))
    jumps: list[tuple[int, int]] = []
    world.advance(40_000_000, jumps=jumps)
    released = next(e.t for e in world.network.log if e.signal == "door.release")
    assert -(-released // TICK) * TICK in [b for _, b in jumps]
    assert all(a % TICK == b % TICK == 0 for a, b in jumps)
    opened = next(e.t for e in world.network.log if e.signal == "door.leaf")
    assert not any(a <= opened < b for a, b in jumps)


def test_nothing_is_jumped_while_the_body_moves_or_touches():
    stage = Stage(room("flat"))
    forward = [0.0] * 7 + [1.0] + [0.0] * 4
    for _ in range(4):
        stage.apply(forward)
    assert not stage.world.at_rest()
    stage.wait(stage.now + 200_000)
    assert stage.trace.jumps == [] or stage.trace.jumps[0][0] > 200_000


@pytest.mark.parametrize("scene", scenes())
def test_every_scene_jumps_as_it_steps(scene):
    stepped, jumped = (World(plain_room(load_scene(scene))) for _ in range(2))
    stepped.run(4_500)
    for until in (7_000_000, 7_010_000, 31_000_000, 45_000_000):
        jumped.advance(until)
    assert facts(jumped.network.log) == facts(stepped.network.log)
    assert flows(jumped) == flows(stepped)


def test_after_an_agents_act_time_jumps_as_it_steps():
    stage = Stage(room("flat"))
    assert perform(stage, verbs.press(Sense(stage), control(stage, "light.gang_1"), True)) == "done"
    stepped = stage.world.fork()
    stage.wait(stage.now + 45_000_000)
    stepped.run((stage.now - stepped.now) // TICK)
    assert stage.trace.jumps
    assert facts(stage.world.network.log) == facts(stepped.network.log)
    assert flows(stage.world) == flows(stepped)


def test_of_an_hours_wait_less_than_a_hundredth_is_stepped(monkeypatch):
    world = World(room("flat"))
    stepped = 0
    run = World.run

    def counting(self: World, ticks: int) -> None:
        nonlocal stepped
        stepped += ticks
        run(self, ticks)

    monkeypatch.setattr(World, "run", counting)
    world.advance(3_600_000_000)
    assert [value for _, value, _ in changes(world, "door.leaf")] == ["open", "closed"]
    assert [value for _, value, _ in changes(world, "kettle.lever")] == ["off"]
    assert 0 < stepped < 3_600_000_000 // TICK // 100
