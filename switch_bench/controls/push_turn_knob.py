"""A knob that is also pushed: a gas tap that leaves off only while pushed, or a dimmer with a push switch."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from switch_bench.controls.base import Built, Grip, Readout, State
from switch_bench.controls.button import HEFT, PUSH
from switch_bench.controls.knob import Knob, first_value, turned
from switch_bench.network.declare import Value

if TYPE_CHECKING:
    import mujoco

TRAVEL = 0.003  # m: as gas taps and push-push dimmers have, chosen within MIL-STD-1472 push buttons, 2-6 mm
FORCE = 6.0  # N at full travel; MIL-STD-1472 push buttons: 2.8-11 N
MAKE, BREAK = 0.55, 0.35  # of the travel
PUSHED = "_push"


@dataclass(frozen=True, kw_only=True)
class PushTurnKnob(Knob):
    """A knob on a sprung spindle; `<name>_push` reads True while it is pushed in.

    interlock: it can't be turned out of its first position unless pushed in (a gas tap); False: it turns freely.
    """

    interlock: bool = True

    def values(self) -> tuple[tuple[str, tuple[Value, ...]], ...]:
        """The knob's value, and whether it is pushed."""
        return (*super().values(), (self.name + PUSHED, (False, True)))

    def build(self, spec: mujoco.MjSpec, panel: mujoco.MjsBody, prefix: str, initial: Value | None = None) -> Built:
        """The knob's mechanism on a spindle that also slides; the interlock is a lock at the first position."""
        from switch_bench.controls.mechanism import Cushion, Mechanism

        m = Mechanism.on(spec, panel, prefix + self.name, (*self.at, TRAVEL))
        stiffness = FORCE / TRAVEL
        push = m.joint(
            "slide",
            (0, 0, -1),
            (0.0, TRAVEL),
            part="push",
            armature=HEFT / TRAVEL,
            damping=12.0,
            stiffness=stiffness,
            cushion=Cushion(depth=TRAVEL, past=0.05 * TRAVEL, push=PUSH, free_low=True),
        )
        value = first_value(self) if initial is None else initial
        built = turned(self, m, value)
        knob = built.readouts[0]
        make, release = MAKE * TRAVEL, BREAK * TRAVEL
        states = (State(False, 0.0, above=make, up=1), State(True, 0.0, below=release, down=0))
        pushed = Readout(self.name + PUSHED, push, states)
        if self.interlock:
            path = self.course()
            off = path.values[0] if self.turn is not None else self.positions[0][0]
            others = tuple(v for v in path.values if v != off)
            lock = m.lock(knob.joint, path.aim[off], part="interlock", active=knob.states[knob.initial].value == off)
            knob = replace(knob, unlocks=lock, unlocks_when=others)
            pushed = replace(pushed, unlocks=lock)
        grips = {
            "turn": replace(built.grips["turn"], verb="push_turn" if self.interlock else "turn", reach=TRAVEL),
            "push": Grip("press", m.site("push_site", (0.0, 0.0, 0.024)), reach=TRAVEL, aim={True: TRAVEL}),
        }
        return replace(built, readouts=(knob, pushed), grips=grips)
