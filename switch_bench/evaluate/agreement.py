"""Do two traces of the same plan in the same room, by two engines, tell the same story? And where not, what differs.

Compared are all events but touches and flows: what controls read, and what devices' signals, displays and sounds then
do. They must be the same, each signal's in the same order, and in the same order among one another where they lie
further apart than `NEAR`. Times are compared where the engines' hands can't blur them: see `since`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import zip_longest
from typing import Any

from switch_bench.trace.schema import Event, Trace
from switch_bench.verify.acts import LAPSE, TOUCH
from switch_bench.verify.facts import AGENT

NEAR = 50_000  # µs: what controls may differ by, and events so close have no order
SHARE = 0.01  # of the time since it was set off, what else may differ by
UNTOLD = ("touch", "flow")
_FIELD = re.compile(r"(?<=:)-?\d+(?=\})")  # "{left:106810000}": what a display counts down to [µs]
SHOWN = 4  # values of a signal shown in a difference


@dataclass(frozen=True)
class Difference:
    """One thing that isn't the same. kind: "events", "order" or "time"; off: of a time, by how much [µs]."""

    kind: str
    signal: str
    words: str
    off: int = 0


@dataclass(frozen=True)
class Agreement:
    """What came of comparing: how many events, all differences, and the greatest gaps in time.

    control_us: of controls' events. share: of others, by the time since they were set off, where that is over 5 s.
    """

    events: int
    differences: tuple[Difference, ...]
    control_us: int
    share: float

    @property
    def same(self) -> bool:
        """Whether nothing differs."""
        return not self.differences


def compare(ours: Trace, theirs: Trace, names: tuple[str, str] = ("mujoco", "bullet")) -> Agreement:
    """Compare a trace with the reference (`ours`); names: of the two engines, for the words."""
    a, b = _told(ours), _told(theirs)
    _trim(a, b, min(ours.end, theirs.end))
    differences = list(_values(a, b, names))
    pairs = [(x, y) for signal in a for x, y in zip(a[signal], b.get(signal, ()), strict=False) if alike(x.new, y.new)]
    differences += _order(pairs, names)
    control_us, share = 0, 0.0
    first, second = _Times(ours), _Times(theirs)
    for x, y in sorted(pairs, key=lambda pair: pair[0].id):
        edge = first.edge(x)
        one, other = first.since(x, edge), second.since(y, edge)
        if one is None or other is None:
            continue
        off = abs(one - other)
        if first.is_control(x):
            control_us = max(control_us, off)
            if off > NEAR:
                words = f"{_said(x)} {_after(one, edge, names[0])}, {_after(other, edge, names[1])}"
                differences.append(Difference("time", x.signal, words, off))
        else:
            if one > 5_000_000:
                share = max(share, off / one)
            if off > max(NEAR, SHARE * one):
                words = f"{_said(x)} {one / 1e6:.2f} s after its cause on {names[0]}, {other / 1e6:.2f} s on {names[1]}"
                differences.append(Difference("time", x.signal, words, off))
    return Agreement(sum(map(len, a.values())), tuple(differences), control_us, share)


def _told(trace: Trace) -> dict[str, list[Event]]:
    """By signal, the events that are compared."""
    out: dict[str, list[Event]] = {}
    for event in trace.events:
        if trace.signals[event.signal].kind not in UNTOLD:
            out.setdefault(event.signal, []).append(event)
    return out


def _trim(a: dict[str, list[Event]], b: dict[str, list[Event]], end: int) -> None:
    """Leave out what one trace has and the other doesn't because it ended first."""
    for signal in {*a, *b}:
        one, other = a.get(signal, []), b.get(signal, [])
        for longer, shorter in ((one, other), (other, one)):
            while len(longer) > len(shorter) and longer[-1].t > end - NEAR:
                longer.pop()


def _values(
    a: Mapping[str, Sequence[Event]], b: Mapping[str, Sequence[Event]], names: tuple[str, str]
) -> Iterator[Difference]:
    for signal in dict.fromkeys((*a, *b)):
        ours, theirs = [e.new for e in a.get(signal, ())], [e.new for e in b.get(signal, ())]
        both = enumerate(zip_longest(ours, theirs, fillvalue=None))
        k = next((i for i, (x, y) in both if not alike(x, y)), None)
        if k is None:
            continue
        told = [_list(values[k:]) for values in (ours, theirs)]
        at = min(e[k].t for e in (a.get(signal, ()), b.get(signal, ())) if len(e) > k)
        words = f"{signal} at {at / 1e6:.2f} s: {told[0]} on {names[0]}, {told[1]} on {names[1]}"
        yield Difference("events", signal, words)


def alike(x: Any, y: Any) -> bool:
    """Whether two values are the same, numbers (and those of a display's fields) within a hundredth."""
    if isinstance(x, str) and isinstance(y, str):
        fields = [_FIELD.findall(text) for text in (x, y)]
        same = _FIELD.sub("", x) == _FIELD.sub("", y) and len(fields[0]) == len(fields[1])
        return same and all(alike(float(a), float(b)) for a, b in zip(*fields, strict=True))
    if isinstance(x, bool) or isinstance(y, bool) or not isinstance(x, int | float) or not isinstance(y, int | float):
        return x == y
    return abs(x - y) <= SHARE * max(abs(x), abs(y))


def _list(values: Sequence[Any]) -> str:
    more = f" and {len(values) - SHOWN} more" if len(values) > SHOWN else ""
    return ", ".join(str(v) or '""' for v in values[:SHOWN]) + more if values else "nothing"


def _order(pairs: Sequence[tuple[Event, Event]], names: tuple[str, str]) -> list[Difference]:
    """The first event of each signal that comes before one that it should follow."""
    out: dict[str, Difference] = {}
    latest: tuple[Event, Event] | None = None  # of those well before, the one that came last for the other engine
    waiting: list[tuple[Event, Event]] = []
    for pair in sorted(pairs, key=lambda p: p[0].t):
        waiting.append(pair)
        while waiting[0][0].t < pair[0].t - NEAR:
            gone = waiting.pop(0)
            if latest is None or gone[1].t > latest[1].t:
                latest = gone
        if latest is not None and pair[1].t < latest[1].t and pair[0].signal not in out:
            words = f"{_said(pair[0])} comes after {_said(latest[0])} on {names[0]}, and before it on {names[1]}"
            out[pair[0].signal] = Difference("order", pair[0].signal, words)
    return list(out.values())


def _said(event: Event) -> str:
    value = event.new if event.new != "" else '""'
    return f"{event.signal} = {value}"


def _after(us: int, edge: str, name: str) -> str:
    words = {"on": "after the touch or the last change", "off": "before letting go", "": "after its cause"}[edge]
    return f"{us / 1e6:.2f} s {words} on {name}"


class _Times:
    """When each event of a trace came, measured from what set it off."""

    def __init__(self, trace: Trace):
        self.trace = trace
        self._touches: dict[str, list[tuple[int, int]]] = {}  # control → (begin, end) of each handling
        self._sources: dict[int, Event | None] = {}
        self._controls: dict[str, list[Event]] = {}
        for event in trace.events:
            kind = trace.signals[event.signal].kind
            if kind == "control":
                self._controls.setdefault(event.signal, []).append(event)
            if kind != "touch":
                continue
            spans = self._touches.setdefault(event.signal, [])
            if event.new is True:
                if spans and event.t - spans[-1][1] <= LAPSE:
                    spans[-1] = (spans[-1][0], trace.end)
                else:
                    spans.append((event.t, trace.end))
            elif spans:
                spans[-1] = (spans[-1][0], event.t)

    def is_control(self, event: Event) -> bool:
        """Whether it is a control moved by the agent's hand."""
        return self.trace.signals[event.signal].kind == "control" and event.actor == AGENT

    def edge(self, event: Event) -> str:
        """What an event is measured from: "off", the letting go, for a control that springs back then; "on", the touch,
        for any other that the hand moves; "" for what isn't a control's.
        """
        span = self._span(event) if self.is_control(event) else None
        if span is None:
            return ""
        own = self._within(event, span)
        return "off" if own[0] is not event and event.new == own[0].old else "on"

    def since(self, event: Event, edge: str) -> int | None:
        """By how much an event comes after what set it off [µs].

        That is the touch of a control, or the control's last change in the same touch; else the last change of a
        control among the event's causes. With the edge "off": by how much before the hand lets go (negative: after).
        None if there is no such touch.
        """
        if not edge:
            source = self._source(event.id)
            return event.t if source is None else event.t - source.t
        span = self._span(event)
        if span is None:
            return None
        before = [e.t for e in self._within(event, span) if e.id < event.id]
        return span[1] - event.t if edge == "off" else event.t - (before[-1] if before else span[0])

    def _within(self, event: Event, span: tuple[int, int]) -> list[Event]:
        """The events of the same control since the touch began."""
        return [e for e in self._controls[event.signal] if span[0] <= e.t <= event.t and e.id <= event.id]

    def _span(self, event: Event) -> tuple[int, int] | None:
        touches = [e for e in map(self.trace.events.__getitem__, event.causes) if e.signal.endswith(TOUCH)]
        for touch in touches:
            spans = [s for s in self._touches.get(touch.signal, ()) if s[0] <= event.t]
            if spans:
                return spans[-1]
        return None

    def _source(self, id: int) -> Event | None:
        """The last of an event's causes, and theirs, at which the agent's hand moved a control."""
        if id not in self._sources:
            found: Event | None = None
            for cause in self.trace.events[id].causes:
                event = self.trace.events[cause]
                got = event if self.is_control(event) else self._source(cause)
                if got is not None and (found is None or got.t > found.t):
                    found = got
            self._sources[id] = found
        return self._sources[id]
