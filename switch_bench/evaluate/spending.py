"""What episodes took of a policy that tells so: calls of a language model, tokens, wall time."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from statistics import fmean
from typing import Any

from pydantic import BaseModel, ConfigDict


class Spending(BaseModel):
    """Means over `n` episodes, errors included, since they were paid for.

    malformed: calls that couldn't be carried out, counted in `calls`, too. tokens: over the episodes whose tokens were
    counted, None if none was. seconds: wall time. limited: so many episodes reached a limit of the agent's.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    n: int
    calls: float
    malformed: float
    tokens: float | None
    seconds: float
    limited: int


def spending(records: Iterable[Mapping[str, Any]]) -> Spending | None:
    """The means of records' `spent` (see `agents.session.Spent`); None if no policy told."""
    rows = [record["spent"] for record in records if "spent" in record]
    if not rows:
        return None
    counted = [row["tokens"] for row in rows if row["tokens"] is not None]
    return Spending(
        n=len(rows),
        calls=fmean(row["calls"] for row in rows),
        malformed=fmean(row["malformed"] for row in rows),
        tokens=fmean(counted) if counted else None,
        seconds=fmean(row["seconds"] for row in rows),
        limited=sum(bool(row["limit"]) for row in rows),
    )


def said(spent: Spending | None) -> list[str]:
    """The means in words; nothing where nothing was told."""
    if spent is None:
        return []
    tokens = "" if spent.tokens is None else f"{spent.tokens:,.0f} tokens, "
    return [
        f"spent on an episode on average: {spent.calls:.1f} calls ({spent.malformed:.1f} malformed), {tokens}"
        f"{spent.seconds:.1f} s; {spent.limited} of {spent.n} episodes reached a limit"
    ]
