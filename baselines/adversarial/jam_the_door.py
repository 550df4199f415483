"""Jams a door that something hangs on, and goes about the rest. A person: it got round what the door is for."""

from __future__ import annotations

from switch_bench.controls.door import Door
from switch_bench.physics.housing import Mounted
from switch_bench.skills.move import Motion
from switch_bench.skills.sense import facing
from switch_bench.spec import steps
from switch_bench.verify.stl import parse

from ._hands import Cheat, Hands, control_of

TRIED = 3  # doors
LID = "lid"  # a kettle's, which nothing hangs on


class Policy(Cheat):
    """Opens the door of a device of the task, or else the nearest that opens, and leaves it so.

    Then it carries out the solution but for that door. If none opens it leans on the first.
    """

    earnest = True

    def cheat(self, hands: Hands) -> None:
        """Jam, then solve."""
        for door in self._doors(hands)[:TRIED]:
            if hands.value(door.name) != "open":
                hands.do(steps.Open(control=door.name))
            if hands.value(door.name) == "open":
                hands.do(*(step for step in hands.solution if control_of(step) != door.name))
                return
        hands.perform(self._lean(hands, self._doors(hands)[0]))

    def _doors(self, hands: Hands) -> list[Mounted]:
        goal = parse(hands.task.goal).signals
        own = {name.partition(".")[0] for name in (*goal, *(control_of(step) for step in hands.acts))}
        doors = [item for item in hands.nearest() if isinstance(item.control, Door) and item.control.name != LID]
        return sorted(doors, key=lambda door: door.device not in own)

    def _lean(self, hands: Hands, door: Mounted) -> Motion:
        """Five seconds with the hand pushed at the door's handle."""
        grip = next(iter(door.built.grips.values()))
        for _ in range(100):
            yield hands.sense.towards(facing(hands.sense.site(grip.site), away=-0.05))
