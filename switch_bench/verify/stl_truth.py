"""Truth of a formula over time, as sets of times: when it surely holds, and when it may."""

from __future__ import annotations

from collections.abc import Callable

from switch_bench.trace.signals import Signals
from switch_bench.verify import intervals as iv
from switch_bench.verify import stl_ast as ast
from switch_bench.verify.curves import holding
from switch_bench.verify.intervals import ALL, FOREVER, Times
from switch_bench.verify.spatial import relation

Known = tuple[Times, Times]
"""(surely so, possibly so): the first is within the second; between them it isn't known."""


def atom_times(node: ast.Atom, signals: Signals) -> Times:
    """When the atom holds, from 0 on for ever, if the signals stay as they are after their last events."""
    match node:
        case ast.Constant(value):
            return list(ALL) if value else []
        case ast.Compare():
            return iv.union(holding(node, signals))
        case ast.Is(name, value):
            times, values = signals.steps(name)
            return _where(times, [type(v) is type(value) and v == value for v in values])
        case ast.Same(left, right):
            times = sorted({*signals.steps(left)[0], *signals.steps(right)[0]})
            return _where(times, [signals.raw(left, t) == signals.raw(right, t) for t in times])
        case ast.Spatial():
            return _where(*relation(node, signals))


def _where(times: list[int], so: list[bool]) -> Times:
    ends = [*times[1:], FOREVER]
    return iv.union((s, e) for s, e, holds in zip(times, ends, so, strict=True) if holds)


def atom_table(node: ast.Node, signals: Signals) -> dict[ast.Atom, Times]:
    """`atom_times` of every atom of the formula."""
    return {atom: atom_times(atom, signals) for atom in set(ast.atoms(node))}


def truth(node: ast.Node, table: dict[ast.Atom, Times], end: int, final: bool) -> Known:
    """When the formula surely, and when it possibly holds, knowing the atoms up to `end` [µs] and no further.

    final: the episode is over, and an unbounded window ends with it. A bounded window that reaches past the end stays
    unfinished: what had to come in it, or to stay so throughout, has not been seen to.
    """
    later = [(end + 1, FOREVER)]
    seen = [(0, end + 1)]

    def some(sets: Known, lo: int, hi: int) -> Known:
        surely, possibly = sets
        if final and hi >= FOREVER:
            beyond = [(max(0, end + 1 - lo), FOREVER)]
            possibly = iv.union(iv.some(iv.intersection(possibly, seen), lo, hi), beyond)
            return iv.some(iv.intersection(surely, seen), lo, hi), possibly
        return iv.some(surely, lo, hi), iv.some(possibly, lo, hi)

    def until(a: Known, b: Known, lo: int, hi: int) -> Known:
        if final and hi >= FOREVER:
            beyond = iv.intersection([(max(0, end + 1 - lo), FOREVER)], iv.every(a[1], 0, lo - 1) if lo else a[1])
            surely, possibly = (iv.intersection(x, seen) for x in b)
            return iv.until(a[0], surely, lo, hi), iv.union(iv.until(a[1], possibly, lo, hi), beyond)
        return iv.until(a[0], b[0], lo, hi), iv.until(a[1], b[1], lo, hi)

    def go(n: ast.Node) -> Known:
        match n:
            case ast.Constant():
                return table[n], table[n]
            case _ if isinstance(n, ast.Atom):
                surely = iv.intersection(table[n], seen)
                return surely, iv.union(surely, later)
            case ast.Not(body):
                return _negated(go(body))
            case ast.And(parts):
                return _fold(iv.intersection, [go(p) for p in parts])
            case ast.Or(parts):
                return _fold(iv.union, [go(p) for p in parts])
            case ast.Implies(left, right):
                return _fold(iv.union, [_negated(go(left)), go(right)])
            case ast.Window("eventually", lo, hi, body):
                return some(go(body), lo, hi)
            case ast.Window("always", lo, hi, body):
                return _negated(some(_negated(go(body)), lo, hi))
            case ast.Window("once", lo, hi, body):
                surely, possibly = go(body)
                return iv.some(surely, -hi, -lo), iv.some(possibly, -hi, -lo)
            case ast.Window("historically", lo, hi, body):
                surely, possibly = go(body)
                return iv.every(surely, -hi, -lo), iv.every(possibly, -hi, -lo)
            case ast.Binary("until", lo, hi, left, right):
                return until(go(left), go(right), lo, hi)
            case ast.Binary("since", lo, hi, left, right):
                a, b = go(left), go(right)
                return iv.since(a[0], b[0], lo, hi), iv.since(a[1], b[1], lo, hi)
            case ast.Edge(kind, body):
                sets = go(body) if kind == "rise" else _negated(go(body))
                return _rising(sets)
            case ast.For(body, duration):
                ready = [(duration, FOREVER)]
                surely, possibly = go(body)
                surely, possibly = (iv.every(x, -duration, 0) for x in (surely, possibly))
                return iv.intersection(surely, ready), iv.intersection(possibly, ready)
        raise TypeError(f"{n!r} is no formula")

    return go(node)


def _negated(sets: Known) -> Known:
    return iv.complement(sets[1]), iv.complement(sets[0])


def _fold(op: Callable[[Times, Times], Times], sets: list[Known]) -> Known:
    surely, possibly = sets[0]
    for a, b in sets[1:]:
        surely, possibly = op(surely, a), op(possibly, b)
    return surely, possibly


def _rising(sets: Known) -> Known:
    surely, possibly = sets
    after_not = [(s + 1, min(e + 1, FOREVER)) for s, e in iv.complement(possibly)]
    after_not_surely = [(s + 1, min(e + 1, FOREVER)) for s, e in iv.complement(surely)]
    return iv.intersection(surely, after_not), iv.intersection(possibly, after_not_surely)


def verdict(node: ast.Node, table: dict[ast.Atom, Times], t: int, end: int, final: bool) -> bool | None:
    """Whether the formula holds at `t`; None if that isn't decided. Final: what has not been shown by then is False."""
    surely, possibly = truth(node, table, end, final)
    if iv.contains(surely, t):
        return True
    return False if final or not iv.contains(possibly, t) else None
