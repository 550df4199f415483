"""The action told of a step leads to its targets, wherever the leash held them."""

from __future__ import annotations

from math import pi

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from switch_bench.bodies.command import DeltaPose, rotation
from switch_bench.bodies.hand import AXES
from switch_bench.export import undo

SECONDS = 0.05
LAW = DeltaPose(SECONDS)
HOME = np.array([a.home for a in AXES])


def numbers(least: float, most: float, count: int) -> st.SearchStrategy[list[float]]:
    return st.lists(st.floats(least, most, width=32), min_size=count, max_size=count)


def led_to(action: np.ndarray, before: np.ndarray, q: np.ndarray, v: np.ndarray) -> np.ndarray:
    return np.array(LAW.step(action.tolist(), before.tolist(), q.tolist(), v.tolist()))


@given(numbers(-1, 1, 12), numbers(-0.5, 0.5, 3), st.floats(-3, 3))
@settings(max_examples=100, deadline=None)
def test_from_targets_that_nothing_holds_back_it_is_the_action_itself(action, wrist, heading):
    before = HOME.copy()
    before[2], before[8:11] = heading, wrist
    given_action = np.array(action, np.float32)
    q, v = np.append(before[:11], [0.0, 0.0]), np.zeros(13)
    after = led_to(given_action, before, q, v)
    near = led_to(given_action, before, np.append((before[:11] + after[:11]) / 2, [0.0, 0.0]), v)
    if np.array_equal(near, after):  # with the joints further on it would be the same: no leash was tight
        assert undo.action(before, after, SECONDS, q, v) == pytest.approx(given_action, abs=2e-5)


@given(numbers(-1, 1, 12), numbers(-0.5, 0.5, 3), numbers(-1.5, 1.5, 11))
@settings(max_examples=60, deadline=None)
def test_where_the_leash_holds_or_draws_it_leads_to_the_same_targets(action, wrist, lag):
    before = HOME.copy()
    before[8:11] = wrist
    leash = np.array([a.force / a.stiffness for a in AXES[:11]])
    q = np.append(before[:11] - np.array(lag) * leash, [0.0, 0.0])
    v = np.zeros(13)
    after = led_to(np.array(action), before, q, v)
    again = led_to(undo.action(before, after, SECONDS, q, v), before, q, v)
    assert again == pytest.approx(after, abs=1e-5)  # float32: 2e-5 of an action, as above, is 2e-6 rad before the leash


@pytest.mark.parametrize("axis", [(1.0, 0.0, 0.0), (0.0, 1.0, 0.0), (0.6, 0.0, 0.8)])
@pytest.mark.parametrize("angle", [1e-9, 0.1, 2.0, pi])
def test_axis_and_angle_of_a_rotation(axis, angle):
    a = np.array(axis)
    k = np.array([[0, -a[2], a[1]], [a[2], 0, -a[0]], [-a[1], a[0], 0]])
    turn = np.eye(3) + np.sin(angle) * k + (1 - np.cos(angle)) * (k @ k)
    found = undo.axis_angle(turn)
    sign = np.sign(found @ a) if angle == pi else 1.0  # half a turn either way is the same
    assert found * sign == pytest.approx(a * angle, abs=1e-7)


def test_half_a_second_at_once_is_cut_off_at_a_full_action():
    after = HOME.copy()
    after[5] += 1.0
    assert undo.action(HOME, after, 0.1, np.zeros(13), np.zeros(13))[0] == 1.0


def test_the_wrist_s_turn_is_told_about_the_base_s_axes():
    after = HOME.copy()
    after[8] = 0.05  # pitch is about the base's y where nothing else is turned
    assert np.array(rotation(0.05, 0, 0)).reshape(3, 3)[0, 0] < 1.0
    told = undo.action(HOME, after, SECONDS, np.append(HOME[:11], [0, 0]), np.zeros(13))
    assert told[3:6] == pytest.approx([0.0, 0.5, 0.0], abs=1e-6)
