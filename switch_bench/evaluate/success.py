"""How many of a set of episodes succeeded, and how well that rate is known."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from pydantic import BaseModel, ConfigDict

from switch_bench.evaluate.statistics import wilson


class Success(BaseModel):
    """`k` of `n` episodes succeeded; `rate` is null if n is 0; `interval` is Wilson's at 95 %."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    n: int
    k: int
    rate: float | None
    interval: tuple[float, float]


def counted(records: Iterable[Mapping[str, Any]], *, strict: bool = False) -> Success:
    """Count episodes' records. An undetermined one is in `n`, not in `k`.

    strict: one that ended in an error is, too, as the official protocol has it; otherwise it leaves `n`.
    """
    outcomes = [outcome for record in records if (outcome := outcome_of(record, strict=strict)) is not None]
    k = sum(outcomes)
    return success(k, len(outcomes))


def success(k: int, n: int) -> Success:
    """`k` of `n`, with the rate and the interval. Raises ValueError unless 0 <= k <= n."""
    return Success(n=n, k=k, rate=k / n if n else None, interval=wilson(k, n))


def outcome_of(record: Mapping[str, Any], *, strict: bool = False) -> bool | None:
    """Whether an episode counts as a success; None: it isn't counted, since it ended in an error (never if strict)."""
    if record["status"] != "done":
        return False if strict else None
    return record["success"] is True
