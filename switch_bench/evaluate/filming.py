"""What `switch-bench video` does: the film of a trace, or those that are missing of a run."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from rich.console import Console

from switch_bench.evaluate import folder, report, videos
from switch_bench.evaluate.bench import load_bench
from switch_bench.evaluate.errors import InputError
from switch_bench.evaluate.results import Results
from switch_bench.evaluate.runner import BENCH


@dataclass(frozen=True)
class Done:
    """films: how many of those asked for are there now; made: so many of them just now; troubles: film → why not.

    folder: where they are.
    """

    films: int
    made: int
    troubles: dict[str, str]
    folder: Path
    report: Path


def of_trace(trace: Path, out: Path | None = None) -> Path:
    """Make the film of a trace; where it is. Without `out` it is put where its run folder keeps films.

    Raises:
        InputError: the trace can't be used or can't be repeated here, or the film has no .webm suffix.
    """
    from switch_bench.evaluate.video import write_of

    path = out or trace.parent.parent / videos.FOLDER / f"{trace.stem}.webm"
    if path.suffix != ".webm":
        raise InputError(f"can't write {path.suffix or 'a film without a suffix'}", where=f"--out {path}", hint=".webm")
    return write_of(trace, path).path


def of_run(path: Path, which: str, workers: int, screen: Console, bench: str = BENCH) -> Done:
    """Make the films that are missing in a run folder, and write its report anew.

    Raises:
        InputError: it is no finished run of one policy.
    """
    found = path / "results.json"
    if not found.exists():
        hint = "name the folder of one policy whose run is finished"
        raise InputError("holds no results.json", where=str(path), hint=hint)
    results = Results.model_validate_json(found.read_bytes())
    order = {task: place for place, task in enumerate(results.tasks)}
    records = sorted(folder.read_episodes(path), key=lambda record: (order[record["task"]], record["episode"]))
    films = [path / videos.file(record) for record in videos.chosen(records, which)]
    before = sum(film.exists() for film in films)
    troubles = videos.make(path, records, which, workers, screen, bench)
    there = sum(film.exists() for film in films)
    page = report.write(results, records, path, load_bench(bench).read_trace)
    return Done(there, there - before, troubles, path / videos.FOLDER, page)
