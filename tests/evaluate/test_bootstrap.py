"""The mean over tasks and its interval."""

from itertools import product

import numpy as np
import pytest

from switch_bench.evaluate.bootstrap import ALIKE, METHOD, macro, macro_difference
from switch_bench.evaluate.statistics import wilson


def exact(tasks):
    """(values, chances) of the mean over tasks when tasks and their episodes are drawn again, by enumeration.

    tasks: of each the numbers of its episodes.
    """
    chances = {}
    for chosen in product(tasks, repeat=len(tasks)):
        for drawn in product(*(list(product(episodes, repeat=len(episodes))) for episodes in chosen)):
            mean = sum(sum(numbers) / len(numbers) for numbers in drawn) / len(drawn)
            share = np.prod([1 / len(numbers) ** len(numbers) for numbers in drawn]) / len(tasks) ** len(tasks)
            chances[round(mean, 9)] = chances.get(round(mean, 9), 0.0) + share
    values = np.array(sorted(chances))
    return values, np.array([chances[value] for value in values])


def assert_percentiles(interval, values, chances):
    """The limits cut off 2.5 % on either side, as well as so few values can."""
    assert chances.sum() == pytest.approx(1)
    low, high = interval
    assert chances[values < low - 1e-9].sum() <= 0.025 + 0.005 <= chances[values <= low + 1e-9].sum() + 0.01
    assert chances[values > high + 1e-9].sum() <= 0.025 + 0.005 <= chances[values >= high - 1e-9].sum() + 0.01


def test_the_limits_are_percentiles_of_all_that_can_be_drawn():
    assert_percentiles(macro([(1, 2), (2, 3), (0, 2)]).interval, *exact([(1, 0), (1, 1, 0), (0, 0)]))


def test_limits_of_a_difference_are_percentiles_of_all_that_can_be_drawn():
    mean, interval = macro_difference([(2, 1, 0), (3, 1, 2), (2, 1, 1)])
    assert mean == pytest.approx((1 / 2 - 1 / 3 + 0) / 3)
    assert_percentiles(interval, *exact([(1, 0), (1, -1, -1), (1, -1)]))


def test_every_task_counts_alike_however_many_episodes_it_has():
    assert macro([(1, 1), (0, 99)]).mean == 0.5


def test_the_same_counts_have_the_same_interval():
    counts = [(3, 5), (1, 5), (5, 5)]
    assert macro(counts) == macro(counts)


def test_tasks_without_an_episode_are_left_out():
    assert macro([(1, 2), (0, 0)]) == macro([(1, 2)])
    assert (macro([]).mean, macro([]).interval) == (None, (0.0, 1.0))


def test_where_all_came_out_alike_each_task_counts_as_one_trial():
    assert macro([(5, 5), (3, 3)]).interval == wilson(2, 2)
    assert macro([(0, 50)] * 42).interval == wilson(0, 42)
    assert (macro([(0, 50)] * 42).method, macro([(1, 50), (0, 50)]).method) == (ALIKE, METHOD)
    assert macro_difference([(4, 0, 0), (2, 0, 0)]) == (0.0, (-wilson(0, 2)[1], wilson(0, 2)[1]))


def test_the_spread_is_that_of_two_stages():
    """The limits lie as far off as the variance of the mean over drawn tasks and episodes says."""
    tasks, episodes = 200, 10
    counts = [(k, episodes) for k in (2, 8)] * (tasks // 2)
    between, within = 0.3**2, 0.2 * 0.8 / episodes
    low, high = macro(counts).interval
    assert (high - low) / 2 == pytest.approx(1.96 * ((between + within) / tasks) ** 0.5, rel=0.03)


@pytest.mark.slow
@pytest.mark.parametrize(("mean", "spread"), [(0.5, 0.3), (0.2, 0.25)])
def test_the_interval_covers_the_mean_of_all_tasks_as_often_as_it_says(mean, spread):
    """Suites of 42 tasks are drawn from a beta distribution of rates, and five episodes of each task."""
    sum_ = mean * (1 - mean) / spread**2 - 1
    rng = np.random.default_rng(3)
    rates = rng.beta(mean * sum_, (1 - mean) * sum_, (400, 42))
    intervals = [macro([(int(k), 5) for k in rng.binomial(5, row)]).interval for row in rates]
    assert np.mean([low <= mean <= high for low, high in intervals]) == pytest.approx(0.95, abs=0.035)


@pytest.mark.parametrize("counts", [[], [(0, 0, 0)]])
def test_a_difference_needs_pairs(counts):
    with pytest.raises(ValueError, match="a pair of episodes each"):
        macro_difference(counts)
