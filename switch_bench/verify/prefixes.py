"""The truth of a formula over the ends of prefixes: for which ends an episode would have held its goal.

Judged finally, an unbounded window ends with the prefix, while a bounded one that reaches past it stays open. So where
no unbounded window lies within another operator of the future, it is enough to know for each time when the formula
below is decided there (`stl_robust.decisions`).
"""

from __future__ import annotations

from functools import reduce

from switch_bench.verify import intervals as iv
from switch_bench.verify import lattice
from switch_bench.verify import stl_ast as ast
from switch_bench.verify.intervals import FOREVER, Times
from switch_bench.verify.stl_robust import NEVER, Quantifier, decided, decisions
from switch_bench.verify.stl_truth import truth


def standing(node: ast.Node, table: dict[ast.Atom, Times], end: int) -> Times:
    """The e in [0, end] [µs] for which the formula, judged finally at time 0 on the prefix up to e, holds.

    A goal such as `eventually a` stands from the first a on, `always a` until the first not-a, and "a in the end"
    (`eventually always a`) while a is so.
    """
    return iv.intersection(_Ends(table, end).surely(node, True), [(0, end + 1)])


class _Ends:
    def __init__(self, table: dict[ast.Atom, Times], end: int):
        self.table, self.end = table, end
        self.known: Quantifier = decisions(table)

    def surely(self, node: ast.Node, wanted: bool) -> Times:
        """The ends at which it is sure that the formula holds at time 0 (or for wanted False that it doesn't)."""
        if not ast.open_ended(node):
            return _from(-self.known.at(node, wanted, 0))
        match node:
            case ast.Not(body):
                return self.surely(body, not wanted)
            case ast.Implies(left, right):
                return self.surely(ast.Or((ast.Not(left), right)), wanted)
            case ast.And(parts) | ast.Or(parts):
                sets = [self.surely(part, wanted) for part in parts]
                return iv.union(*sets) if isinstance(node, ast.Or) == wanted else reduce(iv.intersection, sets)
            case ast.Window("eventually" | "always" as kind, lo, hi, body) if hi >= FOREVER:
                some = (kind == "eventually") == wanted
                if not ast.open_ended(body):
                    return self.met(body, wanted, lo) if some else self.kept(body, wanted, lo)
                last = "always" if kind == "eventually" else "eventually"
                match body:
                    case ast.Window(inner, more, until, below) if inner == last and until >= FOREVER:
                        if not ast.open_ended(below):
                            return self.in_the_end(below, wanted, lo, more, some)
            case ast.Binary("until", lo, hi, left, right) if hi >= FOREVER and wanted:
                if not ast.open_ended(left) and not ast.open_ended(right):
                    a, b = self.known.value(left, True), lattice.least(self.known.value(right, True), _now())
                    return _from(-lattice.at(self.known.until(a, b, lo, hi), 0))
        return self.sampled(node, wanted)

    def met(self, body: ast.Node, wanted: bool, lo: int) -> Times:
        """Ends e by which it is known of some time in [lo, e]."""
        found = lattice.least(self.known.value(body, wanted), _now())
        return _from(-lattice.extreme(found, lo, FOREVER, True, -FOREVER))

    def kept(self, body: ast.Node, wanted: bool, lo: int) -> Times:
        """Ends e by which it is known of all times in [lo, e]: e isn't in [u, when it is known of u) for any u."""
        open_at = []
        for s, e, x, y, _ in self.known.value(body, wanted):
            start, when = max(s, lo), -min(x, y)
            if start < e and start < when and not (x != y and -x <= s):
                open_at.append((start, int(min(when, FOREVER))))
        return iv.intersection(iv.complement(iv.union(open_at)), [(lo, FOREVER)])

    def in_the_end(self, body: ast.Node, wanted: bool, lo: int, more: int, some: bool) -> Times:
        """Ends e by which it is known of the last time, e itself."""
        if more > 0 and not some:  # of windows that begin after the end nothing is known
            return []
        found: Times = []
        for s, e, x, y, _ in self.known.value(body, wanted):
            if x == y:
                found.append((int(max(s, min(-x, FOREVER))), e))
            elif -x <= s:
                found.append((s, e))
        return iv.intersection(iv.union(found), [(lo + more, FOREVER)])

    def sampled(self, node: ast.Node, wanted: bool) -> Times:
        """By judging each prefix at whose end anything can change: an edge of an atom, plus or minus window bounds."""
        own = set(ast.atoms(node))
        edges = {0, *(t for atom in own for interval in self.table[atom] for t in interval)}
        reach = ast.shifts(node)
        settled = min((t for t in decided(node, self.table, 0) if t is not None), default=self.end)
        last = min(self.end, settled + max(reach))  # by then all that settled it lies in the past
        moments = sorted({0, *(t for e in edges for s in reach for d in (-1, 0, 1) if 0 <= (t := e + s + d) <= last)})
        out: Times = []
        for t, following in zip(moments, [*moments[1:], FOREVER], strict=True):
            surely, possibly = truth(node, self.table, t, True)
            if iv.contains(surely, 0) if wanted else not iv.contains(possibly, 0):
                out.append((t, following))
        return iv.union(out)


def _from(known: float) -> Times:
    return [(max(0, int(known)), FOREVER)] if known < NEVER else []


def _now() -> lattice.Function:
    """Minus the time: what is of a time isn't known before it."""
    return [(0, FOREVER, 0, 1 - FOREVER, lambda t: -t)]
