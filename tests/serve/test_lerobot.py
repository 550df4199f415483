"""Environments for LeRobot, by its contract as version 0.6.1 has it in `envs/factory.py` and `scripts/lerobot_eval.py`.

`tests/serve/run_lerobot.py` runs them under LeRobot itself, which needs Python 3.12.
"""

from __future__ import annotations

import runpy
from pathlib import Path

import gymnasium
import numpy as np
import pytest

from switch_bench.envs.errors import EnvError
from switch_bench.serve.lerobot import LazyVectorEnv, LeRobotEnv, make_env, max_steps
from switch_bench.skills.plan import motion
from switch_bench.spec.find import load_task
from switch_bench.spec.suites import suites

ENV_PY = Path(__file__).parents[2] / "docs" / "envhub" / "env.py"
TASK = "home.hall_light_on-v1"


def test_a_suite_is_a_vector_environment_for_each_task_and_none_is_made_before_it_is_needed() -> None:
    envs = make_env(n_envs=2)
    assert {suite: list(made) for suite, made in envs.items()} == {"core": list(range(len(suites()["core"])))}
    for env in envs["core"].values():
        assert isinstance(env, gymnasium.vector.VectorEnv)
        assert env.num_envs == 2
        assert env.unwrapped.metadata["render_fps"] == 20
        env.close()


def test_one_task_is_named_by_the_call_the_configuration_or_the_environment(monkeypatch) -> None:
    class Configuration:
        task = TASK

    assert {s: len(made) for s, made in make_env(1, False, Configuration()).items()} == {"home": 1}
    hub = runpy.run_path(str(ENV_PY))["make_env"]
    assert list(hub(n_envs=1, use_async_envs=False)) == ["core"]
    assert list(hub(n_envs=1, use_async_envs=False, cfg=Configuration())) == ["home"]
    monkeypatch.setenv("SWITCH_BENCH_TASK", "utility")
    assert list(hub(n_envs=1, use_async_envs=False)) == ["utility"]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ({"task": "home.hall_light-v1"}, "Did you mean 'home.hall_light_on-v1'"),
        ({"n_envs": 0}, "n_envs: expected 1 or more"),
    ],
)
def test_what_is_no_environment_is_told(arguments, said) -> None:
    with pytest.raises(EnvError, match=said):
        make_env(**arguments)


def test_the_steps_are_those_of_the_horizon() -> None:
    assert load_task(TASK).horizon_us % 50_000 == 0
    assert max_steps(TASK) == load_task(TASK).horizon_us // 50_000


@pytest.fixture(scope="module")
def pair():
    """Two rooms of one task, as LeRobot would have them."""
    envs = make_env(2, False, task=TASK, size=(64, 48), variations=1)
    yield envs["home"][0]
    envs["home"][0].close()


@pytest.mark.gl
def test_what_is_seen_is_what_lerobot_takes(pair) -> None:
    """`preprocess_observation`: pictures of a batch, channels last, uint8; `agent_pos` a batch of numbers."""
    obs, _ = pair.reset(seed=[0, 1], options={"lerobot_new_rollout": True})
    assert pair.observation_space.contains(obs)
    assert obs.keys() == {"pixels", "agent_pos"}
    for picture in obs["pixels"].values():
        assert (picture.shape, picture.dtype) == ((2, 48, 64, 3), np.uint8)
        assert picture.std() > 5
    assert (obs["agent_pos"].shape, obs["agent_pos"].dtype) == ((2, 17), np.float32)
    assert list(pair.call("task_description")) == [load_task(TASK).instruction] * 2
    assert list(pair.get_attr("task")) == [load_task(TASK).instruction] * 2
    assert pair.call("_max_episode_steps")[0] == max_steps(TASK)
    assert pair.call("render")[0].shape == (480, 640, 3)


@pytest.mark.gl
def test_success_is_told_in_what_an_episode_ends_with(pair) -> None:
    """The first room is left alone; in the second the light is switched on by hand, through the same body."""
    pair.reset(seed=[0, 1], options={"lerobot_new_rollout": True})
    rooms = [env.room for env in pair._all().envs]
    press = load_task(TASK).solution[0]
    assert rooms[1].perform(motion(rooms[1].sense, press)) == "done"
    for room in rooms:
        room.wait((room.task.horizon_us - room.stage.now) / 1e6 - 0.1)
    for left in (1, 0):
        *_, terminated, truncated, info = pair.step(np.zeros((2, 12), np.float32))
        assert terminated.tolist() == [False, False]
        assert truncated.tolist() == ([True, True] if left == 0 else [False, False])
    assert info["final_info"]["is_success"].tolist() == [False, True]
    assert [room.stage.now for room in rooms] == [0, 0]  # both have begun anew


@pytest.mark.gl
def test_the_environment_alone_is_gymnasiums() -> None:
    env = LeRobotEnv(TASK, (32, 32), variations=1)
    obs, info = env.reset(seed=3)
    assert env.observation_space.contains(obs)
    assert info == {"elapsed_us": 0, "is_success": False}
    obs, reward, terminated, truncated, info = env.step(np.zeros(12))
    assert env.observation_space.contains(obs)
    assert (reward, terminated, truncated, info) == (0.0, False, False, {"elapsed_us": 50_000, "is_success": False})
    with pytest.raises(EnvError, match="unknown 'variatoin'"):
        env.reset(options={"variatoin": 1})
    env.close()


@pytest.mark.gl
@pytest.mark.slow
def test_each_may_have_a_process_of_its_own() -> None:
    env = make_env(2, True, task=TASK, size=(32, 32), variations=1)["home"][0]
    try:
        obs, _ = env.reset(seed=[0, 1])
        assert obs["pixels"]["image"].shape == (2, 32, 32, 3)
        assert isinstance(env._all(), gymnasium.vector.AsyncVectorEnv)
        assert list(env.call("task_description")) == [load_task(TASK).instruction] * 2
    finally:
        env.close()


def test_one_that_was_never_used_is_closed_without_being_made() -> None:
    def make() -> gymnasium.Env:
        raise AssertionError("it isn't needed")

    LazyVectorEnv(make, 3, (32, 32), processes=False).close()
