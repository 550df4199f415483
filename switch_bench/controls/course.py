"""The course of a knob or slider: named detents, or an even scale; and the states that read it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise

from switch_bench.controls.base import State
from switch_bench.controls.readout import ladder
from switch_bench.network.declare import Value

Positions = tuple[tuple[str, float], ...]


@dataclass(frozen=True)
class Course:
    """Values and their joint positions [m | rad] in rising order of position. `detented`: each has a detent."""

    values: tuple[Value, ...]
    places: tuple[float, ...]
    detented: bool

    @property
    def limits(self) -> tuple[float, float]:
        """The stops."""
        return self.places[0], self.places[-1]

    @property
    def spacing(self) -> float:
        """The least distance between neighbours."""
        return min(b - a for a, b in pairwise(self.places))

    @property
    def aim(self) -> Mapping[Value, float]:
        """Where the joint must be for each value."""
        return dict(zip(self.values, self.places, strict=True))

    def states(self) -> tuple[State, ...]:
        """One state for each value, left only past the middle to the next."""
        return ladder(self.values, self.places)


def course(
    name: str,
    positions: Positions,
    travel: tuple[float, float] | None,
    scale: tuple[float, float],
    step: float,
) -> Course:
    """Detents at `positions`; or over `travel` [m | rad] the multiples of `step` from scale[0] to scale[1].

    Raises:
        ValueError: fewer than two positions, two at one place, a travel that doesn't rise, a step that doesn't divide
            the scale.
    """
    if travel is None:
        ordered = sorted(positions, key=lambda p: p[1])
        places = tuple(float(p[1]) for p in ordered)
        if len(places) < 2 or any(b - a < 1e-6 for a, b in pairwise(places)):
            raise ValueError(f"{name}: expected two or more positions at different places, got {positions}")
        return Course(tuple(p[0] for p in ordered), places, detented=True)
    lo, hi = travel
    count = (scale[1] - scale[0]) / step if step else 0.0
    n = round(count)
    if not lo < hi or n < 1 or abs(count - n) > 1e-6:
        raise ValueError(
            f"{name}: expected a rising travel and a step that divides the scale, got {travel}, {scale}, {step}"
        )
    values = tuple(round(scale[0] + i * step, 9) for i in range(n + 1))
    return Course(values, tuple(lo + (hi - lo) * i / n for i in range(n + 1)), detented=False)
