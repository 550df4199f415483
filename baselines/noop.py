"""Hands off: the least a policy can do. Whatever it succeeds at comes about by itself."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


class Policy:
    """Never moves."""

    act = "delta_pose"
    obs = ("proprio",)

    def reset(self, task: str, seed: int, info: Mapping[str, Any]) -> None:
        """Nothing to begin."""

    def __call__(self, obs: Any, info: Mapping[str, Any]) -> None:
        """No action: hands off to the horizon."""
        return
