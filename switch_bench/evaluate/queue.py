"""The queue of a run's episodes, `queue.sqlite` in its folder: who plays which, and what is left.

The processes that evaluate into one folder on one machine share it. The files in `episodes/` are the truth and the
queue is made again from them: when it is lost or can't be read, and for what a killed process had. A job is *queued*,
*leased*, *done* or ended in an *error*. Whoever leases one holds a lock on a file of its own, which the kernel lets go
of when the process dies, however it dies; its jobs then go back. So does a job whose lease ran out: its process is
stopped or stuck, and what it may still bring is dropped, since the lease is no longer its own.
"""

from __future__ import annotations

import contextlib
import fcntl
import math
import sqlite3
import time
import uuid
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from switch_bench.evaluate.errors import InputError
from switch_bench.evaluate.folder import RunFolder

FILE = "queue.sqlite"
OWNER = ".owner."  # and who it is: the file a living process has locked
BUSY = 60  # s until another process must have ended a transaction
OURS = frozenset({"worker", "environment", "environment.step", "verdict", "trace"})  # where errors aren't the policy's
TABLE = """
CREATE TABLE IF NOT EXISTS jobs (
    task TEXT NOT NULL,
    episode INTEGER NOT NULL,
    place INTEGER NOT NULL,
    attempt INTEGER NOT NULL DEFAULT 0,
    state TEXT NOT NULL DEFAULT 'queued' CHECK (state IN ('queued', 'leased', 'done', 'error')),
    who TEXT,
    since REAL,
    until REAL,
    PRIMARY KEY (task, episode)
);
CREATE INDEX IF NOT EXISTS by_state ON jobs (state, place);
"""


class Waiting(NamedTuple):
    """A queued job: where in the order it stands, and its episode."""

    place: int
    task: str
    episode: int


class Queue:
    """The jobs of a run folder, of which this process takes some. Use it as a context manager, on one thread."""

    def __init__(
        self, run: RunFolder, jobs: Sequence[tuple[str, int]], *, retries: int = 0, redo_errors: bool = False
    ) -> None:
        """Make the queue of `jobs`, (task, episode) in the order they should be begun, or join those who work on it.

        retries: how often an episode is played again that ended in an error that wasn't the policy's. redo_errors:
        play those again that have ended in any error, once now.

        Raises:
            InputError: it can't be read while another process works on it.
        """
        self._run, self._jobs, self._retries = run, jobs, retries
        self._path = run.path / FILE
        self._who = uuid.uuid4().hex
        self._owner = (run.path / f".new{OWNER}{self._who}").open("wb")
        fcntl.flock(self._owner, fcntl.LOCK_EX)
        self._mine = Path(self._owner.name).rename(run.path / f"{OWNER}{self._who}")  # nobody sees it unlocked
        try:
            self._db = self._connected()
            self._fill(redo_errors)
        except sqlite3.DatabaseError as error:
            self._make_anew(error)
            self._fill(redo_errors)

    def __enter__(self) -> Queue:
        return self

    def __exit__(self, *_: object) -> None:
        with self._transaction():
            self._reclaim(over=True)
        self._db.close()
        self._mine.unlink(missing_ok=True)
        self._owner.close()

    def waiting(self, most: int) -> list[Waiting]:
        """The first `most` jobs that nobody has."""
        rows = self._db.execute(
            "SELECT place, task, episode FROM jobs WHERE state = 'queued' ORDER BY place LIMIT ?", (most,)
        )
        return [Waiting(*row) for row in rows]

    def claim(self, task: str, episode: int, seconds: float | None = None) -> bool:
        """Take a job for so many seconds (None: for as long as this process lives); False if somebody was quicker."""
        now = time.time()
        until = math.inf if seconds is None else now + seconds
        with self._transaction():
            taken = self._db.execute(
                "UPDATE jobs SET state = 'leased', who = ?, since = ?, until = ? "
                "WHERE task = ? AND episode = ? AND state = 'queued'",
                (self._who, now, until, task, episode),
            )
            return taken.rowcount == 1

    def settle(self, record: Mapping[str, Any]) -> bool:
        """Keep the record of an episode this process has leased; False if it hasn't any more, and nothing is kept."""
        task, episode = record["task"], record["episode"]
        with self._transaction():
            row = self._db.execute("SELECT who FROM jobs WHERE task = ? AND episode = ?", (task, episode)).fetchone()
            if row != (self._who,):
                return False
            self._run.refresh_one(task, episode)
            kept = self._run.append(record)
            self._set(kept, "queued" if self._is_tried_again(kept) else str(kept["status"]))
            return True

    def give_back(self, task: str, episode: int) -> None:
        """Let go of a job that came to nothing: it is as if nobody had begun it."""
        with self._transaction():
            self._db.execute(
                "UPDATE jobs SET state = 'queued', who = NULL WHERE task = ? AND episode = ? AND who = ?",
                (task, episode, self._who),
            )

    def reclaim(self) -> None:
        """Take back what dead processes had, and leases that have run out."""
        with self._transaction():
            self._reclaim()

    def counts(self) -> dict[str, int]:
        """State → how many jobs are in it."""
        found = dict(self._db.execute("SELECT state, count(*) FROM jobs GROUP BY state"))
        return {state: found.get(state, 0) for state in ("queued", "leased", "done", "error")}

    def attempts(self, task: str, episode: int) -> int:
        """How often an episode has been played to an end, be it an error."""
        row = self._db.execute("SELECT attempt FROM jobs WHERE task = ? AND episode = ?", (task, episode)).fetchone()
        return 0 if row is None else row[0]

    def _connected(self) -> sqlite3.Connection:
        db = sqlite3.connect(self._path, timeout=BUSY, isolation_level=None)
        db.execute("PRAGMA journal_mode = WAL")
        db.execute("PRAGMA synchronous = NORMAL")
        db.executescript(TABLE)
        return db

    def _make_anew(self, error: sqlite3.DatabaseError) -> None:
        """Throw a queue away that can't be read."""
        if any(self._lives(who) for who in self._others()):
            raise InputError(
                f"can't be read ({error}), and another process works on it",
                where=str(self._path),
                hint="end that process; then the same command makes it anew",
            ) from error
        for suffix in ("", "-wal", "-shm"):
            self._path.with_name(self._path.name + suffix).unlink(missing_ok=True)
        self._db = self._connected()

    @contextlib.contextmanager
    def _transaction(self) -> Iterator[None]:
        try:
            self._db.execute("BEGIN IMMEDIATE")
            yield
            self._db.execute("COMMIT")
        except BaseException:  # Ctrl-C, too
            if self._db.in_transaction:
                self._db.execute("ROLLBACK")
            raise

    def _fill(self, redo_errors: bool) -> None:
        """Bring the table in line with the files and with what is asked for."""
        with self._transaction():
            rows = [(task, episode, place) for place, (task, episode) in enumerate(self._jobs)]
            self._db.executemany("INSERT OR IGNORE INTO jobs (task, episode, place) VALUES (?, ?, ?)", rows)
            for who in self._others():
                self._lives(who)  # or its file goes
            self._reclaim()
            self._run.refresh()
            known = self._db.execute("SELECT task, episode, state FROM jobs").fetchall()
            for task, episode, state in known:
                record = self._run.record(task, episode)
                if state == "leased":
                    continue  # by somebody who lives
                if record is None:
                    self._back(task, episode)
                elif record["status"] == "error" and (redo_errors or self._is_tried_again(record)):
                    self._set(record, "queued")
                else:
                    self._set(record, str(record["status"]))

    def _reclaim(self, *, over: bool = False) -> None:
        """over: this process takes its own back, too."""
        leases = self._db.execute("SELECT task, episode, who, until, attempt FROM jobs WHERE state = 'leased'")
        dead: dict[str, bool] = {}
        for task, episode, who, until, attempt in leases.fetchall():
            if who not in dead:
                dead[who] = over if who == self._who else not self._lives(who)
            if not dead[who] and (over or time.time() < until):
                continue
            self._run.refresh_one(task, episode)
            record = self._run.record(task, episode)
            if record is not None and record.get("attempt", 1) > attempt and not self._is_tried_again(record):
                self._set(record, str(record["status"]))  # it died between the file and the table
            else:
                self._back(task, episode)

    def _is_tried_again(self, record: Mapping[str, Any]) -> bool:
        """Whether an episode that has ended is played again of itself."""
        if record["status"] != "error" or record.get("gone") or record.get("error", {}).get("where") not in OURS:
            return False
        return record.get("attempt", 1) <= self._retries

    def _set(self, record: Mapping[str, Any], state: str) -> None:
        self._db.execute(
            "UPDATE jobs SET state = ?, attempt = ?, who = NULL WHERE task = ? AND episode = ?",
            (state, record.get("attempt", 1), record["task"], record["episode"]),
        )

    def _back(self, task: str, episode: int) -> None:
        self._db.execute("UPDATE jobs SET state = 'queued', who = NULL WHERE task = ? AND episode = ?", (task, episode))

    def _others(self) -> list[str]:
        files = self._run.path.glob(f"{OWNER}*")
        return [who for file in files if (who := file.name.removeprefix(OWNER)) != self._who]

    def _lives(self, who: str) -> bool:
        """Whether a process is still there; what it left behind is removed if it isn't."""
        file = self._run.path / f"{OWNER}{who}"
        try:
            with file.open("rb") as lock:
                fcntl.flock(lock, fcntl.LOCK_SH | fcntl.LOCK_NB)
                file.unlink(missing_ok=True)
        except FileNotFoundError:
            return False
        except BlockingIOError:
            return True
        return False
