"""The moments that a reader is shown."""

from hypothesis import given
from hypothesis import strategies as st

from switch_bench.evaluate.moments import MOST, SETTLED, moments
from switch_bench.trace.schema import Event, SignalInfo, Trace

S = 1_000_000


def trace(*presses, end=60 * S):
    events = [Event(i, t, f"panel.key_{i}", False, True, (), "hall", "agent") for i, t in enumerate(presses)]
    infos = {event.signal: SignalInfo("control", "hall", False) for event in events}
    return Trace(manifest={}, signals=infos, events=events, end=end)


def said(found):
    return [(moment.t, moment.what) for moment in found]


def test_start_and_end_of_an_idle_episode():
    assert said(moments(trace())) == [(0, "start"), (60 * S, "end")]


def test_each_actuation_is_shown_when_the_finger_has_left():
    assert said(moments(trace(5 * S, 20 * S))) == [
        (0, "start"),
        (5 * S + SETTLED, "panel.key_0"),
        (20 * S + SETTLED, "panel.key_1"),
        (60 * S, "end"),
    ]


def test_quick_ones_are_one_moment():
    assert [m.what for m in moments(trace(5 * S, 6 * S, 7 * S))] == ["start", "panel.key_0 and panel.key_1 …", "end"]


def test_a_goal_that_an_actuation_brings_at_once_is_shown_once():
    assert [moment.what for moment in moments(trace(5 * S, 20 * S), since=20 * S)] == [
        "start",
        "panel.key_0",
        "goal",
        "end",
    ]


def test_a_goal_at_the_end_is_the_end():
    assert said(moments(trace(60 * S), since=60 * S))[-1] == (60 * S, "goal, end")


def test_what_others_do_is_no_moment():
    room = trace(5 * S)
    room.events = [Event(0, 5 * S, "panel.key_0", False, True, (), "hall", "person:Mia")]
    assert [moment.what for moment in moments(room)] == ["start", "end"]


@given(st.lists(st.integers(0, 600 * S), max_size=60), st.integers(1, 600 * S), st.booleans())
def test_there_are_few_and_in_order(presses, end, with_goal):
    room = trace(*sorted(t for t in presses if t <= end), end=end)
    found = moments(room, since=end // 2 if with_goal else None)
    assert 2 <= len(found) <= MOST
    assert [m.t for m in found] == sorted({m.t for m in found})
    assert (found[0].t, found[-1].t) == (0, end)
