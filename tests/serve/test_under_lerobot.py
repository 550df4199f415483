"""LeRobot itself evaluates a policy in our environments: `make test-lerobot`, with Python 3.12."""

from __future__ import annotations

import warnings
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from switch_bench.serve.lerobot import LeRobotEnv
from switch_bench.skills.plan import motion
from switch_bench.spec.find import load_task

pytestmark = pytest.mark.lerobot

ENV_PY = Path(__file__).parents[2] / "docs" / "envhub" / "env.py"
TASK = "home.hall_light_on-v1"
SEED = 4


def switching_on(seed: int) -> list[np.ndarray]:
    """The actions by which the reference solution's press is carried out in the room of this seed."""
    env = LeRobotEnv(TASK)
    env.reset(seed=seed)
    actions = []
    for action in motion(env.room.sense, load_task(TASK).solution[0]):
        actions.append(np.array(action, np.float32))
        env.room.stage.apply(action)
    env.close()
    return actions


@pytest.mark.parametrize("processes", [False, True])
def test_lerobot_evaluates_a_policy_and_counts_its_success(monkeypatch: pytest.MonkeyPatch, processes: bool) -> None:
    """Of two rooms the policy leaves the first alone, and switches the light on in the second."""
    import torch
    from lerobot.envs import close_envs, make_env, utils
    from lerobot.scripts import lerobot_eval

    warnings.simplefilter("error", UserWarning)  # LeRobot warns of what an environment lacks
    monkeypatch.setattr(utils, "hf_hub_download", lambda **asked: str(ENV_PY))  # nothing is fetched
    monkeypatch.setenv("SWITCH_BENCH_TASK", TASK)
    monkeypatch.setattr(lerobot_eval, "PreTrainedPolicy", torch.nn.Module)
    actions = switching_on(SEED + 1)

    class Switches(torch.nn.Module):
        def reset(self) -> None:
            self.left = list(actions)

        def select_action(self, obs: dict[str, Any]) -> Any:
            self.seen = obs
            second = self.left.pop(0) if self.left else np.zeros(12, np.float32)
            return torch.from_numpy(np.stack([np.zeros(12, np.float32), second]))

    policy = Switches()
    envs = make_env("someone/switch_bench", n_envs=2, use_async_envs=processes, trust_remote_code=True)
    names = ("env_preprocessor", "env_postprocessor", "preprocessor", "postprocessor")
    as_it_is = dict.fromkeys(names, lambda given: given)
    try:
        told = lerobot_eval.eval_policy_all(
            envs=envs,
            policy=policy,
            **as_it_is,
            n_episodes=2,
            max_episodes_rendered=0,
            videos_dir=None,
            return_episode_data=False,
            start_seed=SEED,
            max_parallel_tasks=1,
        )
    finally:
        close_envs(envs)
    assert told["per_task"][0]["metrics"]["successes"] == [False, True]
    assert told["overall"]["pc_success"] == 50.0
    assert policy.seen["task"] == [load_task(TASK).instruction] * 2
    shapes = {name: tuple(value.shape) for name, value in policy.seen.items() if name != "task"}
    assert shapes == {
        "observation.images.image": (2, 3, 256, 256),
        "observation.images.wrist_image": (2, 3, 256, 256),
        "observation.state": (2, 17),
    }
