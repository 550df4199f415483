"""Making room: archives and run folders of what was refused, or withdrawn, some time ago are removed. Rows stay, with
hashes, status and reasons, and say that the files are gone.

A row says so before its files go: killed in between, what is left of them goes at the next prune, or when the server
starts. All of it may be done beside a server and its workers.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import ColumnElement, and_, func, or_, select

from switch_bench.leaderboard import auditing
from switch_bench.leaderboard.database import Database, now
from switch_bench.leaderboard.models import Round, Submission, Verification
from switch_bench.leaderboard.settings import Settings


@dataclass(frozen=True)
class Prunable:
    """A submission whose files may go. why: "refused" or "withdrawn". Sizes are in bytes."""

    id: str
    why: str
    digest: str
    run: str
    archive_bytes: int
    run_bytes: int

    @property
    def size(self) -> int:
        """Of both."""
        return self.archive_bytes + self.run_bytes


def prunable(database: Database, settings: Settings, older_s: float) -> list[Prunable]:
    """What was refused, or withdrawn, at least so long ago, and may be removed; the oldest first."""
    with database.reading() as session:
        found = session.scalars(select(Submission).where(_may(now() - older_s)).order_by(Submission.created)).all()
    return [_sized(settings, one) for one in found]


def prune(
    database: Database, settings: Settings, older_s: float, tell: Callable[[Prunable], None] = lambda one: None
) -> int:
    """Remove it, one after the other; the bytes that were freed. tell: hears of each that was removed."""
    freed = leftovers(database, settings)
    for one in prunable(database, settings, older_s):
        with database.writing() as session:
            still = session.scalar(select(Submission).where(Submission.id == one.id, _may(now() - older_s)))
            if still is None:  # it was put back meanwhile, or is verified again
                continue
            still.removed, still.run = now(), ""
            size = {"archive_bytes": one.archive_bytes, "run_bytes": one.run_bytes}
            auditing.note(session, "", "files removed", one.id, "command line", why=one.why, **size)
        _delete(settings, one.digest, one.run)
        freed += one.size
        tell(one)
    return freed


def leftovers(database: Database, settings: Settings) -> int:
    """Remove archives of rows that say they are removed: a prune was killed. The bytes that were freed.

    Run folders that no row names go when the server starts.
    """
    with database.reading() as session:
        digests = session.scalars(select(Submission.digest).where(Submission.removed.is_not(None))).all()
    freed = 0
    for digest in digests:
        freed += _size(settings.archive(digest))
        _delete(settings, digest, "")
    return freed


def _may(before: float) -> ColumnElement[bool]:
    """What may be removed. Nothing that is listed or waits, and no hidden run that a reveal is still to look at."""
    waits = select(Verification.id).where(
        Verification.submission_id == Submission.id, Verification.state.in_(("waiting", "leased"))
    )
    closed = select(Round.id).where(Round.id == Submission.round_id, Round.revealed.is_(None))
    refused = and_(Submission.status == "refused", func.coalesce(Submission.verified, Submission.created) <= before)
    withdrawn = and_(Submission.withdrawn, Submission.withdrawn_at <= before)
    return and_(Submission.removed.is_(None), or_(refused, withdrawn), ~waits.exists(), ~closed.exists())


def _sized(settings: Settings, one: Submission) -> Prunable:
    why = "withdrawn" if one.withdrawn else "refused"
    run_bytes = tree_size(settings.runs / one.run) if one.run else 0
    return Prunable(one.id, why, one.digest, one.run, _size(settings.archive(one.digest)), run_bytes)


def tree_size(folder: Path) -> int:
    """Bytes of all files below a folder; of those that go meanwhile none."""
    return sum(_size(path) for path in folder.rglob("*") if not path.is_dir())


def _size(path: Path) -> int:
    try:
        return path.lstat().st_size
    except FileNotFoundError:
        return 0


def _delete(settings: Settings, digest: str, run: str) -> None:
    settings.archive(digest).unlink(missing_ok=True)
    folder = settings.runs / run
    if run and folder.is_dir():
        gone = settings.runs / f"{run}.gone"  # nobody makes films in it any more
        folder.rename(gone)
        shutil.rmtree(gone)
