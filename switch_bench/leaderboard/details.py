"""What a submission, an episode and a comparison show, from the run folder of a verified one."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from switch_bench.evaluate import folder
from switch_bench.leaderboard import outcome, shown
from switch_bench.leaderboard.models import Submission
from switch_bench.leaderboard.problems import Problem


def submission(
    found: Submission, row: shown.Row, run: Path | None, progress: shown.Progress | None
) -> shown.Submission:
    """A submission's page; without a run there are no scores."""
    read = outcome.read(run, found.digest) if run is not None else None
    manifest = read.manifest if read is not None else None
    episodes = tuple(_row(r) for r in folder.read_episodes(run)) if run is not None else ()
    return shown.Submission(
        row=row,
        reasons=tuple(shown.Reason(**reason) for reason in found.reasons),
        progress=progress,
        groups={},
        episodes=episodes,
        card=manifest.card if manifest else "",
        versions=manifest.versions if manifest else {},
        digest=found.digest,
        key=found.key,
        parts={},
        errors=sum(e.outcome == "error" for e in episodes),
        redone=manifest.redone if manifest else 0,
    )


def episode(row: shown.Row, run: Path, task: str, number: int) -> shown.Episode:
    """An episode's page.

    Raises:
        Problem: 404 if there is none.
    """
    for record in folder.read_episodes(run):
        if (record["task"], record["episode"]) == (task, number):
            return shown.Episode(
                submission=row.id, policy=row.policy, row=_row(record), instruction=record.get("instruction", ""),
                parts={}, timeline="", video="", verdict="{}",
            )  # fmt: skip
    raise Problem(404, "There is no such episode.")


def comparison(a: shown.Row, run_a: Path, b: shown.Row, run_b: Path) -> shown.Comparison:
    """Two submissions on what both played."""
    raise Problem(404, "Not there yet.")


def _row(record: dict[str, Any]) -> shown.EpisodeRow:
    outcomes = {True: "success", False: "failure", None: "undetermined"}
    return shown.EpisodeRow(
        task=record["task"],
        episode=record["episode"],
        seed=record["seed"],
        outcome="error" if record["status"] == "error" else outcomes[record["success"]],  # pyright: ignore[reportArgumentType]
        why=record.get("why", ""),
        elapsed_s=record.get("elapsed_us", 0) / 1e6,
        video=False,
    )


def results(run: Path) -> dict[str, Any]:
    """`results.json`."""
    return json.loads((run / "results.json").read_bytes())
