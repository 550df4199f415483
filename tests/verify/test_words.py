"""Signals and acts are named as a person names them."""

from __future__ import annotations

import pytest

from switch_bench.trace.schema import SignalInfo
from switch_bench.verify.words import Speaker, amount, whose

INFOS = {
    "washer.left": SignalInfo("state", "bath", 0, "us"),
    "washer.heat": SignalInfo("state", "bath", 0, "degC"),
}
SPEAK = Speaker(
    INFOS,
    {
        "hall_light.gang_2": ("rocker 2 is off", "rocker 2 is on"),
        "washer.running": ("the washing machine rests", "the washing machine runs"),
        "boiler.reset": ("the reset key is free", "the reset key is pressed"),
        "breakers.rcd": {"off": "the RCD is off", "tripped": "the RCD has tripped"},
        "washer.heat": "it washes at {} °C",
        "gas.flow": ("no gas flows", "gas flows"),
    },
)


@pytest.mark.parametrize(
    ("signal", "noun"),
    [
        ("hall_light.gang_2", "rocker 2"),
        ("washer.running", "the washing machine"),
        ("breakers.rcd", "the RCD"),
        ("gas.flow", "the gas's flow"),
        ("oven.inner_lamp", "the oven's inner lamp"),
        ("kitchen", "the kitchen"),
    ],
)
def test_a_thing_is_called_as_its_phrases_call_it(signal, noun):
    assert SPEAK.noun(signal) == noun


@pytest.mark.parametrize(
    ("signal", "before", "values", "said"),
    [
        ("boiler.reset", False, (True, False), "pressed the reset key"),
        ("hall_light.gang_2", False, (True,), "put rocker 2 on"),
        ("hall_light.gang_2", True, (False,), "put rocker 2 off"),
        ("breakers.rcd", "on", ("tripped", "off"), "put the RCD to off"),
        ("oven.door", "closed", ("open",), "opened the oven's door"),
        ("panel.screen", "", ("heating_on", ""), "touched heating on on the panel's screen"),
        ("oven.mode", "grill", ("off", "grill"), "moved the oven's mode and moved it back"),
    ],
)
def test_an_act_is_told_by_what_became_of_the_control(signal, before, values, said):
    assert SPEAK.act(signal, before, values) == said


def test_a_display_that_runs_on_is_told_without_its_code():
    assert amount("{blink:0:08}") == "0:08 (blinking)"
    assert amount("{left_hm:485270000}") == "a running time"
    assert amount("") == "nothing"


def test_times_are_told_in_seconds_and_units_once():
    assert SPEAK.so("washer.left", 9_840_000) == "the washer's left is 9.8 s"
    assert SPEAK.so("washer.heat", 30) == "it washes at 30 °C"


def test_people_have_names():
    assert whose("person:kim") == "Kim"
    assert whose("schedule:evening") == "the schedule evening"
    assert whose(None) == "the device itself"
