"""The run folder: `run.json` (what was asked for), `episodes/` (what is done), `traces/`, `frames/`, and at the end
`episodes.jsonl`, `results.json` and `report.html`.

Each episode's record is a file of its own, `episodes/TASK.N.json`, which is there whole or not at all, and is on disk
before the next episode is handed out. These files are the truth: a run killed at any time goes on from them, whatever
else has become of it. `episodes.jsonl` has the same records, one a line, for other programs: it is written from the
files whenever a program lets go of the folder, by tasks in the run's order and by number. A folder of an earlier
version, which has that file alone, is gone on with, too.

An episode that ended in an error may be played again; its record then has `attempt`, how often it was played, and
`earlier`, the errors it ended in before.
"""

from __future__ import annotations

import contextlib
import fcntl
import json
import os
import shutil
import uuid
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from types import TracebackType
from typing import Any

from switch_bench.evaluate.errors import InputError

SCHEMA_VERSION = 3
OLDEST = 2  # of the schemas that are gone on with; an older one lacks names, which then aren't compared


def write_atomically(path: Path, data: bytes | str) -> None:
    """Write a file so that it is there whole or not at all, and on disk when this returns."""
    part = path.with_name(f".{path.name}.{uuid.uuid4().hex[:12]}.part")
    with part.open("wb") as file:
        file.write(data.encode() if isinstance(data, str) else data)
        file.flush()
        os.fsync(file.fileno())
    os.replace(part, path)
    _settle(path.parent)


def _settle(folder: Path) -> None:
    """Have a folder's names on disk."""
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def check(path: Path, settings: Mapping[str, Any]) -> None:
    """See that a run with these settings can begin or go on in `path`, without touching it.

    Raises:
        InputError: it is no folder, holds other things or another run, or can't be written.
    """
    if not path.exists():
        parent = next(p for p in path.absolute().parents if p.exists())
        if not parent.is_dir():
            raise InputError(f"{parent} is a file, not a folder", where=f"--out {path}", hint="choose another folder")
        if not os.access(parent, os.W_OK | os.X_OK):
            raise InputError(f"can't write in {parent}", where=f"--out {path}", hint="choose a folder you may write in")
        return
    if not path.is_dir():
        raise InputError("is a file, not a folder", where=f"--out {path}", hint="choose another folder")
    if not os.access(path, os.W_OK | os.X_OK):
        raise InputError("can't write there", where=f"--out {path}", hint="choose a folder you may write in")
    if not (path / "run.json").exists():
        if any(not p.name.startswith(".") for p in path.iterdir()):
            raise InputError(
                "the folder holds things that are no run of switch-bench",
                where=f"--out {path}",
                hint="choose a new or an empty folder",
            )
        return
    theirs = _read_settings(path)
    ours = json.loads(json.dumps(settings))
    if theirs.get("schema_version") in range(OLDEST, SCHEMA_VERSION):
        ours = {key: theirs[key] if key == "schema_version" else value for key, value in ours.items() if key in theirs}
    different = [key for key in {**theirs, **ours} if theirs.get(key) != ours.get(key)]
    if different:
        said = "; ".join(difference(key, theirs.get(key), ours.get(key)) for key in different)
        raise InputError(
            f"the folder holds a run made with other settings ({said})",
            where=f"--out {path}",
            hint="choose another folder, or give the settings in its run.json to go on with that run",
        )
    read_episodes(path)


def read_episodes(path: Path) -> list[dict[str, Any]]:
    """The episodes done in a run folder, by tasks in the run's order and by number.

    Raises:
        InputError: what should be a record isn't one, with its file.
    """
    return _in_order(path, _records(path).values())


def reader(path: Path) -> Callable[[str, int], dict[str, Any] | None]:
    """What reads one episode's record in a run folder by task and number, None if it isn't done; it holds none of them.

    It raises InputError as `read_episodes` does.
    """
    if not (path / "episodes").is_dir():
        lines = _lines(path / "episodes.jsonl")
        return lambda task, episode: lines.get((task, episode))

    def one(task: str, episode: int) -> dict[str, Any] | None:
        file = _file(path, task, episode)
        return _record_in(file, path) if file.exists() else None

    return one


def settings_of(path: Path) -> dict[str, Any]:
    """The settings of the run in a folder.

    Raises:
        InputError: it holds no run of one policy.
    """
    if not (path / "run.json").is_file():
        inside = sorted(p.parent.name for p in path.glob("*/run.json")) if path.is_dir() else []
        hint = f"name one of the runs in it: {', '.join(inside)}" if inside else "name a folder that `eval` wrote"
        raise InputError("is no run folder", where=str(path), hint=hint)
    return _read_settings(path)


class RunFolder:
    """A run folder opened for writing: by one process, or by all that share its queue."""

    def __init__(self, path: Path, settings: Mapping[str, Any], *, shared: bool = False) -> None:
        """Make the folder or go on with it; `check` is done first. shared: others may have it open in the same way.

        Raises:
            InputError: as `check`, or another process is writing to the folder.
        """
        check(path, settings)
        self.path = path
        self.settings: Mapping[str, Any] = settings
        try:
            for folder in (path, path / "traces", path / "frames"):
                folder.mkdir(parents=True, exist_ok=True)
            self._lock = (path / ".lock").open("a+b")
            _take(self._lock.fileno(), shared, path)
            with _alone(path):
                if not (path / "run.json").exists():
                    write_atomically(path / "run.json", json.dumps(settings, indent=2) + "\n")
                if not (path / "episodes").exists():
                    _make_episodes(path)
        except OSError as error:
            raise InputError(f"can't write there: {error.strerror}", where=f"--out {path}") from error
        self.settings = _read_settings(path)
        self._records = _records(path)

    def __enter__(self) -> RunFolder:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.refresh()
        self.write_lines()
        self._lock.close()

    @property
    def episodes(self) -> list[dict[str, Any]]:
        """The records of the episodes that are done."""
        return _in_order(self.path, self._records.values())

    @property
    def redone(self) -> int:
        """How many episodes were played again because they had ended in an error."""
        return sum(record.get("attempt", 1) > 1 for record in self._records.values())

    def done(self, *, redo_errors: bool = False) -> set[tuple[str, int]]:
        """(task, episode) of those that are done; with `redo_errors` without those that ended in an error."""
        return {key for key, record in self._records.items() if not (redo_errors and record["status"] == "error")}

    def record(self, task: str, episode: int) -> dict[str, Any] | None:
        """An episode's record, None if it isn't done."""
        return self._records.get((task, episode))

    def append(self, record: Mapping[str, Any]) -> dict[str, Any]:
        """Keep an episode's record, in the place of one it has; as it is kept. It is on disk when this returns."""
        before = self._records.get(_episode(record))
        kept = dict(record) if before is None else {**record, **_again(before)}
        if "trace" in kept:
            _settle(self.path / "traces")
        write_atomically(_file(self.path, *_episode(kept)), json.dumps(kept, allow_nan=False) + "\n")
        self._records[_episode(kept)] = kept
        return kept

    def refresh(self) -> None:
        """See what other processes have done."""
        self._records = _records(self.path)

    def refresh_one(self, task: str, episode: int) -> None:
        """See whether other processes have done an episode."""
        file = _file(self.path, task, episode)
        if file.exists():
            self._records[task, episode] = _record_in(file, self.path)

    def write_lines(self) -> None:
        """Write `episodes.jsonl`."""
        lines = [json.dumps(record, allow_nan=False) + "\n" for record in self.episodes]
        write_atomically(self.path / "episodes.jsonl", "".join(lines))


def _file(path: Path, task: str, episode: int) -> Path:
    return path / "episodes" / f"{task}.{episode}.json"


def _episode(record: Mapping[str, Any]) -> tuple[str, int]:
    return record["task"], record["episode"]


def _again(before: Mapping[str, Any]) -> dict[str, Any]:
    """What the record of an episode says that was played again."""
    error = {name: before.get("error", {}).get(name, "") for name in ("where", "type", "message")}
    return {"attempt": before.get("attempt", 1) + 1, "earlier": [*before.get("earlier", []), error]}


def _in_order(path: Path, records: Any) -> list[dict[str, Any]]:
    tasks = _read_settings(path).get("tasks", {}) if (path / "run.json").exists() else {}
    order = {task: place for place, task in enumerate(tasks)}
    return sorted(records, key=lambda r: (order.get(r["task"], len(order)), r["task"], r["episode"]))


def _take(lock: int, shared: bool, path: Path) -> None:
    try:
        fcntl.flock(lock, (fcntl.LOCK_SH if shared else fcntl.LOCK_EX) | fcntl.LOCK_NB)
    except OSError as error:
        raise InputError(
            "another process is writing to this folder",
            where=f"--out {path}",
            hint="wait for it, or choose another",
        ) from error


@contextlib.contextmanager
def _alone(path: Path) -> Iterator[None]:
    """While no other process makes or upgrades the folder."""
    with (path / ".making").open("a+b") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def _make_episodes(path: Path) -> None:
    """Make `episodes/`, of what an earlier version kept in `episodes.jsonl` alone; it is there whole or not at all."""
    part = path / ".episodes.part"
    shutil.rmtree(part, ignore_errors=True)
    (part / "episodes").mkdir(parents=True)
    for record in _lines(path / "episodes.jsonl").values():
        write_atomically(_file(part, *_episode(record)), json.dumps(record, allow_nan=False) + "\n")
    os.rename(part / "episodes", path / "episodes")
    part.rmdir()
    _settle(path)


def _records(path: Path) -> dict[tuple[str, int], dict[str, Any]]:
    """The records in a run folder, whichever version wrote it."""
    if not (path / "episodes").is_dir():
        return _lines(path / "episodes.jsonl")
    records: dict[tuple[str, int], dict[str, Any]] = {}
    for file in sorted((path / "episodes").glob("[!.]*.json")):
        record = _record_in(file, path)
        records[_episode(record)] = record
    return records


def _record_in(file: Path, path: Path) -> dict[str, Any]:
    try:
        record = _record(file.read_bytes())
        if file.name != _file(path, *_episode(record)).name:
            raise ValueError(f"it is that of {record['task']}, episode {record['episode']}")
    except ValueError as error:
        hint = "remove the file to play its episode again"
        raise InputError(f"not an episode's record: {error}", where=str(file), hint=hint) from error
    return record


def _record(data: bytes) -> dict[str, Any]:
    record = json.loads(data)
    if not (isinstance(record, dict) and {"task", "episode", "status"} <= record.keys()):
        raise ValueError("not an episode's record")
    return record


def _read_settings(path: Path) -> dict[str, Any]:
    try:
        settings = json.loads((path / "run.json").read_text())
    except (OSError, ValueError) as error:
        raise InputError(
            f"can't be read as JSON: {error}", where=str(path / "run.json"), hint="choose another folder"
        ) from error
    if not isinstance(settings, dict):
        raise InputError("isn't a JSON object", where=str(path / "run.json"), hint="choose another folder")
    return settings


def difference(key: str, theirs: Any, ours: Any, there: str = "there", here: str = "now") -> str:
    """In what two values of a setting differ."""
    if isinstance(theirs, Mapping) and isinstance(ours, Mapping):
        keys = [k for k in {**theirs, **ours} if theirs.get(k) != ours.get(k)]
        shown = "; ".join(difference(f"{key}.{k}", theirs.get(k), ours.get(k), there, here) for k in keys[:3])
        return shown + (f"; and {len(keys) - 3} more" if len(keys) > 3 else "")
    return f"{key}: {json.dumps(theirs)} {there}, {json.dumps(ours)} {here}"


def _lines(file: Path) -> dict[tuple[str, int], dict[str, Any]]:
    """The records of an `episodes.jsonl`. Earlier versions added lines to it: of an episode's the last counts, and one
    that a killed process left torn at the end is left out."""
    records: dict[tuple[str, int], dict[str, Any]] = {}
    lines = file.read_bytes().splitlines(keepends=True) if file.exists() else []
    for number, line in enumerate(lines, start=1):
        try:
            record = _record(line)
            if not line.endswith(b"\n"):
                break
        except ValueError as error:
            if number == len(lines):
                break
            raise InputError(
                f"not an episode's record: {error}",
                where=f"{file}:{number}",
                hint="remove the line to redo its episode",
            ) from error
        before = records.get(_episode(record))
        if before is not None and "attempt" not in record:
            record |= _again(before)
        records[_episode(record)] = record
    return records
