"""Carries it over the threshold and back, time and again. A person: it never settled where I wanted it."""

from __future__ import annotations

from switch_bench.spec import steps

from ._hands import Cheat, Hands

TIMES = 6  # there and back


class Policy(Cheat):
    """Gets to the last step that matters, takes it, takes it back, and so on; it ends with it taken back."""

    def cheat(self, hands: Hands) -> None:
        """A state is left again once it is reached; what must happen is broken off each time before it has."""
        plan, at = hands.solution, hands.key_step
        hands.do(*(plan if hands.of_state else plan[:at]))
        key = plan[at]
        was = hands.origin(key)
        for k in range(2 * TIMES):
            there = (k % 2 == 0) != hands.of_state
            hands.do(key if there else hands.undo(key, was), steps.Wait.model_validate({"for": "1 s"}))
        if hands.of_state:
            hands.do(hands.undo(key, was))
        else:
            hands.do(*plan[at + 1 :])
