"""Loading scenes and tasks: those of the package by name, others by path.

A name with a slash or ending in `.yaml` is the path of a file outside the package. What ships is listed in `names`.
"""

from __future__ import annotations

from functools import lru_cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path

from switch_bench.spec import names
from switch_bench.spec.errors import SceneError, SpecError, TaskError, did_you_mean
from switch_bench.spec.load import parse_scene, parse_task
from switch_bench.spec.names import SCENE_FILE, TASK_NAME, scenes, task_files, tasks
from switch_bench.spec.scene import Scene
from switch_bench.spec.task import Task

__all__ = ["load_scene", "load_task", "scene_of", "scenes", "tasks"]


def load_scene(name: str | Path) -> Scene:
    """A scene of the package by name, or one outside it by the path of its file or folder.

    Raises:
        SceneError: there is no such scene, or it has problems: all of them are named.
    """
    if _is_path(name):
        path = Path(name)
        if path.is_dir():
            path /= SCENE_FILE
        return parse_scene(_bytes(path, SceneError), str(path), name=path.resolve().parent.name)
    file = _scene_file(names.SCENES, str(name))
    return parse_scene(file.read_bytes(), f"scenes/{name}/{SCENE_FILE}", name=str(name))


def load_task(name: str | Path) -> Task:
    """A task of the package by id, or one outside it by the path `…/<suite>/<name>-v<version>.yaml` of its file.

    Raises:
        TaskError: there is no such task, or it has problems: all of them are named.
    """
    if _is_path(name):
        path = Path(name)
        data = _bytes(path, TaskError)
        if not TASK_NAME.fullmatch(path.stem):
            raise TaskError(str(path), message="expected a file name such as boil_water-v1.yaml, with a version")
        return parse_task(data, str(path), name=f"{path.resolve().parent.name}.{path.stem}")
    found = task_files()
    if name not in found:
        short = {task.rpartition("-v")[0]: task for task in sorted(found)}
        hint = f"Did you mean {short[str(name)]!r}?" if name in short else did_you_mean(name, found, "tasks")
        raise TaskError("tasks", message=f"unknown task {str(name)!r}", hint=hint)
    suite, _, stem = str(name).partition(".")
    return parse_task(found[str(name)].read_bytes(), f"tasks/{suite}/{stem}.yaml", name=str(name))


def scene_of(task: Task) -> Scene:
    """The scene a task plays in: one of the package, or, for a task outside it, a path seen from the task's folder.

    Raises:
        TaskError: there is no such scene.
        SceneError: the scene has problems.
    """
    if _is_path(task.scene):
        path = Path(task.source.path).parent / task.scene
        if not path.exists():
            raise TaskError.of([task.source.problem(("scene",), f"there is no file {path}")])
        return load_scene(path)
    try:
        _scene_file(names.SCENES, task.scene)
    except SceneError as error:
        hint = error.problems[0].hint
        raise TaskError.of([task.source.problem(("scene",), f"unknown scene {task.scene!r}", hint)]) from None
    return load_scene(task.scene)


@lru_cache
def _scene_file(package: str, name: str) -> Traversable:
    """The file of a scene that ships with the package. Raises SceneError."""
    known = scenes()
    if name not in known:
        raise SceneError("scenes", message=f"unknown scene {name!r}", hint=did_you_mean(name, known, "scenes"))
    return files(package) / name / SCENE_FILE


def _is_path(name: str | Path) -> bool:
    return isinstance(name, Path) or "/" in name or name.endswith((".yaml", ".yml"))


def _bytes(path: Path, error: type[SpecError]) -> bytes:
    try:
        return path.read_bytes()
    except OSError as fault:
        near = sorted(p.name for p in path.parent.glob("*.yaml")) if path.parent.is_dir() else []
        hint = did_you_mean(path.name, near, "files there")
        raise error(str(path), message=f"can't be read: {fault.strerror}", hint=hint) from None
