"""Quick policies whose runs tests pack."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np


class Nudger:
    """Moves the hand a little, in a way that hangs on the seed, then keeps it off."""

    act = "delta_pose"
    obs = ("proprio",)

    def reset(self, task: str, seed: int, info: Mapping[str, Any]) -> None:
        """Begin."""
        del task, info
        self._draw = np.random.default_rng(seed)
        self._left = 5

    def __call__(self, obs: Any, info: Mapping[str, Any]) -> Any:
        """A small move, five times."""
        self._left -= 1
        return None if self._left < 0 else self._draw.uniform(-0.2, 0.2, 12).astype(np.float32)
