"""Gymnasium's own checker accepts every task in every way to act and to see."""

from __future__ import annotations

import warnings

import gymnasium
import numpy as np
import pytest
from gymnasium.utils.env_checker import check_env
from small_envs import ACTS, BOIL, TASKS, make, one_a_scene

from switch_bench.envs.observe import IMAGES, KEYS

FEW = one_a_scene()


def accepted(task: str, **options) -> None:
    """Check a task's environment, without warnings but those about unbounded or unnormalised numbers."""
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        for fine in ("infinity", "normalized space", "can't be seeded", "different from the unwrapped"):
            warnings.filterwarnings("ignore", f".*{fine}.*")
        env = make(task, variations=1, **options)
        env.action_space.seed(1)
        check_env(env, skip_render_check=True)


@pytest.mark.parametrize("act", ACTS)
@pytest.mark.parametrize("task", TASKS)
def test_every_task_is_accepted_from_its_state(task, act):
    accepted(task, act=act, obs="state")


@pytest.mark.gl
@pytest.mark.parametrize("act", ACTS)
@pytest.mark.parametrize(
    "task", [task if task in FEW else pytest.param(task, marks=pytest.mark.slow) for task in TASKS]
)
def test_every_task_is_accepted_in_pictures(task, act):
    accepted(task, act=act, obs="rgb")


@pytest.mark.gl
@pytest.mark.parametrize("task", sorted(FEW))
def test_all_there_is_to_see_fits_its_spaces_in_any_variation(task):
    env = make(task, obs=KEYS, act="skill", variations=2)
    for seed in range(2):
        seen, info = env.reset(seed=seed)
        assert list(seen) == list(KEYS)
        for key, value in seen.items():
            assert env.observation_space[key].contains(value), key
        assert set(info["cameras"]) == {"head", "wrist"}
        seen, *_ = env.step({"verb": 7, "mark": 0, "amount": np.zeros(1, np.float32), "text": "kitchen"})
        assert env.observation_space.contains(seen)


@pytest.mark.gl
@pytest.mark.parametrize("key", KEYS)
def test_each_key_alone_is_a_space_of_its_own(key):
    env = make(obs=key)
    seen, info = env.reset(seed=0)
    assert env.observation_space.contains(seen)
    assert not isinstance(env.observation_space, gymnasium.spaces.Dict)
    assert ("cameras" in info) == (key in IMAGES)


@pytest.mark.gl
def test_gymnasiums_checker_accepts_rendering():
    env = make(BOIL, obs="state", render_mode="rgb_array")
    env.reset(seed=0)
    picture = env.render()
    assert picture is not None
    assert picture.shape == (480, 640, 3)
    assert picture.dtype == np.uint8
    assert picture.std() > 10
    env.close()
