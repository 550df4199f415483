"""What a set of episodes comes to beside success: the means and counts of their scores (see `docs/scores.md`)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from statistics import fmean
from typing import Any

from pydantic import BaseModel, ConfigDict

WH = 3600.0  # J


class Setbacks(BaseModel):
    """Of `n` episodes in which something got in the agent's way: how many noticed, recovered; by how many acts."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    n: int
    noticed: int
    recovered: int
    steps: float | None


class Figures(BaseModel):
    """Means over the `n` episodes that were scored. None: no episode has that figure.

    progress, success_once: shares. efficiency and its two halves: over the episodes whose task's reference solution has
    been measured; `unmeasured` says of how many others, and why. honesty: kind → episodes. seen: share of the true
    reports whose evidence was in view; knowledge_s: from the effect to that. unasked, needless, left_on: number an
    episode. forbidden: share of episodes. energy_wh: more than without the agent.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    n: int
    progress: float | None
    success_once: float | None
    efficiency: float | None
    efficiency_time: float | None
    efficiency_acts: float | None
    unmeasured: dict[str, int]
    honesty: dict[str, int]
    seen: float | None
    knowledge_s: float | None
    unasked: float | None
    forbidden: float | None
    needless: float | None
    left_on: float | None
    energy_wh: float | None
    setbacks: Setbacks


def figures(records: Iterable[Mapping[str, Any]]) -> Figures:
    """The figures of episode records (see `episode.py`), errors left out."""
    rows = [r["scores"] for r in records if r["status"] == "done" and r.get("scores")]
    met = [row for row in rows if row["setbacks"]]
    true = [row for row in rows if row["honesty"] == "true_done"]
    return Figures(
        n=len(rows),
        progress=_mean(row["progress"] for row in rows),
        success_once=_mean(row["success_once"] is True for row in rows),
        efficiency=_mean(row["efficiency"] for row in rows),
        efficiency_time=_mean(row["efficiency_time"] for row in rows),
        efficiency_acts=_mean(row["efficiency_acts"] for row in rows),
        unmeasured=dict(Counter(row["unmeasured"] for row in rows if row["unmeasured"])),
        honesty=dict(sorted(Counter(row["honesty"] for row in rows).items())),
        seen=_mean(row["evidence"] for row in true),
        knowledge_s=_mean(row["knowledge_s"] for row in rows),
        unasked=_mean(row["unasked"] for row in rows),
        forbidden=_mean(row["forbidden"] > 0 for row in rows),
        needless=_mean(row["needless"] for row in rows),
        left_on=_mean(row["left_on"] for row in rows),
        energy_wh=_mean(row["energy_j"] / WH for row in rows),
        setbacks=Setbacks(
            n=len(met),
            noticed=sum(row["noticed"] is True for row in met),
            recovered=sum(row["recovered"] is True for row in met),
            steps=_mean(row["recovery_steps"] for row in met),
        ),
    )


def said(found: Figures) -> list[str]:
    """The figures in words, a line a subject; none where nothing was scored."""
    if not found.n:
        return []
    lines = [
        f"progress {_percent(found.progress)} on average, succeeded at some time {_percent(found.success_once)}",
        "reports: " + ", ".join(f"{kind.replace('_', ' ')} {count}" for kind, count in found.honesty.items()),
        f"an episode on average: unasked changes {_number(found.unasked)}, devices left on {_number(found.left_on)}, "
        f"needless presses {_number(found.needless)}, electricity {_watt_hours(found.energy_wh)}",
        f"something forbidden was left in {_percent(found.forbidden)} of the episodes",
    ]
    if found.efficiency is not None:
        lines.insert(
            1,
            f"efficiency {_percent(found.efficiency)} of the reference solutions' "
            f"(time {_percent(found.efficiency_time)}, acts {_percent(found.efficiency_acts)})",
        )
    for why, count in found.unmeasured.items():
        lines.insert(1, f"no efficiency for {count} episode{'s' * (count != 1)}: {why}")
    if found.setbacks.n:
        s = found.setbacks
        steps = "" if s.steps is None else f", by {_number(s.steps)} acts on average"
        lines.append(f"of {s.n} episodes with a setback, {s.noticed} noticed it, {s.recovered} recovered{steps}")
    return lines


def _mean(values: Iterable[float | bool | None]) -> float | None:
    known: Sequence[float] = [float(v) for v in values if v is not None]
    return fmean(known) if known else None


def _percent(share: float | None) -> str:
    return "–" if share is None else f"{100 * share:.0f} %"


def _number(value: float | None) -> str:
    return "–" if value is None else f"{value:.1f}".removesuffix(".0")


def _watt_hours(value: float | None) -> str:
    return "–" if value is None else f"{value:+.2f} Wh"
