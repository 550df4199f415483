"""The mean over tasks and its interval by a bootstrap clustered by task.

A suite's tasks are few and unlike each other, and a task's episodes are alike; so what is drawn again, with
replacement, are tasks, and within each task drawn its episodes. The interval is the percentile one, at 95 %: between
the 2.5th and the 97.5th percentile of the means of `RESAMPLES` such draws. It is about tasks like these, not about
these tasks alone. The draws are keyed: the same counts have the same interval.

Where all episodes came out alike there is nothing to draw from, and the percentiles would claim certainty. Of each task
one episode then counts, as independent as its tasks are, and the interval is Wilson's over so many.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

import numpy as np
from pydantic import BaseModel, ConfigDict

from switch_bench.evaluate.statistics import CONFIDENCE, wilson

RESAMPLES = 10_000
METHOD = f"percentile bootstrap clustered by task, {RESAMPLES} resamples"
ALIKE = "Wilson over tasks, since all episodes came out alike"


class Macro(BaseModel):
    """The mean of tasks' success rates, each task counting alike; None and (0, 1) if no task has an episode."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    mean: float | None
    interval: tuple[float, float]
    method: str = METHOD


def macro(counts: Sequence[tuple[int, int]]) -> Macro:
    """The macro mean of tasks' (k, n); tasks without an episode are left out."""
    known = [(k, n) for k, n in counts if n]
    if not known:
        return Macro(mean=None, interval=(0.0, 1.0))
    k, n = np.array(known, dtype=np.int64).T
    rate = k / n
    if rate.sum() in (0.0, len(known)):
        return Macro(mean=float(rate[0]), interval=wilson(int(rate.sum()), len(known)), method=ALIKE)
    chosen = _tasks("macro", len(known))
    again = keyed("macro/episodes").binomial(n[chosen], rate[chosen]) / n[chosen]
    return Macro(mean=float(rate.mean()), interval=_between(again.mean(axis=1)))


def macro_difference(counts: Sequence[tuple[int, int, int]]) -> tuple[float, tuple[float, float]]:
    """The mean over tasks of the difference of paired rates a − b, and its interval.

    counts: per task the pairs of episodes, and in how many of them only a, and only b, succeeded: (n, only_a, only_b),
    n > 0. What is drawn again within a task are its pairs. Where no pair differs, either side may be ahead by as much
    as Wilson's upper limit for none of so many tasks.

    Raises:
        ValueError: there is no task, or a task has no pair.
    """
    if not counts or min(n for n, _, _ in counts) < 1:
        raise ValueError(f"counts: expected a task or more with a pair of episodes each, got {list(counts)}")
    n, plus, minus = np.array(counts, dtype=np.int64).T
    up, down = plus / n, minus / n
    if not plus.any() and not minus.any():
        most = wilson(0, len(counts))[1]
        return 0.0, (-most, most)
    chosen = _tasks("macro difference", len(counts))
    generator = keyed("macro difference/episodes")
    ups = generator.binomial(n[chosen], up[chosen])
    left = np.divide(down, 1 - up, out=np.zeros_like(down), where=plus < n)
    downs = generator.binomial(n[chosen] - ups, np.minimum(left, 1.0)[chosen])
    return float((up - down).mean()), _between(((ups - downs) / n[chosen]).mean(axis=1))


def keyed(name: str) -> np.random.Generator:
    """The generator of the draws of this name, the same in every process."""
    return np.random.default_rng(list(hashlib.sha256(f"switch_bench/statistics/{name}".encode()).digest()))


def _tasks(name: str, count: int) -> np.ndarray:
    """(RESAMPLES, count): places of tasks, drawn with replacement."""
    return keyed(f"{name}/tasks").integers(0, count, (RESAMPLES, count))


def _between(means: np.ndarray) -> tuple[float, float]:
    low, high = np.quantile(means, ((1 - CONFIDENCE) / 2, (1 + CONFIDENCE) / 2))
    return float(low), float(high)
