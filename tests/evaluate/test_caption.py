"""What is written above a film."""

import pytest

from switch_bench.evaluate.caption import acts, effects, tempo_words
from switch_bench.evaluate.tempo import Stretch
from switch_bench.trace.schema import Claim, Event, SignalInfo, Trace
from switch_bench.verify.words import Speaker

S = 1_000_000
INFOS = {
    "panel.key": SignalInfo("control", "hall", False),
    "panel.key_touch": SignalInfo("touch", "hall", False),
    "lamp.lit": SignalInfo("output", "hall", False),
    "panel.mode": SignalInfo("state", "hall", "idle"),
    "mia.hand": SignalInfo("output", "hall", ""),
}
SPEAK = Speaker(
    INFOS,
    {"panel.key": ("the key is free", "the key is pressed"), "lamp.lit": ("the lamp is dark", "the lamp is lit")},
)


def trace(*changes, claim=None):
    """An episode in which signals changed: (t [s], signal, value, actor)."""
    events = [
        Event(i, round(t * S), signal, value is False, value, (), "hall", actor)
        for i, (t, signal, value, actor) in enumerate(changes)
    ]
    return Trace(manifest={}, signals=INFOS, events=events, end=60 * S, claim=claim)


def said(lines):
    return [(line.t / S, line.words) for line in lines]


def test_what_the_agent_did_is_said_as_the_verdict_says_it_and_its_report_last():
    played = trace((5, "panel.key", True, "agent"), (5.2, "panel.key", False, "agent"), claim=Claim(9 * S, "done"))
    assert said(acts(played, SPEAK)) == [(5, "The agent pressed the key."), (9, "The agent reports: done.")]


def test_what_could_be_seen_is_told_and_what_is_inside_a_device_is_not():
    played = trace((5, "lamp.lit", True, None), (5, "panel.mode", "on", None), (6, "mia.hand", "x", "person:mia"))
    assert said(effects(played, SPEAK)) == [(5, "The lamp is lit.")]


def test_how_things_are_at_the_start_is_no_effect():
    assert effects(trace((0, "lamp.lit", True, None)), SPEAK) == []


def test_what_others_do_is_told_with_their_names():
    pressed = trace((5, "panel.key", True, "person:mia"), (5.3, "panel.key", False, "person:mia"))
    assert said(effects(pressed, SPEAK)) == [(5, "Mia pressed the key.")]


@pytest.mark.parametrize(
    ("speed", "wait", "words"),
    [
        (1.0, False, ""),
        (3, False, "× 3"),
        (2.44, True, "wait × 2.4"),
        (114.4, True, "wait × 110"),
        (7261, True, "wait × 7,300"),
    ],
)
def test_how_fast_it_goes_is_said(speed, wait, words):
    assert tempo_words(Stretch(0, S, 0.0, speed, wait)) == words
