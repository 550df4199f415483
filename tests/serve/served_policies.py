"""Policies to be served in tests."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from typing import Any

import numpy as np

SLEEPING, AWAKE = threading.Event(), threading.Event()


class Tells:
    """Its action tells what it was given: the seed, the step, the state's first number."""

    act = "delta_pose"
    obs = ("proprio",)

    def reset(self, task: str, seed: int, info: Mapping[str, Any]) -> None:
        assert (task, dict(info)) == ("", {})
        self.seed, self.steps = seed, 0

    def __call__(self, obs: Any, info: Mapping[str, Any]) -> Any:
        self.steps += 1
        return [self.seed / 100, self.steps / 100, obs[0], *[0.0] * 3, -1.0, *[0.0] * 5]


class Stops(Tells):
    """Keeps its hands off from the third step on."""

    def __call__(self, obs: Any, info: Mapping[str, Any]) -> Any:
        return super().__call__(obs, info) if self.steps < 2 else None


class Fails(Tells):
    def __call__(self, obs: Any, info: Mapping[str, Any]) -> Any:
        raise RuntimeError("no such joint")


class TooWide(Tells):
    def __call__(self, obs: Any, info: Mapping[str, Any]) -> Any:
        return np.zeros(13)


class Sees(Tells):
    """Looks at everything that can be sent, and writes into what it is given."""

    obs = ("rgb", "wrist_rgb", "depth", "proprio", "instruction", "sounds")
    size = (32, 16)

    def __call__(self, obs: Any, info: Mapping[str, Any]) -> Any:
        obs["rgb"][0, 0] = 7
        return [obs[name].mean() for name in ("rgb", "wrist_rgb", "depth", "sounds")] + [
            len(obs["instruction"]) / 100,
            *[0.0] * 7,
        ]


class Sleeps(Tells):
    """Says that it sleeps, until it is woken."""

    def __call__(self, obs: Any, info: Mapping[str, Any]) -> Any:
        SLEEPING.set()
        assert AWAKE.wait(300)
        return super().__call__(obs, info)


class Knows(Tells):
    obs = ("state",)


class Privileged(Tells):
    privileged = True


class Marks(Tells):
    obs = ("marks",)


one = Tells()
