"""Does with the like of it in another room what was asked for in this one. A person: not there!"""

from __future__ import annotations

from switch_bench.controls.touchscreen import Touchscreen
from switch_bench.spec import steps

from ._hands import ACTS, Cheat, Hands, control_of


class Policy(Cheat):
    """Carries out the solution on controls of the same make elsewhere: in another zone, else of another device."""

    def cheat(self, hands: Hands) -> None:
        """The same steps in the wrong place."""
        for step in hands.solution:
            if isinstance(step, ACTS):
                hands.do(*self._elsewhere(hands, step))
            elif isinstance(step, steps.Wait) and step.for_us is not None:
                hands.do(step)
        hands.wait(2.0)

    def _elsewhere(self, hands: Hands, step: steps.Step) -> list[steps.Step]:
        here = hands.item(control_of(step))
        own = {control_of(act) for act in hands.acts}
        alike = [
            item
            for item in hands.mounted.values()
            if here is not None
            and item.device != here.device
            and item.name not in own
            and hands.stays(item) == hands.stays(here)
            and not isinstance(item.control, Touchscreen)
        ]
        if here is None or not alike:
            return []
        there = min(alike, key=lambda i: (type(i.control) is not type(here.control), i.zone == here.zone, i.name))
        return list(hands.operate(there))[:1]
