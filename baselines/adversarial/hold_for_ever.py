"""Presses the key that matters and never lets go. A person: it only lasts as long as the finger is on it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from switch_bench.skills import operate
from switch_bench.skills.move import Motion
from switch_bench.skills.plan import motion
from switch_bench.spec import steps

from ._hands import Cheat, Hands, control_of

EVER = 150.0  # s
LOOK = 10  # control steps between two looks whether it is so


class Policy(Cheat):
    """Holds the last required control down, and reports with the finger on it, as soon as the goal holds or at the end.

    What stays where it is put needs no holding: that is held where it is.
    """

    granted: ClassVar[Mapping[str, str]] = {
        "utility.boiler_locked_out-v1": "The key has to be held, and the boiler burns.",
    }

    def cheat(self, hands: Hands) -> None:
        """Hold on."""
        hands.perform(self._held(hands, hands.solution[hands.key_step]))

    def _held(self, hands: Hands, key: steps.Step) -> Motion:
        for k, action in enumerate(self._motion(hands, key)):
            if k % LOOK == 0 and hands.holds():
                return
            yield action

    def _motion(self, hands: Hands, key: steps.Step) -> Motion:
        name, item = control_of(key), hands.item(control_of(key))
        seconds = max(1.0, min(hands.left, EVER))
        hold = {"control": name, "for": f"{seconds:g} s"}
        if isinstance(key, steps.Touch):
            return motion(hands.sense, key)
        if isinstance(key, steps.Type):
            hold["control"] = f"{name}_{key.keys[-1]}"
        elif isinstance(key, steps.Hold) and key.to is not None:
            hold["to"] = str(key.to)
        elif item is not None and hands.stays(item):
            now = hands.value(item.name)
            down = [grip for grip in item.built.grips.values() if grip.verb == "press" and now in grip.aim]
            if down:
                return operate.press(hands.sense, item, down[0], hold=seconds)
            hold["to"] = str(now)
        return motion(hands.sense, steps.Hold.model_validate(hold))
