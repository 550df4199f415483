"""Floats that reach a state are added from left to right, on every Python."""

from __future__ import annotations

from collections.abc import Iterable
from functools import reduce
from operator import add

import pytest
from hypothesis import given
from hypothesis import strategies as st

from switch_bench.network.adding import total


def compensated(values: Iterable[float], start: float = 0) -> float:
    """As the built-in `sum` adds floats from Python 3.12 on.

    Neumaier, Rundungsfehleranalyse einiger Verfahren zur Summation endlicher Summen, ZAMM 54 (1974).
    """
    found, lost = start + 0.0, 0.0
    for x in values:
        now = found + x
        lost += (found - now) + x if abs(found) >= abs(x) else (x - now) + found
        found = now
    return found + lost


@pytest.mark.parametrize("values", [(0.1, 0.2, 0.3), (1e16, 1.0, -1e16), (1.0, 1e100, 1.0, -1e100)])
def test_each_partial_sum_is_rounded(values):
    found = values[0] + values[1] + values[2] + (values[3] if len(values) > 3 else 0.0)
    assert total(values) == found
    assert compensated(values) != found, "these tell the two apart"


@given(st.lists(st.floats(allow_nan=False)))
def test_it_is_addition_from_left_to_right(values):
    assert repr(total(values)) == repr(reduce(add, values, 0.0))


def test_nothing_comes_to_a_float():
    assert repr(total([])) == "0.0"
