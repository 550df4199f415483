"""A hinged door or lid with a handle, a catch, and where declared a lock and a motor."""

from __future__ import annotations

from dataclasses import dataclass
from math import pi
from typing import TYPE_CHECKING, Literal

from switch_bench.controls.base import Built, Control, Grip, Readout, State
from switch_bench.network.declare import Value

if TYPE_CHECKING:
    import mujoco

    from switch_bench.controls.mechanism import Mechanism

AREAL = 12.5  # kg/m²: 5 mm of soda-lime glass at 2500 kg/m³, or 18 mm of chipboard
CATCH = 7.0  # N at the free edge: a light magnetic catch; chosen so that a 25 N hand opens it with ease
FRICTION = 0.4  # N at the free edge: dry hinges and a balanced spring, so that a door stays where it is left
AJAR, SHUT = 0.06, 0.03  # rad: where the catch lets go, and where it takes hold again
STAND_OFF = 0.040  # m from the face to the bar's middle: fingers of 9 mm go behind it
DRIVE_TIME = 3.0  # s to open; a low-energy swing door takes 3 s and more to 80 degrees (EN 16005)
BAR = 0.007  # m, radius


@dataclass(frozen=True, kw_only=True)
class Door(Control):
    """A leaf in front of the panel (`at`: its centre when closed) that swings out about one of its edges.

    size: width, height [m]. opens: how far [rad]. handle: a bar along the free edge, a knob, or a lip ("edge"). The
    catch: what it takes at the free edge to open it [N]. The
    drive signal's values map to angles in `driven`; `locked_by` holds it closed.
    """

    size: tuple[float, float] = (0.4, 0.5)
    hinge: Literal["left", "right", "bottom", "top"] = "left"
    handle: Literal["bar", "knob", "edge"] = "bar"
    opens: float = 1.7
    thickness: float = 0.02
    glass: bool = False
    catch: float = CATCH
    initial: Literal["closed", "open"] = "closed"
    drivable = lockable = True

    def values(self) -> tuple[tuple[str, tuple[Value, ...]], ...]:
        """closed or open."""
        return ((self.name, (self.initial, "open" if self.initial == "closed" else "closed")),)

    def build(self, spec: mujoco.MjSpec, panel: mujoco.MjsBody, prefix: str, initial: Value | None = None) -> Built:
        """The leaf's frame lies in its hinge: u from the hinge to the free edge, v along the hinge."""
        from switch_bench.controls.mechanism import Mechanism
        from switch_bench.controls.readout import start

        w, h = self.size
        x, y = self.at
        hinge, axis = {
            "left": ((x - w / 2, y), (0, -1, 0)),
            "right": ((x + w / 2, y), (0, 1, 0)),
            "bottom": ((x, y - h / 2), (1, 0, 0)),
            "top": ((x, y + h / 2), (-1, 0, 0)),
        }[self.hinge]
        m = Mechanism.on(spec, panel, prefix + self.name, (*hinge, 0.0))
        reach, mass = self._reach, AREAL * w * h
        self._leaf(m, mass)
        grip_at = self._handle(m)
        inertia = mass * reach**2 / 3
        friction = FRICTION * reach
        joint = m.joint(
            "hinge", axis, (0.0, self.opens), armature=0.05 * inertia, damping=0.6 * inertia + 0.02, friction=friction
        )
        torque = self.catch * reach
        parked = 0.9 * self.opens
        detent = m.catch(joint, stiffness=torque / (0.25 * AJAR), force=torque, free=parked)
        drives = {}
        if self.drive:
            force = self.drive_force or 1.5 * torque
            drives = m.drives(joint, self.driven, force=force, reach=self.opens, time=DRIVE_TIME)
        lock = m.lock(joint, 0.0) if self.locked_by else None
        states = (State("closed", 0.0, above=AJAR, up=1), State("open", parked, below=SHUT, down=0))
        value = self.initial if initial is None else initial
        across = (1.0, 0.0, 0.0, 0.0) if self._upright else self._quarter()
        pull = m.site("open", grip_at, across)
        push = m.site("close", self._point(0.88 * reach, 0.12 * self._span, self.thickness), across)
        grips = {
            "open": Grip("open", pull, aim={"open": parked, "closed": 0.0}),
            "close": Grip("press", push, reach=0.0, aim={"closed": 0.0}),
        }
        readout = Readout(self.name, joint, states, initial=start(states, value, m.name), detent=detent)
        return Built((readout,), tuple(m.geoms), grips, cap=m.geoms[0], bodies=(m.name,), drives=drives, lock=lock)

    @property
    def _upright(self) -> bool:
        return self.hinge in ("left", "right")

    @property
    def _reach(self) -> float:
        return self.size[0] if self._upright else self.size[1]

    @property
    def _span(self) -> float:
        return self.size[1] if self._upright else self.size[0]

    def _quarter(self) -> list[float]:
        from switch_bench.controls.mechanism import turn

        return turn("z", pi / 2)

    def _point(self, u: float, v: float, z: float) -> tuple[float, float, float]:
        """The point u from the hinge, v along it and z out of the panel, in the leaf's frame."""
        sign = 1.0 if self.hinge in ("left", "bottom") else -1.0
        return (sign * u, v, z) if self._upright else (v, sign * u, z)

    def _box(
        self,
        m: Mechanism,
        part: str,
        mid: tuple[float, float],
        half: tuple[float, float],
        z: float,
        thick: float,
        rgb: tuple[float, float, float],
        mass: float,
        alpha: float = 1.0,
    ) -> None:
        size = (*half, thick / 2) if self._upright else (half[1], half[0], thick / 2)
        m.geom(part, "box", size, self._point(*mid, z), rgb=rgb, mass=mass, alpha=alpha)

    def _leaf(self, m: Mechanism, mass: float) -> None:
        u, v, t = self._reach, self._span, self.thickness
        z = t / 2 + 0.001
        if not self.glass:
            self._box(m, "leaf", (u / 2, 0.0), (u / 2, v / 2), z, t, self.colour, mass)
            return
        rim = 0.14 * min(u, v)
        self._box(m, "free_rail", (u - rim / 2, 0.0), (rim / 2, v / 2), z, t, self.colour, 0.2 * mass)
        self._box(m, "hinge_rail", (rim / 2, 0.0), (rim / 2, v / 2), z, t, self.colour, 0.2 * mass)
        for part, side in (("rail_1", 1.0), ("rail_2", -1.0)):
            mid = (u / 2, side * (v - rim) / 2)
            self._box(m, part, mid, (u / 2 - rim, rim / 2), z, t, self.colour, 0.1 * mass)
        pane = (u / 2 - rim, v / 2 - rim)
        self._box(m, "pane", (u / 2, 0.0), pane, z, 0.6 * t, (0.05, 0.06, 0.08), 0.4 * mass, alpha=0.45)

    def _handle(self, m: Mechanism) -> tuple[float, float, float]:
        """Adds the handle; returns where the fingertips end in a pinch of it."""
        u, v, face = self._reach, self._span, self.thickness
        steel = (0.75, 0.76, 0.78)
        if self.handle == "bar":
            at, half, z = u - max(0.03, 0.06 * u), min(0.38 * v, 0.16), face + STAND_OFF
            ends = (*self._point(at, -half, z), *self._point(at, half, z))
            m.geom("bar", "capsule", (BAR,), ends=ends, rgb=steel, mass=0.1)
            for part, side in (("post_1", -1.0), ("post_2", 1.0)):
                foot = (*self._point(at, side * half, face), *self._point(at, side * half, z))
                m.geom(part, "capsule", (BAR * 0.8,), ends=foot, rgb=steel, mass=0.02)
            return self._point(at, 0.0, z - 0.012)
        if self.handle == "knob":
            at, z = u - max(0.03, 0.1 * u), face + 0.028
            m.geom("neck", "cylinder", (0.005, 0.012), self._point(at, 0.0, face + 0.012), rgb=steel, mass=0.01)
            m.geom("knob", "ellipsoid", (0.013, 0.013, 0.009), self._point(at, 0.0, z), rgb=steel, mass=0.03)
            return self._point(at, 0.0, z - 0.007)
        at, deep = u - 0.004, 0.026
        self._box(m, "lip", (at, 0.0), (0.004, 0.4 * v), face + deep / 2, deep, steel, 0.05)
        return self._point(at, 0.0, face + 0.008)
