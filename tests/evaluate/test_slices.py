"""Episodes put together by what their tasks have in common."""

import pytest

from switch_bench.evaluate.slices import groups, of_id
from switch_bench.evaluate.statistics import wilson
from switch_bench.evaluate.success import counted
from switch_bench.spec.errors import SpecError
from switch_bench.spec.find import load_task, tasks

TAGS = {
    "lamp": {"level": ("1",), "ability": ("look", "act"), "room": ("flat/hall",), "slice": ("split: train",)},
    "kettle": {"level": ("2",), "ability": ("act",), "room": ("flat/hall", "flat/kitchen"), "slice": ("split: val",)},
}


def done(task, success):
    return {"task": task, "status": "done", "success": success}


def error(task):
    return {"task": task, "status": "error"}


def test_an_episode_is_in_every_group_of_its_task():
    found = groups([done("lamp", True), done("lamp", False), done("kettle", True)], tags=TAGS.__getitem__)
    assert {kind: {name: (s.k, s.n) for name, s in of.items()} for kind, of in found.items()} == {
        "level": {"1": (1, 2), "2": (1, 1)},
        "ability": {"act": (2, 3), "look": (1, 2)},
        "room": {"flat/hall": (2, 3), "flat/kitchen": (1, 1)},
        "slice": {"split: train": (1, 2), "split: val": (1, 1)},
        "task": {"kettle": (1, 1), "lamp": (1, 2)},
    }
    assert found["ability"]["act"].interval == wilson(2, 3)


def test_an_error_leaves_a_group_unless_it_is_counted_strictly():
    records = [done("lamp", True), error("lamp")]
    lenient, strict = (
        groups(records, strict=strict, tags=TAGS.__getitem__)["task"]["lamp"] for strict in (False, True)
    )
    assert ((lenient.k, lenient.n), (strict.k, strict.n)) == ((1, 1), (1, 2))


def test_a_group_of_errors_alone_has_no_rate():
    assert groups([error("lamp")], tags=TAGS.__getitem__)["level"]["1"].rate is None


def test_the_undetermined_counts_as_not_successful():
    assert (counted([done("lamp", None)]).k, counted([done("lamp", None)]).n) == (0, 1)


def test_tasks_are_in_the_groups_that_their_files_name():
    kettle = of_id("home.kettle_after_trip-v1")
    assert kettle["level"] == (str(load_task("home.kettle_after_trip-v1").level),)
    assert set(kettle["room"]) == {f"two_room_flat/{zone}" for zone in load_task("home.kettle_after_trip-v1").where}
    assert "something is out of order" in kettle["slice"]
    assert "can't be done" in of_id("kitchen.no_gas-v1")["slice"]


def test_every_task_has_a_group_of_every_kind():
    for task in tasks():
        assert all(of_id(task).values()), task


def test_an_unknown_task_is_told():
    with pytest.raises(SpecError):
        groups([done("kitchen.nothing-v1", True)])
