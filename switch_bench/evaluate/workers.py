"""Worker processes that each do one job at a time; one that dies fails only the job it had.

They are spawned, never forked: a forked OpenGL context is shared by accident and corrupts. What a worker prints goes to
standard error, so that standard output stays the program's own.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
import sys
import traceback
from collections.abc import Callable, Hashable, Iterable, Iterator
from dataclasses import dataclass
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess
from typing import Any, Generic, TypeVar

from switch_bench.evaluate.errors import InputError

J = TypeVar("J")
R = TypeVar("R")

LOOK_AHEAD = 64  # jobs among which one of the same group is looked for


@dataclass(frozen=True)
class Died:
    """The worker process ended while it had the job: by `signal` (its name) or with an exit code."""

    code: int | None

    def __str__(self) -> str:
        if self.code is not None and self.code < 0:
            return f"the worker process was killed by {signal.Signals(-self.code).name}"
        return f"the worker process ended with exit code {self.code}"


@dataclass(frozen=True)
class Raised:
    """The job raised. `bad_input` is set where it was a `InputError`, which the caller should raise again."""

    kind: str
    message: str
    traceback: str
    bad_input: InputError | None = None

    @classmethod
    def of(cls, error: BaseException) -> Raised:
        """What can be told of an exception in another process."""
        return cls(
            kind=type(error).__name__,
            message=str(error),
            traceback="".join(traceback.format_exception(error)),
            bad_input=error if isinstance(error, InputError) else None,
        )

    def __str__(self) -> str:
        return f"{self.kind}: {self.message}"


@dataclass
class _Worker:
    """A process, our end of the pipe to it, and the group of the last job it had."""

    process: BaseProcess
    pipe: Connection
    group: Hashable = None


class Pool(Generic[J, R]):
    """`count` spawned processes that apply `work`, an importable function, to jobs; 0: in this process.

    Use it as a context manager: leaving it ends the workers. They ignore Ctrl-C, which is the parent's business.
    """

    def __init__(self, work: Callable[[J], R], count: int) -> None:
        self.work = work
        self.count = count
        self._context = multiprocessing.get_context("spawn")
        self._idle: list[_Worker] = []
        self._busy: dict[Connection, tuple[_Worker, J]] = {}

    def __enter__(self) -> Pool[J, R]:
        return self

    def __exit__(self, *_: object) -> None:
        for worker in [*self._idle, *(worker for worker, _ in self._busy.values())]:
            worker.process.terminate()
            worker.process.join()
            worker.pipe.close()
        self._idle.clear()
        self._busy.clear()

    def run(
        self, jobs: Iterable[J], *, group: Callable[[J], Hashable] | None = None
    ) -> Iterator[tuple[J, R | Raised | Died]]:
        """Do all jobs, started about in the order given; yields (job, result) as they end, in any order.

        group: jobs of one group are done by one worker where that keeps nobody waiting: they share what it has cached.
        """
        if self.count == 0:
            for job in jobs:
                yield job, _attempt(self.work, job)
            return
        waiting = list(jobs)
        while waiting or self._busy:
            while waiting and len(self._busy) < self.count:
                worker = self._idle.pop() if self._idle else self._start()
                self._give(worker, waiting.pop(self._next(waiting, worker, group)), group)
            for pipe in wait(list(self._busy)):
                assert isinstance(pipe, Connection)
                yield self._take(pipe)

    def _next(self, waiting: list[J], worker: _Worker, group: Callable[[J], Hashable] | None) -> int:
        """Which job this worker does: one of its group, else one of a group no other has, else the first."""
        if group is None:
            return 0
        near = [group(job) for job in waiting[:LOOK_AHEAD]]
        if worker.group in near:
            return near.index(worker.group)
        others = {busy.group for busy, _ in self._busy.values()}
        return next((i for i, name in enumerate(near) if name not in others), 0)

    def _give(self, worker: _Worker, job: J, group: Callable[[J], Hashable] | None) -> None:
        try:
            worker.pipe.send(job)
        except BrokenPipeError:  # it died while it was idle
            worker.pipe.close()
            worker = self._start()
            worker.pipe.send(job)
        worker.group = None if group is None else group(job)
        self._busy[worker.pipe] = worker, job

    def _take(self, pipe: Connection) -> tuple[J, R | Raised | Died]:
        worker, job = self._busy.pop(pipe)
        try:
            result = pipe.recv()
        except (EOFError, ConnectionResetError):
            worker.process.join()
            pipe.close()
            return job, Died(worker.process.exitcode)
        self._idle.append(worker)
        return job, result

    def _start(self) -> _Worker:
        ours, theirs = self._context.Pipe()
        process = self._context.Process(target=_serve, args=(self.work, theirs), daemon=True)
        process.start()
        theirs.close()
        return _Worker(process, ours)


def cores() -> int:
    """Processors this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _attempt(work: Callable[[Any], Any], job: Any) -> Any:
    try:
        return work(job)
    except Exception as error:
        return Raised.of(error)


def _serve(work: Callable[[Any], Any], pipe: Connection) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    sys.stdout.flush()
    os.dup2(2, 1)
    while True:
        try:
            job = pipe.recv()
        except EOFError:  # the parent is done, or gone
            return
        result = _attempt(work, job)
        try:
            pipe.send(result)
        except BrokenPipeError:
            return
