"""Environments side by side: Gymnasium's vector environments, with autoreset at the next step."""

from __future__ import annotations

import gymnasium
import numpy as np
import pytest
from gymnasium.vector import AutoresetMode, SyncVectorEnv
from small_envs import BOIL, SMALL, make

QUICK = {"obs": "state", "size": SMALL, "variations": 1}


def test_make_vec_makes_them():
    envs = gymnasium.make_vec(f"switch_bench/{BOIL}", num_envs=3, vectorization_mode="sync", **QUICK)
    seen, _ = envs.reset(seed=7)
    assert envs.observation_space.contains(seen)
    for _ in range(3):
        seen, rewards, terminated, truncated, info = envs.step(envs.action_space.sample())
        assert envs.observation_space.contains(seen)
    assert rewards.tolist() == [0.0] * 3
    assert not terminated.any()
    assert not truncated.any()
    assert info["elapsed_us"].tolist() == [150_000] * 3
    envs.close()


def test_each_of_them_is_the_environment_of_its_own_seed():
    envs = SyncVectorEnv([lambda: make(**QUICK)] * 2)
    envs.action_space.seed(3)
    actions = [envs.action_space.sample() for _ in range(20)]
    envs.reset(seed=[4, 5])
    together = [envs.step(action)[0] for action in actions]
    for i, seed in enumerate((4, 5)):
        alone = make(**QUICK)
        alone.reset(seed=seed)
        for action, seen in zip(actions, together, strict=True):
            assert np.array_equal(alone.step(action[i])[0], seen[i])


@pytest.fixture
def reporters():
    """Two environments in which a skill may end the episode."""
    envs = SyncVectorEnv([lambda: make(**QUICK, act="skill")] * 2, autoreset_mode=AutoresetMode.NEXT_STEP)
    envs.reset(seed=0)
    yield envs
    envs.close()


def said(first: int, second: int) -> dict[str, object]:
    """Two skills without a mark: 9 waits a second, 10 reports done."""
    return {
        "verb": np.array([first, second]),
        "mark": np.zeros(2, np.int64),
        "amount": np.ones((2, 1), np.float32),
        "text": ("done", "done"),
    }


def test_an_ended_episode_begins_anew_at_the_next_step(reporters):
    seen, _, terminated, truncated, info = reporters.step(said(10, 9))
    assert terminated.tolist() == [True, False]
    assert info["_is_success"].tolist() == [True, False]
    assert info["is_success"].tolist() == [False, False]
    seen, rewards, terminated, truncated, info = reporters.step(said(9, 9))
    assert not terminated.any()
    assert not truncated.any()
    assert rewards.tolist() == [0.0, 0.0]
    assert info["elapsed_us"].tolist() == [0, 2_000_000]
    assert seen[0, 0] == 0.0
    *_, info = reporters.step(said(9, 9))
    assert info["elapsed_us"].tolist() == [1_000_000, 3_000_000]
