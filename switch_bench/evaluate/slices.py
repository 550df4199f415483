"""Episodes put together by what their tasks have in common: level, ability, room, slice.

An ability, a room and a slice may have a task in common with another, so groups of one kind needn't add up. A room is
where the effect must come about, `<scene>/<zone>`: a task that names several is in each; one that names none is in its
scene as a whole. Slices are what else a task file says: its split, whether it can be done at all, its scene, and
whether something in it is out of order.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from functools import cache
from typing import TYPE_CHECKING, Any

from switch_bench.evaluate.success import Success, counted

if TYPE_CHECKING:
    from switch_bench.spec.task import Task

KINDS = ("level", "ability", "room", "slice", "task")
Tags = Mapping[str, tuple[str, ...]]  # "level", "ability", "room", "slice" → names of groups the task is in


def groups(
    records: Iterable[Mapping[str, Any]],
    *,
    strict: bool = False,
    tags: Callable[[str], Tags] | None = None,
) -> dict[str, dict[str, Success]]:
    """Kind ("level", "ability", "room", "slice", "task") → name → success of the episodes in that group.

    Names are sorted. strict: episodes that ended in an error count as failures. tags: what is known of a task's id;
    by default what its file says.

    Raises:
        SpecError: there is no such task.
    """
    look = tags or of_id
    found: dict[str, dict[str, list[Mapping[str, Any]]]] = {kind: {} for kind in KINDS}
    for record in records:
        for kind, names in (*look(record["task"]).items(), ("task", (record["task"],))):
            for name in names:
                found[kind].setdefault(name, []).append(record)
    return {kind: {name: counted(of[name], strict=strict) for name in sorted(of)} for kind, of in found.items()}


@cache
def of_id(task: str) -> Tags:
    """The groups that a task of this benchmark is in. Raises SpecError if there is no such task."""
    from switch_bench.spec.find import load_task

    return of_task(load_task(task))


def of_task(task: Task) -> Tags:
    """The groups that a task is in, from its file."""
    return {
        "level": (str(task.level),),
        "ability": task.abilities,
        "room": tuple(f"{task.scene}/{zone}" for zone in task.where) or (task.scene,),
        "slice": (
            f"split: {task.split}",
            "can be done" if task.feasible else "can't be done",
            f"scene: {task.scene}",
            "something is out of order" if task.setup.faults else "all is in order",
        ),
    }
