"""Lamps: which switch is meant, by what is printed; whether it was the right one, by looking up at the lamps."""

from __future__ import annotations

from collections.abc import Iterator

from switch_bench.network.adding import total

from ._asked import Wish
from ._breakers import to_panel
from ._mind import PLATES, Mind, Way, changes
from ._view import Mark, Thing, View

ALIKE = {"stairs": ("stairs", "stairwell"), "living": ("living", "living room"), "hob": ("hob", "gas hob")}
SWITCHES = ("rocker", "button", "knob")
LOOKS = 8  # about the room for a lamp
BRIGHTER = 0.02  # of full brightness: what a lamp adds at least
UP = 2  # looks up, so that ceilings are in view


def light(mind: Mind, wish: Wish) -> Way:
    """Bring a lamp to be on or off by its switch; "done", or "impossible" once all that could matter was tried."""
    words = dict(wish.words)
    if mind.room or mind.asked.by:
        yield from mind.go(mind.asked.by or mind.asked.room * (not mind.asked.breakers))
    waiting: list[tuple[Thing, Mark]] = []
    unseen = False
    while True:
        best = yield from _switch(mind, wish, words, waiting)
        if best is None:
            break
        thing, mark = best
        so = yield from _try(mind, thing, mark, wish, words)
        believed = score(mark, words) > 0 and not mind.asked.doubt and not mind.asked.breakers
        if so is True or (so is None and believed):
            return "done"  # it was seen, or what is printed says so and nothing speaks against it
        unseen = unseen or so is None
        if mark.what != "button":
            now = yield from mind.again(thing, mark)
            if now is not None:
                yield from mind.do("press", now.number)
        if mind.asked.breakers and score(mark, words) > 0:
            break
    if mind.asked.breakers:
        yield from to_panel(mind)
    return "impossible"


def score(mark: Mark, words: dict[str, float]) -> float:
    """How much of what is printed at a control the words say."""
    printed = mark.printed.lower()
    return total(weight for word, weight in words.items() if word in printed.split(", ") or word in printed.split())


def _switch(mind: Mind, wish: Wish, words: dict[str, float], known: list[tuple[Thing, Mark]]) -> Way:
    """The likeliest switch that wasn't tried, in view now: the one that is labelled so, else the next; None if none is.

    known: the switches seen so far; once all about was looked at, only these are left.
    """
    if not known or mind.table:
        yield from _gather(mind, wish, words, known)
    left = [(thing, mark) for thing, mark in known if not mind.tried(thing, mark)]
    left.sort(key=lambda pair: -score(pair[1], words) - 0.1 * _vague(pair[1]))
    for thing, mark in left:
        if score(mark, words) == 0 and not mind.asked.doubt and not _vague(mark):
            continue
        now = yield from mind.again(thing, mark)
        if now is not None:
            return thing, Mark(now.number, mark.what, now.at, mark.printed, now.stands, mark.order)
    return None


def _gather(mind: Mind, wish: Wish, words: dict[str, float], known: list[tuple[Thing, Mark]]) -> Way:
    """Look about for switches, until one is labelled as wished; the first time only."""
    if len(known) and known[-1][0].name == "":
        return
    for look in range(LOOKS + 1):
        for thing in [thing for thing in mind.view.things if thing.may_be(*(wish.about or PLATES)) and thing.marks]:
            yield from mind.study(thing)
        for thing, mark in _switches(mind.view, wish):
            if all((thing.name, mark.printed, mark.order) != (t.name, m.printed, m.order) for t, m in known):
                known.append((thing, mark))
        if any(score(mark, words) >= 1.5 and not mind.tried(thing, mark) for thing, mark in known) or look == LOOKS:
            return
        if wish.about and known:
            return
        yield from mind.do("look", text="left")


def _vague(mark: Mark) -> bool:
    """Whether what is printed doesn't say which lamp it is for."""
    return mark.printed.lower() in ("", "left", "right", "top", "bottom") or mark.printed.startswith("a picture")


def _switches(view: View, wish: Wish) -> Iterator[tuple[Thing, Mark]]:
    for thing, mark in view.marks():
        if thing.may_be(*(wish.about or PLATES)) and mark.what in SWITCHES:
            yield thing, mark


def _try(mind: Mind, thing: Thing, mark: Mark, wish: Wish, words: dict[str, float]) -> Way:
    """Press a switch and look at the lamps: True if the lamp is as wished, False if not, None if it wasn't seen."""
    if mind.view.bright is not None:
        return (yield from _try_by_brightness(mind, thing, mark, wish.on))
    before = mind.view
    yield from mind.do("press", mark.number)
    began = mind.view.seconds
    seen: dict[tuple[str, ...], bool] = {}
    verdict: bool | None = None
    for look in range(LOOKS + UP):
        for lamp in mind.view.things:
            if lamp.name == "lamp" and lamp.shows:
                seen[lamp.near] = any(line.endswith(" lit") for line in lamp.shows)
        verdict = judged(seen, words, wish.on)
        if verdict is not None:
            break
        yield from mind.do("look", text="up" if look < UP else "left")
    if verdict is None and seen and all(word in mind.room.split() for word in words):
        verdict = any(seen.values()) == wish.on  # a lamp of the room is all that was asked for
    told = [f"lamp by {', '.join(near)} is {'lit' if lit else 'dark'}" for near, lit in seen.items()]
    mind.note(thing, mark, "press", [*changes(before, mind.view), *told], mind.view.seconds - began)
    return verdict


def _try_by_brightness(mind: Mind, thing: Thing, mark: Mark, on: bool) -> Way:
    """Press a switch: None if it became brighter, or darker, as it should by some lamp; False if it didn't."""
    yield from mind.do("goto", mark.number)
    now = yield from mind.again(thing, mark)
    if now is None:
        return None
    before = mind.view
    yield from mind.do("press", now.number)
    gain = (mind.view.bright or 0.0) - (before.bright or 0.0)
    told = "brighter" if gain > BRIGHTER else "darker" if gain < -BRIGHTER else "as bright as before"
    mind.note(thing, mark, "press", [f"it is {told}"], mind.view.seconds - before.seconds)
    return None if (gain > BRIGHTER if on else gain < -BRIGHTER) else False


def judged(seen: dict[tuple[str, ...], bool], words: dict[str, float], on: bool) -> bool | None:
    """Whether the lamp that the words name is as wished; None if it wasn't seen.

    seen: by what a lamp is near, whether it is lit.
    """
    worth: dict[tuple[str, ...], float] = {}
    for near in seen:
        worth[near] = total(
            weight
            for word, weight in words.items()
            if any(name in one.split() or name == one for one in near for name in ALIKE.get(word, (word,)))
        )
    best = max(worth, key=lambda near: worth[near], default=None)
    if best is not None and worth[best] > 0:
        return seen[best] == on
    return None
