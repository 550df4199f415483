"""Moves at random: what blind pushing comes to."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np


class Policy:
    """Uniform draws from the whole action space, anew at each step."""

    act = "delta_pose"
    obs = ("proprio",)

    def __init__(self) -> None:
        self._draws = np.random.default_rng(0)

    def reset(self, task: str, seed: int, info: Mapping[str, Any]) -> None:
        """Draw from `seed` on."""
        self._draws = np.random.default_rng(seed)

    def __call__(self, obs: Any, info: Mapping[str, Any]) -> np.ndarray:
        """(12,) numbers in [−1, 1)."""
        return self._draws.uniform(-1, 1, 12).astype(np.float32)
