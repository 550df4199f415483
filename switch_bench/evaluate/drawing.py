"""`switch-bench render`: a task's room as pictures, or its reference solution at work as a moving one."""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from switch_bench.evaluate import bench, doctor
from switch_bench.evaluate.episode import episode_seed
from switch_bench.evaluate.errors import InputError, closest
from switch_bench.evaluate.folder import write_atomically
from switch_bench.evaluate.views import VIEWS

if TYPE_CHECKING:
    import numpy as np

    from switch_bench.world.world import World

SUFFIXES = (".png", ".gif")
MOVING = (400, 300)  # px
EVERY = 100  # ms a picture of a moving one is shown
MOST = 80  # pictures in a moving one


def render(task: str, seed: int, out: Path, views: Sequence[str]) -> list[Path]:
    """Draw a task in the variation of its first episode in an `eval` with this seed; the files written.

    out: `.png`, one view at the start; `.gif`, one view of the reference solution at work; else a folder, for a `.png`
    of every view.

    Raises:
        InputError: before anything is written.
    """
    views = tuple(view.replace("_", " ") for view in views)
    for view in views:
        if view not in VIEWS:
            raise InputError(f"there is no view {view!r}", where="--view", hint=closest(view, VIEWS))
    if out.suffix and out.suffix not in SUFFIXES:
        hint = "write a .png, a .gif, or to a folder"
        raise InputError(f"can't draw {out.suffix} files", where=f"--out {out}", hint=hint)
    if out.suffix and len(views) > 1:
        hint = "name one view, or a folder for --out"
        raise InputError(f"one file can't hold {len(views)} views", where=f"--out {out}", hint=hint)
    _check_writable(out)
    bench.task(task)
    trouble = doctor.settle_gl()
    if trouble:
        hint = "`switch-bench doctor` says what is missing and how to get it"
        raise InputError(f"no picture can be drawn here: {trouble}", where="render", hint=hint)
    with closing(bench.make(task, obs=("proprio",), act="skill")) as env:
        env.reset(seed=episode_seed(seed, task, 0))
        if out.suffix == ".gif":
            return [_moving(env, task, out, views[0] if views else VIEWS[0])]
        chosen = views or (VIEWS[:1] if out.suffix else VIEWS)
        files = {view: out if out.suffix else out / f"{task}.{view.replace(' ', '_')}.png" for view in chosen}
        return [_still(env, view, file) for view, file in files.items()]


def _still(env: Any, view: str, file: Path) -> Path:
    import cv2

    from switch_bench.evaluate.frames import look

    image = look(cast(Any, env.unwrapped).stage.world, view)
    file.parent.mkdir(parents=True, exist_ok=True)
    write_atomically(file, cv2.imencode(".png", image[..., ::-1])[1].tobytes())
    return file


def _moving(env: Any, task: str, file: Path, view: str) -> Path:
    import cv2

    from switch_bench.evaluate.frames import look
    from switch_bench.world.replay import identity

    bench.solve(env, task)
    trace = bench.trace(env)
    times = sorted({t for t, _ in trace.hashes})
    step = -(-len(times) // MOST)
    wanted = set(times[::step])
    pictures: list[np.ndarray] = []

    def watch(world: World) -> None:
        if world.now in wanted:
            pictures.append(look(world, view, MOVING)[..., ::-1].copy())

    identity(cast(Any, env.unwrapped).stage.room, trace, watch=watch)
    animation = cv2.Animation()
    animation.frames = cast(Any, pictures)
    animation.durations = cast(Any, [EVERY] * len(pictures))
    _, data = cv2.imencodeanimation(".gif", animation)
    file.parent.mkdir(parents=True, exist_ok=True)
    write_atomically(file, data.tobytes())
    return file


def _check_writable(out: Path) -> None:
    folder = out.parent if out.suffix else out
    there: Iterable[Path] = (p for p in (folder.absolute(), *folder.absolute().parents) if p.exists())
    nearest = next(iter(there))
    if not nearest.is_dir():
        raise InputError(f"{nearest} is a file, not a folder", where=f"--out {out}", hint="choose another folder")
    if not os.access(nearest, os.W_OK | os.X_OK):
        raise InputError(f"can't write in {nearest}", where=f"--out {out}", hint="choose a folder you may write in")
