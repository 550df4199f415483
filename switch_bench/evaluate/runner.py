"""Runs policies over tasks: whom, on what, how long it will take, and what it came to."""

from __future__ import annotations

import re
import statistics
from collections.abc import Iterable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn

from switch_bench.evaluate import doctor, folder, protocol, report, videos
from switch_bench.evaluate.bench import Bench, load_bench
from switch_bench.evaluate.episode import Job, Probe, episode_seed, work
from switch_bench.evaluate.errors import InputError, StoppedError, closest
from switch_bench.evaluate.folder import RunFolder
from switch_bench.evaluate.policies import Declared, identity
from switch_bench.evaluate.record import of_run
from switch_bench.evaluate.results import Results, summarise, versions
from switch_bench.evaluate.workers import Died, Pool, Raised

BENCH = "switch_bench.evaluate.bench"
MOST_PICTURED = 40  # episodes a policy; of longer runs only the first episode of each task is drawn


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
        pool: Pool[Any, Any] = stack.enter_context(Pool(work, request.workers))
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
        open_folders = {name: stack.enter_context(RunFolder(path, settings[name])) for name, path in folders.items()}
        done = {name: run.done(redo_errors=request.redo_errors) for name, run in open_folders.items()}
        jobs = [
            Job(
                policy=name,
                task=task,
                episode=episode,
                seed=request.seed,
                folder=str(folders[name]),
                pictures=pictures and (episode == 0 or request.episodes * len(tasks) <= MOST_PICTURED),
                bench=request.bench,
            )
            for episode in range(request.episodes)
            for task in tasks
            for name in folders
            if (task, episode) not in done[name]
        ]
        _run_jobs(pool, jobs, open_folders, bench, request, screen)
        if pictures:
            for run in open_folders.values():
                videos.make(run.path, run.episodes, request.videos, request.workers, screen, request.bench)
        return [finish(run, run.settings, bench) for run in open_folders.values()]


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
    }


def _probe(pool: Pool[Any, Any], request: Request) -> list[Declared]:
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


def _run_jobs(
    pool: Pool[Any, Any],
    jobs: Sequence[Job],
    folders: Mapping[str, RunFolder],
    bench: Bench,
    request: Request,
    screen: Console,
) -> None:
    horizon_us = {job.task: bench.task(job.task).horizon_us for job in jobs}
    again = sum((job.task, job.episode) in folders[job.policy].done() for job in jobs)
    before = sum(len(run.episodes) for run in folders.values()) - again
    of = before + len(jobs)
    if not jobs:
        screen.print(f"All {of} episodes are there already.")
        return
    simulated = sum(horizon_us[job.task] for job in jobs) / 1e6
    processes = _count(max(1, request.workers), "process")
    screen.print(
        f"{_count(len(jobs), 'episode')} to run"
        + (f" ({before} are there already)" if before else "")
        + (f", {again} of them again after an error" if again else "")
        + f": at most {duration(simulated)} of simulated time, {processes}."
    )
    estimate = Estimate(jobs, horizon_us, max(1, request.workers))
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        TextColumn("left:"),
        TimeRemainingColumn(),
    )
    done = before
    try:
        with Progress(*columns, console=screen, transient=True) as progress:
            bar = progress.add_task("episodes", total=of, completed=before)
            for job, answer in pool.run(jobs, group=lambda job: (job.task, job.episode)):
                record = answer if isinstance(answer, dict) else _lost(job, answer)
                folders[job.policy].append(record)
                done += 1
                progress.update(bar, completed=done)
                if record.get("gone"):
                    raise StoppedError(_gone(job, record, _kept(folders, of, request)))
                said = estimate.see(job, record)
                if said:
                    progress.console.print(said)
    except KeyboardInterrupt as stop:
        said = f"interrupted: {_kept(folders, of, request)}; the same command goes on from there"
        raise StoppedError(said) from stop


def _kept(folders: Mapping[str, RunFolder], of: int, request: Request) -> str:
    done = sum(len(folder.read_episodes(run.path)) for run in folders.values())
    return f"{done} of {of} episodes are kept in {request.out}"


def _gone(job: Job, record: Mapping[str, Any], kept: str) -> str:
    """What to say when a policy's server is gone, and how to go on."""
    return (
        f"stopped: --policy {identity(job.policy)}: {record['error']['message']}\n"
        f"{kept}, that of {job.task} as an error; once the server is there, the same command goes on from there, and "
        "with --redo-errors it plays those again that ended in an error"
    )


class Estimate:
    """How long a run will take: said once, when each policy has one episode measured."""

    def __init__(self, jobs: Sequence[Job], horizon_us: Mapping[str, int], workers: int) -> None:
        self._left = {(job.policy, job.task, job.episode): horizon_us[job.task] / 1e6 for job in jobs}
        self._workers = workers
        self._measured: dict[str, list[tuple[float, float]]] = {job.policy: [] for job in jobs}
        self._said = False

    def see(self, job: Job, record: Mapping[str, Any]) -> str:
        """Count an episode as done; what to say now, or ""."""
        del self._left[job.policy, job.task, job.episode]
        if record["status"] == "done":
            fixed = record["wall_s"] - record["run_s"]
            self._measured[job.policy].append((fixed, record["run_s"] / max(1.0, record["elapsed_us"] / 1e6)))
        if self._said or not self._left or not all(self._measured.values()):
            return ""
        self._said = True
        seen = sum(len(measured) for measured in self._measured.values())
        first = "the first episode" if seen == 1 else f"the first {seen} episodes"
        return (
            f"About {duration(self.seconds())} from here, if the other {_count(len(self._left), 'episode')} run to "
            f"their tasks' horizons at the pace of {first}."
        )

    def seconds(self) -> float:
        """Wall seconds for what is left, from what was measured of each policy."""
        total = 0.0
        for (policy, _, _), horizon in self._left.items():
            fixed = statistics.fmean(m[0] for m in self._measured[policy])
            pace = statistics.fmean(m[1] for m in self._measured[policy])
            total += fixed + pace * horizon
        return total / self._workers


def duration(seconds: float) -> str:
    """Seconds as a person says them: "40 s", "12 min", "3 h 05 min"."""
    if seconds < 90:
        return f"{max(1, round(seconds))} s"
    minutes = round(seconds / 60)
    return f"{minutes} min" if minutes < 120 else f"{minutes // 60} h {minutes % 60:02d} min"


def _count(number: int, thing: str) -> str:
    plural = thing + ("es" if thing.endswith("s") else "s")
    return f"{number} {thing if number == 1 else plural}"


def _lost(job: Job, answer: Raised | Died) -> dict[str, Any]:
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


def finish(run: RunFolder, settings: Mapping[str, Any], bench: Bench) -> Run:
    """Write the results and the report of what a run folder holds."""
    results = write_results(run, settings)
    report.write(results, _in_order(run, settings), run.path, bench.read_trace)
    return Run(run.path, results)


def write_results(run: RunFolder, settings: Mapping[str, Any]) -> Results:
    """Write the results of what a run folder holds."""
    results = summarise(settings, _in_order(run, settings), run.redone)
    folder.write_atomically(run.path / "results.json", results.model_dump_json(indent=2) + "\n")
    return results


def _in_order(run: RunFolder, settings: Mapping[str, Any]) -> list[dict[str, Any]]:
    order = {task: place for place, task in enumerate(settings["tasks"])}
    return sorted(run.episodes, key=lambda record: (order[record["task"]], record["episode"]))
