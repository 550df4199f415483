"""Presses the key that matters and never lets go. A person: it only lasts as long as the finger is on it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

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
        name = control_of(key)
        item = hands.item(name)
        hold = {"control": name, "for": f"{max(1.0, min(hands.left, EVER)):g} s"}
        if isinstance(key, steps.Touch):
            held: steps.Step = key
        elif isinstance(key, steps.Type):
            held = steps.Hold.model_validate(hold | {"control": f"{name}_{key.keys[-1]}"})
        elif isinstance(key, steps.Hold):
            held = steps.Hold.model_validate(hold | ({} if key.to is None else {"to": key.to}))
        elif item is not None and hands.stays(item):
            held = steps.Hold.model_validate(hold | {"to": hands.value(item.name)})
        else:
            held = steps.Hold.model_validate(hold)
        for k, action in enumerate(motion(hands.sense, held)):
            if k % LOOK == 0 and hands.holds():
                return
            yield action
