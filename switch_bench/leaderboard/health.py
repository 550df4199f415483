"""How a board is: its queue, its workers, its disk. `/healthz` tells in a word whether it works."""

from __future__ import annotations

import shutil
import socket
from typing import Any

from sqlalchemy import delete, func, select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from switch_bench.leaderboard import pruning, queue
from switch_bench.leaderboard.database import Database, now, utc
from switch_bench.leaderboard.models import Submission, Verification, Worker
from switch_bench.leaderboard.settings import Settings
from switch_bench.leaderboard.shown import Shown

BEAT_S = 10.0  # how often a worker says that it is there
LATELY_S = 60.0  # one that was seen within these is taken to be there
FORGOTTEN_S = 86400.0


class Queue(Shown):
    """What waits, what is being verified, and for how long what waits longest has waited, in seconds."""

    waiting: int
    verifying: int
    oldest_waits_s: float | None


class Disk(Shown):
    """Bytes that are used, and those that are free on that disk."""

    archives: int
    runs: int
    database: int
    free: int


class Last(Shown):
    """The verification that ended last. state: "done", or "failed" if it is the verifier that failed."""

    submission: str
    at: str
    state: str


class Status(Shown):
    """How a board is. workers: those that are there; submissions: status → how many."""

    queue: Queue
    workers: tuple[str, ...]
    disk: Disk
    last_verification: Last | None
    submissions: dict[str, int]


def answers(database: Database) -> tuple[bool, bool]:
    """Whether the database answers, and whether a worker is there."""
    try:
        with database.reading() as session:
            return True, bool(seen_lately(session))
    except (SQLAlchemyError, OSError):
        return False, False  # that is what is told


def beat(database: Database, owner: str) -> None:
    """A worker says that it is there."""
    with database.writing() as session:
        session.merge(Worker(owner=owner, seen=now()))
        session.execute(delete(Worker).where(Worker.seen < now() - FORGOTTEN_S))


def leave(database: Database, owner: str) -> None:
    """A worker ends."""
    with database.writing() as session:
        session.execute(delete(Worker).where(Worker.owner == owner))


def seen_lately(session: Session) -> list[str]:
    """The workers that are there: seen within a minute, and not known to be gone from this machine."""
    found = session.scalars(select(Worker.owner).where(Worker.seen > now() - LATELY_S).order_by(Worker.owner)).all()
    here = f"{socket.gethostname()}:"
    return [owner for owner in found if not owner.startswith(here) or queue.alive(owner)]


def status(database: Database, settings: Settings) -> Status:
    """All of it."""
    with database.reading() as session:
        states: Any = session.execute(select(Verification.state, func.count()).group_by(Verification.state))
        counts = dict(states.all())
        oldest = session.scalar(select(func.min(Verification.queued)).where(Verification.state == "waiting"))
        last = session.scalar(
            select(Verification).where(Verification.ended.is_not(None)).order_by(Verification.ended.desc()).limit(1)
        )
        by_status: Any = session.execute(select(Submission.status, func.count()).group_by(Submission.status))
        submissions = dict(sorted(by_status.all()))
        workers = tuple(seen_lately(session))
    return Status(
        queue=Queue(
            waiting=counts.get("waiting", 0),
            verifying=counts.get("leased", 0),
            oldest_waits_s=None if oldest is None else round(max(0.0, now() - oldest), 1),
        ),
        workers=workers,
        disk=Disk(
            archives=pruning.tree_size(settings.archives),
            runs=pruning.tree_size(settings.runs),
            database=sum(path.stat().st_size for path in settings.data.glob("board.sqlite*")),
            free=shutil.disk_usage(settings.data).free,
        ),
        last_verification=None
        if last is None or last.ended is None
        else Last(submission=last.submission_id, at=utc(last.ended), state=last.state),
        submissions=submissions,
    )
