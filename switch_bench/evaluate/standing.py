"""What a set of episodes comes to as a whole: the rate, the mean over tasks, by groups, and in several tries."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from pydantic import BaseModel, ConfigDict

from switch_bench.evaluate.bootstrap import Macro, macro
from switch_bench.evaluate.repeated import over_tasks
from switch_bench.evaluate.slices import Tags, groups
from switch_bench.evaluate.success import Success, counted


class Standing(BaseModel):
    """Success over all episodes; the `macro` mean over tasks; `by` level, ability, room and slice; and in k tries.

    pass_at, pass_all: k → the mean over tasks of the chance that at least one of k tries succeeds, and that all do.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    success: Success
    macro: Macro
    by: dict[str, dict[str, Success]]
    pass_at: dict[int, float]
    pass_all: dict[int, float]


def standing(records: Sequence[Mapping[str, Any]], tags: Mapping[str, Tags], *, strict: bool = False) -> Standing:
    """What episodes' records come to. tags: task → its groups; tasks that aren't in it are in none.

    strict: an episode that ended in an error counts as a failure; otherwise it leaves `n`.
    """
    found = groups(records, strict=strict, tags=lambda task: tags.get(task, {}))
    counts = [(task.k, task.n) for task in found.pop("task").values()]
    at, all_ = over_tasks(counts)
    return Standing(success=counted(records, strict=strict), macro=macro(counts), by=found, pass_at=at, pass_all=all_)
