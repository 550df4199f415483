"""Does random things to whatever is in view, and in the end claims to be done: what luck comes to."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from switch_bench.envs.act import VERBS

SKILLS = 20  # done in an episode, before the report
LONGEST = 20.0  # s: of a wait or hold
MARKS = 24  # numbers that are tried first; an image seldom has more
NO_MARK, DONE = "there is no mark", "done"
DOING = tuple(verb for verb in VERBS if verb not in ("report", "read"))  # what one reads changes nothing it does
MARKLESS = ("goto", "look", "wait")
GLANCES = ("left", "right", "up", "down")
KEYS = (*"0123456789", "start", "stop", "ok")
VALUES = ("", "", "on", "off", "max", "0")


class Policy:
    """Twenty skills, uniform over verbs and visible marks, with waits and holds of 1 to 20 s; then it reports done.

    It sees no image: a number that no mark has is drawn again. Rooms it knows from the instruction's words. What can't
    be done isn't counted.
    """

    act = "skill"
    obs = ("instruction",)

    def __init__(self) -> None:
        self._begin(0)

    def _begin(self, seed: int) -> None:
        self._draws = np.random.default_rng(seed)
        self._left = SKILLS
        self._most = MARKS

    def reset(self, task: str, seed: int, info: Mapping[str, Any]) -> None:
        """Draw from `seed` on."""
        self._begin(seed)

    def __call__(self, obs: Any, info: Mapping[str, Any]) -> dict[str, Any]:
        """The next skill."""
        said = str(info.get("said", ""))
        self._most = max(0, self._mark - 1) if said.startswith(NO_MARK) else MARKS
        self._left -= said == DONE
        if self._left <= 0:
            return self._action("report", text="done")
        verb = self._one(DOING if self._most else MARKLESS)
        if verb == "wait" or self._most == 0 or (verb in MARKLESS and self._draws.random() < 0.5):
            return self._markless(verb, str(obs))
        return self._action(verb, self._drawn(1, self._most), self._amount(verb), self._text(verb))

    def _markless(self, verb: str, instruction: str) -> dict[str, Any]:
        if verb == "goto":
            words = [word.strip(".,:;").lower()[:32] for word in instruction.split()]
            return self._action("goto", text=self._one([word for word in words if word.isascii() and word.isalpha()]))
        if verb == "look":
            return self._action("look", text=self._one(GLANCES))
        return self._action("wait", amount=self._amount("wait"))

    def _amount(self, verb: str) -> float:
        if verb in ("wait", "hold"):
            return float(LONGEST ** self._draws.random())
        return float(self._draws.uniform(-np.pi, np.pi)) if verb == "turn" else float(self._draws.uniform(-0.1, 0.1))

    def _text(self, verb: str) -> str:
        if verb == "type":
            return " ".join(self._one(KEYS) for _ in range(self._drawn(2, 4)))
        return self._one(VALUES) if verb in ("turn", "slide") else ""

    def _action(self, verb: str, mark: int = 0, amount: float = 0.0, text: str = "") -> dict[str, Any]:
        self._mark = mark
        return {"verb": VERBS.index(verb), "mark": mark, "amount": np.array([amount], np.float32), "text": text}

    def _drawn(self, low: int, high: int) -> int:
        return int(self._draws.integers(low, high + 1))

    def _one(self, choices: Any) -> str:
        return str(choices[int(self._draws.integers(len(choices)))])
