"""What is done for each kind of wish, and the whole of an episode: the wishes in turn, then an honest report."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from . import _appliances, _breakers, _lights
from ._asked import Wish
from ._mind import MOST, Mind, Spent, Way, report

SPARE = 10  # skills kept for putting things back

WAYS: Mapping[str, Callable[[Mind, Wish], Way]] = {
    "light": _lights.light,
    "dim": _appliances.dim,
    "panel": _appliances.panel,
    "restore": _breakers.restore,
    "find_breaker": _breakers.find_breaker,
    "boil": _appliances.boil,
    "warm": _appliances.warm,
    "stop": _appliances.stop,
    "pause": _appliances.pause,
    "programme": _appliances.programme,
    "oven": _appliances.oven,
    "burner": _appliances.burner,
}


def live(mind: Mind) -> Way:
    """An episode: each wish in its turn; then what was changed unasked is put back, and the outcome is reported.

    Where nothing is understood, or it can't be said how things are, nothing is reported.
    """
    outcome = "unknown"
    try:
        for wish in mind.asked.wishes:
            outcome = yield from WAYS[wish.kind](mind, wish)
            if outcome != "done":
                break
    except Spent:
        outcome = "unknown"
    if mind.undo:
        mind.calls = min(mind.calls, MOST - SPARE)
        try:
            yield from mind.put_back()
        except Spent:
            outcome = "unknown"
    if outcome != "unknown":
        yield report(outcome)
