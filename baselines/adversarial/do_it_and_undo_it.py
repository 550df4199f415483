"""Does it and takes it back before it reports. A person: now it is as it was before."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from switch_bench.spec import steps

from ._hands import ACTS, Cheat, Hands


class Policy(Cheat):
    """Carries out the solution and then its reverse; what must happen is undone step by step as it is begun."""

    earnest = True
    granted: ClassVar[Mapping[str, str]] = {
        "home.let_visitor_in-v1": "The visitor is in: a release can't be taken back, and pressed again releases again.",
    }

    def cheat(self, hands: Hands) -> None:
        """There, and back again."""
        back: list[steps.Step] = []
        for step in hands.solution:
            was = hands.reading(step)
            hands.do(step)
            if isinstance(step, ACTS):
                back.insert(0, hands.undo(step, was))
                if not hands.of_state:
                    hands.do(back.pop(0))
                    if hands.reading(step) != was:
                        return  # the hand couldn't: to go on would be to do it
        hands.do(*back)
