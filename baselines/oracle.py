"""Carries out the task's reference solution by the hand, through physics: what can be done at all."""

from __future__ import annotations

from gymnasium import Env


class Policy:
    """Reads the task file, which no agent may."""

    act = "skill"
    obs = ("proprio",)
    privileged = True

    def play(self, env: Env, task: str, seed: int) -> None:
        """Do the steps of the solution until the episode is over."""
        from switch_bench.evaluate import bench

        bench.solve(env, task)
