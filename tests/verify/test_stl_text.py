"""Formulas as text again."""

import pytest

from switch_bench.network.flow import Anchor
from switch_bench.trace.schema import SignalInfo
from switch_bench.verify.stl import parse
from switch_bench.verify.stl_text import text

SIGNALS = {
    "lamp.on": SignalInfo("output", "hall", False),
    "fan.on": SignalInfo("output", "hall", False),
    "door": SignalInfo("control", "hall", "open"),
    "kettle.water": SignalInfo("flow", "hall", Anchor(0, 20.0), "degC"),
    "hall.temperature": SignalInfo("flow", "hall", Anchor(0, 20.0), "degC"),
    "meter.power": SignalInfo("flow", "hall", Anchor(0, 0.0), "kW"),
    "timer.minutes": SignalInfo("state", "hall", 0.0, "min"),
    "share": SignalInfo("state", "hall", 0.5, "%"),
    "count": SignalInfo("state", "hall", 0),
}


@pytest.mark.parametrize(
    "formula",
    [
        "lamp.on",
        "not lamp.on",
        "true",
        'door == "open"',
        "lamp.on == fan.on",
        "eventually always lamp.on",
        "eventually[0 s, 30 s] (lamp.on and not fan.on)",
        "always[5 s, inf] (lamp.on or fan.on)",
        "once[1 min, 2 h] lamp.on",
        "lamp.on and (fan.on or not lamp.on)",
        "lamp.on or fan.on and lamp.on",
        "lamp.on implies eventually fan.on",
        "(lamp.on implies fan.on) implies lamp.on",
        "lamp.on until[0 s, 250 ms] fan.on",
        "(lamp.on until fan.on) since lamp.on",
        "rise(lamp.on and fan.on) or fall(lamp.on)",
        "lamp.on for 90 s",
        "(lamp.on and fan.on) for 1 min",
        "(not lamp.on) for 1 us",
        "eventually (kettle.water >= 95 degC for 5 s)",
        "kettle.water - hall.temperature > 2.5 K",
        "2 * kettle.water + 1 K <= hall.temperature",
        "meter.power < 1500 W",
        "meter.power >= 1.5 kW",
        "timer.minutes == 90",
        "timer.minutes <= 0.5 h",
        "share >= 20 %",
        "count != 3",
        "in(cup, microwave.cavity) and on(cup, table)",
        "moved(cup) or moved(cup, 20 cm) or fallen(cup)",
    ],
)
def test_text_reads_as_the_same_formula(formula):
    root = parse(formula, SIGNALS).root
    assert parse(text(root, SIGNALS), SIGNALS).root == root


@pytest.mark.parametrize(
    ("formula", "short"),
    [
        ("eventually(always(lamp.on))", "eventually always lamp.on"),
        ("((lamp.on) and (not(fan.on)))", "lamp.on and not fan.on"),
        ("always (kettle.water >= 95 degC)", "always (kettle.water >= 95 degC)"),
        ("lamp.on within 120 s", "eventually[0 s, 2 min] lamp.on"),
        ("meter.power<1500 W", "meter.power < 1500 W"),
    ],
)
def test_text_is_as_a_person_would_write_it(formula, short):
    assert text(parse(formula, SIGNALS).root, SIGNALS) == short
