"""When a flow turns and when it leaves a band, from its anchor alone.

A flow is a + b·Δt + Σ c·exp(−λ·Δt). By Descartes' rule of signs for such sums (Laguerre 1883), the zeros of
Σ cᵢ·exp(−λᵢ·Δt) at Δt > 0, λ ascending, are no more than the sign changes of the partial sums c₁, c₁+c₂, …; where that
leaves more than one, the sum divided by its slowest term is split at its derivative's zeros, with a term less.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from math import ceil, copysign, exp, floor, inf, log, sqrt

from switch_bench.network.declare import MS
from switch_bench.network.flow import Anchor

HORIZON_MS = 100 * 366 * 24 * 3_600_000  # a century: crossings later than that are none
_HORIZON_S = HORIZON_MS / 1000.0
_CLOSE_S = 5e-3  # a step of Newton's method that is the last
_RESOLUTION_S = 1e-4  # of a turning point: a tenth of the grid on which crossings lie


def turning_points(anchor: Anchor) -> tuple[float, ...]:
    """The Δt > 0 [s] after `anchor.t0`, ascending, at which the flow turns from rising to falling or back."""
    if not anchor.terms or (len(anchor.terms) == 1 and not anchor.b):
        return ()
    slopes = {0.0: anchor.b}
    for c, rate in anchor.terms:
        slopes[rate] = slopes.get(rate, 0.0) - c * rate
    return tuple(_zeros(sorted((rate, c) for rate, c in slopes.items() if c)))


def turning_ms(anchor: Anchor) -> tuple[int, ...]:
    """The whole milliseconds of simulated time next before and next after each turning point, ascending."""
    around = []
    for dt in turning_points(anchor):
        k = anchor.t0 / MS + dt * 1000.0
        around += [floor(k), ceil(k)]
    return tuple(around)


def first_beyond(anchor: Anchor, low: float, high: float, after: int, turns: Sequence[int] | None = None) -> int | None:
    """The first whole millisecond [µs] later than `after` at which the flow, as evaluated, is <= low or >= high.

    `turns`: the anchor's `turning_ms`, if they are known already. None: not within a century.
    """
    at = anchor.at
    k = after // MS + 1
    x = at(k * MS)
    if x >= high or x <= low:
        return k * MS
    a, b, terms = anchor.a, anchor.b, anchor.terms
    if not b:
        most = least = a
        size = abs(a)
        for c, _ in terms:
            if c > 0.0:
                most += c
                size += c
            else:
                least += c
                size -= c
        slack = 1e-12 * size
        if most + slack < high and least - slack > low:
            return None
    for turn in turning_ms(anchor) if turns is None else turns:
        if turn <= k:
            continue
        x = at(turn * MS)
        if x >= high or x <= low:
            return _settle(anchor, low, high, k, turn, high if x >= high else low)
        k = turn
    last = copysign(inf, b) if b else a
    if not (last >= high or last <= low):
        return None
    return _settle(anchor, low, high, k, HORIZON_MS, high if last >= high else low)


def _settle(anchor: Anchor, low: float, high: float, inside: int, outside: int, level: float) -> int | None:
    """The first millisecond beyond, in the monotone piece from `inside` (not yet) to `outside` (or a century on)."""
    at = anchor.at
    guess = _guess(anchor, level, inside, outside)
    guess = min(max(guess, inside + 1), outside)
    step = 1
    x = at(guess * MS)
    if x >= high or x <= low:
        outside = guess
        while outside - step > inside:
            x = at((outside - step) * MS)
            if not (x >= high or x <= low):
                inside = outside - step
                break
            outside -= step
            step *= 4
    else:
        inside = guess
        while True:
            if inside >= outside:
                return None
            probe = min(inside + step, outside)
            x = at(probe * MS)
            if x >= high or x <= low:
                outside = probe
                break
            inside = probe
            step *= 4
    while outside - inside > 1:
        middle = (inside + outside) // 2
        x = at(middle * MS)
        if x >= high or x <= low:
            outside = middle
        else:
            inside = middle
    return outside * MS


def _guess(anchor: Anchor, level: float, inside: int, outside: int) -> int:
    """About when [ms] the flow comes to `level` in a monotone piece; any answer is right, a near one is quick."""
    a, b, terms = anchor.a, anchor.b, anchor.terms
    if not terms:
        return _ms(anchor, (level - a) / b)
    if not b and len(terms) == 1:
        c, rate = terms[0]
        share = (level - a) / c
        return _ms(anchor, -log(share) / rate) if share > 0.0 else outside
    near = _newton(anchor, level, inside, outside)
    if near is not None:
        return near
    at = anchor.at
    start, f_start = float(inside), at(inside * MS) - level
    if outside < HORIZON_MS:
        stop = float(outside)
        f_stop = at(outside * MS) - level
    else:
        width = 500.0 / terms[0][1] if terms else 1000.0
        while True:
            stop = min(start + width, float(HORIZON_MS))
            f_stop = at(int(stop * MS)) - level
            if f_stop * f_start <= 0.0 or stop >= HORIZON_MS:
                break
            start, f_start, width = stop, f_stop, width * 2.0
    return ceil(_root(lambda k: at(int(k * MS)) - level, start, f_start, stop, f_stop, 0.5))


def _newton(anchor: Anchor, level: float, inside: int, outside: int) -> int | None:
    """Newton's method from `inside` on, as long as it stays in the piece and closes in; None: it doesn't."""
    a, b, terms = anchor.a - level, anchor.b, anchor.terms
    first = (inside * MS - anchor.t0) * 1e-6
    last = (outside * MS - anchor.t0) * 1e-6
    dt = first
    for _ in range(8):
        x, slope = a + b * dt, b
        for c, rate in terms:
            part = c * exp(-rate * dt)
            x += part
            slope -= rate * part
        if not slope:
            return None
        step = -x / slope
        dt += step
        if not first <= dt <= last:
            return None
        if -_CLOSE_S < step < _CLOSE_S:
            return _ms(anchor, dt)
    return None


def _ms(anchor: Anchor, dt: float) -> int:
    return ceil(anchor.t0 / MS + dt * 1000.0) if dt < _HORIZON_S else HORIZON_MS


def _zeros(terms: list[tuple[float, float]]) -> list[float]:
    """The zeros at Δt > 0, ascending, of the sum of the (λ, c) `terms`; λ ascending, no c is 0."""
    changes, sign, total = 0, 0.0, 0.0
    for _, c in terms:
        total += c
        if total * sign < 0.0:
            changes += 1
        if total:
            sign = copysign(1.0, total)
    if not changes:
        return []
    slowest, first = terms[0]
    decaying = [(rate - slowest, c) for rate, c in terms[1:]]

    def f(dt: float) -> float:
        x = first
        for rate, c in decaying:
            x += c * exp(-rate * dt)
        return x

    one = changes == 1 and total != 0.0
    if one and total * first > 0.0:
        return []
    cuts = [] if one else _zeros([(rate, -c * rate) for rate, c in decaying])
    found = []
    start, f_start = 0.0, total
    for stop in (*cuts, inf):
        if stop == inf:
            stop, width = start, 1.0 / decaying[0][0]
            f_stop = f_start
            while f_stop * first <= 0.0 and stop < _HORIZON_S:
                stop = min(stop + width, _HORIZON_S)
                width *= 2.0
                f_stop = f(stop)
        else:
            f_stop = f(stop)
        if f_start * f_stop < 0.0:
            found.append(_root(f, start, f_start, stop, f_stop, _RESOLUTION_S))
        start, f_start = stop, f_stop
    return found


def _root(f: Callable[[float], float], lo: float, f_lo: float, hi: float, f_hi: float, near: float) -> float:
    """Where `f` changes sign between `lo` and `hi`, to within `near`: Ridders' method, made for exponentials."""
    best = hi
    while hi - lo > near and f_lo * f_hi < 0.0:
        middle = 0.5 * (lo + hi)
        f_mid = f(middle)
        if not f_mid or not lo < middle < hi:
            return middle
        x = middle + (middle - lo) * copysign(1.0, f_lo) * f_mid / sqrt(f_mid * f_mid - f_lo * f_hi)
        f_x = f(x)
        if f_mid * f_x < 0.0:
            lo, f_lo, hi, f_hi = (middle, f_mid, x, f_x) if middle < x else (x, f_x, middle, f_mid)
        elif f_lo * f_x < 0.0:
            hi, f_hi = x, f_x
        else:
            lo, f_lo = x, f_x
        if abs(x - best) <= 0.25 * near or not f_x:
            return x
        best = x
    return hi
