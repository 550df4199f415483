"""The planner's plans, carried out by pressing alone: what a plan has of other moves ends it."""

from __future__ import annotations

from typing import Any

from switch_bench.planning.imagine import Act
from switch_bench.planning.planner import Planner
from switch_bench.planning.reach import Presser
from switch_bench.planning.search import Move
from switch_bench.skills.plan import pass_time
from switch_bench.skills.sense import SkillFailed

MOMENTS = 400  # of the body, planned in an episode at the most; each takes 120 control steps in forked worlds
TRIES = 3  # plans that are begun


class Pressing(Planner):
    """An episode of `delta_pose`, which has no report: it ends at the horizon.

    most: moments that may be planned. failures: what didn't come off, in words.
    """

    def __init__(self, env: Any, seed: int, most: int = MOMENTS):
        super().__init__(env)
        self.presser = Presser(env, seed, most)
        self.failures: list[str] = []

    def play(self) -> None:
        """Plan and press until the goal stands or is about to come by itself, or nothing more can be done."""
        try:
            for _ in range(TRIES):
                node = self.plan()
                if node is None or not all(_presses(move) for move in node.plan):
                    break
                if self._carry_out(node.plan) or self.presser.tired or self.env.over or self.left <= 0:
                    break
        finally:
            self.presser.cem.close()
        if not self.env.over:
            self.env.end()

    def make(self, move: Move) -> None:
        """Press, or wait."""
        if isinstance(move, Act):
            try:
                self.presser.press(move)
            except SkillFailed as failure:
                self.failures.append(f"{move.words}: {failure}")
        else:
            pass_time(self.env, move.step)  # pyright: ignore[reportArgumentType]


def _presses(move: Move) -> bool:
    """Whether a move is one that a fingertip can make: a wait, a press, a touch."""
    return not isinstance(move, Act) or move.screen is not None or move.step.verb in ("press", "hold")
