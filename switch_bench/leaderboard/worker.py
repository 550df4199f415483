"""A process that verifies: takes a submission from the queue, runs `submit verify` on it, enters what came of it.

It is a process of its own, and so is what it runs: nothing of a verification is on the path of a request. It ends when
its standard input does, which is the end of whoever started it; what it runs ends with it.
"""

from __future__ import annotations

import os
import shutil
import signal
import sys
import threading
import time
from pathlib import Path

from sqlalchemy import select

from switch_bench.evaluate.errors import InputError
from switch_bench.leaderboard import films, health, outcome, queue, shown
from switch_bench.leaderboard.database import Database
from switch_bench.leaderboard.entering import enter
from switch_bench.leaderboard.models import Submission, Verification
from switch_bench.leaderboard.queue import Claim
from switch_bench.leaderboard.settings import Settings
from switch_bench.leaderboard.supervising import TELL_S, Ran, supervise

IDLE_S = 0.5
PASSED = (*shown.RANKED, "self-reported")  # `submit verify` ends with 0


class Worker:
    """Verifies one submission after another until `stopped` is set."""

    def __init__(self, settings: Settings, database: Database) -> None:
        """Ready to `run`; see the module."""
        self.settings = settings
        self.database = database
        self.owner = queue.owner()
        self.stopped = threading.Event()
        self._beaten = 0.0

    def run(self, *, until_empty: bool = False) -> int:
        """Work until it is stopped, or the queue is empty. How many verifications were ended."""
        ended = 0
        while not self.stopped.is_set():
            self._beat()
            held = queue.claim(self.database, self.owner, self.settings.lease_s, self.settings.attempts)
            if held is not None:
                ended += self.verify(held)
            elif not self.film():
                if until_empty:
                    break
                self.stopped.wait(IDLE_S)
        health.leave(self.database, self.owner)
        return ended

    def _beat(self) -> None:
        """Say that it is there, where it is about time."""
        if not self._beaten or time.monotonic() - self._beaten > health.BEAT_S:
            health.beat(self.database, self.owner)
            self._beaten = time.monotonic()

    def verify(self, held: Claim) -> bool:
        """One verification. False if it was not ended: the worker was stopped, or has lost the lease."""
        part = self.settings.runs / f"{held.run}.part"
        _remove(part)
        file = str(self.settings.archive(held.digest))
        command = [word.replace("{file}", file).replace("{out}", str(part)) for word in self.settings.verify]
        try:
            ran = self._beside(command, held)
            if ran.stopped:
                queue.give_back(self.database, held)
            if ran.stopped or ran.unwanted:
                return False
            if ran.late:
                return self._give_up(held, f"it took over {self.settings.verify_s:g} s", "time_limit")
            try:
                found = outcome.read(part, held.digest)
                if (ran.code == 0) != (found.status in PASSED):
                    raise outcome.NoOutcome(f"it says {found.status}, but ended with code {ran.code}")
            except outcome.NoOutcome as error:
                return self._give_up(held, f"{error}; exit code {ran.code}\n{ran.said}")
            return self._enter(held, found, part)
        finally:
            _remove(part)

    def _enter(self, held: Claim, found: outcome.Outcome, part: Path) -> bool:
        if found.status not in shown.RANKED:
            return enter(self.database, held, found, None)
        run = self.settings.runs / held.run
        _sync(part)
        os.rename(part, run)
        try:
            entered = enter(self.database, held, found, run)
        except InputError as error:  # the run folder isn't one: the verifier has failed
            _remove(run)
            return self._give_up(held, str(error))
        if not entered:
            _remove(run)
        return entered

    def film(self) -> bool:
        """Make what is missing of one listed run's films, until something waits to be verified. False: none is missing.

        Films are for the reader: without them a row counts as well, so they come after all that is listed.
        """
        if not self.settings.films:
            return False
        run = next((run for run in self._listed() if run.is_dir() and not films.done(run)), None)
        if run is None:
            return False
        if not films.begin(run):
            return True
        limits = [str(self.settings.film_s), str(self.settings.film_bytes)]
        ran = supervise(
            [sys.executable, "-m", "switch_bench.leaderboard.films", str(run), *limits],
            limit_s=self.settings.verify_s,
            tell=self._nothing_waits,
            stopped=self.stopped.is_set,
        )
        if ran.unwanted or ran.stopped:
            films.forgive(run)
        return True

    def _nothing_waits(self, done: int, of: int) -> bool:
        self._beat()
        return not queue.waits(self.database)

    def _listed(self) -> list[Path]:
        with self.database.reading() as session:
            there = select(Submission.run).where(Submission.run != "", Submission.withdrawn.is_(False))
            names = session.scalars(there.order_by(Submission.verified))
            return [self.settings.runs / name for name in names]

    def _beside(self, command: list[str], held: Claim) -> Ran:
        lease = self.settings.lease_s

        def tell(done: int, of: int) -> bool:
            self._beat()
            return queue.extend(self.database, held, lease, done, of)

        return supervise(
            command,
            limit_s=self.settings.verify_s,
            tell=tell,
            stopped=self.stopped.is_set,
            every_s=min(TELL_S, lease / 4),
        )

    def _give_up(self, held: Claim, said: str, code: str = "not_verified") -> bool:
        with self.database.writing() as session:
            verification = queue.holds(session, held)
            if verification is None:
                return False
            queue.give_up(session, verification, session.get_one(Submission, held.submission), said, code)
            return True


def sweep(settings: Settings, database: Database) -> None:
    """Remove what attempts that were cut short have left, and runs that no row names any more."""
    with database.reading() as session:
        named = set(session.scalars(select(Submission.run)))
        leased = session.scalars(select(Verification).where(Verification.state == "leased"))
        held = {f"{v.submission_id}-{v.id}-{v.attempts}" for v in leased if queue.alive(v.owner)}
    for folder in settings.runs.iterdir():
        if folder.name not in named and folder.name.removesuffix(".part") not in held:
            _remove(folder)


def main(argv: list[str]) -> int:
    """`python -m switch_bench.leaderboard.worker SETTINGS`, as the server starts it; SETTINGS is JSON."""
    settings = Settings.from_json(argv[0])
    database = Database(settings.database)
    worker = Worker(settings, database)
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: worker.stopped.set())

    def listen() -> None:
        while os.read(0, 4096):
            pass
        worker.stopped.set()

    threading.Thread(target=listen, daemon=True).start()
    try:
        worker.run()
    finally:
        database.close()
    return 0


def _sync(folder: Path) -> None:
    """See that a folder's files are on disk before a row names it."""
    for path in folder.rglob("*"):
        if path.is_file():
            with path.open("rb") as file:
                os.fsync(file.fileno())


def _remove(folder: Path) -> None:
    if folder.is_dir():
        shutil.rmtree(folder)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
