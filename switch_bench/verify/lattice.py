"""Functions of time made of monotone pieces, closed under least, greatest, shifting and sliding windows.

A function is a list of `(start, f, slope)` from time 0 on, each piece going to the start of the next, the last one
for ever; f is a constant (slope 0) or a function of t that doesn't fall (1) or rise (-1) over the piece. Values are
taken at whole microseconds, so that every extremum lies at the first or last microsecond of a piece.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from typing import cast

from switch_bench.verify.curves import first
from switch_bench.verify.intervals import FOREVER

Curve = Callable[[int], float]
Function = list[tuple[int, Curve | float, int]]
Part = tuple[Curve | float, int]
"""(f, slope): a piece without its start."""


def constant(value: float) -> Function:
    """The same at all times."""
    return [(0, value, 0)]


def at(f: Function, t: int) -> float:
    """The value at `t` >= 0."""
    lo, hi = 0, len(f)
    while hi - lo > 1:
        mid = (lo + hi) // 2
        if f[mid][0] <= t:
            lo = mid
        else:
            hi = mid
    return _value(f[lo][1], t)


def _value(f: Curve | float, t: int) -> float:
    return f(t) if callable(f) else f


def negative(f: Function) -> Function:
    """-f."""
    return [(s, (lambda t, g=g: -g(t)) if callable(g) else -g, -slope) for s, g, slope in f]


def shifted(f: Function, by: int, before: float) -> Function:
    """t → f(t + by); where t + by is before 0: `before`."""
    out: Function = [(0, before, 0)] if by < 0 else []
    for i, (s, g, slope) in enumerate(f):
        if i + 1 < len(f) and f[i + 1][0] - by <= 0:
            continue
        out.append((max(0, s - by), (lambda t, g=g: g(t + by)) if callable(g) else g, slope))
    return _tidy(out)


def begun(f: Function, start: int, before: float) -> Function:
    """f from `start` on, and `before` before."""
    return f if start <= 0 else shifted(shifted(f, start, before), -start, before)


def ended(f: Function, end: int, after: float) -> Function:
    """f before `end`, and `after` from then on."""
    return _tidy([*(piece for piece in f if piece[0] < end), (end, after, 0)])


def _tidy(f: Function) -> Function:
    out: Function = []
    for piece in f:
        if out and piece[2] == 0 == out[-1][2] and piece[1] == out[-1][1]:
            continue
        out.append(piece)
    return out


def greatest(f: Function, g: Function) -> Function:
    """The greater of the two at each time."""
    out: Function = []
    i = j = 0
    s = 0
    while s < FOREVER:
        e = min(f[i + 1][0] if i + 1 < len(f) else FOREVER, g[j + 1][0] if j + 1 < len(g) else FOREVER)
        out += _greater(s, e, f[i][1:], g[j][1:])
        if i + 1 < len(f) and f[i + 1][0] == e:
            i += 1
        if j + 1 < len(g) and g[j + 1][0] == e:
            j += 1
        s = e
    return _tidy(out)


def _greater(s: int, e: int, a: Part, b: Part) -> Function:
    (f, up), (g, vp) = a, b
    if up == vp == 0:
        return [(s, max(cast("float", f), cast("float", g)), 0)]
    if up == vp:
        return [(s, lambda t: max(_value(f, t), _value(g, t)), up)]
    if up < vp:  # let f be the one that rises against the other
        f, up, g, vp = g, vp, f, up

    def ahead(t: int) -> bool:
        return _value(f, t) >= _value(g, t)

    if ahead(s):
        return [(s, f, up)]
    if not ahead(e - 1):
        return [(s, g, vp)]
    return [(s, g, vp), (first(ahead, s, e - 1), f, up)]


def least(f: Function, g: Function) -> Function:
    """The lesser of the two at each time."""
    return negative(greatest(negative(f), negative(g)))


def highest(f: Function, lo: int, hi: int, none: float) -> Function:
    """t → the greatest value over the times from 0 on in [t + lo, t + hi]; where there is none: `none`."""
    points: list[tuple[int, float]] = []
    for i, (s, g, _) in enumerate(f):
        last = (f[i + 1][0] if i + 1 < len(f) else FOREVER) - 1
        points.append((s, _value(g, s)))
        if callable(g):
            points.append((last, g(last)))
    out = _sliding(points, lo, hi, none)
    if lo > -FOREVER:
        out = greatest(out, shifted(f, lo, none))
    if hi < FOREVER and any(slope for _, _, slope in f):
        out = greatest(out, shifted(f, hi, none))
    return out


def lowest(f: Function, lo: int, hi: int, none: float) -> Function:
    """t → the least value over the times from 0 on in [t + lo, t + hi]; where there is none: `none`."""
    return negative(highest(negative(f), lo, hi, -none))


def _sliding(points: list[tuple[int, float]], lo: int, hi: int, none: float) -> Function:
    """The greatest value of the points (by rising time) that lie in [t + lo, t + hi]."""
    window: deque[tuple[int, float]] = deque()
    changes = sorted({0, *(max(0, p - hi) for p, _ in points), *(p - lo + 1 for p, _ in points if p - lo + 1 > 0)})
    out: Function = []
    k = 0
    for t in changes:
        if t >= FOREVER:
            break
        while k < len(points) and points[k][0] <= t + hi:
            while window and window[-1][1] <= points[k][1]:
                window.pop()
            window.append(points[k])
            k += 1
        while window and window[0][0] < t + lo:
            window.popleft()
        out.append((t, window[0][1] if window else none, 0))
    return _tidy(out)


def until(f: Function, g: Function, bottom: float) -> Function:
    """t → the greatest, over u >= t, of the least of g(u) and of f over [t, u)."""
    cuts = sorted({s for s, _, _ in f} | {s for s, _, _ in g})
    out: Function = []
    after = bottom
    i, j = len(f) - 1, len(g) - 1
    end = FOREVER
    for s in reversed(cuts):
        while f[i][0] > s:
            i -= 1
        while g[j][0] > s:
            j -= 1
        part = _until_within(s, end, f[i][1:], g[j][1:], after)
        after = _value(part[0][1], s)
        out[:0] = part
        end = s
    return _tidy(out)


def since(f: Function, g: Function, bottom: float) -> Function:
    """t → the greatest, over u <= t, of the least of g(u) and of f over (u, t]."""
    cuts = sorted({s for s, _, _ in f} | {s for s, _, _ in g})
    out: Function = []
    before = bottom
    i = j = 0
    for k, s in enumerate(cuts):
        e = cuts[k + 1] if k + 1 < len(cuts) else FOREVER
        while i + 1 < len(f) and f[i + 1][0] <= s:
            i += 1
        while j + 1 < len(g) and g[j + 1][0] <= s:
            j += 1
        turned = _until_within(s, e, _backward(s, e, f[i][1:]), _backward(s, e, g[j][1:]), before)
        stops = [*(start for start, _, _ in turned[1:]), e]
        part = [(s + e - stop, *_backward(s, e, p[1:])) for p, stop in zip(turned, stops, strict=True)][::-1]
        before = _value(part[-1][1], e - 1)
        out += part
    return _tidy(out)


def _backward(s: int, e: int, part: Part) -> Part:
    """A part over [s, e) run backwards."""
    f, slope = part
    return ((lambda t: f(s + e - 1 - t)), -slope) if callable(f) else part


def _until_within(s: int, e: int, a: Part, b: Part, after: float) -> Function:
    """`until` over one piece of both, given its value at the piece's end."""
    (f, up), (g, vp) = a, b
    last = e - 1
    if up >= 0:  # f is least now: wait for the best of g, if f(now) allows
        best = max(after, _value(g, last)) if vp > 0 else after
        waiting = negative(_greater(s, e, _turned(a), (-best, 0)))
        stops = [*(start for start, _, _ in waiting[1:]), e]
        return [
            p
            for (start, h, slope), stop in zip(waiting, stops, strict=True)
            for p in _greater(start, stop, (h, slope), b)
        ]
    stays = min(_value(f, last), after)
    if vp <= 0:
        return _greater(s, e, b, (stays, 0))

    def met(t: int) -> bool:
        return t > s and _value(g, t) >= _value(f, t - 1)

    if not met(last):  # g rises under a falling f to the very end
        return [(s, max(_value(g, last), stays), 0)]
    meet = first(met, s, last)
    peak = max(_value(f, meet - 1), _value(g, meet - 1))
    return [(s, max(peak, stays), 0), *_greater(meet, e, b, (stays, 0))]


def _turned(part: Part) -> Part:
    f, slope = part
    return ((lambda t: -f(t)), -slope) if callable(f) else (-f, 0)
