"""A time axis on which long waits are drawn shortened, so that a press and a quarter of an hour fit on one line."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable
from math import floor, log1p, log10

QUICK = 0.5  # s: gaps well below this are drawn to scale, gaps well above by their logarithm


class Axis:
    """Maps simulated time [µs] in [0, end] to [left, right], strictly rising; between two of `times` it is linear."""

    def __init__(self, times: Iterable[int], end: int, left: float, right: float) -> None:
        self._times = sorted({0, max(1, end), *(t for t in times if 0 < t < end)})
        widths = [log1p((b - a) * 1e-6 / QUICK) for a, b in zip(self._times, self._times[1:], strict=False)]
        scale = (right - left) / sum(widths)
        self._places = [left]
        for width in widths:
            self._places.append(self._places[-1] + width * scale)
        self._places[-1] = right

    def place(self, t: int) -> float:
        """Where `t` is; times outside are put at the ends."""
        t = min(max(t, 0), self._times[-1])
        i = min(bisect_right(self._times, t), len(self._times) - 1) - 1
        share = (t - self._times[i]) / (self._times[i + 1] - self._times[i])
        return self._places[i] + share * (self._places[i + 1] - self._places[i])

    def time(self, place: float) -> int:
        """The time [µs] at a place."""
        place = min(max(place, self._places[0]), self._places[-1])
        i = min(bisect_right(self._places, place), len(self._places) - 1) - 1
        share = (place - self._places[i]) / (self._places[i + 1] - self._places[i])
        return round(self._times[i] + share * (self._times[i + 1] - self._times[i]))

    def ticks(self, apart: float) -> list[int]:
        """Round times [µs] about `apart` from each other and never closer than three quarters of it."""
        ticks = [0]
        place = self._places[0] + apart
        while place <= self._places[-1]:
            spread = (self.time(place + apart / 3) - self.time(place - apart / 3)) * 1e-6
            step = _round(spread)
            tick = min(round(round(self.time(place) * 1e-6 / step) * step * 1e6), self._times[-1])
            if self.place(tick) - self.place(ticks[-1]) >= 0.75 * apart:
                ticks.append(tick)
            place += apart
        return ticks


def clock(t: int) -> str:
    """Simulated time [µs] for a reader: "3.2 s", "4:05", "1:04:05"."""
    s = t / 1e6
    if s < 59.95:
        return f"{s:.3g} s" if s < 10 else f"{s:.1f} s".replace(".0 ", " ")
    minutes, seconds = divmod(round(s), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02d}:{seconds:02d}" if hours else f"{minutes}:{seconds:02d}"


def _round(seconds: float) -> float:
    """The largest of 1, 2, 5 times a power of ten, or of a clock's units, that isn't above `seconds`."""
    if seconds >= 1:
        units = (1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 21600)
        return max(u for u in units if u <= seconds)
    power = 10.0 ** floor(log10(max(seconds, 1e-4)))
    return max(m * power for m in (1, 2, 5) if m * power <= max(seconds, 1e-4) * 1.0001)
