"""Searches imagined worlds for a plan that brings the goal about, and carries it out: a proof of what can be done."""

from __future__ import annotations

from gymnasium import Env


class Policy:
    """Has the whole world as its model, and of the task the goal, its means and what must not be; no solution."""

    act = "skill"
    obs = ("proprio",)
    privileged = True

    def play(self, env: Env, task: str, seed: int) -> None:
        """Plan, act, look whether it goes as foreseen, and report; `seed` isn't used: nothing is drawn."""
        from switch_bench.planning.planner import Planner

        Planner(env.unwrapped).play()
