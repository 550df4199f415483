"""What a signal may hold."""

from __future__ import annotations

from math import isfinite
from typing import Any

from switch_bench.network.declare import Value
from switch_bench.network.errors import InvalidValue


def fitted(value: Any, kind: type, allowed: tuple[Value, ...], where: str) -> Value:
    """`value` as a `kind`: whole numbers go for floats, nothing else for anything else.

    Raises:
        InvalidValue: another type, not finite, or not among `allowed` (if there are any).
    """
    if type(value) is not kind:
        if isinstance(value, bool) or not isinstance(value, (float, int) if kind is float else kind):
            raise InvalidValue(f"{where}: expected {_a(kind)}, got {value!r}")
        value = kind(value)
    if kind is float and not isfinite(value):
        raise InvalidValue(f"{where}: expected a finite number, got {value!r}")
    if allowed and value not in allowed:
        raise InvalidValue(f"{where}: {value!r} is none of {', '.join(repr(v) for v in allowed)}")
    return value


def number(value: Any, where: str) -> float:
    """`value` as a finite float.

    Raises:
        InvalidValue: it isn't one.
    """
    return float(fitted(value, float, (), where))


def _a(kind: type) -> str:
    return {bool: "True or False", int: "a whole number", float: "a number", str: "a text"}[kind]
