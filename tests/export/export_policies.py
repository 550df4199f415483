"""A policy for runs to be exported that remembers its only episode."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

MOVES = 60


@dataclass
class Remembered:
    """What was done in an episode and what was seen before it."""

    actions: list[np.ndarray] = field(default_factory=list)
    observations: list[np.ndarray] = field(default_factory=list)


EPISODE = Remembered()


class Mover:
    """Moves at random for three seconds, and then stays."""

    act = "delta_pose"
    obs = ("proprio",)

    def reset(self, task: str, seed: int, info: Mapping[str, Any]) -> None:
        self.draws = np.random.default_rng(seed)
        EPISODE.actions.clear()
        EPISODE.observations.clear()

    def __call__(self, obs: Any, info: Mapping[str, Any]) -> np.ndarray | None:
        EPISODE.observations.append(obs)
        if len(EPISODE.actions) == MOVES:
            return None
        EPISODE.actions.append(self.draws.uniform(-1, 1, 12).astype(np.float32))
        return EPISODE.actions[-1]
