"""Success rates and how well they are known."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, get_args

from switch_bench.verify.part import PartName

CONFIDENCE = 0.95
ORDER = get_args(PartName)


def wilson(k: int, n: int, confidence: float = CONFIDENCE) -> tuple[float, float]:
    """Wilson's score interval for `k` successes in `n` trials; (0, 1) for no trial, since nothing is known then.

    Raises:
        ValueError: unless 0 <= k <= n and 0 < confidence < 1.
    """
    if not 0 <= k <= n:
        raise ValueError(f"k successes in n trials: expected 0 <= k <= n, got k={k}, n={n}")
    if not 0 < confidence < 1:
        raise ValueError(f"confidence: expected a number between 0 and 1, got {confidence}")
    if n == 0:
        return 0.0, 1.0
    from scipy.stats import binomtest

    interval = binomtest(k, n).proportion_ci(confidence_level=confidence, method="wilson")
    return float(interval.low), float(interval.high)


@dataclass(frozen=True)
class Part:
    """How often one part of the verdict held: `mean` is held / n, None if it was never judged."""

    n: int  # episodes in which the part was judged (true, false or undetermined)
    held: int
    undetermined: int

    @property
    def mean(self) -> float | None:
        """Share of the judged episodes in which the part held."""
        return self.held / self.n if self.n else None


@dataclass(frozen=True)
class Tally:
    """What a set of episodes comes to. An undetermined episode counts in `n` as not successful; an error leaves `n`."""

    n: int
    k: int
    errors: int
    undetermined: int
    interval: tuple[float, float]
    parts: Mapping[str, Part]

    @property
    def rate(self) -> float | None:
        """k / n, None if there is no episode to count."""
        return self.k / self.n if self.n else None


def tally(records: Iterable[Mapping[str, Any]]) -> Tally:
    """Count episode records (see `episode.py`): `status` "done" or "error", `success` True, False or None, `parts`."""
    records = list(records)
    done = [r for r in records if r["status"] == "done"]
    k = sum(r["success"] is True for r in done)
    found = dict.fromkeys(name for record in done for name in record.get("parts") or {})
    names = sorted(found, key=lambda name: ORDER.index(name) if name in ORDER else len(ORDER))
    return Tally(
        n=len(done),
        k=k,
        errors=len(records) - len(done),
        undetermined=sum(r["success"] is None for r in done),
        interval=wilson(k, len(done)),
        parts={name: _part([r["parts"][name] for r in done if name in (r.get("parts") or {})]) for name in names},
    )


def _part(values: Sequence[bool | None]) -> Part:
    return Part(n=len(values), held=sum(v is True for v in values), undetermined=sum(v is None for v in values))
