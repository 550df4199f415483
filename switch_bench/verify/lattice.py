"""Functions of time made of monotone pieces, closed under least, greatest, shifting and sliding windows.

A function is a list of pieces (`curves.Piece`) that cover [0, FOREVER) in order. Values are taken at whole
microseconds, so that every extremum lies at the first or last microsecond of a piece; as pieces carry both values, a
curve is evaluated only where it is cut.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import deque
from collections.abc import Iterator

from switch_bench.verify.curves import Curve, Piece, first
from switch_bench.verify.intervals import FOREVER

Function = list[Piece]

_NEVER = 3 * FOREVER  # when the last piece is over, however it is shifted


def constant(value: float) -> Function:
    """The same at all times."""
    return [(0, FOREVER, value, value, None)]


def _index(f: Function, t: int) -> int:
    return bisect_right(f, (t, FOREVER + 1)) - 1


def _at(p: Piece, t: int) -> float:
    s, e, x, y, f = p
    return x if f is None or t == s else y if t == e - 1 else f(t)


def at(f: Function, t: int) -> float:
    """The value at `t` >= 0."""
    return _at(f[_index(f, t)], t)


def extreme(f: Function, lo: int, hi: int, highest: bool, none: float) -> float:
    """The greatest (`highest`) or least value over the times from 0 on in [lo, hi]; where there is none: `none`."""
    lo = max(0, lo)
    hi = min(hi, FOREVER - 1)
    if hi < lo:
        return none
    i, j = _index(f, lo), _index(f, hi)
    ends = [_at(f[i], lo), _at(f[j], hi)]
    if i < j:
        ends.append(f[i][3])
        ends.append(f[j][2])
        inner = f[i + 1 : j]
        ends += [p[2] for p in inner]
        ends += [p[3] for p in inner if p[4] is not None]
    return max(ends) if highest else min(ends)


def within(f: Function, s: int, e: int) -> list[Piece]:
    """The pieces of f over [s, e); none if that is empty."""
    if s >= e:
        return []
    i, j = _index(f, s), _index(f, e - 1)
    if i == j:
        return [_part(f[i], s, e)]
    return [_part(f[i], s, f[i][1]), *f[i + 1 : j], _part(f[j], f[j][0], e)]


def padded(pieces: list[Piece], outside: float) -> Function:
    """A function that has these pieces, and is `outside` before and after them."""
    if not pieces:
        return constant(outside)
    first, last = pieces[0][0], pieces[-1][1]
    before = [(0, first, outside, outside, None)] if first > 0 else []
    after = [(last, FOREVER, outside, outside, None)] if last < FOREVER else []
    return [*before, *pieces, *after]


def gathered(f: Function, a: int, b: int, lo: int, hi: int, highest: bool, none: float) -> Function:
    """A function with the same extrema as f in the windows [t + lo, t + hi] for all t in [a, b].

    What lies in all of these windows is made one piece, and what lies in none is left out.
    """
    first, last = max(0, b + lo), min(a + hi, FOREVER - 1)
    if first >= last or len(f) < 5:
        return f
    inner = extreme(f, first, last, highest, none)
    before, after = within(f, max(0, a + lo), first), within(f, last + 1, min(FOREVER, b + hi + 1))
    return padded([*before, (first, last + 1, inner, inner, None), *after], none)


def negative(f: Function) -> Function:
    """-f."""
    return [(s, e, -x, -y, None if g is None else _minus(g)) for s, e, x, y, g in f]


def _minus(g: Curve) -> Curve:
    return lambda t: -g(t)


def _part(p: Piece, s: int, e: int) -> Piece:
    """The piece over [s, e) only."""
    if p[4] is None or (p[0] == s and p[1] == e):
        return (s, e, p[2], p[3], p[4])
    x, y = _at(p, s), _at(p, e - 1)
    return (s, e, x, y, p[4] if x != y else None)


def _add(out: Function, p: Piece) -> None:
    """Put a piece behind the others, made one with the last where both are the same constant."""
    if p[4] is None and out and out[-1][4] is None and out[-1][2] == p[2]:
        out[-1] = (out[-1][0], p[1], p[2], p[2], None)
    else:
        out.append(p)


def shifted(f: Function, by: int, before: float) -> Function:
    """t → f(t + by); where t + by is before 0: `before`."""
    if by == 0:
        return f
    out: Function = [(0, -by, before, before, None)] if by < 0 else []
    for p in f[_index(f, max(0, by)) :]:
        s, e = max(0, p[0] - by), min(FOREVER, p[1] - by) if p[1] < FOREVER else FOREVER
        if s >= FOREVER:
            break
        if p[4] is None:
            _add(out, (s, e, p[2], p[2], None))
        elif s < e:
            _, _, x, y, g = _part(p, s + by, e + by)
            out.append((s, e, x, y, None if g is None else (lambda t, g=g: g(t + by))))
    return out


def begun(f: Function, start: int, before: float) -> Function:
    """f from `start` on, and `before` before."""
    if start <= 0:
        return f
    i = _index(f, start)
    out: Function = [(0, start, before, before, None)]
    _add(out, _part(f[i], start, f[i][1]))
    return out + f[i + 1 :]


def ended(f: Function, end: int, after: float) -> Function:
    """f before `end`, and `after` from then on."""
    if end <= 0:
        return constant(after)
    i = _index(f, end - 1)
    out = f[:i]
    _add(out, _part(f[i], f[i][0], end))
    _add(out, (end, FOREVER, after, after, None))
    return out


def greatest(f: Function, g: Function) -> Function:
    """The greater of the two at each time."""
    return _join(f, g, True)


def least(f: Function, g: Function) -> Function:
    """The lesser of the two at each time."""
    return _join(f, g, False)


def _join(f: Function, g: Function, up: bool) -> Function:
    out: Function = []
    i = j = s = 0
    a, b = f[0], g[0]
    while True:
        e = a[1] if a[1] < b[1] else b[1]
        if a[4] is None and b[4] is None:
            v = a[2] if (a[2] > b[2]) is up else b[2]
            if out and out[-1][4] is None and out[-1][2] == v:
                out[-1] = (out[-1][0], e, v, v, None)
            else:
                out.append((s, e, v, v, None))
        else:
            for p in _better(_part(a, s, e), _part(b, s, e), up):
                _add(out, p)
        if e >= FOREVER:
            return out
        if a[1] == e:
            i += 1
            a = f[i]
        if b[1] == e:
            j += 1
            b = g[j]
        s = e


def _better(a: Piece, b: Piece, up: bool) -> list[Piece]:
    """The greater (`up`) or lesser of two pieces over the same time."""
    s, e, ax, ay, f = a
    _, _, bx, by, g = b
    if min(ax, ay) >= max(bx, by):
        return [a if up else b]
    if max(ax, ay) <= min(bx, by):
        return [b if up else a]
    rise, other = (ay > ax) - (ay < ax), (by > bx) - (by < bx)
    if rise == other:
        pick = max if up else min
        x, y = pick(ax, bx), pick(ay, by)
        assert f is not None
        assert g is not None
        return [(s, e, x, y, (lambda t: pick(f(t), g(t))) if x != y else None)]
    if rise < other:  # let `a` be the one that rises against the other
        a, b = b, a
        (_, _, ax, ay, f), (_, _, bx, by, g) = a, b
    if ax >= bx:
        return [a if up else b]
    if ay < by:
        return [b if up else a]
    meet = first(lambda t: (ax if f is None else f(t)) >= (bx if g is None else g(t)), s, e - 1)
    before, after = (b, a) if up else (a, b)
    return [_part(before, s, meet), _part(after, meet, e)]


def highest(f: Function, lo: int, hi: int, none: float) -> Function:
    """t → the greatest value over the times from 0 on in [t + lo, t + hi]; where there is none: `none`."""
    return _window(f, lo, hi, none, True)


def lowest(f: Function, lo: int, hi: int, none: float) -> Function:
    """t → the least value over the times from 0 on in [t + lo, t + hi]; where there is none: `none`."""
    return _window(f, lo, hi, none, False)


def _window(f: Function, lo: int, hi: int, none: float, up: bool) -> Function:
    if all(p[4] is None for p in f):
        return _sliding([(s, e - 1 if e < FOREVER else _NEVER, x) for s, e, x, _, _ in f], lo, hi, none, up)
    points = []
    for s, e, x, y, g in f:
        points.append((s, s, x))
        last = e - 1 if e < FOREVER else _NEVER
        points.append((e - 1, last, y) if g is not None else (s, last, x))
    out = _sliding(points, lo, hi, none, up)
    if lo > -FOREVER:
        out = _join(out, shifted(f, lo, none), up)
    if hi < FOREVER:
        out = _join(out, shifted(f, hi, none), up)
    return out


def _sliding(spans: list[tuple[int, int, float]], lo: int, hi: int, none: float, up: bool) -> Function:
    """The best value of the spans (first time, last time, value; in order) that meet [t + lo, t + hi]."""
    window: deque[tuple[int, float]] = deque()  # (last time, value): ever later, ever worse
    enters = {max(0, s - hi) for s, _, _ in spans}
    leaves = {last - lo + 1 for _, last, _ in spans if 0 < last - lo + 1 < FOREVER}
    changes = sorted({0, *enters, *leaves})
    out: Function = []
    k = 0
    for i, t in enumerate(changes):
        while k < len(spans) and spans[k][0] <= t + hi:
            _, last, value = spans[k]
            while window and (window[-1][1] <= value if up else window[-1][1] >= value):
                window.pop()
            window.append((last, value))
            k += 1
        while window and window[0][0] < t + lo:
            window.popleft()
        v = window[0][1] if window else none
        _add(out, (t, changes[i + 1] if i + 1 < len(changes) else FOREVER, v, v, None))
    return out


def until(f: Function, g: Function, bottom: float) -> Function:
    """t → the greatest, over u >= t, of the least of g(u) and of f over [t, u)."""
    out: Function = []
    after = bottom
    i, j = len(f) - 1, len(g) - 1
    e = FOREVER
    while e > 0:
        a, b = f[i], g[j]
        s = max(a[0], b[0])
        if a[4] is None and b[4] is None:
            after = max(b[2], min(a[2], after))
            out.append((s, e, after, after, None))
        else:
            part = _until_within(_part(a, s, e), _part(b, s, e), after)
            after = part[0][2]
            out += reversed(part)
        if a[0] == s:
            i -= 1
        if b[0] == s:
            j -= 1
        e = s
    return _tidy(reversed(out))


def since(f: Function, g: Function, bottom: float) -> Function:
    """t → the greatest, over u <= t, of the least of g(u) and of f over (u, t]."""
    out: Function = []
    before = bottom
    i = j = s = 0
    while s < FOREVER:
        a, b = f[i], g[j]
        e = min(a[1], b[1])
        if a[4] is None and b[4] is None:
            before = max(b[2], min(a[2], before))
            _add(out, (s, e, before, before, None))
        else:
            turned = _until_within(_backward(_part(a, s, e), s + e), _backward(_part(b, s, e), s + e), before)
            for p in reversed(turned):
                _add(out, _backward(p, s + e))
            before = out[-1][3]
        if a[1] == e:
            i += 1
        if b[1] == e:
            j += 1
        s = e
    return out


def _tidy(pieces: Iterator[Piece]) -> Function:
    out: Function = []
    for p in pieces:
        _add(out, p)
    return out


def _backward(p: Piece, span: int) -> Piece:
    """A piece within [s, e) run backwards in it; span: s + e."""
    s, e, x, y, g = p
    return (span - e, span - s, y, x, None if g is None else (lambda t: g(span - 1 - t)))


def _until_within(a: Piece, b: Piece, after: float) -> list[Piece]:
    """`until` over one piece of both, given its value at the piece's end."""
    s, e, ax, ay, _ = a
    _, _, bx, by, _ = b
    if ay >= ax:  # f is least now: wait for the best of g, if f(now) allows
        best = max(after, by) if by > bx else after
        waiting = _better(a, (s, e, best, best, None), False)
        return [p for w in waiting for p in _better(w, _part(b, w[0], w[1]), True)]
    stays = min(ay, after)
    if by <= bx:
        return _better(b, (s, e, stays, stays, None), True)

    def met(t: int) -> bool:
        return t > s and _at(b, t) >= _at(a, t - 1)

    if not met(e - 1):  # g rises under a falling f to the very end
        v = max(by, stays)
        return [(s, e, v, v, None)]
    meet = first(met, s, e - 1)
    v = max(_at(a, meet - 1), _at(b, meet - 1), stays)
    return [(s, meet, v, v, None), *_better(_part(b, meet, e), (meet, e, stays, stays, None), True)]
