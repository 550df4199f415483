"""Lamps: which switch is meant, by what is printed; whether it was the right one, by looking up at the lamps."""

from __future__ import annotations

from collections.abc import Iterator

from switch_bench.baselines._asked import Wish
from switch_bench.baselines._mind import PLATES, Mind, Way, changes
from switch_bench.baselines._view import Mark, Thing, View

ALIKE = {"stairs": ("stairs", "stairwell"), "living": ("living", "living room"), "hob": ("hob", "gas hob")}
SWITCHES = ("rocker", "button", "knob")
LOOKS = 8  # about the room for a lamp
UP = 2  # looks up, so that ceilings are in view


def light(mind: Mind, wish: Wish) -> Way:
    """Bring a lamp to be on or off by its switch; "done", or "impossible" once all that could matter was tried."""
    words = dict(wish.words)
    if mind.asked.by:
        yield from mind.go(mind.asked.by)
    best: tuple[Thing, Mark] | None = yield from _switch(mind, wish, words)
    unknown: list[tuple[Thing, Mark]] = []
    while best is not None:
        thing, mark = best
        lit = yield from _try(mind, thing, mark, wish, words)
        if lit is True:
            return "done"
        if lit is None and not mind.asked.doubt and score(mark, words) > 0 and not mind.asked.breakers:
            return "done"  # what is printed says so, and nothing that was seen speaks against it
        if lit is None:
            unknown.append(best)
        else:
            mark_now = yield from mind.again(thing, mark)
            if mark_now is not None and mark.what != "button":
                yield from mind.do("press", mark_now.number)
        best = yield from _switch(mind, wish, words)
    if mind.asked.breakers:
        yield from mind.find(lambda thing: thing.name == "breaker panel", rooms=[mind.asked.room])
        if mind.view.of("breaker panel"):
            yield from _look_closely(mind, "breaker panel")
        return "impossible"
    return "done" if unknown and not mind.asked.doubt else "impossible"


def _look_closely(mind: Mind, name: str) -> Way:
    thing = mind.view.of(name)
    if thing is not None and thing.marks:
        yield from mind.do("goto", thing.marks[len(thing.marks) // 2].number)


def score(mark: Mark, words: dict[str, float]) -> float:
    """How much of what is printed at a control the words say."""
    printed = mark.printed.lower()
    return sum(weight for word, weight in words.items() if word in printed.split(", ") or word in printed.split())


def _switch(mind: Mind, wish: Wish, words: dict[str, float]) -> Way:
    """The likeliest switch that wasn't tried: the one that is labelled so, else the next in view, all about."""
    best: tuple[float, Thing, Mark] | None = None
    for look in range(LOOKS + 1):
        for thing, mark in _switches(mind.view, wish):
            if not mind.tried(thing, mark):
                worth = score(mark, words) + 0.1 * (not mark.printed)
                if best is None or worth > best[0] + 1e-9:
                    best = worth, thing, mark
        if best is not None and best[0] >= 1.5 or look == LOOKS:
            break
        yield from mind.do("look", text="left")
    if best is None or (best[0] == 0.0 and not mind.asked.doubt and not _vague(best[2])):
        return None
    mark = yield from mind.again(best[1], best[2])
    return None if mark is None else (mind.view.of(best[1].name) and best[1], _like(mark, best[2]))


def _like(now: Mark, then: Mark) -> Mark:
    return Mark(now.number, now.what, now.at, now.printed, now.stands, then.order)


def _vague(mark: Mark) -> bool:
    """Whether what is printed doesn't say which lamp it is for."""
    return mark.printed.lower() in ("", "left", "right", "top", "bottom") or mark.printed.startswith("a picture")


def _switches(view: View, wish: Wish) -> Iterator[tuple[Thing, Mark]]:
    for thing, mark in view.marks():
        if thing.name in (wish.about or PLATES) and mark.what in SWITCHES:
            yield thing, mark


def _try(mind: Mind, thing: Thing, mark: Mark, wish: Wish, words: dict[str, float]) -> Way:
    """Press a switch and look at the lamps: True if the lamp is as wished, False if not, None if it wasn't seen."""
    before = mind.view
    yield from mind.do("press", mark.number)
    began = mind.view.seconds
    seen: dict[tuple[str, ...], bool] = {}
    verdict: bool | None = None
    for look in range(LOOKS + UP):
        for lamp in mind.view.things:
            if lamp.name == "lamp" and lamp.shows:
                seen[lamp.near] = any(line.endswith(" lit") for line in lamp.shows)
        verdict = judged(seen, words, wish.on, mind.room)
        if verdict is not None:
            break
        yield from mind.do("look", text="up" if look < UP else "left")
    told = [f"lamp by {', '.join(near)} is {'lit' if lit else 'dark'}" for near, lit in seen.items()]
    mind.note(thing, mark, "press", [*changes(before, mind.view), *told], mind.view.seconds - began)
    return verdict


def judged(seen: dict[tuple[str, ...], bool], words: dict[str, float], on: bool, room: str) -> bool | None:
    """Whether the lamp that the words name is as wished; None if it wasn't seen.

    seen: by what a lamp is near, whether it is lit.
    """
    worth: dict[tuple[str, ...], float] = {}
    for near in seen:
        worth[near] = sum(
            weight
            for word, weight in words.items()
            if any(name in one.split() or name == one for one in near for name in ALIKE.get(word, (word,)))
        )
    best = max(worth, key=lambda near: worth[near], default=None)
    if best is not None and worth[best] > 0:
        return seen[best] == on
    if any(lit and on for lit in seen.values()) and set(words) <= set(room.split()):
        return True  # a lamp of the room is all that was asked for
    return None
