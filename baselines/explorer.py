"""Tries controls, watches what changes and keeps a table of it, then acts: how far trying goes without pictures.

It reads `elements`, the declared easier track for models without eyes, and takes the instruction by its words. What
is printed it believes where the instruction doesn't warn of it; else it tries, looks, and puts back what did something
else.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ._asked import asked
from ._mind import Mind
from ._view import from_elements
from ._ways import live


class Policy:
    """Unprivileged: it has the list of what is in view, the sounds, where its body is, and the instruction.

    It is deterministic, does at most some hundred skills, and reports impossible only after it tried and looked at all
    that could matter to it; where it doesn't understand what is asked for, or can't tell, it reports nothing.
    """

    act = "skill"
    obs = ("elements", "sounds", "proprio", "instruction")
    size = (1280, 960)

    def __init__(self) -> None:
        self._living: Any = None
        self.mind: Mind | None = None

    def reset(self, task: str, seed: int, info: Mapping[str, Any]) -> None:
        """Forget the episode before; `seed` is for the draws there may be."""
        self._seed = seed
        self._living = self.mind = None

    def __call__(self, obs: Any, info: Mapping[str, Any]) -> dict[str, Any] | None:
        """The next skill."""
        view = from_elements(obs, info)
        if self._living is None:
            self.mind = Mind(asked(str(obs["instruction"])), view, self._seed)
            self._living = live(self.mind)
            return next(self._living, None)
        try:
            return self._living.send(view)
        except StopIteration:
            return None
