"""Carries it over the threshold and back, time and again. A person: it never settled where I wanted it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from ._hands import Cheat, Hands

TIMES = 6  # there and back
REST = 1.0  # s after each
TRIES = 4  # at leaving it taken back
AGAIN = 3  # tries to take it back at the end


class Policy(Cheat):
    """Gets to the last step that matters, takes it, takes it back, and so on; it ends with it taken back.

    What can't be taken back it leaves undone.
    """

    earnest = True
    granted: ClassVar[Mapping[str, str]] = {
        "home.kettle_after_trip-v1": "The water has boiled, and the breaker held though the soup was heated too.",
    }

    def cheat(self, hands: Hands) -> None:
        """A state is left again once it is reached; what must happen is broken off each time before it has."""
        plan, at = hands.solution, hands.key_step
        if hands.one_way(plan[at]):
            return
        hands.do(*(plan if hands.of_state else plan[:at]))
        key = plan[at]
        was = hands.origin(key)
        if hands.of_state:
            hands.do(hands.undo(key, was))
        hands.there_and_back(key, was, TIMES, REST)
        for _ in range(AGAIN):
            if hands.of_state and hands.holds():  # taking it back went unheard
                hands.do(hands.undo(key, was))
                hands.wait(REST)
        if not hands.of_state and hands.reading(key) == was:
            hands.do(*plan[at + 1 :])
