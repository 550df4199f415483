"""Tasks as LeRobot's environments: what `make_env` of an `env.py` on its EnvHub gives back.

LeRobot wants observations `pixels` (a picture by camera) and `agent_pos`, `task_description` and `_max_episode_steps`
as attributes, and `is_success` in what an episode ends with. Nothing of LeRobot is imported here.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

import gymnasium
import numpy as np
from gymnasium import spaces
from gymnasium.vector import AsyncVectorEnv, AutoresetMode, SyncVectorEnv, VectorEnv
from gymnasium.vector.utils import batch_space

from switch_bench.bodies.command import HZ, SIZE
from switch_bench.envs.errors import EnvError
from switch_bench.envs.observe import PROPRIO
from switch_bench.spec.errors import did_you_mean
from switch_bench.spec.find import load_task

CAMERAS = {"image": "rgb", "wrist_image": "wrist_rgb"}  # LeRobot's names: observation.images.NAME
PICTURE = (256, 256)  # px
THEIRS = "lerobot_"  # how the reset options begin that LeRobot sets for wrappers of its own
SUITE = "core"


class LeRobotEnv(gymnasium.Env):
    """One task for LeRobot. Actions are those of `delta_pose`, (12,) in −1 … 1, at 20 Hz.

    pixels: `image` and `wrist_image`, (height, width, 3) uint8 each; agent_pos: (17,) float32, `proprio`. What is asked
    is `task_description`, and `task`, the same. An episode ends at the task's horizon, after `_max_episode_steps`.

    Raises: SpecError for a task that isn't there; EnvError for a size that can't be drawn.
    """

    metadata = {"render_modes": ["rgb_array"], "render_fps": HZ}  # noqa: RUF012  # Gymnasium's own form

    def __init__(self, task: str, size: tuple[int, int] = PICTURE, **options: Any) -> None:
        from switch_bench.envs.env import SwitchEnv

        self.render_mode = "rgb_array"
        self.room = SwitchEnv(
            task,
            obs=(*CAMERAS.values(), "proprio"),
            act="delta_pose",
            size=size,
            render_mode=self.render_mode,
            **options,
        )
        self.observation_space, self.action_space = observed(size), acted()
        self.task = self.task_description = self.room.instruction
        self._max_episode_steps = max_steps(task)

    def reset(self, *, seed: int | None = None, options: dict[str, Any] | None = None) -> tuple[Any, dict[str, Any]]:
        """Begin an episode. Options that LeRobot sets for itself are passed over; see `SwitchEnv.reset`."""
        ours = {name: value for name, value in (options or {}).items() if not name.startswith(THEIRS)}
        obs, info = self.room.reset(seed=seed, options=ours)
        return _shaped(obs), {"elapsed_us": info["elapsed_us"], "is_success": False}

    def step(self, action: Any) -> tuple[Any, float, bool, bool, dict[str, Any]]:
        """One action of 50 ms."""
        obs, reward, terminated, truncated, info = self.room.step(np.asarray(action, np.float32))
        told = {"elapsed_us": info["elapsed_us"], "is_success": bool(info.get("is_success", False))}
        return _shaped(obs), reward, terminated, truncated, told

    def render(self) -> np.ndarray | None:
        """(480, 640, 3) picture of the room."""
        return self.room.render()

    def close(self) -> None:
        """Close the room."""
        self.room.close()


class LazyVectorEnv(VectorEnv):
    """`num_envs` environments of one task that are made when they are first needed: a suite has many tasks."""

    def __init__(
        self, make: Callable[[], gymnasium.Env], num_envs: int, size: tuple[int, int], *, processes: bool
    ) -> None:
        self._make, self._processes = make, processes
        self._made: VectorEnv | None = None
        self.num_envs, self.metadata = num_envs, LeRobotEnv.metadata | {"autoreset_mode": AutoresetMode.SAME_STEP}
        self.single_observation_space, self.single_action_space = observed(size), acted()
        self.observation_space = batch_space(self.single_observation_space, num_envs)
        self.action_space = batch_space(self.single_action_space, num_envs)

    def reset(self, *, seed: Any = None, options: dict[str, Any] | None = None) -> tuple[Any, dict[str, Any]]:
        """Begin an episode in each."""
        return self._all().reset(seed=seed, options=options)

    def step(self, actions: Any) -> tuple[Any, np.ndarray, np.ndarray, np.ndarray, dict[str, Any]]:
        """One action each; what has ended begins anew, and how it ended stands in `final_info`."""
        return self._all().step(actions)

    def call(self, name: str, *args: Any, **kwargs: Any) -> tuple[Any, ...]:
        """A method or attribute of each."""
        return self._all().call(name, *args, **kwargs)

    def get_attr(self, name: str) -> tuple[Any, ...]:
        """An attribute of each."""
        return self._all().get_attr(name)

    def render(self) -> tuple[Any, ...] | None:
        """A picture of each."""
        return self._all().render()

    def close(self, **kwargs: Any) -> None:
        """Close what was made."""
        if self._made is not None:
            self._made.close()
        self._made = None

    def _all(self) -> Any:
        if self._made is None:
            made = [self._make] * self.num_envs
            if self._processes:  # spawned: a forked OpenGL context is shared by accident
                self._made = AsyncVectorEnv(made, context="spawn", autoreset_mode=AutoresetMode.SAME_STEP)
            else:
                self._made = SyncVectorEnv(made, autoreset_mode=AutoresetMode.SAME_STEP)
        return self._made


def make_env(
    n_envs: int = 1,
    use_async_envs: bool = False,
    cfg: Any = None,
    *,
    task: str | None = None,
    size: tuple[int, int] = PICTURE,
    **options: Any,
) -> dict[str, dict[int, VectorEnv]]:
    """{suite: {number of the task: its vector environment}}, as LeRobot's EnvHub wants it.

    task: a suite or the id of one task, as `switch-bench list` shows them; if not given, that of LeRobot's
    configuration `cfg`, else the suite `core`. use_async_envs: each environment in a process of its own. options: as
    `SwitchEnv` takes them, `variations` say.

    Raises: EnvError for what is neither suite nor task, or fewer than one environment.
    """
    if n_envs < 1:
        raise EnvError(f"n_envs: expected 1 or more, got {n_envs!r}")
    name = task or getattr(cfg, "task", None) or SUITE
    suite, ids = _tasks(name)
    return {
        suite: {
            number: LazyVectorEnv(
                partial(LeRobotEnv, id, size, **options), n_envs, size, processes=use_async_envs and n_envs > 1
            )
            for number, id in enumerate(ids)
        }
    }


def observed(size: tuple[int, int] = PICTURE) -> spaces.Dict:
    """The observation space for pictures of (width, height) px."""
    picture = spaces.Box(0, 255, (size[1], size[0], 3), np.uint8)
    state = spaces.Box(-np.inf, np.inf, (len(PROPRIO),), np.float32)
    return spaces.Dict({"pixels": spaces.Dict(dict.fromkeys(CAMERAS, picture)), "agent_pos": state})


def acted() -> spaces.Box:
    """The action space."""
    return spaces.Box(-1, 1, (SIZE,), np.float32)


def max_steps(task: str) -> int:
    """So many actions of 50 ms go into a task's horizon."""
    return -(-load_task(task).horizon_us * HZ // 1_000_000)


def _tasks(name: str) -> tuple[str, Sequence[str]]:
    from switch_bench.spec.suites import suites

    known = suites()
    if name in known:
        return name, known[name]
    every = known["all"]
    if name in every:
        return name.partition(".")[0], (name,)
    raise EnvError(f"task: there is no suite and no task {name!r}. {did_you_mean(name, [*known, *every])}")


def _shaped(obs: dict[str, Any]) -> dict[str, Any]:
    return {"pixels": {name: obs[key] for name, key in CAMERAS.items()}, "agent_pos": obs["proprio"]}
