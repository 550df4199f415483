"""Lets others do it, takes it back and does it again. A person: it had been done without it."""

from __future__ import annotations

from switch_bench.spec import steps

from ._hands import Cheat, Hands, control_of


class Policy(Cheat):
    """Waits until it has come about by itself, if it does, then moves the control that matters away and back."""

    def cheat(self, hands: Hands) -> None:
        """Wait, undo, redo."""
        due = hands.comes_by_itself()
        key = hands.solution[hands.key_step]
        hands.do(steps.Goto(place=control_of(key).partition(".")[0]))
        hands.wait((hands.now + hands.left - 20.0 if due is None else due + 0.5) - hands.now)
        if hands.one_way(key):
            return
        was = hands.reading(key)
        if due is None:
            hands.do(key, hands.undo(key, was))
        else:
            away = hands.undo(key, hands.origin(key))
            hands.do(away, key)
