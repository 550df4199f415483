"""What a policy comes to in several tries: that at least one of k succeeds (pass@k), that all of them do (pass^k).

A try is an episode of the task, in a room drawn anew: pass^k tells how far a policy can be relied on, pass@k what it
gets to if someone picks the best of k.
"""

from __future__ import annotations

from collections.abc import Iterable
from math import comb
from statistics import fmean


def pass_at(k: int, successes: int, n: int) -> float:
    """The chance that at least one of `k` tries succeeds, estimated without bias from `successes` of `n`.

    1 − C(n − successes, k) / C(n, k): M. Chen et al., Evaluating Large Language Models Trained on Code,
    arXiv:2107.03374, 2021, equation 1.

    Raises:
        ValueError: unless 1 <= k <= n and 0 <= successes <= n.
    """
    _check(k, successes, n)
    return 1.0 - comb(n - successes, k) / comb(n, k)


def pass_all(k: int, successes: int, n: int) -> float:
    """The chance that all of `k` tries succeed, estimated without bias from `successes` of `n`.

    C(successes, k) / C(n, k): S. Yao et al., τ-bench, arXiv:2406.12045, 2024, which writes it pass^k.

    Raises:
        ValueError: unless 1 <= k <= n and 0 <= successes <= n.
    """
    _check(k, successes, n)
    return comb(successes, k) / comb(n, k)


def over_tasks(counts: Iterable[tuple[int, int]]) -> tuple[dict[int, float], dict[int, float]]:
    """pass@k and pass^k, each the mean over tasks, for k from 1 to the fewest episodes that a task has.

    counts: per task (successes, n); tasks without an episode are left out.
    """
    known = [(successes, n) for successes, n in counts if n]
    tries = range(1, 1 + min((n for _, n in known), default=0))
    return (
        {k: fmean(pass_at(k, successes, n) for successes, n in known) for k in tries},
        {k: fmean(pass_all(k, successes, n) for successes, n in known) for k in tries},
    )


def _check(k: int, successes: int, n: int) -> None:
    if not 1 <= k <= n or not 0 <= successes <= n:
        raise ValueError(f"expected 1 <= k <= n and 0 <= successes <= n; got k={k}, successes={successes}, n={n}")
