"""How to speak of a room's signals: each device's own words, with the device's name before them."""

from __future__ import annotations

from switch_bench.verify.words import Phrases
from switch_bench.world.room import Room


def phrases(room: Room) -> Phrases:
    """Signal → how to say it, for every signal its kind has words for."""
    return {
        f"{name}.{signal}": words
        for name, item in room.drawn.placed.items()
        for signal, words in item.device.words.items()
    }
