"""Two submissions are compared by `/compare?of=A&of=B`; any other choice ends in a page that says what was wrong."""

from __future__ import annotations

from html import unescape
from typing import TYPE_CHECKING

import pytest
from archives import archive, manifest

if TYPE_CHECKING:
    from halls import Hall

pytestmark = pytest.mark.board


def told(hall: Hall, *chosen: str) -> tuple[int, str]:
    """Status and text of the page."""
    answer = hall.client.get("/compare", params={"of": list(chosen)})
    return answer.status_code, unescape(answer.text)


@pytest.fixture
def one(hall: Hall) -> str:
    return hall.verified(archive("one", (True, True)))


@pytest.fixture
def two(hall: Hall) -> str:
    return hall.verified(archive("two", (False, True)))


def test_two_are_compared_as_they_were_named(hall: Hall, one: str, two: str) -> None:
    status, text = told(hall, two, one)
    assert status == 200
    assert text.index("two</bdi>") < text.index("one</bdi>")
    assert "Task by task" in text


def test_without_a_choice_there_is_a_form_and_no_complaint(hall: Hall, one: str, two: str) -> None:
    status, text = told(hall)
    assert status == 200
    assert 'name="of"' in text
    assert 'role="alert"' not in text


@pytest.mark.parametrize("empty", [0, 1])
def test_one_is_too_few(hall: Hall, one: str, two: str, empty: int) -> None:
    status, text = told(hall, one, *[""] * empty)  # a form in which nothing is chosen sends ""
    assert status == 422
    assert "A comparison takes two submissions, and only one was chosen." in text
    assert f'value="{one}" selected' in text


def test_three_are_too_many(hall: Hall, one: str, two: str) -> None:
    three = hall.verified(archive("three", (False, False)))
    status, text = told(hall, one, two, three)
    assert status == 422
    assert "A comparison takes two submissions, and 3 were chosen." in text


def test_one_twice_is_no_comparison(hall: Hall, one: str, two: str) -> None:
    status, text = told(hall, one, one)
    assert status == 422
    assert "the same submission twice" in text


def test_one_that_is_not_there_is_named(hall: Hall, one: str, two: str) -> None:
    status, text = told(hall, one, "nowhere")
    assert status == 404
    assert "There is no such submission as the second of these." in text


def test_one_without_a_score_says_so(hall: Hall, one: str, two: str) -> None:
    reported = hall.verified(archive("claims", status="self-reported"))
    status, text = told(hall, reported, one)
    assert status == 409
    assert "claims is self-reported: there are no recomputed scores of it to be compared." in text


def test_different_suites_without_a_common_episode_are_refused(hall: Hall, one: str) -> None:
    far = archive("far", manifest_of=manifest("far", suite="home"), seeds={"home.hall_light_on-v1": [5]})
    status, text = told(hall, one, hall.verified(far))
    assert status == 422
    assert "They are of different suites, core and home, and have no episode in common." in text


def test_of_different_suites_what_both_played_is_compared_and_the_page_says_so(hall: Hall, one: str) -> None:
    wider = hall.verified(archive("wider", (False, True), manifest_of=manifest("wider", suite="all")))
    status, text = told(hall, one, wider)
    assert status == 200
    assert "They are of different suites (core; all); only tasks of both are counted." in text


def test_what_a_stranger_asks_for_is_not_repeated(hall: Hall, one: str, two: str) -> None:
    status, text = told(hall, one, "<script>alert(1)</script>")
    assert status == 404
    assert "alert(1)" not in text
