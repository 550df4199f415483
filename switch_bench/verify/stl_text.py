"""A formula as text again, in the words that `stl_parse` reads."""

from __future__ import annotations

from collections.abc import Mapping

from switch_bench.trace.schema import SignalInfo
from switch_bench.verify import stl_ast as ast
from switch_bench.verify.intervals import FOREVER
from switch_bench.verify.units import MICROSECONDS, dimension


def text(node: ast.Node, signals: Mapping[str, SignalInfo]) -> str:
    """The formula as text: read with the same table of signals it gives the same nodes."""
    return _Writer(signals).formula(node)


_LOOSE, _AND, _TIGHT, _FOR, _COMPARISON, _ATOM = range(6)


def _binding(node: ast.Node) -> int:
    """How tight the formula's outermost operator binds."""
    match node:
        case ast.Implies() | ast.Or() | ast.Binary():
            return _LOOSE
        case ast.And():
            return _AND
        case ast.Not() | ast.Window() | ast.Is(_, False):
            return _TIGHT
        case ast.For():
            return _FOR
        case ast.Is(_, True) | ast.Constant() | ast.Edge() | ast.Spatial():
            return _ATOM
        case _:
            return _COMPARISON


class _Writer:
    def __init__(self, signals: Mapping[str, SignalInfo]):
        self.signals = signals

    def formula(self, node: ast.Node) -> str:
        match node:
            case ast.Constant(value):
                return "true" if value else "false"
            case ast.Compare(left, operator, right):
                unit = left.unit or right.unit
                return f"{self.sum(left, unit)} {operator} {self.sum(right, unit)}"
            case ast.Is(signal, bool(value)):
                return signal if value else f"not {signal}"
            case ast.Is(signal, value):
                return f'{signal} == "{value}"'
            case ast.Same(left, right):
                return f"{left} == {right}"
            case ast.Spatial(relation, thing, place, distance):
                more = [place] if place else [f"{distance:.10g} m"] if distance else []
                return f"{relation}({', '.join([thing, *more])})"
            case ast.Not(body):
                return f"not {self.operand(body)}"
            case ast.And(parts):
                return " and ".join(self.within(p, _TIGHT) for p in parts)
            case ast.Or(parts):
                return " or ".join(self.within(p, _AND) for p in parts)
            case ast.Implies(left, right):
                return f"{self.within(left, _TIGHT)} implies {self.within(right, _TIGHT)}"
            case ast.Window(kind, lo, hi, body):
                return f"{kind}{_window(lo, hi)} {self.operand(body)}"
            case ast.Binary(kind, lo, hi, left, right):
                return f"{self.within(left, _TIGHT)} {kind}{_window(lo, hi)} {self.within(right, _TIGHT)}"
            case ast.Edge(kind, body):
                return f"{kind}({self.formula(body)})"
            case ast.For(body, duration):
                return f"{self.within(body, _COMPARISON)} for {_span(duration)}"
        raise TypeError(f"{node!r} is no formula")

    def operand(self, node: ast.Node) -> str:
        """What `not` or a temporal operator is about; a comparison or a duration stands in brackets for the eye."""
        bare = _binding(node) in (_TIGHT, _ATOM)
        return self.formula(node) if bare else f"({self.formula(node)})"

    def within(self, node: ast.Node, least: int) -> str:
        """A part of a formula, in brackets unless it binds at least so tight."""
        return self.formula(node) if _binding(node) >= least else f"({self.formula(node)})"

    def sum(self, e: ast.Linear, unit: str) -> str:
        """Σ factor · signal + constant, its constant in the unit it was written in."""
        words = []
        for factor, name in e.terms:
            info = self.signals.get(name)
            own = factor / dimension(info.unit if info else "")[1]
            sign = "- " if own < 0 else "+ " if words else ""
            words.append(f"{sign}{'' if abs(own) == 1 else f'{abs(own):.10g} * '}{name}")
        if e.constant or not words:
            unit = e.unit or unit
            number = e.constant / dimension(unit)[1]
            sign = "- " if number < 0 else "+ " if words else ""
            known = unit and dimension(unit)[0] != f"[{unit}]"
            words.append(f"{sign}{abs(number):.10g}{f' {unit}' if known else ''}")
        return " ".join(words)


def _window(lo: int, hi: int) -> str:
    if hi >= FOREVER:
        return f"[{_span(lo)}, inf]" if lo else ""
    return f"[{_span(lo)}, {_span(hi)}]"


def _span(t: int) -> str:
    """A duration [µs] in the greatest unit in which it is whole."""
    unit = next((u for u in ("h", "min", "s", "ms") if t and t % MICROSECONDS[u] == 0), "us" if t else "s")
    return f"{t // MICROSECONDS[unit]} {unit}"
