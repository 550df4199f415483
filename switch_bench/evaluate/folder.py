"""The run folder: `run.json` (what was asked for), `episodes.jsonl` (what is done), `traces/`, `frames/`, and at the
end `results.json` and `report.html`.

`episodes.jsonl` only grows, by whole lines that are on disk before the next episode is handed out, so that a run killed
at any time goes on where it was: a torn last line is dropped and its episode done again. An episode that ended in an
error may be played again (`eval --redo-errors`); of its lines the last one counts.
"""

from __future__ import annotations

import fcntl
import json
import os
from collections import Counter
from collections.abc import Iterable, Mapping
from pathlib import Path
from types import TracebackType
from typing import Any, BinaryIO

from switch_bench.evaluate.errors import InputError

SCHEMA_VERSION = 3
OLDEST = 2  # of the schemas that are gone on with; an older one lacks names, which then aren't compared


def write_atomically(path: Path, data: bytes | str) -> None:
    """Write a file so that it is there whole or not at all."""
    part = path.with_name(f".{path.name}.{os.getpid()}.part")
    part.write_bytes(data.encode() if isinstance(data, str) else data)
    os.replace(part, path)


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
        said = "; ".join(_difference(key, theirs.get(key), ours.get(key)) for key in different)
        raise InputError(
            f"the folder holds a run made with other settings ({said})",
            where=f"--out {path}",
            hint="choose another folder, or give the settings in its run.json to go on with that run",
        )
    read_episodes(path)


def read_episodes(path: Path) -> list[dict[str, Any]]:
    """The episodes done in a run folder, each by its last line, in the order they ended; a torn line is left out.

    Raises:
        InputError: a line other than the last isn't a record.
    """
    file = path / "episodes.jsonl"
    if not file.exists():
        return []
    return _latest(_parse(file, file.read_bytes())[0])


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
    """A run folder opened for writing, by one process at a time."""

    def __init__(self, path: Path, settings: Mapping[str, Any]) -> None:
        """Make the folder or go on with it; `check` is done first.

        Raises:
            InputError: as `check`, or another process is writing to the folder.
        """
        check(path, settings)
        self.path = path
        self.settings: Mapping[str, Any] = settings  # as its run.json has them, in an older schema if it is older
        try:
            for folder in (path, path / "traces", path / "frames"):
                folder.mkdir(parents=True, exist_ok=True)
            if not (path / "run.json").exists():
                write_atomically(path / "run.json", json.dumps(settings, indent=2) + "\n")
            self.settings = _read_settings(path)
            self._file: BinaryIO = (path / "episodes.jsonl").open("a+b")
        except OSError as error:
            raise InputError(f"can't write there: {error.strerror}", where=f"--out {path}") from error
        try:
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            self._file.close()
            raise InputError(
                "another process is writing to this folder",
                where=f"--out {path}",
                hint="wait for it, or choose another",
            ) from error
        self._file.seek(0)
        self._lines, good = _parse(path / "episodes.jsonl", self._file.read())
        self._file.truncate(good)

    def __enter__(self) -> RunFolder:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._file.close()

    @property
    def episodes(self) -> list[dict[str, Any]]:
        """The records of the episodes that are done, of each its last line."""
        return _latest(self._lines)

    @property
    def redone(self) -> int:
        """How many episodes were played again because they had ended in an error."""
        lines = Counter(map(_episode, self._lines))
        return sum(n > 1 for n in lines.values())

    def done(self, *, redo_errors: bool = False) -> set[tuple[str, int]]:
        """(task, episode) of those that have their line; with `redo_errors` without those whose last is an error."""
        return {_episode(r) for r in self.episodes if not (redo_errors and r["status"] == "error")}

    def append(self, record: Mapping[str, Any]) -> None:
        """Add an episode's line; it is on disk when this returns."""
        self._file.write(json.dumps(record, allow_nan=False).encode() + b"\n")
        self._file.flush()
        os.fsync(self._file.fileno())
        self._lines.append(dict(record))


def _episode(record: Mapping[str, Any]) -> tuple[str, int]:
    return record["task"], record["episode"]


def _latest(lines: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """Of each episode its last line, in the order of these."""
    last: dict[tuple[str, int], dict[str, Any]] = {}
    for record in lines:
        last.pop(_episode(record), None)
        last[_episode(record)] = record
    return list(last.values())


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


def _difference(key: str, theirs: Any, ours: Any) -> str:
    if isinstance(theirs, Mapping) and isinstance(ours, Mapping):
        keys = [k for k in {**theirs, **ours} if theirs.get(k) != ours.get(k)]
        shown = "; ".join(_difference(f"{key}.{k}", theirs.get(k), ours.get(k)) for k in keys[:3])
        return shown + (f"; and {len(keys) - 3} more" if len(keys) > 3 else "")
    return f"{key}: {json.dumps(theirs)} there, {json.dumps(ours)} now"


def _parse(file: Path, data: bytes) -> tuple[list[dict[str, Any]], int]:
    """Records, and how many bytes of the file are whole lines with a record."""
    records: list[dict[str, Any]] = []
    good = 0
    lines = data.splitlines(keepends=True)
    for number, line in enumerate(lines, start=1):
        try:
            record = json.loads(line)
            if not (isinstance(record, dict) and {"task", "episode", "status"} <= record.keys()):
                raise ValueError("not an episode's record")
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
        records.append(record)
        good += len(line)
    return records, good
