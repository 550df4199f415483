"""What the agent's hands did: its actuations, and which of them nothing needed."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import cast

from switch_bench.network.declare import Value
from switch_bench.trace.schema import Event
from switch_bench.verify.facts import Facts
from switch_bench.verify.task import Task
from switch_bench.verify.words import Speaker, seconds

DOOR = frozenset({"open", "closed"})
"""What doors and lids read. They are opened to get at what is behind them, which no ancestry shows."""

TOUCH = "_touch"
LAPSE = 150_000  # µs: a contact lost for less than that is no letting go; quick fingers press five times a second


@dataclass(frozen=True, slots=True)
class Actuation:
    """One handling of a control, from the touch to the letting go: all that the control read meanwhile.

    t, until: the first and last of its changes [µs]. before, after: what it read at first and at last. events: ids.
    words: "pressed the start key (washer) at 4.2 s".
    """

    control: str
    t: int
    until: int
    before: Value
    after: Value
    events: tuple[int, ...]
    words: str


def actuations(facts: Facts, speak: Speaker) -> tuple[Actuation, ...]:
    """All the agent did to controls, in order."""
    groups: dict[tuple[str, int], list[Event]] = {}
    before: tuple[str, int] | None = None
    pressed: dict[str, tuple[str, int]] = {}  # of controls whose touch isn't recorded: the press that isn't over
    for event in facts.acts:
        key = _touch(facts, event)
        if key is None:
            key = pressed.pop(event.signal, (event.signal, event.id))
            if event.new is True:
                key = pressed[event.signal] = (event.signal, event.id)
        elif before is not None and before[0] == key[0] and event.t - groups[before][-1].t <= LAPSE:
            key = before
        groups.setdefault(key, []).append(event)
        before = key
    return tuple(_actuation(control, events, speak) for (control, _), events in groups.items())


def _touch(facts: Facts, event: Event) -> tuple[str, int] | None:
    """The control, and the id of the touch that moved it; None if no touch is recorded."""
    for touch in (facts.trace.events[cause] for cause in event.causes):
        if facts.trace.signals[touch.signal].kind != "touch":
            continue
        began = [e.id for e in facts.signals.events(touch.signal) if e.id <= touch.id and e.new is True]
        return touch.signal.removesuffix(TOUCH), began[-1] if began else touch.id
    return None


def _actuation(control: str, events: Sequence[Event], speak: Speaker) -> Actuation:
    own = [e for e in events if e.signal == control] or [e for e in events if e.signal == events[0].signal]
    before, values = cast(Value, own[0].old), tuple(cast(Value, e.new) for e in own)
    words = f"{speak.act(own[0].signal, before, values)} at {seconds(events[0].t)}"
    return Actuation(control, events[0].t, events[-1].t, before, values[-1], tuple(sorted(e.id for e in events)), words)


def matches(name: str, patterns: Sequence[str]) -> int:
    """How closely a glob names `name`: the greatest number of literal characters in one that fits, -1 if none does."""
    return max((len(p) - p.count("*") - p.count("?") for p in patterns if fnmatchcase(name, p)), default=-1)


def permitted(name: str, task: Task) -> bool:
    """Whether the task allows `name` to be left changed: of patterns that fit, the closer one counts."""
    return matches(name, task.allowed) > matches(name, task.forbidden)


def needless(acts: Sequence[Actuation], facts: Facts, means: Collection[int], task: Task) -> tuple[Actuation, ...]:
    """The actuations that nothing needed.

    Not counted are: one of which an event is among `means` (ids of what led to the goal), one of a control that the
    task requires or allows to be left changed (it may have kept something from coming, which leaves no ancestry), one
    that brings a control that was so needed back to where it had been, and any of a door or lid.
    """
    useful: list[Actuation] = []
    out = []
    for act in acts:
        signals = {facts.trace.events[i].signal for i in act.events}
        undoes = any(u.control == act.control and u.before == act.after for u in useful)
        if not signals.isdisjoint(task.required) or not set(act.events).isdisjoint(means) or undoes:
            useful.append(act)
        elif act.after not in DOOR and not permitted(act.control, task):
            out.append(act)
    return tuple(out)
