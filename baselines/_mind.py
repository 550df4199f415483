"""How a baseline goes about things: it acts, remembers where it saw what, notes what did what, and can put it back."""

from __future__ import annotations

from collections.abc import Callable, Generator, Sequence
from dataclasses import dataclass
from math import atan2, cos, hypot, sin
from typing import Any

import numpy as np

from switch_bench.envs.act import VERBS

from ._asked import ROOMS, Asked
from ._view import LEVEL, Mark, Thing, View, turned

MOST = 110  # skills of an episode, with a few to spare for putting things back and the report
STEP = 0.7  # rad that a look to the left turns
ROUND = 9  # looks to the left for once round
USUAL = {
    "kettle": ("kitchen",), "microwave": ("kitchen",), "oven": ("kitchen",), "gas hob": ("kitchen",),
    "washing machine": ("utility room",), "breaker panel": ("hall", "utility room"), "home panel": ("hall",),
    "push-button plate": ("landing", "stairwell"),
}  # fmt: skip
TILT = 0.45  # rad that a look up raises the head
ASIDE = 1.2  # rad across the whole image, or nearly so
FAR, NEAR = 1.6, 0.6  # m: how far a thing is taken to be that is just seen, and one that one stands before
AIMED = ("press", "hold", "turn", "slide", "open", "close", "type", "goto")  # verbs that take one before a thing
PLATES = ("switch plate", "push-button plate", "dimmer plate")

Action = dict[str, Any]
Way = Generator[Action, View, Any]  # acts, is given what is seen then, returns what came of it


class Spent(Exception):
    """The episode's actions are used up."""


@dataclass(frozen=True)
class Trial:
    """One line of the table of what does what.

    what: thing, printed, order of the control. changed: what was seen to change. delay: after how long [s].
    """

    what: tuple[str, str, int]
    verb: str
    changed: tuple[str, ...]
    delay: float


@dataclass(frozen=True)
class Sighting:
    """Where a thing is: in which room, at about which x, y [m]. sure: whether one has stood before it."""

    thing: Thing
    room: str
    spot: tuple[float, float]
    sure: bool = False


class Mind:
    """One episode's memory and means. Ways of doing things are generators that yield actions and are sent views."""

    def __init__(self, wanted: Asked, view: View, seed: int = 0):
        self.asked, self.view = wanted, view
        self.draws = np.random.default_rng(seed)
        self.calls = 0
        self._went_to = ""
        self.seen: dict[str, Sighting] = {}
        self.table: list[Trial] = []
        self.undo: list[tuple[str, Callable[[], Way]]] = []
        self.most_levers = 0  # of a breaker panel in view
        self.unknown: set[str] = set()  # rooms that there aren't
        self._remember(view)

    # ------------------------------------------------------------------ acting

    def do(self, verb: str, mark: int = 0, amount: float = 0.0, text: str = "") -> Way:
        """One skill; returns the view after it. Raises Spent where there have been too many."""
        self.calls += 1
        if self.calls > MOST:
            raise Spent
        aimed = next((thing for thing, m in self.view.marks() if m.number == mark), None) if verb in AIMED else None
        view = yield {"verb": VERBS.index(verb), "mark": mark, "amount": np.array([amount], np.float32), "text": text}
        self.view = view
        if verb == "goto" and text and view.said == "done":
            self._went_to = text
        self._remember(view)
        if aimed is not None and view.said == "done":
            self.seen[aimed.name] = Sighting(aimed, self.room, _ahead(view, view.way, NEAR), sure=True)
        return view

    def study(self, thing: Thing) -> Way:
        """Look at a thing as closely as it takes to read what is printed on it; it as it is then."""
        yield from ()
        return thing

    def wait(self, seconds: float) -> Way:
        """Let time pass."""
        return (yield from self.do("wait", amount=seconds))

    @property
    def room(self) -> str:
        """The room one is in, as one sees or as one went there; "" if that can't be said."""
        return self.view.rooms[0] if self.view.rooms else self._went_to

    # ------------------------------------------------------------------ where things are

    def _remember(self, view: View) -> None:
        for thing in view.things:
            known = self.seen.get(thing.name)
            if thing.marks and thing.middle is not None and not (known and known.sure):
                way = view.way + (0.5 - thing.middle[0]) * ASIDE
                self.seen[thing.name] = Sighting(thing, self.room, _ahead(view, way, FAR))

    def go(self, room: str) -> Way:
        """Go to a room; returns whether one is there."""
        if not room or _alike(room, self.room):
            return True
        if room in self.unknown:
            return False
        yield from self.do("goto", text=room)
        if "no room" in self.view.said:
            self.unknown.add(room)
        return self.view.said == "done"

    def face(self, way: float) -> Way:
        """Turn until one looks nearly that way [rad], and level."""
        yield from self.level()
        for _ in range(ROUND):
            gap = turned(way - self.view.way)
            if abs(gap) < STEP / 2 + 0.05:
                return
            yield from self.do("look", text="left" if gap > 0 else "right")

    def level(self) -> Way:
        """Raise or lower the head until one looks ahead."""
        for _ in range(3):
            gap = self.view.tilt - LEVEL
            if abs(gap) < TILT / 2 + 0.05:
                return
            yield from self.do("look", text="up" if gap > 0 else "down")

    def find(self, want: Callable[[Thing], bool], *, rooms: Sequence[str] = (), looks: int = ROUND) -> Way:
        """Bring a thing into view: where one remembers it, then all about in each of `rooms`; the thing or None.

        A room "" is the one that one is in.
        """
        found = self.there(want)
        if found is not None:
            return found
        for sighting in list(self.seen.values()):
            if want(sighting.thing):
                yield from self.go(sighting.room)
                x, y = self.view.place
                yield from self.face(atan2(sighting.spot[1] - y, sighting.spot[0] - x))
                for text in ("", "down", "left", "right", "right", "up"):
                    if text:
                        yield from self.do("look", text=text)
                    found = self.there(want)
                    if found is not None:
                        return found
        for room in dict.fromkeys(rooms or ("",)):
            if (yield from self.go(room)):
                found = yield from self.look_about(want, looks)
                if found is not None:
                    return found
        return None

    def before(self, thing: Thing) -> bool:
        """Whether one stands before a thing, as far as one remembers."""
        known = self.seen.get(thing.name)
        return known is not None and known.sure and hypot(*np.subtract(known.spot, self.view.place)) < 2 * NEAR

    def look_about(self, want: Callable[[Thing], bool], looks: int = ROUND) -> Way:
        """Turn once round, till a thing comes into view; the thing or None."""
        for _ in range(looks):
            found = self.there(want)
            if found is not None:
                return found
            yield from self.level()
            yield from self.do("look", text="left")
        return self.there(want)

    def there(self, want: Callable[[Thing], bool]) -> Thing | None:
        """A thing in view that has something to operate, or None."""
        return next((thing for thing in self.view.things if want(thing) and thing.marks), None)

    def uncovered(self, thing: Thing) -> Way:
        """Look at a thing with one's own hand drawn in, that may be in the way; it, or None if it stays hidden."""
        for text in ("", "right", "left", "left", "right"):
            if text:
                yield from self.do("look", text=text)
            found = self.there(lambda other: other.name == thing.name)
            if found is not None:
                yield from self.do("look", found.marks[0].number)
                return self.view.of(thing.name)
        return None

    def again(self, thing: Thing, mark: Mark) -> Way:
        """Bring a control that was seen before into view again; its mark there, or None."""

        def same(other: Thing) -> bool:
            return other.name == thing.name and _same(other, thing, mark) is not None

        found = yield from self.find(same)
        return None if found is None else _same(found, thing, mark)

    # ------------------------------------------------------------------ what does what

    def note(self, thing: Thing, mark: Mark, verb: str, changed: Sequence[str], delay: float) -> None:
        """Write a line of the table."""
        self.table.append(Trial((thing.name, mark.printed, mark.order), verb, tuple(changed), delay))

    def tried(self, thing: Thing, mark: Mark) -> bool:
        """Whether a control was tried."""
        return any(trial.what == (thing.name, mark.printed, mark.order) for trial in self.table)

    def owe(self, name: str, way: Callable[[], Way]) -> None:
        """Note how something that was changed is put back."""
        self.undo.append((name, way))

    def settle(self, name: str) -> None:
        """What was changed by this name is as it should be."""
        self.undo = [(known, way) for known, way in self.undo if known != name]

    def put_back(self) -> Way:
        """Put back whatever is owed, last first."""
        while self.undo:
            _, way = self.undo.pop()
            yield from way()


def _ahead(view: View, way: float, far: float) -> tuple[float, float]:
    return view.place[0] + far * cos(way), view.place[1] + far * sin(way)


def _alike(room: str, other: str) -> bool:
    return room.removesuffix(" room") == other.removesuffix(" room")


def _same(found: Thing, thing: Thing, mark: Mark) -> Mark | None:
    """The mark in `found` that is `mark` of `thing`: by what is printed, else by its place among as many like it."""
    alike = [other for other in found.marks if other.what == mark.what and other.printed == mark.printed]
    if len(alike) == 1:
        return alike[0]
    before = [other for other in thing.marks if other.what == mark.what and other.printed == mark.printed]
    places = [i for i, other in enumerate(before) if other.order == mark.order]
    return alike[places[0]] if places and len(alike) == len(before) else None


def rooms_for(mind: Mind, name: str) -> list[str]:
    """Where to look for a thing: the room that is spoken of, where such things are, here, and the others."""
    said = [mind.asked.room] if mind.asked.room else []
    usual = [room for room in USUAL.get(name, ()) if room not in mind.unknown]
    first = [*usual, *said] if usual and mind.asked.room not in usual else [*said, *usual]
    others = [*mind.view.rooms, *(sighting.room for sighting in mind.seen.values()), *ROOMS.values()]
    return list(dict.fromkeys([*first, "", *(room for room in others if room)]))


def report(what: str) -> Action:
    """The action that ends an episode: done or impossible."""
    return {"verb": VERBS.index("report"), "mark": 0, "amount": np.zeros(1, np.float32), "text": what}


def changes(before: View, after: View) -> tuple[str, ...]:
    """What looks different between two views, of what is in both: "thing: before → after"."""
    found = []
    for name in dict.fromkeys(thing.name for thing in before.things):
        was, now = before.of(name), after.of(name)
        if was is None or now is None:
            continue
        old, new = set(was.shows), set(now.shows)
        if old and new and old != new:
            found.append(f"{name}: {'; '.join(sorted(old - new))} → {'; '.join(sorted(new - old))}")
        stood = {(m.what, m.printed, m.order): m.stands for m in was.marks if m.stands}
        stands = {(m.what, m.printed, m.order): m.stands for m in now.marks if m.stands}
        found += [
            f"{name} {k}: {stood[k]} → {stands[k]}" for k in stood.keys() & stands.keys() if stood[k] != stands[k]
        ]
    return tuple(found)
