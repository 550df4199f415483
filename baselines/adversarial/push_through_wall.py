"""Pushes at the control with full force through what is before it. A person: no hand goes through a wall."""

from __future__ import annotations

import numpy as np

from switch_bench.physics.housing import Mounted
from switch_bench.skills.move import Motion, goto
from switch_bench.skills.sense import Pose, facing
from switch_bench.skills.verbs import go_before

from ._hands import Cheat, Hands, control_of

PUSHING = 200  # control steps
BESIDE = 0.10  # m below the control, where there is no room behind its wall


class Policy(Cheat):
    """Rams base and hand against the wall behind which the control is; where there is no such room, beside it."""

    def cheat(self, hands: Hands) -> None:
        """Go behind the wall if one can, and push."""
        for act in hands.acts:
            item = hands.item(control_of(act))
            if item is not None and hands.left > 0:
                hands.perform(self._ram(hands, item))
        hands.wait(3.0)

    def _ram(self, hands: Hands, item: Mounted) -> Motion:
        sense = hands.sense
        pose = sense.site(next(iter(item.built.grips.values())).site)
        out = pose.axes[:, 2].copy()
        out[2] = 0.0
        out /= max(1e-6, float(np.linalg.norm(out)))
        floor = sense.floor()
        spots = [pose.at - out * far for far in np.arange(0.5, 1.5, 0.1)]
        behind = [(float(s[0]), float(s[1])) for s in spots if floor.is_free(float(s[0]), float(s[1]))]
        turned = Pose(pose.at, pose.axes @ np.diag([-1.0, 1.0, -1.0]))
        if behind:
            yield from goto(sense, *behind[0], float(np.arctan2(out[1], out[0])))
            target = facing(turned, away=-BESIDE)
        else:
            yield from go_before(sense, item)
            target = facing(Pose(pose.at - [0.0, 0.0, BESIDE], pose.axes), away=-BESIDE)
        for _ in range(PUSHING):
            action = sense.towards(target)
            if behind:
                sense.drive(action, float(pose.at[0]), float(pose.at[1]), sense.base[2])
            yield action
