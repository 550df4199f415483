"""How far the episode got: subgoals brought about, and the prefixes at which it may have been a success."""

from __future__ import annotations

from collections.abc import Sequence

from switch_bench.verify import intervals as iv
from switch_bench.verify.acts import matches
from switch_bench.verify.effects import KINDS
from switch_bench.verify.facts import Facts
from switch_bench.verify.intervals import FOREVER
from switch_bench.verify.stl_ast import And, Node, Window


def subgoals(node: Node) -> tuple[Node, ...]:
    """The formulas a goal is the conjunction of, "always" and "in the end" taken apart too; itself if it is none."""
    match node:
        case And(parts):
            return tuple(s for part in parts for s in subgoals(part))
        case Window("always", lo, hi, body):
            inner = subgoals(body)
            return tuple(Window("always", lo, hi, s) for s in inner) if len(inner) > 1 else (node,)
        case Window("eventually", 0, hi, Window("always", 0, until, body)) if hi == until == FOREVER:
            inner = subgoals(body)
            last = [Window("eventually", 0, FOREVER, Window("always", 0, FOREVER, s)) for s in inner]
            return tuple(last) if len(inner) > 1 else (node,)
    return (node,)


def credited(root: Node, facts: Facts, null: Facts) -> dict[Node, int]:
    """Subgoal → when [µs] it first stood where without the agent it didn't, of those that ever did so."""
    found: dict[Node, int] = {}
    for goal in subgoals(root):
        times = iv.intersection(facts.standing(goal), iv.complement(null.standing(goal)))
        if times and times[0][0] <= facts.end:
            found[goal] = times[0][0]
    return found


def share(root: Node, facts: Facts, null: Facts) -> float:
    """The share of the subgoals brought about at some time, of those that didn't come by themselves.

    Which those are is told by the whole world without the agent, so that the share never falls as the episode grows.
    """
    done = credited(root, facts, null)
    needed = [goal for goal in subgoals(root) if goal in done or null.since(goal, null.end) is None]
    return len(done) / len(needed) if needed else 0.0


def moments(root: Node, facts: Facts, worlds: Sequence[Facts], forbidden: Sequence[str]) -> list[int]:
    """The prefixes [µs] before the end that may have been a success where their neighbours weren't.

    That is, while the goal stands: where it begins to, just before it ceases to, where it comes or goes in one of the
    other worlds, and after each change of something forbidden.
    """
    runs = [(s, min(e, facts.end)) for s, e in facts.standing(root)]
    times = {t for s, e in runs for t in (s, e - 1)}
    times |= {t for world in worlds for run in world.standing(root) for t in run}
    if forbidden:
        kinds = facts.trace.signals
        barred = {n for n in kinds if kinds[n].kind in KINDS and matches(n, forbidden) >= 0}
        for world in (facts, *worlds[:1]):
            times |= {e.t for e in world.trace.events if e.signal in barred}
        times |= {p.t for p in facts.trace.poses if matches(p.name, forbidden) >= 0}
    return sorted(t for t in times if any(s <= t < e for s, e in runs))
