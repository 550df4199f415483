"""Reading formulas: from text to nodes, with units resolved and signals checked against a table.

From loose to tight: ``implies`` (to the right), ``or``, ``and``, ``until``/``since``, ``not`` and the temporal
operators, ``… for 5 s`` and ``… within 30 s``, comparison, ``+ -``, ``* /``.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from switch_bench.network.declare import Value
from switch_bench.network.flow import Anchor
from switch_bench.verify import stl_ast as ast
from switch_bench.verify.intervals import FOREVER
from switch_bench.verify.stl_lex import KEYWORDS, FormulaError, Token, did_you_mean, tokens
from switch_bench.verify.units import MICROSECONDS, UNITS, dimension

MOVED = 0.05  # m: what counts as having been moved where no distance is given

_DEPTH = 60  # of nesting; more is no formula a person wrote


@dataclass(frozen=True, slots=True)
class _Number:
    """A value in arithmetic, in base units. bare: no unit is known, so it takes the other side's."""

    terms: tuple[tuple[float, str], ...]
    constant: float
    dimension: str
    unit: str
    bare: bool

    def scaled(self, factor: float) -> _Number:
        terms = tuple((factor * f, n) for f, n in self.terms)
        return _Number(terms, factor * self.constant, self.dimension, self.unit, self.bare)

    def taking(self, unit: str) -> _Number:
        """This plain number in `unit`; a signal without a unit of its own is taken to be in base units."""
        dim, factor = dimension(unit)
        return _Number(self.terms, self.constant if self.terms else factor * self.constant, dim, unit, False)


@dataclass(frozen=True, slots=True)
class _Text:
    value: str


@dataclass(frozen=True, slots=True)
class _Name:
    """A signal whose type isn't known yet, or is bool or str."""

    name: str
    type: Literal["bool", "str", "unknown"]
    values: tuple[Value, ...]


@dataclass(frozen=True, slots=True)
class _Abs:
    of: _Number


_Item = _Number | _Text | _Name | _Abs | ast.Node
_NODES = (
    ast.Constant,
    ast.Compare,
    ast.Is,
    ast.Same,
    ast.Spatial,
    ast.Not,
    ast.And,
    ast.Or,
    ast.Implies,
    ast.Window,
    ast.Binary,
    ast.Edge,
    ast.For,
)


def parse(
    text: str,
    signals: Mapping[str, Any] | None = None,
    places: Collection[str] | None = None,
    objects: Collection[str] | None = None,
) -> ast.Node:
    """The formula `text` says.

    signals: name → what has `.initial` and `.unit` (`SignalInfo`, `Signal`, `Flow`), for checking names, types and
    units; without it every name is taken. places and objects: what `in`, `on`, `moved` and `fallen` may name.
    Raises `FormulaError`.
    """
    return _Parser(text, signals, places, objects).formula()


class _Parser:
    def __init__(
        self,
        text: str,
        signals: Mapping[str, Any] | None,
        places: Collection[str] | None,
        objects: Collection[str] | None,
    ):
        self.text, self.signals, self.places, self.objects = text, signals, places, objects
        self.words = tokens(text)
        self.i = 0
        self.depth = 0

    # words

    @property
    def next(self) -> Token:
        return self.words[self.i]

    def take(self) -> Token:
        token = self.words[self.i]
        if token.kind != "end":
            self.i += 1
        return token

    def met(self, *texts: str) -> bool:
        """Take the next word if it is one of these."""
        if self.next.kind in ("op", "name") and self.next.text in texts:
            self.i += 1
            return True
        return False

    def expect(self, text: str, where: str) -> Token:
        if self.next.kind not in ("op", "name") or self.next.text != text:
            raise self.wrong(self.next, f"expected {text!r} {where}, found {self.next}")
        return self.take()

    def wrong(self, at: Token, problem: str, hint: str = "") -> FormulaError:
        return FormulaError(self.text, at.at, problem, hint)

    # formulas

    def formula(self) -> ast.Node:
        if self.next.kind == "end":
            raise self.wrong(self.next, "the formula is empty", "expected a condition, such as lamp.on")
        node = self.truth(self.implies)
        if self.next.kind != "end":
            raise self.wrong(self.next, f"expected and, or, implies, until, for, within or the end, found {self.next}")
        return node

    def truth(self, rule: Callable[[], _Item]) -> ast.Node:
        start = self.next
        return self.as_truth(rule(), start)

    def as_truth(self, item: _Item, at: Token) -> ast.Node:
        if isinstance(item, _Name):
            if item.type == "str":
                values = ", ".join(repr(v) for v in item.values)
                hint = f'compare it: {item.name} == "…"' + (f" (one of {values})" if values else "")
                raise self.wrong(at, f"{item.name} is a text, not true or false", hint)
            return ast.Is(item.name, True)
        if isinstance(item, _NODES):
            return item
        what = "a text" if isinstance(item, _Text) else "a number"
        raise self.wrong(at, f"expected something true or false, found {what}", "compare it with >=, <=, == …")

    def implies(self) -> _Item:
        start = self.next
        self.depth += 1
        if self.depth > _DEPTH:
            raise self.wrong(start, f"nested more than {_DEPTH} deep")
        left = self.either()
        if self.met("implies"):
            left = ast.Implies(self.as_truth(left, start), self.truth(self.implies))
        self.depth -= 1
        return left

    def either(self) -> _Item:
        return self.chain("or", self.both, ast.Or)

    def both(self) -> _Item:
        return self.chain("and", self.until, ast.And)

    def chain(self, word: str, rule: Callable[[], _Item], make: Callable[[tuple[ast.Node, ...]], ast.Node]) -> _Item:
        start = self.next
        first = rule()
        if not (self.next.kind == "name" and self.next.text == word):
            return first
        parts = [self.as_truth(first, start)]
        while self.met(word):
            parts.append(self.truth(rule))
        return make(tuple(parts))

    def until(self) -> _Item:
        start = self.next
        left = self.unary()
        while self.next.kind == "name" and self.next.text in ("until", "since"):
            kind = "until" if self.take().text == "until" else "since"
            lo, hi = self.window()
            left = ast.Binary(kind, lo, hi, self.as_truth(left, start), self.truth(self.unary))
        return left

    def unary(self) -> _Item:
        self.depth += 1
        if self.depth > _DEPTH:
            raise self.wrong(self.next, f"nested more than {_DEPTH} deep")
        token = self.next
        item: _Item
        if self.met("not"):
            item = ast.Not(self.truth(self.unary))
        elif token.kind == "name" and token.text in ("always", "eventually", "once", "historically"):
            self.take()
            lo, hi = self.window()
            item = ast.Window(token.text, lo, hi, self.truth(self.unary))  # pyright: ignore[reportArgumentType]
        else:
            item = self.held()
        self.depth -= 1
        return item

    def held(self) -> _Item:
        start = self.next
        item = self.comparison()
        while self.next.kind == "name" and self.next.text in ("for", "within"):
            word = self.take()
            length = self.duration(f"after {word.text}")
            body = self.as_truth(item, start)
            item = ast.For(body, length) if word.text == "for" else ast.Window("eventually", 0, length, body)
        return item

    # times

    def window(self) -> tuple[int, int]:
        if not self.met("["):
            return 0, FOREVER
        first = self.next
        low = self.bound()
        self.expect(",", "between the bounds of the window")
        high = self.bound()
        self.expect("]", "after the window")
        (lo, lo_unit), (hi, hi_unit) = low, high
        if hi is None:
            upper = FOREVER
        else:
            unit = hi_unit or lo_unit
            if unit is None and hi != 0:
                raise self.wrong(first, "this window has no unit of time", f"expected one of {', '.join(MICROSECONDS)}")
            upper = round(hi * MICROSECONDS[unit or "s"])
        if lo is None:
            raise self.wrong(first, "a window can't begin at its end")
        unit = lo_unit or hi_unit
        if unit is None and lo != 0:
            raise self.wrong(first, "this window has no unit of time", f"expected one of {', '.join(MICROSECONDS)}")
        lower = round(lo * MICROSECONDS[unit or "s"])
        if upper < lower:
            raise self.wrong(first, "this window ends before it begins", "expected [earlier, later]")
        return lower, upper

    def bound(self) -> tuple[float | None, str | None]:
        if self.met("inf", "end"):
            return None, None
        token = self.next
        if token.kind != "number":
            raise self.wrong(token, f"expected a time such as 30 s, or inf, found {token}")
        self.take()
        return float(token.text), self.time_unit()

    def time_unit(self) -> str | None:
        if self.next.kind != "name":
            return None
        token = self.take()
        if token.text not in MICROSECONDS:
            near = did_you_mean(token.text, MICROSECONDS)
            raise self.wrong(
                token, f"expected a unit of time, found {token}", near or f"one of {', '.join(MICROSECONDS)}"
            )
        return token.text

    def duration(self, where: str) -> int:
        token = self.next
        if token.kind != "number":
            raise self.wrong(token, f"expected a duration such as 5 s {where}, found {token}")
        self.take()
        unit = self.time_unit()
        if unit is None:
            raise self.wrong(self.next, f"expected a unit of time {where} {token.text}", "such as s or min")
        return round(float(token.text) * MICROSECONDS[unit])

    # comparison and arithmetic

    def comparison(self) -> _Item:
        start = self.next
        left = self.sum()
        parts: list[ast.Node] = []
        while self.next.kind == "op" and self.next.text in (">=", ">", "<=", "<", "==", "!="):
            operator = self.take()
            begin = self.next
            right = self.sum()
            parts.append(self.compare(left, operator, right, start, begin))
            left, start = right, begin
        if not parts:
            return left
        return parts[0] if len(parts) == 1 else ast.And(tuple(parts))

    def compare(self, left: _Item, op: Token, right: _Item, at: Token, begin: Token) -> ast.Node:
        operator: Any = op.text
        equality = operator in ("==", "!=")
        for item, token in ((left, at), (right, begin)):
            if isinstance(item, _NODES) and not isinstance(item, ast.Constant):
                raise self.wrong(token, "a condition can't be compared", "put it in brackets, or join it with and, or")
        node: ast.Node | None = None
        for a, b, token in ((left, right, begin), (right, left, at)):
            if isinstance(a, _Name) and isinstance(b, _Text | ast.Constant) and equality:
                node = self.is_value(a, b, token)
                break
        if node is None and isinstance(left, _Name) and isinstance(right, _Name):
            if equality and (left.type == right.type or "unknown" in (left.type, right.type)):
                node = ast.Same(left.name, right.name)
            elif equality:
                raise self.wrong(op, f"{left.name} ({left.type}) and {right.name} ({right.type}) are never equal")
        if node is not None:
            return ast.Not(node) if operator == "!=" else node
        if isinstance(left, _Abs):
            return self.compare_abs(left, op, self.number(right, begin), at, begin)
        if isinstance(right, _Abs):
            mirrored = {">=": "<=", ">": "<", "<=": ">=", "<": ">"}.get(operator, operator)
            turned = Token("op", mirrored, op.at)
            return self.compare_abs(right, turned, self.number(left, at), begin, at)
        a, b = self.agree(self.number(left, at), self.number(right, begin), op)
        if equality and any(self.is_flow(name) for _, name in a.terms + b.terms):
            raise self.wrong(op, "a flow is never exactly equal to anything", "write abs(… - …) <= …")
        return ast.Compare(_linear(a), operator, _linear(b))

    def compare_abs(self, item: _Abs, op: Token, bound: _Number, at: Token, begin: Token) -> ast.Node:
        inner, limit = self.agree(item.of, bound, op)
        above = ast.Compare(_linear(inner), op.text, _linear(limit))  # pyright: ignore[reportArgumentType]
        below = ast.Compare(_linear(inner.scaled(-1.0)), op.text, _linear(limit))  # pyright: ignore[reportArgumentType]
        if op.text in ("<=", "<"):
            return ast.And((above, below))
        if op.text in (">=", ">"):
            return ast.Or((above, below))
        raise self.wrong(op, "abs( ) is compared with <, <=, > or >= only")

    def is_value(self, name: _Name, value: _Text | ast.Constant, at: Token) -> ast.Node:
        wanted = "str" if isinstance(value, _Text) else "bool"
        if name.type not in (wanted, "unknown"):
            hint = "write it bare, or with not" if name.type == "bool" else "write the value in quotes"
            raise self.wrong(at, f"{name.name} is {'a text' if name.type == 'str' else 'true or false'}", hint)
        if name.values and value.value not in name.values:
            known = [str(v) for v in name.values]
            hint = did_you_mean(str(value.value), known) or f"one of {', '.join(known)}"
            raise self.wrong(at, f"{name.name} is never {value.value!r}", hint)
        return ast.Is(name.name, value.value)

    def number(self, item: _Item, at: Token) -> _Number:
        if isinstance(item, _Number):
            return item
        if isinstance(item, _Name):
            if item.type == "unknown":
                return _Number(((1.0, item.name),), 0.0, "", "", True)
            raise self.wrong(at, f"{item.name} is {'a text' if item.type == 'str' else 'true or false'}, not a number")
        if isinstance(item, _Abs):
            raise self.wrong(at, "abs( ) must stand alone on its side of a comparison")
        raise self.wrong(at, "expected a number here")

    def agree(self, a: _Number, b: _Number, at: Token) -> tuple[_Number, _Number]:
        """Both in one dimension; a bare one takes the other's unit."""
        if a.dimension == b.dimension:
            return a, b
        if a.bare:
            return a.taking(b.unit), b
        if b.bare:
            return a, b.taking(a.unit)
        raise self.wrong(at, f"{_with_unit(a)} and {_with_unit(b)} can't be compared or added")

    def sum(self) -> _Item:
        start = self.next
        left = self.product()
        while self.next.kind == "op" and self.next.text in "+-":
            op = self.take()
            begin = self.next
            right = self.number(self.product(), begin)
            a, b = self.agree(self.number(left, start), right.scaled(-1.0) if op.text == "-" else right, op)
            left = _Number(a.terms + b.terms, a.constant + b.constant, a.dimension, a.unit or b.unit, a.bare and b.bare)
        return left

    def product(self) -> _Item:
        start = self.next
        left = self.signed()
        while self.next.kind == "op" and self.next.text in "*/":
            op = self.take()
            begin = self.next
            a, b = self.number(left, start), self.number(self.signed(), begin)
            if op.text == "/":
                if b.terms:
                    raise self.wrong(begin, "can't divide by a signal", "multiply the other side by it instead")
                if b.constant == 0:
                    raise self.wrong(begin, "division by zero")
                b = _Number((), 1.0 / b.constant, b.dimension, b.unit, b.bare)
            if a.terms and b.terms:
                raise self.wrong(op, "a product of two signals can't be judged exactly")
            if not a.bare and not b.bare and "share" not in (a.dimension, b.dimension):
                raise self.wrong(op, f"can't multiply {_with_unit(a)} by {_with_unit(b)}", "one must be a plain number")
            scaled, by = (b, a) if b.terms else (a, b)
            unit = scaled if not scaled.bare and scaled.dimension != "share" else by
            out = scaled.scaled(by.constant)
            left = _Number(out.terms, out.constant, unit.dimension, unit.unit, scaled.bare and by.bare)
        return left

    def signed(self) -> _Item:
        token = self.next
        if self.met("-"):
            return self.number(self.signed(), token).scaled(-1.0)
        return self.primary()

    def primary(self) -> _Item:
        token = self.next
        if token.kind == "number":
            return self.quantity()
        if token.kind == "string":
            self.take()
            return _Text(token.text[1:-1])
        if self.met("("):
            item = self.implies()
            self.expect(")", "to close the bracket")
            return item
        if token.kind == "name" and token.text in KEYWORDS:
            return self.keyword()
        if token.kind == "name" and token.text != "°C":
            self.take()
            return self.signal(token)
        raise self.wrong(token, f"expected a signal, a number, a text or a bracket, found {token}")

    def quantity(self) -> _Number:
        value = float(self.take().text)
        token = self.next
        if token.text == "%" or (token.kind == "name" and token.text not in KEYWORDS):
            if token.text not in UNITS:
                hint = did_you_mean(token.text, UNITS) or f"one of {', '.join(UNITS)}"
                raise self.wrong(token, f"expected a unit after {value:g}, found {token}", hint)
            self.take()
            dim, factor = dimension(token.text)
            return _Number((), factor * value, dim, token.text, False)
        return _Number((), value, "", "", True)

    def keyword(self) -> _Item:
        token = self.take()
        match token.text:
            case "true" | "false":
                return ast.Constant(token.text == "true")
            case "rise" | "fall":
                self.expect("(", f"after {token.text}")
                body = self.truth(self.implies)
                self.expect(")", "to close the bracket")
                return ast.Edge("rise" if token.text == "rise" else "fall", body)
            case "abs":
                self.expect("(", "after abs")
                start = self.next
                inner = self.number(self.sum(), start)
                self.expect(")", "to close the bracket")
                return _Abs(inner)
            case "in" | "on" | "moved" | "fallen":
                return self.spatial(token)
            case _:
                raise self.wrong(token, f"expected a signal, a number, a text or a bracket, found the word {token}")

    def spatial(self, word: Token) -> ast.Node:
        self.expect("(", f"after {word.text}")
        thing = self.plain_name("an object", self.objects)
        place, distance = "", MOVED
        if word.text in ("in", "on"):
            self.expect(",", f"between the object and where it is {word.text}")
            places = None if self.places is None else [*self.places, *(self.objects or ())]
            place = self.plain_name("a place", places)
        elif word.text == "moved" and self.met(","):
            token = self.next
            quantity = self.quantity() if token.kind == "number" else None
            if quantity is None or quantity.dimension != "length":
                raise self.wrong(token, f"expected a distance such as 10 cm, found {token}")
            distance = quantity.constant
        self.expect(")", "to close the bracket")
        relation: Any = word.text
        return ast.Spatial(relation, thing, place, distance if relation == "moved" else 0.0)

    def plain_name(self, what: str, known: Collection[str] | None) -> str:
        token = self.take()
        if token.kind != "name":
            raise self.wrong(token, f"expected {what}, found {token}")
        if known is not None and token.text not in known:
            raise self.wrong(
                token, f"there is no {what.partition(' ')[2]} {token.text!r}", did_you_mean(token.text, known)
            )
        return token.text

    # signals

    def signal(self, token: Token) -> _Item:
        if self.signals is None:
            return _Name(token.text, "unknown", ())
        info = self.signals.get(token.text)
        if info is None:
            raise self.wrong(token, f"there is no signal {token.text!r}", did_you_mean(token.text, self.signals))
        initial, values = info.initial, tuple(getattr(info, "values", ()))
        if isinstance(initial, bool):
            return _Name(token.text, "bool", values)
        if isinstance(initial, str):
            return _Name(token.text, "str", values)
        dim, factor = dimension(info.unit)
        return _Number(((factor, token.text),), 0.0, dim, info.unit, dim == "")

    def is_flow(self, name: str) -> bool:
        info = (self.signals or {}).get(name)
        return info is not None and (isinstance(info.initial, Anchor) or getattr(info, "kind", "") == "flow")


def _linear(n: _Number) -> ast.Linear:
    return ast.Linear(n.terms, n.constant, n.unit)


def _with_unit(n: _Number) -> str:
    what = n.terms[0][1] if len(n.terms) == 1 else "this"
    return f"{what} ({n.dimension or 'a plain number'}{f', {n.unit}' if n.unit else ''})"
