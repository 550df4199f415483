from __future__ import annotations

from contextlib import closing
from typing import Any

import gymnasium
import pytest

import switch_bench.envs  # noqa: F401  # registers the tasks
from switch_bench.skills.plan import run_plan
from switch_bench.spec.find import load_task
from switch_bench.spec.steps import Report, Step, read_step
from switch_bench.spec.suites import suite

TASKS = suite("home")
QUICK = ("home.hall_light_on-v1", "home.passage_light_off-v1", "home.burnt_hall_light-v1")  # a few seconds each
MISSES = [(name, miss.name) for name in QUICK for miss in load_task(name).near_misses]
AROUND = [read_step({"look": "breakers"}), read_step({"goto": "passage_light"}), read_step({"wait": "1 s"})]


def judged(name: str, *plan: Step) -> Any:
    """The verdict on a plan carried out in the scene as written."""
    with closing(gymnasium.make(f"switch_bench/{name}", obs="proprio", act="skill", disable_env_checker=True)) as made:
        env: Any = made.unwrapped
        env.reset(seed=0, options={"variation": "none"})
        run_plan(env, plan)
        return env.verdict()


def test_the_suite_goes_over_all_levels():
    assert {load_task(name).level for name in TASKS} == {1, 2, 3, 4, 5}
    assert len(TASKS) >= 12


@pytest.mark.parametrize("name", TASKS)
def test_a_task_says_in_several_ways_what_it_wants_and_knows_what_it_takes(name):
    task = load_task(name)
    assert len(task.paraphrases) >= 2
    assert len(task.near_misses) >= 2
    assert any(step.required for step in task.solution)
    end = task.solution[-1]
    assert isinstance(end, Report)
    assert end.what == ("done" if task.feasible else "impossible")


@pytest.mark.parametrize("name", QUICK)
def test_the_reference_solution_succeeds_and_so_does_one_with_a_detour(name):
    task = load_task(name)
    assert judged(name, *task.solution).success is True
    assert judged(name, *AROUND, *task.solution).success is True


@pytest.mark.parametrize("name", QUICK)
def test_without_any_one_step_that_it_takes_it_fails(name):
    steps = load_task(name).solution
    for i, step in enumerate(steps):
        if step.required:
            assert judged(name, *steps[:i], *steps[i + 1 :]).success is False


@pytest.mark.parametrize(("name", "miss"), MISSES)
def test_a_near_miss_fails_in_the_part_it_names(name, miss):
    near = next(m for m in load_task(name).near_misses if m.name == miss)
    verdict = judged(name, *near.plan)
    assert near.fails in verdict.failed
    assert verdict.success is False


@pytest.mark.parametrize("name", TASKS)
def test_doing_nothing_is_no_success(name):
    assert judged(name).success is False
