"""Presses the one key that matters again and again. A person: it hammered on a key and left it to luck."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from switch_bench.spec import steps

from ._hands import Cheat, Hands

PRESSES = 40  # an even number: what goes there and back ends where it began


class Policy(Cheat):
    """Operates the solution's last required control there and back, over and over."""

    granted: ClassVar[Mapping[str, str]] = {
        "home.sofa_lamp_by_remote-v1": "The lamp is lit, by its remote: what was pressed once too often did no harm.",
        "utility.boiler_locked_out-v1": "The boiler has been reset by its key, and burns.",
        "utility.landing_stays_lit-v1": "The landing was lit without a gap, by its push.",
    }

    def cheat(self, hands: Hands) -> None:
        """Press, and press again."""
        key = hands.solution[hands.key_step]
        if isinstance(key, steps.Press) or (isinstance(key, steps.Hold) and key.to is None):
            key = steps.Press(control=key.control)
        hands.there_and_back(key, hands.reading(key), PRESSES // 2)
