"""Model-predictive control of the body: presses what a plan presses, with the simulator as its model, and no more."""

from __future__ import annotations

from gymnasium import Env


class Policy:
    """Has the whole world as its model, and a plan of the planner's that says which control is to have which value."""

    act = "delta_pose"
    obs = ("proprio",)
    privileged = True

    def play(self, env: Env, task: str, seed: int) -> None:
        """Make the plan's presses and waits, if it has no other moves; then keep the hands off to the horizon."""
        from switch_bench.planning.pressing import Pressing

        Pressing(env.unwrapped, seed).play()
