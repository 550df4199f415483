"""One environment at work for `peers.py`, in the Python of the venv that it is installed in.

`python peer_worker.py NAME [TASK]` says a line of JSON when it is ready, and one for each line `block N` that it is
sent: how long N steps took, and the bare `mj_step` of the same model and substeps with the same controls, where the
model can be got at from Python. It resets before each block, and says how long that took. Only the package that it
measures is imported, so that every venv can run it.
"""

from __future__ import annotations

import copy
import json
import os
import sys
import time
from collections.abc import Callable
from importlib.metadata import PackageNotFoundError, version
from typing import Any, Protocol

import numpy as np


class Subject(Protocol):
    """What is measured. facts: what the table says of it."""

    facts: dict[str, Any]

    def block(self, steps: int) -> dict[str, Any]:
        """Seconds that these many steps took (`seconds`), the bare physics (`bare`) and a reset (`reset`)."""
        ...


class OneMujoco:
    """A Gymnasium environment with a MuJoCo model inside, under random actions. `inner`: what has model and data."""

    def __init__(self, env: Any, inner: Any, substeps: int, packages: tuple[str, ...], longest: int):
        import mujoco

        self.env, self.inner, self.substeps, self.longest = env, inner, substeps, longest
        self.mj_step = mujoco.mj_step
        self.facts = {
            "envs": 1, "threads": 1, "substeps": substeps, "bare": True, "versions": versions(*packages),
            "step_s": substeps * float(inner.model.opt.timestep),
        }  # fmt: skip
        self.rng = np.random.default_rng(0)

    def block(self, steps: int) -> dict[str, Any]:
        steps = min(steps, self.longest)
        began = time.perf_counter()
        self.env.reset()
        reset = time.perf_counter() - began
        data = copy.copy(self.inner.data)
        space = self.env.action_space
        actions = self.rng.uniform(space.low, space.high, (steps, *space.shape)).astype(space.dtype)
        seconds, controls = 0.0, []
        for action in actions:
            began = time.perf_counter()
            self.env.step(action)
            seconds += time.perf_counter() - began
            now = self.inner.data
            controls.append((now.ctrl.copy(), now.mocap_pos.copy()))
        began = time.perf_counter()
        for ctrl, mocap in controls:
            data.ctrl[:] = ctrl
            data.mocap_pos[:] = mocap
            self.mj_step(self.inner.model, data, self.substeps)
        return {"steps": steps, "seconds": seconds, "bare": time.perf_counter() - began, "reset": reset}


def metaworld(task: str) -> Subject:
    import gymnasium
    import metaworld  # noqa: F401  # pyright: ignore[reportMissingImports]  # registers

    env = gymnasium.make("Meta-World/MT1", env_name=task, seed=0, disable_env_checker=True)
    env.reset(seed=0)
    return OneMujoco(env, env.unwrapped, env.unwrapped.frame_skip, ("metaworld", "mujoco"), 400)  # type: ignore[attr-defined]


def kitchen(task: str) -> Subject:
    import gymnasium
    import gymnasium_robotics  # pyright: ignore[reportMissingImports]

    gymnasium.register_envs(gymnasium_robotics)
    env = gymnasium.make(task, disable_env_checker=True)
    env.reset(seed=0)
    robot = env.unwrapped.robot_env  # type: ignore[attr-defined]
    return OneMujoco(env, robot, robot.frame_skip, ("gymnasium-robotics", "mujoco"), 250)


class EnvPool:
    """EnvPool's C++ environments under random actions; the engine can't be got at alone."""

    def __init__(self, task: str, envs: int, threads: int):
        import envpool  # pyright: ignore[reportMissingImports]

        self.env = envpool.make_gymnasium(task, num_envs=envs, num_threads=threads, seed=0)
        self.env.reset()
        self.facts = {
            "envs": envs, "threads": threads, "bare": False, "versions": versions("envpool"),
            "substeps": self.env.spec.config.frame_skip, "step_s": self.env.spec.config.frame_skip * 0.0025,
        }  # fmt: skip
        self.rng = np.random.default_rng(0)

    def block(self, steps: int) -> dict[str, Any]:
        began = time.perf_counter()
        self.env.reset()
        reset = time.perf_counter() - began
        space = self.env.action_space
        actions = self.rng.uniform(-1.0, 1.0, (steps, self.facts["envs"], *space.shape)).astype(space.dtype)
        began = time.perf_counter()
        for action in actions:
            self.env.step(action)
        return {"steps": steps, "seconds": time.perf_counter() - began, "bare": None, "reset": reset}


class Ours:
    """One environment of switch_bench in free motion, or pressing a control."""

    def __init__(self, task: str, *, touching: bool):
        from switch_bench.evaluate import speed_step

        self.env = speed_step.make(task)
        if touching:
            speed_step.touch_something(self.env)
        self.motion = speed_step.rest if touching else speed_step.wander
        self.in_turn = speed_step.InTurn
        self.facts = {
            "envs": 1, "threads": 1, "substeps": speed_step.SUBSTEPS, "bare": True,
            "versions": versions("switch-bench", "mujoco"), "step_s": speed_step.STEP_US * 1e-6,
        }  # fmt: skip
        self.touching = touching

    def block(self, steps: int) -> dict[str, Any]:
        began = time.perf_counter()
        if not self.touching:
            self.env.reset(seed=0, options={"variation": "none"})
        reset = None if self.touching else time.perf_counter() - began
        taken = self.in_turn(self.env, self.motion, steps, clock=time.perf_counter).block()
        return {"steps": steps, "seconds": taken["step"], "bare": taken["bare"], "reset": reset}


class OurMany:
    """The vector environment of switch_bench in free motion."""

    def __init__(self, task: str, envs: int, threads: int):
        from switch_bench.evaluate import speed_step, speed_vector

        self.context = speed_vector.made(task, envs, threads)
        self.env = self.context.__enter__()
        self.env.reset(seed=0, options={"variation": "none"})
        self.wander = speed_step.wander
        self.facts = {
            "envs": envs, "threads": threads, "substeps": speed_step.SUBSTEPS, "bare": False,
            "versions": versions("switch-bench", "mujoco"), "step_s": speed_step.STEP_US * 1e-6,
        }  # fmt: skip
        self.rng = np.random.default_rng(0)

    def block(self, steps: int) -> dict[str, Any]:
        actions = np.stack([self.wander(steps, self.rng) for _ in range(self.facts["envs"])], axis=1)
        began = time.perf_counter()
        self.env.reset(seed=0, options={"variation": "none"})
        reset = time.perf_counter() - began
        began = time.perf_counter()
        for action in actions:
            self.env.step(action)
        return {"steps": steps, "seconds": time.perf_counter() - began, "bare": None, "reset": reset}


SUBJECTS: dict[str, Callable[[str], Subject]] = {
    "ours_free": lambda task: Ours(task, touching=False),
    "ours_touching": lambda task: Ours(task, touching=True),
    "ours_64": lambda task: OurMany(task, 64, 2),
    "metaworld_button": lambda task: metaworld("button-press-v3"),
    "metaworld_dial": lambda task: metaworld("dial-turn-v3"),
    "kitchen": lambda task: kitchen("FrankaKitchen-v1"),
    "envpool_1": lambda task: EnvPool("MetaWorld/ButtonPress-v3", 1, 1),
    "envpool_64": lambda task: EnvPool("MetaWorld/ButtonPress-v3", 64, 2),
}


def versions(*packages: str) -> dict[str, str]:
    """The installed versions of these packages."""
    found = {}
    for package in packages:
        try:
            found[package] = version(package)
        except PackageNotFoundError:
            found[package] = "not installed as a package"
    return found


def main() -> None:
    answers = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)  # what packages print goes to standard error
    subject = SUBJECTS[sys.argv[1]](sys.argv[2] if len(sys.argv) > 2 else "")
    print(json.dumps(subject.facts), file=answers, flush=True)
    for line in sys.stdin:
        print(json.dumps(subject.block(int(line.split()[1]))), file=answers, flush=True)


if __name__ == "__main__":
    main()
