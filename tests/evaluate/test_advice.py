"""How many episodes it takes to tell two rates apart."""

from math import sqrt

import numpy as np
import pytest
from scipy.stats import binom

from switch_bench.evaluate.advice import advise, correlations, discordant, paired, unpaired, width
from switch_bench.evaluate.statistics import wilson


@pytest.mark.parametrize(
    ("a", "b", "power", "n"),
    [
        (0.50, 0.75, 0.90, 76.7),  # the example in the help page of R's power.prop.test
        (0.75, 0.50, 0.90, 76.7),
        (0.60, 0.70, 0.80, 356),  # power by statsmodels' power_proportions_2indep: 0.79896 with 355, 0.80006 with 356
    ],
)
def test_unpaired_numbers_are_those_of_power_prop_test(a, b, power, n):
    assert unpaired(a, b, power) == int(np.ceil(n))


def test_numbers_of_pairs_are_connors():
    """p10 = 0.45, p01 = 0.05: the example of powerandsamplesize.com for the formula on page 209 of his paper."""
    assert paired(0.40, 0.50) == 23


def power_of_mcnemar(pairs, only_a, only_b):
    """The chance that McNemar's test without correction is significant at 5 %, by summing over all outcomes."""
    found = 0.0
    for differ in range(1, pairs + 1):
        ups = np.arange(differ + 1)
        telling = (2 * ups - differ) ** 2 / differ >= 1.959964**2
        chance = binom.pmf(ups, differ, only_a / (only_a + only_b))
        found += binom.pmf(differ, pairs, only_a + only_b) * chance[telling].sum()
    return found


@pytest.mark.parametrize(("a", "b", "correlation"), [(0.6, 0.7, 0.3), (0.2, 0.4, 0.0), (0.8, 0.85, 0.3)])
def test_so_many_pairs_have_the_power_that_was_asked_for(a, b, correlation):
    differ = discordant(a, b, correlation)
    pairs = paired(a - b, differ)
    assert power_of_mcnemar(pairs, (differ + a - b) / 2, (differ - a + b) / 2) == pytest.approx(0.8, abs=0.015)


def test_so_many_episodes_apart_have_the_power_that_was_asked_for():
    n = unpaired(0.6, 0.7)
    rng = np.random.default_rng(1)
    a, b = rng.binomial(n, 0.6, 40_000) / n, rng.binomial(n, 0.7, 40_000) / n
    mean = (a + b) / 2
    telling = abs(a - b) > 1.959964 * np.sqrt(2 * mean * (1 - mean) / n)
    assert telling.mean() == pytest.approx(0.8, abs=0.01)


def test_outcomes_that_correlate_differ_less_often():
    assert discordant(0.6, 0.7, 0.0) == pytest.approx(0.6 * 0.3 + 0.4 * 0.7)
    assert discordant(0.6, 0.7, correlations(0.6, 0.7)[1]) == pytest.approx(0.1)  # a never succeeds where b doesn't


def test_pairs_that_correlate_take_fewer_episodes():
    numbers = [row.pairs for row in advise(0.6, 0.7, 42).paired]
    assert numbers == sorted(numbers, reverse=True)
    assert numbers[-1] < advise(0.6, 0.7, 42).unpaired / 2


def test_a_suite_shares_them_out_over_its_tasks():
    found = advise(0.6, 0.7, 10)
    assert (found.unpaired_per_task - 1) * 10 < found.unpaired <= found.unpaired_per_task * 10


def test_correlations_that_rates_cannot_have_are_left_out():
    found = advise(0.05, 0.9, 42)
    assert correlations(0.05, 0.9)[1] < 0.3
    assert [row.correlation for row in found.paired] == [0.0]
    with pytest.raises(ValueError, match="can correlate from"):
        discordant(0.05, 0.9, 0.3)


def test_widths_of_a_task_and_a_suite_are_wilsons():
    found = width(0.5, 10, 4)
    assert found.task == pytest.approx(wilson(5, 10)[1] - wilson(5, 10)[0])
    assert found.suite == pytest.approx(wilson(20, 40)[1] - wilson(20, 40)[0])


def test_the_width_of_the_mean_over_tasks_is_that_of_drawn_tasks_and_episodes():
    """By simulation: rates of tasks from a beta distribution with that spread, then episodes."""
    rate, spread, tasks, episodes = 0.6, 0.25, 42, 5
    sum_ = rate * (1 - rate) / spread**2 - 1
    rng = np.random.default_rng(2)
    rates = rng.beta(rate * sum_, (1 - rate) * sum_, (20_000, tasks))
    means = (rng.binomial(episodes, rates) / episodes).mean(axis=1)
    assert width(rate, episodes, tasks, spread).macro == pytest.approx(2 * 1.96 * means.std(), rel=0.02)


def test_more_episodes_never_make_the_mean_over_drawn_tasks_exact():
    assert width(0.6, 10**9, 42, 0.3).macro == pytest.approx(2 * 1.96 * 0.3 / sqrt(42), rel=1e-3)


@pytest.mark.parametrize("rates", [(0.5, 0.5), (0.0, 0.5), (0.5, 1.0), (-0.1, 0.5), (float("nan"), 0.5)])
def test_rates_that_cannot_be_told_apart_are_refused(rates):
    with pytest.raises(ValueError, match="two different rates between 0 and 1"):
        advise(*rates, 42)


@pytest.mark.parametrize("changes", [{"power": 0.0}, {"power": 1.0}, {"spread": -1.0}, {"tasks": 0}])
def test_what_else_cannot_be_is_refused(changes):
    with pytest.raises(ValueError, match="expected"):
        advise(0.6, 0.7, **({"tasks": 42} | changes))


@pytest.mark.parametrize(("difference", "differ"), [(0.0, 0.5), (0.3, 0.2), (0.3, 1.1)])
def test_differences_that_cannot_be_are_refused(difference, differ):
    with pytest.raises(ValueError, match="difference"):
        paired(difference, differ)
