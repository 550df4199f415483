"""`results.json`: what a run of one policy came to, and the table of it."""

from __future__ import annotations

import importlib.metadata
import platform
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from pydantic import BaseModel, ConfigDict
from rich import box
from rich.table import Table

from switch_bench._version import __version__
from switch_bench.evaluate.alike import unlike
from switch_bench.evaluate.bench import SIZE
from switch_bench.evaluate.bootstrap import Macro
from switch_bench.evaluate.figures import Figures, figures, said
from switch_bench.evaluate.record import Machine, machines, renderers
from switch_bench.evaluate.spending import Spending, spending
from switch_bench.evaluate.spending import said as said_spent
from switch_bench.evaluate.standing import Standing, standing
from switch_bench.evaluate.statistics import Tally, tally
from switch_bench.evaluate.success import Success
from switch_bench.verify.scores import RULES

SCHEMA_VERSION = 4
UNDECIDED = "undetermined"


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class PartResult(_Frozen):
    """A part of the verdict over the `n` episodes in which it was judged."""

    n: int
    held: int
    undetermined: int
    mean: float | None


class TaskResult(Success):
    """One task's episodes. An undetermined one is in `n`, not in `k`; one that ended in an error only in `errors`."""

    errors: int
    undetermined: int
    parts: dict[str, PartResult]
    scores: Figures


class Track(_Frozen):
    """How the policy saw and acted; a privileged one knew what an agent can't know. `size`: px of its images."""

    act: str
    obs: tuple[str, ...]
    privileged: bool
    size: tuple[int, int] = SIZE


class Results(_Frozen):
    """A run of one policy over a suite. `redone`: so many episodes had ended in an error and were played again.

    protocol: the official one it kept to, "" if none. macro, by, pass_at, pass_all: see `standing.Standing`; an error
    leaves them, as it leaves `success`. strict: the same with errors counted as failures. record: see `record.of_run`;
    {} of a run from before there was one. machines, renderers: what played and drew the episodes.
    """

    schema_version: int = SCHEMA_VERSION
    policy: str
    protocol: str = ""
    suite: str
    seed: int
    episodes: int  # asked for, per task
    track: Track
    versions: dict[str, str]
    specs: dict[str, str]  # task → digests of its file and its scene's
    record: dict[str, Any]
    machines: list[Machine]
    renderers: dict[str, int]
    success: Success
    macro: Macro
    by: dict[str, dict[str, Success]]
    pass_at: dict[int, float]
    pass_all: dict[int, float]
    strict: Standing
    errors: int
    redone: int = 0
    undetermined: int
    parts: dict[str, PartResult]
    scores: Figures
    spent: Spending | None = None
    tasks: dict[str, TaskResult]


def versions() -> dict[str, str]:
    """Versions of what a result depends on; `rules` are those of the verdict and the scores."""
    names = ("mujoco", "gymnasium", "numpy", "opencv-python-headless")
    found = {
        "switch_bench": __version__,
        "rules": str(RULES),
        "python": platform.python_version(),
        "machine": platform.machine(),
    }
    return found | {name: importlib.metadata.version(name) for name in names}


def summarise(settings: Mapping[str, Any], records: Sequence[Mapping[str, Any]], redone: int = 0) -> Results:
    """The results of a run from its settings (see `runner.settings`) and its episodes' records."""
    whole = tally(records)
    tags = {task: {kind: tuple(of) for kind, of in its.items()} for task, its in settings.get("tags", {}).items()}
    lenient = standing(records, tags)
    of_task: dict[str, list[Mapping[str, Any]]] = {task: [] for task in settings["tasks"]}
    for record in records:
        of_task[record["task"]].append(record)
    return Results(
        policy=settings["policy"],
        protocol=settings.get("protocol", ""),
        suite=settings["suite"],
        seed=settings["seed"],
        episodes=settings["episodes"],
        track=Track(**settings["track"]),
        versions=settings["versions"],
        specs=settings["tasks"],
        record=settings.get("record", {}),
        machines=machines(records),
        renderers=renderers(records),
        success=lenient.success,
        macro=lenient.macro,
        by=lenient.by,
        pass_at=lenient.pass_at,
        pass_all=lenient.pass_all,
        strict=standing(records, tags, strict=True),
        errors=whole.errors,
        redone=redone,
        undetermined=whole.undetermined,
        parts=_parts(whole),
        scores=figures(records),
        spent=spending(records),
        tasks={task: _task(tally(episodes), figures(episodes)) for task, episodes in of_task.items()},
    )


def table(results: Results) -> Table:
    """One policy's results, task by task."""
    parts = list(results.parts)
    told = [*standing_said(results), *said(results.scores), *said_spent(results.spent)]
    drawn = Table(
        box=box.SIMPLE,
        title=f"{results.policy} on {results.suite}",
        title_justify="left",
        title_style="bold",
        caption="\n".join(f"  {line}" for line in told) or None,
        caption_justify="left",
        caption_style="",
    )
    drawn.add_column("task", overflow="fold")
    drawn.add_column("success", justify="right")
    drawn.add_column("95 % interval", justify="right")
    for part in parts:
        drawn.add_column(part, justify="right")
    drawn.add_column("errors", justify="right")
    for task, row in results.tasks.items():
        drawn.add_row(*_cells(task, row, row.parts, row.errors, row.undetermined, parts))
    drawn.add_section()
    whole = _cells("all", results.success, results.parts, results.errors, results.undetermined, parts)
    drawn.add_row(*whole, style="bold")
    return drawn


def overview(all_results: Iterable[Results]) -> Table:
    """Several policies' results, one row each."""
    all_results = list(all_results)
    parts = list(dict.fromkeys(part for results in all_results for part in results.parts))
    drawn = Table(box=box.SIMPLE)
    drawn.add_column("policy", overflow="fold")
    drawn.add_column("success", justify="right")
    drawn.add_column("95 % interval", justify="right")
    for part in parts:
        drawn.add_column(part, justify="right")
    drawn.add_column("errors", justify="right")
    for results in all_results:
        name = results.policy + (" (privileged)" if results.track.privileged else "")
        drawn.add_row(*_cells(name, results.success, results.parts, results.errors, results.undetermined, parts))
    return drawn


def standing_said(results: Results) -> list[str]:
    """In words: the mean over tasks, several tries, errors as failures, and machines that weren't alike."""
    low, high = results.macro.interval
    lines = []
    if sum(task.n > 0 for task in results.tasks.values()) > 1:
        lines.append(f"mean over tasks: {percent(results.macro.mean)}, 95 % interval {percent(low)} to {percent(high)}")
    most = max(results.pass_at, default=1)
    if most > 1:
        at, every = results.pass_at[most], results.pass_all[most]
        lines.append(f"of {most} tries at a task at least one succeeds in {percent(at)}, all in {percent(every)}")
    if results.errors:
        strict = results.strict.success
        lines.append(f"with errors counted as failures: {strict.k} of {strict.n}, {percent(strict.rate)}")
    if said := unlike(results.machines):
        lines.append(said)
    return lines


def percent(share: float | None) -> str:
    """0.5 as "50 %"; "–" where nothing was judged."""
    return "–" if share is None else f"{100 * share:.0f} %"


def _cells(
    name: str, success: Success, held: Mapping[str, PartResult], errors: int, undecided: int, parts: Sequence[str]
) -> list[str]:
    low, high = success.interval
    said = f"{success.k}/{success.n}" + (f" ({undecided} {UNDECIDED})" if undecided else "")
    shares = [percent(held[part].mean) if part in held else "–" for part in parts]
    return [
        name,
        f"{said}  {percent(success.rate):>5}",
        f"{percent(low)} to {percent(high)}",
        *shares,
        str(errors or "–"),
    ]


def _task(count: Tally, scores: Figures) -> TaskResult:
    return TaskResult(
        n=count.n,
        k=count.k,
        rate=count.rate,
        interval=count.interval,
        errors=count.errors,
        undetermined=count.undetermined,
        parts=_parts(count),
        scores=scores,
    )


def _parts(count: Tally) -> dict[str, PartResult]:
    return {
        name: PartResult(n=part.n, held=part.held, undetermined=part.undetermined, mean=part.mean)
        for name, part in count.parts.items()
    }
