"""The films of a run folder: which there should be, and making those that are missing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from switch_bench.evaluate.bench import load_bench
from switch_bench.evaluate.errors import InputError, closest
from switch_bench.evaluate.workers import Pool

FOLDER = "videos"
WHICH = ("none", "first", "failed", "all")


@dataclass(frozen=True)
class Job:
    """A film to be made of a trace."""

    trace: str
    film: str
    bench: str
    task: str


def file(record: Mapping[str, Any]) -> str:
    """Where an episode's film is, below its run folder."""
    return f"{FOLDER}/{record['task']}.{record['episode']}.webm"


def chosen(records: Sequence[Mapping[str, Any]], which: str) -> list[Mapping[str, Any]]:
    """The episodes that are to have a film: "none", the "first" of each task, those that "failed" or "all".

    An undetermined one counts as failed. An episode that ended in an error has no trace, and none.

    Raises:
        InputError: `which` is none of these.
    """
    check(which)
    if which == "none":
        return []
    played = [record for record in records if record["status"] == "done"]
    if which == "failed":
        return [record for record in played if record["success"] is not True]
    return [record for record in played if which == "all" or record["episode"] == 0]


def check(which: str) -> None:
    """Raise InputError unless `which` is one of the choices."""
    if which not in WHICH:
        hint = closest(which, WHICH, listing=f"say {', '.join(WHICH)}")
        raise InputError(f"can't choose films by {which!r}", where=f"--videos {which}", hint=hint)


def make(
    folder: Path,
    records: Sequence[Mapping[str, Any]],
    which: str,
    workers: int,
    screen: Console,
    bench: str,
    *,
    seconds: float | None = None,
    memory: int | None = None,
) -> dict[str, str]:
    """Make the films that are missing in a run folder, in `workers` processes (0: in this one).

    seconds, memory: how long one film may take, and how many bytes its process; neither holds where `workers` is 0.

    A film that can't be made is told on `screen`, and keeps no other from being made: they are for the reader. Returns
    film → why it couldn't be made.
    """
    jobs = [
        Job(str(folder / record["trace"]), str(folder / file(record)), bench, record["task"])
        for record in chosen(records, which)
        if not (folder / file(record)).exists()
    ]
    if not jobs:
        return {}
    troubles: dict[str, str] = {}
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TextColumn("left:"))
    limits: dict[str, Any] = {"seconds": None if seconds is None else lambda job: seconds, "memory": memory}
    with (
        Pool(_work, workers, **limits) as pool,
        Progress(*columns, TimeRemainingColumn(), console=screen, transient=True) as bar,
    ):
        films = bar.add_task("films", total=len(jobs))
        for job, answer in pool.run(jobs, group=lambda job: job.task):
            bar.advance(films)
            if answer is not None:
                troubles[job.film] = str(answer)
    if troubles:
        first = next(iter(troubles.values()))
        said = f"{len(troubles)} of {len(jobs)} films couldn't be made; the first: {first}"
        screen.print(said, style="yellow", markup=False, soft_wrap=True)
    return troubles


def _work(job: Job) -> None:
    load_bench(job.bench).film(Path(job.trace), Path(job.film))
