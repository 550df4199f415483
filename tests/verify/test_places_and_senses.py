"""Formulas about where a thing lies, what an image showed, what was in sight, and what was heard."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from rooms import Push, Room

from switch_bench.network.declare import Luminaire, NetworkSpec, Point, Ray, Signal, Unit, Zone
from switch_bench.trace.schema import Event, Pose, SignalInfo, Trace, View
from switch_bench.trace.signals import prefix
from switch_bench.verify.stl import evaluate, parse, times
from switch_bench.verify.stl_lex import FormulaError
from switch_bench.verify.task import Goal

S = 1_000_000
PLAN = {
    "zones": {"hall": [[0, 0], [2, 2]], "kitchen": [[2, 0], [4, 2]], "den": [[4, 0], [6, 2]]},
    "doorways": {
        "arch": {"zones": ["hall", "kitchen"], "gate": None},
        "door": {"zones": ["kitchen", "den"], "gate": "door.open"},
    },
    "points": {"desk": {"zone": "den", "at": [5, 1, 0.7]}},
    "regions": {"drainer": {"zone": "kitchen", "middle": [3, 1, 1], "size": [0.4, 0.4, 0.2], "turn": 0}},
}
INFOS = {
    "kettle.lamp": SignalInfo("output", "kitchen", False),
    "kettle.sound": SignalInfo("sound", "kitchen", ""),
    "door.open": SignalInfo("state", "kitchen", True),
    "desk.illuminance": SignalInfo("flow", "den", 0.0, "lx"),
}


def trace(**more: Any) -> Trace:
    return Trace(manifest={"plan": PLAN}, signals=INFOS, end=20 * S, **more)


def change(i: int, t: float, signal: str, new: Any) -> Event:
    return Event(i, round(t * S), signal, INFOS[signal].initial, new, (), "kitchen", None)


def at(t: float, x: float, z: float = 1.0) -> Pose:
    return Pose(round(t * S), "cup", (x, 1.0, z), (1.0, 0.0, 0.0, 0.0), "kitchen", "sink")


def held(formula: str, world: Trace) -> list[tuple[float, float]]:
    """When a formula held [s]; the end is cut off."""
    found = times(parse(formula, world.signals, objects=["cup"]), world)
    return [(s / S, min(e, world.end) / S) for s, e in found]


def test_a_thing_is_in_a_region_while_it_lies_in_the_box():
    world = trace(poses=[at(0, 2.5), at(3, 3.1), at(5, 3.1, 1.5), at(8, 2.9), at(9, 3.5)])
    assert held("in(cup, drainer)", world) == [(3, 5), (8, 9)]
    assert held("in(cup, kitchen)", world) == [(0, 20)]


def test_what_an_image_showed_was_seen_in_that_instant_and_once_for_ever_after():
    world = trace(views=[View(2 * S, "head", ("kettle.lamp",)), View(4 * S, "head", ("hall", "desk", "cup"))])
    assert held("seen(kettle.lamp)", world) == [(2, 2.000001)]
    assert held("once seen(desk)", world) == [(4, 20)]
    assert held("once[0, 3 s] seen(cup)", world) == [(4, 7.000001)]
    assert held("seen(desk.illuminance)", world) == []


def test_a_lamp_has_to_be_seen_while_it_is_lit():
    world = trace(events=[change(0, 3, "kettle.lamp", True)], views=[View(2 * S, "head", ("kettle.lamp",))])
    goal = parse("eventually (kettle.lamp and once[0, 10 s] seen(kettle.lamp))", world.signals)
    soon = parse("eventually (kettle.lamp and seen(kettle.lamp))", world.signals)
    assert evaluate(goal, world, final=True).value is True
    assert evaluate(soon, world, final=True).value is False


def test_what_is_in_sight_stays_so_until_it_was_looked_for_in_vain():
    world = trace(sights=[View(S, "head", ("desk",)), View(2 * S, "head", ("desk", "hall")), View(3 * S, "head", ())])
    assert held("visible(desk)", world) == [(1, 3)]
    assert held("seen(desk)", world) == []


def heard(base: list[tuple[float, float]], events: list[Event], end: float = 20) -> list[tuple[float, float]]:
    """When the kettle's sound was heard by a body at x = 1 (hall), 3 (kitchen), 5 (den) from those times on."""
    rows = np.array([[t * S, x, 1.0, 0.0] for t, x in base])
    return held("heard(kettle.sound)", prefix(trace(base=rows, events=events), round(end * S)))


BEEP = [change(0, 5, "kettle.sound", "beep"), change(1, 9, "kettle.sound", "")]


def test_a_sound_is_heard_in_its_room_and_through_an_open_doorway():
    assert heard([(0, 3)], BEEP) == heard([(0, 1)], BEEP) == heard([(0, 5)], BEEP) == [(5, 9)]


def test_a_shut_door_keeps_a_sound_in_from_the_moment_it_shuts():
    assert heard([(0, 5)], [*BEEP[:1], change(1, 6, "door.open", False), change(2, 9, "kettle.sound", "")]) == [(5, 6)]


def test_one_hears_a_sound_that_goes_on_when_one_comes_near():
    shut = [change(0, 1, "door.open", False), change(1, 5, "kettle.sound", "boil")]
    assert heard([(0, 5), (7, 3), (11, 5)], shut) == [(7, 11)]


@given(st.lists(st.sampled_from([1, 3, 5]), min_size=1, max_size=6), st.integers(1, 20))
def test_what_was_heard_up_to_a_time_is_not_undone_by_what_comes_later(rooms, end):
    base = [(float(k), float(x)) for k, x in enumerate(rooms)]
    events = [change(0, 0.5, "door.open", False), change(1, 1.5, "kettle.sound", "boil")]
    whole = heard(base, events)
    assert heard(base, events, end) == [(s, min(e, end)) for s, e in whole if s < end] or end in dict(whole)


@pytest.mark.parametrize(
    ("formula", "words"),
    [
        ("heard(kettle.lamp)", "there is no sound 'kettle.lamp'"),
        ("heard(kettle.sund)", "kettle.sound"),
        ("seen(kettle.lmp)", "kettle.lamp"),
        ("seen(cellar)", "there is no sight 'cellar'"),
        ("visible()", "expected a sight"),
    ],
)
def test_only_what_there_is_can_be_seen_or_heard(formula, words):
    with pytest.raises(FormulaError) as caught:
        parse(formula, INFOS, objects=["cup"])
    assert words in str(caught.value)


def lamp(name: str, zone: str) -> Unit:
    return Unit(
        name,
        zone,
        (Signal(name="lit", initial=False, kind="control"),),
        luminaires=(Luminaire(level="lit", lux=100.0),),
    )


LIT = NetworkSpec(
    zones=(Zone(name="den"), Zone(name="attic")),
    units=(lamp("reading", "den"), lamp("corner", "den"), lamp("spare", "attic")),
    points=(
        Point(name="desk", zone="den", rays=(Ray(level="reading.lit", lux=170.0), Ray(level="corner.lit", lux=40.0))),
        Point(name="sill", zone="den", rays=(Ray(level="reading.lit", lux=30.0), Ray(level="corner.lit", lux=220.0))),
    ),
)
POINTS = {"desk": {"zone": "den", "at": [1, 1, 0.7]}, "sill": {"zone": "den", "at": [3, 1, 0.7]}}


@pytest.mark.parametrize(
    ("limit", "switched", "value", "words"),
    [
        (150, "reading", True, "at the desk"),
        (90, "corner", False, "in the den, and was asked for at the desk"),
        (150, "corner", False, "at the sill, and was asked for at the desk"),
        (90, "spare", False, "in the attic, and was asked for at the desk"),
        (230, "spare", None, "Not judged"),
    ],
)
def test_light_at_the_wrong_place_is_told_from_none(limit, switched, value, words):
    room = Room(spec=LIT, pushes=(Push(2.0, f"{switched}.lit", True),), plan={"points": POINTS})
    verdict = room.judge(Goal(goal=f"eventually always desk.illuminance >= {limit} lx"))
    assert verdict.part("spatial").value is value
    assert words in verdict.part("spatial").words
    assert (verdict.success is True) == (value is True)
