"""Presses one control by a small network that PPO trained in `delta_pose`: what reinforcement learning gets to.

Where the task's solution begins with a press that sets a control, it makes that press, and then lets go; in any other
task it keeps its hands off. It was trained on three light switches (ppo.yaml) by Stable-Baselines3; the network runs in
NumPy and needs no PyTorch. `make ppo` trains it anew.
"""

from __future__ import annotations

import json
from functools import cache
from importlib import resources
from typing import Any

import numpy as np
from gymnasium import Env

from ._ppo_press import GRIP, NoPress, Press, whole

CHECKPOINT = "ppo.npz"
DRAW_BACK = 10  # steps in which the hand is drawn in, so that it leaves what it has pressed
LONGEST = 480  # steps of 50 ms it tries: twice as long as in training


class Network:
    """A perceptron with tanh between its layers: the mean of what PPO would draw from.

    Raises: ValueError for a checkpoint that isn't one of `ppo`.
    """

    def __init__(self, arrays: dict[str, np.ndarray]):
        count = sum(name.startswith("weight_") for name in arrays)
        if not count or not {"made", *(f"bias_{i}" for i in range(count))} <= arrays.keys():
            raise ValueError(f"expected made, weight_0, bias_0 …; got {', '.join(sorted(arrays))}")
        self.layers = [(arrays[f"weight_{i}"], arrays[f"bias_{i}"]) for i in range(count)]
        self.made: dict[str, Any] = json.loads(arrays["made"].tobytes().decode())

    def __call__(self, shown: np.ndarray) -> np.ndarray:
        """(6,) for `Press.shown`, not clipped."""
        value = shown
        for weight, bias in self.layers[:-1]:
            value = np.tanh(weight @ value + bias)
        weight, bias = self.layers[-1]
        return weight @ value + bias


@cache
def network() -> Network:
    """The network that comes with the benchmark."""
    with (resources.files("switch_bench.baselines") / CHECKPOINT).open("rb") as file:
        archive = np.load(file, allow_pickle=False)
        return Network({name: archive[name] for name in archive.files})


class Policy:
    """Is told which control to press and where it is, and feels how far it has moved; it sees no pictures."""

    act = "delta_pose"
    obs = ("proprio",)
    privileged = True

    def play(self, env: Env, task: str, seed: int) -> None:
        """Press, let go, and keep still until the episode is over; nothing is drawn from `seed`."""
        host: Any = env.unwrapped
        try:
            press = Press(host.task, host.sense)
        except NoPress:
            host.end()
            return
        moves = network()
        for _ in range(LONGEST):
            if host.over or press.done():
                break
            env.step(whole(moves(press.shown())))
        back = np.zeros(12, np.float32)
        back[0], back[GRIP] = -1.0, 1.0
        for _ in range(DRAW_BACK):
            if not host.over:
                env.step(back)
        if not host.over:
            host.end()
