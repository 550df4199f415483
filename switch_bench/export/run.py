"""Exporting a run folder: which episodes, into which form, whole or not at all."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rich.console import Console

from switch_bench.evaluate import folder
from switch_bench.evaluate.errors import InputError, closest
from switch_bench.evaluate.runner import folder_name
from switch_bench.export import lerobot_set, minari_set
from switch_bench.export.episode import Look, read
from switch_bench.export.errors import need
from switch_bench.export.lerobot_set import LeRobotSet
from switch_bench.export.minari_set import MinariSet
from switch_bench.physics.renderers import NoPicture

FORMATS = {"lerobot": (LeRobotSet, lerobot_set.NEEDS), "minari": (MinariSet, minari_set.NEEDS)}
WAIT_FRAMES = 20


@dataclass(frozen=True, kw_only=True)
class Request:
    """What to export: `run`, a run folder of one policy, as `format` of `FORMATS` to the new folder `out`."""

    run: Path
    format: str
    out: Path
    look: Look
    only_success: bool = False


@dataclass(frozen=True)
class Exported:
    """What was written."""

    out: Path
    episodes: int
    steps: int
    left_out: int  # episodes that ended in an error, or, if only successes were wanted, that weren't one


def export(request: Request, screen: Console) -> Exported:
    """Write the data set, telling `screen` how it goes. It appears when it is whole.

    Raises: InputError and its kinds `MissingExtra` and `NotReplayable`, after which there is nothing at `out`.
    """
    if request.format not in FORMATS:
        raise InputError(
            f"there is no format {request.format!r}", where="--format", hint=closest(request.format, FORMATS)
        )
    make, needs = FORMATS[request.format]
    width, height = request.look.size
    if not all(32 <= side <= 960 and side % 2 == 0 for side in (width, height)):
        raise InputError(
            f"pictures of {width} × {height} px", where="--size", hint="expected even numbers from 32 to 960"
        )
    if request.look.wait_frames < 0:
        raise InputError("fewer than no frames", where="--wait-frames", hint="expected 0 or more")
    settings, done = records(request.run)
    wanted = [r for r in done if r["status"] == "done" and (r["success"] is True or not request.only_success)]
    if not wanted:
        what = "no successful episode" if request.only_success else "no episode"
        raise InputError(f"there is {what} in it", where=str(request.run), hint="run `switch-bench eval` to its end")
    need(needs, f"--format {request.format}")
    steps = 0
    with _whole(request.out) as part:
        made = make(part, request.look)
        try:
            told: list[dict[str, Any]] = []
            for n, record in enumerate(wanted, start=1):
                episode = read(request.run, record, request.look)
                made.add(episode)
                steps += len(episode.steps)
                told.append(episode.facts | {"steps": len(episode.steps)})
                screen.print(f"{n}/{len(wanted)} {episode.task}: {len(episode.steps)} steps", markup=False)
            made.close(_about(request, settings, told))
        except NoPicture as why:
            made.abandon()
            hint = "`switch-bench doctor` says what is missing and how to get it"
            raise InputError(f"no picture can be drawn here: {why}", where="export", hint=hint) from why
        except BaseException:
            made.abandon()
            raise
    return Exported(request.out, len(wanted), steps, len(done) - len(wanted))


def records(path: Path) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """A run folder's settings, and the episodes in it, by task and number.

    Raises: InputError where it is no run folder of one policy.
    """
    settings = folder.settings_of(path)
    done = folder.read_episodes(path)
    order = {task: i for i, task in enumerate(settings.get("tasks", ()))}
    return settings, sorted(done, key=lambda r: (order.get(r["task"], len(order)), r["task"], r["episode"]))


def _about(request: Request, settings: dict[str, Any], told: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """Where a data set comes from."""
    policy, suite = str(settings["policy"]), str(settings["suite"])
    look = request.look
    return {
        "dataset_id": f"switch_bench/{folder_name(suite).replace('.', '_')}/{folder_name(policy).replace('.', '_')}-v0",
        "policy": policy,
        "suite": suite,
        "seed": settings["seed"],
        "track": settings["track"],
        "versions": settings["versions"],
        "fps": look.fps,
        "size": list(look.size),
        "wait_frames": look.wait_frames,
        "only_success": request.only_success,
        "episodes": list(told),
    }


@contextmanager
def _whole(out: Path) -> Iterator[Path]:
    """A folder beside `out` that becomes `out` at the end, or is removed if anything goes wrong.

    Raises: InputError where `out` holds anything, or can't be written.
    """
    where = f"--out {out}"
    if out.exists() and (not out.is_dir() or any(out.iterdir())):
        what = "holds something already" if out.is_dir() else "is a file"
        raise InputError(what, where=where, hint="choose a new or an empty folder")
    try:
        out.parent.mkdir(parents=True, exist_ok=True)
        part = Path(tempfile.mkdtemp(dir=out.parent, prefix=f".{out.name}.", suffix=".part"))
    except OSError as error:
        raise InputError(f"can't write there: {error.strerror}", where=where, hint="choose another folder") from error
    try:
        yield part
        part.chmod(0o777 & ~_umask())
        if out.exists():
            out.rmdir()
        part.rename(out)
    except BaseException:
        shutil.rmtree(part, ignore_errors=True)
        raise


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
