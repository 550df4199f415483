"""How often someone may ask, counted in memory: a restart of the server forgets it (quotas it doesn't: those are
rows).

A bucket holds so many drops, and fills again over its time. The oldest buckets are dropped where there are too many,
so that who asks from many addresses fills no memory.
"""

from __future__ import annotations

import ipaddress
import threading
import time
from collections import OrderedDict

from switch_bench.leaderboard.problems import Problem

MOST = 20_000


class Rates:
    """Buckets by key."""

    def __init__(self, most: int = MOST) -> None:
        """Nobody has asked yet."""
        self._most = most
        self._turn = threading.Lock()
        self._buckets: OrderedDict[str, tuple[float, float]] = OrderedDict()  # key → (drops, at)

    def take(self, key: str, most: int, seconds: float, *, at: float | None = None) -> None:
        """Take one of `most` drops, which come back over `seconds`.

        Raises:
            Problem: 429, with the time until there is one.
        """
        wait = self._take(key, most, seconds, time.monotonic() if at is None else at, 1.0)
        if wait > 0:
            raise Problem(429, "Too many requests.", hint=f"At most {most} in {seconds:g} s.", retry_s=wait)

    def look(self, key: str, most: int, seconds: float) -> None:
        """As `take`, but nothing is taken."""
        wait = self._take(key, most, seconds, time.monotonic(), 0.0)
        if wait > 0:
            raise Problem(429, "Too many requests.", hint=f"At most {most} in {seconds:g} s.", retry_s=wait)

    def _take(self, key: str, most: int, seconds: float, at: float, drops: float) -> float:
        with self._turn:
            left, before = self._buckets.pop(key, (float(most), at))
            left = min(float(most), left + (at - before) * most / seconds)
            wait = 0.0 if left >= 1 else (1 - left) * seconds / most
            self._buckets[key] = (left - drops if left >= 1 else left, at)
            if len(self._buckets) > self._most:
                self._buckets.popitem(last=False)
            return wait


def network(address: str) -> str:
    """Whom an address counts for: itself, or with IPv6 its /64, which one customer has whole."""
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return address
    if found.version == 4:
        return address
    return str(ipaddress.ip_network(f"{address}/64", strict=False))
