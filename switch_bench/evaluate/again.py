"""Replaying a trace file: the same world again, compared state by state."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from switch_bench.evaluate.axis import clock
from switch_bench.evaluate.errors import InputError
from switch_bench.spec.errors import SpecError
from switch_bench.spec.find import load_task, scene_of
from switch_bench.trace.store import TraceFileError, load

if TYPE_CHECKING:
    from switch_bench.trace.schema import Trace
    from switch_bench.world.room import Room

NEEDED = ("task", "seed", "variation", "faults", "versions", "scene_hash", "task_hash")


def read(path: Path) -> Trace:
    """A trace that can be replayed, from its file.

    Raises:
        InputError: there is none, it can't be read, or it doesn't say where it came from.
    """
    if path.is_dir():
        raise InputError("is a folder, not a trace", where=str(path), hint="name a file in a run folder's traces/")
    try:
        trace = load(path)
    except FileNotFoundError as error:
        hint = "traces are in a run folder's traces/"
        raise InputError("there is no such trace file", where=str(path), hint=hint) from error
    except TraceFileError as error:
        message = str(error).removeprefix(f"{path}: ")
        raise InputError(message, where=str(path), hint="the episode can be run again from its seed") from error
    missing = [name for name in NEEDED if name not in trace.manifest]
    if missing:
        raise InputError(f"its manifest lacks {', '.join(missing)}", where=str(path), hint="it wasn't made by `eval`")
    return trace


def room(path: Path, trace: Trace) -> Room:
    """The room the trace was made in.

    Raises:
        InputError: its task isn't there, or its files are no longer what they were.
    """
    try:
        task = load_task(str(trace.manifest["task"]))
        hashes = {"task_hash": task.spec_hash, "scene_hash": scene_of(task).spec_hash}
    except SpecError as error:
        raise InputError(f"its task can't be loaded: {error}", where=str(path)) from error
    changed = [name.removesuffix("_hash") for name, value in hashes.items() if trace.manifest[name] != value]
    if changed:
        raise InputError(
            f"the file of its {' and '.join(changed)} has changed since",
            where=str(path),
            hint="replay it with the version of the files it was made with",
        )
    from switch_bench.world.cast import room_of

    return room_of(trace.manifest, task)


def replay(path: Path) -> dict[str, Any]:
    """Replay a trace and compare: `same`, `hashes` compared, `differs_at_us`, and `unverifiable`, why it can't be.

    Raises:
        InputError: the file can't be used.
    """
    from switch_bench.world.replay import Unverifiable, comparable, identity

    trace = read(path)
    made_in = room(path, trace)
    found = {"trace": str(path), "task": trace.manifest["task"], "same": False, "hashes": len(trace.hashes)}
    try:
        comparable(trace)
    except Unverifiable as why:
        return found | {"unverifiable": str(why), "differs_at_us": None}
    again = identity(made_in, trace)
    pairs = zip(trace.hashes, again.hashes, strict=False)
    differs = next((ours[0] for ours, theirs in pairs if ours != theirs), None)
    if differs is None and (len(again.hashes) != len(trace.hashes) or again.events != trace.events):
        differs = trace.end
    return found | {"unverifiable": "", "differs_at_us": differs, "same": differs is None}


def words(found: dict[str, Any]) -> str:
    """What a replay found, for a reader."""
    if found["unverifiable"]:
        return f"unverifiable: {found['unverifiable']}"
    if found["same"]:
        return f"same: all {found['hashes']} state hashes and all events are reproduced"
    return f"different: the first state that differs is at {clock(found['differs_at_us'])}"
