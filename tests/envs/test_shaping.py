"""The potential of the shaped reward, against judging the whole episode at each step."""

from __future__ import annotations

from math import isfinite

import numpy as np
import pytest
from small_envs import BOIL, make

from switch_bench.envs.shaping import Potential
from switch_bench.skills.plan import run_plan
from switch_bench.verify.stl import evaluate, parse

GOALS = (
    "eventually (kettle.temperature >= 98 degC)",
    "eventually always (kettle.lamp and kettle.temperature <= 60 degC)",
    "always (not moved(mug, 10 cm))",
    "eventually visible(kettle.lamp)",
)


@pytest.fixture(scope="module")
def boiling():
    """A kettle that has just been switched on, and who watched since the start."""
    env = make(BOIL, obs="state", act="delta_pose", variations=1)
    env.reset(seed=0)
    watching = {goal: Potential(goal, env.stage) for goal in GOALS}
    env.end = lambda claim=None: None
    run_plan(env, env.task.solution[:1])
    return env, watching


@pytest.mark.parametrize("goal", GOALS)
def test_the_potential_is_that_of_the_episode_so_far(boiling, goal):
    env, watching = boiling
    for _ in range(3):
        env.step(np.zeros(12, np.float32))
        trace = env.stage.finish()
        margin = evaluate(parse(goal, trace.signals), trace, final=True).robustness
        expected = (1 + margin / (1 + abs(margin))) / 2 if isfinite(margin) else float(margin > 0)
        assert watching[goal].now() == pytest.approx(expected)
