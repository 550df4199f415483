"""A command run beside: its progress read, its time limited, and all that it has started ended with it."""

from __future__ import annotations

import contextlib
import ctypes
import json
import os
import selectors
import signal
import subprocess
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

TELL_S = 1.0  # how often progress is told
TAIL = 4000  # bytes kept of what it says on standard error
LONGEST_LINE = 65536
DIE_WITH_PARENT = 1  # prctl's PR_SET_PDEATHSIG
_LIBC = ctypes.CDLL(None)


@dataclass
class Ran:
    """How a command ended: by itself with a code, or since it was late, or no longer wanted, or told to stop."""

    code: int | None = None
    said: str = ""
    late: bool = False
    unwanted: bool = False
    stopped: bool = False

    @property
    def cut(self) -> bool:
        """Whether it was ended from outside."""
        return self.late or self.unwanted or self.stopped


def supervise(
    command: Sequence[str],
    *,
    limit_s: float,
    tell: Callable[[int, int], bool],
    stopped: Callable[[], bool],
    every_s: float = TELL_S,
) -> Ran:
    """Run a command until it ends or must be ended.

    tell: gets (done, of) of its last line of progress every `every_s` seconds; False: it isn't wanted any more. The
    command's process group is killed at the end, and the command itself with this thread, however that ends.
    """
    process = subprocess.Popen(
        command,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        start_new_session=True,
        preexec_fn=_die_with_parent,
    )
    ran = Ran()
    try:
        _watch(process, ran, limit_s, tell, stopped, every_s)
        if not ran.cut:
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(10)
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        for pipe in (process.stdout, process.stderr):
            if pipe is not None:
                pipe.close()
        ran.code = process.wait()
    return ran


def progress(lines: bytearray, done: int, of: int) -> tuple[int, int]:
    """(done, of) of the last {"done": k, "of": n} among the whole lines, which are taken out; else as they were."""
    *whole, rest = bytes(lines).split(b"\n")
    lines[:] = rest[-LONGEST_LINE:]
    for line in whole:
        try:
            told = json.loads(line)
            now_done, now_of = int(told["done"]), int(told["of"])
        except (ValueError, TypeError, KeyError, RecursionError, OverflowError):
            continue  # a line of something else
        if 0 <= now_done <= now_of <= 10**9:
            done, of = now_done, now_of
    return done, of


def _watch(
    process: subprocess.Popen[bytes],
    ran: Ran,
    limit_s: float,
    tell: Callable[[int, int], bool],
    stopped: Callable[[], bool],
    every_s: float,
) -> None:
    began = told = time.monotonic()
    lines, said = bytearray(), bytearray()
    done = of = 0
    with selectors.DefaultSelector() as ready:
        ready.register(process.stdout, selectors.EVENT_READ, lines)  # pyright: ignore[reportArgumentType]
        ready.register(process.stderr, selectors.EVENT_READ, said)  # pyright: ignore[reportArgumentType]
        while ready.get_map() and not ran.cut:
            for key, _ in ready.select(min(0.2, every_s)):
                chunk = os.read(key.fd, 65536)
                if not chunk:
                    ready.unregister(key.fileobj)
                key.data.extend(chunk)
            del said[:-TAIL]
            done, of = progress(lines, done, of)
            if time.monotonic() - told >= every_s:
                told = time.monotonic()
                ran.unwanted = not tell(done, of)
            ran.late = time.monotonic() - began > limit_s
            ran.stopped = stopped()
    ran.said = said.decode(errors="replace")


def _die_with_parent() -> None:
    _LIBC.prctl(DIE_WITH_PARENT, signal.SIGKILL)
