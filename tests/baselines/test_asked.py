"""What the baselines understand of an instruction."""

from __future__ import annotations

import pytest
from switch_bench.baselines._asked import HEAVY, LIGHT, asked, duration


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("wait for half a minute, then", 30.0),
        ("for one and a half minutes", 90.0),
        ("for a minute and a quarter at a stretch", 75.0),
        ("heat it for two minutes", 120.0),
        ("for 40 s", 40.0),
        ("for an hour", 3600.0),
    ],
)
def test_a_duration_is_read_in_words(text: str, seconds: float) -> None:
    assert duration(text) == seconds


def test_no_duration_is_made_up() -> None:
    assert duration("switch on the lamp in the evening") is None


def test_a_lamp_is_named_by_what_it_hangs_over_and_what_is_to_be_left_is_left() -> None:
    wishes = asked("Put on the lamp above the table, and leave the one over the sofa off.").wishes
    assert [(wish.kind, dict(wish.words), wish.on) for wish in wishes] == [("light", {"table": HEAVY}, True)]


def test_a_word_that_only_tells_where_weighs_less_than_the_name() -> None:
    (wish,) = asked("Turn off the passage light by the stairs.").wishes
    assert dict(wish.words) == {"passage": HEAVY, "stairs": LIGHT}
    assert not wish.on


def test_it_is_what_was_last_spoken_of() -> None:
    (wish,) = asked("It is too dark at the desk. Switch on the lamp over it.").wishes
    assert "desk" in dict(wish.words)


def test_wishes_come_in_the_order_in_which_they_are_to_be_done() -> None:
    wishes = asked("The oven is dead: its breaker has tripped. Bring it back, then start the Wool programme.").wishes
    assert [(wish.kind, wish.value) for wish in wishes] == [("restore", ""), ("programme", "wool")]


def test_a_search_for_a_breaker_knows_what_to_watch() -> None:
    (wish,) = asked("Find the breaker that feeds the kettle, and leave it off.").wishes
    assert (wish.kind, wish.about) == ("find_breaker", ("kettle",))


def test_a_warning_of_what_is_printed_is_heeded() -> None:
    assert asked("Switch on the light over the sink. The names may be wrong.").doubt
    assert not asked("Switch on the light over the sink.").doubt


@pytest.mark.parametrize("text", ["Sing me a song.", "Turn off every light in the house."])
def test_nothing_is_understood_that_isnt_known_how_to_do(text: str) -> None:
    assert asked(text).wishes == ()
