"""Reading formulas: from text to nodes, with units resolved and signals checked against a table.

From loose to tight: ``implies`` (to the right), ``or``, ``and``, ``until``/``since``, ``not`` and the temporal
operators, ``… for 5 s`` and ``… within 30 s``, comparison, ``+ -``, ``* /``.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from typing import Any

from switch_bench.verify import stl_ast as ast
from switch_bench.verify.intervals import FOREVER
from switch_bench.verify.stl_lex import KEYWORDS, Token, did_you_mean, tokens, wrong
from switch_bench.verify.stl_values import (
    Abs,
    Item,
    Number,
    Text,
    add,
    compare,
    inverse,
    multiply,
    number,
    readings,
    signal,
    truth,
)
from switch_bench.verify.units import MICROSECONDS, UNITS, dimension

MOVED = 0.05  # m: what counts as having been moved where no distance is given

_FUNCTIONS = ("abs", "rise", "fall", *ast.RELATIONS)

_DEPTH = 60  # of nesting; more is no formula a person wrote


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
            raise wrong(self.next, f"expected {text!r} {where}, found {self.next}")
        return self.take()

    # formulas

    def formula(self) -> ast.Node:
        if self.next.kind == "end":
            raise wrong(self.next, "the formula is empty", "expected a condition, such as lamp.on")
        node = self.so(self.implies)
        if self.next.kind != "end":
            raise wrong(self.next, f"expected and, or, implies, until, for, within or the end, found {self.next}")
        return node

    def so(self, rule: Callable[[], Item]) -> ast.Node:
        start = self.next
        return truth(rule(), start)

    def implies(self) -> Item:
        start = self.next
        self.depth += 1
        if self.depth > _DEPTH:
            raise wrong(start, f"nested more than {_DEPTH} deep")
        left = self.either()
        if self.met("implies"):
            left = ast.Implies(truth(left, start), self.so(self.implies))
        self.depth -= 1
        return left

    def either(self) -> Item:
        return self.chain("or", self.both, ast.Or)

    def both(self) -> Item:
        return self.chain("and", self.until, ast.And)

    def chain(self, word: str, rule: Callable[[], Item], make: Callable[[tuple[ast.Node, ...]], ast.Node]) -> Item:
        start = self.next
        first = rule()
        if not (self.next.kind == "name" and self.next.text == word):
            return first
        parts = [truth(first, start)]
        while self.met(word):
            parts.append(self.so(rule))
        return make(tuple(parts))

    def until(self) -> Item:
        start = self.next
        left = self.unary()
        while self.next.kind == "name" and self.next.text in ("until", "since"):
            kind = "until" if self.take().text == "until" else "since"
            lo, hi = self.window()
            left = ast.Binary(kind, lo, hi, truth(left, start), self.so(self.unary))
        return left

    def unary(self) -> Item:
        self.depth += 1
        if self.depth > _DEPTH:
            raise wrong(self.next, f"nested more than {_DEPTH} deep")
        token = self.next
        item: Item
        if self.met("not"):
            item = ast.Not(self.so(self.unary))
        elif token.kind == "name" and token.text in ("always", "eventually", "once", "historically"):
            self.take()
            lo, hi = self.window()
            item = ast.Window(token.text, lo, hi, self.so(self.unary))  # pyright: ignore[reportArgumentType]
        else:
            item = self.held()
        self.depth -= 1
        return item

    def held(self) -> Item:
        start = self.next
        item = self.comparison()
        while self.next.kind == "name" and self.next.text in ("for", "within"):
            word = self.take()
            length = self.duration(f"after {word.text}")
            body = truth(item, start)
            item = ast.For(body, length) if word.text == "for" else ast.Window("eventually", 0, length, body)
        return item

    # times

    def window(self) -> tuple[int, int]:
        if not self.met("["):
            return 0, FOREVER
        first = self.next
        low = self.bound()
        if self.next.text == "]":
            hint = "expected an earlier and a later time, such as [0, 5 s]"
            raise wrong(self.next, "a window has two bounds", hint)
        self.expect(",", "between the bounds of the window")
        high = self.bound()
        self.expect("]", "after the window")
        (lo, lo_unit), (hi, hi_unit) = low, high
        if hi is None:
            upper = FOREVER
        else:
            unit = hi_unit or lo_unit
            if unit is None and hi != 0:
                raise wrong(first, "this window has no unit of time", f"expected one of {', '.join(MICROSECONDS)}")
            upper = round(hi * MICROSECONDS[unit or "s"])
        if lo is None:
            raise wrong(first, "a window can't begin at its end")
        unit = lo_unit or hi_unit
        if unit is None and lo != 0:
            raise wrong(first, "this window has no unit of time", f"expected one of {', '.join(MICROSECONDS)}")
        lower = round(lo * MICROSECONDS[unit or "s"])
        if upper < lower:
            raise wrong(first, "this window ends before it begins", "expected [earlier, later]")
        return lower, upper

    def bound(self) -> tuple[float | None, str | None]:
        if self.met("inf", "end"):
            return None, None
        token = self.next
        if token.kind != "number":
            raise wrong(token, f"expected a time such as 30 s, or inf, found {token}")
        self.take()
        return float(token.text), self.time_unit()

    def time_unit(self) -> str | None:
        if self.next.kind != "name":
            return None
        token = self.take()
        if token.text not in MICROSECONDS:
            near = did_you_mean(token.text, MICROSECONDS)
            raise wrong(token, f"expected a unit of time, found {token}", near or f"one of {', '.join(MICROSECONDS)}")
        return token.text

    def duration(self, where: str) -> int:
        token = self.next
        if token.kind != "number":
            raise wrong(token, f"expected a duration such as 5 s {where}, found {token}")
        self.take()
        unit = self.time_unit()
        if unit is None:
            raise wrong(self.next, f"expected a unit of time {where} {token.text}", "such as s or min")
        return round(float(token.text) * MICROSECONDS[unit])

    # comparison and arithmetic

    def comparison(self) -> Item:
        start = self.next
        left = self.sum()
        parts: list[ast.Node] = []
        while self.next.kind == "op" and self.next.text in (">=", ">", "<=", "<", "==", "!="):
            operator = self.take()
            begin = self.next
            right = self.sum()
            parts.append(compare(left, operator, right, start, begin))
            left, start = right, begin
        if not parts:
            return left
        return parts[0] if len(parts) == 1 else ast.And(tuple(parts))

    def sum(self) -> Item:
        start = self.next
        left = self.product()
        while self.next.kind == "op" and self.next.text in "+-":
            op = self.take()
            begin = self.next
            right = number(self.product(), begin)
            left = add(number(left, start), right.scaled(-1.0) if op.text == "-" else right, op)
        return left

    def product(self) -> Item:
        start = self.next
        left = self.signed()
        while self.next.kind == "op" and self.next.text in "*/":
            op = self.take()
            begin = self.next
            right = number(self.signed(), begin)
            left = multiply(number(left, start), inverse(right, begin) if op.text == "/" else right, op)
        return left

    def signed(self) -> Item:
        token = self.next
        if self.met("-"):
            return number(self.signed(), token).scaled(-1.0)
        return self.primary()

    def primary(self) -> Item:
        token = self.next
        if token.kind == "number":
            return self.quantity()
        if token.kind == "string":
            self.take()
            return Text(token.text[1:-1])
        if self.met("("):
            item = self.implies()
            self.expect(")", "to close the bracket")
            return item
        if token.kind == "name" and token.text in KEYWORDS:
            return self.keyword()
        if token.kind == "name" and token.text != "°C":
            self.take()
            if self.next.text == "(":
                hint = did_you_mean(token.text, _FUNCTIONS) or f"there are {', '.join(_FUNCTIONS)}"
                raise wrong(token, f"{token.text}( ) is nothing a formula knows", hint)
            return signal(token, self.signals)
        raise wrong(token, f"expected a signal, a number, a text or a bracket, found {token}")

    def quantity(self) -> Number:
        value = float(self.take().text)
        token = self.next
        if token.text == "%" or (token.kind == "name" and token.text not in KEYWORDS):
            if token.text not in UNITS:
                hint = did_you_mean(token.text, UNITS) or f"one of {', '.join(UNITS)}"
                raise wrong(token, f"expected a unit after {value:g}, found {token}", hint)
            self.take()
            dim, factor = dimension(token.text)
            return Number((), factor * value, dim, token.text, False, readings=readings(token.text))
        return Number((), value, "", "", True)

    def keyword(self) -> Item:
        token = self.take()
        match token.text:
            case "true" | "false":
                return ast.Constant(token.text == "true")
            case "rise" | "fall":
                self.expect("(", f"after {token.text}")
                body = self.so(self.implies)
                self.expect(")", "to close the bracket")
                return ast.Edge("rise" if token.text == "rise" else "fall", body)
            case "abs":
                self.expect("(", "after abs")
                start = self.next
                inner = number(self.sum(), start)
                self.expect(")", "to close the bracket")
                return Abs(inner)
            case word if word in ast.RELATIONS:
                return self.relation(token)
            case _:
                raise wrong(token, f"expected a signal, a number, a text or a bracket, found the word {token}")

    def relation(self, word: Token) -> ast.Node:
        self.expect("(", f"after {word.text}")
        first, *more = ast.RELATIONS[word.text]
        thing = self.argument(first)
        place, distance = "", 0.0
        for kind in more:
            if kind == "distance":
                distance = self.distance() if self.met(",") else MOVED
            else:
                self.expect(",", f"and a {kind} after {thing}")
                place = self.argument(kind)
        self.expect(")", "to close the bracket")
        return ast.Spatial(word.text, thing, place, distance)

    def argument(self, kind: str) -> str:
        """A name of that kind, one of those known where they are."""
        if kind == "object":
            return self.plain_name("an object", self.objects)
        if kind in ("sight", "sound"):
            return self.sensed(kind)
        return self.plain_name("a place", None if self.places is None else [*self.places, *(self.objects or ())])

    def sensed(self, kind: str) -> str:
        """What can be seen, or heard: of those known, a sound only of that kind, a sight a place or thing too."""
        if self.signals is None:
            return self.plain_name(f"a {kind}", None)
        known = [name for name, info in self.signals.items() if kind == "sight" or info.kind == "sound"]
        if kind == "sight":
            known += [name.rpartition(".")[0] for name in known if name.endswith(".illuminance")]
            known += self.objects or ()
        return self.plain_name(f"a {kind}", known)

    def distance(self) -> float:
        token = self.next
        quantity = self.quantity() if token.kind == "number" else None
        if quantity is None or quantity.dimension != "length":
            raise wrong(token, f"expected a distance such as 10 cm, found {token}")
        return quantity.constant

    def plain_name(self, what: str, known: Collection[str] | None) -> str:
        token = self.take()
        if token.kind != "name":
            raise wrong(token, f"expected {what}, found {token}")
        if known is not None and token.text not in known:
            raise wrong(token, f"there is no {what.partition(' ')[2]} {token.text!r}", did_you_mean(token.text, known))
        return token.text
