"""Two hands on one control: whose doing it is, and what a frozen control hears."""

from __future__ import annotations

from dataclasses import replace

import pytest
from small_rooms import changes, control, perform, room

from switch_bench.skills import verbs
from switch_bench.skills.sense import Sense
from switch_bench.spec.people import Person
from switch_bench.trace.schema import Trace
from switch_bench.verify.worlds import Without
from switch_bench.world import replay
from switch_bench.world.room import Room, build
from switch_bench.world.stage import Stage

ROCKER = "light.gang_1"


def visited(at: str, to: bool = True, hold: str = "0.5 s") -> Room:
    """The hall, where Anna brings the rocker to a value."""
    scenario = room("visitor").scenario
    anna = Person.model_validate(
        {"name": "anna", "zone": "hall", "at": at, "acts": [{"set": ROCKER, "to": to, "hold": hold}]}
    )
    return build(replace(scenario, scene=scenario.scene.model_copy(update={"people": (anna,)})))


def pressed(where: Room, seconds: float = 20.0) -> Trace:
    """The agent presses the rocker on."""
    stage = Stage(where)
    perform(stage, verbs.press(Sense(stage), control(stage, ROCKER), True))
    stage.wait(int(seconds * 1e6))
    return stage.finish()


def causes(trace: Trace, signal: str) -> set[str]:
    """What the first change of a signal is put down to."""
    event = next(e for e in trace.events if e.signal == signal and e.t > 0)
    return {trace.events[i].signal for i in event.causes}


@pytest.fixture(scope="module")
def alone() -> float:
    """When the agent alone gets the rocker over [s]."""
    [(when, _, _)] = changes(pressed(visited("100 s")), ROCKER)
    return when


def test_all_hands_on_a_control_are_among_its_causes(alone):
    trace = pressed(visited(f"{alone - 0.05:.2f} s"))
    assert causes(trace, ROCKER) == {f"{ROCKER}_touch", "anna.hand"}


def test_a_frozen_control_is_deaf_to_the_agent_only(alone):
    where = visited(f"{alone + 8:.2f} s")
    frozen = replay.without(where, pressed(where), Without(controls=frozenset({ROCKER})))
    [(when, value, actor)] = changes(frozen, ROCKER)
    assert (value, actor) == (True, "person:anna")
    assert alone + 8 <= when < alone + 8.2


def test_at_a_frozen_control_the_agents_hand_stops_nobody(alone):
    where = visited(f"{alone + 0.2:.2f} s", to=True)
    frozen = replay.without(where, pressed(where), Without(controls=frozenset({ROCKER})))
    assert [(v, a) for _, v, a in changes(frozen, ROCKER)] == [(True, "person:anna")]


def test_without_others_from_a_time_on_what_came_before_stays(alone):
    where = visited("1 s", to=True)
    trace = pressed(where)
    early = replay.without(where, trace, Without(others_from=500_000, agent_from=0))
    late = replay.without(where, trace, Without(others_from=2_000_000, agent_from=0))
    assert changes(early, ROCKER) == []
    assert [a for _, _, a in changes(late, ROCKER)] == ["person:anna"]


def test_the_agent_stopped_before_its_press_presses_nothing(alone):
    where = visited("100 s")
    trace = pressed(where)
    stopped = replay.without(where, trace, Without(agent_from=round((alone - 0.5) * 1e6)))
    assert changes(stopped, ROCKER) == []
    assert changes(replay.without(where, trace, Without()), ROCKER) == changes(trace, ROCKER)
