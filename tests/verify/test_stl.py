"""Temporal truth as a person would say it: pulses, windows, ends, robustness, monitors."""

from __future__ import annotations

from math import exp, inf, log

import pytest

from switch_bench.network.flow import Anchor
from switch_bench.trace.schema import Event, Pose, SignalInfo, Trace
from switch_bench.trace.signals import UnknownSignalError
from switch_bench.verify.stl import Monitor, evaluate, parse, times

S = 1_000_000
INFOS = {
    "lamp.lit": SignalInfo("output", "hall", False),
    "bell.rings": SignalInfo("sound", "hall", False),
    "pan.heat": SignalInfo("flow", "kitchen", Anchor(0, 20.0), "degC"),
    "dial.level": SignalInfo("control", "hall", 0.0),
}


def trace(*changes: tuple[float, str, object], end: float = 60, poses=()) -> Trace:
    now = {name: info.initial for name, info in INFOS.items()}
    events = []
    for at, signal, new in changes:
        events.append(Event(len(events), round(at * S), signal, now[signal], new, (), "hall", None))  # type: ignore[arg-type]
        now[signal] = new  # type: ignore[assignment]
    return Trace({}, INFOS, events, round(end * S), poses=list(poses))


def value(text: str, happened: Trace, **more):
    return evaluate(parse(text, INFOS), happened, **more).value


def test_a_pulse_of_a_microsecond_counts():
    pulse = trace((10, "lamp.lit", True), (10.000001, "lamp.lit", False))
    assert value("eventually lamp.lit", pulse) is True
    assert value("always not lamp.lit", pulse) is False
    assert value("eventually (lamp.lit for 1 us)", pulse, final=True) is False


def test_a_change_undone_within_the_instant_never_was():
    glitch = trace((10, "lamp.lit", True), (10, "lamp.lit", False))
    assert value("eventually lamp.lit", glitch, final=True) is False


def test_windows_are_closed_at_both_ends():
    on = trace((10, "lamp.lit", True))
    assert value("eventually[0, 10 s] lamp.lit", on) is True
    assert value("eventually[0, 9999999 us] lamp.lit", on) is False
    assert value("always[10 s, 20 s] lamp.lit", on) is True


def test_to_hold_for_a_while_takes_that_long():
    on = trace((10, "lamp.lit", True), (15, "lamp.lit", False))
    assert value("eventually (lamp.lit for 4999999 us)", on) is True
    assert value("eventually (lamp.lit for 5 s)", on, final=True) is False


def test_nothing_has_held_for_longer_than_the_episode():
    assert value("not lamp.lit for 1 s", trace()) is True
    assert value("(not lamp.lit) for 1 s", trace(), final=True) is False


def test_what_later_events_could_change_is_undetermined():
    early = trace(end=20)
    assert value("eventually lamp.lit", early) is None
    assert value("always not lamp.lit", early) is None
    assert value("eventually[0, 10 s] lamp.lit", early) is False


def test_at_the_end_what_has_not_come_has_not_come():
    early = trace(end=20)
    assert value("eventually lamp.lit", early, final=True) is False
    assert value("eventually[0, 60 s] lamp.lit", early, final=True) is False
    assert value("always not lamp.lit", early, final=True) is True


def test_an_unfinished_window_is_not_seen_to():
    """Someone who lights the lamp and ends the episode at once hasn't shown that it stays lit."""
    assert value("eventually (always[0, 10 s] lamp.lit)", trace((19, "lamp.lit", True), end=20), final=True) is False
    assert value("eventually (always[0, 10 s] lamp.lit)", trace((9, "lamp.lit", True), end=20), final=True) is True


def test_response_within_a_time():
    text = "always (bell.rings implies lamp.lit within 5 s)"
    rung = [(10, "bell.rings", True), (11, "bell.rings", False)]
    assert value(text, trace(*rung, (13, "lamp.lit", True)), final=True) is True
    assert value(text, trace(*rung, (15.000001, "lamp.lit", True)), final=True) is False


def test_order_of_edges():
    first = trace((5, "bell.rings", True), (8, "lamp.lit", True))
    assert value("eventually (rise(lamp.lit) and once rise(bell.rings))", first) is True
    assert value("(not bell.rings) until lamp.lit", first) is False
    assert value("eventually (bell.rings since rise(bell.rings) and lamp.lit)", first) is True


HEATS = (10, "pan.heat", Anchor(10 * S, 100.0, 0.0, ((-80.0, 0.1),)))  # towards 100 °C with a time constant of 10 s


def test_a_crossing_is_found_to_the_microsecond():
    outcome = evaluate(parse("eventually pan.heat >= 60 degC", INFOS), trace(HEATS))
    assert outcome.value is True
    expected = 10 + 10 * log(2)
    assert outcome.first_satisfaction == pytest.approx(expected * S, abs=1)


def test_an_overshoot_between_two_events_is_seen():
    """Heat rises to 29.6 °C and falls again: neither end of the piece shows it."""
    bump = (10, "pan.heat", Anchor(10 * S, 20.0, 0.0, ((-30.0, 1.0), (30.0, 0.3))))
    peak = 20 + 30 * (exp(-0.3 * log(1 / 0.3) / 0.7) - exp(-log(1 / 0.3) / 0.7))
    outcome = evaluate(parse("eventually pan.heat >= 30 degC", INFOS), trace(bump), final=True)
    assert outcome.value is (peak >= 30)
    assert outcome.robustness == pytest.approx(peak - 30)


def test_robustness_is_the_margin():
    hot = trace(HEATS)
    outcome = evaluate(parse("eventually pan.heat >= 60 degC", INFOS), hot, final=True)
    assert outcome.robustness == pytest.approx(40 - 80 * exp(-5))
    outcome = evaluate(parse("always pan.heat <= 60 degC", INFOS), hot, final=True)
    assert outcome.robustness == pytest.approx(-40 + 80 * exp(-5))
    assert outcome.first_violation is not None


def test_truth_values_gate_the_numbers():
    hot = trace((2, "lamp.lit", True), HEATS)
    text = "eventually (lamp.lit and pan.heat >= 60 degC)"
    assert evaluate(parse(text, INFOS), hot, final=True).robustness == pytest.approx(40 - 80 * exp(-5))
    assert evaluate(parse("eventually lamp.lit", INFOS), hot, final=True).robustness == inf


def test_robustness_while_open_is_that_of_what_was_seen_within_what_may_come():
    outcome = evaluate(parse("eventually pan.heat >= 95 degC", INFOS), trace(end=20))
    assert outcome.value is None
    assert outcome.robustness == -75
    assert outcome.interval == (-75, inf)


def test_the_witness_is_what_settled_it():
    outcome = evaluate(parse("eventually lamp.lit", INFOS), trace((3, "bell.rings", True), (5, "lamp.lit", True)))
    assert outcome.first_satisfaction == 5 * S
    assert outcome.witness == (1,)


def test_times_of_holding():
    on = trace((10, "lamp.lit", True), (15, "lamp.lit", False), (50, "lamp.lit", True))
    assert times(parse("lamp.lit"), on) == [(10 * S, 15 * S), (50 * S, 60 * S + 1)]


def test_sums_of_signals():
    hot = trace((1, "dial.level", 2.0), HEATS)
    assert value("eventually 2 * dial.level + 1 >= 5", hot) is True
    assert value("eventually dial.level > 2", hot, final=True) is False


def test_differences_of_flows_and_their_units():
    hot = trace((1, "dial.level", 2.0), HEATS)
    assert value("eventually pan.heat - 5 * dial.level >= 80", hot) is True
    assert value("eventually (pan.heat / 2 + 10 K >= 59 degC)", hot) is True
    assert value("eventually pan.heat >= 60 degC + 40 K", hot, final=True) is False
    assert value("always 19 degC <= pan.heat <= 100 degC", hot, final=True) is True
    assert value("always abs(pan.heat - 60 degC) <= 40 K", hot, final=True) is True


def test_an_edge_is_an_instant():
    blink = trace((10, "lamp.lit", True), (15, "lamp.lit", False))
    assert times(parse("rise(lamp.lit)"), blink) == [(10 * S, 10 * S + 1)]
    assert times(parse("fall(lamp.lit)"), blink) == [(15 * S, 15 * S + 1)]
    assert value("eventually (fall(lamp.lit) and once[5 s, 5 s] rise(lamp.lit))", blink) is True


def test_a_response_that_stays_out_is_a_violation_when_its_time_is_up():
    rung = trace((10, "bell.rings", True), (11, "bell.rings", False))
    outcome = evaluate(parse("always (bell.rings implies lamp.lit within 5 s)", INFOS), rung)
    assert (outcome.value, outcome.first_violation, outcome.first_satisfaction) == (False, 15 * S, None)
    assert outcome.witness == (1,)


def test_what_must_last_is_satisfied_when_it_has_lasted():
    outcome = evaluate(parse("eventually (pan.heat >= 60 degC for 5 s)", INFOS), trace(HEATS))
    assert outcome.first_satisfaction == pytest.approx((15 + 10 * log(2)) * S, abs=1)
    assert outcome.first_violation is None


def test_things_in_places():
    pose = [
        Pose(0, "cup", (0, 0, 0.8), (1, 0, 0, 0), "kitchen", "table"),
        Pose(20 * S, "cup", (0.3, 0, 0.9), (1, 0, 0, 0), "kitchen", "microwave.cavity"),
        Pose(40 * S, "cup", (0.3, 0.5, 0.0), (0.7071068, 0.7071068, 0, 0), "hall", "floor"),
    ]
    moved = trace(poses=pose)
    assert value("on(cup, table) until[20 s, 20 s] in(cup, microwave.cavity)", moved) is True
    assert value("eventually in(cup, hall)", moved) is True
    assert value("eventually[0, 30 s] fallen(cup)", moved) is False
    assert value("eventually fallen(cup)", moved) is True
    assert value("eventually[0, 30 s] moved(cup, 40 cm)", moved) is False
    with pytest.raises(UnknownSignalError, match="did you mean cup"):
        value("moved(cups)", moved)


def test_an_unknown_signal_is_named():
    with pytest.raises(UnknownSignalError, match=r"lamp\.lit"):
        evaluate(parse("lamp.light"), trace())


def test_a_monitor_knows_when_it_will_be_settled_without_events():
    monitor = Monitor(parse("eventually pan.heat >= 60 degC"), INFOS)
    assert monitor.settles is None
    event = trace(HEATS).events[0]
    monitor.feed(event)
    assert monitor.value_at(event.t) is None
    assert monitor.settles == pytest.approx((10 + 10 * log(2)) * S, abs=1)
    assert monitor.value_at(monitor.settles or 0) is True


def test_a_monitor_does_nothing_for_other_signals_and_keeps_a_settled_verdict():
    happened = trace((5, "lamp.lit", True), (6, "bell.rings", True), (7, "lamp.lit", False))
    monitor = Monitor(parse("eventually lamp.lit"), INFOS)
    verdicts = []
    for event in happened.events:
        monitor.feed(event)
        verdicts.append(monitor.value_at(event.t))
    assert verdicts == [True, True, True]


def test_a_monitor_is_not_woken_without_need():
    """Nothing that has no part in the formula, and no passing of time alone, makes it work anything out."""
    monitor = Monitor(parse("always (bell.rings implies lamp.lit within 5 s)"), INFOS)
    assert monitor.value_at(6 * S) is None  # the first windows have ended
    worked = []
    monitor._watch.catch_up = worked.append  # type: ignore[method-assign]
    for event in trace((7, "dial.level", 1.0), HEATS).events:
        monitor.feed(event)
    assert [monitor.value_at(t * S) for t in range(10, 60)] == [None] * 50
    assert worked == []


def test_a_monitor_tells_a_missed_deadline_without_an_event():
    monitor = Monitor(parse("always (bell.rings implies lamp.lit within 5 s)"), INFOS)
    for event in trace((10, "bell.rings", True), (11, "bell.rings", False)).events:
        monitor.feed(event)
    assert [monitor.value_at(t) for t in (11 * S, 15 * S - 1, 15 * S, 60 * S)] == [None, None, False, False]


@pytest.mark.parametrize("asked", [(5,), (4, 5), (3,), ()])
def test_a_monitor_does_not_overlook_a_crossing_right_after_it_was_asked(asked):
    monitor = Monitor(parse("always pan.heat <= 25.5 degC"), INFOS)
    monitor.feed(trace((0, "pan.heat", Anchor(0, 20.0, 1e6))).events[0])  # a degree each microsecond
    assert [monitor.value_at(t) for t in asked] == [None] * len(asked)
    assert monitor.value_at(6) is False


def test_a_monitor_follows_a_moving_flow():
    monitor = Monitor(parse("eventually pan.heat >= 95 degC"), INFOS)
    monitor.feed(trace(HEATS).events[0])
    assert monitor.margin_at(20 * S) == pytest.approx(5 - 80 * exp(-1))
    assert monitor.outcome_at(30 * S).interval == (pytest.approx(5 - 80 * exp(-2)), inf)


def test_what_was_seen_needs_the_trace():
    with pytest.raises(ValueError, match=r"seen\(lamp\.lit\).*needs the trace"):
        Monitor(parse("eventually seen(lamp.lit)"), INFOS)


def test_a_monitor_of_places():
    monitor = Monitor(parse("eventually on(cup, tray)"), INFOS)
    monitor.place(Pose(0, "cup", (0, 0, 0), (1, 0, 0, 0), "hall", "table"))
    assert monitor.value_at(5 * S) is None
    monitor.place(Pose(9 * S, "cup", (1, 0, 0), (1, 0, 0, 0), "hall", "tray"))
    assert monitor.value_at(9 * S) is True
    assert monitor.outcome_at(9 * S).first_satisfaction == 9 * S
