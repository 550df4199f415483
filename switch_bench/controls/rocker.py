"""A rocker switch: press the half that stands up, and the other half comes up."""

from __future__ import annotations

from dataclasses import dataclass
from math import pi, sin
from typing import TYPE_CHECKING, Literal

from switch_bench.controls.base import Built, Control, Grip, Readout, State
from switch_bench.network.declare import Value

if TYPE_CHECKING:
    import mujoco

ANGLE = 0.12  # rad from the middle to either stop: 14 degrees in all, 3.7 mm at FORCE; MIL-STD-1472 asks 3 mm or more
FORCE = 3.5  # N at two thirds of a half's length; MIL-STD-1472 rockers: 2.8-11 N
PUSH = 25.0  # N: the hardest a hand pushes
THICK = 0.007  # m
PROUD = 0.002  # m that the pressed half stays above the panel
MAKE = 0.1  # of ANGLE past the middle: the contacts snap over


@dataclass(frozen=True, kw_only=True)
class Rocker(Control):
    """A two-position rocker; reads True while the half named by `on` is pressed in. size: width, height [m]."""

    size: tuple[float, float] = (0.024, 0.046)
    on: Literal["top", "bottom", "left", "right"] = "top"
    initial: bool = False

    def values(self) -> tuple[tuple[str, tuple[Value, ...]], ...]:
        """One bool."""
        return ((self.name, (self.initial, not self.initial)),)

    def build(self, spec: mujoco.MjSpec, panel: mujoco.MjsBody, prefix: str, initial: Value | None = None) -> Built:
        """Two plates in a shallow V about a hinge in the panel's plane; the pressed one lies flush."""
        from switch_bench.controls.mechanism import Cushion, Mechanism, turn
        from switch_bench.controls.readout import start

        upright = self.on in ("top", "bottom")
        half = self.size[1] / 2 if upright else self.size[0] / 2
        side = self.size[0] / 2 if upright else self.size[1] / 2
        lever = 0.67 * half
        m = Mechanism.on(spec, panel, prefix + self.name, (*self.at, PROUD))
        for part, sign in (("far", 1.0), ("near", -1.0)):  # far: top or right
            mid = (sign * half / 2, half / 2 * sin(ANGLE) - THICK / 2)
            at = (0.0, mid[0], mid[1]) if upright else (mid[0], 0.0, mid[1])
            size = (side, half / 2, THICK / 2) if upright else (half / 2, side, THICK / 2)
            quat = turn("x", sign * ANGLE) if upright else turn("y", -sign * ANGLE)
            m.geom(part, "box", size, at, rgb=self.colour, quat=quat, mass=0.004)
        axis = {"top": (-1, 0, 0), "bottom": (1, 0, 0), "right": (0, 1, 0), "left": (0, -1, 0)}[self.on]
        cushion = Cushion(depth=0.8 * ANGLE, past=0.12 * ANGLE, push=PUSH * lever)
        joint = m.joint("hinge", axis, (-ANGLE, ANGLE), armature=1.2e-4, damping=5e-3, cushion=cushion)
        torque = FORCE * lever
        detent = m.detent(joint, stiffness=torque / (0.15 * ANGLE), force=torque)
        cap = m.geoms[0] if self.on in ("top", "right") else m.geoms[1]
        states = (
            State(False, -ANGLE, above=MAKE * ANGLE, up=1),
            State(True, ANGLE, below=-MAKE * ANGLE, down=0),
        )
        aim: dict[Value, float] = {False: -ANGLE, True: ANGLE}
        grips = {}
        for name, far in (("on", self.on in ("top", "right")), ("off", self.on in ("bottom", "left"))):
            sign = 1.0 if far else -1.0
            height = lever * sin(ANGLE)
            at = (0.0, sign * lever, height) if upright else (sign * lever, 0.0, height)
            quat = (1.0, 0.0, 0.0, 0.0) if upright else turn("z", pi / 2)
            site = m.site(name, at, quat)
            grips[name] = Grip("press", site, reach=2 * ANGLE * lever, aim={name == "on": aim[name == "on"]})
        value = self.initial if initial is None else initial
        readout = Readout(self.name, joint, states, initial=start(states, value, m.name), detent=detent)
        return Built((readout,), tuple(m.geoms), grips, cap=cap, bodies=(m.name,))
