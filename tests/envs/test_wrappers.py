"""Gymnasium's own wrappers go round the environments without glue."""

from __future__ import annotations

import gymnasium
import numpy as np
from gymnasium import wrappers
from gymnasium.wrappers import vector

import switch_bench.envs  # noqa: F401  # registers the tasks

NAME = "switch_bench/home.sink_light_on-v1"
HORIZON = 30  # steps


def test_a_vector_of_numbers_takes_the_usual_wrappers() -> None:
    env = gymnasium.make(NAME, preset="rl", variations=2, max_episode_steps=HORIZON)
    size = env.observation_space.shape[0]  # type: ignore[index]
    env = wrappers.RecordEpisodeStatistics(env)
    env = wrappers.ClipAction(wrappers.RescaleAction(env, np.float32(-2.0), np.float32(2.0)))
    env = wrappers.FrameStackObservation(wrappers.NormalizeObservation(env), 3)
    obs, _ = env.reset(seed=0)
    assert obs.shape == (3, size)
    rewards, over, info = 0.0, False, {}
    while not over:
        obs, reward, terminated, truncated, info = env.step(np.full(12, 5.0, np.float32))
        rewards, over = rewards + float(reward), terminated or truncated
    assert info["episode"]["l"] == HORIZON
    assert np.isclose(info["episode"]["r"], rewards, atol=1e-4)


def test_several_observations_are_flattened_and_picked_from() -> None:
    env = gymnasium.make(NAME, obs=("proprio", "sounds", "state"), variations=1)
    whole = wrappers.FlattenObservation(env)
    obs, _ = whole.reset(seed=0)
    parts = env.observation_space.spaces  # type: ignore[attr-defined]
    assert obs.shape == (sum(int(np.prod(part.shape)) for part in parts.values()),)
    some = wrappers.FilterObservation(env, ["proprio"])
    assert set(some.reset(seed=0)[0]) == {"proprio"}


def test_many_environments_take_the_wrappers_of_vectors() -> None:
    envs = gymnasium.make_vec(NAME, num_envs=3, preset="rl", variations=2)
    wrapped = vector.RecordEpisodeStatistics(vector.NormalizeReward(envs))
    wrapped.reset(seed=0)
    wrapped.step(np.zeros((3, 12), np.float32))
    obs, rewards, *_ = wrapped.step(np.zeros((3, 12), np.float32))
    assert obs.shape[0] == 3
    assert rewards.shape == (3,)
    assert np.isfinite(rewards).all()
