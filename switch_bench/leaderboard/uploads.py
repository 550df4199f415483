"""From bytes that come in to a row in the queue.

An upload is written to `incoming/`, is on disk, and then gets its name and its row in one step: the file is renamed
inside the transaction that makes the row. A server killed at any moment leaves a file that no row names, which the
next start sweeps, or a whole row with its whole file. Nothing of an archive is read here: that is for the
verification.
"""

from __future__ import annotations

import hashlib
import os
import secrets
from collections.abc import AsyncIterator, Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, TypeVar

from anyio import CapacityLimiter, fail_after, to_thread
from anyio.lowlevel import RunVar
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from switch_bench.leaderboard import auditing, queue, rounds, views
from switch_bench.leaderboard.accounts import Person
from switch_bench.leaderboard.database import Database, now
from switch_bench.leaderboard.models import Submission
from switch_bench.leaderboard.problems import Problem, archive_too_large
from switch_bench.leaderboard.settings import Settings

LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"
ZIP = b"PK\x03\x04"
BUFFER = 256 * 1024
BUSY = ("queued", "verifying")


THREADS = 4  # that uploads may hold at once; the others are for reads, however many upload
_limiter: RunVar[CapacityLimiter] = RunVar("uploads")
T = TypeVar("T")


@dataclass(frozen=True)
class Arrived:
    """A whole upload on disk, still without a row."""

    path: Path
    digest: str
    size: int

    def discard(self) -> None:
        """Remove it, if it hasn't got its place."""
        self.path.unlink(missing_ok=True)


async def in_thread(do: Callable[..., T], *given: Any) -> T:
    """Call what waits for the disk or for its turn to write, in one of the uploads' threads."""
    try:
        limiter = _limiter.get()
    except LookupError:
        limiter = CapacityLimiter(THREADS)
        _limiter.set(limiter)
    return await to_thread.run_sync(do, *given, limiter=limiter)


async def receive(chunks: AsyncIterator[bytes], settings: Settings) -> Arrived:
    """Write an upload to disk as it comes.

    Raises:
        Problem: 408 if it takes too long, 413 as soon as it is too large, 415 if it is no ZIP file, 422 if empty.
    """
    path = settings.incoming / f"{secrets.token_hex(8)}.part"
    digest, size, held = hashlib.sha256(), 0, bytearray()
    file = await in_thread(path.open, "xb")
    try:
        with fail_after(settings.limits.upload_s):
            async for chunk in chunks:
                size += len(chunk)
                if size > settings.limits.archive_bytes:
                    raise archive_too_large(settings.limits.archive_bytes)
                held += chunk
                if len(held) >= BUFFER:
                    await in_thread(_write, file, bytes(held), digest)
                    held.clear()
        await in_thread(_finish, file, bytes(held), digest)
        await in_thread(_look, path)
    except BaseException as error:
        file.close()
        path.unlink(missing_ok=True)
        if isinstance(error, TimeoutError):
            raise Problem(408, f"An upload has {settings.limits.upload_s:g} s.") from error
        raise
    return Arrived(path, digest.hexdigest(), size)


def enter(
    database: Database, settings: Settings, person: Person, arrived: Arrived, source: str, parent: str | None = None
) -> Submission:
    """Give an upload its place and its row, and put it in the queue. It is gone from `incoming` in any case.

    Raises:
        Problem: 409 if this archive is there already, 429 if a quota is used up, 404 or 409 for its parent.
    """
    try:
        with database.writing() as session:
            there = session.scalar(select(Submission).where(Submission.digest == arrived.digest))
            if there is not None:
                seen = views.may_see(session, there, person)
                raise Problem(
                    409,
                    f"This archive was submitted before{f', as {there.id}' if seen else ''}.",
                    code="submitted_before",
                    at=f"{settings.base}/api/v1/submissions/{there.id}" if seen else "",
                )
            if parent is not None:
                _check_parent(session, parent)
            _check_quotas(session, settings, person, arrived.size)
            submission = Submission(
                id=new_id(),
                account_id=person.account,
                parent=parent,
                digest=arrived.digest,
                size=arrived.size,
                created=now(),
                status="queued",
            )
            session.add(submission)
            session.flush()
            queue.add(session, submission)
            what = "submitted" if parent is None else "hidden run attached"
            auditing.note(session, person.name, what, submission.id, source, digest=arrived.digest, of=parent or "")
            session.flush()
            os.replace(arrived.path, settings.archive(arrived.digest))
            _sync(settings.archives)
            return submission
    finally:
        arrived.discard()


def sweep(settings: Settings, database: Database) -> int:
    """Remove what uploads that were cut short have left; how many files. For the server alone, at its start."""
    with database.reading() as session:
        named = set(session.scalars(select(Submission.digest).where(Submission.removed.is_(None))))
    left = [*settings.incoming.iterdir(), *(p for p in settings.archives.iterdir() if p.stem not in named)]
    for path in left:
        path.unlink(missing_ok=True)  # a prune may be at it
    return len(left)


def new_id() -> str:
    """Twelve letters that can't be guessed or mistaken for one another: 59 bits."""
    return "".join(secrets.choice(LETTERS) for _ in range(12))


def _check_parent(session: Session, parent: str) -> None:
    found = session.get(Submission, parent)
    if found is None or found.parent is not None:
        raise Problem(404, f"There is no submission {parent}.")
    if found.status not in rounds.VERIFIED:
        raise Problem(409, f"{parent} is {found.status}.", hint="Only a replay-verified submission gets a hidden run.")


def _check_quotas(session: Session, settings: Settings, person: Person, size: int) -> None:
    own = select(func.count(), func.sum(Submission.size)).where(Submission.account_id == person.account)
    limits = settings.limits
    waiting, _ = session.execute(own.where(Submission.status.in_(BUSY))).one()
    if waiting >= limits.waiting:
        raise Problem(
            429, f"{waiting} submissions of {person.name} wait already.", code="quota_waiting", retry_s=300,
            hint="Come again when some are verified.",
        )  # fmt: skip
    _, stored = session.execute(own.where(Submission.removed.is_(None))).one()
    if (stored or 0) + size > limits.stored_bytes:
        raise Problem(
            429, f"{person.name} has {stored} of {limits.stored_bytes} bytes stored.", code="quota_bytes",
            retry_s=86400,
            hint="Ask a maintainer.",
        )  # fmt: skip


def _write(file: IO[Any], data: bytes, digest: Any) -> None:
    file.write(data)
    digest.update(data)


def _finish(file: IO[Any], data: bytes, digest: Any) -> None:
    _write(file, data, digest)
    file.flush()
    os.fsync(file.fileno())
    file.close()


def _look(path: Path) -> None:
    with path.open("rb") as file:
        begin = file.read(len(ZIP))
    if not begin:
        raise Problem(422, "The archive is empty.", code="empty")
    if begin != ZIP:
        raise Problem(415, "That isn't an archive of `switch-bench submit pack`: it doesn't begin as a ZIP file does.")


def _sync(folder: Path) -> None:
    """See that a folder's names are on disk."""
    number = os.open(folder, os.O_RDONLY)
    with suppress(OSError):  # some file systems can't
        os.fsync(number)
    os.close(number)
