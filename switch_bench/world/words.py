"""How to speak of a room's signals: each device's own words, with the device's name where they could mean another."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping

from switch_bench.network.declare import Value
from switch_bench.verify.words import Phrases
from switch_bench.world.room import Room

Words = str | tuple[str, ...] | Mapping[Value, str]


def phrases(room: Room) -> Phrases:
    """Signal → how to say it, for every signal its kind has words for."""
    said = {
        (name, signal): words for name, item in room.drawn.placed.items() for signal, words in item.device.words.items()
    }
    times = Counter(text for words in said.values() for text in set(_texts(words)))
    found: dict[str, Words] = {}
    for (device, signal), words in said.items():
        shared = any(times[text] > 1 for text in _texts(words))
        found[f"{device}.{signal}"] = _each(words, lambda text, d=device, s=shared: _of(d, text, shared=s))
    return found


def _of(device: str, text: str, *, shared: bool) -> str:
    """A phrase that says whose it is: "its lamp is lit" → "the washer's lamp is lit"."""
    name = device.replace("_", " ")
    for short, full in (("its ", f"the {name}'s "), ("it ", f"the {name} ")):
        if text.startswith(short):
            return full + text.removeprefix(short)
    if not shared or name in text:
        return text
    verb = next((v for v in (" is ", " has ") if v in text), "")
    subject, _, rest = text.partition(verb) if verb else (text, "", "")
    return f"{subject} ({name}){verb}{rest}"


def _texts(words: Words) -> Iterable[str]:
    return (words,) if isinstance(words, str) else words.values() if isinstance(words, Mapping) else words


def _each(words: Words, change: Callable[[str], str]) -> Words:
    if isinstance(words, str):
        return change(words)
    if isinstance(words, Mapping):
        return {value: change(text) for value, text in words.items()}
    return tuple(change(text) for text in words)
