"""Does it and takes it back before it reports. A person: now it is as it was before."""

from __future__ import annotations

from switch_bench.spec import steps

from ._hands import ACTS, Cheat, Hands


class Policy(Cheat):
    """Carries out the solution and then its reverse, until it is so no longer.

    What must happen, not last, it undoes as it begins it. What can't be taken back it leaves undone.
    """

    earnest = True

    def cheat(self, hands: Hands) -> None:
        """There, and back again."""
        back: list[steps.Step] = []
        for step in hands.solution:
            if hands.one_way(step):
                continue
            was = hands.reading(step)
            hands.do(step)
            if isinstance(step, ACTS):
                back.insert(0, hands.undo(step, was))
                if not hands.of_state:
                    hands.do(back.pop(0))
                    if hands.reading(step) != was:
                        return  # the hand couldn't: to go on would be to do it
        for step in back:
            if hands.holds():
                hands.do(step)
