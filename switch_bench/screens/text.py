"""The language of displays: a str output may say how the shown text runs on by itself.

A countdown that wrote its digits every second would be an event a second. Instead the device writes once, when
something happens, and whoever draws the display fills in the time:

    {clock}             the house's time of day, HH:MM
    {time:<zero>}       HH:MM since `zero` [µs], which may be negative, round the day: a clock that was set by hand
    {left:<end>}        m:ss until the absolute simulated time `end` [µs], rounded up to a second; 0:00 afterwards
    {left_hm:<end>}     h:mm until `end`, rounded up to a minute
    {since:<start>}     m:ss since `start` [µs], rounded down; 0:00 before
    {blink:<words>}     the words in the first half of every second of simulated time, as many spaces in the second

Everything else stands for itself; "{{" is a brace.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable
from functools import lru_cache

from switch_bench.network.declare import MINUTE, SECOND, Value

DAY = 24 * 60 * MINUTE
BLINK = SECOND // 2
_PART = re.compile(r"\{\{|\{([^{}]*)\}|([^{}]+)|(.)", re.DOTALL)

# A part that runs: what it shows at (now, clock), and the next time [µs] at which that may differ.
Shows = Callable[[int, int], str]
Changes = Callable[[int, int], int | None]


class DisplayTextError(ValueError):
    """A display's text that isn't in the language of displays."""


def check_text(value: str) -> None:
    """Raise `DisplayTextError` if `value` is malformed; says where and what is allowed."""
    _parse(value)


def text(value: Value, now: int, clock: int) -> str:
    """What a display shows of `value` at the simulated time `now` [µs].

    clock: the house's time of day [µs] at simulated time 0.

    Raises:
        DisplayTextError: `value` is malformed.
    """
    if not isinstance(value, str):
        return str(value)
    return "".join(part if isinstance(part, str) else part[0](now, clock) for part in _parse(value))


def next_change(value: Value, now: int, clock: int) -> int | None:
    """The first time [µs] after `now` at which `text(value, …)` differs from what it is now; None: it never does.

    Raises:
        DisplayTextError: `value` is malformed.
    """
    if not isinstance(value, str):
        return None
    running = [part[1] for part in _parse(value) if not isinstance(part, str)]
    shown = text(value, now, clock)
    at = now
    while True:
        times = [t for t in (changes(at, clock) for changes in running) if t is not None]
        if not times:
            return None
        at = min(times)
        if text(value, at, clock) != shown:
            return at


@lru_cache(maxsize=1024)
def _parse(value: str) -> tuple[str | tuple[Shows, Changes], ...]:
    parts: list[str | tuple[Shows, Changes]] = []
    for match in _PART.finditer(value):
        if match.group() == "{{":
            parts.append("{")
        elif match.group(1) is not None:
            parts.append(_running(match.group(1), value, match.start()))
        elif match.group(2) is not None:
            parts.append(match.group(2))
        elif match.group(3) == "}":
            parts.append("}")
        else:
            raise DisplayTextError(
                f"{value!r}, character {match.start()}: this brace isn't closed; write {{{{ for a brace"
            )
    return tuple(parts)


def _running(inner: str, value: str, at: int) -> tuple[Shows, Changes]:
    where = f"{value!r}, character {at}"
    name, colon, argument = inner.partition(":")
    if name == "clock" and not colon:
        return _clock, _clock_changes
    if name == "blink" and argument:
        return _blink(argument)
    if name in _TIMES and colon:
        try:
            return _TIMES[name](int(argument))
        except ValueError:
            raise DisplayTextError(f"{where}: {name} wants whole microseconds, not {argument!r}") from None
    known = ("clock", "blink", *_TIMES)
    close = difflib.get_close_matches(name, known, n=1)
    hint = (
        f"did you mean {{{close[0]}{'' if close[0] == 'clock' else ':…'}}}?" if close else f"known: {', '.join(known)}"
    )
    raise DisplayTextError(f"{where}: can't read {{{inner}}}; {hint}")


def _clock(now: int, clock: int) -> str:
    minute = (clock + now) % DAY // MINUTE
    return f"{minute // 60:02d}:{minute % 60:02d}"


def _clock_changes(now: int, clock: int) -> int:
    return now + MINUTE - (clock + now) % MINUTE


def _time(zero: int) -> tuple[Shows, Changes]:
    return (lambda now, clock: _clock(now, -zero)), (lambda now, clock: _clock_changes(now, -zero))


def _blink(words: str) -> tuple[Shows, Changes]:
    def shows(now: int, clock: int) -> str:
        return words if now % SECOND < BLINK else " " * len(words)

    def changes(now: int, clock: int) -> int | None:
        return now + BLINK - now % BLINK if words.strip(" ") else None

    return shows, changes


def _left(end: int, unit: int = SECOND) -> tuple[Shows, Changes]:
    def count(now: int) -> int:
        return max(-((now - end) // unit), 0)

    def changes(now: int, clock: int) -> int | None:
        n = count(now)
        return end - (n - 1) * unit if n else None

    return (lambda now, clock: _pair(count(now))), changes


def _left_hm(end: int) -> tuple[Shows, Changes]:
    return _left(end, MINUTE)


def _since(start: int) -> tuple[Shows, Changes]:
    def count(now: int) -> int:
        return max((now - start) // SECOND, 0)

    return (lambda now, clock: _pair(count(now))), (lambda now, clock: start + (count(now) + 1) * SECOND)


def _pair(n: int) -> str:
    return f"{n // 60}:{n % 60:02d}"


_TIMES: dict[str, Callable[[int], tuple[Shows, Changes]]] = {
    "time": _time,
    "left": _left,
    "left_hm": _left_hm,
    "since": _since,
}
