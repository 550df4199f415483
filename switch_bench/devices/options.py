"""Reading a scene's options for a device: each function checks one shape of option and names it in its `ValueError`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


def labels(options: Mapping[str, Any], count: int, name: str = "labels") -> tuple[str, ...]:
    """At most `count` labels, made up to `count` with empty ones.

    Raises:
        ValueError: the option isn't a list, or there are too many.
    """
    given = options[name]
    if isinstance(given, str):
        raise ValueError(f"{name}: expected a list of labels, got the one text {given!r}")
    if len(given) > count:
        raise ValueError(f"{name}: {len(given)} given, but there is room for {count}")
    return (*map(str, given), *[""] * (count - len(given)))


def wiring(options: Mapping[str, Any], count: int, name: str = "wiring") -> str:
    """Which of `count` contacts feeds each consumer in turn, a digit each; straight through if the option is empty.

    Raises:
        ValueError: it isn't a permutation of the digits 1 … count.
    """
    straight = "".join(str(i + 1) for i in range(count))
    given = str(options[name]) or straight
    if sorted(given) != list(straight):
        raise ValueError(
            f"{name}: {given!r} must name each of {straight} once (in quotes), in the order of what is fed"
        )
    return given


def number(options: Mapping[str, Any], name: str, low: float, high: float) -> float:
    """A number in [low, high].

    Raises:
        ValueError: it isn't a number, or not in the range.
    """
    given = options[name]
    if isinstance(given, bool) or not isinstance(given, int | float) or not low <= given <= high:
        raise ValueError(f"{name}: expected a number from {low:g} to {high:g}, got {given!r}")
    return float(given)


def one_word(options: Mapping[str, Any], name: str) -> str:
    """A name without spaces or commas.

    Raises:
        ValueError: it is empty, or has one.
    """
    given = str(options[name])
    if not given or set(given) & set(" ,\t\n"):
        raise ValueError(f"{name}: expected one word, got {given!r}")
    return given
