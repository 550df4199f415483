"""Light: a zone's illuminance is its daylight, its lamps, and a share of the neighbours' through open doorways.

A point's is what its rays say; how much of a lamp's light comes to it is geometry (`physics/lighting.py`).
"""

from __future__ import annotations

from dataclasses import dataclass
from math import exp
from typing import Any

from switch_bench.network.flow import Anchor
from switch_bench.network.parts import Part
from switch_bench.network.state import State


@dataclass(frozen=True, slots=True)
class Source:
    """`lux` [lx] for each unit of the signal or flow `level`, while the signal `gate` (-1: none) is True."""

    level: int
    lux: float
    gate: int = -1


def added(t: int, parts: list[tuple[float, Any]]) -> Anchor:
    """The course from `t` on of Σ lux·level, the levels being anchors or constants."""
    a = b = 0.0
    terms: dict[float, float] = {}
    for lux, level in parts:
        if isinstance(level, Anchor):
            dt = (t - level.t0) * 1e-6
            a += lux * (level.a + level.b * dt)
            b += lux * level.b
            for c, rate in level.terms:
                terms[rate] = terms.get(rate, 0.0) + lux * c * exp(-rate * dt)
        else:
            a += lux * level
    return Anchor(t, a, b, tuple([(c, rate) for rate, c in terms.items() if c]))


class Illuminance(Part):
    """The illuminance of one zone or point, from `sources` there and beyond doorways. key: its place in the state's
    `keys`.
    """

    __slots__ = ("flow", "key", "sources")

    def __init__(self, *, flow: int, sources: tuple[Source, ...], key: int) -> None:
        self.flow, self.sources, self.key = flow, sources, key
        self.listens = tuple(sorted({i for s in sources for i in (s.level, s.gate) if i >= 0}))

    def given(self, values: list[Any]) -> tuple[tuple[float, Any], ...]:
        """What shines: (lux, level) of every source that isn't dark."""
        parts = []
        for source in self.sources:
            if source.gate >= 0 and not values[source.gate]:
                continue
            level = values[source.level]
            if isinstance(level, Anchor):
                if level.a or level.b or level.terms:
                    parts.append((source.lux, level))
            elif level:
                parts.append((source.lux, level))
        return tuple(parts)

    def react(self, s: State, triggers: list[int]) -> None:
        """Re-anchor, where what shines isn't what it was."""
        given = self.given(s.values)
        if given == s.keys[self.key]:
            return
        s.keys[self.key] = given
        anchor = added(s.now, list(given))
        old: Anchor = s.values[self.flow]
        if anchor.a == old.a and not (anchor.b or anchor.terms or old.b or old.terms):
            return
        s.write(self.flow, anchor, (*triggers, *s.last_of(self.listens)))
