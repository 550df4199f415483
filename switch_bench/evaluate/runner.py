"""Runs policies over tasks: whom, on what, how long it will take, and what it came to."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rich.console import Console

from switch_bench.evaluate import doctor, folder, protocol, report, videos
from switch_bench.evaluate.bench import Bench, load_bench
from switch_bench.evaluate.episode import Job, Probe, work
from switch_bench.evaluate.errors import InputError, closest
from switch_bench.evaluate.folder import RunFolder
from switch_bench.evaluate.playing import Episodes, Player, play_all
from switch_bench.evaluate.policies import Declared, identity
from switch_bench.evaluate.queue import Queue
from switch_bench.evaluate.record import of_run
from switch_bench.evaluate.results import Results, summarise, versions
from switch_bench.evaluate.workers import Died, Pool, Raised

BENCH = "switch_bench.evaluate.bench"
MOST_PICTURED = 40  # episodes a policy; of longer runs only the first episode of each task is drawn
TIMEOUT = (600.0, 60.0)  # s of wall time an episode may take, and more for each second of its task's horizon
SLACK = 60.0  # s that a lease is longer


@dataclass(frozen=True, kw_only=True)
class Request:
    """What to run. With several policies each has its own run folder below `out`, named after it."""

    policies: tuple[str, ...]
    suite: str
    episodes: int
    seed: int
    out: Path
    workers: int  # processes; 0: everything in this one
    pictures: bool = True
    bench: str = BENCH  # the module that is the benchmark
    redo_errors: bool = False  # play episodes again that ended in an error
    protocol: str = ""  # the official one that is kept to, "" if none
    videos: str = "none"  # which episodes get a film, where pictures are taken: see `videos.chosen`
    retries: int = 0  # so often, of itself, where the error wasn't the policy's
    timeout: float | None = None  # s of wall time an episode may take; None: as its horizon says; 0: any
    memory: int | None = None  # bytes that a worker may take
    shard: tuple[int, int] | None = None  # (i, n): the i-th of n shares, from 1
    ray: str = ""  # the address of a Ray cluster that plays the episodes; `workers` is then at most how many, 0: all
    policy_seed: int | None = None  # of the policies' own draws, if not `seed`


@dataclass(frozen=True)
class Run:
    """A finished run of one policy."""

    folder: Path
    results: Results

    @property
    def report(self) -> Path:
        """Where its report is."""
        return self.folder / "report.html"


def evaluate(request: Request, screen: Console) -> list[Run]:
    """Run all of `request`, or what is left of it, telling `screen` how it goes.

    Raises:
        InputError: before anything is written.
        StoppedError: on Ctrl-C, or a policy's server is gone; the run folders hold what was done.
    """
    bench = load_bench(request.bench)
    videos.check(request.videos)
    tasks = tasks_of(bench, request)
    names = [identity(name) for name in request.policies]
    doubled = [name for name in names if names.count(name) > 1]
    if doubled:
        raise InputError(f"{doubled[0]} is named twice", where="--policy", hint="name each policy once")
    folders = run_folders(request)
    no_pictures = doctor.settle_gl()
    with ExitStack() as stack:
        pool = stack.enter_context(_pool(request, bench, tasks))
        declared = _probe(pool, request)
        if request.protocol:
            for name, says in zip(request.policies, declared, strict=True):
                protocol.check_policy(request.protocol, name, says)
        settings = {
            name: run_settings(request, bench, identity(name), tasks, says)
            for name, says in zip(folders, declared, strict=True)
        }
        for name, path in folders.items():
            folder.check(path, settings[name])
        _check_pictures(no_pictures, request, folders, declared, screen)
        pictures = request.pictures and not no_pictures

        def job(policy: str, task: str, episode: int) -> Job:
            return Job(
                policy=policy,
                task=task,
                episode=episode,
                seed=request.seed,
                folder=str(folders[policy]),
                pictures=pictures and (episode == 0 or request.episodes * len(tasks) <= MOST_PICTURED),
                bench=request.bench,
                policy_seed=request.policy_seed,
            )

        wanted = share(tasks, request.episodes, request.shard)
        runs = {
            name: stack.enter_context(RunFolder(path, settings[name], shared=True)) for name, path in folders.items()
        }
        queues = {
            name: stack.enter_context(Queue(run, wanted, retries=request.retries, redo_errors=request.redo_errors))
            for name, run in runs.items()
        }
        lease = None if request.ray else lease_of(request, bench)
        play_all(pool, Episodes(queues, job, lease), runs, bench, request.out, screen)
        if pictures:
            for run in runs.values():
                videos.make(run.path, run.episodes, request.videos, request.workers, screen, request.bench)
        return [finish(run, run.settings, bench) for run in runs.values()]


def tasks_of(bench: Bench, request: Request) -> tuple[str, ...]:
    """Ids of the tasks of a request.

    Raises:
        InputError: there is no such suite, or the request isn't what its protocol says.
    """
    tasks = suite_tasks(bench, request.suite)
    if request.protocol:
        kept = {"suite": request.suite, "episodes": request.episodes, "seed": request.seed}
        protocol.check(request.protocol, suites=bench.suites().keys(), **kept)
    return tasks


def share(tasks: Sequence[str], episodes: int, shard: tuple[int, int] | None) -> list[tuple[str, int]]:
    """(task, episode) in the order they are begun; of a `shard` (i, n) the i-th of n shares, which are disjoint.

    Each share has about as many episodes of each task.
    """
    i, n = shard or (1, 1)
    return [
        (task, episode)
        for episode in range(episodes)
        for place, task in enumerate(tasks)
        if (place + episode) % n == i - 1
    ]


def allowed(request: Request, horizon_us: int) -> float | None:
    """How long an episode may take [s of wall time], None for any time."""
    if request.timeout is not None:
        return request.timeout or None
    least, pace = TIMEOUT
    return least + pace * horizon_us / 1e6


def lease_of(request: Request, bench: Bench) -> Callable[[str], float | None]:
    """For how long an episode of a task is taken from the queue [s]; None: until its process ends."""

    def lease(task: str) -> float | None:
        seconds = allowed(request, bench.task(task).horizon_us)
        return None if seconds is None or request.workers == 0 else seconds + SLACK

    return lease


def _pool(request: Request, bench: Bench, tasks: Sequence[str]) -> Player:
    """What plays the episodes."""
    limits = {task: allowed(request, bench.task(task).horizon_us) for task in tasks}

    def seconds(job: Probe | Job) -> float | None:
        return limits[job.task] if isinstance(job, Job) else None

    if request.ray:
        from switch_bench.evaluate.ray_pool import RayPool

        return RayPool(request.ray, request.workers, seconds=seconds, memory=request.memory)
    return Pool(work, request.workers, seconds=seconds, memory=request.memory)


def suite_tasks(bench: Bench, suite: str) -> tuple[str, ...]:
    """Ids of the tasks of a suite; of all tasks for "all"; of one task for its id.

    Raises:
        InputError: there is no such suite.
    """
    suites = bench.suites()
    every = sorted({task for tasks in suites.values() for task in tasks})
    if suite in suites:
        return tuple(suites[suite])
    if suite in every:
        return (suite,)
    raise InputError(
        f"there is no suite {suite!r}",
        where=f"--suite {suite}",
        hint=closest(
            suite, [*suites, "all", *every], listing=f"there is {', '.join([*suites, 'all'])}, and any task's id"
        ),
    )


def run_folders(request: Request) -> dict[str, Path]:
    """The run folder of each policy."""
    if len(request.policies) == 1:
        return {request.policies[0]: request.out}
    if (request.out / "run.json").exists():
        raise InputError(
            "the folder holds the run of one policy, and several were named",
            where=f"--out {request.out}",
            hint="choose another folder",
        )
    folders = {name: request.out / folder_name(identity(name)) for name in request.policies}
    if len(set(folders.values())) < len(folders):
        raise InputError("two policies' names make the same folder name", where="--policy", hint="run them one by one")
    return folders


def folder_name(name: str) -> str:
    """A policy's or suite's name as part of a path."""
    return re.sub(r"[^\w.-]+", "-", name).strip(".-") or "unnamed"


def run_settings(
    request: Request, bench: Bench, policy: str, tasks: Sequence[str], declared: Declared
) -> dict[str, Any]:
    """What makes a run this run: a folder made with other settings isn't gone on with."""
    return {
        "schema_version": folder.SCHEMA_VERSION,
        "policy": policy,
        "suite": request.suite,
        "seed": request.seed,
        "episodes": request.episodes,
        "track": {
            "act": declared.act,
            "obs": list(declared.obs),
            "privileged": declared.privileged,
            "size": list(declared.size),
        },
        "versions": versions(),
        "tasks": {task: bench.task(task).digest for task in tasks},
        "protocol": request.protocol,
        "record": of_run(bench, declared),
        "tags": {task: bench.task(task).tags for task in tasks},
        **({"shard": "{}/{}".format(*request.shard)} if request.shard else {}),
    }


def _probe(pool: Player, request: Request) -> list[Declared]:
    answers: dict[str, Declared] = {}
    for probe, answer in pool.run([Probe(name) for name in request.policies]):
        if isinstance(answer, Raised) and answer.bad_input is not None:
            raise answer.bad_input
        if isinstance(answer, Raised | Died):
            hint = answer.traceback if isinstance(answer, Raised) else "does it end the process when it is imported?"
            raise InputError(
                f"loading the policy failed: {answer}", where=f"--policy {identity(probe.policy)}", hint=hint
            )
        answers[probe.policy] = answer
    return [answers[name] for name in request.policies]


def _check_pictures(
    trouble: str, request: Request, names: Iterable[str], declared: Sequence[Declared], screen: Console
) -> None:
    if not trouble:
        return
    for name, says in zip(names, declared, strict=True):
        if says.wants_pictures:
            raise InputError(
                f"the policy wants pictures, and none can be drawn here: {trouble}",
                where=f"--policy {identity(name)}",
                hint="`switch-bench doctor` says what is missing and how to get it",
            )
    if request.pictures:
        screen.print(
            f"The report will have no pictures: {trouble} (see `switch-bench doctor`)", style="yellow", markup=False
        )


def finish(run: RunFolder, settings: Mapping[str, Any], bench: Bench) -> Run:
    """Write the results and the report of what a run folder holds."""
    run.refresh()
    results = write_results(run, settings)
    report.write(results, _in_order(run, settings), run.path, bench.read_trace)
    return Run(run.path, results)


def write_results(run: RunFolder, settings: Mapping[str, Any]) -> Results:
    """Write the results of what a run folder holds, and its episodes as lines."""
    run.write_lines()
    results = summarise(settings, _in_order(run, settings), run.redone)
    folder.write_atomically(run.path / "results.json", results.model_dump_json(indent=2) + "\n")
    return results


def _in_order(run: RunFolder, settings: Mapping[str, Any]) -> list[dict[str, Any]]:
    order = {task: place for place, task in enumerate(settings["tasks"])}
    return sorted(run.episodes, key=lambda record: (order[record["task"]], record["episode"]))
