"""The database: SQLite in write-ahead mode, opened by the server and the workers at once.

Readers never wait. Writers take their turn: `writing` begins with BEGIN IMMEDIATE, so that what it reads is what it
changes, and in one process they queue at a lock instead of asking SQLite again and again.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Engine, create_engine, event
from sqlalchemy.orm import Session

from switch_bench.evaluate.errors import InputError

BUSY_MS = 15_000


class Database:
    """A board's database. Sessions end with their `with`; objects read stay readable after it."""

    def __init__(self, path: Path) -> None:
        """Open it; the file is made by `migrate`."""
        self.path = path
        self.engine = _engine(path)
        self._turn = threading.Lock()

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """A session that sees one state of the database and changes nothing."""
        with Session(self.engine, expire_on_commit=False, autoflush=False) as session:
            yield session

    @contextmanager
    def writing(self) -> Iterator[Session]:
        """A session whose changes all come about when it ends, or none, if it ends by an exception."""
        with self._turn, Session(self.engine, expire_on_commit=False) as session, session.begin():
            session.connection(execution_options={"begin": "IMMEDIATE"})
            yield session

    def close(self) -> None:
        """Close all connections."""
        self.engine.dispose()

    def check(self) -> None:
        """See that its tables are those of this version.

        Raises:
            InputError: they aren't; says how to make them so.
        """
        if not self.path.exists():
            raise InputError("there is no board here", where=str(self.path.parent), hint="leaderboard migrate makes it")
        with self.engine.connect() as connection:
            there = MigrationContext.configure(connection).get_current_revision()
        wanted = ScriptDirectory.from_config(_alembic(self.path)).get_current_head()
        if there != wanted:
            raise InputError(
                f"the database is at revision {there or 'none'}, this version needs {wanted}",
                where=str(self.path),
                hint="back it up, then run leaderboard migrate",
            )


def migrate(path: Path) -> None:
    """Make the database, or bring it to this version's tables."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    command.upgrade(_alembic(path), "head")


def now() -> float:
    """Seconds since 1970."""
    return time.time()


def utc(at: float) -> str:
    """Such as "2026-11-28T22:58:52Z"."""
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(at))


def _engine(path: Path) -> Engine:
    engine = create_engine(
        f"sqlite:///{path}", connect_args={"check_same_thread": False}, pool_size=16, max_overflow=32, pool_timeout=20
    )
    event.listen(engine, "connect", _connected)
    event.listen(engine, "begin", _begin)
    return engine


def _connected(connection: Any, record: Any) -> None:
    connection.isolation_level = None  # transactions begin where we say
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", f"busy_timeout={BUSY_MS}"):
        connection.execute(f"PRAGMA {pragma}")


def _begin(connection: Any) -> None:
    connection.exec_driver_sql(f"BEGIN {connection.get_execution_options().get('begin', 'DEFERRED')}")


def _alembic(path: Path) -> Config:
    config = Config()
    config.set_main_option("script_location", "switch_bench.leaderboard:migrations")
    config.set_main_option("path_separator", "os")
    config.attributes["engine"] = _engine
    config.attributes["path"] = path
    return config
