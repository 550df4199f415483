"""The audit: does every task tell doing it from not doing it and from almost doing it?

For each task and each of several variations: the reference solution must succeed and report honestly, with a harmless
detour too; idle hands, every near miss (in the part of the verdict that it names) and the solution without any of its
required steps must fail; a random agent must hardly ever succeed; the horizon must leave time enough and not too much;
the instruction must name nothing that the room lacks; and each mutant of the goal and of the rules must be told from
the original by one of these runs, or be listed with a reason (`tasks/mutants.yaml`).
"""

from __future__ import annotations

import statistics
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn

from switch_bench.evaluate import audit_cases as cases
from switch_bench.evaluate.audit_run import Audited, Job, Outcome, work
from switch_bench.evaluate.bench import Bench, load_bench
from switch_bench.evaluate.episode import episode_seed
from switch_bench.evaluate.errors import StoppedError
from switch_bench.evaluate.runner import BENCH, suite_tasks
from switch_bench.evaluate.statistics import wilson
from switch_bench.evaluate.workers import Died, Pool, Raised
from switch_bench.spec import reference_runs

AT_LEAST, AT_MOST = 1.5, 6.0  # times the slowest reference's time: what a horizon may be
LUCK = 0.05  # share of a task's random episodes that may succeed


def audit(
    suite: str,
    seeds: int,
    seed: int,
    workers: int,
    screen: Console,
    *,
    bench: str = BENCH,
) -> dict[str, Any]:
    """Audit a suite over `seeds` variations from `seed` on; the report is that of `audit --json`.

    Raises:
        InputError: there is no such suite.
        StoppedError: on Ctrl-C.
    """
    module = load_bench(bench)
    tasks = suite_tasks(module, suite)
    found: list[Audited] = []
    columns = (TextColumn("audit"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn(), TimeRemainingColumn())
    with Pool(work, workers) as pool, Progress(*columns, console=screen, transient=True) as progress:
        bar = progress.add_task("audit", total=len(tasks) * seeds)

        def run(jobs: Sequence[Job]) -> None:
            for job, answer in pool.run(jobs):
                if isinstance(answer, Raised | Died):
                    own = episode_seed(job.seed, job.task, job.index)
                    answer = Audited(job.task, job.index, own, broke=str(answer))
                found.append(answer)
                progress.advance(bar)

        try:
            run([Job(task, 0, seed, bench) for task in tasks])
            dead = {a.task: frozenset(m.words for m, killer in a.mutants.items() if killer) for a in found}
            run([Job(task, index, seed, bench, dead[task]) for task in tasks for index in range(1, seeds)])
        except KeyboardInterrupt as stop:
            raise StoppedError(f"interrupted after {len(found)} of {len(tasks) * seeds} variations") from stop
    return summarise(module, tasks, seeds, seed, found)


def summarise(bench: Bench, tasks: Sequence[str], seeds: int, seed: int, found: Sequence[Audited]) -> dict[str, Any]:
    """The audit as JSON: what held for each task, what is wrong with it, and whether nothing is."""
    accepted = bench.accepted_mutants()
    rows = {
        task: _row(
            bench, task, sorted((f for f in found if f.task == task), key=lambda f: f.index), accepted.get(task, {})
        )
        for task in tasks
    }
    n, k = (sum(row["luck"][key] for row in rows.values()) for key in ("n", "k"))
    mutants = {
        key: sum(row["mutants"][key] for row in rows.values()) for key in ("total", "killed", "listed", "unlisted")
    }
    return {
        "tasks": rows,
        "luck": {"n": n, "k": k, "rate": k / n if n else None, "interval": list(wilson(k, n))},
        "mutants": mutants,
        "seeds": seeds,
        "seed": seed,
        "ok": all(not row["troubles"] for row in rows.values()),
    }


def _row(bench: Bench, task: str, found: Sequence[Audited], accepted: Mapping[str, str]) -> dict[str, Any]:
    spec = bench.spec(task)
    outcomes = [(variation, outcome) for variation in found for outcome in variation.outcomes]
    troubles = [_trouble(o.kind, o.trouble, o.name, v.seed) for v, o in outcomes if o.trouble]
    troubles += [_trouble("broke", v.broke, "the audit", v.seed) for v in found if v.broke]
    luck = _luck([o for _, o in outcomes])
    if luck["n"] and luck["k"] / luck["n"] > LUCK:
        troubles.append(_trouble(cases.RANDOM, f"it succeeds in {luck['k']} of {luck['n']} episodes"))
    times = _times([o for _, o in outcomes])
    low, high = (round(1e6 * share * times.get("slowest_s", 0.0)) for share in (AT_LEAST, AT_MOST))
    if times and not low <= spec.horizon_us <= high:
        said = f"it is {spec.horizon_us / 1e6:g} s, and should be from {low / 1e6:.4g} s to {high / 1e6:.4g} s"
        troubles.append(_trouble("horizon", said))
    lacking = sorted({word for v in found for word in v.missing})
    troubles += [_trouble("instruction", f"it names a thing that the room lacks: {word}") for word in lacking]
    mutants = _mutants(found, accepted)
    troubles += [_trouble("mutants", f"nothing tells it from the original: {m}") for m in mutants["survivors"]]
    troubles += [_trouble("mutants", f"listed, and there is no such mutant: {m}") for m in mutants["unknown"]]
    wrong = {t["kind"] for t in troubles}
    whole = "broke" not in wrong
    return {
        **{kind: whole and kind not in wrong for kind in (*cases.JUDGED, "horizon", "instruction")},
        "mutants": {**mutants, "ok": whole and "mutants" not in wrong},
        "variations": len(found),
        "near_miss_count": len(spec.near_misses),
        "required_step_count": sum(step.required for step in spec.solution),
        "needed_steps": sorted({o.name for _, o in outcomes if o.needed}),
        "luck": luck,
        "reference": times,
        "horizon_s": spec.horizon_us / 1e6,
        "hash": spec.spec_hash,
        "troubles": troubles,
    }


def _trouble(kind: str, said: str, who: str = "", seed: int | None = None) -> dict[str, Any]:
    return {"kind": kind, "who": who or kind, "seed": seed, "trouble": said}


def _luck(outcomes: Sequence[Outcome]) -> dict[str, Any]:
    guesses = [o for o in outcomes if o.kind == cases.RANDOM]
    k = sum(o.lucky for o in guesses)
    return {"n": len(guesses), "k": k, "interval": list(wilson(k, len(guesses)))}


def _times(outcomes: Sequence[Outcome]) -> dict[str, Any]:
    """Time [s] and actuations of the oracle's good runs; {} if there is none."""
    good = [o for o in outcomes if o.kind == cases.ORACLE and not o.trouble]
    if not good:
        return {}
    return {
        "time_s": round(statistics.median(o.elapsed for o in good) / 1e6, 3),
        "slowest_s": round(max(o.elapsed for o in good) / 1e6, 3),
        "acts": statistics.median_low(o.acts for o in good),
        "seeds": len(good),
    }


def _mutants(found: Sequence[Audited], accepted: Mapping[str, str]) -> dict[str, Any]:
    """What became of each mutant over all variations: killed by a run in one of them, listed with a reason, or not."""
    killers: dict[str, str] = {}
    for variation in found:
        for mutant, killer in variation.mutants.items():
            killers[mutant.words] = killers.get(mutant.words, "") or killer
    alive = [words for words, killer in killers.items() if not killer]
    listed = {words: accepted[words] for words in alive if words in accepted}
    return {
        "total": len(killers),
        "killed": len(killers) - len(alive),
        "listed": len(listed),
        "unlisted": len(alive) - len(listed),
        "reasons": listed,
        "survivors": [words for words in alive if words not in listed],
        "unknown": [words for words in accepted if killers and words not in killers],
    }


def troubles(report: Mapping[str, Any]) -> list[str]:
    """What is wrong, a line each."""
    return [
        f"{task}, {t['who']}{'' if t['seed'] is None else ', seed ' + str(t['seed'])}: {t['trouble']}"
        for task, row in report["tasks"].items()
        for t in row["troubles"]
    ]


def record(report: Mapping[str, Any], file: Path) -> None:
    """Write what the reference solutions took, by which efficiency is measured.

    Tasks that weren't audited keep what is there, if it was recorded by the same rules.
    """
    from switch_bench.verify.verdict import RULES

    old = reference_runs.read(file.read_text(encoding="utf-8"), str(file)) if file.exists() else None
    kept = dict(old.tasks) if old is not None and old.rules == RULES else {}
    new = {
        task: reference_runs.ReferenceRun(**row["reference"], hash=row["hash"])
        for task, row in report["tasks"].items()
        if row["reference"]
    }
    reference_runs.write(reference_runs.ReferenceRuns(rules=RULES, tasks=kept | new), file)
