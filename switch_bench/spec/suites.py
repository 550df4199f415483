"""Suites of tasks: one for each folder of `tasks/`, `all`, and those that `tasks/suites.yaml` names."""

from __future__ import annotations

from collections.abc import Collection
from importlib.resources import files

from switch_bench.spec import names
from switch_bench.spec.errors import Problem, SuiteError, did_you_mean
from switch_bench.spec.fields import ID
from switch_bench.spec.names import tasks
from switch_bench.spec.source import read

ALL = "all"
FILE = "suites.yaml"


def suites() -> dict[str, tuple[str, ...]]:
    """Every suite's task ids. Reads `tasks/suites.yaml` and no task.

    Raises:
        SuiteError: with every problem of the file.
    """
    known = tasks()
    folders: dict[str, list[str]] = {}
    for task in known:
        folders.setdefault(task.partition(".")[0], []).append(task)
    made = {name: tuple(ids) for name, ids in folders.items()} | {ALL: known}
    file = files(names.TASKS) / FILE
    named = parse_suites(file.read_bytes(), f"tasks/{FILE}", known, made) if file.is_file() else {}
    return made | named


def suite(name: str) -> tuple[str, ...]:
    """The task ids of one suite. Raises `SuiteError` if there is none of that name."""
    known = suites()
    if name not in known:
        raise SuiteError("tasks", message=f"unknown suite {name!r}", hint=did_you_mean(name, known, "suites"))
    return known[name]


def parse_suites(
    data: bytes, path: str, known: Collection[str], taken: Collection[str] = ()
) -> dict[str, tuple[str, ...]]:
    """The suites a file names. known: ids of all tasks. taken: names of suites that come of themselves.

    Raises:
        SuiteError: with every problem of the file.
    """
    named, source = read(data, path, SuiteError)
    problems: list[Problem] = []
    for name, ids in named.items():
        if not ID.fullmatch(name):
            problems.append(source.problem((name,), "expected a name of small letters, digits and _"))
        if name in taken:
            problems.append(source.problem((name,), f"the suite {name!r} is there already, from the tasks' folders"))
        if not isinstance(ids, list) or not ids:
            problems.append(source.problem((name,), "expected a list of task ids"))
            continue
        for i, task in enumerate(ids):
            if task not in known:
                hint = did_you_mean(task, known, "tasks")
                problems.append(source.problem((name, i), f"unknown task {task!r}", hint))
            elif task in ids[:i]:
                problems.append(source.problem((name, i), f"{task} is there twice"))
    if problems:
        raise SuiteError.of(problems)
    return {name: tuple(ids) for name, ids in named.items()}
