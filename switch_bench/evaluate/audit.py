"""The audit: does every task tell doing it from not doing it and from almost doing it?

For each task and each of several variations the reference solution must succeed, idle hands must fail, and every near
miss must fail in the part of the verdict that it names.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from typing import Any

from rich import box
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn
from rich.table import Table

from switch_bench.evaluate.bench import Bench, TaskFacts, VerdictFacts, load_bench
from switch_bench.evaluate.episode import episode_seed
from switch_bench.evaluate.errors import StoppedError
from switch_bench.evaluate.runner import BENCH, suite_tasks
from switch_bench.evaluate.workers import Died, Pool, Raised

ORACLE, NOOP = "oracle", "noop"


@dataclass(frozen=True)
class Check:
    """One run of the audit: the oracle, idle hands, or a near miss, in one variation of a task."""

    task: str
    who: str  # ORACLE, NOOP, or a near miss's name
    fails: str  # the part that must fail; "" where none is named
    index: int  # of the variation
    seed: int  # the audit's
    bench: str


@dataclass(frozen=True)
class Finding:
    """What a check found; `trouble` is "" if it is as it must be."""

    task: str
    who: str
    seed: int  # the environment's
    trouble: str


def check(job: Check) -> Finding:
    """Run one check; what the simulator raises is a trouble like others."""
    bench = load_bench(job.bench)
    seed = episode_seed(job.seed, job.task, job.index)
    act: Callable[..., None] = bench.solve if job.who == ORACLE else bench.idle if job.who == NOOP else bench.mislead
    more = () if job.who == NOOP else (job.task,) if job.who == ORACLE else (job.task, job.who)
    try:
        with closing(bench.make(job.task, obs=("proprio",), act="skill")) as env:
            env.reset(seed=seed)
            act(env, *more)
            trouble = judge(job, bench.verdict(env))
    except Exception as error:
        trouble = f"{type(error).__name__}: {error}"
    return Finding(job.task, job.who, seed, trouble)


def judge(job: Check, verdict: VerdictFacts) -> str:
    """What is wrong with a verdict, "" if it is as it must be."""
    if job.who == ORACLE:
        if verdict.success is True:
            return ""
        return f"the reference solution {'fails' if verdict.success is False else 'is undetermined'}: {verdict.why}"
    who = "doing nothing" if job.who == NOOP else "the near miss"
    if verdict.success is None:
        return f"{who} is undetermined: {verdict.why}"
    if not job.fails:
        return f"{who} succeeds" if verdict.success else ""
    if verdict.parts.get(job.fails) is not False:
        failed = [part for part, held in verdict.parts.items() if held is False]
        said = f"fails in {', '.join(failed)}" if failed else "succeeds"
        return f"{who} must fail in {job.fails}, and {said}"
    if verdict.success and job.fails != "honesty":
        return f"{who} succeeds"
    return ""


def audit(suite: str, seeds: int, seed: int, workers: int, screen: Console, *, bench: str = BENCH) -> dict[str, Any]:
    """Audit a suite over `seeds` variations from `seed` on; the report is that of `audit --json`.

    Raises:
        InputError: there is no such suite.
        StoppedError: on Ctrl-C.
    """
    module = load_bench(bench)
    tasks = suite_tasks(module, suite)
    jobs = [
        Check(task, who, fails, index, seed, bench)
        for index in range(seeds)
        for task in tasks
        for who, fails in _cases(module.task(task))
    ]
    findings: list[Finding] = []
    columns = (TextColumn("audit"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn(), TimeRemainingColumn())
    with Pool(check, workers) as pool, Progress(*columns, console=screen, transient=True) as progress:
        bar = progress.add_task("audit", total=len(jobs))
        try:
            for job, answer in pool.run(jobs, group=lambda job: (job.task, job.index)):
                if isinstance(answer, Raised | Died):
                    answer = Finding(job.task, job.who, episode_seed(job.seed, job.task, job.index), str(answer))
                findings.append(answer)
                progress.advance(bar)
        except KeyboardInterrupt as stop:
            raise StoppedError(f"interrupted after {len(findings)} of {len(jobs)} checks") from stop
    return summarise(module, tasks, seeds, findings)


def summarise(bench: Bench, tasks: Sequence[str], seeds: int, findings: Sequence[Finding]) -> dict[str, Any]:
    """The audit as JSON: per task `oracle`, `noop`, `near_misses` (all as they must be), and what is wrong."""
    rows: dict[str, Any] = {}
    for task in tasks:
        wrong = [f for f in findings if f.task == task and f.trouble]
        rows[task] = {
            "oracle": all(f.who != ORACLE for f in wrong),
            "noop": all(f.who != NOOP for f in wrong),
            "near_misses": all(f.who in (ORACLE, NOOP) for f in wrong),
            "variations": seeds,
            "near_miss_count": len(bench.task(task).near_misses),
            "troubles": [{"who": f.who, "seed": f.seed, "trouble": f.trouble} for f in wrong],
        }
    return {"tasks": rows, "ok": all(not row["troubles"] for row in rows.values())}


def _cases(task: TaskFacts) -> list[tuple[str, str]]:
    return [(ORACLE, ""), (NOOP, ""), *((miss.name, miss.fails) for miss in task.near_misses)]


def table(report: Mapping[str, Any]) -> Table:
    """The audit for a reader; what is wrong stands below it (`troubles`)."""
    drawn = Table(box=box.SIMPLE)
    drawn.add_column("task", overflow="fold")
    for name in ("oracle succeeds", "noop fails", "near misses fail"):
        drawn.add_column(name, justify="center")
    for task, row in report["tasks"].items():
        misses = _mark(row["near_misses"]) + f" ({row['near_miss_count']})"
        drawn.add_row(task, _mark(row["oracle"]), _mark(row["noop"]), misses)
    return drawn


def troubles(report: Mapping[str, Any]) -> list[str]:
    """What is wrong, a line each."""
    return [
        f"{task}, {t['who']}, seed {t['seed']}: {t['trouble']}"
        for task, row in report["tasks"].items()
        for t in row["troubles"]
    ]


def _mark(good: bool) -> str:
    return "[green]✓[/]" if good else "[red]✗[/]"
