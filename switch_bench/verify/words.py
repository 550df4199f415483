"""Signals, values, times and formulas in words a person can read."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from switch_bench.network.declare import Value
from switch_bench.trace.schema import SignalInfo
from switch_bench.verify import stl_ast as ast
from switch_bench.verify.intervals import FOREVER

Phrases = Mapping[str, str | tuple[str, ...] | Mapping[Value, str]]
"""How to say a signal: a format with its own unit ("the water is at {:.0f} °C"), or a phrase for each value."""

_RUNNING = re.compile(r"(?<!\{)\{(\w+)(?::([^{}]*))?\}")
_SIGNS = {"degC": "°C", "l": "l"}
_STATES = {"on", "off", "open", "closed", "lit", "hot", "full", "empty", "wet", "dry", "done", "ready"}
_COMPARED = {
    ">=": "is at least",
    ">": "is more than",
    "<=": "is at most",
    "<": "is less than",
    "==": "is",
    "!=": "is not",
}


def seconds(t: int) -> str:
    """A time [µs] as a person says it: "41.2 s"."""
    s = t / 1e6
    return f"{s:.0f} s" if s == int(s) else f"{s:.1f} s" if s >= 1 else f"{s:.3g} s"


def amount(value: Value, unit: str = "") -> str:
    """A value with its unit: "95 °C", "on", "closed"."""
    if isinstance(value, bool):
        return "on" if value else "off"
    if isinstance(value, str):
        return _RUNNING.sub(_run, value).replace("{{", "{").strip() or "nothing"
    if unit == "us":
        return seconds(round(value))
    number = f"{value:.1f}" if isinstance(value, float) and abs(value) >= 1 else f"{value:.3g}"
    if "." in number and "e" not in number:
        number = number.rstrip("0").rstrip(".")
    return f"{number} {_SIGNS.get(unit, unit)}".strip()


def _run(part: re.Match[str]) -> str:
    """A part of a display's text that runs on by itself (see the language of displays)."""
    what, words = part.groups()
    return {"blink": f"{words} (blinking)", "clock": "the time", "time": "the time"}.get(what, "a running time")


def listing(words: list[str], joint: str = "and") -> str:
    """ "a, b and c"."""
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} {joint} {words[-1]}"


def whose(actor: str | None) -> str:
    """An actor as a person says it: "the agent", "Ada", "the schedule evening"."""
    if actor is None:
        return "the device itself"
    role, _, name = actor.partition(":")
    if role == "person" and name:
        return name.replace("_", " ").title()
    return f"the {role} {name}".replace("_", " ").strip()


def _values(phrase: tuple[str, ...] | Mapping[Value, str] | None) -> Iterable[str]:
    return phrase.values() if isinstance(phrase, Mapping) else phrase or ()


def _shared(texts: Sequence[Sequence[str]]) -> Iterable[str]:
    """The words with which all of these texts begin."""
    for words in zip(*texts, strict=False):
        if len(set(words)) > 1:
            return
        yield words[0]


@dataclass(frozen=True)
class Speaker:
    """Says things about a trace's signals, in the phrases given or in ones made from names."""

    infos: Mapping[str, SignalInfo]
    phrases: Phrases = field(default_factory=dict)

    def noun(self, signal: str) -> str:
        """A signal or zone as a person calls it: "the kettle's lever", "rocker 2 (hall light)", "the kitchen"."""
        phrase = self.phrases.get(signal)
        first = phrase if isinstance(phrase, str) else next(iter(_values(phrase)), "")
        subject, verb, _ = first.partition(" is ") if " is " in first else first.partition(" has ")
        if verb:
            return subject
        if not isinstance(phrase, str):  # "the kettle boils", "the kettle doesn't boil"
            shared = list(_shared([text.split() for text in _values(phrase)]))
            if len(shared) > 1 and shared[0] == "the":
                return " ".join(shared)
        owner, _, local = signal.rpartition(".")
        plain = local.replace("_", " ")
        return f"the {owner.replace('_', ' ').replace('.', ' ')}'s {plain}" if owner else f"the {plain}"

    def unit(self, signal: str) -> str:
        """The signal's unit; "" if it has none."""
        info = self.infos.get(signal)
        return info.unit if info else ""

    def so(self, signal: str, value: Value) -> str:
        """That a signal has a value: "the element is on", "the kettle's water is 95 °C"."""
        phrase = self.phrases.get(signal)
        owner, _, local = signal.rpartition(".")
        if isinstance(phrase, str):
            unit = "" if phrase.partition("{}")[2] else self.unit(signal)  # what follows says it
            return phrase.format(value if "{:" in phrase else amount(value, unit))
        if isinstance(phrase, tuple) and isinstance(value, bool | int) and 0 <= int(value) < len(phrase):
            return phrase[int(value)]
        if isinstance(phrase, Mapping) and value in phrase:
            return phrase[value]
        if isinstance(value, bool) and owner and (local in _STATES or local.endswith(("ing", "ed"))):
            return f"the {owner.replace('_', ' ')} is {'' if value else 'not '}{local.replace('_', ' ')}"
        return f"{self.noun(signal)} is {amount(value, self.unit(signal))}"

    def act(self, signal: str, before: Value, values: Sequence[Value]) -> str:
        """What a hand did to a control that read `before` and then these `values`: "pressed the reset key (boiler)"."""
        what, after = self.noun(signal), values[-1]
        if after in ("open", "closed"):
            return f"{'opened' if after == 'open' else 'closed'} {what}"
        if isinstance(before, str) and after == before == "" and values[0]:  # a touch screen's widget
            return f"touched {str(values[0]).replace('_', ' ')} on {what}"
        if after == before:
            return f"pressed {what}" if before is False else f"moved {what} and moved it back"
        if isinstance(after, bool):
            return f"put {what} {'on' if after else 'off'}"
        return f"put {what} to {amount(after, self.unit(signal))}"

    def formula(self, node: ast.Node) -> str:
        """A formula as a clause: "at some time within 60 s the kettle's water is at least 95 °C"."""
        match node:
            case ast.Constant(value):
                return "anything" if value else "the impossible"
            case ast.Compare(left, operator, right):
                return f"{self._sum(left)} {_COMPARED[operator]} {self._sum(right, left.unit)}"
            case ast.Is(signal, value):
                return self.so(signal, value)
            case ast.Same(left, right):
                return f"{self.noun(left)} equals {self.noun(right)}"
            case ast.Spatial(relation, thing, place, distance):
                return {
                    "in": f"the {thing} is in {place}",
                    "on": f"the {thing} is on {place}",
                    "moved": f"the {thing} has moved by more than {distance * 100:.3g} cm",
                    "fallen": f"the {thing} has fallen over",
                    "seen": f"an image shows {self.noun(thing)}",
                    "visible": f"{self.noun(thing)} is in sight",
                    "heard": f"{self.noun(thing)} is heard",
                }[relation].replace("_", " ")
            case ast.Not(ast.Is(signal, bool(value))):
                return self.so(signal, not value)
            case ast.Not(body):
                return f"it is not so that {self.formula(body)}"
            case ast.And(parts):
                return listing([self._inner(p) for p in parts])
            case ast.Or(parts):
                return listing([self._inner(p) for p in parts], "or")
            case ast.Implies(left, right):
                return f"if {self.formula(left)}, then {self.formula(right)}"
            case ast.Window("eventually", 0, hi, ast.Window("always", 0, until, body)) if hi == until == FOREVER:
                return f"in the end {self._inner(body)}"
            case ast.Window(kind, lo, hi, body):
                when = {
                    "eventually": "at some time",
                    "always": "all the time",
                    "once": "at some time before",
                    "historically": "all the time before",
                }[kind]
                return f"{when}{_span(lo, hi)} {self._inner(body)}"
            case ast.Binary(kind, lo, hi, left, right):
                return f"{self._inner(left)} {kind}{_span(lo, hi)} {self._inner(right)}"
            case ast.Edge(kind, body):
                return f"it {'comes to be' if kind == 'rise' else 'ceases to be'} so that {self.formula(body)}"
            case ast.For(body, duration):
                return f"for {seconds(duration)} {self._inner(body)}"
        raise TypeError(f"{node!r} is no formula")

    def _inner(self, node: ast.Node) -> str:
        text = self.formula(node)
        return f"({text})" if isinstance(node, ast.Or | ast.Implies | ast.Binary | ast.And) else text

    def _sum(self, e: ast.Linear, unit: str = "") -> str:
        words = []
        for factor, name in e.terms:
            sign = "−" if factor < 0 else "+" if words else ""
            plain = abs(factor) == 1 or self.unit(name) not in ("", e.unit)
            words.append(f"{sign} {'' if plain else f'{abs(factor):g} × '}{self.noun(name)}".strip())
        if e.constant or not words:
            words.append(f"{'+ ' if words else ''}{amount(e.constant, base(e.unit or unit))}")
        return " ".join(words)


_BASES = {"min": "s", "h": "s", "ms": "s", "us": "s", "d": "s", "kW": "W", "mW": "W", "%": "", "cm": "m", "mm": "m"}


def base(unit: str) -> str:
    """The base unit in which a constant given in `unit` is kept."""
    return _BASES.get(unit, unit)


def _span(lo: int, hi: int) -> str:
    if hi >= FOREVER:
        return f" after {seconds(lo)}" if lo else ""
    return f" between {seconds(lo)} and {seconds(hi)}" if lo else f" within {seconds(hi)}"
