"""Reading scene and task files: text to a checked model, or one error with every problem of the file."""

from __future__ import annotations

from functools import lru_cache
from typing import Any, TypeVar

from pydantic import ValidationError

from switch_bench.spec.errors import Problem, SceneError, SpecError, TaskError
from switch_bench.spec.fields import Loc, Spec, told
from switch_bench.spec.in_scene import task_problems
from switch_bench.spec.references import scene_problems
from switch_bench.spec.scene import Scene
from switch_bench.spec.source import Source, read
from switch_bench.spec.task import Task

KEPT = 64  # scenes, and tasks, that needn't be parsed again while their text is the same

Model = TypeVar("Model", bound=Spec)


def parse_scene(text: str | bytes, path: str = "scene.yaml", *, name: str = "") -> Scene:
    """The scene written in a file. path: as messages show it. name: the scene's id.

    Raises:
        SceneError: with every problem found, each with its line.
    """
    return _scene(text.encode() if isinstance(text, str) else text, path, name)


def parse_task(text: str | bytes, path: str = "task.yaml", *, name: str = "") -> Task:
    """The task written in a file. path: as messages show it. name: the task's id, `<suite>.<name>-v<version>`.

    Raises:
        TaskError: with every problem found, each with its line.
    """
    return _task(text.encode() if isinstance(text, str) else text, path, name)


@lru_cache(maxsize=KEPT)
def _scene(text: bytes, path: str, name: str) -> Scene:
    scene = _parse(text, path, Scene, SceneError).model_copy(update={"id": name})
    _raise(scene_problems(scene), SceneError)
    return scene


@lru_cache(maxsize=KEPT)
def _task(text: bytes, path: str, name: str) -> Task:
    task = _parse(text, path, Task, TaskError)
    task = task.model_copy(update={"id": name, "suite": name.rpartition(".")[0]})
    _raise(task_problems(task), TaskError)
    return task


def _parse(text: bytes, path: str, model: type[Model], error: type[SpecError]) -> Model:
    data, source = read(text, path, error)
    try:
        made = model.model_validate(data)
    except ValidationError as fault:
        raise error.of(
            _problem(data, source, loc, message, hint) for loc, message, hint in told(fault, model)
        ) from None
    return made.model_copy(update={"source": source})


def _raise(problems: list[Problem], error: type[SpecError]) -> None:
    if problems:
        raise error.of(problems)


def _problem(data: Any, source: Source, loc: Loc, message: str, hint: str) -> Problem:
    """The problem at pydantic's `loc`, of which the parts that stand in the file count, and a missing key."""
    at: list[str | int] = []
    for i, part in enumerate(loc):
        here: dict[Any, Any] = (
            data if isinstance(data, dict) else dict(enumerate(data)) if isinstance(data, list) else {}
        )
        if part in here:
            data = here[part]
            at.append(part)
        elif i == len(loc) - 1 and isinstance(part, str) and part != "[key]":
            at.append(part)
    return source.problem(at, message, hint)
