"""Worker processes that each do one job at a time; one that dies, hangs or takes too much memory fails only its job.

They are spawned, never forked: a forked OpenGL context is shared by accident and corrupts. What a worker prints goes to
standard error, so that standard output stays the program's own. A worker outlives neither the pool nor, on Linux, a
parent that is killed: idle it reads the end of its pipe, busy the kernel kills it.
"""

from __future__ import annotations

import ctypes
import math
import multiprocessing
import os
import resource
import signal
import sys
import time
import traceback
from collections.abc import Callable, Collection, Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess
from typing import Any, Generic, Protocol, TypeVar

from switch_bench.evaluate.errors import InputError

J = TypeVar("J")
R = TypeVar("R")

LOOK_AHEAD = 64  # jobs among which one of the same group is looked for
PR_SET_PDEATHSIG = 1  # linux/prctl.h
START = 120.0  # s that a worker may take to begin, before its first job's time begins
READY = "ready"  # what it then says


@dataclass(frozen=True)
class Died:
    """The worker process ended while it had the job: by a signal (`code` < 0) or with an exit code.

    hung: it was killed since the job had taken longer than so many seconds. memory: bytes it was allowed; native code
    that gets no more often ends its process.
    """

    code: int | None
    hung: float | None = None
    memory: int | None = None

    def __str__(self) -> str:
        if self.hung is not None:
            return f"it hung: the worker process was killed after {self.hung:g} s"
        capped = "" if self.memory is None else f" (it was allowed {_gigabytes(self.memory)} of memory)"
        if self.code is None:
            return f"the worker process died{capped}"
        if self.code is not None and self.code < 0:
            return f"the worker process was killed by {signal.Signals(-self.code).name}{capped}"
        return f"the worker process ended with exit code {self.code}{capped}"


@dataclass(frozen=True)
class Lost:
    """The machine that had the job went away: nothing is known of the job, and it can be done elsewhere."""

    why: str

    def __str__(self) -> str:
        return f"its machine went away ({self.why})"


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
    """A process, our end of the pipe to it, the group of the last job it had, and how long that may take.

    deadline: of the monotonic clock [s].
    """

    process: BaseProcess
    pipe: Connection
    group: Hashable = None
    allowed: float | None = None
    deadline: float = math.inf
    ready: bool = False


class Source(Protocol[J]):
    """Where jobs come from, one at a time, as workers are free for them."""

    def group(self, job: J, /) -> Hashable:
        """The group of a job: jobs of one group are better done by one worker, since they share what it has cached."""
        ...

    def take(self, mine: Hashable, others: Collection[Hashable]) -> J | None:
        """The next job for a worker whose last one was of the group `mine`, while others have those of `others`."""
        ...


class Listed(Generic[J]):
    """A source that is a list, started about in its order."""

    def __init__(self, jobs: Iterable[J], group: Callable[[J], Hashable] | None = None) -> None:
        self._waiting = list(jobs)
        self.group: Callable[[J], Hashable] = group or (lambda job: None)

    def take(self, mine: Hashable, others: Collection[Hashable]) -> J | None:
        """The next job, as `choose` says."""
        if not self._waiting:
            return None
        return self._waiting.pop(choose([self.group(job) for job in self._waiting[:LOOK_AHEAD]], mine, others))


def choose(groups: Sequence[Hashable], mine: Hashable, others: Collection[Hashable]) -> int:
    """Which of the next jobs a worker does: one of its group, else one of a group no other has, else the first."""
    if mine in groups:
        return groups.index(mine)
    return next((i for i, name in enumerate(groups) if name not in others), 0)


class Pool(Generic[J, R]):
    """`count` spawned processes that apply `work`, an importable function, to jobs; 0: in this process.

    Use it as a context manager: leaving it ends the workers. They ignore Ctrl-C, which is the parent's business. Make
    it in a thread that lives as long: on Linux, workers are killed when the thread that started them ends.

    seconds: how long a job may take [s of wall time], None for any time. One that takes longer, be it in native code
    that holds Python's lock, has its worker killed and ends as `Died`.
    memory: bytes that a worker's data may take (RLIMIT_DATA); a job that wants more ends as `Raised` (MemoryError) or
    `Died`, and the next one gets a new worker. Neither holds where `count` is 0.
    """

    def __init__(
        self,
        work: Callable[[J], R],
        count: int,
        *,
        seconds: Callable[[J], float | None] | None = None,
        memory: int | None = None,
    ) -> None:
        self.work = work
        self.count = count
        self.seconds = seconds
        self.memory = memory
        self._context = multiprocessing.get_context("spawn")
        self._idle: list[_Worker] = []
        self._busy: dict[Connection, tuple[_Worker, J]] = {}

    def __enter__(self) -> Pool[J, R]:
        return self

    def __exit__(self, *_: object) -> None:
        for worker in [*self._idle, *(worker for worker, _ in self._busy.values())]:
            _end(worker)
        self._idle.clear()
        self._busy.clear()

    @property
    def players(self) -> int:
        """How many jobs are done at once."""
        return max(1, self.count)

    def run(
        self, jobs: Iterable[J], *, group: Callable[[J], Hashable] | None = None
    ) -> Iterator[tuple[J, R | Raised | Died]]:
        """Do all jobs, started about in the order given; yields (job, result) as they end, in any order.

        group: jobs of one group are done by one worker where that keeps nobody waiting: they share what it has cached.
        """
        return self.serve(Listed(jobs, group))

    def serve(self, source: Source[J]) -> Iterator[tuple[J, R | Raised | Died]]:
        """Do jobs from a source until it has none and none is under way; yields as `run`.

        The source is asked only when a worker is free, so that what became of one job may decide on the next.
        """
        if self.count == 0:
            while (job := source.take(None, ())) is not None:
                yield job, attempt(self.work, job)
            return
        while True:
            while len(self._busy) < self.count:
                mine = self._idle[-1].group if self._idle else None
                job = source.take(mine, {worker.group for worker, _ in self._busy.values()})
                if job is None:
                    break
                self._give(self._idle.pop() if self._idle else self._start(), job, source.group(job))
            if not self._busy:
                return
            yield from self._ended()

    def _ended(self) -> Iterator[tuple[J, R | Raised | Died]]:
        """Wait until a job is done or has taken too long: those that are."""
        deadline = min(worker.deadline for worker, _ in self._busy.values())
        timeout = None if deadline == math.inf else max(0.0, deadline - time.monotonic())
        for pipe in wait(list(self._busy), timeout):
            assert isinstance(pipe, Connection)
            if (taken := self._take(pipe)) is not None:
                yield taken
        for worker, job in [*self._busy.values()]:
            if worker.deadline <= time.monotonic() and not worker.pipe.poll():
                del self._busy[worker.pipe]
                _end(worker)
                yield job, Died(worker.process.exitcode, hung=worker.allowed)

    def _give(self, worker: _Worker, job: J, group: Hashable) -> None:
        try:
            worker.pipe.send(job)
        except BrokenPipeError:  # it died while it was idle
            worker.pipe.close()
            worker = self._start()
            worker.pipe.send(job)
        worker.group = group
        worker.allowed = None if self.seconds is None else self.seconds(job)
        worker.deadline = _deadline(worker)
        self._busy[worker.pipe] = worker, job

    def _take(self, pipe: Connection) -> tuple[J, R | Raised | Died] | None:
        """What a job came to; None if its worker has only now begun with it."""
        worker, job = self._busy.pop(pipe)
        try:
            result = pipe.recv()
        except (EOFError, ConnectionResetError):
            worker.process.join()
            pipe.close()
            return job, Died(worker.process.exitcode, memory=self.memory)
        if not worker.ready:
            assert result == READY
            worker.ready = True
            worker.deadline = _deadline(worker)
            self._busy[pipe] = worker, job
            return None
        if isinstance(result, Raised) and result.kind == MemoryError.__name__:
            _end(worker)
            capped = (
                [] if self.memory is None else [f"the worker process was allowed {_gigabytes(self.memory)} of memory"]
            )
            return job, replace(result, message="; ".join([result.message or "there is no more", *capped]))
        self._idle.append(worker)
        return job, result

    def _start(self) -> _Worker:
        ours, theirs = self._context.Pipe()
        process = self._context.Process(target=_serve, args=(self.work, theirs, os.getpid(), self.memory), daemon=True)
        process.start()
        theirs.close()
        return _Worker(process, ours)


def cores() -> int:
    """Processors this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def attempt(work: Callable[[Any], Any], job: Any) -> Any:
    """What a job comes to, be it `Raised`."""
    try:
        return work(job)
    except Exception as error:
        return Raised.of(error)


def _deadline(worker: _Worker) -> float:
    """When the job it is given now has to be done."""
    if worker.allowed is None:
        return math.inf
    return time.monotonic() + worker.allowed + (0.0 if worker.ready else START)


def _end(worker: _Worker) -> None:
    worker.process.kill()  # one that hangs in native code heeds nothing else
    worker.process.join()
    worker.pipe.close()


def cap_memory(size: int) -> None:
    """Let this process's data (heap, private mappings) grow to `size` bytes and no further.

    RLIMIT_DATA, not RLIMIT_AS: CUDA and some OpenGL drivers reserve far more addresses than they use.
    """
    _, most = resource.getrlimit(resource.RLIMIT_DATA)
    resource.setrlimit(resource.RLIMIT_DATA, (size if most == resource.RLIM_INFINITY else min(size, most), most))


def _gigabytes(size: int) -> str:
    return f"{size / 2**30:.3g} GiB"


def _end_with(parent: int) -> None:
    """Have the kernel kill this process when its parent is gone."""
    if sys.platform != "linux":
        return
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.prctl(PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0):
        raise OSError(ctypes.get_errno(), "prctl(PR_SET_PDEATHSIG) failed")
    if os.getppid() != parent:  # it was gone before that
        os._exit(1)


def _serve(work: Callable[[Any], Any], pipe: Connection, parent: int, memory: int | None) -> None:
    _end_with(parent)
    if memory is not None:
        cap_memory(memory)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    sys.stdout.flush()
    os.dup2(2, 1)
    pipe.send(READY)
    while True:
        try:
            job = pipe.recv()
        except EOFError:  # the parent is done, or gone
            return
        result = attempt(work, job)
        try:
            pipe.send(result)
        except BrokenPipeError:
            return
