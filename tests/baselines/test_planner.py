"""The planner: solves tasks without their solutions, by worlds that it only imagines."""

from __future__ import annotations

from contextlib import closing
from dataclasses import fields
from typing import Any

import pytest

from switch_bench.evaluate import bench
from switch_bench.evaluate.policies import load
from switch_bench.spec.suites import suites

SEED = 1
SOLVED = (  # one of each level at least, with a hold, a wait, a report that it can't be done, and means asked for
    "kitchen.hob_light-v1",
    "home.panel_lights_out-v1",
    "utility.boiler_locked_out-v1",
    "home.let_visitor_in-v1",
    "kitchen.no_gas-v1",
    "utility.find_stairs_breaker-v1",
)
ANSWERS = {
    "solution": (), "near_misses": (), "disconfirming": (), "feasible": True, "level": 1, "instruction": "",
    "title": "", "paraphrases": (), "abilities": (),
}  # fmt: skip


def play(task: str, **hidden: Any) -> Any:
    """The environment after an episode in which the task had other fields than its file's; they are its own again."""
    policy, _ = load("planner")
    env = bench.make(task, obs=("proprio",), act="skill")
    env.reset(seed=SEED)
    host: Any = env.unwrapped
    whole = host.task
    host.task = whole.model_copy(update=hidden)
    policy.play(env, task, SEED)
    host.task = whole
    return host


@pytest.mark.parametrize("task", SOLVED)
def test_it_solves_a_task_whose_answers_are_taken_out_of_its_file(task: str) -> None:
    with closing(play(task, **ANSWERS)) as host:
        assert host.verdict().success is True, host.verdict().words


def test_of_a_task_it_is_told_what_is_asked_for_and_nothing_else() -> None:
    from switch_bench.planning.aim import Told

    assert {f.name for f in fields(Told)} == {"goal", "never", "required", "allowed", "forbidden", "horizon_us"}


def test_where_no_other_means_would_do_the_controls_asked_for_make_no_difference_to_its_plan() -> None:
    task = "utility.find_stairs_breaker-v1"
    with closing(play(task)) as told, closing(play(task, required=())) as untold:
        assert told.trace.manifest["plans"] == untold.trace.manifest["plans"]
        assert told.trace.manifest["plans"][0]["guided"] is False
        assert "breakers.mcb_2" in told.task.required


def test_the_same_episode_goes_the_same_way_again() -> None:
    task = "kitchen.pause_microwave-v1"
    with closing(play(task)) as once, closing(play(task)) as again:
        assert once.trace.hashes == again.trace.hashes
        assert once.trace.manifest["plans"] == again.trace.manifest["plans"]
        assert once.trace.claim == again.trace.claim


def test_a_budget_that_is_spent_ends_in_no_plan() -> None:
    from switch_bench.planning.planner import Planner
    from switch_bench.planning.search import Search

    with closing(bench.make("kitchen.pause_microwave-v1", obs=("proprio",), act="skill")) as env:
        env.reset(seed=SEED)
        planner = Planner(env.unwrapped)
        search = Search(planner.aim, planner.near, lambda _: True)
        assert search.plan(planner._imagined(), 12) is None
        assert 12 <= search.tried <= 15  # the last act may be tried with what holding it takes


@pytest.mark.slow
@pytest.mark.parametrize("task", suites()["core"])
def test_it_solves_all_of_core(task: str) -> None:
    with closing(play(task)) as host:
        assert host.verdict().success is True, host.verdict().words
