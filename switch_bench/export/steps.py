"""An episode cut into the steps of a data set: when each begins and ends, and what was done in it.

While the hand is at work a step is as long as an action. A *wait*, in which no target changes for longer than
`wait_frames` steps, is told by so many steps, spread evenly over it: each then lasts longer than its frame, and
`Step.seconds` says how long.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from switch_bench.export import undo
from switch_bench.export.errors import NotReplayable
from switch_bench.trace.schema import Trace
from switch_bench.world.stage import CONTROL_HZ
from switch_bench.world.world import TICK, World


@dataclass(frozen=True)
class Step:
    """From `t` to `until` [µs] the body did one thing; what is observed at `t` led to it.

    targets: (12,) the body's at its end. given: the action itself, (12,) float32, where the policy gave one of that
    length, else None.
    """

    t: int
    until: int
    targets: np.ndarray
    given: np.ndarray | None

    @property
    def seconds(self) -> float:
        """How long it lasted in the world."""
        return (self.until - self.t) * 1e-6

    def action(self, world: World, fps: int) -> np.ndarray:
        """(12,) float32: what was done from `world` on, which is about to do it, as an action of 1/fps seconds."""
        if self.given is not None:
            return self.given
        room, data = world.room, world.data
        joints, dofs = slice(room.body_qpos, room.body_qpos + 13), slice(*room.body_dofs)
        before = data.ctrl[room.body_ctrl : room.body_ctrl + 12].copy()
        return undo.action(before, self.targets, 1.0 / fps, data.qpos[joints], data.qvel[dofs])


def cut(trace: Trace, initial: np.ndarray, fps: int, wait_frames: int) -> list[Step]:
    """The steps of a trace.

    initial: (12,) the body's targets before the first. fps: steps a second, the rate it was acted at or a lower one of
    `CONTROL_HZ`. wait_frames: steps that a wait is told by, 0 for as many as it lasts.

    Raises: NotReplayable for a rate that the trace can't be cut at.
    """
    rate = rate_of(trace)
    if fps not in CONTROL_HZ or fps > rate:
        lower = ", ".join(str(hz) for hz in CONTROL_HZ if hz <= rate)
        raise NotReplayable(f"it was acted {rate} times a second", where=f"--fps {fps}", hint=f"expected {lower}")
    given = _given(trace) if fps == rate else {}
    rows = trace.targets
    times = rows[:, 0].astype(np.int64)
    steps: list[Step] = []
    k = 0
    for t, until in _spans(trace, rate, fps, wait_frames):
        while k < len(rows) and times[k] < until:
            k += 1
        steps.append(Step(t, until, rows[k - 1, 1:] if k else initial, given.get(t)))
    return steps


def rate_of(trace: Trace) -> int:
    """How many actions a second it was acted by."""
    return int(trace.manifest.get("track", {}).get("control_hz", 20))


def _given(trace: Trace) -> dict[int, np.ndarray]:
    """When [µs] → the action itself, where the policy acted by `delta_pose`."""
    if trace.manifest.get("track", {}).get("act") != "delta_pose":
        return {}
    return {t: np.clip(np.asarray(a, np.float32), -1.0, 1.0) for t, a in trace.actions}


def _spans(trace: Trace, rate: int, fps: int, wait_frames: int) -> Iterator[tuple[int, int]]:
    """(from, until) [µs] of each step, without gaps from 0 to the end."""
    lasts, frame = 1_000_000 // rate, 1_000_000 // fps
    acted = sorted({*trace.targets[:, 0].astype(np.int64).tolist(), *_given(trace)})
    bounds = [0]  # of stretches in which something is done, and in which nothing is, in turn
    most = wait_frames * frame
    if wait_frames:
        last = 0
        for t in [*acted, trace.end]:
            if t - last > most:
                bounds += [last, t]
            last = t + lasts
    bounds.append(trace.end)
    for i, (a, b) in enumerate(pairwise(bounds)):
        if i % 2:
            cuts = [a + round((b - a) * n / wait_frames / TICK) * TICK for n in range(wait_frames)] + [b]
            yield from ((p, q) for p, q in pairwise(cuts) if q > p)
        else:
            yield from ((t, min(t + frame, b)) for t in range(a, b, frame))
