"""The axis and the timeline of the report."""

import xml.etree.ElementTree as ET
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from switch_bench.evaluate.axis import Axis, clock
from switch_bench.evaluate.timeline import MOST_EVENTS, MOST_ROWS, shown, timeline, who
from switch_bench.network.flow import Anchor
from switch_bench.trace.schema import Event, SignalInfo, Trace

S = 1_000_000

axes = st.tuples(st.lists(st.integers(0, 7_200 * S), max_size=40), st.integers(1, 7_200 * S))


@given(axes, st.lists(st.integers(0, 7_200 * S), min_size=2, max_size=10))
def test_later_is_further_right_and_inside(axis, times):
    events, end = axis
    drawn = Axis(events, end, 100.0, 900.0)
    places = [drawn.place(min(t, end)) for t in sorted(times)]
    assert places == sorted(places)
    assert drawn.place(0) == 100.0
    assert drawn.place(end) == 900.0
    assert all(100.0 <= place <= 900.0 for place in places)


@given(axes, st.floats(0, 1))
def test_a_place_goes_back_to_its_time(axis, share):
    events, end = axis
    drawn = Axis(events, end, 0.0, 1000.0)
    place = 1000.0 * share
    assert drawn.place(drawn.time(place)) == pytest.approx(place, abs=1000.0 * 2 / max(2, end) + 1e-3 * 1000)


@given(axes)
def test_ticks_do_not_crowd(axis):
    events, end = axis
    drawn = Axis(events, end, 0.0, 800.0)
    places = [drawn.place(tick) for tick in drawn.ticks(80.0)]
    assert all(b - a >= 59.9 for a, b in pairwise(places))


def test_a_long_wait_is_drawn_short():
    drawn = Axis([10 * S, 11 * S], 1000 * S, 0.0, 1000.0)
    assert (1000.0 - drawn.place(11 * S)) / (drawn.place(11 * S) - drawn.place(10 * S)) < 10


@pytest.mark.parametrize(
    ("t", "said"),
    [
        (0, "0 s"),
        (50_000, "0.05 s"),
        (3_210_000, "3.21 s"),
        (12_000_000, "12 s"),
        (59_960_000, "1:00"),
        (605 * S, "10:05"),
        (3_725 * S, "1:02:05"),
    ],
)
def test_times_for_a_reader(t, said):
    assert clock(t) == said


@pytest.mark.parametrize(
    ("value", "said"),
    [(True, "on"), (False, "off"), (2200.0, "2200"), (0.123456, "0.123"), ("", "–"), ("half", "half"), (3, "3")],
)
def test_values_for_a_reader(value, said):
    assert shown(value) == said


def test_who_did_it():
    assert [who(actor) for actor in (None, "agent", "person:Mia", "schedule:night")] == [
        "the device itself",
        "the agent",
        "Mia",
        "the schedule night",
    ]


def trace(*events, end=100 * S, kinds=None):
    kinds = kinds or {}
    made = [
        Event(i, int(t * S), signal, old, new, tuple(causes), "hall", actor)
        for i, (t, signal, old, new, causes, actor) in enumerate(events)
    ]
    infos = {e.signal: SignalInfo(kinds.get(e.signal, "output"), "hall", e.old) for e in reversed(made)}
    return Trace(manifest={}, signals=infos, events=made, end=end)


def drawn(svg):
    return ET.fromstring(svg[svg.index("<svg") : svg.index("</svg>") + 6])


def of_class(root, name):
    return [node for node in root.iter() if name in (node.get("class") or "").split()]


BOILED = trace(
    (1.0, "kettle.switch", False, True, (), "agent"),
    (1.0, "kettle.water", Anchor(0, 18.0), Anchor(1 * S, 18.0, 0.5), (0,), None),
    (90.0, "kettle.hot", False, True, (1,), None),
    (91.0, "radio.on", False, True, (), "person:Mia"),
    kinds={"kettle.switch": "control", "kettle.water": "flow"},
)


def test_each_event_is_marked_with_its_causes_and_who_did_it():
    root = drawn(timeline(BOILED, "e0", [2], 90 * S))
    marks = {node.get("data-id"): node for node in of_class(root, "event")}
    assert marks.keys() == {"0", "1", "2", "3"}
    assert marks["2"].get("data-causes") == "1"
    assert "by-agent" in marks["0"].get("class")
    assert "by-person" in marks["3"].get("class")
    assert marks["0"].find("title").text == "1 s · kettle.switch: off → on · the agent"


def test_the_chain_to_the_goal_is_marked_without_a_script():
    root = drawn(timeline(BOILED, "e0", [2], 90 * S))
    assert {node.get("data-id") for node in of_class(root, "event") if "why" in node.get("class")} == {"0", "1", "2"}
    assert [(n.get("data-from"), n.get("data-to")) for n in of_class(root, "why") if n.get("data-to")] == [
        ("0", "1"),
        ("1", "2"),
    ]
    assert [node.find("title").text for node in of_class(root, "goal")] == ["1:30 · the goal came about"]


def test_the_keyboard_comes_to_one_event_and_by_the_arrow_keys_to_the_others():
    root = drawn(timeline(BOILED, "e0"))
    assert {node.get("data-id"): node.get("tabindex") for node in of_class(root, "event")} == {
        "0": "0",
        "1": "-1",
        "2": "-1",
        "3": "-1",
    }
    assert root.get("role") == "group"  # what is in a picture can't be focused
    assert {node.get("role") for node in of_class(root, "event")} == {"img"}


def test_a_flow_is_a_curve_with_its_range():
    root = drawn(timeline(BOILED, "e0"))
    assert len(of_class(root, "flow")) == 1
    assert {node.text for node in of_class(root, "mark")} == {"18", "67.5"}


def test_a_signal_that_is_on_has_a_bar():
    root = drawn(
        timeline(trace((10, "lamp.lit", True, False, (), None), (20, "lamp.lit", False, True, (), None)), "e0")
    )
    assert len(of_class(root, "on-bar")) == 2


def test_names_from_a_trace_cannot_break_the_page():
    root = drawn(timeline(trace((1, "<b>.x", "", "<script>", (), "person:<i>")), "e0"))
    assert not [node for node in root.iter() if node.tag in ("b", "script", "i")]


def test_nothing_happened():
    assert "Nothing happened" in timeline(trace(), "e0")


def test_a_storm_of_events_is_thinned_and_the_chain_stays():
    storm = [(i / 100, f"d{i % 60}.x", False, True, (), None) for i in range(3000)]
    storm.append((31.0, "lamp.lit", False, True, (7, 2990), None))
    svg = timeline(trace(*storm), "e0", [3000])
    marks = {node.get("data-id") for node in of_class(drawn(svg), "event")}
    assert {"7", "2990", "3000"} <= marks
    assert len(marks) <= MOST_EVENTS + 3
    assert len(of_class(drawn(svg), "rail")) <= MOST_ROWS
    assert f"{3001 - len(marks)} smaller events are not drawn" in svg
