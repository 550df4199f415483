"""Two traces compared: what counts as the same story, and what doesn't."""

from __future__ import annotations

import pytest

from switch_bench.evaluate.agreement import alike, compare
from switch_bench.trace.schema import Event, SignalInfo, Trace

SIGNALS = {
    "key_touch": SignalInfo("touch", "hall", False),
    "key": SignalInfo("control", "hall", False),
    "lamp": SignalInfo("output", "hall", False),
    "done": SignalInfo("state", "hall", False),
    "bell": SignalInfo("sound", "hall", ""),
}


def story(touch: float = 1.0, down: float = 1.1, up: float = 1.4, off: float = 1.5, done: float = 61.1) -> Trace:
    """A key pressed and let go of [s]; a lamp goes on at once, and a minute later something is done."""
    rows = [
        (touch, "key_touch", False, True, (), "agent"),
        (down, "key", False, True, (0,), "agent"),
        (down, "lamp", False, True, (1,), None),
        (up, "key", True, False, (0,), "agent"),
        (off, "key_touch", True, False, (), "agent"),
        (done, "done", False, True, (2,), None),
    ]
    return trace(rows)


def trace(rows) -> Trace:
    events = [
        Event(i, round(1e6 * t), signal, old, new, causes, "hall", actor)
        for i, (t, signal, old, new, causes, actor) in enumerate(rows)
    ]
    return Trace(manifest={}, signals=SIGNALS, events=events, end=100_000_000)


def kinds(a: Trace, b: Trace) -> list[tuple[str, str]]:
    return [(d.kind, d.signal) for d in compare(a, b).differences]


def test_the_same_story_agrees():
    found = compare(story(), story())
    assert (found.same, found.events, found.control_us, found.share) == (True, 4, 0, 0.0)


def test_a_hand_that_comes_later_does_the_same():
    later = story(touch=1.5, down=1.6, up=1.9, off=2.0, done=61.6)
    assert compare(story(), later).same


def test_a_mechanism_that_takes_longer_under_the_finger_does_not():
    assert kinds(story(), story(down=1.16)) == [("time", "key")]


def test_a_longer_press_is_no_difference_but_springing_back_later_is():
    assert compare(story(), story(up=2.4, off=2.5)).same
    assert kinds(story(), story(up=1.44)) == []
    assert kinds(story(), story(up=1.34)) == [("time", "key")]


@pytest.mark.parametrize(("done", "same"), [(61.6, True), (60.6, True), (61.8, False), (60.4, False)])
def test_what_comes_a_minute_later_has_a_hundredth_of_it(done, same):
    found = compare(story(), story(done=done))
    assert found.same is same
    assert found.share == pytest.approx(abs(done - 61.1) / 60.0)


def test_what_is_missing_is_told_with_both_engines_values():
    short = story()
    short.events.pop()
    found = compare(story(), short, ("one", "other"))
    assert [d.kind for d in found.differences] == ["events"]
    assert "True on one, nothing on other" in found.differences[0].words


def test_what_one_trace_was_too_short_for_is_no_difference():
    for end, same in ((61.05, True), (61.3, False)):
        short = story()
        short.events.pop()
        short.end = round(1e6 * end)
        assert compare(story(), short).same is same
        assert compare(short, story()).same is same


def test_the_order_counts_only_of_events_that_are_apart():
    def rings(bell: float, lamp: float) -> Trace:
        rows = [(bell, "bell", "", "ding", (), None), (lamp, "lamp", False, True, (), None)]
        return trace(sorted(rows, key=lambda row: row[0]))

    assert kinds(rings(10.00, 10.04), rings(10.04, 10.00)) == []
    assert ("order", "lamp") in kinds(rings(10.00, 10.08), rings(10.08, 10.00))


@pytest.mark.parametrize(
    ("x", "y", "same"),
    [
        (100.0, 100.9, True),
        (100.0, 102.0, False),
        (7, 8, False),
        (True, 1, True),
        (True, False, False),
        ("{left:106810000}", "{left:106750000}", True),
        ("{left:106810000}", "{left:90000000}", False),
        ("{time:-65919280000}", "{time:-65919290000}", True),
        ("{blink:10:11}", "{blink:10:12}", False),
        ("End", "{left:0}", False),
    ],
)
def test_numbers_are_alike_within_a_hundredth_and_words_only_if_the_same(x, y, same):
    assert alike(x, y) is same
