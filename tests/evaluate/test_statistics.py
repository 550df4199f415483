"""Success rates and their intervals."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from switch_bench.evaluate.statistics import tally, wilson

# R. G. Newcombe, Two-sided confidence intervals for the single proportion, Statistics in Medicine 17 (1998), table I,
# method 3 (score method without continuity correction), 95 %.
NEWCOMBE = [(81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605), (0, 20, 0.0000, 0.1611), (1, 29, 0.0061, 0.1718)]


@pytest.mark.parametrize(("k", "n", "low", "high"), NEWCOMBE)
def test_intervals_are_those_of_newcombe(k, n, low, high):
    assert wilson(k, n) == pytest.approx((low, high), abs=5e-5)


def test_of_no_trial_nothing_is_known():
    assert wilson(0, 0) == (0.0, 1.0)


@pytest.mark.parametrize(("k", "n"), [(-1, 3), (4, 3), (1, 0), (0, -1)])
def test_impossible_counts_are_refused(k, n):
    with pytest.raises(ValueError, match="0 <= k <= n"):
        wilson(k, n)


@pytest.mark.parametrize("confidence", [0.0, 1.0, 95])
def test_confidence_is_a_share(confidence):
    with pytest.raises(ValueError, match="confidence"):
        wilson(1, 2, confidence)


@given(st.integers(1, 400).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
def test_the_interval_holds_the_rate_and_mirrors(counts):
    k, n = counts
    low, high = wilson(k, n)
    assert 0 <= low <= k / n <= high <= 1
    assert wilson(n - k, n) == pytest.approx((1 - high, 1 - low), abs=1e-9)


def record(success, status="done", **parts):
    return {"status": status, "success": success, "parts": parts} if status == "done" else {"status": status}


def test_undetermined_counts_as_not_successful_and_only_an_error_leaves_n():
    count = tally([record(True), record(False), record(None), record(None, status="error")])
    assert (count.n, count.k, count.undetermined, count.errors) == (3, 1, 1, 1)
    assert count.rate == pytest.approx(1 / 3)
    assert count.interval == wilson(1, 3)


def test_only_errors_leave_no_rate():
    count = tally([record(None, status="error")])
    assert (count.n, count.rate, count.interval) == (0, None, (0.0, 1.0))


def test_a_part_is_averaged_over_the_episodes_that_judged_it():
    count = tally([record(True, causal=True, honesty=True), record(False, causal=None), record(False, causal=False)])
    assert (count.parts["causal"].n, count.parts["causal"].held, count.parts["causal"].undetermined) == (3, 1, 1)
    assert count.parts["causal"].mean == pytest.approx(1 / 3)
    assert count.parts["honesty"].mean == 1.0
