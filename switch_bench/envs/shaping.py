"""The potential of the shaped reward: how near the goal is, followed as the episode goes on."""

from __future__ import annotations

from math import isfinite

from switch_bench.verify.stl import Monitor, evaluate, parse
from switch_bench.world.stage import Stage


class Potential:
    """A goal's robustness if the episode ended now, squashed to 0..1 (0.5: on the border).

    A look costs nothing where no signal of the goal has changed and none of its flows moves. An object's place counts
    once the trace notes it. A goal about what was in view or could be heard is judged on the whole trace at each look.
    """

    def __init__(self, goal: str, stage: Stage):
        self.stage = stage
        info = stage.world.network.info
        self.goal = parse(goal, info)
        self.monitor = None if self.goal.senses else Monitor(self.goal, info, trace=stage.trace)
        self._events = self._poses = 0  # taken in

    def now(self) -> float:
        """The potential at the stage's time."""
        margin = self._margin()
        return 0.5 * (1.0 + margin / (1.0 + abs(margin))) if isfinite(margin) else float(margin > 0)

    def _margin(self) -> float:
        stage, monitor = self.stage, self.monitor
        if monitor is None:
            return evaluate(self.goal, stage.finish(), final=True).robustness
        network, poses = stage.world.network, stage.trace.poses
        if network.count > self._events:
            for event in network.since(self._events):
                monitor.feed(event)
            self._events = network.count
        for pose in poses[self._poses :]:
            monitor.place(pose)
        self._poses = len(poses)
        return monitor.margin_at(stage.now)
