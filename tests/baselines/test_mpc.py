"""Model-predictive control: presses by itself, through physics, and no more than it may think."""

from __future__ import annotations

from contextlib import closing
from math import hypot
from typing import Any

import numpy as np

from switch_bench.evaluate import bench
from switch_bench.evaluate.policies import load
from switch_bench.planning.cem import MOVED, Cem
from switch_bench.planning.pressing import Pressing
from switch_bench.world.world import World

TASK = "utility.worktop_light_on-v1"


def begun() -> Any:
    """A fresh episode of `delta_pose`."""
    env = bench.make(TASK, obs=("proprio",), act="delta_pose")
    env.reset(seed=0, options={"variation": "none"})
    return env


def test_it_presses_a_light_switch() -> None:
    policy, says = load("mpc")
    assert (says.act, says.privileged) == ("delta_pose", True)
    with closing(begun()) as env:
        policy.play(env, TASK, 0)
        host: Any = env.unwrapped
        assert host.verdict().success is True
        assert host.trace.claim is None  # this track has no report
        assert len(host.trace.actions) > 40  # it was the body that went there, step by step


def test_it_thinks_no_longer_than_it_may_and_then_keeps_its_hands_off() -> None:
    with closing(begun()) as env:
        host: Any = env.unwrapped
        pressing = Pressing(host, 0, 3)
        pressing.play()
        assert pressing.presser.cem.count == 3
        assert host.over
        assert host.trace.end == host.task.horizon_us
        assert host.verdict().success is False


def test_the_actions_it_chooses_bring_the_body_where_that_costs_less() -> None:
    with closing(begun()) as env:
        world = env.unwrapped.stage.world  # pyright: ignore[reportAttributeAccessIssue]
        q = world.room.body_qpos
        x, y, yaw = world.data.qpos[q : q + 3].tolist()
        there = (x + 0.3 * np.cos(yaw), y + 0.3 * np.sin(yaw))

        def cost(then: World) -> float:
            return hypot(then.data.qpos[q] - there[0], then.data.qpos[q + 1] - there[1])

        chosen = []
        for _ in range(2):
            cem = Cem(np.random.default_rng(5))
            chosen.append(cem.action(world, cost, 0.5, np.ones(len(MOVED))))
            cem.close()
        assert chosen[0] == chosen[1]
        assert chosen[0][7] > 0.2  # forward
