"""Quantities written with their unit ("60 s", "0.4 m", "95 degC"), read into one base unit a dimension.

A bare number is taken in the base unit; of times that is the second, though a duration is kept in microseconds.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from math import isfinite

from switch_bench.spec.errors import did_you_mean

SECOND = 1_000_000  # µs
NUMBER = re.compile(r"\s*([+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?)\s*(.*?)\s*", re.DOTALL | re.ASCII)
FAR = 10**18  # a number further from 0 than this is a slip, and would overflow what is made of it


@dataclass(frozen=True)
class Dimension:
    """What is measured. units: factors to the base unit, which comes first; an offset is added."""

    name: str
    units: Mapping[str, Fraction]
    offsets: Mapping[str, Fraction]

    @property
    def base(self) -> str:
        """The unit a bare number is in."""
        return next(iter(self.units))


def _dimension(name: str, offsets: Mapping[str, str] | None = None, /, **units: str) -> Dimension:
    return _table(name, units, offsets)


def _table(name: str, units: Mapping[str, str], offsets: Mapping[str, str] | None = None) -> Dimension:
    return Dimension(
        name,
        {unit: Fraction(factor) for unit, factor in units.items()},
        {unit: Fraction(offset) for unit, offset in (offsets or {}).items()},
    )


TIME = _dimension("time", s="1", us="1e-6", ms="0.001", min="60", h="3600", d="86400")
LENGTH = _dimension("length", m="1", mm="0.001", cm="0.01")
ANGLE = _table("angle", {"deg": "1", "°": "1", "rad": "57.29577951308232"})  # 180/π degrees
TEMPERATURE = _table("temperature", {"degC": "1", "°C": "1", "K": "1"}, {"K": "-273.15"})
DIFFERENCE = _dimension("temperature difference", K="1")
ILLUMINANCE = _dimension("illuminance", lx="1", klx="1000")
VOLUME = _dimension("volume", l="1", ml="0.001", m3="1000")
MASS = _dimension("mass", kg="1", g="0.001")
POWER = _dimension("power", W="1", kW="1000", mW="0.001")
CURRENT = _dimension("current", A="1", mA="0.001")
VOLTAGE = _dimension("voltage", V="1", mV="0.001")
CAPACITY = _table("heat capacity", {"J/K": "1", "kJ/K": "1000", "MJ/K": "1000000"})
CONDUCTANCE = _table("thermal conductance", {"W/K": "1"})
SHARE = _table("share", {"": "1", "%": "0.01"})

DIMENSIONS = (
    *(TIME, LENGTH, ANGLE, TEMPERATURE, ILLUMINANCE, VOLUME, MASS, POWER, CURRENT, VOLTAGE, CAPACITY, CONDUCTANCE),
    SHARE,
)


class UnitError(ValueError):
    """Not a quantity of the dimension that is wanted; says what was expected and what came close."""


def parse(value: object, dimension: Dimension) -> float:
    """A number or a text such as "1.7 l" in the dimension's base unit. Raises `UnitError`."""
    return float(_exact(value, dimension))


def microseconds(value: object) -> int:
    """A duration ("90 s", "1.5 min", or a bare number of seconds) in microseconds, the nearest. Raises `UnitError`."""
    return round(_exact(value, TIME) * SECOND)


def plain(text: str) -> float | None:
    """The number in base units if `text` is a quantity of any known dimension with its unit written; else None."""
    match = NUMBER.fullmatch(text)
    if not match or not match[2]:
        return None
    for dimension in DIMENSIONS:
        if match[2] in dimension.units:
            return parse(text, dimension)
    return None


def duration(us: int) -> str:
    """A duration [µs] as a file has it, in the largest unit that divides it: the inverse of `microseconds`."""
    for unit in ("h", "min", "s", "ms"):
        size = int(TIME.units[unit] * SECOND)
        if us % size == 0 and (us or unit == "s"):
            return f"{us // size} {unit}"
    return f"{us} us"


def _exact(value: object, dimension: Dimension) -> Fraction:
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        raise UnitError(f"expected {_wanted(dimension)}, got {_short(value)}")
    if isinstance(value, int | float):
        if not isfinite(value) or abs(value) > FAR:
            raise UnitError(f"expected {_wanted(dimension)} that is finite, got {value}")
        return Fraction(str(value))
    match = NUMBER.fullmatch(value)
    if not match:
        raise UnitError(f"expected {_wanted(dimension)}, got {value!r}")
    number, unit = match.groups()
    decimal = Decimal(number)
    if decimal and not -400 <= decimal.adjusted() < 18:
        raise UnitError(f"expected {_wanted(dimension)} of a size that means something, got {value!r}")
    if unit and unit not in dimension.units:
        raise UnitError(_wrong_unit(value, unit, dimension))
    unit = unit or dimension.base
    return Fraction(decimal) * dimension.units[unit] + dimension.offsets.get(unit, Fraction(0))


def _wanted(dimension: Dimension) -> str:
    example = f"60 {dimension.base}".strip()
    return f"a {dimension.name} such as '{example}'"


def _wrong_unit(value: str, unit: str, dimension: Dimension) -> str:
    other = next((d.name for d in DIMENSIONS if unit in d.units), None)
    what = f"is in {unit!r}, a unit of {other}" if other else f"has the unknown unit {unit!r}"
    near = sorted(u for u in dimension.units if u and (u.startswith(unit) or unit.startswith(u)))
    hint = did_you_mean(unit, filter(None, dimension.units), "units")
    if near:
        hint = f"Did you mean {' or '.join(map(repr, near))}?"
    return f"expected {_wanted(dimension)}, but {value!r} {what}. {hint}".strip()


def _short(value: object) -> str:
    text = repr(value)
    return text if len(text) <= 60 else text[:57] + "…"
