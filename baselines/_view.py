"""What a baseline has in view, whichever eyes it looks through: things, the numbers on them, and how they stand."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from math import pi
from typing import Any

from switch_bench.network.adding import total

SOUNDS = (
    "alarm", "beep", "bell", "boil", "buzz", "chime", "click", "double_beep", "fan", "flame", "hum", "ignite", "pop",
    "ring", "spark", "spin", "voice", "wash", "water", "other",
)  # fmt: skip
LEVEL = 0.1  # rad that a head at rest looks down


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
    """One thing in view. near: what it is by, of a lamp. maybe: what it may be, where one can't be sure."""

    name: str
    marks: tuple[Mark, ...] = ()
    shows: tuple[str, ...] = ()
    near: tuple[str, ...] = ()
    at: tuple[float, float] | None = None
    maybe: tuple[str, ...] = ()

    def may_be(self, *names: str) -> bool:
        """Whether it is called by one of the names, or may be one."""
        return self.name in names or not set(names).isdisjoint(self.maybe)

    @property
    def middle(self) -> tuple[float, float] | None:
        """Where in the image it is, if that can be said."""
        if self.at is not None or not self.marks:
            return self.at
        xs, ys = zip(*(mark.at for mark in self.marks), strict=True)
        return total(xs) / len(xs), total(ys) / len(ys)

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

    rooms: those one looks into, one's own first. place: where one stands, x, y [m]. way: the direction one looks in
    [rad]. tilt: how far down [rad]. bright: how bright the picture is, 0..1, if there is one.
    """

    things: tuple[Thing, ...] = ()
    rooms: tuple[str, ...] = ()
    sounds: frozenset[str] = frozenset()
    place: tuple[float, float] = (0.0, 0.0)
    way: float = 0.0
    tilt: float = LEVEL
    seconds: float = 0.0
    said: str = "done"
    bright: float | None = None

    def marks(self) -> Iterator[tuple[Thing, Mark]]:
        """Every mark with its thing."""
        for thing in self.things:
            for mark in thing.marks:
                yield thing, mark

    def of(self, *names: str) -> Thing | None:
        """The first thing that is, or may be, called by one of the names; one with marks before one without."""
        found = [thing for thing in self.things if thing.may_be(*names)]
        return max(found, key=lambda thing: (len(thing.marks) > 0, thing.name in names), default=None)


def bodily(obs: Mapping[str, Any], info: Mapping[str, Any]) -> dict[str, Any]:
    """What of a view the observations `sounds` and `proprio` give, and the reset's or step's info."""
    proprio = [float(number) for number in obs["proprio"][:5]]
    return {
        "sounds": frozenset(name for name, there in zip(SOUNDS, obs["sounds"], strict=True) if there),
        "place": (proprio[0], proprio[1]),
        "way": turned(proprio[2] + proprio[3]),
        "tilt": proprio[4],
        "seconds": info["elapsed_us"] / 1e6,
        "said": str(info.get("said", "done")),
    }


def turned(angle: float) -> float:
    """An angle as one from −π to π."""
    return (angle + pi) % (2 * pi) - pi


def from_elements(obs: Mapping[str, Any], info: Mapping[str, Any]) -> View:
    """The view that the observations `elements`, `sounds` and `proprio` give."""
    told = json.loads(obs["elements"])
    things = tuple(_thing(thing) for thing in told["things"])
    return View(things=things, rooms=tuple(told["rooms"]), **bodily(obs, info))


def _thing(told: Mapping[str, Any]) -> Thing:
    ordered = sorted(told.get("marks", ()), key=lambda mark: (mark["what"] == "key", mark["at"][0]))
    marks = tuple(
        Mark(m["mark"], m["what"], (m["at"][0], m["at"][1]), m.get("printed", ""), m.get("stands", ""), i)
        for i, m in enumerate(ordered)
    )
    at = tuple(told["at"]) if "at" in told else None
    return Thing(told["thing"], marks, tuple(told.get("shows", ())), tuple(told.get("near", ())), at)
