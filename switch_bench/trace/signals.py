"""Reading a trace: the value of any signal at any time, what led to an event, and the trace up to a time."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Mapping
from dataclasses import replace
from difflib import get_close_matches
from functools import cached_property

from switch_bench.network.declare import Value
from switch_bench.network.flow import Anchor
from switch_bench.trace.places import Plan
from switch_bench.trace.schema import Event, Pose, SignalInfo, Trace


class UnknownSignalError(LookupError):
    """No signal or object of that name is in the trace; the message says which names come close."""


def unknown(what: str, name: str, names: Iterable[str]) -> UnknownSignalError:
    """The error for a name that isn't there, with the nearest names that are."""
    near = get_close_matches(name, list(names), n=3, cutoff=0.5)
    return UnknownSignalError(f"no {what} {name!r}" + (f"; did you mean {', '.join(near)}?" if near else ""))


class Signals:
    """A trace's signals over time. A signal's value at t is its value after all events of the instant t.

    Events may be fed one by one (`feed`), in order; a trace's are read at once (`Signals.of`). trace: where the floor
    plan, what was seen and the body's way are read; None: there are none.
    """

    def __init__(
        self,
        infos: Mapping[str, SignalInfo],
        events: Iterable[Event] = (),
        poses: Iterable[Pose] = (),
        trace: Trace | None = None,
    ):
        self.infos, self.trace = infos, trace
        self._times: dict[str, list[int]] = {}
        self._values: dict[str, list[Value | Anchor]] = {}
        self._events: dict[str, list[Event]] = {}
        self._poses: dict[str, list[Pose]] = {}
        for event in events:
            self.feed(event)
        for pose in poses:
            self.place(pose)

    @classmethod
    def of(cls, trace: Trace) -> Signals:
        """The view of a whole trace."""
        return cls(trace.signals, trace.events, trace.poses, trace)

    @cached_property
    def plan(self) -> Plan:
        """The floor plan."""
        return Plan.of(self.trace.manifest.get("plan", {}) if self.trace else {})

    def feed(self, event: Event) -> None:
        """Take in the next event. Raises `UnknownSignalError`."""
        times, values = self.steps(event.signal)
        if times[-1] == event.t:
            values[-1] = event.new
        else:
            times.append(event.t)
            values.append(event.new)
        self._events.setdefault(event.signal, []).append(event)

    def place(self, pose: Pose) -> None:
        """Take in an object's next pose."""
        self._poses.setdefault(pose.name, []).append(pose)

    def steps(self, name: str) -> tuple[list[int], list[Value | Anchor]]:
        """The times (from 0, ascending) from which on the signal had the values beside them; a flow's are anchors.

        The lists are the view's own: read only. Raises `UnknownSignalError`.
        """
        times = self._times.get(name)
        if times is None:
            info = self.infos.get(name)
            if info is None:
                raise unknown("signal", name, self.infos)
            times = self._times[name] = [0]
            self._values[name] = [info.initial]
        return times, self._values[name]

    def raw(self, name: str, t: int) -> Value | Anchor:
        """The value at `t`, a flow's as its anchor."""
        times, values = self.steps(name)
        return values[max(0, bisect_right(times, t) - 1)]

    def value(self, name: str, t: int) -> Value:
        """The value at `t`, a flow's evaluated."""
        value = self.raw(name, t)
        return value.at(t) if isinstance(value, Anchor) else value

    def changes(self, name: str) -> list[int]:
        """The times of the instants at which the signal changed (a flow: was re-anchored)."""
        self.steps(name)
        return sorted({event.t for event in self._events.get(name, ())})

    def pieces(self, name: str, start: int, end: int) -> list[tuple[int, int, Anchor]]:
        """A flow's (from, to, anchor) over [start, end): half-open pieces in order.

        Raises `TypeError` if it is no flow.
        """
        times, values = self.steps(name)
        out = []
        for i, value in enumerate(values):
            lo, hi = max(start, times[i]), min(end, times[i + 1] if i + 1 < len(times) else end)
            if lo < hi:
                if not isinstance(value, Anchor):
                    raise TypeError(f"{name} is no flow: it is {value!r} at {lo} µs")
                out.append((lo, hi, value))
        return out

    def last_event(self, name: str, t: int) -> Event | None:
        """The signal's last event at or before `t`."""
        self.steps(name)
        events = self._events.get(name, [])
        i = bisect_right(events, t, key=lambda e: e.t)
        return events[i - 1] if i else None

    def events(self, name: str) -> list[Event]:
        """All events of the signal, in order."""
        self.steps(name)
        return self._events.get(name, [])

    @property
    def objects(self) -> list[str]:
        """The names of the objects whose poses are known."""
        return list(self._poses)

    def poses(self, name: str) -> list[Pose]:
        """An object's poses, in order. Raises `UnknownSignalError`."""
        poses = self._poses.get(name)
        if not poses:
            raise unknown("object", name, self._poses)
        return poses

    def pose(self, name: str, t: int) -> Pose:
        """An object's pose at `t` (its first one before that)."""
        poses = self.poses(name)
        return poses[max(0, bisect_right(poses, t, key=lambda p: p.t) - 1)]


def ancestors(trace: Trace, *ids: int) -> tuple[int, ...]:
    """The events that led to the events `ids`, themselves included, in order. Ancestry is evidence, never proof."""
    seen = set(ids)
    todo = list(ids)
    while todo:
        for cause in trace.events[todo.pop()].causes:
            if cause not in seen:
                seen.add(cause)
                todo.append(cause)
    return tuple(sorted(seen))


def prefix(trace: Trace, t: int) -> Trace:
    """The trace as it was at `t` [µs], the events of that instant included."""
    if t >= trace.end:
        return trace
    return replace(
        trace,
        events=trace.events[: bisect_right(trace.events, t, key=lambda e: e.t)],
        end=t,
        claim=trace.claim if trace.claim is not None and trace.claim.t <= t else None,
        views=[v for v in trace.views if v.t <= t],
        sights=[v for v in trace.sights if v.t <= t],
        poses=[p for p in trace.poses if p.t <= t],
        actions=[a for a in trace.actions if a[0] <= t],
        targets=trace.targets[trace.targets[:, 0] <= t] if len(trace.targets) else trace.targets,
        base=trace.base[trace.base[:, 0] <= t] if len(trace.base) else trace.base,
        hashes=[h for h in trace.hashes if h[0] <= t],
        jumps=[j for j in trace.jumps if j[1] <= t],
    )
