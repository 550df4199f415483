"""Withdrawing and putting back: by whom, what stays of it, and that the table tells of it."""

from __future__ import annotations

import re
from typing import Any

import pytest
from archives import archive
from halls import Hall
from test_board_forms import signed_in, token_of
from test_board_rounds import attached, opened, revealed

pytestmark = pytest.mark.board


def withdrawn(hall: Hall, number: str, name: str, so: bool = True) -> Any:
    """The answer to withdrawing it, or to putting it back."""
    path = f"/api/v1/submissions/{number}/withdraw"
    return hall.client.post(path, json={"withdrawn": so}, headers=hall.by(name))


def listed(hall: Hall) -> list[str]:
    return [row["id"] for row in hall.get("/board")["board"]["rows"]]


def gone(hall: Hall, query: str = "") -> list[tuple[str, int]]:
    """Who has withdrawn how many, as the table tells anyone."""
    return [(one["submitter"], one["count"]) for one in hall.get(f"/board{query}")["board"]["withdrawn"]]


def test_an_owner_withdraws_and_puts_back(hall: Hall) -> None:
    number = hall.verified(archive())
    assert withdrawn(hall, number, "ada").status_code == 200
    assert listed(hall) == []
    for path in (f"/api/v1/submissions/{number}", f"/submissions/{number}"):
        assert hall.client.get(path).status_code == 404
    assert hall.get(f"/submissions/{number}", "ada")["withdrawn"] == "owner"
    assert [row["withdrawn"] for row in hall.get("/me", "ada")["submissions"]] == [True]
    assert withdrawn(hall, number, "ada", False).status_code == 200
    assert listed(hall) == [number]
    assert hall.get(f"/submissions/{number}")["withdrawn"] == ""


def test_others_can_neither_withdraw_it_nor_put_it_back_nor_learn_that_it_is_there(hall: Hall) -> None:
    number = hall.verified(archive())
    assert withdrawn(hall, number, "bob").status_code == 403
    withdrawn(hall, number, "ada")
    assert withdrawn(hall, number, "bob", False).status_code == 404
    path = f"/api/v1/submissions/{number}/withdraw"
    assert hall.client.post(path, json={"withdrawn": False}).status_code == 401
    assert listed(hall) == []


def test_what_a_maintainer_has_withdrawn_its_owner_can_not_put_back(hall: Hall) -> None:
    number = hall.verified(archive())
    withdrawn(hall, number, "mia")
    answer = withdrawn(hall, number, "ada", False)
    assert (answer.status_code, answer.json()["error"]["code"]) == (403, "withdrawn_by_maintainer")
    assert withdrawn(hall, number, "ada").status_code == 200, "it is so already"
    assert hall.get(f"/submissions/{number}", "ada")["withdrawn"] == "maintainer"
    assert withdrawn(hall, number, "mia", False).status_code == 200
    assert listed(hall) == [number]


def test_a_maintainer_takes_over_what_its_owner_has_withdrawn(hall: Hall) -> None:
    number = hall.verified(archive())
    withdrawn(hall, number, "ada")
    withdrawn(hall, number, "mia")
    assert withdrawn(hall, number, "ada", False).status_code == 403


def test_each_change_is_written_down_once(hall: Hall) -> None:
    number = hall.verified(archive())
    for so in (True, True, False, False):
        withdrawn(hall, number, "ada", so)
    lines = [line for line in hall.get("/audit", "mia")["lines"] if line["target"] == number][:2]
    assert [(line["who"], line["what"], line["detail"]) for line in lines] == [
        ("ada", "shown again", {"by": "owner"}),
        ("ada", "withdrawn", {"by": "owner"}),
    ]


def test_withdrawing_does_not_keep_a_bad_hidden_run_from_counting(hall: Hall) -> None:
    number = opened(hall)
    submission = hall.verified(archive(successes=(True, True)))
    withdrawn(hall, submission, "ada")
    attached(hall, submission)
    found = hall.get(f"/submissions/{submission}", "ada")["row"]
    assert (found["status"], found["hidden"]["n"]) == ("hidden-verified", 4), "recorded while it was withdrawn"
    revealed(hall, number)
    assert hall.get(f"/rounds/{number}")["withdrawn"] == 1
    withdrawn(hall, submission, "ada", False)
    back = hall.get(f"/submissions/{submission}")["row"]
    assert back == {**found, "withdrawn": False}, "put back, it is what it was"
    assert hall.get(f"/rounds/{number}")["withdrawn"] == 0


def test_putting_back_does_not_bring_a_refused_hidden_verdict_back(hall: Hall) -> None:
    number = opened(hall)
    submission = hall.verified(archive())
    attached(hall, submission, seeds={"kitchen.boil_water-v1": [1, 2]})
    withdrawn(hall, submission, "ada")
    revealed(hall, number)
    withdrawn(hall, submission, "ada", False)
    row = hall.get(f"/submissions/{submission}")["row"]
    assert (row["status"], row["hidden"]) == ("replay-verified", None)


def test_the_hidden_run_of_a_withdrawn_submission_is_shown_to_whoever_may_see_that(hall: Hall) -> None:
    number = opened(hall)
    submission = hall.verified(archive())
    run = attached(hall, submission)
    revealed(hall, number)
    withdrawn(hall, submission, "ada")
    assert hall.client.get(f"/api/v1/submissions/{run}").status_code == 404
    assert hall.client.get(f"/api/v1/submissions/{run}", headers=hall.by("bob")).status_code == 404
    assert hall.client.get(f"/api/v1/submissions/{run}", headers=hall.by("ada")).status_code == 200
    assert hall.get(f"/rounds/{number}")["runs"] == []
    assert "1 that was run in it is withdrawn" in hall.client.get("/rounds").text


def test_a_hidden_run_is_withdrawn_by_maintainers_alone(hall: Hall) -> None:
    number = opened(hall)
    run = attached(hall, hall.verified(archive()))
    revealed(hall, number)
    assert withdrawn(hall, run, "ada").status_code == 403


def test_the_same_run_can_not_be_submitted_anew_in_place_of_a_withdrawn_one(hall: Hall) -> None:
    number = hall.verified(archive())
    withdrawn(hall, number, "ada")
    assert hall.submit(archive()).status_code == 409, "the same bytes"
    again = hall.verified(archive(salt="the same manifest in other bytes"))
    assert [reason["code"] for reason in hall.get(f"/submissions/{again}", "ada")["reasons"]] == ["replayed"]


def test_the_table_tells_how_many_of_whom_were_withdrawn_but_not_which(hall: Hall) -> None:
    numbers = [hall.verified(archive(f"p{i}", salt=str(i))) for i in range(3)]
    assert gone(hall) == []
    for number in numbers[:2]:
        withdrawn(hall, number, "ada")
    assert gone(hall) == [("ada", 2)]
    assert gone(hall, "?suite=core") == [("ada", 2)]
    assert gone(hall, "?suite=extra") == []
    page = hall.client.get("/").text
    assert "has withdrawn 2" in page
    assert not any(number in page for number in numbers[:2])
    withdrawn(hall, numbers[0], "ada", False)
    assert gone(hall) == [("ada", 1)]


def test_what_was_refused_is_not_counted_as_withdrawn(hall: Hall) -> None:
    withdrawn(hall, hall.verified(archive(status="refused")), "ada")
    assert gone(hall) == []


def test_its_page_offers_the_one_change_that_one_may_make(hall: Hall) -> None:
    number = hall.verified(archive())
    path = f"/submissions/{number}"

    def offered() -> list[str]:
        return re.findall(r">(Withdraw|Put back)</button>", hall.client.get(path).text)

    assert offered() == []
    signed_in(hall, "ada")
    assert offered() == ["Withdraw"]
    form = {"csrf": token_of(hall.client.get("/submit").text), "withdrawn": "1"}
    assert hall.client.post(f"{path}/withdraw", data={**form, "csrf": "0" * 64}).status_code == 403
    assert hall.client.post(f"{path}/withdraw", data=form, follow_redirects=False).status_code == 303
    assert listed(hall) == []
    assert offered() == ["Put back"]
    withdrawn(hall, number, "mia")
    assert offered() == []
    assert "by a maintainer" in hall.client.get(path).text
