"""Two engines on the same tasks: does the reference solution succeed on both, and do the same things happen?

For each task and each of several variations the solution is carried out by the skills on MuJoCo and on the other
engine, in a room without draws (`Room.steady`), and the two traces are compared (`agreement.compare`). A task agrees if
in all variations the solution does it on both and nothing differs; the check falls short if fewer than `AIM` agree.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import closing
from dataclasses import asdict, dataclass
from typing import Any

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn

from switch_bench.evaluate.agreement import Agreement, compare
from switch_bench.evaluate.bench import load_bench
from switch_bench.evaluate.episode import episode_seed
from switch_bench.evaluate.errors import InputError, StoppedError
from switch_bench.evaluate.runner import BENCH, suite_tasks
from switch_bench.evaluate.workers import Died, Pool, Raised

AIM = 0.95  # share of the tasks that must agree
REFERENCE = "mujoco"


@dataclass(frozen=True)
class Job:
    """One variation of a task."""

    task: str
    index: int
    seed: int  # the audit's
    engine: str
    bench: str


@dataclass(frozen=True)
class Compared:
    """A variation of a task on two engines.

    seed: the environment's. done: whether the solution did it, on the reference and on the other. settings: the other
    engine's, from its manifest. broke: what the program raised.
    """

    task: str
    index: int
    seed: int
    done: tuple[bool, bool] = (False, False)
    agreement: Agreement | None = None
    settings: Mapping[str, Any] | None = None
    broke: str = ""

    @property
    def agrees(self) -> bool:
        """Whether it was done on both and nothing differs."""
        return all(self.done) and self.agreement is not None and self.agreement.same


def work(job: Job) -> Compared:
    """Carry out the solution on both engines and compare."""
    bench = load_bench(job.bench)
    task = bench.spec(job.task)
    seed = episode_seed(job.seed, job.task, job.index)
    done, traces = [], []
    for engine in (REFERENCE, job.engine):
        with closing(bench.make(job.task, obs=("proprio",), act="skill", engine=engine)) as env:
            env.reset(seed=seed, options={"draws": False})
            bench.carry_out(env, task.solution)
            trace, held = bench.trace(env), bench.retrial(env).holds(task.goal)
        claimed = "" if trace.claim is None else trace.claim.what
        done.append(held and claimed != "impossible" if task.feasible else not held and claimed == "impossible")
        traces.append(trace)
    found = compare(*traces, names=(REFERENCE, job.engine))
    return Compared(job.task, job.index, seed, (done[0], done[1]), found, traces[1].manifest.get("engine_settings"))


def audit(
    suite: str, seeds: int, seed: int, workers: int, screen: Console, *, engine: str, bench: str = BENCH
) -> dict[str, Any]:
    """Compare an engine with MuJoCo over a suite, `seeds` variations from `seed` on; the report is that of `--json`.

    Raises:
        InputError: there is no such suite, or the engine isn't installed.
        StoppedError: on Ctrl-C.
    """
    module = load_bench(bench)
    tasks = suite_tasks(module, suite)
    missing = module.lacks(engine)
    if missing:
        raise InputError(missing, where=f"--engine {engine}")
    found: list[Compared] = []
    columns = (TextColumn("engines"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn(), TimeRemainingColumn())
    with Pool(work, workers) as pool, Progress(*columns, console=screen, transient=True) as progress:
        bar = progress.add_task("engines", total=len(tasks) * seeds)
        jobs = [Job(task, index, seed, engine, bench) for task in tasks for index in range(seeds)]
        try:
            for job, answer in pool.run(jobs):
                if isinstance(answer, Raised | Died):
                    own = episode_seed(job.seed, job.task, job.index)
                    answer = Compared(job.task, job.index, own, broke=str(answer))
                found.append(answer)
                progress.advance(bar)
        except KeyboardInterrupt as stop:
            raise StoppedError(f"interrupted after {len(found)} of {len(tasks) * seeds} variations") from stop
    return summarise(tasks, seeds, seed, engine, found)


def summarise(tasks: Sequence[str], seeds: int, seed: int, engine: str, found: Sequence[Compared]) -> dict[str, Any]:
    """The comparison as JSON: a row a task, how many agree, and whether they are enough."""
    rows = {task: _row(sorted((f for f in found if f.task == task), key=lambda f: f.index)) for task in tasks}
    agreeing = sum(row["agrees"] for row in rows.values())
    return {
        "engine": engine,
        "settings": next((dict(f.settings) for f in found if f.settings), {}),
        "tasks": rows,
        "agreeing": agreeing,
        "share": agreeing / len(rows) if rows else None,
        "aim": AIM,
        "seeds": seeds,
        "seed": seed,
        "ok": bool(rows) and agreeing >= AIM * len(rows),
    }


def _row(found: Sequence[Compared]) -> dict[str, Any]:
    compared = [f.agreement for f in found if f.agreement is not None]
    return {
        "agrees": bool(found) and all(f.agrees for f in found),
        "variations": len(found),
        "agreeing": sum(f.agrees for f in found),
        "done": [sum(f.done[k] for f in found) for k in (0, 1)],
        "events": sum(a.events for a in compared),
        "control_ms": max((a.control_us for a in compared), default=0) / 1000,
        "share": max((a.share for a in compared), default=0.0),
        "differences": [
            {"seed": f.seed, **asdict(d)} for f in found if f.agreement is not None for d in f.agreement.differences
        ],
        "broke": [{"seed": f.seed, "raised": f.broke} for f in found if f.broke],
    }
