"""Floats added in one way, whichever Python adds them."""

from __future__ import annotations

from collections.abc import Iterable


def total(values: Iterable[float]) -> float:
    """The sum, from left to right, each partial sum rounded; 0.0 of nothing.

    The built-in `sum` does the same up to Python 3.11. From 3.12 on it carries what rounding lost along (Neumaier), so
    that its last bits differ, and with them every state that hangs on one.
    """
    found = 0.0
    for value in values:
        found += value
    return found
