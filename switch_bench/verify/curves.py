"""Sums of flows and signals over time, cut into pieces on which they are monotone.

A piece is `(start, end, first, last, f)`: over the whole microseconds of [start, end) the value goes from `first` to
`last` without turning, and is f(t) between; f is None where it stays the same. Monotone pieces with their end values
are all that comparing and finding extrema need.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable
from itertools import pairwise
from math import exp, log

from switch_bench.network.flow import Anchor
from switch_bench.trace.signals import Signals
from switch_bench.verify.intervals import FOREVER
from switch_bench.verify.stl_ast import Compare, Linear

Curve = Callable[[int], float]
Piece = tuple[int, int, float, float, Curve | None]


def pieces(left: Linear, right: Linear, signals: Signals, end: int = FOREVER, start: int = 0) -> list[Piece]:
    """`left` minus `right` over [start, end), the last values going on. Evaluated in the order written.

    Raises: `TypeError` if one of the signals is no number.
    """
    terms = left.terms + right.terms
    steps = [signals.steps(name) for _, name in terms]
    at = [max(0, bisect_right(times, start) - 1) for times, _ in steps]
    if len(steps) == 1:
        times = steps[0][0]
        cuts = [start, *times[at[0] + 1 : bisect_left(times, end)], end]
    else:
        later = (times[i + 1 : bisect_left(times, end)] for (times, _), i in zip(steps, at, strict=True))
        cuts = [start, *sorted({t for times in later for t in times}), end]
    out: list[Piece] = []
    for s, e in pairwise(cuts):
        now = []
        for k, (times, values) in enumerate(steps):
            i = at[k]
            if i + 1 < len(times) and times[i + 1] <= s:
                at[k] = i = i + 1
            value = values[i]
            if isinstance(value, bool | str):
                raise TypeError(f"{terms[k][1]} is no number: it is {value!r}")
            now.append((terms[k][0], value))
        _segment(now, len(left.terms), left.constant, right.constant, s, e, out)
    return out


_Terms = list[tuple[float, Anchor | int | float]]


def _segment(now: _Terms, many: int, c: float, d: float, start: int, stop: int, out: list[Piece]) -> None:
    """Add the pieces of Σ of the first `many` terms + c − (Σ of the rest + d)."""
    rises = falls = False
    for k, (factor, v) in enumerate(now):
        if isinstance(v, Anchor):
            up = (factor > 0) is (k < many)
            if v.b != 0.0:
                if (v.b > 0) is up:
                    rises = True
                else:
                    falls = True
            for size, _ in v.terms:
                if size != 0.0:
                    if (size < 0) is up:
                        rises = True
                    else:
                        falls = True
    f = _curve(now, many, c, d)
    x = f(start)
    if not rises and not falls:
        if out and out[-1][4] is None and out[-1][2] == x:
            out[-1] = (out[-1][0], stop, x, x, None)
        else:
            out.append((start, stop, x, x, None))
        return
    s = start
    if rises and falls:
        for u in roots(_slope(now, many, start), (stop - start) * 1e-6):
            cut = start + int(u * 1e6) + 1
            if s < cut < stop:
                y = f(cut - 1)
                out.append((s, cut, x, y, f if x != y else None))
                s, x = cut, f(cut)
    y = f(stop - 1)
    out.append((s, stop, x, y, f if x != y else None))


def _curve(now: _Terms, many: int, c: float, d: float) -> Curve:
    if many == 1 == len(now):
        factor, v = now[0]
        if isinstance(v, Anchor):
            at = v.at
            return (lambda t: at(t) + c - d) if factor == 1.0 else (lambda t: factor * at(t) + c - d)
        x = factor * v + c - d
        return lambda t: x
    left, right = now[:many], now[many:]
    return lambda t: _sum(left, c, t) - _sum(right, d, t)


def _sum(terms: _Terms, constant: float, t: int) -> float:
    x = None
    for factor, value in terms:
        y = factor * (value.at(t) if isinstance(value, Anchor) else value)
        x = y if x is None else x + y
    return constant if x is None else x + constant


def _slope(now: _Terms, many: int, start: int) -> list[tuple[float, float]]:
    """The derivative as Σ k·exp(−μ·u), u in seconds from `start`: (k, μ) by rising μ, no k of 0."""
    if len(now) == 1:
        factor, value = now[0]
        if isinstance(value, Anchor) and value.b == 0.0 and len(value.terms) == 2:
            (c, slow), (d, fast) = value.terms
            if c and d and slow != fast:
                since = (start - value.t0) * 1e-6
                side = -factor if many else factor
                out = [(side * c * slow * exp(-slow * since), slow), (side * d * fast * exp(-fast * since), fast)]
                return out if slow < fast else out[::-1]
    total: dict[float, float] = {}
    for i, (factor, value) in enumerate(now):
        if isinstance(value, Anchor):
            side = factor if i < many else -factor
            total[0.0] = total.get(0.0, 0.0) + side * value.b
            since = (start - value.t0) * 1e-6
            for c, lam in value.terms:
                total[lam] = total.get(lam, 0.0) - side * c * lam * exp(-lam * since)
    return sorted(((k, mu) for mu, k in total.items() if k != 0.0), key=lambda term: term[1])


def _derivative(terms: list[tuple[float, float]], u: float) -> float:
    x = 0.0
    for k, mu in terms:
        x += k * exp(-mu * u)
    return x


def roots(terms: list[tuple[float, float]], end: float) -> list[float]:
    """The zeros in (0, end) at which Σ k·exp(−μ·u) changes sign, ascending; `terms`: (k, μ) by rising μ, no k of 0.

    Divided by its slowest term, such a sum of n terms has a derivative of n − 1 terms; between that one's zeros it is
    monotone, so that a change of sign brackets each zero.
    """
    if all(k > 0 for k, _ in terms) or all(k < 0 for k, _ in terms):
        return []
    slowest = terms[0][1]
    scaled = [(k, mu - slowest) for k, mu in terms]
    if len(terms) == 2:
        (k, _), (c, mu) = scaled
        u = log(-c / k) / mu
        return [u] if 0.0 < u < end else []
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


def holding(node: Compare, over: list[Piece]) -> list[tuple[int, int]]:
    """The intervals in which the comparison holds, as evaluated at each microsecond; they may touch.

    over: the pieces of its left side minus its right one.
    """
    if node.operator not in ("==", "!="):
        return _reach(_TESTS[node.operator], over)
    at_least, at_most = _reach(_TESTS[">="], over), _reach(_TESTS["<="], over)
    equal: list[tuple[int, int]] = []
    i = j = 0
    while i < len(at_least) and j < len(at_most):
        s, e = max(at_least[i][0], at_most[j][0]), min(at_least[i][1], at_most[j][1])
        if s < e:
            equal.append((s, e))
        if at_least[i][1] <= at_most[j][1]:
            i += 1
        else:
            j += 1
    if node.operator == "==" or not over:
        return equal
    edges = [over[0][0], *(t for interval in equal for t in interval), over[-1][1]]
    return [(s, e) for s, e in zip(edges[::2], edges[1::2], strict=True) if s < e]


def _reach(test: Callable[[float], bool], over: list[Piece]) -> list[tuple[int, int]]:
    out = []
    for s, e, x, y, f in over:
        begins = test(x)
        if f is None:
            if begins:
                out.append((s, e))
            continue
        ends = test(y)
        if begins and ends:
            out.append((s, e))
        elif begins:
            out.append((s, _flips(test, f, s, e - 1, x, y)))
        elif ends:
            out.append((_flips(test, f, s, e - 1, x, y), e))
    return out


_SECOND = 1_000_000


def _flips(test: Callable[[float], bool], f: Curve, lo: int, hi: int, x: float, y: float) -> int:
    """The first integer of (lo, hi] at which `test(f(t))` is as at hi, given that it isn't so at lo and flips once.

    x, y: f at lo and hi. It is bracketed in growing steps, closed in on by false position (the Illinois rule), and
    found near the last guess.
    """
    so = test(y)
    step = _SECOND
    while lo + step < hi:
        v = f(lo + step)
        if test(v) is so:
            hi, y = lo + step, v
            break
        lo, x = lo + step, v
        step *= 2
    moved = None
    for _ in range(8):
        if hi - lo <= 4 or x == y:
            break
        t = min(max(lo + 1, lo + round((hi - lo) * (x / (x - y)))), hi - 1)
        v = f(t)
        end = test(v) is so
        near = min(t - lo, hi - t) <= 2
        if end:
            hi, y = t, v
            x = 0.5 * x if moved is end else x
        else:
            lo, x = t, v
            y = 0.5 * y if moved is end else y
        moved = end
        if near:
            break
    step = 1
    if moved:
        while hi - step > lo and test(f(hi - step)) is so:
            hi -= step
            step *= 4
        lo = max(lo, hi - step)
    else:
        while lo + step < hi and test(f(lo + step)) is not so:
            lo += step
            step *= 4
        hi = min(hi, lo + step)
    return first(lambda t: test(f(t)) is so, lo, hi)
