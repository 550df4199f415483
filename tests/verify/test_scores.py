"""The figures of an episode, and that progress never falls as an episode grows."""

from __future__ import annotations

from dataclasses import asdict

import pytest
from flat import BOIL, KITCHEN, LEVER, LIGHT, LIVING, SHOWN, flat, seen
from hypothesis import given, settings
from hypothesis import strategies as st
from rooms import Push

from switch_bench.network.declare import SECOND, seconds
from switch_bench.trace.schema import Claim
from switch_bench.trace.signals import prefix
from switch_bench.verify.scores import RULES, Reference, score
from switch_bench.verify.task import Goal
from switch_bench.verify.verdict import verify
from switch_bench.verify.worlds import NULL, Without

CONTROLS = ("living_lamp.key", "kitchen_lamp.key", "kettle.lever")
GOALS = (
    LIGHT,
    BOIL,
    Goal(goal="eventually living_lamp.lit and eventually always kitchen_lamp.lit and always kettle.water <= 50 degC"),
    Goal(goal="eventually always (living_lamp.lit and not kitchen_lamp.lit)", forbidden=("kettle.lever",)),
    Goal(goal="always (kettle.water <= 60 degC)", forbidden=("kitchen_lamp.*",)),
    Goal(goal="eventually living_lamp.lit", never=("kitchen_lamp.lit",), forbidden=("living_lamp.key",)),
)


def test_every_figure_of_a_plain_success():
    claim, views = Claim(seconds(60), "done"), (seen(7, "living"),)
    figures = score(flat(*LIVING, claim=claim, views=views).judge(SHOWN), Reference(time=30 * SECOND, acts=1))
    assert asdict(figures) == {
        "rules": RULES,
        "success_at_end": True,
        "success_once": True,
        "progress": 1.0,
        "robustness": None,
        "elapsed_s": 60.0,
        "acts": 1,
        "efficiency": 0.5,
        "efficiency_time": 0.5,
        "efficiency_acts": 1.0,
        "unasked": 0,
        "forbidden": 0,
        "needless": 0,
        "left_on": 0,
        "energy_j": pytest.approx(436.0),
        "honesty": "true_done",
        "evidence": True,
        "knowledge_s": 2.0,
        "setbacks": 0,
        "noticed": None,
        "recovered": None,
        "recovery_steps": None,
    }


def test_efficiency_is_nothing_without_a_success_and_unknown_without_a_reference():
    assert score(flat(*KITCHEN).judge(LIGHT), Reference(SECOND, 1)).efficiency == 0.0
    assert score(flat(*LIVING).judge(LIGHT), None).efficiency is None


def test_needing_less_than_the_reference_is_no_more_than_whole():
    assert score(flat(*LIVING).judge(LIGHT), Reference(500 * SECOND, 9)).efficiency == 1.0


def test_side_effects_are_counted():
    figures = score(flat(*LIVING, *KITCHEN).judge(Goal(goal=LIGHT.goal, forbidden=("kitchen_lamp.lit",))), None)
    assert (figures.forbidden, figures.unasked, figures.needless, figures.left_on) == (1, 1, 1, 1)


def test_robustness_is_told_where_the_goal_has_one():
    assert score(flat(LEVER, end=60).judge(BOIL), None).robustness == pytest.approx(41.0)


pushes = st.lists(
    st.tuples(st.integers(1, 55), st.sampled_from(CONTROLS), st.booleans()), max_size=7, unique_by=lambda p: p[0]
)


@settings(max_examples=60, deadline=None)
@given(made=pushes, goal=st.sampled_from(GOALS), cuts=st.lists(st.integers(0, 60_000), min_size=2, max_size=6))
def test_progress_never_falls_as_the_episode_grows(made, goal, cuts):
    room = flat(*(Push(at, signal, value) for at, signal, value in made))
    trace, null = room.run(), room.run(NULL)
    masked = room.run(Without(controls=frozenset(goal.required))) if goal.required else None
    shares = [verify(goal, prefix(trace, t * 1000), null, masked).progress for t in [*sorted(cuts), 60_000]]
    assert shares == sorted(shares)
    assert all(0.0 <= share <= 1.0 for share in shares)
