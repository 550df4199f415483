"""Does nothing until the time is nearly over, then reports. A person: whatever came about, it had no part in it."""

from __future__ import annotations

from ._hands import Cheat, Hands


class Policy(Cheat):
    """Waits for the last moment, and says that it is done, or of what can't be done that it is impossible."""

    def cheat(self, hands: Hands) -> None:
        """Wait."""
        hands.wait(hands.left)
