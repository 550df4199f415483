"""A slider: a fin in a slot, pushed or pinched along it; with detents, or continuous over a scale."""

from __future__ import annotations

from dataclasses import dataclass
from math import pi
from typing import TYPE_CHECKING, Literal

from switch_bench.controls.base import Built, Control, Grip, Readout
from switch_bench.controls.course import Course, Positions, course
from switch_bench.controls.knob import dial_values
from switch_bench.network.declare import Value

if TYPE_CHECKING:
    import mujoco

    from switch_bench.controls.mechanism import Mechanism

FORCE = 2.5  # N to leave a detent; MIL-STD-1472E fig. 6 gives detented thumbwheels 1.7 N and more
FRICTION = 0.8  # N of the slot
FIN = (0.010, 0.018, 0.016)  # m: along the slot, across it, out of the panel
DEPTH = 0.006  # m above the panel where the fingertips end
ARMATURE = 0.03  # kg


@dataclass(frozen=True, kw_only=True)
class Slider(Control):
    """A slider along the panel's x or y; positions [m] from the middle, right and up positive.

    positions: (value, place) of its detents, or None: a scale over `length` in steps. initial: None, the first.
    """

    length: float = 0.04
    along: Literal["x", "y"] = "x"
    positions: Positions | None = None
    scale: tuple[float, float] = (0.0, 1.0)
    step: float = 0.1
    force: float = FORCE
    initial: Value | None = None

    def course(self) -> Course:
        """Its values and where they are."""
        travel = (-self.length / 2, self.length / 2) if self.positions is None else None
        return course(self.name, self.positions or (), travel, self.scale, self.step)

    def _first(self) -> Value:
        if self.initial is not None:
            return self.initial
        return float(self.scale[0]) if self.positions is None else self.positions[0][0]

    def values(self) -> tuple[tuple[str, tuple[Value, ...]], ...]:
        """A str for a detented one, else a float."""
        return ((self.name, dial_values(self.course(), self._first())),)

    def build(self, spec: mujoco.MjSpec, panel: mujoco.MjsBody, prefix: str, initial: Value | None = None) -> Built:
        """A fin with a line on it, on a slide joint in the panel's plane."""
        from switch_bench.controls.mechanism import Mechanism, contrast, turn
        from switch_bench.controls.readout import start

        path = self.course()
        m = Mechanism.on(spec, panel, prefix + self.name, (*self.at, 0.0))
        upright = self.along == "y"
        along, across, out = FIN

        def extent(a: float, b: float, c: float) -> tuple[float, float, float]:
            return (b, a, c) if upright else (a, b, c)

        m.geom("foot", "box", extent(along, across / 2, 0.0015), (0, 0, 0.0015), rgb=self.colour, mass=0.004)
        m.geom("fin", "box", extent(along / 2, across / 2, out / 2), (0, 0, out / 2), rgb=self.colour, mass=0.006)
        line = extent(0.0008, across / 2, 0.0003)
        m.geom("line", "box", line, (0, 0, out + 0.0002), rgb=contrast(self.colour), solid=False)
        self._slot(m, panel, path.limits, upright)
        joint = m.joint(
            "slide",
            (0, 1, 0) if upright else (1, 0, 0),
            path.limits,
            armature=ARMATURE,
            damping=2.0,
            friction=FRICTION,
        )
        detent = None
        if path.detented:
            detent = m.detent(joint, stiffness=self.force / (0.25 * path.spacing), force=self.force)
        states = path.states()
        value = self._first() if initial is None else initial
        site = m.site("slide", (0, 0, DEPTH), turn("z", pi / 2) if upright else (1.0, 0.0, 0.0, 0.0))
        readout = Readout(self.name, joint, states, initial=start(states, value, m.name), detent=detent)
        return Built((readout,), tuple(m.geoms), {"slide": Grip("slide", site, aim=path.aim)}, bodies=(m.name,))

    def _slot(self, m: Mechanism, panel: mujoco.MjsBody, limits: tuple[float, float], upright: bool) -> None:
        """The dark slot in the panel: only there to be seen."""
        middle, half = (limits[0] + limits[1]) / 2, (limits[1] - limits[0]) / 2 + FIN[0] / 2
        x, y = self.at
        at = (x, y + middle, 0.0002) if upright else (x + middle, y, 0.0002)
        m.backdrop(panel, "slot", (0.002, half, 0.0002) if upright else (half, 0.002, 0.0002), at, (0.05, 0.05, 0.05))
