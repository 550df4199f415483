"""Rows of the table, for tests."""

from __future__ import annotations

from switch_bench.evaluate.statistics import wilson
from switch_bench.leaderboard import shown


def row(id: str, k: int | None, n: int = 100, **other: object) -> shown.Row:
    """A row with k of n successes; of None one without a score."""
    rate = None if k is None else shown.Rate(n=n, k=k, rate=k / n, interval=wilson(k, n))
    told = {
        "id": id, "policy": id, "submitter": "a lab", "suite": "core", "protocol": "v1", "episodes": 50,
        "track": shown.Track(act="skill", obs=("elements",), privileged=False), "rate": rate, "macro": None,
        "hidden": None, "status": "self-reported" if k is None else "replay-verified",
        "submitted": "2026-11-28T22:58:52Z",
    } | other  # fmt: skip
    return shown.Row.model_validate(told)
