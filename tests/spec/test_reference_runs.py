"""The figures of reference solutions are used only where they are of this task and of these rules."""

from __future__ import annotations

import pytest

from switch_bench.spec.errors import SpecError
from switch_bench.spec.find import load_task
from switch_bench.spec.reference_runs import ReferenceRun, ReferenceRuns, read, reference_run, write

TASK = load_task("kitchen.boil_water-v1")


def runs(*, rules: int = 2, hash: str = TASK.spec_hash, id: str = TASK.id) -> ReferenceRuns:
    run = ReferenceRun(time_s=95.0, slowest_s=120.5, acts=1, seeds=5, hash=hash)
    return ReferenceRuns(rules=rules, tasks={id: run})


def test_figures_of_this_task_and_these_rules_are_found():
    run, why = reference_run(TASK, 2, runs())
    assert run is not None
    assert (run.time_s, run.acts, why) == (95.0, 1, "")


@pytest.mark.parametrize(
    ("kept", "why"),
    [
        (runs(id="kitchen.other-v1"), "hasn't been measured"),
        (runs(rules=1), "by rules 1, not 2"),
        (runs(hash="older"), "has changed since"),
    ],
)
def test_others_are_refused_with_the_reason(kept, why):
    run, said = reference_run(TASK, 2, kept)
    assert run is None
    assert why in said


def test_what_is_written_is_read_again(tmp_path):
    path = tmp_path / "runs.json"
    write(runs(), path)
    assert read(path.read_text()) == runs()


@pytest.mark.parametrize(
    "text",
    ["", "[]", '{"rules": 2}', '{"rules": 2, "tasks": {"a": {"time_s": -1}}}', '{"rules": 2, "tasks": {}, "x": 1}'],
)
def test_a_file_that_is_none_is_refused_by_name(text):
    with pytest.raises(SpecError, match=r"runs\.json.*no reference runs"):
        read(text, "runs.json")
