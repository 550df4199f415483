"""How far from the other verdict: robustness of a formula, and the time at which its truth was decided.

Both are the same computation over monotone pieces (`lattice`): "or" and "at some time" take the greatest, "and" and
"all the time" the least. A comparison counts its margin in base units; a bool, text or spatial atom counts +inf or
-inf, so that the numbers in a formula speak and the rest only gates them. For the time of decision an atom counts minus
the time at which it is seen to hold.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from switch_bench.trace.signals import Signals
from switch_bench.verify import lattice
from switch_bench.verify import stl_ast as ast
from switch_bench.verify.curves import pieces
from switch_bench.verify.intervals import FOREVER, Times
from switch_bench.verify.lattice import Function, Part

INF = float("inf")
NEVER = FOREVER // 2  # µs: a decision this late is none

Beyond = Literal["worst", "best", "seen"]
"""What counts for what isn't known yet: the worst, the best, or nothing: windows then end with what is seen."""


def robustness(
    node: ast.Node, signals: Signals, table: dict[ast.Atom, Times], t: int, end: int, beyond: Beyond, final: bool
) -> float:
    """The robustness at `t` of a trace known up to `end` [µs]; >= 0 where the formula holds, <= 0 where it doesn't."""
    fill = INF if beyond == "best" else -INF

    def atom(n: ast.Atom, wanted: bool) -> Function:
        if isinstance(n, ast.Constant):
            return lattice.constant(INF if n.value == wanted else -INF)
        out = _margin(n, signals, end) if isinstance(n, ast.Compare) else _steps(table[n], (INF, 0), (-INF, 0))
        return lattice.ended(out if wanted else lattice.negative(out), end + 1, fill)

    def cuts(hi: int) -> bool:
        return beyond == "seen" or (final and hi >= FOREVER)

    after = None if beyond == "seen" else fill
    return lattice.at(_Quantifier(atom, -INF, INF, end, cuts, after).value(node, True), t)


def decided(node: ast.Node, table: dict[ast.Atom, Times], t: int) -> tuple[int | None, int | None]:
    """The earliest times [µs] at which it is known that the formula holds at `t`, and that it doesn't; None: never.

    The signals go on for ever as they are after their last events.
    """
    seen: Part = (lambda t: -t, -1)
    unseen: Part = (-FOREVER, 0)

    def atom(n: ast.Atom, wanted: bool) -> Function:
        if isinstance(n, ast.Constant):
            return lattice.constant(0 if n.value == wanted else -FOREVER)
        return _steps(table[n], seen, unseen) if wanted else _steps(table[n], unseen, seen)

    def when(wanted: bool) -> int | None:
        quantifier = _Quantifier(atom, -FOREVER, 0, 0, lambda hi: False, None)
        known = -lattice.at(quantifier.value(node, wanted), t)
        return int(known) if known < NEVER else None

    return when(True), when(False)


def _steps(times: Times, inside: Part, outside: Part) -> Function:
    out: Function = [] if times and times[0][0] == 0 else [(0, *outside)]
    for s, e in times:
        out.append((s, *inside))
        if e < FOREVER:
            out.append((e, *outside))
    return out


def _margin(node: ast.Compare, signals: Signals, end: int) -> Function:
    found: Function = [(s, f, slope) for s, _, f, slope in pieces(node.left, node.right, signals, end + 1)]
    if node.operator in ("==", "!="):
        away = lattice.greatest(found, lattice.negative(found))
        return away if node.operator == "!=" else lattice.negative(away)
    return found if node.operator in (">=", ">") else lattice.negative(found)


@dataclass(frozen=True)
class _Quantifier:
    """Evaluates a formula as a function of time over atoms that are such functions.

    atom: (atom, wanted) → its value, or for wanted False the value of its negation. bottom, top: of no, and of all.
    cuts: whether a forward window with this upper bound ends at `end`; after: the value of such a window that begins
    later (None: what an empty one has).
    """

    atom: Callable[[ast.Atom, bool], Function]
    bottom: float
    top: float
    end: int
    cuts: Callable[[int], bool]
    after: float | None

    def value(self, n: ast.Node, wanted: bool) -> Function:
        """The formula's value, or with wanted False its negation's, negations pushed down to the atoms."""
        match n:
            case _ if isinstance(n, ast.Atom):
                return self.atom(n, wanted)
            case ast.Not(body):
                return self.value(body, not wanted)
            case ast.And(parts) | ast.Or(parts):
                join = lattice.least if isinstance(n, ast.And) == wanted else lattice.greatest
                out = self.value(parts[0], wanted)
                for part in parts[1:]:
                    out = join(out, self.value(part, wanted))
                return out
            case ast.Implies(left, right):
                join = lattice.greatest if wanted else lattice.least
                return join(self.value(left, not wanted), self.value(right, wanted))
            case ast.Window(kind, lo, hi, body):
                some = (kind in ("eventually", "once")) == wanted
                f = self.value(body, wanted)
                return self.ahead(f, lo, hi, some) if kind in ("eventually", "always") else self.over(f, -hi, -lo, some)
            case ast.Binary(kind, lo, hi, left, right):
                a, b = self.value(left, wanted), self.value(right, wanted)
                run = _Quantifier.until if kind == "until" else _Quantifier.since
                if wanted:
                    return run(self, a, b, lo, hi)
                turned = run(self.mirrored(), lattice.negative(a), lattice.negative(b), lo, hi)
                return lattice.negative(turned)
            case ast.Edge(kind, body):
                now, before = self.value(body, (kind == "rise") == wanted), self.value(body, (kind == "rise") != wanted)
                join, none = (lattice.least, self.bottom) if wanted else (lattice.greatest, self.top)
                return join(now, lattice.shifted(before, -1, none))
            case ast.For(body, duration):
                held = self.over(self.value(body, wanted), -duration, 0, not wanted)
                return lattice.begun(held, duration, self.bottom if wanted else self.top)
        raise TypeError(f"{n!r} is no formula")

    def mirrored(self) -> _Quantifier:
        """The same with the order of values turned round."""
        after = None if self.after is None else -self.after
        return _Quantifier(self.atom, -self.top, -self.bottom, self.end, self.cuts, after)

    def over(self, f: Function, lo: int, hi: int, some: bool) -> Function:
        """The greatest (`some`) or least value in the window."""
        return lattice.highest(f, lo, hi, self.bottom) if some else lattice.lowest(f, lo, hi, self.top)

    def ahead(self, f: Function, lo: int, hi: int, some: bool) -> Function:
        """`over` a window of the future."""
        if not self.cuts(hi):
            return self.over(f, lo, hi, some)
        return self.unknown(
            self.over(lattice.ended(f, self.end + 1, self.bottom if some else self.top), lo, hi, some), lo
        )

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
