"""Many environments of one task in one process, stepped by threads: `gymnasium.make_vec(…, "vector_entry_point")`.

Each is a `SwitchEnv` of its own, and gives to the last bit what it would give alone. MuJoCo lets go of Python's lock
while it steps, so that the physics of several run at once; pictures are taken by the thread that calls, which has the
OpenGL. `mujoco.batch` does the same with states copied in and out; measured by `switch-bench bench`, this is no slower,
and every environment may have a room of its own.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from copy import deepcopy
from typing import Any, cast

import numpy as np
from gymnasium.vector import AutoresetMode, SyncVectorEnv
from gymnasium.vector.utils import concatenate, iterate

from switch_bench.envs import act as acts
from switch_bench.envs.env import SwitchEnv
from switch_bench.envs.errors import EnvError


class SwitchVectorEnv(SyncVectorEnv):
    """`num_envs` environments of a task. Seeds, autoreset and infos are those of Gymnasium's `SyncVectorEnv`.

    threads: how many step at once (None: as many as there are processors for this process). options: as `SwitchEnv`
    takes them; `variations=8`, say, lets all of them share eight compiled rooms.

    Raises: EnvError for arguments that aren't known, and, before anything has moved, for what is no action.
    """

    def __init__(
        self,
        task: str,
        num_envs: int = 1,
        *,
        threads: int | None = None,
        autoreset_mode: AutoresetMode | str = AutoresetMode.NEXT_STEP,
        copy: bool = True,
        **options: Any,
    ):
        if num_envs < 1:
            raise EnvError(f"num_envs: expected 1 or more, got {num_envs!r}")
        if threads is not None and threads < 1:
            raise EnvError(f"threads: expected 1 or more, or None for one a processor, got {threads!r}")
        super().__init__([lambda: SwitchEnv(task, **options)] * num_envs, copy=copy, autoreset_mode=autoreset_mode)
        self.singles = cast(list[SwitchEnv], self.envs)
        self.threads = min(num_envs, threads or len(os.sched_getaffinity(0)))
        self._pool: tuple[int, ThreadPoolExecutor] | None = None  # of the process with this id
        self._pictures = self.singles[0].takes_pictures

    def step(self, actions: Any) -> tuple[Any, np.ndarray, np.ndarray, np.ndarray, dict[str, Any]]:
        """One action each; those that ended at the last step begin anew instead, by the mode NEXT_STEP."""
        given = self._checked(actions)
        over = self._autoreset_envs.tolist() if self.autoreset_mode != AutoresetMode.SAME_STEP else []
        if self.autoreset_mode == AutoresetMode.DISABLED and any(over):
            raise EnvError(f"step: the episodes of {np.flatnonzero(over).tolist()} are over; call reset first")
        going = [i for i in range(self.num_envs) if not (over and over[i])]
        told: list[Any] = [None] * self.num_envs
        if self._pictures:
            self._all(lambda i: self.singles[i].act_on(given[i]), going)
            for i in going:
                told[i] = self.singles[i].outcome()
        else:

            def both(i: int) -> None:
                self.singles[i].act_on(given[i])
                told[i] = self.singles[i].outcome()

            self._all(both, going)
        infos: dict[str, Any] = {}
        for i, outcome in enumerate(told):
            if outcome is None:
                self._env_obs[i], info = self.envs[i].reset()
                self._rewards[i], self._terminations[i], self._truncations[i] = 0.0, False, False
            else:
                self._env_obs[i], self._rewards[i], self._terminations[i], self._truncations[i], info = outcome
                if self.autoreset_mode == AutoresetMode.SAME_STEP and (outcome[2] or outcome[3]):
                    infos = self._add_info(infos, {"final_obs": self._env_obs[i], "final_info": info}, i)
                    self._env_obs[i], info = self.envs[i].reset()
            infos = self._note(infos, info, i)
        observations = concatenate(self.single_observation_space, self._env_obs, self._observations)  # type: ignore[arg-type]
        self._observations = observations
        self._autoreset_envs = np.logical_or(self._terminations, self._truncations)
        return (
            deepcopy(observations) if self.copy else observations,
            self._rewards.copy(), self._terminations.copy(), self._truncations.copy(), infos,
        )  # fmt: skip

    def close_extras(self, **kwargs: Any) -> None:
        """Close the environments and end the threads."""
        super().close_extras(**kwargs)
        if self._pool is not None and self._pool[0] == os.getpid():
            self._pool[1].shutdown()
        self._pool = None

    def _checked(self, actions: Any) -> list[Any]:
        """The action of each. Raises EnvError for what is none, with the environment it was for."""
        if isinstance(actions, np.ndarray) and actions.shape == self.action_space.shape and np.isfinite(actions).all():
            return list(actions)
        try:
            given = list(iterate(self.action_space, actions))
        except (TypeError, ValueError, KeyError, StopIteration) as error:
            raise EnvError(f"actions: expected those of {self.num_envs} environments, got {actions!r}") from error
        if len(given) != self.num_envs:
            raise EnvError(f"actions: expected {self.num_envs}, one for each environment, got {len(given)}")
        act = self.singles[0].act
        for i, action in enumerate(given):
            try:
                acts.pose_change(action) if act == "delta_pose" else acts.checked(act, action)
            except EnvError as error:
                raise EnvError(f"environment {i}: {error}") from error
        return given

    def _note(self, infos: dict[str, Any], info: dict[str, Any], i: int) -> dict[str, Any]:
        """`_add_info`, with a short way for what every environment tells at every step."""
        elapsed = info.pop("elapsed_us")
        if "elapsed_us" not in infos:
            infos["elapsed_us"], infos["_elapsed_us"] = np.zeros(self.num_envs, np.int64), np.ones(self.num_envs, bool)
        infos["elapsed_us"][i] = elapsed
        return self._add_info(infos, info, i) if info else infos

    def _all(self, do: Callable[[int], None], which: Iterable[int]) -> None:
        """Do it for each of these environments, several at once. Raises the first one's error, once all are done."""
        left = iter(list(which))
        errors: dict[int, BaseException] = {}

        def work(left: Iterator[int]) -> None:
            for i in left:
                try:
                    do(i)
                except Exception as error:
                    errors[i] = error

        helpers: list[Future[None]] = []
        if self.threads > 1:
            helpers = [self._helpers().submit(work, left) for _ in range(self.threads - 1)]
        work(left)
        for helper in helpers:
            helper.result()
        if errors:
            raise errors[min(errors)]

    def _helpers(self) -> ThreadPoolExecutor:
        """The threads beside the calling one; a forked child has none of its parent's."""
        if self._pool is None or self._pool[0] != os.getpid():
            self._pool = (os.getpid(), ThreadPoolExecutor(self.threads - 1, "switch_bench"))
        return self._pool[1]
