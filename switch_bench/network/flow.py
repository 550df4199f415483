"""A flow's anchor: x(t) = a + b·Δt + Σ c·exp(−λ·Δt), Δt = (t − t0) in seconds, summed in the order written.

One form serves a held value, a ramp, a first-order lag and a node of a resistance-capacitance net, so that evaluating,
finding crossings and finding extrema are each written once.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import exp


@dataclass(frozen=True, slots=True)
class Anchor:
    """From `t0` [µs] on, the flow is a + b·Δt + Σ c·exp(−λ·Δt). `terms` holds the (c, λ [1/s]) pairs, λ > 0."""

    t0: int
    a: float
    b: float = 0.0
    terms: tuple[tuple[float, float], ...] = ()

    def at(self, t: int) -> float:
        """The value at `t` [µs]; scalar, fixed order of sums."""
        dt = (t - self.t0) * 1e-6
        x = self.a + self.b * dt
        for c, lam in self.terms:
            x += c * exp(-lam * dt)
        return x
