"""The random agent of skills."""

from contextlib import closing

import numpy as np
import pytest

from switch_bench.envs.act import VERBS, checked
from switch_bench.evaluate import bench
from switch_bench.evaluate.policies import load

INSTRUCTION = "Switch the hall light on."


@pytest.fixture
def agent():
    policy, says = load("random_skill")
    assert (says.act, says.privileged, says.wants_pictures) == ("skill", False, False)
    policy.reset("a.task-v1", 7, {})
    return policy


def told(agent, said, times):
    """Its actions while every one of them comes to `said`."""
    out = [agent(INSTRUCTION, {})]
    for _ in range(times - 1):
        out.append(agent(INSTRUCTION, {"said": said}))
    return [(VERBS[a["verb"]], a) for a in out]


def test_it_does_twenty_skills_and_then_reports_done(agent):
    verbs = [verb for verb, _ in told(agent, "done", 21)]
    assert verbs.index("report") == 20
    assert told(agent, "done", 1)[0][1]["text"] == "done"


def test_what_could_not_be_done_is_not_counted(agent):
    assert "report" not in [verb for verb, _ in told(agent, "one can't type that", 100)]


def test_it_comes_to_use_the_marks_there_are(agent):
    said, used = "", []
    for _ in range(400):
        action = agent(INSTRUCTION, {"said": said})
        said = "one can't type that" if action["mark"] <= 3 else f"there is no mark {action['mark']} in the image"
        used.append(action["mark"])
    assert {1, 2, 3} <= set(used)
    assert sum(mark > 3 for mark in used) < 0.7 * len(used)


def test_where_nothing_is_marked_it_looks_about_walks_and_waits(agent):
    said, done = "", set()
    for _ in range(400):
        action = agent(INSTRUCTION, {"said": said})
        said = f"there is no mark {action['mark']} in the image" if action["mark"] else "there is no room called that"
        done |= {VERBS[action["verb"]]} if not action["mark"] else set()
    assert done == {"goto", "look", "wait"}


def test_its_actions_are_in_the_action_space(agent):
    for _, action in told(agent, "nothing is held", 300):
        assert checked("skill", action)


def test_it_draws_the_same_from_the_same_seed(agent):
    first = told(agent, "no", 40)
    agent.reset("another.task-v1", 7, {})
    again = told(agent, "no", 40)
    assert all(np.array_equal(a[k], b[k]) for (_, a), (_, b) in zip(first, again, strict=True) for k in a)
    agent.reset("another.task-v1", 8, {})
    assert [v for v, _ in told(agent, "no", 40)] != [v for v, _ in first]


def test_it_moves_things_in_a_room():
    policy, says = load("random_skill")
    with closing(bench.make("kitchen.pause_microwave-v1", obs=says.obs, act=says.act, size=(960, 960))) as env:
        obs, info = env.reset(seed=1)
        policy.reset("kitchen.pause_microwave-v1", 1, info)
        over = False
        while not over:
            obs, _, terminated, truncated, info = env.step(policy(obs, info))
            over = terminated or truncated
        assert bench.retrial(env).acts > 0
