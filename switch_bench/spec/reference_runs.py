"""How long the reference solutions take: figures measured by the audit and shipped as `tasks/reference_runs.json`."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from switch_bench.spec import names
from switch_bench.spec.errors import SpecError
from switch_bench.spec.task import Task

FILE = "reference_runs.json"


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class ReferenceRun(_Frozen):
    """What a task's reference solution took, over several variations."""

    time_s: float = Field(gt=0)  # median, simulated
    slowest_s: float = Field(gt=0)
    acts: int = Field(ge=0)  # median of the verdicts' `acts`
    seeds: int = Field(gt=0)  # variations
    hash: str  # of the task file they were measured with


class ReferenceRuns(_Frozen):
    """All of them, and the version of the rules by which they were measured."""

    rules: int
    tasks: Mapping[str, ReferenceRun]


def read(text: str, where: str = FILE) -> ReferenceRuns:
    """The figures of a file. Raises `SpecError` with what is wrong."""
    try:
        return ReferenceRuns.model_validate(json.loads(text))
    except (ValueError, ValidationError) as error:
        raise SpecError(where, message=f"these are no reference runs: {error}") from error


@cache
def shipped() -> ReferenceRuns | None:
    """The package's own figures; None if there are none yet."""
    file = files(names.TASKS) / FILE
    return read(file.read_text(encoding="utf-8"), f"tasks/{FILE}") if file.is_file() else None


def write(runs: ReferenceRuns, path: Path) -> None:
    """Write figures as `read` takes them, tasks in order."""
    plain = runs.model_dump(mode="json")
    plain["tasks"] = dict(sorted(plain["tasks"].items()))
    path.write_text(json.dumps(plain, indent=1) + "\n", encoding="utf-8")


def reference_run(task: Task, rules: int, runs: ReferenceRuns | None = None) -> tuple[ReferenceRun | None, str]:
    """The figures of a task, or None and why they can't be used. runs: other than the package's own."""
    runs = runs or shipped()
    if runs is None or task.id not in runs.tasks:
        return None, "its reference solution hasn't been measured"
    if runs.rules != rules:
        return None, f"its reference solution was measured by rules {runs.rules}, not {rules}"
    run = runs.tasks[task.id]
    if run.hash != task.spec_hash:
        return None, "the task has changed since its reference solution was measured"
    return run, ""
