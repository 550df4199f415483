"""What stands in a formula's comparisons: numbers with units, texts and signals; how they add up and compare."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Literal, cast

from switch_bench.network.declare import Value
from switch_bench.network.flow import Anchor
from switch_bench.verify import stl_ast as ast
from switch_bench.verify.stl_lex import KEYWORDS, Token, did_you_mean, wrong
from switch_bench.verify.units import dimension


@dataclass(frozen=True, slots=True)
class Number:
    """A value in arithmetic, in base units: Σ factor · signal + constant.

    bare: no unit is known, so that it takes the other side's. flow: one of its signals is a flow. readings: of a
    temperature, how many readings in degC it sums up (a difference, in K, none); None: that isn't known.
    """

    terms: tuple[tuple[float, str], ...]
    constant: float
    dimension: str
    unit: str
    bare: bool
    flow: bool = False
    readings: float | None = 0.0

    def scaled(self, factor: float) -> Number:
        """It times a plain number."""
        terms = tuple((factor * f, n) for f, n in self.terms)
        readings = None if self.readings is None else factor * self.readings
        return replace(self, terms=terms, constant=factor * self.constant, readings=readings)

    def taking(self, unit: str) -> Number:
        """This plain number in `unit`; a signal without a unit of its own is taken to be in base units."""
        dim, factor = dimension(unit)
        constant = self.constant if self.terms else factor * self.constant
        return replace(self, constant=constant, dimension=dim, unit=unit, bare=False, readings=None)

    @property
    def asked(self) -> str:
        """The unit in which it is compared with a plain number: K, where it looks like a difference of temperatures."""
        difference = self.readings == 0 or (self.readings is None and self.constant < 0)
        return "K" if self.dimension == "temperature" and difference else self.unit

    @property
    def linear(self) -> ast.Linear:
        """It as a node."""
        return ast.Linear(self.terms, self.constant, self.unit)

    def __str__(self) -> str:
        what = self.terms[0][1] if len(self.terms) == 1 else "this"
        return f"{what} ({self.dimension or 'a plain number'}{f', {self.unit}' if self.unit else ''})"


@dataclass(frozen=True, slots=True)
class Text:
    """A text in quotes."""

    value: str


@dataclass(frozen=True, slots=True)
class Name:
    """A signal that is bool or str, or whose type isn't known. values: those it can have, if they are known."""

    name: str
    type: Literal["bool", "str", "unknown"]
    values: tuple[Value, ...] = ()

    @property
    def what(self) -> str:
        """Its type in words."""
        return "a text" if self.type == "str" else "true or false"


@dataclass(frozen=True, slots=True)
class Abs:
    """The absolute value of a number."""

    of: Number


Item = Number | Text | Name | Abs | ast.Node


def signal(token: Token, signals: Mapping[str, Any] | None) -> Item:
    """The signal a word names; its table entry has `.initial` and `.unit`, and may have `.values` and `.kind`."""
    if signals is None:
        return Name(token.text, "unknown")
    info = signals.get(token.text)
    if info is None:
        hint = did_you_mean(token.text, [*signals, *KEYWORDS])
        raise wrong(token, f"there is no signal {token.text!r}", hint)
    values = tuple(getattr(info, "values", ()))
    if isinstance(info.initial, bool):
        return Name(token.text, "bool", values)
    if isinstance(info.initial, str):
        return Name(token.text, "str", values)
    dim, factor = dimension(info.unit)
    flow = isinstance(info.initial, Anchor) or getattr(info, "kind", "") == "flow"
    return Number(((factor, token.text),), 0.0, dim, info.unit, dim == "", flow, readings(info.unit))


def readings(unit: str) -> float:
    """How many temperatures a number in this unit is: one in degC, none in K, which is for their differences."""
    return 1.0 if dimension(unit)[0] == "temperature" and unit != "K" else 0.0


def truth(item: Item, at: Token) -> ast.Node:
    """The item as something true or false."""
    match item:
        case Name(name, "str", values):
            known = f" (one of {', '.join(map(repr, values))})" if values else ""
            raise wrong(at, f"{name} is a text, not true or false", f'compare it: {name} == "…"{known}')
        case Name(name, _, _):
            return ast.Is(name, True)
        case Number() | Abs() | Text():
            what = "a text" if isinstance(item, Text) else "a number"
            raise wrong(at, f"expected something true or false, found {what}", "compare it with >=, <=, == …")
        case _:
            return item


def number(item: Item, at: Token) -> Number:
    """The item as a number."""
    match item:
        case Number():
            return item
        case Name(name, "unknown", _):
            return Number(((1.0, name),), 0.0, "", "", True)
        case Name(name, _, _):
            raise wrong(at, f"{name} is {item.what}, not a number")
        case Abs():
            raise wrong(at, "abs( ) must stand alone on its side of a comparison")
        case _:
            raise wrong(at, "expected a number here")


def agree(a: Number, b: Number, at: Token) -> tuple[Number, Number]:
    """Both in one dimension; a bare one takes the other's unit."""
    if a.dimension == b.dimension:
        return a, b
    if a.bare:
        return a.taking(b.asked), b
    if b.bare:
        return a, b.taking(a.asked)
    raise wrong(at, f"{a} and {b} can't be compared or added")


def add(a: Number, b: Number, at: Token) -> Number:
    """The sum."""
    a, b = agree(a, b, at)
    bare, flow = a.bare and b.bare, a.flow or b.flow
    count = None if a.readings is None or b.readings is None else a.readings + b.readings
    return Number(a.terms + b.terms, a.constant + b.constant, a.dimension, a.unit or b.unit, bare, flow, count)


def multiply(a: Number, b: Number, at: Token) -> Number:
    """The product; one of the two must be constant, and one without a dimension."""
    if a.terms and b.terms:
        raise wrong(at, "a product of two signals can't be judged exactly")
    if not a.bare and not b.bare and "share" not in (a.dimension, b.dimension):
        raise wrong(at, f"can't multiply {a} by {b}", "one must be a plain number")
    scaled, by = (b, a) if b.terms else (a, b)
    unit = scaled if not scaled.bare and scaled.dimension != "share" else by
    out = scaled.scaled(by.constant)
    if unit is scaled:
        count = out.readings
    else:
        count = None if scaled.terms or by.readings is None else scaled.constant * by.readings
    return Number(out.terms, out.constant, unit.dimension, unit.unit, scaled.bare and by.bare, out.flow, count)


def inverse(n: Number, at: Token) -> Number:
    """One over a constant."""
    if n.terms:
        raise wrong(at, "can't divide by a signal", "multiply the other side by it instead")
    if n.constant == 0:
        raise wrong(at, "division by zero")
    return Number((), 1.0 / n.constant, n.dimension, n.unit, n.bare)


def compare(left: Item, op: Token, right: Item, at: Token, begin: Token) -> ast.Node:
    """`left op right`, which begin at the words `at` and `begin`."""
    operator = cast("ast.Operator", op.text)
    equality = operator in ("==", "!=")
    for item, token in ((left, at), (right, begin)):
        if not isinstance(item, Number | Text | Name | Abs | ast.Constant):
            raise wrong(token, "a condition can't be compared", "put it in brackets, or join it with and, or")
    node: ast.Node | None = None
    if equality:
        node = _equal(left, right, begin) or _equal(right, left, at)
    if node is None and equality and isinstance(left, Name) and isinstance(right, Name):
        if left.type != right.type and "unknown" not in (left.type, right.type):
            raise wrong(op, f"{left.name} ({left.what}) and {right.name} ({right.what}) are never equal")
        node = ast.Same(left.name, right.name)
    if node is not None:
        return ast.Not(node) if operator == "!=" else node
    if isinstance(left, Abs):
        return _compare_abs(left, operator, number(right, begin), op)
    if isinstance(right, Abs):
        mirrored: dict[str, ast.Operator] = {">=": "<=", ">": "<", "<=": ">=", "<": ">"}
        return _compare_abs(right, mirrored.get(operator, operator), number(left, at), op)
    a, b = agree(number(left, at), number(right, begin), op)
    _match(a, b, op)
    if equality and (a.flow or b.flow):
        raise wrong(op, "a flow is never exactly equal to anything", "write abs(… - …) <= …")
    return ast.Compare(a.linear, operator, b.linear)


def _match(a: Number, b: Number, op: Token) -> None:
    """Raises where a temperature is compared with a difference of temperatures."""
    if a.readings is None or b.readings is None or (abs(a.readings) < 1e-9) == (abs(b.readings) < 1e-9):
        return
    what = ["a difference of temperatures" if abs(n) < 1e-9 else "a temperature" for n in (a.readings, b.readings)]
    raise wrong(op, f"{what[0]} can't be compared with {what[1]}", "temperatures are in degC, their differences in K")


def _compare_abs(item: Abs, operator: ast.Operator, bound: Number, op: Token) -> ast.Node:
    inner, limit = agree(item.of, bound, op)
    _match(inner, limit, op)
    sides = tuple(ast.Compare(side.linear, operator, limit.linear) for side in (inner, inner.scaled(-1.0)))
    if operator in ("<=", "<"):
        return ast.And(sides)
    if operator in (">=", ">"):
        return ast.Or(sides)
    raise wrong(op, "abs( ) is compared with <, <=, > or >= only")


def _equal(name: Item, value: Item, at: Token) -> ast.Node | None:
    """A signal equal to a text or truth value; None if it is not that."""
    if not isinstance(name, Name) or not isinstance(value, Text | ast.Constant):
        return None
    if name.type not in ("str" if isinstance(value, Text) else "bool", "unknown"):
        hint = "write it bare, or with not" if name.type == "bool" else "write the value in quotes"
        raise wrong(at, f"{name.name} is {name.what}", hint)
    if name.values and value.value not in name.values:
        known = [str(v) for v in name.values]
        hint = did_you_mean(str(value.value), known) or f"one of {', '.join(known)}"
        raise wrong(at, f"{name.name} is never {value.value!r}", hint)
    return ast.Is(name.name, value.value)
