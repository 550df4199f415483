"""Breakers: bringing one back that has tripped, and finding by trial which one feeds a thing."""

from __future__ import annotations

from collections.abc import Callable

from ._asked import Wish
from ._mind import Mind, Way, changes, rooms_for
from ._view import Mark, Thing

PANEL = "breaker panel"
PRESSES = 4  # of a handle, until it stands as it should


def is_panel(thing: Thing) -> bool:
    """Whether a thing is a breaker panel."""
    return thing.may_be(PANEL)


def levers(panel: Thing) -> list[Mark]:
    """The breakers of a panel, without its main switch."""
    return [m for m in panel.marks if m.what == "lever" and "rcd" not in m.printed.lower()]


def to_panel(mind: Mind) -> Way:
    """Bring the whole breaker panel into view, so that one sees how its handles stand; it or None."""
    panel = yield from mind.find(is_panel, rooms=rooms_for(mind, PANEL))
    if panel is None:
        return None
    if len(levers(panel)) < max(2, mind.most_levers) or not all(m.stands for m in levers(panel)):
        yield from mind.do("goto", panel.marks[len(panel.marks) // 2].number)
        panel = mind.view.of(PANEL) or panel
    panel = yield from mind.study(panel)
    mind.most_levers = max(mind.most_levers, len(levers(panel)))
    return panel


def throw(mind: Mind, order: Callable[[Thing], Mark | None], to: str) -> Way:
    """Bring a breaker to stand `to` (on or off); whether it does."""
    for _ in range(PRESSES):
        panel = yield from to_panel(mind)
        mark = order(panel) if panel is not None else None
        if mark is None:
            return False
        if mark.stands == to:
            return True
        before = mind.view
        yield from mind.do("press", mark.number)
        if panel is not None:
            mind.note(panel, mark, "press", changes(before, mind.view), 0.0)
    panel = mind.view.of(PANEL)
    mark = order(panel) if panel is not None else None
    return mark is not None and mark.stands == to


def restore(mind: Mind, wish: Wish) -> Way:
    """Bring back the breaker that has tripped: a tripped one goes on only from off."""
    panel = yield from to_panel(mind)
    if panel is None:
        return "unknown"
    down = [m for m in levers(panel) if m.stands == "tripped"] or [m for m in levers(panel) if m.stands == "off"]
    if not down:
        return "impossible" if all(m.stands for m in levers(panel)) else "done"
    at = place(panel, down[0])
    if down[0].stands == "tripped":
        yield from throw(mind, at, "off")
    done = yield from throw(mind, at, "on")
    return "done" if done else "unknown"


def place(panel: Thing, mark: Mark) -> Callable[[Thing], Mark | None]:
    """How to know a breaker again: by its place in the row."""
    count, k = len(levers(panel)), [m.number for m in levers(panel)].index(mark.number)

    def order(now: Thing) -> Mark | None:
        row = levers(now)
        return row[k] if len(row) == count else None

    return order


def alive(thing: Thing) -> bool | None:
    """Whether a thing looks as if it had power: its display shows something, or something is lit; None: no telling."""
    stands = [m.stands for m in thing.marks]
    if thing.display is not None:
        return thing.display != ""
    if any("lit" in words.split(", ") for words in stands) or any(line.endswith(" lit") for line in thing.shows):
        return True
    if any("dark" in words.split(", ") for words in stands) or any(line.endswith(" dark") for line in thing.shows):
        return False
    return None


def find_breaker(mind: Mind, wish: Wish) -> Way:
    """Throw one breaker after the other, look each time whether the thing is dead, and put back those that did else."""
    for name in wish.about:
        if (yield from visit(mind, name)) is True:
            break
    else:
        return "unknown"
    panel = yield from to_panel(mind)
    if panel is None or not levers(panel):
        return "unknown"
    row = [place(panel, mark) for mark in levers(panel)]
    for k, at in enumerate(row):
        panel = yield from to_panel(mind)
        mark = at(panel) if panel is not None else None
        if mark is None or mark.stands == "off":
            continue
        key = f"breaker {k}"
        mind.owe(key, lambda at=at: throw(mind, at, "on"))
        if not (yield from throw(mind, at, "off")):
            continue
        if (yield from visit(mind, name)) is False:
            mind.settle(key)
            return "done"
        yield from throw(mind, at, "on")
        mind.settle(key)
    return "impossible"


def visit(mind: Mind, name: str) -> Way:
    """Go and look at a thing; whether it looks alive, or None."""
    thing = yield from mind.find(lambda t: t.may_be(name), rooms=rooms_for(mind, name))
    if thing is None:
        return None
    found = alive(thing)
    if found is None:
        middle = thing.marks[len(thing.marks) // 2]
        yield from mind.do("goto", middle.number)
        thing = mind.view.of(name)
        found = None if thing is None else alive(thing)
        if found is None and thing is not None and thing.marks:
            yield from mind.do("read", thing.marks[len(thing.marks) // 2].number)
            thing = mind.view.of(name)
            found = None if thing is None else alive(thing)
    return found
