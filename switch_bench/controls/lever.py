"""A lever that stands out of the panel and tips between detents; the device may tip it too (a kettle's pops off)."""

from __future__ import annotations

from dataclasses import dataclass
from math import cos, pi, sin
from typing import TYPE_CHECKING, Literal

from switch_bench.controls.base import Built, Control, Grip, Readout
from switch_bench.controls.course import Course, Positions, course
from switch_bench.network.declare import Value

if TYPE_CHECKING:
    import mujoco

    from switch_bench.controls.mechanism import Mechanism

FORCE = 3.0  # N at the tip to leave a detent; MIL-STD-1472 toggle switches: 2.8-11 N
DRIVE_TIME = 0.08  # s: a bimetal or solenoid lets a spring go
PADDLE = (0.014, 0.006, 0.012)  # m: across, in the direction of motion, along the arm
ARMATURE, DAMPING = 0.1, 4.0  # kg, N·s/m, at the tip
PRESS_TILT = 0.95  # rad off the panel's normal: a finger presses a lever aslant, past the knuckles
DRIVE_FORCE = 8.0  # N at the tip, if the device drives it and says no force: well over the detent, well under the hand


@dataclass(frozen=True, kw_only=True)
class Lever(Control):
    """A lever hinged in the panel's plane whose tip moves along the panel's y (up positive) or x (right positive).

    positions: (value, angle from the panel's normal [rad]). arm: hinge to tip [m]. torque: to leave a detent [N·m], 0:
    from a usual force at the tip. A driven lever must be moved by its device past the middle between two positions.
    """

    positions: Positions = (("off", 0.0), ("on", -0.35))
    arm: float = 0.03
    along: Literal["x", "y"] = "y"
    torque: float = 0.0
    initial: Value | None = None
    drivable = True

    def course(self) -> Course:
        """Its values and where they are."""
        return course(self.name, self.positions, None, (0.0, 1.0), 1.0)

    def values(self) -> tuple[tuple[str, tuple[Value, ...]], ...]:
        """A str."""
        first = self.positions[0][0] if self.initial is None else self.initial
        return ((self.name, (first, *(v for v in self.course().values if v != first))),)

    def build(self, spec: mujoco.MjSpec, panel: mujoco.MjsBody, prefix: str, initial: Value | None = None) -> Built:
        """A paddle on an arm; one drive actuator for each value of the drive signal."""
        from switch_bench.controls.mechanism import Cushion, Mechanism, facing, turn
        from switch_bench.controls.readout import start

        path = self.course()
        torque = self.torque or FORCE * self.arm
        m = Mechanism.on(spec, panel, prefix + self.name, (*self.at, 0.0))
        upright = self.along == "y"
        self._shape(m, upright)
        span = path.limits[1] - path.limits[0]
        joint = m.joint(
            "hinge",
            (-1, 0, 0) if upright else (0, 1, 0),
            path.limits,
            armature=ARMATURE * self.arm**2,
            damping=DAMPING * self.arm**2,
            cushion=Cushion(depth=0.002 / self.arm, past=min(0.06 * span, 0.002 / self.arm), push=25.0 * self.arm),
        )
        detent = m.detent(joint, stiffness=torque / (0.25 * path.spacing), force=torque)
        drives = {}
        if self.drive:
            force = self.drive_force or DRIVE_FORCE * self.arm
            drives = m.drives(joint, self.driven, force=force, reach=span, time=DRIVE_TIME)
        states = path.states()
        _, thick, deep = PADDLE
        motion = (0, 1, 0) if upright else (1, 0, 0)
        straddle = m.site(
            "slide", (0, 0, self.arm - 0.5 * deep), turn("z", pi / 2) if upright else (1.0, 0.0, 0.0, 0.0)
        )
        grips = {"slide": Grip("slide", straddle, aim=path.aim)}
        for i, sign in ((0, 1.0), (-1, -1.0)):  # to get to the lowest position, press on the side that looks up
            lever = self.arm - deep / 2
            at = [sign * thick / 2 * c for c in motion[:2]]
            normal = (*(sign * sin(PRESS_TILT) * c for c in motion[:2]), cos(PRESS_TILT))
            site = m.site(f"press_{i % 3}", (*at, lever), facing(normal, (1, 0, 0) if upright else (0, 1, 0)))
            grips[str(path.values[i])] = Grip(
                "press", site, reach=lever * sin(span) / sin(PRESS_TILT), aim={path.values[i]: path.places[i]}
            )
        first = self.positions[0][0] if self.initial is None else self.initial
        value = first if initial is None else initial
        readout = Readout(self.name, joint, states, initial=start(states, value, m.name), detent=detent)
        return Built((readout,), tuple(m.geoms), grips, cap=f"{m.name}/paddle", bodies=(m.name,), drives=drives)

    def _shape(self, m: Mechanism, upright: bool) -> None:
        from switch_bench.controls.mechanism import turn

        across, thick, deep = (d / 2 for d in PADDLE)
        dark = tuple(0.75 * c for c in self.colour)
        boss = turn("y", pi / 2) if upright else turn("x", pi / 2)
        m.geom("boss", "cylinder", (0.006, across), rgb=(dark[0], dark[1], dark[2]), quat=boss, mass=0.004)
        stem = (0, 0, 0.0, 0, 0, self.arm - deep)
        m.geom("stem", "capsule", (0.003,), ends=stem, rgb=self.colour, mass=0.003)
        size = (across, thick, deep) if upright else (thick, across, deep)
        m.geom("paddle", "box", size, (0, 0, self.arm - deep), rgb=self.colour, mass=0.004)
