from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from switch_bench.controls.base import Readout, State
from switch_bench.controls.button import PushButton
from switch_bench.controls.course import course
from switch_bench.controls.readout import ReadoutTable, follow, ladder, start

places = st.lists(st.integers(-50, 50), min_size=2, max_size=8, unique=True).map(
    lambda xs: [0.1 * x for x in sorted(xs)]
)


@given(places, st.floats(-6, 6), st.data())
def test_a_ladder_settles_at_once_and_stays_while_the_joint_stays(rungs, q, data):
    states = ladder([str(i) for i in range(len(rungs))], rungs)
    s = data.draw(st.integers(0, len(states) - 1))
    there = follow(states, s, q)
    assert follow(states, there, q) == there
    assert states[there].below <= q <= states[there].above


@given(places)
def test_at_a_states_rest_the_ladder_reads_that_state_from_wherever_it_comes(rungs):
    states = ladder([str(i) for i in range(len(rungs))], rungs)
    for i, state in enumerate(states):
        assert {follow(states, s, state.rest) for s in range(len(states))} == {i}


@given(places)
def test_make_and_break_points_of_neighbours_leave_a_gap(rungs):
    states = ladder([str(i) for i in range(len(rungs))], rungs)
    assert all(low.above > high.below for low, high in pairwise(states))


def test_a_far_joint_goes_through_several_states():
    states = ladder(["a", "b", "c", "d"], [0.0, 1.0, 2.0, 3.0])
    assert follow(states, 0, 3.0) == 3
    assert follow(states, 3, -5.0) == 0


def test_a_latch_goes_on_at_one_push_and_off_at_the_next():
    states = PushButton(name="b", at=(0, 0), latching=True, travel=1.0)._latch()
    seen, s = [], 0
    for q in (0.0, 0.9, 0.35, 0.9, 0.0):
        s = follow(states, s, q)
        seen.append(states[s].value)
    assert seen == [False, True, True, False, False]


def test_states_without_a_gap_are_refused():
    flip = (State(False, 0.0, above=0.5, up=1), State(True, 1.0, below=0.7, down=0))
    with pytest.raises(ValueError, match="leave a gap"):
        follow(flip, 0, 0.6)


def test_a_value_that_no_state_has_is_named_with_the_allowed_ones():
    with pytest.raises(ValueError, match=r"oven\.mode: no position reads 'grill'; expected one of 'off', 'bake'"):
        start(ladder(["off", "bake"], [0.0, 1.0]), "grill", "oven.mode")


def test_true_is_not_one():
    with pytest.raises(ValueError, match="no position reads True"):
        start(ladder([0, 1], [0.0, 1.0]), True, "k")


@pytest.mark.parametrize(
    ("travel", "scale", "step"), [((1.0, -1.0), (0, 10), 1), ((-1.0, 1.0), (0, 10), 3), ((-1.0, 1.0), (0, 10), 0)]
)
def test_a_course_must_rise_and_be_divided_by_its_step(travel, scale, step):
    with pytest.raises(ValueError, match="k: expected a rising travel"):
        course("k", (), travel, scale, step)


def test_positions_may_be_declared_in_any_order_but_not_at_one_place():
    path = course("tap", (("off", 0.0), ("high", -1.5), ("low", -2.6)), None, (0, 1), 1)
    assert path.values == ("low", "high", "off")
    with pytest.raises(ValueError, match="different places"):
        course("tap", (("off", 0.0), ("on", 0.0)), None, (0, 1), 1)


def _table() -> ReadoutTable:
    switch = Readout("s", "j1", ladder([False, True], [0.0, 1.0]), detent="d")
    dial = Readout("k", "j2", ladder(["a", "b", "c"], [0.0, 1.0, 2.0]), initial=1)
    return ReadoutTable([switch, dial], address=[2, 0], detent=[0, -1])


def test_the_table_sees_just_those_joints_that_left_their_state():
    table, qpos, ctrl = _table(), np.zeros(3), np.zeros(1)
    table.write_start(qpos, ctrl)
    assert qpos.tolist() == [1.0, 0.0, 0.0]
    assert table.outside(qpos).tolist() == []
    qpos[2] = 0.9
    assert table.outside(qpos).tolist() == [0]
    assert table.enter(0, 0.9, ctrl) == (False, True)
    assert ctrl.tolist() == [1.0]
    assert table.outside(qpos).tolist() == []


def test_a_restored_table_goes_on_as_before():
    table, ctrl = _table(), np.zeros(1)
    saved = list(table.index)
    table.enter(1, 2.0, ctrl)
    assert table.value(1) == "c"
    table.restore(saved)
    assert table.value(1) == "b"
    assert table.outside(np.array([2.0, 0.0, 0.0])).tolist() == [1]


def test_a_table_wants_an_address_and_a_detent_for_every_readout():
    with pytest.raises(ValueError, match="1 readouts, 2 addresses"):
        ReadoutTable([Readout("s", "j", ladder([0, 1], [0.0, 1.0]))], [0, 1], [-1])
