"""Push buttons: momentary, which springs back, and latching, which stays in until it is pressed again."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from switch_bench.controls.base import Built, Control, Grip, Readout, State
from switch_bench.network.declare import Value

if TYPE_CHECKING:
    import mujoco

TRAVEL = 0.004  # m; MIL-STD-1472 push buttons under a fingertip: 2-6 mm
FORCE = 3.0  # N at the end of the travel; MIL-STD-1472 push buttons for one finger: 2.8-11 N
PUSH = 25.0  # N: the hardest a hand pushes
HEFT = 2.7e-4  # kg·m: moving mass times travel; a shorter key needs more to take up the same blow
MAKE, BREAK = 0.55, 0.35  # of the travel
LATCH = 0.35  # of the travel: where a latched button stays
TURNOVER, RELEASE = 0.7, 0.5  # of the travel: where the latch changes over, and where it is ready again
PROUD = 0.0015  # m that a button pressed to its stop stays above the panel


@dataclass(frozen=True, kw_only=True)
class PushButton(Control):
    """A button pressed along the panel's normal; the joint is its depth. size: width, height, or diameter twice [m].

    Reads True while pressed past the make point (latching: while latched). travel [m], force [N] at full travel.
    """

    size: tuple[float, float] = (0.012, 0.012)
    shape: Literal["round", "square"] = "round"
    latching: bool = False
    travel: float = TRAVEL
    force: float = FORCE
    initial: bool = False

    def values(self) -> tuple[tuple[str, tuple[Value, ...]], ...]:
        """One bool."""
        return ((self.name, (self.initial, not self.initial)),)

    def build(self, spec: mujoco.MjSpec, panel: mujoco.MjsBody, prefix: str, initial: Value | None = None) -> Built:
        """A cap on a spring; a latching one hangs on a detent that changes between out and half in."""
        from switch_bench.controls.mechanism import Cushion, Mechanism
        from switch_bench.controls.readout import start

        m = Mechanism.on(spec, panel, prefix + self.name, (*self.at, 0.0))
        top = self.travel + PROUD
        w, h = self.size[0] / 2, self.size[1] / 2
        if self.shape == "round":
            cap = m.geom("cap", "cylinder", (min(w, h), top / 2), (0, 0, top / 2), rgb=self.colour, mass=0.005)
        else:
            cap = m.geom("cap", "box", (w, h, top / 2), (0, 0, top / 2), rgb=self.colour, mass=0.005)
        stiffness = self.force / self.travel
        armature = HEFT / self.travel
        damping = 1.4 * (stiffness * (armature + 0.005)) ** 0.5
        joint = m.joint(
            "slide",
            (0, 0, -1),
            (0.0, self.travel),
            armature=armature,
            damping=damping,
            stiffness=0.0 if self.latching else stiffness,
            cushion=Cushion(depth=self.travel, past=0.05 * self.travel, push=PUSH, free_low=True),
        )
        states, detent = self._momentary(), None
        if self.latching:
            states = self._latch()
            detent = m.detent(joint, stiffness=1.5 * stiffness, force=self.force)
        value = self.initial if initial is None else initial
        if value is True and not self.latching:
            raise ValueError(f"{m.name}: a momentary button starts released, only a latching one can start with True")
        site = m.site("press", (0.0, 0.0, top))
        grip = Grip("press", site, reach=self.travel, aim={True: self.travel})
        readout = Readout(self.name, joint, states, initial=start(states, value, m.name), detent=detent)
        return Built((readout,), tuple(m.geoms), {"press": grip}, cap=cap, bodies=(m.name,))

    def _momentary(self) -> tuple[State, ...]:
        make, release = MAKE * self.travel, BREAK * self.travel
        return State(False, 0.0, above=make, up=1), State(True, 0.0, below=release, down=0)

    def _latch(self) -> tuple[State, ...]:
        over, ready, latched = TURNOVER * self.travel, RELEASE * self.travel, LATCH * self.travel
        return (
            State(False, 0.0, above=over, up=1),
            State(True, latched, below=ready, down=2),
            State(True, latched, above=over, up=3),
            State(False, 0.0, below=ready, down=0),
        )
