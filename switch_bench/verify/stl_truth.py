"""Truth of a formula over time, as sets of times: when it surely holds, and when it may."""

from __future__ import annotations

from collections.abc import Callable

from switch_bench.trace.signals import Signals
from switch_bench.verify import intervals as iv
from switch_bench.verify import stl_ast as ast
from switch_bench.verify.curves import Piece, holding, pieces
from switch_bench.verify.intervals import ALL, FOREVER, Times
from switch_bench.verify.spatial import relation

Known = tuple[Times, Times]
"""(surely so, possibly so): the first is within the second; between them it isn't known. One list if all is known."""


class Table(dict[ast.Atom, Times]):
    """When each atom of a formula holds, and of each comparison its left side minus its right one."""

    def __init__(self) -> None:
        super().__init__()
        self.pieces: dict[ast.Compare, list[Piece]] = {}


def atom_times(atom: ast.Atom, signals: Signals) -> Times:
    """When the atom holds, as in its `Table`."""
    return atom_table(atom, signals)[atom]


def atom_table(node: ast.Node, signals: Signals) -> Table:
    """The formula's atoms from 0 on for ever, if the signals stay as they are after their last events."""
    table = Table()
    for atom in ast.atoms(node):
        if atom not in table:
            if isinstance(atom, ast.Compare):
                table.pieces[atom] = pieces(atom.left, atom.right, signals)
                table[atom] = iv.union(holding(atom, table.pieces[atom]))
            else:
                table[atom] = bool_times(atom, signals)
    return table


def bool_times(node: ast.Constant | ast.Is | ast.Same | ast.Spatial, signals: Signals) -> Times:
    """When an atom without numbers holds."""
    match node:
        case ast.Constant(value):
            return list(ALL) if value else []
        case ast.Is(name, value):
            times, values = signals.steps(name)
            return _where(times, [type(v) is type(value) and v == value for v in values])
        case ast.Same(left, right):
            times = sorted({*signals.steps(left)[0], *signals.steps(right)[0]})
            return _where(times, [signals.raw(left, t) == signals.raw(right, t) for t in times])
        case ast.Spatial():
            return _where(*relation(node, signals))


def _where(times: list[int], so: list[bool]) -> Times:
    out: Times = []
    since: int | None = None
    for t, holds in zip(times, so, strict=True):
        if holds:
            if since is None:
                since = t
        elif since is not None:
            out.append((since, t))
            since = None
    if since is not None:
        out.append((since, FOREVER))
    return out


class Truth:
    """When a formula surely, and when it possibly holds, knowing the atoms up to `end` [µs] and no further.

    final: the episode is over, and an unbounded window ends with it. A bounded window that reaches past the end stays
    unfinished: what had to come in it, or to stay so throughout, has not been seen to. seen: all windows end with what
    is seen, those of the future that begin later being empty.
    """

    def __init__(self, table: dict[ast.Atom, Times], end: int, final: bool, seen: bool = False):
        self.table, self.end, self.final, self.seen = table, end, final, seen
        self._past = [(0, end + 1)]
        self._later = [(end + 1, FOREVER)] if end + 1 < FOREVER else []
        self._known: dict[int, tuple[ast.Node, Known]] = {}  # by id, as hashing a formula takes long

    def __call__(self, node: ast.Node) -> Known:
        """(surely, possibly)."""
        found = self._known.get(id(node))
        if found is None:
            found = self._known[id(node)] = (node, self._find(node))
        return found[1]

    def of(self, node: ast.Node, wanted: bool, *, surely: bool) -> Times:
        """When it surely (or possibly) holds, or with wanted False doesn't."""
        known = self(node)
        return known[0 if surely else 1] if wanted else iv.complement(known[1 if surely else 0])

    def _find(self, n: ast.Node) -> Known:
        match n:
            case ast.Constant():
                return self.table[n], self.table[n]
            case _ if isinstance(n, ast.Atom):
                surely = iv.intersection(self.table[n], self._past)
                return surely, iv.union(surely, self._later) if self._later else surely
            case ast.Not(body):
                return _negated(self(body))
            case ast.And(parts):
                return _fold(iv.intersection, [self(p) for p in parts])
            case ast.Or(parts):
                return _fold(iv.union, [self(p) for p in parts])
            case ast.Implies(left, right):
                return _fold(iv.union, [_negated(self(left)), self(right)])
            case ast.Window("eventually", lo, hi, body):
                return self._some(self(body), lo, hi)
            case ast.Window("always", lo, hi, body):
                return _negated(self._some(_negated(self(body)), lo, hi))
            case ast.Window("once", lo, hi, body):
                return _both(self(body), lambda x: iv.some(x, -hi, -lo))
            case ast.Window("historically", lo, hi, body):
                return _both(self(body), lambda x: iv.every(x, -hi, -lo))
            case ast.Binary("until", lo, hi, left, right):
                return self._until(self(left), self(right), lo, hi)
            case ast.Binary("since", lo, hi, left, right):
                return _fold(lambda a, b: iv.since(a, b, lo, hi), [self(left), self(right)])
            case ast.Edge(kind, body):
                sets = self(body)
                return _rising(sets if kind == "rise" else _negated(sets))
            case ast.For(body, duration):
                ready = [(duration, FOREVER)]
                return _both(self(body), lambda x: iv.intersection(iv.every(x, -duration, 0), ready))
        raise TypeError(f"{n!r} is no formula")

    def _cuts(self, hi: int) -> bool:
        return self.seen or (self.final and hi >= FOREVER)

    def _some(self, sets: Known, lo: int, hi: int) -> Known:
        if not self._cuts(hi):
            return _both(sets, lambda x: iv.some(x, lo, hi))
        surely, possibly = _both(sets, lambda x: iv.some(iv.intersection(x, self._past), lo, hi))
        return surely, possibly if self.seen else iv.union(possibly, [(max(0, self.end + 1 - lo), FOREVER)])

    def _until(self, a: Known, b: Known, lo: int, hi: int) -> Known:
        if not self._cuts(hi):
            return _fold(lambda x, y: iv.until(x, y, lo, hi), [a, b])
        surely, possibly = (iv.until(x, iv.intersection(y, self._past), lo, hi) for x, y in zip(a, b, strict=True))
        if self.seen:
            return surely, possibly
        lead = iv.every(a[1], 0, lo - 1) if lo else a[1]
        return surely, iv.union(possibly, iv.intersection([(max(0, self.end + 1 - lo), FOREVER)], lead))


def truth(node: ast.Node, table: dict[ast.Atom, Times], end: int, final: bool) -> Known:
    """When the formula surely, and when it possibly holds (see `Truth`)."""
    return Truth(table, end, final)(node)


def lasting(table: dict[ast.Atom, Times]) -> Truth:
    """The truth if the signals go on for ever as they are after their last events: nothing is open."""
    return Truth(table, FOREVER - 1, False)


def _both(sets: Known, op: Callable[[Times], Times]) -> Known:
    surely = op(sets[0])
    return surely, surely if sets[0] is sets[1] else op(sets[1])


def _negated(sets: Known) -> Known:
    not_possibly = iv.complement(sets[1])
    return not_possibly, not_possibly if sets[0] is sets[1] else iv.complement(sets[0])


def _fold(op: Callable[[Times, Times], Times], sets: list[Known]) -> Known:
    surely, possibly = sets[0]
    for a, b in sets[1:]:
        if surely is possibly and a is b:
            surely = possibly = op(surely, a)
        else:
            surely, possibly = op(surely, a), op(possibly, b)
    return surely, possibly


def _rising(sets: Known) -> Known:
    surely, possibly = sets
    after_not = [(s + 1, min(e + 1, FOREVER)) for s, e in iv.complement(possibly)]
    if surely is possibly:
        rises = iv.intersection(surely, after_not)
        return rises, rises
    after_not_surely = [(s + 1, min(e + 1, FOREVER)) for s, e in iv.complement(surely)]
    return iv.intersection(surely, after_not), iv.intersection(possibly, after_not_surely)


def verdict(node: ast.Node, table: dict[ast.Atom, Times], t: int, end: int, final: bool) -> bool | None:
    """Whether the formula holds at `t`; None if that isn't decided. Final: what has not been shown by then is False."""
    surely, possibly = truth(node, table, end, final)
    if iv.contains(surely, t):
        return True
    return False if final or not iv.contains(possibly, t) else None
