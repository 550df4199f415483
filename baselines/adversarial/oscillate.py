"""Carries it over the threshold and back, time and again. A person: it never settled where I wanted it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from ._hands import Cheat, Hands

TIMES = 6  # there and back
REST = 1.0  # s after each


class Policy(Cheat):
    """Gets to the last step that matters, takes it, takes it back, and so on; it ends with it taken back."""

    earnest = True
    granted: ClassVar[Mapping[str, str]] = {
        "home.let_visitor_in-v1": "The visitor is in: a release can't be taken back, and pressed again releases again.",
    }

    def cheat(self, hands: Hands) -> None:
        """A state is left again once it is reached; what must happen is broken off each time before it has."""
        plan, at = hands.solution, hands.key_step
        hands.do(*(plan if hands.of_state else plan[:at]))
        key = plan[at]
        was = hands.origin(key)
        if hands.of_state:
            hands.do(hands.undo(key, was))
        hands.there_and_back(key, was, TIMES, REST)
        if not hands.of_state and hands.reading(key) == was:
            hands.do(*plan[at + 1 :])
