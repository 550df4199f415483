"""Makes one run folder of those of its shares."""

from __future__ import annotations

import glob
import json
import shutil
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from rich.console import Console

from switch_bench.evaluate import runner
from switch_bench.evaluate.bench import load_bench
from switch_bench.evaluate.errors import InputError
from switch_bench.evaluate.folder import RunFolder, difference, read_episodes, settings_of
from switch_bench.evaluate.runner import Run

CLOCK = ("wall_s", "setup_s", "run_s", "frames_s")  # of a record: what another run of the same episode has otherwise
MACHINE = ("machine",)
MOST_SHOWN = 10
NO_FILES = ("episodes", "pages")  # folders of a run whose files aren't copied but written anew


def merge(out: Path, paths: Sequence[Path], screen: Console, *, bench: str = runner.BENCH) -> Run:
    """Make `out` of the run folders of its shares; in `bench` the benchmark they ran on.

    Raises:
        InputError: one is no run folder, they are of different runs, don't agree about an episode or lack some, or
            `out` holds something. Nothing is written.
    """
    if out.exists() and not (out.is_dir() and not any(out.iterdir())):
        raise InputError("is there already", where=f"OUT {out}", hint="choose a new or an empty folder")
    settings = _settings(paths)
    chosen: dict[tuple[str, int], tuple[Path, dict[str, Any]]] = {}
    for path in paths:
        for record in read_episodes(path):
            key = record["task"], record["episode"]
            if key in chosen:
                _compare(chosen[key], (path, record))
            else:
                chosen[key] = path, record
    _see_that_whole(settings, chosen, paths)
    screen.print(f"{len(chosen)} episodes of {len(paths)} folders")
    with RunFolder(out, settings) as run:
        for path, record in chosen.values():
            for file in _files(path, record):
                copy = out / file.relative_to(path)
                copy.parent.mkdir(parents=True, exist_ok=True)
                shutil.copyfile(file, copy)
            run.append(record)
        return runner.finish(run, run.settings, load_bench(bench))


def _settings(paths: Sequence[Path]) -> dict[str, Any]:
    """The settings all agree on, those of the whole run."""
    first, *others = [(path, settings_of(path)) for path in paths]
    whole = {key: value for key, value in first[1].items() if key != "shard"}
    for path, settings in others:
        different = [key for key in {**whole, **settings} if key != "shard" and whole.get(key) != settings.get(key)]
        if different:
            said = "; ".join(
                difference(key, whole.get(key), settings.get(key), f"in {first[0]}", "here") for key in different
            )
            raise InputError(
                f"it is a run made with other settings than {first[0]} ({said})",
                where=str(path),
                hint="shares are made by the same command with --shard 1/n to n/n, by the same versions",
            )
    return whole


def _compare(ours: tuple[Path, dict[str, Any]], theirs: tuple[Path, dict[str, Any]]) -> None:
    """See that an episode that is there twice came to the same."""
    (path, record), (other, again) = ours, theirs
    one, two = _lasting(record), _lasting(again)
    different = [key for key in {**one, **two} if one.get(key) != two.get(key)]
    if not different and _bytes(path, record) != _bytes(other, again):
        different = ["trace"]
    if different:
        shown = ", ".join(
            f"{key}: {json.dumps(one.get(key))[:60]} and {json.dumps(two.get(key))[:60]}" for key in different[:3]
        )
        raise InputError(
            f"episode {record['episode']} of {record['task']} is there twice, and they differ ({shown})",
            where=f"{path} and {other}",
            hint="merge shares that have no episode in common, or remove the file of one in its `episodes/`",
        )


def _lasting(record: Mapping[str, Any]) -> dict[str, Any]:
    left_out = (*CLOCK, *MACHINE, "spent", "attempt", "earlier")
    return {key: value for key, value in record.items() if key not in left_out}


def _bytes(path: Path, record: Mapping[str, Any]) -> bytes | None:
    return (path / record["trace"]).read_bytes() if "trace" in record else None


def _see_that_whole(settings: Mapping[str, Any], there: Mapping[tuple[str, int], Any], paths: Sequence[Path]) -> None:
    """See that no episode is missing, and no trace."""
    wanted = runner.share(list(settings["tasks"]), settings["episodes"], None)
    missing = [f"{task} {episode}" for task, episode in wanted if (task, episode) not in there]
    if missing:
        more = f", and {len(missing) - MOST_SHOWN} more" if len(missing) > MOST_SHOWN else ""
        shares = ", ".join(sorted(settings_of(path).get("shard", "a run without --shard") for path in paths))
        raise InputError(
            f"{len(missing)} of {len(wanted)} episodes are missing: {', '.join(missing[:MOST_SHOWN])}{more}",
            where=" ".join(map(str, paths)),
            hint=f"named were {shares}; a share that was stopped goes on with the command that began it",
        )
    for path, record in there.values():
        if "trace" in record and not (path / record["trace"]).is_file():
            raise InputError("there is no such trace", where=str(path / record["trace"]), hint="copy the whole folder")


def _files(path: Path, record: Mapping[str, Any]) -> list[Path]:
    """The files of an episode: those named after it in the run's folders."""
    name = glob.escape(f"{record['task']}.{record['episode']}.")
    return sorted(file for file in path.glob(f"[!.]*/{name}*") if file.is_file() and file.parent.name not in NO_FILES)
