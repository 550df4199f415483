"""Several tries at a task, against enumeration of all choices of k episodes, as both papers define their estimators."""

from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from switch_bench.evaluate.repeated import over_tasks, pass_all, pass_at

COUNTS = st.integers(1, 9).flatmap(lambda n: st.tuples(st.integers(1, n), st.integers(0, n), st.just(n)))


@given(COUNTS)
def test_both_are_shares_of_all_choices_of_k_episodes(counts):
    k, successes, n = counts
    choices = list(combinations([True] * successes + [False] * (n - successes), k))
    assert pass_at(k, successes, n) == pytest.approx(sum(map(any, choices)) / len(choices))
    assert pass_all(k, successes, n) == pytest.approx(sum(map(all, choices)) / len(choices))


def test_one_try_is_the_rate():
    assert pass_at(1, 3, 8) == pytest.approx(3 / 8)
    assert pass_all(1, 3, 8) == pytest.approx(3 / 8)


def test_they_are_averaged_over_tasks_for_as_many_tries_as_every_task_has():
    at, every = over_tasks([(1, 2), (3, 3), (0, 0)])
    assert at == {1: pytest.approx((1 / 2 + 1) / 2), 2: pytest.approx(1.0)}
    assert every == {1: pytest.approx((1 / 2 + 1) / 2), 2: pytest.approx(1 / 2)}


def test_without_episodes_there_are_none():
    assert over_tasks([(0, 0)]) == ({}, {})


@pytest.mark.parametrize("counts", [(0, 1, 2), (3, 1, 2), (1, 3, 2), (1, -1, 2)])
@pytest.mark.parametrize("estimate", [pass_at, pass_all])
def test_impossible_counts_are_refused(estimate, counts):
    with pytest.raises(ValueError, match="1 <= k <= n"):
        estimate(*counts)
