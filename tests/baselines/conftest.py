"""An episode of a baseline, played in-process."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing
from typing import Any

import gymnasium
import pytest

import switch_bench.envs  # noqa: F401  # registers the tasks


def _play(policy: Any, task: str, seed: int, **options: Any) -> tuple[Any, int]:
    """The verdict on one episode, and how many actions it took."""
    env = gymnasium.make(f"switch_bench/{task}", obs=policy.obs, act=policy.act, size=policy.size, reward="none")
    with closing(env.unwrapped) as bare:
        obs, info = bare.reset(seed=seed, options=options)
        policy.reset("", seed, info)
        count, over = 0, False
        while not over:
            action = policy(obs, info)
            if action is None:
                bare.end()  # type: ignore[attr-defined]
                break
            obs, _, terminated, truncated, info = bare.step(action)
            count, over = count + 1, terminated or truncated
        return bare.verdict(), count  # type: ignore[attr-defined]


@pytest.fixture
def play() -> Callable[..., tuple[Any, int]]:
    """Plays an episode: (policy, task, seed, options of the reset) to its verdict and how many actions it took."""
    return _play
