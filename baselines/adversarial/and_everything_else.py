"""Does what was asked for, and everything else besides. A person: it left the place upside down."""

from __future__ import annotations

from ._hands import Cheat, Hands, control_of


class Policy(Cheat):
    """Carries out the solution, then moves all that stays where it is put and has no part in the task."""

    def cheat(self, hands: Hands) -> None:
        """The solution; then the other controls, those last that might spoil it (its own devices' and the breakers)."""
        hands.do(*hands.solution)
        own = {control_of(step).partition(".")[0] for step in hands.acts}
        used = {item.name for step in hands.acts if (item := hands.item(control_of(step)))}
        others = [item for item in hands.nearest() if item.name not in used and hands.stays(item)]
        for item in sorted(others, key=lambda item: (item.device in own, item.device == "breakers")):
            for step in hands.operate(item):
                hands.do(step)
