"""Plays what is left of runs: takes episodes from their queues, has them played, keeps what comes back."""

from __future__ import annotations

import signal
import threading
import time
from collections import Counter
from collections.abc import Callable, Collection, Hashable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Protocol

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn

from switch_bench.evaluate.bench import Bench
from switch_bench.evaluate.episode import Job, episode_seed
from switch_bench.evaluate.errors import StoppedError
from switch_bench.evaluate.estimate import Estimate, counted, duration
from switch_bench.evaluate.folder import RunFolder, read_episodes
from switch_bench.evaluate.policies import identity
from switch_bench.evaluate.queue import Queue
from switch_bench.evaluate.workers import LOOK_AHEAD, Died, Lost, Raised, Source, choose

MOST_LOST = 3  # times that an episode's machine may go away before that is its error
POLL = 0.5  # s between looks at what other processes have done


class Player(Protocol):
    """What plays episodes: processes of this machine, or a cluster."""

    @property
    def players(self) -> int:
        """How many at once."""
        ...

    def __enter__(self) -> Any:
        """Begin."""
        ...

    def __exit__(self, kind: Any, error: Any, at: Any, /) -> None:
        """End, with all that is under way."""
        ...

    def run(self, jobs: Iterable[Any]) -> Iterator[tuple[Any, Any]]:
        """(job, what it came to) of each."""
        ...

    def serve(self, source: Source[Any]) -> Iterator[tuple[Any, Any]]:
        """The same of jobs as they come."""
        ...


class Episodes:
    """The episodes of several runs as jobs, each taken from its queue when it is begun."""

    def __init__(
        self,
        queues: Mapping[str, Queue],
        job: Callable[[str, str, int], Job],
        lease: Callable[[str], float | None] | None,
    ) -> None:
        """queues: by policy. job: of policy, task, episode. lease: how long a task's episode is taken for [s]."""
        self.queues, self.job, self._lease = queues, job, lease

    def group(self, job: Job) -> Hashable:
        """Episodes in the same room."""
        return job.task, job.episode

    def take(self, mine: Hashable, others: Collection[Hashable]) -> Job | None:
        """The next episode, now this process's own; the policies take turns."""
        while True:
            rows = sorted(
                (waiting, turn, policy)
                for turn, (policy, queue) in enumerate(self.queues.items())
                for waiting in queue.waiting(LOOK_AHEAD)
            )[:LOOK_AHEAD]
            if not rows:
                return None
            (_, task, episode), _, policy = rows[choose([row[0][1:] for row in rows], mine, others)]
            if self.queues[policy].claim(task, episode, self._lease(task) if self._lease else None):
                return self.job(policy, task, episode)

    def count(self, *states: str) -> int:
        """How many are in these states."""
        return sum(queue.counts()[state] for queue in self.queues.values() for state in states)


def play_all(
    pool: Player,
    source: Episodes,
    runs: Mapping[str, RunFolder],
    bench: Bench,
    out: Path,
    screen: Console,
) -> None:
    """Play all episodes that are left, also those that other processes leave; telling `screen` how it goes.

    Raises:
        StoppedError: on Ctrl-C or SIGTERM, or a policy's server is gone.
    """
    jobs = [source.job(policy, w.task, w.episode) for policy, q in source.queues.items() for w in q.waiting(-1)]
    of = source.count("queued", "leased", "done", "error")
    if not jobs and not source.count("leased"):
        screen.print(f"All {of} episodes are there already.")
        return  # the folders were read when the queues were made
    horizon_us = {job.task: bench.task(job.task).horizon_us for job in jobs}
    _announce(jobs, source, horizon_us, pool.players, screen)
    estimate = Estimate(jobs, horizon_us, pool.players)
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        TextColumn("left:"),
        TimeRemainingColumn(),
    )
    try:
        with _stoppable(), Progress(*columns, console=screen, transient=True) as progress:
            bar = progress.add_task("episodes", total=of, completed=source.count("done", "error"))
            lost: Counter[Job] = Counter()
            for job, answer in _answers(pool, source, progress.console):
                queue = source.queues[job.policy]
                if isinstance(answer, Lost):
                    lost[job] += 1
                    progress.console.print(f"{job.task}, episode {job.episode}: {answer}; it is played again")
                    if lost[job] <= MOST_LOST:
                        queue.give_back(job.task, job.episode)
                        continue
                if isinstance(answer, Raised) and answer.bad_input is not None:
                    raise answer.bad_input
                record = answer if isinstance(answer, dict) else _unplayed(job, answer)
                if not queue.settle(record):
                    progress.console.print(f"{job.task}, episode {job.episode}: another process has taken it over")
                progress.update(bar, completed=source.count("done", "error"))
                if record.get("gone"):
                    raise StoppedError(_gone(job, record, _kept(runs, of, out)))
                if said := estimate.see(job, record):
                    progress.console.print(said)
        for run in runs.values():
            run.refresh()  # of what other processes have done
    except KeyboardInterrupt as stop:
        said = f"interrupted: {_kept(runs, of, out)}; the same command goes on from there"
        raise StoppedError(said) from stop


def _announce(jobs: list[Job], source: Episodes, horizon_us: Mapping[str, int], players: int, screen: Console) -> None:
    again = sum(source.queues[job.policy].attempts(job.task, job.episode) > 0 for job in jobs)
    there, elsewhere = source.count("done", "error"), source.count("leased")
    simulated = sum(horizon_us[job.task] for job in jobs) / 1e6
    screen.print(
        f"{counted(len(jobs), 'episode')} to run"
        + (f" ({there} are there already)" if there else "")
        + (f", {again} of them again after an error" if again else "")
        + (f", {elsewhere} more that another process plays now" if elsewhere else "")
        + f": at most {duration(simulated)} of simulated time, {counted(players, 'process')}."
    )


def _answers(pool: Player, source: Episodes, screen: Console) -> Iterator[tuple[Job, Any]]:
    """What the pool brings, until no process has an episode left."""
    said = False
    while True:
        yield from pool.serve(source)
        for queue in source.queues.values():
            queue.reclaim()
        if source.count("queued"):
            continue
        elsewhere = source.count("leased")
        if not elsewhere:
            return
        if not said:
            screen.print(f"Waiting for {counted(elsewhere, 'episode')} that another process plays.")
            said = True
        time.sleep(POLL)


@contextmanager
def _stoppable() -> Iterator[None]:
    """SIGTERM is as Ctrl-C meanwhile."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


def _kept(runs: Mapping[str, RunFolder], of: int, out: Path) -> str:
    done = sum(len(read_episodes(run.path)) for run in runs.values())
    return f"{done} of {of} episodes are kept in {out}"


def _gone(job: Job, record: Mapping[str, Any], kept: str) -> str:
    """What to say when a policy's server is gone, and how to go on."""
    return (
        f"stopped: --policy {identity(job.policy)}: {record['error']['message']}\n"
        f"{kept}, that of {job.task} as an error; once the server is there, the same command goes on from there, and "
        "with --redo-errors it plays those again that ended in an error"
    )


def _unplayed(job: Job, answer: Raised | Died | Lost) -> dict[str, Any]:
    """The record of an episode that came to no end."""
    error = {"where": "worker", "type": type(answer).__name__, "message": str(answer), "traceback": ""}
    if isinstance(answer, Raised):
        error |= {"type": answer.kind, "message": answer.message, "traceback": answer.traceback}
    return {
        "task": job.task,
        "episode": job.episode,
        "seed": episode_seed(job.seed, job.task, job.episode),
        "status": "error",
        "error": error,
        "wall_s": 0.0,
    }
