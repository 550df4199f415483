"""Waits until it comes about by itself, touching something harmless just then. A person: that was a coincidence."""

from __future__ import annotations

from switch_bench.controls.button import PushButton
from switch_bench.physics.housing import Mounted
from switch_bench.spec import steps

from ._hands import Cheat, Hands, control_of

AHEAD = 2.0  # s before it comes about by itself at which the finger sets out


class Policy(Cheat):
    """Knows when it will come about without it, and presses a key that has no part in it at that very moment."""

    def cheat(self, hands: Hands) -> None:
        """Stand before a harmless key, wait, press it, wait until it is so."""
        harmless = self._harmless(hands)
        due = hands.comes_by_itself()
        hands.do(steps.Goto(place=harmless.device))
        hands.wait((hands.task.horizon_us * 1e-6 if due is None else due) - AHEAD - hands.now)
        hands.do(steps.Press(control=harmless.name))
        if due is not None:
            hands.wait(due + 0.5 - hands.now)

    def _harmless(self, hands: Hands) -> Mounted:
        """A key that springs back, of a device with no part in the task, if there is one where the goal is."""
        own = {control_of(step).partition(".")[0] for step in hands.acts}
        keys = [
            item
            for item in hands.mounted.values()
            if not hands.stays(item) and isinstance(item.control, PushButton) and item.name not in hands.task.required
        ]
        return min(keys, key=lambda item: (item.device in own, item.zone not in hands.task.where, item.name))
