"""Two policies on the same episodes: what one solved and the other didn't, and whether that could be chance.

Episodes are pairs if task and seed are the same: the same room, the same variation, the same people. Then the
difference of the rates is better known than from as many episodes of each alone.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from math import sqrt
from typing import Any

from pydantic import BaseModel, ConfigDict

from switch_bench.evaluate.bootstrap import macro_difference
from switch_bench.evaluate.statistics import CONFIDENCE, wilson
from switch_bench.evaluate.success import Success, outcome_of, success


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class PairedTask(_Frozen):
    """A task's pairs of episodes: the success of both sides in them, and in how many just one side succeeded."""

    a: Success
    b: Success
    only_a: int
    only_b: int


class Comparison(_Frozen):
    """Two lists of episodes, on the `n` pairs that both played.

    both, only_a, only_b, neither: pairs in which so many succeeded. difference: of the rates, a − b, with its
    `interval` by Newcombe's method 10 at 95 %; p: McNemar's exact test, two-sided. macro_difference: the mean of the
    tasks' differences, with its interval by the bootstrap clustered by task. All None if n is 0. unpaired_a,
    unpaired_b: episodes without a partner; errors_a, errors_b: pairs in which that side ended in an error: counted as
    failures if `strict`, else left out.
    """

    n: int
    both: int
    only_a: int
    only_b: int
    neither: int
    a: Success
    b: Success
    difference: float | None
    interval: tuple[float, float] | None
    p: float | None
    macro_difference: float | None
    macro_interval: tuple[float, float] | None
    tasks: dict[str, PairedTask]
    unpaired_a: int
    unpaired_b: int
    errors_a: int
    errors_b: int
    strict: bool


def compare(
    a_records: Iterable[Mapping[str, Any]], b_records: Iterable[Mapping[str, Any]], *, strict: bool = True
) -> Comparison:
    """Compare two lists of episodes' records (see `episode.py`) by the pairs of the same task and seed.

    strict: an episode that ended in an error is a failure; otherwise its pair is left out.

    Raises:
        ValueError: a list has two records of the same task and seed.
    """
    a, b = _by_seed(a_records, "a"), _by_seed(b_records, "b")
    shared = [key for key in a if key in b]
    cells: dict[str, list[int]] = {}
    for key in shared:
        ours, theirs = outcome_of(a[key], strict=strict), outcome_of(b[key], strict=strict)
        if ours is None or theirs is None:
            continue
        cells.setdefault(key[0], [0, 0, 0, 0])[2 * (not ours) + (not theirs)] += 1
    both, only_a, only_b, neither = (sum(cell[i] for cell in cells.values()) for i in range(4))
    n = both + only_a + only_b + neither
    over_tasks = macro_difference([(sum(c), c[1], c[2]) for c in cells.values()]) if n else (None, None)
    return Comparison(
        n=n,
        both=both,
        only_a=only_a,
        only_b=only_b,
        neither=neither,
        a=success(both + only_a, n),
        b=success(both + only_b, n),
        difference=(only_a - only_b) / n if n else None,
        interval=newcombe(both, only_a, only_b, neither) if n else None,
        p=mcnemar(only_a, only_b) if n else None,
        macro_difference=over_tasks[0],
        macro_interval=over_tasks[1],
        tasks={task: _task(*cell) for task, cell in cells.items()},
        unpaired_a=len(a) - len(shared),
        unpaired_b=len(b) - len(shared),
        errors_a=sum(a[key]["status"] != "done" for key in shared),
        errors_b=sum(b[key]["status"] != "done" for key in shared),
        strict=strict,
    )


def mcnemar(only_a: int, only_b: int) -> float:
    """McNemar's exact p, two-sided: of the pairs that differ, half would go to either side. 1 if none differs."""
    from scipy.stats import binomtest

    differ = only_a + only_b
    return float(binomtest(only_a, differ, 0.5).pvalue) if differ else 1.0


def newcombe(both: int, only_a: int, only_b: int, neither: int, confidence: float = CONFIDENCE) -> tuple[float, float]:
    """The interval of the difference a − b of paired proportions.

    Method 10 of R. G. Newcombe, Statistics in Medicine 17 (1998) 2635-2650: Wilson's limits of both rates, put together
    with the correlation of the pairs, which is corrected for continuity.

    Raises:
        ValueError: no pairs, or a negative count.
    """
    n = both + only_a + only_b + neither
    if n == 0 or min(both, only_a, only_b, neither) < 0:
        raise ValueError(f"expected counts of 0 or more, not all 0; got {both}, {only_a}, {only_b}, {neither}")
    a, b = (both + only_a) / n, (both + only_b) / n
    (low_a, high_a), (low_b, high_b) = wilson(both + only_a, n, confidence), wilson(both + only_b, n, confidence)
    phi = _correlation(both, only_a, only_b, neither)
    below = _length(a - low_a, high_b - b, phi)
    above = _length(high_a - a, b - low_b, phi)
    return a - b - below, a - b + above


def _length(first: float, second: float, phi: float) -> float:
    return sqrt(max(0.0, first**2 - 2 * phi * first * second + second**2))


def _correlation(both: int, only_a: int, only_b: int, neither: int) -> float:
    n = both + only_a + only_b + neither
    margins = (both + only_a) * (only_b + neither) * (both + only_b) * (only_a + neither)
    if margins == 0:
        return 0.0
    excess = both * neither - only_a * only_b
    if excess > 0:
        excess = max(excess - n / 2, 0.0)
    return excess / sqrt(margins)


def _task(both: int, only_a: int, only_b: int, neither: int) -> PairedTask:
    n = both + only_a + only_b + neither
    return PairedTask(a=success(both + only_a, n), b=success(both + only_b, n), only_a=only_a, only_b=only_b)


def _by_seed(records: Iterable[Mapping[str, Any]], side: str) -> dict[tuple[str, int], Mapping[str, Any]]:
    found: dict[tuple[str, int], Mapping[str, Any]] = {}
    for record in records:
        key = record["task"], record["seed"]
        if key in found:
            raise ValueError(f"{side}: {record['task']} with seed {record['seed']} is there twice")
        found[key] = record
    return found
