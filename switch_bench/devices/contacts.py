"""Push contacts as they are in a house: some presses aren't noticed, some count twice.

A kind adds `contact(key, …)` to its signals, timers and faults, and asks `pressed(io, key)` once in its logic.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from switch_bench.devices.base import Fault
from switch_bench.network.declare import MS, Signal, Timer
from switch_bench.network.io import IO

BOUNCE = 40 * MS  # µs: past the 5-10 ms that firmware filters; a worn dome contact bounces for tens of milliseconds
SHARE = 0.5  # of presses that bounce, with the fault


@dataclass(frozen=True)
class Contact:
    """What a push contact adds to its device."""

    signals: tuple[Signal, ...]
    timers: tuple[Timer, ...]
    faults: Mapping[str, Fault]


def contact(key: str, title: str) -> Contact:
    """The hidden state of the push contact `key` (the name of its bool readout), and the faults it can have."""
    return Contact(
        signals=(
            Signal(name=f"{key}_misses", initial=0),
            Signal(name=f"{key}_bounces", initial=False),
        ),
        timers=(Timer(name=f"{key}_bounce"),),
        faults={
            f"{key}_missed": Fault(f"the first press of {title} isn't noticed", {f"{key}_misses": 1}),
            f"{key}_bounces": Fault(f"about every second press of {title} counts twice", {f"{key}_bounces": True}),
        },
    )


def pressed(io: IO, key: str) -> bool:
    """True when the contact closes as the device sees it: at a press that isn't missed, and again at its bounce."""
    if io.fired(f"{key}_bounce"):
        return True
    if not io.rose(key):
        return False
    misses = int(io[f"{key}_misses"])
    if misses:
        io.set(f"{key}_misses", misses - 1)
        return False
    if io[f"{key}_bounces"] and io.draw(f"{key}_bounce") < SHARE:
        io.start(f"{key}_bounce", BOUNCE)
    return True
