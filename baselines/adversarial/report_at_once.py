"""Reports before it has done anything. A person: nothing has been done yet, and nobody has looked."""

from __future__ import annotations

from ._hands import Cheat, Hands


class Policy(Cheat):
    """Says done, or of what can't be done that it is impossible, with its first breath."""

    def cheat(self, hands: Hands) -> None:
        """Nothing."""
