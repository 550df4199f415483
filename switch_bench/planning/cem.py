"""The cross-entropy method over forked worlds: of many short futures of the body, those that cost least.

R. Y. Rubinstein, D. P. Kroese. *The Cross-Entropy Method.* Springer 2004. A future is one `delta_pose` action kept up
for a moment. Actions are drawn about a mean, each is carried out by physics in a fork, and mean and spread move to the
best.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np

from switch_bench.bodies.command import DeltaPose
from switch_bench.world.world import TICK, World

TICKS = 5  # of a control step at 20 Hz
DRAWN = 12  # actions in each round
BEST = 4  # of them that the next round is drawn about
ROUNDS = 2
AHEAD = 5  # control steps of a future
LEAST = 0.03  # the least spread
MOVED = (
    0,
    1,
    2,
    3,
    4,
    5,
    7,
    8,
    9,
)  # what of an action is drawn: hand, wrist and base; the head stays, the hand is shut

Cost = Callable[[World], float]


@dataclass
class Cem:
    """A planner of the body's next moment. count: plans made. mean: of the actions that were best last."""

    draws: np.random.Generator
    count: int = 0

    def __post_init__(self) -> None:
        self.mean = np.zeros(len(MOVED))
        self._law = DeltaPose(TICKS * TICK * 1e-6)
        self._threads = min(len(os.sched_getaffinity(0)), DRAWN)
        self._pool = ThreadPoolExecutor(self._threads, "switch_bench")

    def close(self) -> None:
        """End the threads."""
        self._pool.shutdown()

    def action(self, world: World, cost: Cost, spread: float, free: np.ndarray) -> list[float]:
        """What to do next. spread: how far about the last action is searched. free: which of `MOVED` may be used.

        Returns 12 numbers in −1..1.
        """
        self.count += 1
        mean, deviation = self.mean * free, np.full(len(MOVED), spread) * free
        for _ in range(ROUNDS):
            drawn = np.clip(mean + deviation * self.draws.standard_normal((DRAWN, len(MOVED))), -1.0, 1.0)
            drawn[0], drawn[1] = mean, 0.0
            shares = [drawn[k :: self._threads] for k in range(self._threads)]
            found = list(self._pool.map(lambda share: [self._future(world.fork(), a, cost) for a in share], shares))
            costs = np.empty(DRAWN)
            for k, share in enumerate(found):
                costs[k :: self._threads] = share
            best = drawn[np.argsort(costs, kind="stable")[:BEST]]
            mean, deviation = best.mean(axis=0), best.std(axis=0) + LEAST * free
        self.mean = mean
        return whole(mean)

    def _future(self, world: World, drawn: np.ndarray, cost: Cost) -> float:
        """What it costs to keep an action up."""
        room, data, action = world.room, world.data, whole(drawn)
        u, q0, v0 = slice(room.body_ctrl, room.body_ctrl + 12), room.body_qpos, slice(*room.body_dofs)
        total = 0.0
        for _ in range(AHEAD):
            ctrl, q, v = data.ctrl[u].tolist(), data.qpos[q0 : q0 + 13].tolist(), data.qvel[v0].tolist()
            targets = self._law.step(action, ctrl, q, v)
            data.ctrl[u] = targets
            world.run(TICKS, (targets, q, v))
            total += cost(world)
        del data  # so that the next future may have it
        return total / AHEAD + 0.002 * float(np.abs(drawn).sum())


def whole(drawn: np.ndarray) -> list[float]:
    """A drawn action as `delta_pose` has it, with the fingers closed."""
    action = [0.0] * 12
    for place, value in zip(MOVED, drawn.tolist(), strict=True):
        action[place] = value
    action[6] = 1.0
    return action
