"""How long a run will take, in words."""

from __future__ import annotations

import statistics
from collections.abc import Mapping, Sequence
from typing import Any

from switch_bench.evaluate.episode import Job


class Estimate:
    """How long a run will take: said once, when each policy has one episode measured."""

    def __init__(self, jobs: Sequence[Job], horizon_us: Mapping[str, int], workers: int) -> None:
        self._left = {(job.policy, job.task, job.episode): horizon_us[job.task] / 1e6 for job in jobs}
        self._workers = workers
        self._measured: dict[str, list[tuple[float, float]]] = {job.policy: [] for job in jobs}
        self._said = False

    def see(self, job: Job, record: Mapping[str, Any]) -> str:
        """Count an episode as done; what to say now, or ""."""
        self._left.pop((job.policy, job.task, job.episode), None)
        if record["status"] == "done":
            fixed = record["wall_s"] - record["run_s"]
            self._measured[job.policy].append((fixed, record["run_s"] / max(1.0, record["elapsed_us"] / 1e6)))
        if self._said or not self._left or not all(self._measured.values()):
            return ""
        self._said = True
        seen = sum(len(measured) for measured in self._measured.values())
        first = "the first episode" if seen == 1 else f"the first {seen} episodes"
        left = len(self._left)
        others = f"the other {left} episodes run to their tasks' horizons"
        if left == 1:
            others = "the other episode runs to its task's horizon"
        return f"About {duration(self.seconds())} from here, if {others} at the pace of {first}."

    def seconds(self) -> float:
        """Wall seconds for what is left, from what was measured of each policy."""
        total = 0.0
        for (policy, _, _), horizon in self._left.items():
            fixed = statistics.fmean(m[0] for m in self._measured[policy])
            pace = statistics.fmean(m[1] for m in self._measured[policy])
            total += fixed + pace * horizon
        return total / self._workers


def duration(seconds: float) -> str:
    """Seconds as a person says them: "40 s", "12 min", "3 h 05 min"."""
    if seconds < 90:
        return f"{max(1, round(seconds))} s"
    minutes = round(seconds / 60)
    return f"{minutes} min" if minutes < 120 else f"{minutes // 60} h {minutes % 60:02d} min"


def counted(number: int, thing: str) -> str:
    """A number of things: "1 task", "2 processes", "3 policies"."""
    plural = thing[:-1] + "ies" if thing.endswith("y") else thing + ("es" if thing.endswith("s") else "s")
    return f"{number} {thing if number == 1 else plural}"
