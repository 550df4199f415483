"""Kettles, microwaves, washing machines, ovens, hobs, dimmers and panels: how people commonly use them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from ._asked import Wish
from ._mind import PLATES, Mind, Way, changes, rooms_for
from ._view import Mark, Thing

DIMMERS = 8  # controls that may be a dimmer
GUESSES = 4  # things that may be what is looked for
PATIENCE = 40  # looks at something that takes its time
BOILING, LISTENING = 400.0, 4.0  # s that one waits for a kettle at most; between two times that one listens
BOILS = ("boil", "other")  # what one hears of water that is about to boil, or boils
ALL_OFF = ("all lights off", "all off", "lights off")  # what is written on a screen for it
START, STOP = ("start", "go"), ("stop", "pause", "ii/0", "ii")  # what is printed on keys for it
LEVERS = ("lever", "rocker", "button")
DIMMED = "0.4"  # of a dimmer's range: well below full, and not dark


def named(mind: Mind, name: str) -> Way:
    """Stand before an appliance; it or None."""
    for _ in range(GUESSES):
        thing = yield from mind.find(lambda thing: thing.may_be(name), rooms=rooms_for(mind, name))
        if thing is None:
            return None
        if not mind.before(thing):
            yield from mind.do("goto", thing.marks[len(thing.marks) // 2].number)
            thing = mind.view.of(thing.name) or thing
        thing = yield from mind.study(thing)
        if thing.may_be(name):
            return thing
    return None


def press(mind: Mind, thing: Thing, mark: Mark, verb: str = "press", amount: float = 0.0, text: str = "") -> Way:
    """Do something to a control and note what changed; the thing as it is then, or as it was if it isn't in view."""
    before = mind.view
    yield from mind.do(verb, mark.number, amount, text)
    mind.note(thing, mark, verb, changes(before, mind.view), mind.view.seconds - before.seconds)
    return mind.view.of(thing.name) or (yield from named(mind, thing.name)) or thing


def until(mind: Mind, name: str, so: Callable[[Thing], bool], seconds: float) -> Way:
    """Wait in steps of `seconds`, looking at a thing, until something is so of it; whether it came."""
    for _ in range(PATIENCE):
        thing = mind.view.of(name) or (yield from named(mind, name))
        if thing is not None and so(thing):
            return True
        yield from mind.wait(seconds)
    return False


def boil(mind: Mind, wish: Wish) -> Way:
    """Put the kettle's lever down, and wait until it goes up by itself, or until one hears that it has boiled."""
    kettle = yield from named(mind, "kettle")
    lever = kettle and next((m for m in kettle.marks if m.what in LEVERS), None)
    if not lever:
        return "unknown"
    if lever.stands != "on":
        kettle = yield from press(mind, kettle, lever)
    boils = False
    step = 10.0 if lever.stands else LISTENING
    for _ in range(int(BOILING / step)):
        kettle = mind.view.of("kettle") if lever.stands else kettle
        kettle = kettle or (yield from named(mind, "kettle"))
        if kettle is not None and any(m.what in LEVERS and m.stands == "off" for m in kettle.marks):
            return "done"
        sounds = mind.view.sounds
        if boils and sounds.isdisjoint(BOILS):
            return "done"
        boils = boils or not sounds.isdisjoint(BOILS)
        yield from mind.wait(step)
    return "unknown"


def warm(mind: Mind, wish: Wish) -> Way:
    """Shut the microwave, key in the time, start it and wait for its end."""
    oven = yield from named(mind, "microwave")
    if oven is None:
        return "unknown"
    door = next((m for m in oven.marks if m.what == "door"), None)
    if door is not None and door.stands == "open":
        oven = yield from press(mind, oven, door, "close")
    key = oven.printed("1", "0")
    if key is None:
        return "unknown"
    minutes, seconds = divmod(round(wish.seconds), 60)
    digits = f"{minutes}{seconds:02d}" if minutes else str(seconds)
    oven = yield from press(mind, oven, key, "type", text=" ".join(digits))
    if oven.printed(*START) is None:
        oven = (yield from mind.uncovered(oven)) or oven
    start = oven.printed(*START)
    if start is None:
        return "unknown"
    oven = yield from press(mind, oven, start)
    if oven.display == "":
        return "unknown"
    yield from mind.wait(max(1.0, wish.seconds - 5.0))
    done = yield from until(mind, "microwave", _finished, 3.0)
    return "done" if done else "unknown"


def _finished(oven: Thing) -> bool:
    return any("done" in line for line in oven.shows) or bool(re.search("end", oven.display or "", re.IGNORECASE))


def stop(mind: Mind, wish: Wish) -> Way:
    """Stop an appliance once it runs, if it does within half a minute."""
    oven = yield from named(mind, wish.about[0])
    if oven is None:
        return "done"
    for _ in range(6):
        if any(line.endswith(" runs") for line in oven.shows):
            break
        yield from mind.wait(5.0)
        oven = mind.view.of(wish.about[0]) or (yield from named(mind, wish.about[0])) or oven
    for _ in range(2):
        key = oven.printed(*STOP)
        if key is not None:
            oven = yield from press(mind, oven, key)
    return "done"


def pause(mind: Mind, wish: Wish) -> Way:
    """Stop the microwave, wait as long as asked, and have it go on."""
    oven = yield from named(mind, "microwave")
    key = oven and oven.printed(*STOP)
    if not key:
        return "unknown"
    oven = yield from press(mind, oven, key)
    yield from mind.wait(wish.seconds + 1.0)
    oven = mind.view.of("microwave") or (yield from named(mind, "microwave"))
    key = oven and oven.printed(*START)
    if not key:
        return "unknown"
    yield from press(mind, oven, key)
    yield from mind.wait(1.0)
    return "done"


def programme(mind: Mind, wish: Wish) -> Way:
    """Turn the dial to a programme and press start."""
    washer = yield from named(mind, wish.about[0])
    if washer is None:
        return "unknown"
    if not (yield from turned(mind, washer, wish.value)):
        return "unknown"
    washer = mind.view.of(wish.about[0]) or (yield from named(mind, wish.about[0])) or washer
    start = washer.printed(*START)
    if start is None:
        return "unknown"
    yield from press(mind, washer, start)
    yield from mind.wait(2.0)
    return "done"


def turned(mind: Mind, thing: Thing, value: str) -> Way:
    """Turn one of a thing's knobs to a value, by the words for it; whether one of them went there."""
    words = [value.replace(" ", "_"), value, *value.split()]
    for mark in thing.marks:
        if mark.what and "knob" not in mark.what:
            continue
        for word in dict.fromkeys(words):
            now = yield from mind.again(thing, mark)
            if now is None:
                break
            yield from press(mind, thing, now, "turn", text=word)
            said = mind.view.said
            if said == "done":
                return True
            if "no position" not in said:
                break
    return False


def oven(mind: Mind, wish: Wish) -> Way:
    """Set an oven's mode and temperature, and wait till its heating lamp went on and out."""
    it = yield from named(mind, "oven")
    if it is None:
        return "unknown"
    mode, _, degrees = wish.value.rpartition(" ")
    for value in (mode, degrees):
        if not (yield from turned(mind, it, value)):
            return "unknown"
    yield from mind.wait(5.0)
    yield from until(mind, "oven", lambda thing: _lamp(thing) == "lit", 5.0)
    done = yield from until(mind, "oven", lambda thing: _lamp(thing) == "dark", 20.0)
    return "done" if done else "unknown"


def _lamp(thing: Thing) -> str:
    lines = [line for line in thing.shows if line.startswith("its indicator")]
    return "lit" if any(line.endswith(" lit") for line in lines) else "dark" if lines else ""


def burner(mind: Mind, wish: Wish) -> Way:
    """Hold one knob after the other until the right flame burns, and turn off again what was lit by mistake."""
    hob = yield from named(mind, "gas hob")
    if hob is None:
        return "unknown"
    if not any("flame" in line for line in hob.shows):
        return "unknown"  # one couldn't see which burner it is
    for mark in [m for m in hob.marks if "knob" in m.what]:
        now = yield from mind.again(hob, mark)
        if now is None:
            continue
        yield from press(mind, hob, now, "hold", 5.0, "max")
        if mind.view.said != "done":
            continue
        flame = yield from _flames(mind)
        if wish.value in flame:
            return "done"
        now = yield from mind.again(hob, mark)
        if now is not None:
            yield from press(mind, hob, now, "turn", text="off")
    return "impossible"


def _flames(mind: Mind) -> Way:
    """The burners that are seen to burn."""
    hob = mind.view.of("gas hob")
    for text in ("", "down", "up"):
        if text:
            yield from mind.do("look", text=text)
        hob = mind.view.of("gas hob")
        found = [re.search(r"the (.+) burner's flame is at (\d+)%", line) for line in (hob.shows if hob else ())]
        burning = {match.group(1) for match in found if match and int(match.group(2)) > 0}
        if burning:
            return burning
    return set()


def dim(mind: Mind, wish: Wish) -> Way:
    """Turn a dimmer well down: what may be one is tried, till something turns."""
    for _ in range(DIMMERS):
        plate = yield from mind.look_about(lambda thing: next(_dimmers(mind, thing), None) is not None)
        if plate is None:
            return "unknown"
        yield from press(mind, plate, next(_dimmers(mind, plate)), "turn", text=DIMMED)
        if mind.view.said == "done":
            return "done"
    return "unknown"


def _dimmers(mind: Mind, thing: Thing) -> Iterator[Mark]:
    """The marks of a thing that may be a dimmer's knob and weren't tried; surely a knob before what may be anything."""
    for mark in thing.marks:
        sure = thing.name == "dimmer plate" and ("knob" in mark.what or mark.what == "slider")
        guess = thing.name != "dimmer plate" and thing.may_be(*PLATES) and mark.what in ("", "rocker")
        if (sure or (guess and mind.view.bright is not None)) and not mind.tried(thing, mark):
            yield mark


def panel(mind: Mind, wish: Wish) -> Way:
    """Wake a touch panel, press what is written for what is wished, and go and look."""
    it = yield from mind.find(lambda thing: thing.may_be("home panel"), rooms=rooms_for(mind, "home panel"))
    if it is None:
        return "unknown"
    yield from mind.do("press", it.marks[0].number)
    it = yield from mind.uncovered(it)
    button = it.printed(*ALL_OFF) if it is not None and not wish.on else None
    if it is None or button is None:
        return "unknown"
    yield from press(mind, it, button)
    yield from mind.go(mind.asked.room)
    yield from mind.look_about(lambda thing: False)
    return "done"
