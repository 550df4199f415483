"""A board's server as a process of its own on a free port of this machine."""

from __future__ import annotations

import os
import selectors
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from switch_bench.leaderboard import accounts
from switch_bench.leaderboard.database import Database, now
from switch_bench.leaderboard.server import open_board
from switch_bench.leaderboard.settings import Settings

STAND_IN = Path(__file__).with_name("stand_in.py")
PROGRAM = (sys.executable, "-c", "from switch_bench.cli import main; main()", "leaderboard")
PATIENCE = 300.0  # s: only what hangs takes as long
START_S = PATIENCE


class Server:
    """A server that runs; `kill` ends it as a power cut would."""

    def __init__(self, data: Path, workers: int, options: tuple[str, ...]) -> None:
        command = [
            *PROGRAM, "serve", "--data", str(data), "--port", "0", "--no-films",
            "--workers-of-verification", str(workers),
            "--verify-command", f"{sys.executable} {STAND_IN} {{file}} {{out}}", *options,
        ]  # fmt: skip
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        self.address = self._line().strip().rstrip("/")

    def _line(self) -> str:
        assert self.process.stdout is not None
        deadline = time.monotonic() + START_S
        with selectors.DefaultSelector() as ready:
            ready.register(self.process.stdout, selectors.EVENT_READ)
            while time.monotonic() < deadline:
                if ready.select(0.2):
                    line = self.process.stdout.readline().decode()
                    if line:
                        return line
                    assert self.process.stderr is not None
                    raise AssertionError(f"the server ended: {self.process.stderr.read().decode()}")
        raise AssertionError(f"the server didn't say its address within {START_S} s")

    def kill(self) -> None:
        self.process.send_signal(signal.SIGKILL)
        self._reap()

    def stop(self) -> str:
        """End it as Ctrl-C does; what it has said on standard error."""
        self.process.send_signal(signal.SIGINT)
        return self._reap()

    def _reap(self) -> str:
        try:
            _, said = self.process.communicate(timeout=PATIENCE)
        except subprocess.TimeoutExpired:
            self.process.kill()
            _, said = self.process.communicate()
        return said.decode()


@contextmanager
def serving(data: Path, *options: str, workers: int = 1) -> Iterator[Server]:
    """Serve a board's folder for a while."""
    server = Server(data, workers, options)
    try:
        yield server
    finally:
        if server.process.poll() is None:
            server.stop()


def token(data: Path, name: str, role: str = "submitter") -> dict[str, str]:
    """A header with a new token of a board, made as `leaderboard token add` does."""
    settings = Settings(data)
    database = Database(settings.database) if settings.database.exists() else open_board(settings)
    try:
        with database.writing() as session:
            return {"Authorization": f"Bearer {accounts.add_token(session, name, role, now())}"}
    finally:
        database.close()


def wait(so: Callable[[], object], seconds: float, what: str) -> None:
    """Wait until something is so.

    Raises:
        AssertionError: it isn't within `seconds`.
    """
    deadline = time.monotonic() + seconds
    while not so():
        assert time.monotonic() < deadline, f"not within {seconds} s: {what}"
        time.sleep(0.05)


def children(pid: int) -> list[int]:
    """The processes that a process has started and that still run, theirs included."""
    found = []
    for path in Path("/proc").iterdir():
        if path.name.isdigit():
            try:
                fields = (path / "stat").read_text().rpartition(")")[2].split()
            except OSError:
                continue
            if int(fields[1]) == pid and fields[0] not in "ZX":
                found += [int(path.name), *children(int(path.name))]
    return found


def alive(pid: int) -> bool:
    """Whether a process still runs."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] not in "ZX"
    except OSError:
        return False


def kill(pid: int) -> None:
    """End a process as a power cut would."""
    os.kill(pid, signal.SIGKILL)
