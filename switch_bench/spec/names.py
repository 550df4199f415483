"""Names of the scenes and tasks that ship with the package, from the names of their files: reads and parses none."""

from __future__ import annotations

import re
from collections.abc import Iterator
from importlib.resources import files
from importlib.resources.abc import Traversable

SCENES = "switch_bench.scenes"
TASKS = "switch_bench.tasks"
SCENE_FILE = "scene.yaml"
TASK_NAME = re.compile(r"[a-z][a-z0-9_]*-v[1-9][0-9]*")


def scenes() -> tuple[str, ...]:
    """The names of all scenes of the package, sorted."""
    return tuple(sorted(entry.name for entry in _folders(SCENES) if (entry / SCENE_FILE).is_file()))


def tasks() -> tuple[str, ...]:
    """The ids of all tasks of the package, `<suite>.<name>-v<version>`, sorted."""
    return tuple(sorted(task_files()))


def task_files() -> dict[str, Traversable]:
    """The file of every task of the package, by id."""
    return {
        f"{folder.name}.{file.name.removesuffix('.yaml')}": file
        for folder in _folders(TASKS)
        for file in folder.iterdir()
        if file.name.endswith(".yaml") and TASK_NAME.fullmatch(file.name.removesuffix(".yaml"))
    }


def _folders(package: str) -> Iterator[Traversable]:
    for entry in files(package).iterdir():
        if entry.is_dir() and not entry.name.startswith(("_", ".")):
            yield entry
