"""What a submission, an episode and a comparison show: what `gather` finds in run folders, and what rows know."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from switch_bench.evaluate.errors import InputError
from switch_bench.leaderboard import gather, shown
from switch_bench.leaderboard.database import utc
from switch_bench.leaderboard.models import Submission
from switch_bench.leaderboard.problems import Problem
from switch_bench.leaderboard.settings import Settings


def submission(
    settings: Settings, found: Submission, row: shown.Row, progress: shown.Progress | None, *, archive: bool
) -> shown.Submission:
    """A submission's page; of one without a verified run only what its row tells. archive: whether it may be had."""
    reasons = tuple(shown.Reason(**reason) for reason in found.reasons)
    withdrawn: Any = found.withdrawn_by
    if found.run and found.status in shown.RANKED:
        run = settings.runs / found.run
        it = gather.submission(run, row, reasons=reasons, progress=progress, archive=archive)
        return it.model_copy(update={"withdrawn": withdrawn})
    return shown.Submission(
        row=row,
        reasons=reasons,
        progress=progress,
        groups={},
        episodes=(),
        card=found.card,
        versions={},
        digest=found.digest,
        key=found.key,
        parts={},
        errors=0,
        redone=0,
        archive=archive,
        withdrawn=withdrawn,
        removed=None if found.removed is None else utc(found.removed),
    )


def episode(row: shown.Row, run: Path, task: str, number: int) -> shown.Episode:
    """An episode's page.

    Raises:
        Problem: 404 if there is none.
    """
    try:
        return gather.episode(run, row, task, number)
    except KeyError as error:
        raise Problem(404, "There is no such episode.") from error


def comparison(a: shown.Row, run_a: Path, b: shown.Row, run_b: Path) -> shown.Comparison:
    """Two submissions on what both played.

    Raises:
        Problem: 409 if they can't be compared.
    """
    try:
        return gather.comparison(run_a, a, run_b, b)
    except InputError as error:
        raise Problem(409, error.message, hint=error.hint) from error


def results(run: Path) -> dict[str, Any]:
    """`results.json`."""
    return json.loads((run / "results.json").read_bytes())
