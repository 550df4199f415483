"""What episodes come to as a whole, and what `results.json` says of it."""

import pytest

from switch_bench.evaluate.bootstrap import macro
from switch_bench.evaluate.results import standing_said, summarise
from switch_bench.evaluate.standing import standing

TAGS = {"lamp": {"level": ("1",)}, "kettle": {"level": ("2",)}}


def episodes(task, outcomes):
    """A record for each letter: s success, f failure, e error."""
    return [
        {"task": task, "episode": i, "seed": i, "status": "error" if o == "e" else "done", "success": o == "s"}
        for i, o in enumerate(outcomes)
    ]


RECORDS = [*episodes("lamp", "ssfe"), *episodes("kettle", "fe")]


def test_an_error_leaves_all_of_it():
    found = standing(RECORDS, TAGS)
    assert (found.success.k, found.success.n) == (2, 4)
    assert found.macro == macro([(2, 3), (0, 1)])
    assert {name: (s.k, s.n) for name, s in found.by["level"].items()} == {"1": (2, 3), "2": (0, 1)}
    assert found.pass_at == {1: pytest.approx((2 / 3 + 0) / 2)}


def test_strictly_it_is_a_failure_in_all_of_it():
    found = standing(RECORDS, TAGS, strict=True)
    assert (found.success.k, found.success.n) == (2, 6)
    assert found.macro == macro([(2, 4), (0, 2)])
    assert {name: (s.k, s.n) for name, s in found.by["level"].items()} == {"1": (2, 4), "2": (0, 2)}
    assert found.pass_at == {1: pytest.approx(1 / 4), 2: pytest.approx((1 - 1 / 6) / 2)}
    assert found.pass_all == {1: pytest.approx(1 / 4), 2: pytest.approx((1 / 6) / 2)}


def test_tasks_of_which_nothing_is_known_are_in_no_group():
    assert standing(RECORDS, {}).by == {"level": {}, "ability": {}, "room": {}, "slice": {}}


SETTINGS = {
    "policy": "noop",
    "suite": "quick",
    "seed": 0,
    "episodes": 4,
    "track": {"act": "skill", "obs": [], "privileged": False},
    "versions": {},
    "tasks": {"lamp": "1/2", "kettle": "3/4"},
}


def test_results_have_both_counts_and_the_words_for_them():
    results = summarise(SETTINGS | {"tags": TAGS, "protocol": "v1", "record": {"engine": "mujoco"}}, RECORDS)
    assert (results.success.n, results.strict.success.n, results.errors) == (4, 6, 2)
    assert (results.protocol, results.record, results.specs) == ("v1", {"engine": "mujoco"}, SETTINGS["tasks"])
    assert standing_said(results)[0].startswith("mean over tasks: 33 %, 95 % interval ")
    assert standing_said(results)[-1] == "with errors counted as failures: 2 of 6, 33 %"


def test_settings_from_before_there_were_groups_still_make_results():
    results = summarise(SETTINGS, RECORDS)
    assert (results.protocol, results.record, results.by["level"]) == ("", {}, {})
    assert results.macro.mean == pytest.approx(1 / 3)
