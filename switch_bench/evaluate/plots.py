"""Small plots for a report, as inline SVG that is as wide as its cell: places are in percent, letters keep their size.

Every plot says in words what it shows (`aria-label`), and what is told by colour is told by shape as well.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape
from math import log
from statistics import quantiles

MOST_MARKS = 12  # marks in a plot; of more values the quartiles are drawn


def svg(css: str, said: str, body: str) -> str:
    """A plot, with what it shows in words."""
    return f'<svg class="plot {css}" role="img" aria-label="{escape(said)}"><title>{escape(said)}</title>{body}</svg>'


def axis(marks: Iterable[tuple[float, str]]) -> str:
    """The scale above a column of plots: (share of the width, label)."""
    texts = ""
    for share, label in marks:
        anchor = "start" if share < 0.05 else "end" if share > 0.95 else "middle"
        texts += f'<text x="{100 * share:.1f}%" y="12" text-anchor="{anchor}">{escape(label)}</text>'
    return f'<svg class="plot axis" aria-hidden="true">{texts}</svg>'


def grid(shares: Iterable[float]) -> str:
    """Faint lines at shares of the width."""
    return "".join(f'<line class="grid" x1="{x}" x2="{x}" y1="0" y2="100%"/>' for x in map(_percent, shares))


def whisker(rate: float | None, interval: tuple[float, float], said: str) -> str:
    """A rate as a dot and its interval as a line with ends."""
    low, high = map(_percent, interval)
    body = grid((0.0, 0.25, 0.5, 0.75, 1.0)) + f'<line class="range" x1="{low}" x2="{high}" y1="9" y2="9"/>'
    body += "".join(f'<line class="range" x1="{x}" x2="{x}" y1="5" y2="13"/>' for x in (low, high))
    if rate is not None:
        body += f'<circle class="dot" cx="{_percent(rate)}" cy="9" r="4.5"/>'
    return svg("whisker", said, body)


def share_bar(shares: Sequence[tuple[str, float]], said: str) -> str:
    """Shares of a whole side by side, each with its class: "held" is full, "undecided" hatched, "not" hollow."""
    body, at = "", 0.0
    for css, share in shares:
        body += f'<rect class="{css}" x="{_percent(at)}" width="{_percent(share)}" y="3" height="12"/>'
        if css == "undecided":  # a dashed line makes it told from the others without colour
            body += f'<line class="hatch" x1="{_percent(at)}" x2="{_percent(at + share)}" y1="9" y2="9"/>'
        at += share
    return svg("shares", said, body + '<rect class="frame" x="0" y="3" width="100%" height="12"/>')


def spread(values: Sequence[tuple[float, bool]], lines: Iterable[float], said: str) -> str:
    """Values, as (share of the width, whether it is a good one): a dot each, and a cross where it isn't.

    Of more than `MOST_MARKS` the good ones' median, quartiles and range are drawn.
    """
    body = grid(lines)
    good = sorted(share for share, fine in values if fine)
    if len(values) > MOST_MARKS and len(good) > 3:
        low, middle, high = quantiles(good, n=4)
        body += (
            f'<line class="range thin" x1="{_percent(good[0])}" x2="{_percent(good[-1])}" y1="9" y2="9"/>'
            f'<line class="range thick" x1="{_percent(low)}" x2="{_percent(high)}" y1="9" y2="9"/>'
            f'<circle class="dot" cx="{_percent(middle)}" cy="9" r="4.5"/>'
        )
    else:
        for share, fine in values[: 4 * MOST_MARKS]:
            x = _percent(share)
            if fine:
                body += f'<circle class="dot faint" cx="{x}" cy="9" r="4"/>'
            else:
                body += f'<text class="cross" x="{x}" y="13.5" text-anchor="middle">×</text>'
    return svg("spread", said, body)


class LogScale:
    """Times on a logarithmic scale: `share` of the width for seconds, and `marks` at round times."""

    ROUND = ((1, "1 s"), (5, "5 s"), (20, "20 s"), (60, "1 min"), (300, "5 min"), (1200, "20 min"), (3600, "1 h"),
             (14400, "4 h"), (43200, "12 h"), (86400, "1 d"))  # fmt: skip

    def __init__(self, seconds: Iterable[float]) -> None:
        known = [s for s in seconds if s > 0]
        self.low = max(0.1, min(known, default=1.0) / 1.3)
        self.high = max(self.low * 4, max(known, default=60.0) * 1.15)

    def share(self, seconds: float) -> float:
        """Where it is, in [0, 1]."""
        held = min(max(seconds, self.low), self.high)
        return log(held / self.low) / log(self.high / self.low)

    @property
    def marks(self) -> list[tuple[float, str]]:
        """(share, label) of round times, not too close."""
        found: list[tuple[float, str]] = []
        for seconds, label in self.ROUND:
            if self.low <= seconds <= self.high:
                share = self.share(seconds)
                if not found or share - found[-1][0] > 0.22:
                    found.append((share, label))
        return found


def _percent(share: float) -> str:
    return f"{100 * min(max(share, 0.0), 1.0):.1f}%"
