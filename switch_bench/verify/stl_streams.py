"""A formula's value over time on a trace that grows, kept where it is known so that only what is new is evaluated."""

from __future__ import annotations

from bisect import bisect_right

from switch_bench.verify import lattice
from switch_bench.verify import stl_ast as ast
from switch_bench.verify.curves import Piece, pieces
from switch_bench.verify.intervals import FOREVER
from switch_bench.verify.lattice import Function
from switch_bench.verify.stl_robust import INF, Beyond, Quantifier, Span, gate, margin
from switch_bench.verify.stl_truth import Truth
from switch_bench.verify.stl_watch import Watch

_OPPOSITE: dict[Beyond, Beyond] = {"worst": "best", "best": "worst", "seen": "seen"}


def streams(node: ast.Node) -> bool:
    """Whether what is known of the formula's value is known after a bounded time, and can be carried on from there."""
    if not ast.compares(node):
        return not ast.open_ended(node)
    match node:
        case ast.Window(_, lo, hi, _) | ast.Binary(_, lo, hi, _, _) if hi >= FOREVER and (lo > 0 or not _carries(node)):
            return False
    return all(streams(child) for child in ast.children(node))


def _carries(node: ast.Node) -> bool:
    """Whether its value hangs on all of the past, and goes on from its value a microsecond ago."""
    match node:
        case ast.Window("once" | "historically", _, hi, _) | ast.Binary("since", _, hi, _, _):
            return hi >= FOREVER
    return False


class Source:
    """A formula's leaves, as far as a watch has been told of them."""

    def __init__(self, node: ast.Node, watch: Watch):
        self.watch = watch
        self._streams: dict[int, Stream] = {}  # by id, as hashing a formula takes long
        self._numeric: dict[int, bool] = {}
        self._add(node)

    def _add(self, node: ast.Node) -> None:
        if not ast.compares(node):
            return
        if _carries(node):
            self._streams[id(node)] = Stream(node, self)
        for child in ast.children(node):
            joins = isinstance(node, ast.Not | ast.And | ast.Or | ast.Implies)
            if ast.compares(child) and not joins:
                self._streams[id(child)] = Stream(child, self)
            self._add(child)

    def at(self, now: int, beyond: Beyond, within: ast.Node | None = None) -> Quantifier:
        """What evaluates formulas on what is known up to `now`. within: the stream to be evaluated from its parts."""
        fill = INF if beyond == "best" else -INF

        def leaf(n: ast.Node, wanted: bool, span: Span) -> Function | None:
            stream = self._streams.get(id(n))
            if stream is not None and n is not within:
                out = stream.over(span, now, beyond if wanted else _OPPOSITE[beyond])
                return out if wanted else lattice.negative(out)
            if isinstance(n, ast.Compare):
                if span[0] > now:
                    return lattice.constant(fill)
                found = pieces(n.left, n.right, self.watch.signals, min(now, span[1]) + 1, span[0])
                out = margin(n.operator, lattice.padded(found, 0.0))
                out = out if wanted else lattice.negative(out)
                return lattice.ended(out, now + 1, fill) if span[1] > now else out
            numeric = self._numeric.get(id(n))
            if numeric is None:
                numeric = self._numeric[id(n)] = ast.compares(n)
            return None if numeric else self._gate(n, wanted, span, now, beyond)

        return Quantifier(leaf, -INF, INF, now, lambda hi: beyond == "seen", None if beyond == "seen" else fill)

    def _gate(self, n: ast.Node, wanted: bool, span: Span, now: int, beyond: Beyond) -> Function:
        first, last = span[0], min(span[1] + 1, FOREVER)
        if beyond == "seen" and ast.looks_ahead(n):
            start = max(0, first - ast.memory(n))
            table = {a: self.watch.graph.leaves[a].yes.within(start, now + 1) for a in set(ast.atoms(n))}
            return gate(Truth(table, now, False, True).of(n, wanted, surely=True))
        yes, no = self.watch.sides(n)
        if not wanted:
            yes, no = no, yes
        if beyond == "best":
            return gate(no.within(first, last), -INF, INF)
        return gate(yes.within(first, last))


class Stream:
    """A formula's value over time as it becomes known."""

    def __init__(self, node: ast.Node, source: Source):
        self.node, self.source = node, source
        self.ahead = ast.horizon(node)
        self.carries = _carries(node)
        self.known: list[Piece] = []  # from 0 to `done`
        self.done = 0

    def over(self, span: Span, now: int, beyond: Beyond) -> Function:
        """Its value over the span."""
        sure = now - self.ahead
        if sure >= self.done:
            new = self._value((self.done, sure), now, "worst")
            self.known += lattice.within(new, self.done, sure + 1)
            self.done = sure + 1
        first, last = span[0], min(span[1], FOREVER - 1)
        found: list[Piece] = []
        if first < self.done:
            i = bisect_right(self.known, (first, FOREVER + 1)) - 1
            j = bisect_right(self.known, (min(last, self.done - 1), FOREVER + 1))
            found = self.known[i:j]
        if last >= self.done:
            start = self.done if self.carries else max(first, self.done)
            found += lattice.within(self._value((start, last), now, beyond), start, last + 1)
        return lattice.padded(found, 0.0)

    def _value(self, span: Span, now: int, beyond: Beyond) -> Function:
        known = self.source.at(now, beyond, self.node)
        if not self.carries or span[0] == 0:
            return known.value(self.node, True, span)
        before = self.known[-1][3]
        match self.node:
            case ast.Binary("since", _, _, left, right):
                f, g = known.value(left, True, span), known.value(right, True, span)
                return _carried(f, g, span, before)
            case ast.Window("once", _, _, body):
                return _carried(lattice.constant(INF), known.value(body, True, span), span, before)
            case ast.Window("historically", _, _, body):
                f = lattice.negative(known.value(body, True, span))
                return lattice.negative(_carried(lattice.constant(INF), f, span, -before))
        raise TypeError(f"{self.node!r} is not carried on")


def _carried(f: Function, g: Function, span: Span, before: float) -> Function:
    """f since g over the span, its value just before that given."""
    first, end = span[0], min(span[1] + 1, FOREVER)
    f, g = lattice.padded(lattice.within(f, first, end), INF), lattice.padded(lattice.within(g, first, end), before)
    return lattice.since(f, g, -INF)
