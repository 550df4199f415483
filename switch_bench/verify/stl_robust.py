"""How far from the other verdict: robustness of a formula, and the time at which its truth was decided.

Both are the same computation over monotone pieces (`lattice`): "or" and "at some time" take the greatest, "and" and
"all the time" the least. A comparison counts its margin in base units; a bool, text or spatial atom counts +inf or
-inf, so that the numbers in a formula speak and the rest only gates them. For the time of decision an atom counts minus
the time at which it is seen to hold.

What has no number in it, and what is known as soon as it is so, is read from sets of times (`stl_truth`): that costs
less.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from switch_bench.verify import lattice
from switch_bench.verify import stl_ast as ast
from switch_bench.verify.intervals import FOREVER, Times
from switch_bench.verify.lattice import Function
from switch_bench.verify.stl_truth import Table, Truth, lasting

INF = float("inf")
NEVER = FOREVER // 2  # µs: a decision this late is none

Span = tuple[int, int]
"""The times, both included, at which a function of time is asked for; elsewhere it may be anything."""

ALWAYS: Span = (0, FOREVER)

Beyond = Literal["worst", "best", "seen"]
"""What counts for what isn't known yet: the worst, the best, or nothing: windows then end with what is seen."""


def robustness(node: ast.Node, table: Table, t: int, end: int, beyond: Beyond, final: bool) -> float:
    """The robustness at `t` of a trace known up to `end` [µs]; >= 0 where the formula holds, <= 0 where it doesn't."""
    return margins(table, end, beyond, final).at(node, True, t)


def margins(table: Table, end: int, beyond: Beyond, final: bool) -> Quantifier:
    """What evaluates robustness on a trace known up to `end` [µs]."""
    fill = INF if beyond == "best" else -INF
    truth = Truth(table, end, final, beyond == "seen")

    def leaf(n: ast.Node, wanted: bool, span: Span) -> Function | None:
        if isinstance(n, ast.Compare):
            out = margin(n.operator, lattice.ended(table.pieces[n], end + 1, 0.0))
            return lattice.ended(out if wanted else lattice.negative(out), end + 1, fill)
        if ast.compares(n):
            return None
        return gate(truth.of(n, wanted, surely=beyond != "best"))

    def cuts(hi: int) -> bool:
        return beyond == "seen" or (final and hi >= FOREVER)

    return Quantifier(leaf, -INF, INF, end, cuts, None if beyond == "seen" else fill)


def decided(node: ast.Node, table: dict[ast.Atom, Times], t: int) -> tuple[int | None, int | None]:
    """The earliest times [µs] at which it is known that the formula holds at `t`, and that it doesn't; None: never.

    The signals go on for ever as they are after their last events.
    """
    when = decisions(table)
    found = [-when.at(node, wanted, t) for wanted in (True, False)]
    holds, fails = (int(x) if x < NEVER else None for x in found)
    return holds, fails


def decisions(table: dict[ast.Atom, Times]) -> Quantifier:
    """What evaluates minus the time [µs] at which it is known that a formula holds; -FOREVER: never."""
    truth = lasting(table)

    def leaf(n: ast.Node, wanted: bool, span: Span) -> Function | None:
        if isinstance(n, ast.Constant):
            return lattice.constant(0 if n.value == wanted else -FOREVER)
        if isinstance(n, ast.Atom) or (not ast.looks_ahead(n) and ast.prompt(n, wanted)):
            return _sightings(truth.of(n, wanted, surely=True))
        return None

    return Quantifier(leaf, -FOREVER, 0, 0, lambda hi: False, None)


def gate(times: Times, inside: float = INF, outside: float = -INF) -> Function:
    """One value at these times, another at all others."""
    out: Function = []
    at = 0
    for s, e in times:
        if at < s:
            out.append((at, s, outside, outside, None))
        out.append((s, e, inside, inside, None))
        at = e
    if at < FOREVER:
        out.append((at, FOREVER, outside, outside, None))
    return out


def _sightings(times: Times) -> Function:
    out: Function = []
    at = 0
    for s, e in times:
        if at < s:
            out.append((at, s, -FOREVER, -FOREVER, None))
        out.append((s, e, -s, 1 - e, _minus if e - s > 1 else None))
        at = e
    if at < FOREVER:
        out.append((at, FOREVER, -FOREVER, -FOREVER, None))
    return out


def _minus(t: int) -> float:
    return -t


def margin(operator: ast.Operator, found: Function) -> Function:
    """The margin of a comparison, from its left side minus its right one."""
    if operator in ("==", "!="):
        away = lattice.greatest(found, lattice.negative(found))
        return away if operator == "!=" else lattice.negative(away)
    return found if operator in (">=", ">") else lattice.negative(found)


@dataclass(frozen=True)
class Quantifier:
    """Evaluates a formula as a function of time, or at a time, over leaves that are such functions.

    leaf: (formula, wanted, span) → its value, or for wanted False the value of its negation; None where it must be
    evaluated from its parts. bottom, top: of no, and of all. cuts: whether a forward window with this upper bound ends
    at `end`; after: the value of such a window that begins later (None: what an empty one has).
    """

    leaf: Callable[[ast.Node, bool, Span], Function | None]
    bottom: float
    top: float
    end: int
    cuts: Callable[[int], bool]
    after: float | None

    def at(self, n: ast.Node, wanted: bool, t: int) -> float:
        """`value` at `t`, without looking at other times more than needed."""
        found = self.leaf(n, wanted, (t, t))
        if found is not None:
            return lattice.at(found, t)
        match n:
            case ast.Not(body):
                return self.at(body, not wanted, t)
            case ast.And(parts) | ast.Or(parts):
                return (min if isinstance(n, ast.And) == wanted else max)(self.at(p, wanted, t) for p in parts)
            case ast.Implies(left, right):
                return (max if wanted else min)(self.at(left, not wanted, t), self.at(right, wanted, t))
            case ast.Window("eventually" | "always" as kind, lo, hi, body):
                last = t + hi
                if self.cuts(hi):
                    if self.after is not None and t + lo > self.end:
                        return self.after
                    last = min(last, self.end)
                return self.extreme(body, wanted, t + lo, last, (kind == "eventually") == wanted)
            case ast.Window(kind, lo, hi, body):
                return self.extreme(body, wanted, t - hi, t - lo, (kind == "once") == wanted)
            case ast.For(body, duration):
                if t < duration:
                    return self.bottom if wanted else self.top
                return self.extreme(body, wanted, t - duration, t, not wanted)
        return lattice.at(self.value(n, wanted, (t, t)), t)

    def extreme(self, n: ast.Node, wanted: bool, first: int, last: int, some: bool) -> float:
        """The formula's greatest (`some`) or least value over the times from 0 on in [first, last]."""
        none = self.bottom if some else self.top
        if last < max(0, first):
            return none
        return lattice.extreme(self.value(n, wanted, (max(0, first), last)), first, last, some, none)

    def value(self, n: ast.Node, wanted: bool, span: Span = ALWAYS) -> Function:
        """The formula's value, or with wanted False its negation's, negations pushed down to the leaves."""
        found = self.leaf(n, wanted, span)
        if found is not None:
            return found
        a, b = span
        match n:
            case ast.Not(body):
                return self.value(body, not wanted, span)
            case ast.And(parts) | ast.Or(parts):
                join = lattice.least if isinstance(n, ast.And) == wanted else lattice.greatest
                out = self.value(parts[0], wanted, span)
                for part in parts[1:]:
                    out = join(out, self.value(part, wanted, span))
                return out
            case ast.Implies(left, right):
                join = lattice.greatest if wanted else lattice.least
                return join(self.value(left, not wanted, span), self.value(right, wanted, span))
            case ast.Window("eventually" | "always" as kind, lo, hi, body):
                f = self.value(body, wanted, (a + lo, b + hi))
                return self.ahead(f, lo, hi, (kind == "eventually") == wanted, span)
            case ast.Window(kind, lo, hi, body):
                f = self.value(body, wanted, (max(0, a - hi), b - lo))
                return self.over(f, -hi, -lo, (kind == "once") == wanted, span)
            case ast.Binary(kind, lo, hi, left, right):
                below = (a, b + hi) if kind == "until" else (max(0, a - hi), b)
                f, g = self.value(left, wanted, below), self.value(right, wanted, below)
                run = Quantifier.until if kind == "until" else Quantifier.since
                if wanted:
                    return run(self, f, g, lo, hi)
                turned = run(self.mirrored(), lattice.negative(f), lattice.negative(g), lo, hi)
                return lattice.negative(turned)
            case ast.Edge(kind, body):
                rises = kind == "rise"
                now = self.value(body, rises == wanted, span)
                before = self.value(body, rises != wanted, (max(0, a - 1), b - 1))
                join, none = (lattice.least, self.bottom) if wanted else (lattice.greatest, self.top)
                return join(now, lattice.shifted(before, -1, none))
            case ast.For(body, duration):
                f = self.value(body, wanted, (max(0, a - duration), b))
                held = self.over(f, -duration, 0, not wanted, span)
                return lattice.begun(held, duration, self.bottom if wanted else self.top)
        raise TypeError(f"{n!r} is no formula")

    def mirrored(self) -> Quantifier:
        """The same with the order of values turned round."""
        after = None if self.after is None else -self.after
        return Quantifier(self.leaf, -self.top, -self.bottom, self.end, self.cuts, after)

    def over(self, f: Function, lo: int, hi: int, some: bool, span: Span = ALWAYS) -> Function:
        """The greatest (`some`) or least value in the window."""
        none = self.bottom if some else self.top
        f = lattice.gathered(f, *span, lo, hi, some, none)
        return lattice.highest(f, lo, hi, none) if some else lattice.lowest(f, lo, hi, none)

    def ahead(self, f: Function, lo: int, hi: int, some: bool, span: Span) -> Function:
        """`over` a window of the future."""
        if not self.cuts(hi):
            return self.over(f, lo, hi, some, span)
        none = self.bottom if some else self.top
        return self.unknown(self.over(lattice.ended(f, self.end + 1, none), lo, hi, some, span), lo)

    def unknown(self, f: Function, lo: int) -> Function:
        """`f`, and where a window from `lo` on would begin after the end: `after`."""
        return f if self.after is None else lattice.ended(f, max(0, self.end + 1 - lo), self.after)

    def until(self, a: Function, b: Function, lo: int, hi: int) -> Function:
        """φ U[lo, hi] ψ as: ψ comes in the window, φ until the window begins, and from there φ U ψ."""
        if self.cuts(hi):
            b = lattice.ended(b, self.end + 1, self.bottom)
        out = lattice.until(a, b, self.bottom)
        before = self.over(a, 0, lo - 1, False) if lo > 0 else None
        if before is not None:
            out = lattice.least(lattice.shifted(out, lo, self.bottom), before)
        if hi < FOREVER:
            out = lattice.least(out, self.over(b, lo, hi, True))
        if not self.cuts(hi):
            return out
        out = self.unknown(out, lo)
        return out if before is None else lattice.least(out, before)

    def since(self, a: Function, b: Function, lo: int, hi: int) -> Function:
        """φ S[lo, hi] ψ, likewise."""
        out = lattice.since(a, b, self.bottom)
        if lo > 0:
            out = lattice.least(lattice.shifted(out, -lo, self.bottom), self.over(a, 1 - lo, 0, False))
        if hi < FOREVER:
            out = lattice.least(out, self.over(b, -hi, -lo, True))
        return out
