"""A board as an attacker reads it: what others have withdrawn or hidden, caches, tokens, filters, names."""

from __future__ import annotations

import base64
from typing import Any

import pytest
from archives import TASKS, archive, manifest
from halls import Hall
from pydantic import ValidationError
from test_board_rounds import attached, opened, revealed
from test_board_tokens import bearer, made
from test_board_withdrawing import withdrawn

from switch_bench.leaderboard.outcome import Manifest

pytestmark = pytest.mark.board
BELOW = ("", "/progress", "/episodes", f"/episodes/{TASKS[0]}/0", "/results.json", "/archive")
PAGES = ("", f"/episodes/{TASKS[0]}/0", "/results.json", "/archive", f"/videos/{TASKS[0]}.0.webm")


def addresses(number: str) -> list[str]:
    """Every address that tells something of a submission."""
    api = [f"/api/v1/submissions/{number}{path}" for path in BELOW]
    comparison = [f"/api/v1/comparison?a={number}&b={number}", f"/compare?a={number}&b={number}"]
    return api + [f"/submissions/{number}{path}" for path in PAGES] + comparison


def told(answer: Any, number: str) -> tuple[int, dict[str, str], str]:
    """What an answer tells, but for the id that was asked about and the page's nonce."""
    left_out = ("content-security-policy", "date")
    headers = {name: value for name, value in answer.headers.items() if name not in left_out}
    text = answer.text.replace(number, "ID")
    return answer.status_code, headers, "" if "<html" in text else text


def test_what_is_withdrawn_or_hidden_is_to_others_as_if_it_had_never_been(hall: Hall) -> None:
    opened(hall)
    parent = hall.verified(archive())
    hidden = attached(hall, parent)
    gone = hall.verified(archive("gone", salt="2"))
    withdrawn(hall, gone, "ada")
    names: list[dict[str, str]] = [{}, hall.by("bob"), {"If-None-Match": "*"}, {"Range": "bytes=0-9"}]
    for method in ("GET", "HEAD"):
        for number in (hidden, gone):
            for path, nothing in zip(addresses(number), addresses("nosuchthing1"), strict=True):
                for headers in names:
                    found = told(hall.client.request(method, path, headers=headers), number)
                    assert found == told(hall.client.request(method, nothing, headers=headers), "nosuchthing1"), path
                    assert found[0] == 404
    for headers in names[:2]:
        for path in ("/", "/api/v1/board", "/rounds", "/api/v1/rounds", "/compare", "/?status=replay-verified",
                     f"/api/v1/board?q={gone}", f"/api/v1/board?q={hidden}"):  # fmt: skip
            page = hall.client.get(path, headers=headers).text
            assert page.count(gone) == (path.endswith(gone))  # the filter itself
            assert page.count(hidden) == (path.endswith(hidden))


def test_sending_the_same_again_does_not_tell_which_one_is_withdrawn(hall: Hall) -> None:
    number = hall.verified(archive())
    withdrawn(hall, number, "ada")
    theirs = hall.submit(archive(), "bob")
    assert (theirs.status_code, number in theirs.text, "location" in theirs.headers) == (409, False, False)
    assert number in hall.submit(archive(), "ada").text
    again = hall.verified(archive(salt="other bytes"), "ada")
    [reason] = hall.get(f"/submissions/{again}")["reasons"]
    assert reason["said"] == "The same signed manifest was submitted before."


def test_after_the_reveal_a_hidden_run_of_a_visible_submission_is_everyones(hall: Hall) -> None:
    number = opened(hall)
    hidden = attached(hall, hall.verified(archive()))
    revealed(hall, number)
    assert hall.client.get(f"/api/v1/submissions/{hidden}").status_code == 200


def test_no_shared_cache_keeps_what_is_for_one_person(hall: Hall) -> None:
    number = hall.verified(archive())
    [run] = hall.settings.runs.iterdir()
    (run / "videos").mkdir()
    (run / "videos" / f"{TASKS[0]}.0.webm").write_bytes(b"film")
    for path in addresses(number):
        kept = hall.client.get(path, headers=hall.by("ada")).headers["cache-control"]
        assert kept == ("private, no-cache" if "/videos/" in path else "no-store"), path


def test_the_table_that_is_kept_for_everyone_holds_nothing_of_who_asked_first(hall: Hall) -> None:
    first = hall.client.get("/", headers={"Cookie": "sb_visit=" + "a" * 43})
    second = hall.client.get("/")
    assert first.content == second.content
    assert "csrf" not in first.text
    assert "set-cookie" not in first.headers


def test_wrong_tokens_are_told_apart_by_nothing(hall: Hall) -> None:
    right = hall.by("ada")["Authorization"].removeprefix("Bearer ")
    old = made(hall, "ada").json()
    hall.client.delete(f"/api/v1/tokens/{old['token']['id']}", headers=hall.by("ada"))
    wrong = ["sb_nobodys", right[:-1] + ("a" if right[-1] != "a" else "b"), right[:-1], old["secret"], right.upper()]
    answers = [hall.client.get("/api/v1/me", headers=bearer(token)) for token in wrong]
    assert {(answer.status_code, answer.text) for answer in answers} == {(401, answers[0].text)}


NASTY = ["' OR 1=1 --", "%", "__", "\\", '"; DROP TABLE submissions; --', "*", "${7*7}{{7*7}}", "\U0010ffff"]


def test_filters_are_words_and_nothing_else(hall: Hall) -> None:
    hall.verified(archive(status="self-reported"))
    for said in NASTY:
        for name in ("q", "track", "suite", "protocol"):
            answer = hall.client.get("/api/v1/board", params={name: said})
            assert (answer.status_code, answer.json()["total"]) == (200, 0), said
            page = hall.client.get("/", params={name: said})
            assert page.status_code == 200
            assert "49" not in page.text.partition("<main")[2].partition("How to read this")[0]
    assert hall.get("/board")["total"] == 1


@pytest.mark.parametrize(
    "query", ["per_page=101", "per_page=0", "per_page=-1", "page=0", "page=100001", "sort=id", "status=none",
              "q=" + "x" * 201, "q=%00", "suite=a%00"],
)  # fmt: skip
def test_the_table_is_asked_for_in_bounds(hall: Hall, query: str) -> None:
    assert hall.client.get(f"/api/v1/board?{query}").status_code == 422
    if "%00" in query:
        assert hall.client.get(f"/?{query}").status_code == 422


@pytest.mark.parametrize(
    "path",
    ["/audit?count=501", "/audit?before=0", f"/audit?before={2**63}", "/accounts?count=501", "/accounts?after=-1"],
)
def test_lists_are_asked_for_in_bounds(hall: Hall, path: str) -> None:
    assert hall.client.get(f"/api/v1{path}", headers=hall.by("mia")).status_code == 422


@pytest.mark.parametrize(
    "name", ["kettle_b\u03bft", "kettle\u202etob", "kettle\nbot", "kettle\x1b[2Jbot", "ket\u200btle"]
)
@pytest.mark.parametrize("field", ["policy", "suite", "protocol"])
def test_names_that_could_pass_for_others_are_not_taken_from_a_verifier_either(field: str, name: str) -> None:
    Manifest.model_validate(manifest())
    with pytest.raises(ValidationError, match=field):
        Manifest.model_validate(manifest() | {field: name[:16]})


def test_a_name_is_escaped_wherever_it_is_shown(hall: Hall) -> None:
    nasty = "<img src=x onerror=alert(1)>\"'=cmd|' /C calc'!A0"
    number = hall.verified(archive(nasty))
    withdrawn(hall, number, "ada")
    withdrawn(hall, number, "ada", False)
    for path in ("/", f"/submissions/{number}", "/compare", f"/compare?a={number}&b={number}", "/?q=onerror"):
        page = hall.client.get(path).text
        assert "<img" not in page, path
    headers = hall.client.get(f"/submissions/{number}/results.json").headers
    assert headers["content-disposition"] == f'attachment; filename="{number}.results.json"'


def test_a_form_can_not_choose_how_its_letters_are_read(hall: Hall) -> None:
    body = '--x\r\nContent-Disposition: form-data; name="csrf"\r\n\r\n\\ud800\r\n--x--\r\n'
    for charset in ("unicode_escape", "utf-16", "utf-7"):
        kind = f"multipart/form-data; boundary=x; charset={charset}"
        answer = hall.client.post("/sign-in", content=body.encode(), headers={"Content-Type": kind})
        assert answer.status_code == 415
    plain = hall.client.post(
        "/sign-in", content=body.encode(), headers={"Content-Type": "multipart/form-data; boundary=x"}
    )
    assert plain.status_code == 403


def test_basic_credentials_and_odd_headers_are_nobodys(hall: Hall) -> None:
    token = hall.by("ada")["Authorization"].removeprefix("Bearer ")
    basic = base64.b64encode(f"ada:{token}".encode()).decode()
    for value in (f"Basic {basic}", token, "Bearer", "Bearer ", f"Token {token}"):
        assert hall.client.get("/api/v1/me", headers={"Authorization": value}).status_code == 401
