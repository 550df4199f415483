"""Displays count by themselves: the text at any time, and when it next changes."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from switch_bench.network.declare import HOUR, MINUTE, MS, SECOND
from switch_bench.screens.text import DAY, DisplayTextError, check_text, next_change, text

NINE = 9 * HOUR

times = st.integers(0, 3 * HOUR)
marks = st.integers(-HOUR, 3 * HOUR)
parts = st.one_of(
    st.just("{clock}"),
    st.sampled_from(["Cook ", " °C", "12", "{{", "}"]),
    st.sampled_from(["{blink:12:00}", "{blink:E4}", "{blink: }"]),
    st.builds("{{left:{}}}".format, marks),
    st.builds("{{left_hm:{}}}".format, marks),
    st.builds("{{since:{}}}".format, marks),
    st.builds("{{time:{}}}".format, marks),
)
templates = st.lists(parts, max_size=4).map("".join)


def test_words_stand_for_themselves():
    assert text("Door open", 5, NINE) == "Door open"
    assert next_change("Door open", 5, NINE) is None


def test_other_values_are_shown_as_they_are():
    assert text(21.5, 0, NINE) == "21.5"
    assert text(True, 0, NINE) == "True"
    assert next_change(7, 0, NINE) is None


def test_the_clock_shows_the_time_of_day():
    assert text("{clock}", 0, NINE) == "09:00"
    assert text("{clock}", 61 * MINUTE, NINE) == "10:01"
    assert text("{clock}", 15 * HOUR, NINE) == "00:00"
    assert next_change("{clock}", 30 * SECOND, NINE) == MINUTE


def test_a_countdown_rounds_up_and_stops_at_zero():
    end = "{left:90000000}"
    assert [text(end, t, 0) for t in (0, 1, 89 * SECOND, 90 * SECOND - 1, 90 * SECOND, HOUR)] == [
        "1:30",
        "1:30",
        "0:01",
        "0:01",
        "0:00",
        "0:00",
    ]
    assert next_change(end, 0, 0) == SECOND
    assert next_change(end, 90 * SECOND - 1, 0) == 90 * SECOND
    assert next_change(end, 90 * SECOND, 0) is None


def test_a_long_countdown_shows_hours_and_minutes():
    assert text(f"{{left_hm:{119 * MINUTE}}}", 0, 0) == "1:59"
    assert text(f"{{left_hm:{119 * MINUTE}}}", 30 * SECOND, 0) == "1:59"
    assert next_change(f"{{left_hm:{119 * MINUTE}}}", 0, 0) == MINUTE


def test_a_count_up_starts_at_its_start():
    since = f"{{since:{10 * SECOND}}}"
    assert [text(since, t * SECOND, 0) for t in (0, 10, 11, 75)] == ["0:00", "0:00", "0:01", "1:05"]
    assert next_change(since, 0, 0) == 11 * SECOND


def test_a_blinking_text_keeps_its_width():
    assert text("{blink:12:00}", 0, 0) == "12:00"
    assert text("{blink:12:00}", 500 * MS, 0) == "     "
    assert next_change("{blink:12:00}", 0, 0) == 500 * MS
    assert next_change("{blink:  }", 0, 0) is None


@given(templates, times, st.integers(0, DAY - 1), st.lists(st.floats(0, 1, exclude_max=True), min_size=3, max_size=8))
def test_the_text_stays_until_its_next_change(template, now, clock, shares):
    shown, change = text(template, now, clock), next_change(template, now, clock)
    horizon = change if change is not None else now + DAY
    assert all(text(template, now + int(share * (horizon - now)), clock) == shown for share in shares)
    if change is not None:
        assert change > now
        assert text(template, change - 1, clock) == shown
        assert text(template, change, clock) != shown


@given(st.integers(0, HOUR), st.integers(0, HOUR))
def test_a_countdown_shows_the_seconds_that_are_left(now, left):
    minutes, seconds = text(f"{{left:{now + left}}}", now, 0).split(":")
    shown = (int(minutes) * 60 + int(seconds)) * SECOND
    assert 0 <= shown - left < SECOND


@pytest.mark.parametrize(
    ("template", "says"),
    [
        ("{clok}", r"did you mean \{clock\}"),
        ("{left}", r"did you mean \{left:…\}"),
        ("{left:}", "whole microseconds"),
        ("{left:1.5}", "whole microseconds"),
        ("{lefft:3}", r"did you mean \{left:…\}"),
        ("{blink:}", "can't read"),
        ("{clock:12}", "can't read"),
        ("{}", "known: clock"),
        ("12 {", "character 3"),
        ("{left:{clock}}", "isn't closed"),
    ],
)
def test_a_malformed_text_is_refused_with_a_hint(template, says):
    with pytest.raises(DisplayTextError, match=says):
        check_text(template)
