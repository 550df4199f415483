"""What a baseline has in view, whichever eyes it looks through: things, the numbers on them, and how they stand."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from math import pi
from typing import Any

SOUNDS = (
    "alarm", "beep", "bell", "boil", "buzz", "chime", "click", "double_beep", "fan", "flame", "hum", "ignite", "pop",
    "ring", "spark", "spin", "voice", "wash", "water", "other",
)  # fmt: skip
NOTHING = ((0.0, 0.0), 0.0)


@dataclass(frozen=True)
class Mark:
    """A numbered control. at: where in the image (0..1, right and down). order: its place among its thing's."""

    number: int
    what: str
    at: tuple[float, float]
    printed: str = ""
    stands: str = ""
    order: int = 0


@dataclass(frozen=True)
class Thing:
    """One thing in view. near: what it is by, of a lamp."""

    name: str
    marks: tuple[Mark, ...] = ()
    shows: tuple[str, ...] = ()
    near: tuple[str, ...] = ()
    at: tuple[float, float] | None = None

    @property
    def middle(self) -> tuple[float, float] | None:
        """Where in the image it is, if that can be said."""
        if self.at is not None or not self.marks:
            return self.at
        xs, ys = zip(*(mark.at for mark in self.marks), strict=True)
        return sum(xs) / len(xs), sum(ys) / len(ys)

    @property
    def display(self) -> str | None:
        """What its displays show, "" if they are blank; None if none can be read."""
        found = [re.search(r'shows "(.*)"$', line) for line in self.shows]
        words = [match.group(1) for match in found if match]
        if words:
            return " ".join(words)
        return "" if any(line.endswith("is blank") for line in self.shows) else None

    def printed(self, *words: str) -> Mark | None:
        """The first of its marks on which one of the words is printed, as a word of its own."""
        for word in words:
            for mark in self.marks:
                if re.search(rf"(?<![a-z0-9]){re.escape(word.lower())}(?![a-z0-9])", mark.printed.lower()):
                    return mark
        return None


@dataclass(frozen=True)
class View:
    """What one has before one's eyes after an action.

    rooms: those one looks into, one's own first. place: base x, y [m], and the direction one looks in [rad]. bright: how
    bright the image is, 0..1, if there is one.
    """

    things: tuple[Thing, ...] = ()
    rooms: tuple[str, ...] = ()
    sounds: frozenset[str] = frozenset()
    place: tuple[tuple[float, float], float] = NOTHING
    seconds: float = 0.0
    said: str = "done"
    bright: float | None = None

    def marks(self) -> Iterator[tuple[Thing, Mark]]:
        """Every mark with its thing."""
        for thing in self.things:
            for mark in thing.marks:
                yield thing, mark

    def of(self, *names: str) -> Thing | None:
        """The first thing called by one of the names; one with marks before one without."""
        found = [thing for thing in self.things if thing.name in names]
        return max(found, key=lambda thing: len(thing.marks) > 0, default=None)


def bearing(proprio: Any) -> tuple[tuple[float, float], float]:
    """Where one stands, and which way the head looks, from the `proprio` observation."""
    heading = float(proprio[2]) + float(proprio[3])
    return (float(proprio[0]), float(proprio[1])), (heading + pi) % (2 * pi) - pi


def heard(sounds: Any) -> frozenset[str]:
    """The names of the sounds that are heard, from the `sounds` observation."""
    return frozenset(name for name, there in zip(SOUNDS, sounds, strict=True) if there)


def from_elements(obs: Mapping[str, Any], info: Mapping[str, Any]) -> View:
    """The view that the observations `elements`, `sounds` and `proprio` give."""
    told = json.loads(obs["elements"])
    return View(
        things=tuple(_thing(thing) for thing in told["things"]),
        rooms=tuple(told["rooms"]),
        sounds=heard(obs["sounds"]),
        place=bearing(obs["proprio"]),
        seconds=info["elapsed_us"] / 1e6,
        said=str(info.get("said", "done")),
    )


def _thing(told: Mapping[str, Any]) -> Thing:
    ordered = sorted(told.get("marks", ()), key=lambda mark: (mark["what"] == "key", mark["at"][0]))
    marks = tuple(
        Mark(m["mark"], m["what"], (m["at"][0], m["at"][1]), m.get("printed", ""), m.get("stands", ""), i)
        for i, m in enumerate(ordered)
    )
    at = tuple(told["at"]) if "at" in told else None
    return Thing(told["thing"], marks, tuple(told.get("shows", ())), tuple(told.get("near", ())), at)


@dataclass
class Sighting:
    """Where something was last seen: from where, which way, in which room."""

    room: str
    place: tuple[float, float]
    way: float
    at: tuple[float, float] = field(default=(0.5, 0.5))
