"""Sets of times as lists of half-open intervals [start, end) of integer microseconds: sorted, disjoint, not touching.

Time runs from 0; an interval that never ends ends at `FOREVER`.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable

Times = list[tuple[int, int]]

FOREVER = 1 << 60  # µs: some 36,000 years
ALL: Times = [(0, FOREVER)]


def union(*sets: Iterable[tuple[int, int]]) -> Times:
    """All times that are in one of the sets; they need be neither sorted nor disjoint."""
    out: Times = []
    for s, e in sorted(i for times in sets for i in times):
        if e <= s:
            continue
        if out and s <= out[-1][1]:
            if e > out[-1][1]:
                out[-1] = (out[-1][0], e)
        else:
            out.append((s, e))
    return out


def intersection(a: Times, b: Times) -> Times:
    """The times in both."""
    out: Times = []
    i = j = 0
    while i < len(a) and j < len(b):
        s, e = max(a[i][0], b[j][0]), min(a[i][1], b[j][1])
        if s < e:
            out.append((s, e))
        if a[i][1] <= b[j][1]:
            i += 1
        else:
            j += 1
    return out


def complement(a: Times) -> Times:
    """The times from 0 on that are not in it."""
    out: Times = []
    at = 0
    for s, e in a:
        if at < s:
            out.append((at, s))
        at = e
    if at < FOREVER:
        out.append((at, FOREVER))
    return out


def contains(a: Times, t: int) -> bool:
    """Whether `t` is in it."""
    i = bisect_right(a, t, key=lambda interval: interval[0])
    return i > 0 and t < a[i - 1][1]


def some(a: Times, lo: int, hi: int) -> Times:
    """The times t for which some time in [t + lo, t + hi] is in the set. Bounds may be negative, or ±`FOREVER`."""
    out: Times = []
    for s, e in a:
        if e <= lo:
            continue
        start = s - hi if s > hi else 0
        stop = FOREVER if e >= FOREVER or e - lo >= FOREVER else e - lo
        if start >= stop:
            continue
        if out and start <= out[-1][1]:
            if stop > out[-1][1]:
                out[-1] = (out[-1][0], stop)
        else:
            out.append((start, stop))
    return out


def every(a: Times, lo: int, hi: int) -> Times:
    """The times t for which all times from 0 on in [t + lo, t + hi] are in the set."""
    return complement(some(complement(a), lo, hi))


def until(a: Times, b: Times, lo: int, hi: int) -> Times:
    """The t with a time u in [t + lo, t + hi] in `b`, and `a` at all times of [t, u)."""
    out: Times = []
    j = 0
    for s, e in a:
        while j < len(b) and b[j][1] <= s:
            j += 1
        k, met = j, []
        while k < len(b) and b[k][0] <= e:
            met.append((max(s, b[k][0]), min(e + 1, b[k][1])))
            k += 1
        if met:
            out += intersection(some(met, lo, hi), [(s, e)])
    return union(out, b) if lo == 0 else union(out)


def since(a: Times, b: Times, lo: int, hi: int) -> Times:
    """The t with a time u in [t - hi, t - lo] in `b`, and `a` at all times of (u, t]."""
    out: Times = []
    j = 0
    for s, e in a:
        start = max(0, s - 1)
        while j < len(b) and b[j][1] <= start:
            j += 1
        k, met = j, []
        while k < len(b) and b[k][0] < e:
            met.append((max(start, b[k][0]), min(e, b[k][1])))
            k += 1
        if met:
            out += intersection(some(met, -hi, -lo), [(s, e)])
    return union(out, b) if lo == 0 else union(out)
