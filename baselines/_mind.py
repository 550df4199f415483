"""How a baseline goes about things: it acts, remembers where it saw what, notes what did what, and can put it back."""

from __future__ import annotations

from collections.abc import Callable, Generator, Sequence
from dataclasses import dataclass, replace
from math import pi
from typing import Any

import numpy as np

from switch_bench.baselines._asked import Asked
from switch_bench.baselines._view import Mark, Sighting, Thing, View
from switch_bench.envs.act import VERBS

MOST = 110  # skills of an episode, with a few to spare for putting things back and the report
STEP = 0.7  # rad that a look to the left turns
ROUND = 9  # looks to the left for once round
CONTROLS = ("rocker", "button", "knob", "push-and-turn knob", "lever", "slider")
PLATES = ("switch plate", "push-button plate", "dimmer plate")

Action = dict[str, Any]
Way = Generator[Action, View, Any]  # acts, is given what is seen then, returns what came of it


class Spent(Exception):
    """The episode's actions are used up."""


@dataclass(frozen=True)
class Trial:
    """One line of the table of what does what. what: thing, printed, order of the control. changed: what was seen to."""

    what: tuple[str, str, int]
    verb: str
    changed: tuple[str, ...]
    delay: float


class Mind:
    """One episode's memory and means. Ways of doing things are generators that yield actions and are sent views."""

    def __init__(self, wanted: Asked, view: View, seed: int = 0):
        self.asked, self.view = wanted, view
        self.draws = np.random.default_rng(seed)
        self.calls = 0
        self.seen: dict[str, Sighting] = {}
        self.table: list[Trial] = []
        self.undo: list[tuple[str, Callable[[], Way]]] = []
        self.dead_rooms: set[str] = set()
        self._remember(view)

    # ------------------------------------------------------------------ acting

    def do(self, verb: str, mark: int = 0, amount: float = 0.0, text: str = "") -> Way:
        """One skill; returns the view after it. Raises Spent where there have been too many."""
        self.calls += 1
        if self.calls > MOST:
            raise Spent
        view = yield {"verb": VERBS.index(verb), "mark": mark, "amount": np.array([amount], np.float32), "text": text}
        self.view = view
        self._remember(view)
        return view

    def wait(self, seconds: float) -> Way:
        """Let time pass."""
        return (yield from self.do("wait", amount=seconds))

    @property
    def room(self) -> str:
        """The room one is in, "" if that can't be said."""
        return self.view.rooms[0] if self.view.rooms else ""

    # ------------------------------------------------------------------ where things are

    def _remember(self, view: View) -> None:
        (x, y), way = view.place
        for thing in view.things:
            if thing.marks and thing.middle is not None:
                aside = (0.5 - thing.middle[0]) * 1.2
                self.seen[thing.name] = Sighting(self.room, (x, y), way + aside, thing.middle)

    def go(self, room: str) -> Way:
        """Go to a room; returns whether one is there."""
        if room and room != self.room:
            yield from self.do("goto", text=room)
        return self.view.said == "done"

    def face(self, way: float) -> Way:
        """Turn until one looks nearly that way [rad]."""
        for _ in range(ROUND):
            gap = (way - self.view.place[1] + pi) % (2 * pi) - pi
            if abs(gap) < STEP / 2 + 0.05:
                return
            yield from self.do("look", text="left" if gap > 0 else "right")

    def find(self, want: Callable[[Thing], bool], *, rooms: Sequence[str] = (), looks: int = ROUND) -> Way:
        """Bring a thing into view, where one remembers it, then all about, then in other rooms; the thing or None."""
        found = self._there(want)
        if found is not None:
            return found
        for name, sighting in list(self.seen.items()):
            if want(Thing(name)):
                yield from self.go(sighting.room)
                yield from self.face(sighting.way)
                for text in ("", "ahead", "up", "left", "right", "right"):
                    found = self._there(want)
                    if found is not None:
                        return found
                    if text:
                        yield from self.do("look", text=text)
        for room in ("", *rooms):
            yield from self.go(room)
            found = yield from self.look_about(want, looks)
            if found is not None:
                return found
        return None

    def look_about(self, want: Callable[[Thing], bool], looks: int = ROUND) -> Way:
        """Turn once round, till a thing comes into view; the thing or None."""
        for _ in range(looks):
            found = self._there(want)
            if found is not None:
                return found
            yield from self.do("look", text="left")
        return self._there(want)

    def _there(self, want: Callable[[Thing], bool]) -> Thing | None:
        return next((thing for thing in self.view.things if want(thing) and thing.marks), None)

    def again(self, thing: Thing, mark: Mark) -> Way:
        """Bring a control that was seen before into view again; its mark there, or None."""

        def same(other: Thing) -> bool:
            return other.name == thing.name and (not other.marks or _same(other, thing, mark) is not None)

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


def _same(found: Thing, thing: Thing, mark: Mark) -> Mark | None:
    """The mark in `found` that is `mark` of `thing`: by what is printed, else by its place among as many like it."""
    alike = [other for other in found.marks if other.what == mark.what and other.printed == mark.printed]
    if len(alike) == 1:
        return alike[0]
    before = [other for other in thing.marks if other.what == mark.what and other.printed == mark.printed]
    places = [i for i, other in enumerate(before) if other.number == mark.number]
    return alike[places[0]] if places and len(alike) == len(before) else None


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
        found += [f"{name} {k}: {stood[k]} → {stands[k]}" for k in stood.keys() & stands.keys() if stood[k] != stands[k]]
    return tuple(found)


def with_marks(thing: Thing, marks: Sequence[Mark]) -> Thing:
    """The thing with other marks."""
    return replace(thing, marks=tuple(marks))
