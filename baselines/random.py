"""Moves at random for a while: what blind pushing comes to."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

MOVES = 400  # steps of 50 ms
DRAW_BACK = 20  # steps in which the hand is drawn in, so that it leaves what it may have pressed


class Policy:
    """Uniform draws from the whole action space, anew at each step for 20 s; then it draws its hand in and stays."""

    act = "delta_pose"
    obs = ("proprio",)

    def __init__(self) -> None:
        self._draws = np.random.default_rng(0)
        self._steps = 0

    def reset(self, task: str, seed: int, info: Mapping[str, Any]) -> None:
        """Draw from `seed` on."""
        self._draws = np.random.default_rng(seed)
        self._steps = 0

    def __call__(self, obs: Any, info: Mapping[str, Any]) -> np.ndarray | None:
        """(12,) numbers in [−1, 1), or None when it is done."""
        self._steps += 1
        if self._steps <= MOVES:
            return self._draws.uniform(-1, 1, 12).astype(np.float32)
        if self._steps <= MOVES + DRAW_BACK:
            return np.array([-1.0, *[0.0] * 11], np.float32)
        return None
