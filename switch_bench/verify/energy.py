"""Electrical energy: what the devices drew over an episode, and over the same time without the agent.

A device draws what its outputs in watts say. One that takes in others' power in watts (a board of breakers, a meter)
only passes it on, and is not counted. Gas is not metered.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import expm1, fsum

from switch_bench.network.flow import Anchor
from switch_bench.verify.facts import Facts

WATT = "W"
LEAST = 1.0  # J: a smaller difference is none


@dataclass(frozen=True, slots=True)
class Use:
    """What one device drew [J]: in the episode, and without the agent."""

    device: str
    zone: str
    used: float
    without: float


@dataclass(frozen=True, slots=True)
class Energy:
    """Electrical energy [J] over the episode: of all devices, without the agent, and by device where they differ."""

    used: float
    without: float
    devices: tuple[Use, ...]

    @property
    def more(self) -> float:
        """How much more was drawn because of the agent [J]; negative if it saved some."""
        return self.used - self.without

    def by_zone(self) -> dict[str, float]:
        """Zone → how much more was drawn in it because of the agent [J]."""
        zones = dict.fromkeys(use.zone for use in self.devices)
        return {zone: fsum(use.used - use.without for use in self.devices if use.zone == zone) for zone in zones}


def integral(anchor: Anchor, start: int, end: int) -> float:
    """The integral of a flow over [start, end) [µs], in its unit times seconds; in closed form."""
    lo, hi = (start - anchor.t0) * 1e-6, (end - anchor.t0) * 1e-6
    parts = [anchor.a * (hi - lo), anchor.b * (hi + lo) * (hi - lo) / 2]
    for c, rate in anchor.terms:
        # from the start of the piece on, so that nothing overflows where the anchor is old
        parts.append(-(Anchor(anchor.t0, 0.0, 0.0, ((c, rate),)).at(start)) * expm1(-rate * (hi - lo)) / rate)
    return fsum(parts)


def meters(facts: Facts) -> dict[str, tuple[str, ...]]:
    """Device → its outputs in watts, of those that draw power themselves."""
    found: dict[str, tuple[str, ...]] = {}
    passing = set()
    for name, info in facts.trace.signals.items():
        owner = name.rpartition(".")[0]
        if info.unit == WATT and info.kind == "output":
            found[owner] = (*found.get(owner, ()), name)
        elif info.unit == WATT and info.kind == "input":
            passing.add(owner)
    return {owner: names for owner, names in found.items() if owner not in passing}


def drawn(facts: Facts, signal: str, end: int) -> float:
    """What went through a signal in watts up to `end` [µs], in J."""
    times, values = facts.signals.steps(signal)
    parts = []
    for i, value in enumerate(values):
        lo, hi = times[i], min(end, times[i + 1] if i + 1 < len(times) else end)
        if lo >= hi:
            continue
        parts.append(integral(value, lo, hi) if isinstance(value, Anchor) else float(value) * (hi - lo) * 1e-6)
    return fsum(parts)


def measure(facts: Facts, null: Facts) -> Energy:
    """The energy of the episode and, over the same time, of the world without the agent."""
    uses = []
    for device, names in meters(facts).items():
        there = [name for name in names if name in null.trace.signals]
        zone = facts.trace.signals[names[0]].zone
        used = fsum(drawn(facts, name, facts.end) for name in names)
        uses.append(Use(device, zone, used, fsum(drawn(null, name, facts.end) for name in there)))
    return Energy(
        used=fsum(use.used for use in uses),
        without=fsum(use.without for use in uses),
        devices=tuple(use for use in uses if abs(use.used - use.without) > LEAST),
    )
