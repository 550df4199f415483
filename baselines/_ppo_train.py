"""Trains `ppo` by Stable-Baselines3 (the extra `rl`): `make ppo`, or `python -m switch_bench.baselines._ppo_train`.

Writes ppo.npz (the network's weights, and what they were made with) and ppo.csv (the learning curve) beside ppo.yaml.
"""

from __future__ import annotations

import argparse
import csv
import json
import platform
import sys
import time
from collections.abc import Mapping
from importlib import metadata
from pathlib import Path
from typing import Any

import gymnasium
import numpy as np
from gymnasium import spaces
from ruamel.yaml import YAML

from switch_bench.envs.env import SwitchEnv
from switch_bench.evaluate.statistics import wilson
from switch_bench.network.adding import total
from switch_bench.verify.stl import evaluate, parse

from ._ppo_press import CLOSE, MOVED, SHOWN, Press, whole

HERE = Path(__file__).parent
CONFIG = HERE / "ppo.yaml"
CURVE = ("steps", "episodes", "success", "low", "high", "return", "length", "seconds")
RECENT = 200  # episodes that a line of the curve is over
ROUNDS = 4  # episodes in a room before another is compiled


class MissingExtra(ImportError):
    """PyTorch or Stable-Baselines3 isn't installed."""


class PressEnv(gymnasium.Env):
    """A level-1 task to train on: what `Press.shown` tells, six numbers of `delta_pose`, and a reward on the way.

    The reward is the environment's shaped one, times `goal`, and γ·φ′ − φ of a potential φ that rises towards the
    control: −`way` a metre, −`near` over the last `CLOSE` of them, and −`askew` for fingers that point away from it. An
    episode ends when the control has come over (`is_success`: and the goal holds), or when another lamp changes; it is
    cut off after `horizon` steps.
    """

    def __init__(self, task: str, variations: int, horizon: int, reward: Mapping[str, float], gamma: float):
        self.inner = SwitchEnv(task, obs="proprio", act="delta_pose", reward="shaped")
        self.variations, self._episodes, self._room = variations, 0, 0
        self.horizon, self.weights, self.gamma = horizon, reward, gamma
        self.observation_space = spaces.Box(-np.inf, np.inf, (len(SHOWN),), np.float32)
        self.action_space = spaces.Box(-1.0, 1.0, (len(MOVED),), np.float32)
        self._others = [name for name in self.inner.task.forbidden if ".lamp_" in name and "*" not in name]

    def reset(self, *, seed: int | None = None, options: dict[str, Any] | None = None) -> tuple[np.ndarray, dict]:
        """As `SwitchEnv.reset`; without options, a room that is drawn serves for `ROUNDS` episodes."""
        super().reset(seed=seed)
        if self._episodes % ROUNDS == 0:
            self._room = int(self.np_random.integers(1, self.variations + 1))
        self._episodes += 1
        self.inner.reset(seed=seed, options=options or {"variation": self._room})
        self.press = Press(self.inner.task, self.inner.sense)
        self._steps, self._potential, self._lit = 0, self._near(), self._lamps()
        return self.press.shown(), {}

    def step(self, action: np.ndarray) -> tuple[np.ndarray, float, bool, bool, dict[str, Any]]:
        """One control step of 50 ms."""
        _, shaped, _, _, _ = self.inner.step(whole(action))
        self._steps += 1
        weights, near, over, wrong = self.weights, self._near(), self.press.done(), self._lamps() != self._lit
        reward = weights["goal"] * float(shaped) + self.gamma * near - self._potential + weights["step"]
        self._potential = near
        reward += weights["wrong"] * wrong
        ended = over or wrong
        late = self._steps >= self.horizon
        info = {"is_success": over and not wrong and self._holds(), "task": self.inner.task.id} if ended or late else {}
        return self.press.shown(), float(reward), ended, late and not ended, info

    def _near(self) -> float:
        far = float(np.linalg.norm(self.press.way()))
        return (
            -self.weights["way"] * far
            - self.weights["near"] * min(far / CLOSE, 1.0)
            - self.weights["askew"] * self.press.askew()
        )

    def _lamps(self) -> list[bool]:
        stage = self.inner.stage
        assert stage is not None
        return [bool(stage.world.value(name)) for name in self._others]

    def _holds(self) -> bool:
        stage = self.inner.stage
        assert stage is not None
        trace = stage.finish()
        return evaluate(parse(self.inner.task.goal, trace.signals), trace, final=True).value is True


def config(path: Path = CONFIG) -> dict[str, Any]:
    """What to train with."""
    return YAML(typ="safe").load(path.read_text())


def train(settings: Mapping[str, Any], log: Any = sys.stderr) -> tuple[dict[str, np.ndarray], list[dict[str, float]]]:
    """Train from nothing: the policy network's weights by layer, and the lines of the learning curve.

    Raises: MissingExtra where PyTorch or Stable-Baselines3 isn't installed.
    """
    try:
        import torch  # pyright: ignore[reportMissingImports]
        from stable_baselines3 import PPO  # pyright: ignore[reportMissingImports]
        from stable_baselines3.common.callbacks import BaseCallback  # pyright: ignore[reportMissingImports]
        from stable_baselines3.common.monitor import Monitor  # pyright: ignore[reportMissingImports]
        from stable_baselines3.common.vec_env import DummyVecEnv  # pyright: ignore[reportMissingImports]
    except ImportError as error:
        raise MissingExtra(f'training ppo needs {error.name}: pip install "switch-bench[rl]"') from error

    torch.set_num_threads(1)
    ppo, tasks = settings["ppo"], settings["tasks"]
    curve: list[dict[str, float]] = []

    def environment(k: int) -> Monitor:
        args = (tasks[k % len(tasks)], settings["variations"], settings["horizon"], settings["reward"], ppo["gamma"])
        return Monitor(PressEnv(*args), info_keywords=("is_success", "task"))

    class Curve(BaseCallback):
        """Notes a line of the curve after each rollout."""

        def __init__(self) -> None:
            super().__init__()
            self.began, self.recent, self.episodes = time.perf_counter(), [], 0

        def _on_step(self) -> bool:
            ended = [info["episode"] for info in self.locals["infos"] if "episode" in info]
            self.episodes += len(ended)
            self.recent = [*self.recent, *ended][-RECENT:]
            return True

        def _on_rollout_end(self) -> None:
            if not self.recent:
                return
            hits = sum(bool(e["is_success"]) for e in self.recent)
            low, high = wilson(hits, len(self.recent))
            line = {
                "steps": self.num_timesteps, "episodes": self.episodes, "success": hits / len(self.recent), "low": low,
                "high": high, "return": float(np.mean([e["r"] for e in self.recent])),
                "length": float(np.mean([e["l"] for e in self.recent])),
                "seconds": time.perf_counter() - self.began,
            }  # fmt: skip
            for task in tasks:
                of_task = [bool(e["is_success"]) for e in self.recent if e["task"] == task]
                line[task] = total(of_task) / len(of_task) if of_task else 0.0
            curve.append(line)
            print("  ".join(f"{name} {value:.4g}" for name, value in line.items()), file=log, flush=True)

    envs = DummyVecEnv([lambda k=k: environment(k) for k in range(settings["environments"])])
    envs.seed(settings["seed"])
    policy = {"net_arch": settings["policy"]["net_arch"], "log_std_init": settings["policy"]["log_std_init"]}
    agent = PPO("MlpPolicy", envs, seed=settings["seed"], device="cpu", policy_kwargs=policy, **ppo)
    agent.learn(settings["steps"], callback=Curve())
    envs.close()
    return weights_of(agent), curve


def weights_of(agent: Any) -> dict[str, np.ndarray]:
    """`weight_i` (out, in) and `bias_i` (out,) float32 of the layers of a PPO's policy, in order."""
    net = [*agent.policy.mlp_extractor.policy_net, agent.policy.action_net]
    weights: dict[str, np.ndarray] = {}
    for i, layer in enumerate(layer for layer in net if hasattr(layer, "weight")):
        weights[f"weight_{i}"] = layer.weight.detach().numpy().astype(np.float32)
        weights[f"bias_{i}"] = layer.bias.detach().numpy().astype(np.float32)
    return weights


def save(folder: Path, settings: Mapping[str, Any], weights: dict[str, np.ndarray], curve: list[dict]) -> None:
    """Write ppo.npz and ppo.csv. Of the checkpoint's bytes none hangs on when or how fast it was made."""
    versions = {name: metadata.version(name) for name in ("torch", "stable-baselines3", "mujoco", "numpy")}
    made = {"config": settings, "versions": versions | {"python": platform.python_version()}, "shown": SHOWN}
    note = np.frombuffer(json.dumps(made, sort_keys=True).encode(), np.uint8)
    np.savez(folder / "ppo.npz", made=note, **weights)  # pyright: ignore[reportArgumentType]
    with (folder / "ppo.csv").open("w", newline="") as file:
        rows = csv.DictWriter(file, [*CURVE, *settings["tasks"]], lineterminator="\n")
        rows.writeheader()
        rows.writerows({name: round(value, 4) for name, value in line.items()} for line in curve)


def main() -> None:
    """Train by ppo.yaml, or another file of its form."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--config", type=Path, default=CONFIG, help="what to train with")
    parser.add_argument("--out", type=Path, default=HERE, help="the folder that gets ppo.npz and ppo.csv")
    parser.add_argument("--seed", type=int, help="another seed than the file's")
    parser.add_argument("--steps", type=int, help="another number of steps than the file's")
    given = parser.parse_args()
    settings = config(given.config)
    settings |= {name: value for name in ("seed", "steps") if (value := getattr(given, name)) is not None}
    try:
        weights, curve = train(settings)
    except MissingExtra as error:
        sys.exit(f"error: {error}")
    given.out.mkdir(parents=True, exist_ok=True)
    save(given.out, settings, weights, curve)


if __name__ == "__main__":
    main()
