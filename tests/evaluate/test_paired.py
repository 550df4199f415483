"""Two policies on the same episodes."""

from math import comb, factorial

import pytest
from hypothesis import given
from hypothesis import strategies as st

from switch_bench.evaluate.paired import compare, mcnemar, newcombe
from switch_bench.evaluate.statistics import wilson

# Complete response before and after consolidation therapy (M. Cavo et al. 2012): 59 both, 6 before only, 16 after only,
# 80 neither, as analysed in chapter 8 of M. W. Fagerland, S. Lydersen, P. Laake, Statistical Analysis of Contingency
# Tables (2017), with what the authors' R package contingencytables prints for it.
CAVO = (59, 6, 16, 80)


def test_the_interval_is_that_of_newcombe():
    assert newcombe(*CAVO) == pytest.approx((-0.1186, -0.0046), abs=5e-5)


def test_p_is_that_of_the_exact_conditional_test():
    assert mcnemar(6, 16) == pytest.approx(0.052479, abs=5e-7)
    # two media for tubercle bacilli: P. Armitage and G. Berry, Statistical Methods in Medical Research (1994), p. 127,
    # with the two-sided exact P of StatsDirect's help
    assert mcnemar(12, 2) == pytest.approx(0.0129, abs=5e-5)


@given(st.integers(0, 40), st.integers(0, 40))
def test_p_is_the_share_of_coin_tosses_as_far_from_even(only_a, only_b):
    differ = only_a + only_b
    as_far = sum(comb(differ, k) for k in range(differ + 1) if abs(2 * k - differ) >= abs(only_a - only_b))
    assert mcnemar(only_a, only_b) == pytest.approx(as_far / 2**differ)


def test_pairs_that_never_differ_say_nothing():
    assert mcnemar(0, 0) == 1.0


CELLS = st.tuples(*[st.integers(0, 30)] * 4).filter(any)


@given(CELLS)
def test_the_interval_holds_the_difference_and_mirrors(cells):
    both, only_a, only_b, neither = cells
    low, high = newcombe(*cells)
    assert -1 - 1e-12 <= low <= (only_a - only_b) / sum(cells) + 1e-12
    assert (only_a - only_b) / sum(cells) - 1e-12 <= high <= 1 + 1e-12
    assert newcombe(both, only_b, only_a, neither) == pytest.approx((-high, -low), abs=1e-12)
    assert newcombe(neither, only_b, only_a, both) == pytest.approx((-high, -low), abs=1e-12)  # of failures


def test_the_interval_covers_the_difference_as_often_as_it_says():
    """By enumeration of all tables of 20 pairs. The paper finds a mean coverage a little above 95 %."""
    n, (both, only_a, only_b, neither) = 20, (0.4, 0.25, 0.1, 0.25)
    covered = total = 0.0
    for a in range(n + 1):
        for b in range(n + 1 - a):
            for c in range(n + 1 - a - b):
                d = n - a - b - c
                ways = factorial(n) // (factorial(a) * factorial(b) * factorial(c) * factorial(d))
                chance = ways * both**a * only_a**b * only_b**c * neither**d
                low, high = newcombe(a, b, c, d)
                total += chance
                covered += chance * (low <= only_a - only_b <= high)
    assert total == pytest.approx(1)
    assert covered == pytest.approx(0.95, abs=0.02)


@pytest.mark.parametrize("cells", [(0, 0, 0, 0), (1, -1, 2, 3)])
def test_impossible_counts_are_refused(cells):
    with pytest.raises(ValueError, match="expected counts of 0 or more"):
        newcombe(*cells)


def episodes(task, outcomes, first=0):
    """A record for each letter: s success, f failure, u undetermined, e error; a dash is left out."""
    said = {"s": True, "f": False, "u": None}
    return [
        {"task": task, "seed": seed, "status": "done", "success": said[letter]}
        if letter != "e"
        else {"task": task, "seed": seed, "status": "error"}
        for seed, letter in enumerate(outcomes, first)
        if letter != "-"
    ]


def test_episodes_are_paired_by_task_and_seed_in_whatever_order():
    a = episodes("lamp", "sssff") + episodes("kettle", "sf")
    b = episodes("kettle", "fs") + episodes("lamp", "sffsf")[::-1]
    found = compare(a, b)
    assert (found.n, found.both, found.only_a, found.only_b, found.neither) == (7, 1, 3, 2, 1)
    assert (found.a.k, found.b.k) == (4, 3)
    assert found.difference == pytest.approx(1 / 7)
    assert found.interval == newcombe(1, 3, 2, 1)
    assert found.p == mcnemar(3, 2)
    assert {task: (t.a.k, t.b.k, t.a.n, t.only_a, t.only_b) for task, t in found.tasks.items()} == {
        "lamp": (3, 2, 5, 2, 1),
        "kettle": (1, 1, 2, 1, 1),
    }
    assert found.tasks["lamp"].a.interval == wilson(3, 5)
    assert found.macro_difference == pytest.approx((1 / 5 + 0) / 2)


def test_what_only_one_played_is_counted_and_left_out():
    found = compare(episodes("lamp", "ss--"), episodes("lamp", "-fff"))
    assert (found.n, found.only_a, found.unpaired_a, found.unpaired_b) == (1, 1, 1, 2)


def test_an_error_is_a_failure_unless_told_otherwise():
    a, b = episodes("lamp", "sse"), episodes("lamp", "ses")
    strict, lenient = compare(a, b), compare(a, b, strict=False)
    assert (strict.n, strict.both, strict.only_a, strict.only_b) == (3, 1, 1, 1)
    assert (lenient.n, lenient.both, lenient.only_a, lenient.only_b) == (1, 1, 0, 0)
    assert (strict.errors_a, strict.errors_b, strict.strict) == (1, 1, True)
    assert (lenient.errors_a, lenient.errors_b, lenient.strict) == (1, 1, False)


def test_the_undetermined_is_no_success():
    found = compare(episodes("lamp", "u"), episodes("lamp", "s"))
    assert (found.only_b, found.n) == (1, 1)


def test_without_pairs_nothing_is_said():
    found = compare(episodes("lamp", "s"), episodes("kettle", "s"))
    assert (found.n, found.difference, found.interval, found.p, found.macro_difference) == (0, None, None, None, None)


def test_the_same_episode_twice_is_refused():
    with pytest.raises(ValueError, match="b: lamp with seed 0 is there twice"):
        compare(episodes("lamp", "s"), episodes("lamp", "s") * 2)
