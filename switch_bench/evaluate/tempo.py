"""At what speed an episode is shown in a film: what the agent does at an even pace, long waits sped up."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from switch_bench.network.adding import total
from switch_bench.trace.schema import Trace

LONGEST = 15.0  # s a film may last, without its last picture
QUIET = 2.0  # s without anything done from which on it is a wait
SETTLED = 0.5  # s: so long after its last command the body still moves
WAIT = 1.5  # s of film for a wait, at most
WAITS = 0.4  # of the film, at most, is waits
PACES = (1, 2, 3, 4, 6, 8, 10, 15, 20, 30, 40, 60, 100, 200, 500, 1000)


@dataclass(frozen=True)
class Stretch:
    """A part of an episode, `since` to `until` [µs], shown from `at` [s of film] on, `speed` times as fast."""

    since: int
    until: int
    at: float
    speed: float
    wait: bool

    @property
    def seconds(self) -> float:
        """How long it is shown [s]."""
        return (self.until - self.since) * 1e-6 / self.speed


@dataclass(frozen=True)
class Tempo:
    """An episode's stretches, one or more, in order, without gaps."""

    stretches: tuple[Stretch, ...]

    @property
    def seconds(self) -> float:
        """How long the film is [s]."""
        return self.stretches[-1].at + self.stretches[-1].seconds

    def at(self, seconds: float) -> tuple[int, Stretch]:
        """The time [µs] of the episode that is shown at `seconds` of the film, and in which stretch."""
        i = max(0, bisect_right(self.stretches, seconds, key=lambda stretch: stretch.at) - 1)
        stretch = self.stretches[i]
        return min(stretch.until, stretch.since + round((seconds - stretch.at) * stretch.speed * 1e6)), stretch


def tempo(trace: Trace, longest: float = LONGEST) -> Tempo:
    """The tempo at which an episode is told in `longest` seconds or less, as near to its own as can be."""
    spans = _spans(trace)
    busy = sum(until - since for since, until, wait in spans if not wait) * 1e-6
    waits = [(until - since) * 1e-6 for since, until, wait in spans if wait]
    each = min(WAIT, WAITS * longest / len(waits)) if waits else 0.0
    for pace in PACES:
        if busy / pace + total(min(each, wait / pace) for wait in waits) <= longest:
            break
    else:
        pace = busy / (longest - each * len(waits))
    stretches: list[Stretch] = []
    at = 0.0
    for since, until, wait in spans:
        speed = max(pace, (until - since) * 1e-6 / each) if wait else pace
        stretches.append(Stretch(since, until, at, speed, wait))
        at += stretches[-1].seconds
    return Tempo(tuple(stretches))


def _spans(trace: Trace) -> list[tuple[int, int, bool]]:
    """(since, until [µs], whether it is a wait) of an episode, in order."""
    doing = sorted({0, *_commands(trace.targets), *(e.t for e in trace.events if e.actor == "agent")})
    spans: list[tuple[int, int, bool]] = []
    begun = 0
    for last, then in zip(doing, [*doing[1:], trace.end], strict=True):
        still = min(last + round(SETTLED * 1e6), then)
        if then - still > QUIET * 1e6:
            if still > begun:
                spans.append((begun, still, False))
            spans.append((still, then, True))
            begun = then
    return [*spans, (begun, trace.end, False)] if trace.end > begun or not spans else spans


def _commands(targets: np.ndarray) -> Sequence[int]:
    """The times [µs] at which the body was told to do something else than before."""
    if len(targets) < 2:
        return [int(t) for t in targets[:, 0]]
    changed = np.any(targets[1:, 1:] != targets[:-1, 1:], axis=1)
    return [int(targets[0, 0]), *(int(t) for t in targets[1:, 0][changed])]
