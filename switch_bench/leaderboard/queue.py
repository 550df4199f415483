"""The queue of verifications: rows that workers take by leases.

A worker keeps its lease by telling how far it is. One that isn't heard of loses it when the lease runs out, or at once
if its process is gone from this machine; the verification is then done again from the start. Who has lost a lease
can't write an outcome any more.
"""

from __future__ import annotations

import os
import socket
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import or_, select, update
from sqlalchemy.orm import Session

from switch_bench.leaderboard import auditing
from switch_bench.leaderboard.database import Database, now
from switch_bench.leaderboard.models import Submission, Verification


@dataclass(frozen=True)
class Claim:
    """What a worker has taken. attempt: counted from 1; run: the name of the folder that it may make."""

    verification: int
    submission: str
    digest: str
    attempt: int
    owner: str

    @property
    def run(self) -> str:
        """A name that no other attempt has."""
        return f"{self.submission}-{self.verification}-{self.attempt}"


def add(session: Session, submission: Submission) -> None:
    """Put a submission at the end of the queue."""
    submission.status = "queued"
    submission.reasons = []
    session.add(Verification(submission_id=submission.id, queued=now()))


def owner() -> str:
    """This process's name as an owner of leases: host, process and when that began (numbers are used again)."""
    return f"{socket.gethostname()}:{os.getpid()}:{_began(os.getpid())}"


def claim(database: Database, who: str, lease_s: float, attempts: int) -> Claim | None:
    """Take the verification that waits longest. One that was begun `attempts` times is given up."""
    with database.reading() as session:
        if _next(session) is None:
            return None
    with database.writing() as session:
        found = _next(session)
        if found is None:
            return None
        submission = session.get_one(Submission, found.submission_id)
        if found.attempts >= attempts:
            give_up(session, found, submission, f"begun {found.attempts} times, and never ended")
            return None
        if found.state == "leased":
            auditing.note(session, "", "lease taken back", submission.id, detail_owner=found.owner)
        found.state, found.owner, found.until = "leased", who, now() + lease_s
        found.attempts += 1
        found.done = found.of = 0
        submission.status = "verifying"
        return Claim(found.id, submission.id, submission.digest, found.attempts, who)


def waits(database: Database) -> bool:
    """Whether something is to be verified."""
    with database.reading() as session:
        return _next(session) is not None


def extend(database: Database, held: Claim, lease_s: float, done: int, of: int) -> bool:
    """Tell how far it is, and keep the lease. False: it is lost."""
    with database.writing() as session:
        changed = session.execute(
            update(Verification)
            .where(
                Verification.id == held.verification, Verification.state == "leased", Verification.owner == held.owner
            )
            .where(Verification.attempts == held.attempt)
            .values(until=now() + lease_s, done=done, of=of)
        )
        return changed.rowcount == 1  # pyright: ignore[reportAttributeAccessIssue]


def holds(session: Session, held: Claim) -> Verification | None:
    """The verification, if its lease is still the worker's."""
    found = session.get(Verification, held.verification)
    mine = found is not None and (found.state, found.owner, found.attempts) == ("leased", held.owner, held.attempt)
    return found if mine else None


def give_back(database: Database, held: Claim) -> None:
    """A worker that is told to stop lets go of what it has; that attempt doesn't count."""
    with database.writing() as session:
        found = holds(session, held)
        if found is not None:
            found.state, found.owner, found.attempts = "waiting", "", found.attempts - 1
            session.get_one(Submission, held.submission).status = "queued"


def give_up(
    session: Session, found: Verification, submission: Submission, said: str, code: str = "not_verified"
) -> None:
    """End a verification that can't be done: its submission is refused, until a maintainer has it verified again."""
    found.state, found.ended, found.said = "failed", now(), said[:4000]
    submission.status = "refused"
    submission.verified = now()
    submission.reasons = [
        {"code": code, "where": "", "said": "It could not be run again: " + WHY.get(code, WHY["not_verified"])}
    ]
    auditing.note(session, "", "verification failed", submission.id, said=said[:1000])


WHY = {
    "time_limit": "that took longer than verification may take.",
    "not_verified": "the verifier itself failed. The maintainers see why, and can have it verified again.",
}


def _next(session: Session) -> Verification | None:
    """The first that waits, or whose lease is over, or whose worker is gone."""
    waiting = session.scalar(
        select(Verification).where(Verification.state == "waiting").order_by(Verification.id).limit(1)
    )
    over = session.scalars(
        select(Verification)
        .where(Verification.state == "leased")
        .where(
            or_(Verification.until < now(), Verification.owner.startswith(f"{socket.gethostname()}:", autoescape=True))
        )
        .order_by(Verification.id)
    )
    free = [v for v in over if v.until < now() or not alive(v.owner)]
    return min([v for v in (waiting, *free) if v is not None], key=lambda v: v.id, default=None)


def alive(name: str) -> bool:
    """Whether the process of an owner on this machine still runs."""
    _, pid, began = name.rsplit(":", 2)
    return _began(int(pid)) == began


def _began(pid: int) -> str:
    """When a process began, in the kernel's ticks since boot; "" if there is none."""
    try:
        told = Path(f"/proc/{pid}/stat").read_text()
    except OSError:
        return ""
    fields = told.rpartition(")")[2].split()
    return "" if fields[0] in "ZX" else fields[19]
