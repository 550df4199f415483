"""A rotary knob, turned by pinching its wing: detented, or continuous over a scale."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from switch_bench.controls.base import Built, Control, Grip, Readout
from switch_bench.controls.course import Course, Positions, course
from switch_bench.network.declare import Value

if TYPE_CHECKING:
    import mujoco

    from switch_bench.controls.mechanism import Mechanism

TORQUE = 0.04  # N·m to leave a detent: MIL-STD-1472 allows knobs over 25 mm 0.042; its rotary selectors take 0.115-0.68
FRICTION = 0.015  # N·m of a continuous knob's bush; the same tables' lower third
SKIRT, HUB, WING = 0.003, 0.008, 0.024  # m above the panel: top of the skirt, of the hub, of the wing
WING_WIDTH = 0.008  # m
DEPTH = 0.011  # m above the panel where the fingertips end in a pinch
ARMATURE = 2e-4  # kg·m²: spindle and wafers


@dataclass(frozen=True, kw_only=True)
class Knob(Control):
    """A knob; angles are clockwise from 12 o'clock as seen from the front [rad].

    positions: (value, angle) of its detents; or turn: the angles of both ends, with scale (its values there) and step.
    initial: None, the first position or the scale's beginning. torque: to leave a detent [N·m].
    """

    radius: float = 0.018
    positions: Positions = (("off", 0.0), ("on", 1.2))
    turn: tuple[float, float] | None = None
    scale: tuple[float, float] = (0.0, 1.0)
    step: float = 0.1
    torque: float = TORQUE
    initial: Value | None = None

    def course(self) -> Course:
        """Its values and where they are."""
        return course(self.name, self.positions, self.turn, self.scale, self.step)

    def values(self) -> tuple[tuple[str, tuple[Value, ...]], ...]:
        """A str for a detented one, else a float."""
        return ((self.name, dial_values(self.course(), first_value(self))),)

    def build(self, spec: mujoco.MjSpec, panel: mujoco.MjsBody, prefix: str, initial: Value | None = None) -> Built:
        """A skirted knob with a wing and a pointer on a spindle along the panel's normal."""
        from switch_bench.controls.mechanism import Mechanism

        m = Mechanism.on(spec, panel, prefix + self.name, (*self.at, 0.0))
        return turned(self, m, first_value(self) if initial is None else initial)


def first_value(knob: Knob) -> Value:
    """The value it starts at if nothing else is said."""
    if knob.initial is not None:
        return knob.initial
    return float(knob.scale[0]) if knob.turn is not None else knob.positions[0][0]


def dial_values(path: Course, first: Value) -> tuple[Value, ...]:
    """The allowed values, `first` first; a scale names only where it begins."""
    return (first, *(v for v in path.values if v != first)) if path.detented else (first,)


def turned(knob: Knob, m: Mechanism, value: Value) -> Built:
    """The rotary mechanism on the body of `m`: shape, joint, detent, readout and grip."""
    from switch_bench.controls.mechanism import contrast
    from switch_bench.controls.readout import start

    path = knob.course()
    _shape(knob, m, contrast(knob.colour))
    joint = m.joint(
        "hinge",
        (0, 0, -1),
        path.limits,
        armature=ARMATURE,
        damping=4e-3 if path.detented else 2e-3,
        friction=0.2 * knob.torque if path.detented else FRICTION,
    )
    detent = None
    if path.detented:
        detent = m.detent(joint, stiffness=knob.torque / (0.25 * path.spacing), force=knob.torque)
    states = path.states()
    site = m.site("turn", (0.0, 0.0, DEPTH))
    readout = Readout(knob.name, joint, states, initial=start(states, value, m.name), detent=detent)
    grip = Grip("turn", site, aim=path.aim)
    return Built((readout,), tuple(m.geoms), {"turn": grip}, cap=m.geoms[0], bodies=(m.name,))


def _shape(knob: Knob, m: Mechanism, pointer: tuple[float, float, float]) -> None:
    r = knob.radius
    dark = tuple(0.82 * c for c in knob.colour)
    m.geom("skirt", "cylinder", (r, SKIRT / 2), (0, 0, SKIRT / 2), rgb=(dark[0], dark[1], dark[2]), mass=0.006)
    m.geom("hub", "cylinder", (0.82 * r, (HUB - SKIRT) / 2), (0, 0, (HUB + SKIRT) / 2), rgb=knob.colour, mass=0.008)
    height = (WING - HUB) / 2
    m.geom("wing", "box", (WING_WIDTH / 2, 0.92 * r, height), (0, 0, HUB + height), rgb=knob.colour, mass=0.008)
    line = (0.0012, 0.3 * r, 0.0004)
    m.geom("pointer", "box", line, (0, 0.6 * r, WING + 0.0002), rgb=pointer, solid=False)
    m.geom("mark", "box", (0.0012, 0.0004, height), (0, 0.92 * r + 0.0003, HUB + height), rgb=pointer, solid=False)
