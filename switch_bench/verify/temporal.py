"""Whether the goal held in time, and if not, what was missing, since when, and by whose doing."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence

from switch_bench.trace.schema import Event
from switch_bench.verify import stl_ast as ast
from switch_bench.verify.acts import Actuation
from switch_bench.verify.effects import because
from switch_bench.verify.facts import AGENT, Facts
from switch_bench.verify.part import Part
from switch_bench.verify.words import Speaker, amount, base, listing, seconds, whose


def judge(root: ast.Node, facts: Facts, since: int | None, acts: Sequence[Actuation], speak: Speaker) -> Part:
    """The temporal part. since: from when [µs] the goal has stood until the end; None: it doesn't stand."""
    asked = speak.formula(root)
    if since is not None:
        evidence = tuple(e.id for e in facts.deciding(root, since))
        if since == 0:
            return Part("temporal", True, f"It held from the start: {asked}.", evidence)
        return Part("temporal", True, f"From {seconds(since)} on it held: {asked}.", evidence)
    own = ast.names(root)
    _, violated = facts.settled(root)
    runs = facts.standing(root)
    if violated is not None and not runs:
        why = _whose(own, facts, violated, acts)
        words = f"It failed at {seconds(violated)}{why}. Asked for was: {asked}.{_state(own, facts, violated, speak)}"
    elif runs:
        start, end = runs[-1]
        first = "It held from the start" if start == 0 else f"It came about at {seconds(start)}"
        words = f"{first}, but was undone at {seconds(end)}{_whose(own, facts, end, acts)}. Asked for was: {asked}."
        words += _state(own, facts, facts.end, speak)
    else:
        words = f"It did not come about up to the end at {seconds(facts.end)}. Asked for was: {asked}."
        words += _state(own, facts, facts.end, speak)
        margin = facts.margin(root)
        if math.isfinite(margin) and margin < 0:
            words += f" At best it was {amount(-margin, base(_unit(root)))} short."
    last = [e.id for e in _last(own, facts, facts.end)]
    return Part("temporal", False, words, tuple(sorted(last)))


def _state(own: Iterable[str], facts: Facts, t: int, speak: Speaker) -> str:
    """How things were at `t`."""
    so = [speak.so(name, facts.signals.value(name, t)) for name in own]
    return f" At {seconds(t)} {listing(so)}." if so else ""


def _last(own: Iterable[str], facts: Facts, t: int) -> list[Event]:
    return [e for name in own if (e := facts.signals.last_event(name, t)) is not None]


def _whose(own: Iterable[str], facts: Facts, t: int, acts: Sequence[Actuation]) -> str:
    """By whose doing the signals changed at `t`: ", because the agent …"."""
    events = _last(own, facts, t)
    led = facts.ancestry(*(e.id for e in events if e.t == t))
    actor = next((e.actor for e in reversed(led) if e.actor is not None), None)
    if actor == AGENT:
        return f", {because([e.id for e in led], acts, 1)}"
    return f", by {whose(actor)}" if actor else ""


def _unit(node: ast.Node) -> str:
    """The unit of all comparisons of a formula, if it is one and the same."""
    units = {a.left.unit or a.right.unit for a in ast.atoms(node) if isinstance(a, ast.Compare)}
    return units.pop() if len(units) == 1 else ""
