"""How bright things look under how much light, and what else decides how a room looks beside its geometry."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

from switch_bench.network.declare import Value

if TYPE_CHECKING:
    from switch_bench.physics.dress import Visual

FULL = 220.0  # lx under which a surface looks as bright as it is painted
KNEE = 0.05  # share of FULL, squared, at which it looks half so bright


def brightness(lux: float) -> float:
    """How bright a surface looks, 0..1.1, under `lux` [lx].

    A camera's exposure in one curve: by daylight and by lamps a room is bright, while light spilled through a doorway
    (a few lux) leaves it dark.
    """
    x = max(0.0, lux / FULL)
    return 1.1 * x * x / (x * x + KNEE)


@dataclass
class Light:
    """What decides how a room looks beside its geometry.

    illuminance: zone → lx. value: a signal's value, or a flow's level, now. now [µs]. clock: µs after midnight at
    t = 0.
    """

    illuminance: Mapping[str, float]
    value: Callable[[str], Value]
    now: int
    clock: int

    def look(self, visual: Visual) -> Look:
        """All of it that this room's picture shows."""
        value = self.value
        shown = []
        for each in visual.shown:
            shown.append(each.key([value(s) for s in each.signals], self.now, self.clock))
        return Look(
            bright=tuple(brightness(self.illuminance[z]) for z in visual.zones),
            levels=tuple([float(value(glow.signal)) for glow, _, _ in visual.glows]),
            angles=tuple([float(value(turned.signal)) for turned, _ in visual.turned]),
            shown=tuple(shown),
        )

    def draw(self, visual: Visual, place: int) -> Any:
        """(h, w, 3) uint8: what the display at this place of `visual.shown` shows now."""
        shown = visual.shown[place]
        values: Sequence[Any] = [self.value(s) for s in shown.signals]
        return shown.draw(values, self.now, self.clock)


class Look(NamedTuple):
    """A room's looks: two that are equal, of the same geometry, make the same picture.

    bright: of each zone, 0..1.1. levels: of what glows. angles: of what is drawn turned [rad]. shown: the key of each
    display's face.
    """

    bright: tuple[float, ...]
    levels: tuple[float, ...]
    angles: tuple[float, ...]
    shown: tuple[Any, ...]
