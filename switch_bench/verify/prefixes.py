"""The truth of a formula over the ends of prefixes: for which ends an episode would have held its goal."""

from __future__ import annotations

from functools import reduce

from switch_bench.verify import intervals as iv
from switch_bench.verify import stl_ast as ast
from switch_bench.verify.intervals import FOREVER, Times
from switch_bench.verify.stl_robust import decided
from switch_bench.verify.stl_truth import truth


def standing(node: ast.Node, table: dict[ast.Atom, Times], end: int) -> Times:
    """The e in [0, end] [µs] for which the formula, judged finally at time 0 on the prefix up to e, holds.

    A goal such as `eventually a` stands from the first a on, `always a` until the first not-a, and "a in the end"
    (`eventually always a`) while a is so.
    """
    return iv.intersection(_surely(node, True, table, end), [(0, end + 1)])


def _surely(node: ast.Node, wanted: bool, table: dict[ast.Atom, Times], end: int) -> Times:
    """The ends at which it is sure that the formula holds at time 0 (or for wanted False that it doesn't)."""
    match node:
        case _ if not ast.looks_ahead(node):
            so = iv.contains(truth(node, table, end, True)[0], 0)
            return list(iv.ALL) if so == wanted else []
        case ast.Not(body):
            return _surely(body, not wanted, table, end)
        case ast.Implies(left, right):
            return _surely(ast.Or((ast.Not(left), right)), wanted, table, end)
        case ast.And(parts) | ast.Or(parts):
            sets = [_surely(part, wanted, table, end) for part in parts]
            if isinstance(node, ast.Or) == wanted:
                return iv.union(*sets)
            return reduce(iv.intersection, sets)
        case ast.Window("eventually" | "always" as kind, lo, hi, body) if not ast.looks_ahead(body):
            met = truth(body, table, end, True)[0]
            if kind == "always":
                met = iv.complement(met)
            inside = iv.intersection(met, [(lo, min(hi, end) + 1)])
            first = inside[0][0] if inside else FOREVER
            if (kind == "eventually") == wanted:
                if hi >= FOREVER or ast.prompt(body, kind == "eventually"):
                    return [(first, FOREVER)] if inside else []
            elif hi >= FOREVER:  # time ends with the trace: not met so far is not met
                return [(lo, first)] if lo < first else []
            elif ast.prompt(body, kind == "always"):
                return [] if inside else [(hi, FOREVER)]
    return _sampled(node, wanted, table, end)


def _sampled(node: ast.Node, wanted: bool, table: dict[ast.Atom, Times], end: int) -> Times:
    """By judging each prefix at whose end anything can change: an edge of an atom, plus or minus window bounds."""
    own = set(ast.atoms(node))
    edges = {0, *(t for atom in own for interval in table[atom] for t in interval)}
    reach = ast.shifts(node)
    settled = min((t for t in decided(node, table, 0) if t is not None), default=end)
    last = min(end, settled + max(reach))  # by then all that settled it lies in the past
    moments = sorted({0, *(t for e in edges for s in reach for d in (-1, 0, 1) if 0 <= (t := e + s + d) <= last)})
    out: Times = []
    for t, following in zip(moments, [*moments[1:], FOREVER], strict=True):
        surely, possibly = truth(node, table, t, True)
        if iv.contains(surely, 0) if wanted else not iv.contains(possibly, 0):
            out.append((t, following))
    return iv.union(out)
