"""Reading formulas: what they mean, and errors that point at the place and say what would do."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from switch_bench.network.declare import Flow, Signal
from switch_bench.network.flow import Anchor
from switch_bench.trace.schema import SignalInfo
from switch_bench.verify import stl_ast as ast
from switch_bench.verify.intervals import FOREVER
from switch_bench.verify.stl import FormulaError, parse

S = 1_000_000
TABLE = {
    "kettle.water": SignalInfo("flow", "kitchen", Anchor(0, 20.0), "degC"),
    "hall.temperature": SignalInfo("flow", "hall", Anchor(0, 20.0), "degC"),
    "kettle.heating": SignalInfo("output", "kitchen", False),
    "oven.door": Signal(name="door", initial="closed", kind="control", values=("closed", "open")),
    "oven.left": SignalInfo("state", "kitchen", 0.0, "min"),
    "lamp.lit": SignalInfo("output", "hall", False),
    "lamp.level": SignalInfo("output", "hall", 0.5),
    "fan.share": SignalInfo("output", "hall", 40.0, "%"),
    "hall.illuminance": Flow(name="illuminance", initial=0.0, unit="lx"),
    "washer.programme": SignalInfo("control", "utility", "off"),
    "heater.load": SignalInfo("output", "hall", 0.0, "W"),
}
LIT = ast.Is("lamp.lit", True)
HEATING = ast.Is("kettle.heating", True)


def root(text: str) -> ast.Node:
    return parse(text, TABLE).root


def compared(text: str) -> ast.Compare:
    node = root(text)
    assert isinstance(node, ast.Compare)
    return node


@pytest.mark.parametrize(
    ("text", "node"),
    [
        ("lamp.lit", LIT),
        ("not lamp.lit", ast.Not(LIT)),
        ("eventually[0, 60 s] lamp.lit", ast.Window("eventually", 0, 60 * S, LIT)),
        ("always lamp.lit", ast.Window("always", 0, FOREVER, LIT)),
        ("once[1 min, inf] lamp.lit", ast.Window("once", 60 * S, FOREVER, LIT)),
        ("historically[500 ms, 2 s] lamp.lit", ast.Window("historically", 500_000, 2 * S, LIT)),
        ("eventually[5, 60 s] lamp.lit", ast.Window("eventually", 5 * S, 60 * S, LIT)),
        ("lamp.lit until[0,30 s] kettle.heating", ast.Binary("until", 0, 30 * S, LIT, HEATING)),
        ("lamp.lit since kettle.heating", ast.Binary("since", 0, FOREVER, LIT, HEATING)),
        ("lamp.lit for 5 s", ast.For(LIT, 5 * S)),
        ("lamp.lit within 1.5 min", ast.Window("eventually", 0, 90 * S, LIT)),
        ("rise(lamp.lit)", ast.Edge("rise", LIT)),
        ("fall(lamp.lit and kettle.heating)", ast.Edge("fall", ast.And((LIT, HEATING)))),
        ('oven.door == "closed"', ast.Is("oven.door", "closed")),
        ("'open' != oven.door", ast.Not(ast.Is("oven.door", "open"))),
        ("lamp.lit == false", ast.Is("lamp.lit", False)),
        ("oven.door == washer.programme", ast.Same("oven.door", "washer.programme")),
        ("in(cup, microwave.cavity)", ast.Spatial("in", "cup", "microwave.cavity")),
        ("on(cup, table)", ast.Spatial("on", "cup", "table")),
        ("moved(cup)", ast.Spatial("moved", "cup", "", 0.05)),
        ("moved(cup, 20 cm)", ast.Spatial("moved", "cup", "", 0.2)),
        ("fallen(cup)", ast.Spatial("fallen", "cup")),
        ("true", ast.Constant(True)),
    ],
)
def test_each_form_has_its_node(text, node):
    assert root(text) == node


@pytest.mark.parametrize(
    ("text", "same"),
    [
        ("lamp.lit and kettle.heating or true", "(lamp.lit and kettle.heating) or true"),
        ("lamp.lit implies true implies kettle.heating", "lamp.lit implies (true implies kettle.heating)"),
        ("eventually lamp.lit and kettle.heating", "(eventually lamp.lit) and kettle.heating"),
        ("not lamp.lit for 5 s", "not (lamp.lit for 5 s)"),
        ("eventually kettle.water >= 95 degC for 5 s", "eventually ((kettle.water >= 95 degC) for 5 s)"),
        ("lamp.lit until kettle.heating and true", "(lamp.lit until kettle.heating) and true"),
        ("always not lamp.lit", "always (not lamp.lit)"),
        ("18 degC <= kettle.water <= 22 degC", "18 degC <= kettle.water and kettle.water <= 22 degC"),
        ("kettle.water >=\n  95 degC", "kettle.water >= 95 degC"),
        ("kettle.water >= 95", "kettle.water >= 95 degC"),
        ("kettle.water >= 95 °C", "kettle.water >= 95 degC"),
        ("heater.load >= 1.5 kW", "heater.load >= 1500 W"),
        ("abs(kettle.water - 50 degC) < 2 K", "kettle.water - 50 degC < 2 K and -(kettle.water - 50 degC) < 2 K"),
        ("2 K > abs(kettle.water - 50)", "abs(kettle.water - 50) < 2 K"),
        ("kettle.water >= 2 * 30 + 5", "kettle.water >= 65"),
        ("kettle.water - hall.temperature >= 2", "kettle.water - hall.temperature >= 2 K"),
        ("kettle.water >= hall.temperature + 2 K", "kettle.water >= 2 K + hall.temperature * 1 - 0 K"),
        ("(lamp.level + heater.load / 2) * 2 <= 3", "2 * lamp.level + heater.load <= 3"),
        ("oven.left <= 0.5 h", "oven.left <= 30 min"),
        ("lamp.lit within 2 min", "eventually[0, 120 s] lamp.lit"),
        ("always[0, 0.5 h] lamp.lit", "always[0 s, 1800 s] lamp.lit"),
    ],
)
def test_precedence_and_shorthand(text, same):
    assert root(text) == root(same)


def test_units_are_brought_to_one_base():
    minutes = compared("oven.left <= 90 s")
    assert (minutes.left.terms, minutes.right.constant) == (((60.0, "oven.left"),), 90.0)
    assert compared("oven.left <= 2").right.constant == 120.0  # a bare number is in the signal's own unit
    assert compared("lamp.level >= 50 %").right.constant == 0.5
    share = compared("fan.share >= 50 %")
    assert share.left.terms[0][0] * 50.0 == share.right.constant


def test_without_a_table_every_name_is_taken():
    assert parse("nobody.knows and this.too >= 3 degC").signals == ("nobody.knows", "this.too")


ERRORS = [
    ("", 1, 1, "empty", "lamp.on"),
    ("kettle.watr >= 95 degC", 1, 1, "no signal 'kettle.watr'", "kettle.water"),
    ('lamp.lit and\n  oven.dor == "open"', 2, 3, "no signal 'oven.dor'", "oven.door"),
    ("kettle.water >= 95 degF", 1, 20, "expected a unit after 95", "degC"),
    ("kettle.water >= 95 s", 1, 14, "can't be compared", ""),
    ("kettle.water", 1, 1, "found a number", "compare it"),
    ("oven.door", 1, 1, "is a text", "'closed', 'open'"),
    ('oven.door == "opened"', 1, 14, "never 'opened'", "open"),
    ("oven.door == true", 1, 14, "is a text", "quotes"),
    ('lamp.lit == "on"', 1, 13, "true or false", "bare"),
    ("lamp.lit >= 3", 1, 1, "true or false, not a number", ""),
    ("kettle.water == 95 degC", 1, 14, "never exactly equal", "abs("),
    ("eventually[0, 60] lamp.lit", 1, 12, "no unit of time", "s"),
    ("eventually[60 s, 5 s] lamp.lit", 1, 12, "ends before it begins", ""),
    ("eventually[0, 60 sec] lamp.lit", 1, 18, "unit of time", ""),
    ("eventually[0, 60 s lamp.lit", 1, 20, "expected ']'", ""),
    ("eventually[0 60 s] lamp.lit", 1, 14, "expected ','", ""),
    ("eventually[inf, 60 s] lamp.lit", 1, 12, "can't begin at its end", ""),
    ("eventually[5 s] lamp.lit", 1, 15, "two bounds", "[0, 5 s]"),
    ("lamp.lit for 5", 1, 15, "unit of time", ""),
    ("kettle.water >= 95 K", 1, 14, "a temperature can't be compared with a difference", "degC"),
    ("kettle.water - hall.temperature >= 2 degC", 1, 33, "a difference of temperatures can't", "in K"),
    ("abs(kettle.water - 50 degC) < 2 degC", 1, 29, "a difference of temperatures can't", "in K"),
    ("kettle.water + 2 s >= 95 degC", 1, 14, "can't be compared or added", ""),
    ("alwys lamp.lit", 1, 1, "no signal 'alwys'", "always"),
    ("rises(lamp.lit)", 1, 1, "rises( )", "rise"),
    ("sqrt(lamp.level) > 1", 1, 1, "sqrt( )", "abs, rise"),
    ("lamp.level >= .5", 1, 15, "unexpected character '.'", "0."),
    ("lamp.lit for ever", 1, 14, "expected a duration", ""),
    ("(lamp.lit", 1, 10, "expected ')'", ""),
    ("lamp.lit lamp.lit", 1, 10, "expected and, or", ""),
    ("lamp.lit & kettle.heating", 1, 10, "unexpected character '&'", "write and"),
    ("lamp.lit = true", 1, 10, "unexpected character '='", "write =="),
    ('oven.door == "open', 1, 14, "not closed", ""),
    ("lamp.lit and", 1, 13, "expected a signal", ""),
    ("always", 1, 7, "expected a signal", ""),
    ("until lamp.lit", 1, 1, "found the word 'until'", ""),
    ("kettle.water * hall.illuminance > 3", 1, 14, "product of two signals", ""),
    ("kettle.water / 0 > 3", 1, 16, "division by zero", ""),
    ("3 / kettle.water > 3", 1, 5, "divide by a signal", "multiply"),
    ("kettle.water + hall.illuminance > 3", 1, 14, "can't be compared or added", ""),
    ("(lamp.lit or true) == lamp.lit", 1, 1, "a condition can't be compared", "brackets"),
    ("rise lamp.lit", 1, 6, "expected '('", ""),
    ("moved(cup, 5 s)", 1, 12, "expected a distance", ""),
    ("on(cup)", 1, 7, "expected ','", ""),
    ("abs(kettle.water) + 1 > 3", 1, 1, "must stand alone", ""),
    ("lamp.lit == oven.door", 1, 10, "never equal", ""),
    ("not " * 80 + "lamp.lit", 1, 237, "deep", ""),
]


@pytest.mark.parametrize(("text", "line", "column", "problem", "hint"), ERRORS)
def test_an_error_shows_its_place_and_what_would_do(text, line, column, problem, hint):
    with pytest.raises(FormulaError) as caught:
        parse(text, TABLE)
    error = caught.value
    assert (error.line, error.column) == (line, column)
    assert problem in error.problem
    assert hint in error.hint
    shown = str(error).splitlines()
    assert shown[2].index("^") - 2 == column - 1


def test_objects_and_places_are_checked_where_they_are_known():
    with pytest.raises(FormulaError, match="did you mean cup"):
        parse("on(cupp, table)", TABLE, places=["table"], objects=["cup"])
    with pytest.raises(FormulaError, match="no place 'tabel'"):
        parse("on(cup, tabel)", TABLE, places=["table"], objects=["cup"])
    assert parse("on(cup, table)", TABLE, places=["table"], objects=["cup"]).things == ("cup",)


@given(st.text(alphabet="lamp.it()[]<>=0 s,andorntu\"'&%\n", max_size=40))
def test_any_text_is_read_or_refused_with_a_place(text):
    error = None
    try:
        parse(text)
    except FormulaError as caught:
        error = caught
    assert error is None or 1 <= error.line <= text.count("\n") + 1
