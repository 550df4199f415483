"""The truth of a formula over the ends of prefixes: for which ends an episode would have held its goal."""

from __future__ import annotations

from switch_bench.verify import intervals as iv
from switch_bench.verify import stl_ast as ast
from switch_bench.verify.intervals import FOREVER, Times
from switch_bench.verify.stl_truth import Known, truth


def standing(node: ast.Node, table: dict[ast.Atom, Times], end: int) -> Times:
    """The e in [0, end] [µs] for which the formula, judged finally at time 0 on the prefix up to e, holds.

    A goal such as `eventually a` stands from the first a on, `always a` until the first not-a, and "a in the end"
    (`eventually always a`) while a is so.
    """
    return iv.intersection(_known(node, table, end)[0], [(0, end + 1)])


def _known(node: ast.Node, table: dict[ast.Atom, Times], end: int) -> Known:
    match node:
        case _ if not ast.looks_ahead(node):
            so = iv.contains(truth(node, table, end, True)[0], 0)
            return (list(iv.ALL), list(iv.ALL)) if so else ([], [])
        case ast.Not(body):
            return _negated(_known(body, table, end))
        case ast.And(parts):
            sets = [_known(p, table, end) for p in parts]
            return _all([s for s, _ in sets]), _all([p for _, p in sets])
        case ast.Or(parts):
            return _negated(_known(ast.And(tuple(ast.Not(p) for p in parts)), table, end))
        case ast.Implies(left, right):
            return _known(ast.Or((ast.Not(left), right)), table, end)
        case ast.Window("eventually", lo, hi, body) if not ast.looks_ahead(body):
            return _comes(truth(body, table, end, True)[0], lo, hi)
        case ast.Window("always", lo, hi, body) if not ast.looks_ahead(body):
            return _negated(_comes(iv.complement(truth(body, table, end, True)[0]), lo, hi))
        case _:
            return _sampled(node, table, end)


def _negated(sets: Known) -> Known:
    return iv.complement(sets[1]), iv.complement(sets[0])


def _all(sets: list[Times]) -> Times:
    out = list(iv.ALL)
    for times in sets:
        out = iv.intersection(out, times)
    return out


def _comes(times: Times, lo: int, hi: int) -> Known:
    """That a time of the window is in `times`, as each end knows it."""
    inside = iv.intersection(times, [(lo, min(hi, FOREVER - 1) + 1)])
    surely = [(inside[0][0], FOREVER)] if inside else []
    return surely, iv.union(surely, [(0, lo if hi >= FOREVER else hi)])


def _sampled(node: ast.Node, table: dict[ast.Atom, Times], end: int) -> Known:
    """By judging each prefix at whose end anything can change: an edge of an atom, plus or minus window bounds."""
    own = set(ast.atoms(node))
    edges = {0, *(t for atom in own for interval in table[atom] for t in interval)}
    moments = sorted({e + s + d for e in edges for s in ast.shifts(node) for d in (-1, 0, 1)} | {0})
    moments = [t for t in moments if 0 <= t <= end]
    surely: Times = []
    possibly: Times = []
    for t, following in zip(moments, [*moments[1:], FOREVER], strict=True):
        low, high = truth(node, table, t, True)
        if iv.contains(low, 0):
            surely.append((t, following))
        if iv.contains(high, 0):
            possibly.append((t, following))
    return iv.union(surely), iv.union(possibly)
