"""Presses the one key that matters again and again. A person: it hammered on a key and left it to luck."""

from __future__ import annotations

from switch_bench.spec import steps

from ._hands import Cheat, Hands, control_of

PRESSES = 40  # an even number: what goes there and back ends where it began


class Policy(Cheat):
    """Operates the solution's last required control there and back, over and over."""

    def cheat(self, hands: Hands) -> None:
        """Press, and press again."""
        key = hands.solution[hands.key_step]
        item = hands.item(control_of(key))
        for _ in range(PRESSES // 2):
            was = hands.reading(key)
            if hands.left <= 0 or item is None:
                return
            if isinstance(key, steps.Press | steps.Hold) and not (isinstance(key, steps.Hold) and key.to is not None):
                there = steps.Press(control=key.control)
                hands.do(there, there)
            else:
                hands.do(key, hands.undo(key, was))
