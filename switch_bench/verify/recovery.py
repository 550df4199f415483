"""What got in the agent's way, and what it made of it: injected faults, and others who undid what it had done.

A fault matters from when the episode shows otherwise than *sound*, the world in which the recorded targets are carried
out without the faults. Someone else gets in the way where something the goal speaks of, brought about by the agent,
ceases to be so by their act before the goal has come.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import cast

from switch_bench.network.flow import Anchor
from switch_bench.verify import intervals as iv
from switch_bench.verify import stl_ast as ast
from switch_bench.verify import stl_truth
from switch_bench.verify.acts import Actuation
from switch_bench.verify.facts import AGENT, Facts
from switch_bench.verify.words import Speaker, seconds, whose

SHOWING = frozenset({"control", "output", "sound"})
"""Kinds of signals by which a fault can be seen, heard or felt."""


@dataclass(frozen=True, slots=True)
class Setback:
    """One thing that got in the way.

    by: "fault", or the actor. at: since when it mattered [µs]. what: the first signal that was otherwise. seen: when
    [µs] a signal that was otherwise was first in view while it was so. noticed: whether it was seen, and the agent then
    did something more with a control, or reported that it can't be done; None where no image was delivered. recovered:
    whether the goal stood at the end all the same; None for a task that can't be done. steps: the agent's actuations
    from then until the goal came, where it recovered.
    """

    by: str
    at: int
    what: str
    seen: int | None
    noticed: bool | None
    recovered: bool | None
    steps: int | None
    words: str


def judge(
    root: ast.Node,
    facts: Facts,
    sound: Facts | None,
    since: int | None,
    acts: Sequence[Actuation],
    *,
    feasible: bool,
    speak: Speaker,
) -> tuple[Setback, ...]:
    """All setbacks, in order. sound: the world without the injected faults; None: there are none. since: of the goal.

    A fault that never made a difference is none.
    """
    found = [] if sound is None else _faults(facts, sound)
    found += _undone(root, facts, facts.end if since is None else since)
    out = []
    for by, at, what, shown in sorted(found, key=lambda f: f[1]):
        seen = _seen(facts, shown)
        noticed = None
        if facts.trace.views:
            claim = facts.trace.claim
            gave_up = claim is not None and claim.what == "impossible"
            noticed = seen is not None and (gave_up or any(act.t > seen for act in acts))
        recovered = (since is not None) if feasible else None
        steps = sum(at < act.t <= since for act in acts) if since is not None and recovered else None
        words = _words(by, at, what, facts, sound, seen, noticed, recovered, steps, speak)
        out.append(Setback(by, at, what, seen, noticed, recovered, steps, words))
    return tuple(out)


Found = tuple[str, int, str, dict[str, list[tuple[int, int]]]]
"""(by, at, what, signal → the times at which it was otherwise)."""


def _faults(facts: Facts, sound: Facts) -> list[Found]:
    """The faults, if they made a difference: from when, in what first, and when each signal was otherwise."""
    shown: dict[str, list[tuple[int, int]]] = {}
    for name, info in facts.trace.signals.items():
        if info.kind in SHOWING and name in sound.trace.signals:
            times = _otherwise(facts, sound, name)
            if times:
                shown[name] = times
    if not shown:
        return []

    def telling(name: str) -> tuple[int, bool, bool]:
        """The earliest, and of these a control first, and a number last."""
        value = facts.signals.raw(name, shown[name][0][0])
        number = isinstance(value, float | int) and not isinstance(value, bool)
        return shown[name][0][0], facts.trace.signals[name].kind != "control", number

    first = min(shown, key=telling)
    return [("fault", shown[first][0][0], first, shown)]


def _otherwise(facts: Facts, sound: Facts, name: str) -> list[tuple[int, int]]:
    """The times [start, end) at which a signal that isn't a flow had another value than in the sound world."""
    end = facts.end + 1
    times = sorted({t for world in (facts, sound) for t in world.signals.steps(name)[0] if t < end})
    out = []
    for s, e in zip(times, [*times[1:], end], strict=True):
        a, b = facts.signals.raw(name, s), sound.signals.raw(name, s)
        if a != b and not isinstance(a, Anchor) and not isinstance(b, Anchor):
            out.append((s, e))
    return out


def _undone(root: ast.Node, facts: Facts, until: int) -> list[Found]:
    """What someone else undid of what the goal speaks of and the agent had brought about, before `until` [µs]."""
    out: list[Found] = []
    for atom in dict.fromkeys(_atoms(root, True)):
        runs = _holding(atom, facts)
        own = ast.names(atom)
        for n, (start, end) in enumerate(runs):
            if start == 0 or end > until or end > facts.end:
                continue
            brought = facts.ancestry(*_last(own, facts, start))
            by = next((e.actor for e in reversed(facts.ancestry(*_last(own, facts, end))) if e.actor), None)
            if by is not None and by != AGENT and any(e.actor == AGENT for e in brought):
                again = runs[n + 1][0] if n + 1 < len(runs) else facts.end + 1
                out.append((by, end, own[0], {name: [(end, again)] for name in own}))
    return out


def _last(names: Iterable[str], facts: Facts, t: int) -> list[int]:
    """The ids of these signals' events of the instant `t`, or of their last ones before it."""
    last = [e for name in names if (e := facts.signals.last_event(name, t)) is not None]
    now = [e.id for e in last if e.t == t]
    return now or [e.id for e in last]


def _holding(atom: ast.Node, facts: Facts) -> iv.Times:
    """When within the trace an atom, or what denies one, held."""
    if isinstance(atom, ast.Not):
        return iv.complement(stl_truth.atom_times(cast(ast.Atom, atom.body), facts.signals))
    return stl_truth.atom_times(cast(ast.Atom, atom), facts.signals)


def _atoms(node: ast.Node, wanted: bool) -> Iterator[ast.Node]:
    """The atoms of a formula that speak of signals, denied where they are not to be."""
    match node:
        case ast.Compare() | ast.Is() | ast.Same():
            yield node if wanted else ast.Not(node)
        case ast.Not(body):
            yield from _atoms(body, not wanted)
        case ast.And(parts) | ast.Or(parts):
            for part in parts:
                yield from _atoms(part, wanted)
        case ast.Window(_, _, _, body) | ast.For(body, _) | ast.Edge(_, body):
            yield from _atoms(body, wanted)
        case ast.Binary(_, _, _, left, right):
            yield from _atoms(left, wanted)
            yield from _atoms(right, wanted)


def _seen(facts: Facts, shown: dict[str, list[tuple[int, int]]]) -> int | None:
    """When first an image showed a signal while it was otherwise."""
    for view in facts.trace.views:
        if any(s <= view.t < e for name in view.seen for s, e in shown.get(name, ())):
            return view.t
    return None


def _words(
    by: str,
    at: int,
    what: str,
    facts: Facts,
    sound: Facts | None,
    seen: int | None,
    noticed: bool | None,
    recovered: bool | None,
    steps: int | None,
    speak: Speaker,
) -> str:
    now = speak.so(what, facts.signals.value(what, at))
    if by == "fault" and sound is not None:
        words = f"A fault mattered from {seconds(at)} on: {now}; without the fault, "
        words += speak.so(what, sound.signals.value(what, at))
    else:
        words = f"At {seconds(at)} {whose(by)} undid what the agent had done: {now}"
    words += "." if seen is None else f". The agent could see it at {seconds(seen)}"
    if noticed is False:
        words += ". The agent never looked." if seen is None else ", and did nothing more."
    elif seen is not None:
        words += "."
    if recovered:
        words += f" The goal stood in the end all the same, {steps} act{'s' * (steps != 1)} later."
    elif recovered is False:
        words += " The goal did not stand in the end."
    return words
