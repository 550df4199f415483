"""The moments of an episode that a reader should see, found in its trace."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from switch_bench.trace.schema import Event, Trace

MOST = 8
SETTLED = 300_000  # µs after an actuation: the finger has left, what acts at once has acted
SAME = 1_500_000  # µs: actuations closer than this are shown once


@dataclass(frozen=True)
class Moment:
    """An instant to be seen, and what it is in words."""

    t: int  # µs
    what: str


def actuations(trace: Trace) -> list[Event]:
    """The events in which the agent moved a control past a make or break point."""
    return [
        event
        for event in trace.events
        if event.actor == "agent" and event.signal in trace.signals and trace.signals[event.signal].kind == "control"
    ]


def moments(trace: Trace, since: int | None = None, most: int = MOST) -> list[Moment]:
    """Start, the agent's actuations, the goal, and the end: at most `most` (>= 3), in order of time.

    since: from when [µs] the goal stood.

    Actuations close together are one moment; of too many the first and last stay and the rest are thinned evenly.
    """
    start = Moment(0, "start")
    end = Moment(trace.end, "end")
    kept: list[Moment] = []
    groups: list[list[Event]] = []
    for event in actuations(trace):
        if groups and event.t - groups[-1][-1].t <= SAME:
            groups[-1].append(event)
        else:
            groups.append([event])
    for group in groups:
        names = list(dict.fromkeys(event.signal for event in group))
        kept.append(
            Moment(min(group[-1].t + SETTLED, trace.end), " and ".join(names[:2]) + (" …" if names[2:] else ""))
        )
    reached = [] if since is None else [Moment(min(since + SETTLED, trace.end), "goal")]
    kept = [moment for moment in kept if all(abs(moment.t - at.t) > SETTLED for at in reached)]
    if reached and reached[0].t == trace.end:
        end, reached = Moment(trace.end, "goal, end"), []
    inner = sorted([*_thin(kept, most - 2 - len(reached)), *reached], key=lambda moment: moment.t)
    return [start, *(moment for moment in inner if start.t < moment.t < end.t), *([end] if end.t > start.t else [])]


def _thin(items: Sequence[Moment], room: int) -> list[Moment]:
    if len(items) <= room:
        return list(items)
    if room < 2:
        return list(items[:room])
    step = (len(items) - 1) / (room - 1)
    return [items[round(i * step)] for i in range(room)]
