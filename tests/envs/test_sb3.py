"""Stable-Baselines3 accepts every task, and PPO learns a step on each: one rollout, one update."""

from __future__ import annotations

import warnings

import numpy as np
import pytest
from small_envs import TASKS, make

pytestmark = pytest.mark.rl
ROLLOUT = 16  # steps


@pytest.mark.parametrize("task", TASKS)
def test_its_checker_accepts_every_task(task):
    from stable_baselines3.common.env_checker import check_env

    with warnings.catch_warnings():
        warnings.simplefilter("error")
        check_env(make(task, obs="state", variations=1))


@pytest.mark.parametrize("task", TASKS)
def test_ppo_rolls_out_and_updates_on_every_task(task):
    import torch
    from stable_baselines3 import PPO

    torch.set_num_threads(1)
    env = make(task, obs="state", variations=1)
    agent = PPO("MlpPolicy", env, n_steps=ROLLOUT, batch_size=ROLLOUT, n_epochs=1, seed=0, device="cpu")
    before = [p.detach().clone() for p in agent.policy.parameters()]
    agent.learn(ROLLOUT)
    assert agent.num_timesteps == ROLLOUT
    assert env.stage is not None
    assert env.stage.now == ROLLOUT * 50_000
    assert any(not torch.equal(a, b) for a, b in zip(before, agent.policy.parameters(), strict=True))
    assert all(torch.isfinite(p).all() for p in agent.policy.parameters())


def test_the_shaped_reward_reaches_the_agent():
    from stable_baselines3 import PPO

    env = make("kitchen.boil_water-v1", obs="state", variations=1, reward="shaped")
    agent = PPO("MlpPolicy", env, n_steps=ROLLOUT, batch_size=ROLLOUT, n_epochs=1, seed=0, device="cpu")
    agent.learn(ROLLOUT)
    assert np.isfinite(agent.rollout_buffer.rewards).all()
    assert np.any(agent.rollout_buffer.rewards != 0.0)


@pytest.mark.gl
def test_ppo_learns_from_pictures():
    from stable_baselines3 import PPO

    env = make("kitchen.boil_water-v1", obs="rgb", variations=1)
    agent = PPO("CnnPolicy", env, n_steps=4, batch_size=4, n_epochs=1, seed=0, device="cpu")
    agent.learn(4)
    assert agent.num_timesteps == 4
