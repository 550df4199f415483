"""Sums of flows and signals over time, cut into pieces on which they are monotone.

A piece is `(start, end, f, slope)`: over the whole microseconds of [start, end) the value is f(t), and doesn't fall
(slope 1), doesn't rise (-1) or is the constant f (0). Monotone pieces are all that comparing and finding extrema need.
"""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise
from math import exp

from switch_bench.network.flow import Anchor
from switch_bench.trace.signals import Signals
from switch_bench.verify.intervals import FOREVER
from switch_bench.verify.stl_ast import Compare, Linear

Curve = Callable[[int], float]
Piece = tuple[int, int, Curve | float, int]


def pieces(left: Linear, right: Linear, signals: Signals, end: int = FOREVER) -> list[Piece]:
    """`left` minus `right` over [0, end), the last values going on. Evaluated in the order written.

    Raises: `TypeError` if one of the signals is no number.
    """
    terms = left.terms + right.terms
    many = len(left.terms)
    steps = [signals.steps(name) for _, name in terms]
    cuts = sorted({0, *(t for times, _ in steps for t in times if t < end)})
    at = [0] * len(terms)
    out: list[Piece] = []
    for i, start in enumerate(cuts):
        stop = cuts[i + 1] if i + 1 < len(cuts) else end
        now = []
        for k, (times, values) in enumerate(steps):
            while at[k] + 1 < len(times) and times[at[k] + 1] <= start:
                at[k] += 1
            value = values[at[k]]
            if isinstance(value, bool | str):
                raise TypeError(f"{terms[k][1]} is no number: it is {value!r}")
            now.append((terms[k][0], value))
        out += _segment(now[:many], left.constant, now[many:], right.constant, start, stop)
    return out


_Terms = list[tuple[float, Anchor | int | float]]


def _segment(left: _Terms, c: float, right: _Terms, d: float, start: int, stop: int) -> list[Piece]:
    if start >= stop:
        return []

    def value(t: int) -> float:
        return _sum(left, c, t) - _sum(right, d, t)

    slopes = _slope([(f, v) for f, v in left] + [(-f, v) for f, v in right], start)
    if not slopes:
        return [(start, stop, value(start), 0)]
    cuts = [start]
    for u in roots(slopes, (stop - start) * 1e-6):
        cut = start + int(u * 1e6) + 1
        if cuts[-1] < cut < stop:
            cuts.append(cut)
    cuts.append(stop)
    out: list[Piece] = []
    for s, e in pairwise(cuts):
        first, last = value(s), value(e - 1)
        if first == last:
            first, last = 0.0, _derivative(slopes, (s + e) * 0.5e-6 - start * 1e-6)
        out.append((s, e, value, 1 if last > first else -1))
    return out


def _sum(terms: _Terms, constant: float, t: int) -> float:
    x = None
    for factor, value in terms:
        y = factor * (value.at(t) if isinstance(value, Anchor) else value)
        x = y if x is None else x + y
    return constant if x is None else x + constant


def _slope(terms: _Terms, start: int) -> list[tuple[float, float]]:
    """The derivative as Σ k·exp(−μ·u), u in seconds from `start`: (k, μ) by rising μ, no k of 0."""
    total: dict[float, float] = {}
    for factor, value in terms:
        if isinstance(value, Anchor):
            total[0.0] = total.get(0.0, 0.0) + factor * value.b
            since = (start - value.t0) * 1e-6
            for c, lam in value.terms:
                total[lam] = total.get(lam, 0.0) - factor * c * lam * exp(-lam * since)
    return sorted(((k, mu) for mu, k in total.items() if k != 0.0), key=lambda term: term[1])


def _derivative(terms: list[tuple[float, float]], u: float) -> float:
    return sum(k * exp(-mu * u) for k, mu in terms)


def roots(terms: list[tuple[float, float]], end: float) -> list[float]:
    """The zeros in (0, end) at which Σ k·exp(−μ·u) changes sign, ascending; `terms`: (k, μ) by rising μ, no k of 0.

    Divided by its slowest term, such a sum of n terms has a derivative of n − 1 terms; between that one's zeros it is
    monotone, so that a change of sign brackets each zero.
    """
    if all(k > 0 for k, _ in terms) or all(k < 0 for k, _ in terms):
        return []
    slowest = terms[0][1]
    scaled = [(k, mu - slowest) for k, mu in terms]
    turns = roots([(-k * mu, mu) for k, mu in scaled[1:]], end)
    edges = [0.0, *turns, end]
    found = []
    for lo, hi in pairwise(edges):
        at_lo, at_hi = _derivative(scaled, lo), _derivative(scaled, hi)
        if at_lo < 0 < at_hi or at_hi < 0 < at_lo or (at_hi == 0 != at_lo and hi < end):
            found.append(_bisect(scaled, lo, hi, at_lo > 0))
    return found


def _bisect(terms: list[tuple[float, float]], lo: float, hi: float, falling: bool) -> float:
    while True:
        mid = 0.5 * (lo + hi)
        if not lo < mid < hi:
            return hi
        if (_derivative(terms, mid) > 0) == falling:
            lo = mid
        else:
            hi = mid


def first(holds: Callable[[int], bool], lo: int, hi: int) -> int:
    """The first integer of (lo, hi] at which `holds`, given that it holds at hi, not at lo, and flips once."""
    while hi - lo > 1:
        mid = (lo + hi) // 2
        if holds(mid):
            hi = mid
        else:
            lo = mid
    return hi


_TESTS: dict[str, Callable[[float], bool]] = {
    ">=": lambda x: x >= 0,
    ">": lambda x: x > 0,
    "<=": lambda x: x <= 0,
    "<": lambda x: x < 0,
    "==": lambda x: x == 0,
    "!=": lambda x: x != 0,
}


def holding(node: Compare, signals: Signals, end: int = FOREVER) -> list[tuple[int, int]]:
    """The intervals of [0, end) in which the comparison holds, as evaluated at each microsecond; they may touch."""
    if node.operator in ("==", "!="):
        at_least = _reach(Compare(node.left, ">=", node.right), signals, end)
        at_most = _reach(Compare(node.left, "<=", node.right), signals, end)
        equal = [(max(a, c), min(b, d)) for a, b in at_least for c, d in at_most if max(a, c) < min(b, d)]
        if node.operator == "==":
            return equal
        edges = [0, *(t for interval in sorted(equal) for t in interval), end]
        return [(s, e) for s, e in zip(edges[::2], edges[1::2], strict=True) if s < e]
    return _reach(node, signals, end)


def _reach(node: Compare, signals: Signals, end: int) -> list[tuple[int, int]]:
    test = _TESTS[node.operator]
    out = []
    for s, e, f, slope in pieces(node.left, node.right, signals, end):
        if slope == 0:
            if test(f):  # pyright: ignore[reportArgumentType]
                out.append((s, e))
            continue
        assert callable(f)
        begins, ends = test(f(s)), test(f(e - 1))
        if begins and ends:
            out.append((s, e))
        elif begins:
            out.append((s, first(lambda t, f=f: not test(f(t)), s, e - 1)))
        elif ends:
            out.append((first(lambda t, f=f: test(f(t)), s, e - 1), e))
    return out
