"""Tokens and accounts by API and page: seen without themselves, made once, revoked, and by whom."""

from __future__ import annotations

import re
from typing import Any

import pytest
from halls import Hall
from test_board_forms import signed_in, token_of

from switch_bench.leaderboard import accounts, asking
from switch_bench.leaderboard.settings import Limits

pytestmark = pytest.mark.board
TOKENS = "/api/v1/tokens"


def made(hall: Hall, name: str, path: str = TOKENS, **asked: str) -> Any:
    """The answer to asking for a token."""
    return hall.client.post(path, json=asked, headers=hall.by(name))


def bearer(secret: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {secret}"}


def test_one_makes_oneself_a_token_that_is_told_once(hall: Hall) -> None:
    answer = made(hall, "ada", label="the cluster")
    assert answer.status_code == 201
    secret = answer.json()["secret"]
    assert hall.client.get("/api/v1/me", headers=bearer(secret)).json()["name"] == "ada"
    listed = hall.client.get(TOKENS, headers=hall.by("ada"))
    assert secret not in listed.text
    first, second = listed.json()["tokens"]
    assert (first["label"], first["begins"], first["current"]) == ("the cluster", secret[:8], False)
    assert (second["label"], second["current"]) == ("", True)
    assert secret not in str(hall.get("/audit", "mia"))


def test_when_a_token_was_last_used_is_kept_to_ten_minutes(hall: Hall, monkeypatch: pytest.MonkeyPatch) -> None:
    headers = hall.by("ada")
    seen = []
    for at in (1_000_000.0, 1_000_000.0 + accounts.USED_S, 1_000_000.0 + accounts.USED_S + 1):
        monkeypatch.setattr(asking, "now", lambda at=at: at)
        seen.append(hall.client.get(TOKENS, headers=headers).json()["tokens"][0]["used"])
    assert seen[0] == seen[1] == "1970-01-12T13:46:40Z"
    assert seen[2] == "1970-01-12T13:56:41Z"


def test_one_sees_and_revokes_ones_own_tokens_only(hall: Hall) -> None:
    hall.by("ada"), hall.by("bob")
    [theirs] = hall.get("/tokens", "ada")["tokens"]
    for number in (theirs["id"], 999):
        answer = hall.client.delete(f"{TOKENS}/{number}", headers=hall.by("bob"))
        assert (answer.status_code, answer.json()["error"]["message"]) == (404, "There is no such token.")
    assert [one["id"] for one in hall.get("/tokens", "bob")["tokens"]] != [theirs["id"]]
    assert hall.client.get("/api/v1/accounts/ada/tokens", headers=hall.by("bob")).status_code == 403
    assert hall.client.get("/api/v1/accounts", headers=hall.by("bob")).status_code == 403
    assert hall.client.get("/tokens?account=ada").url.path == "/account", "who isn't signed in signs in"


def test_a_revoked_token_is_nobodys_at_once(hall: Hall) -> None:
    answer = made(hall, "ada").json()
    number = answer["token"]["id"]
    for _ in "ab":  # again, nothing changes
        told = hall.client.delete(f"{TOKENS}/{number}", headers=hall.by("ada"))
        assert told.status_code == 200
        assert told.json()["revoked"] is not None
    assert hall.client.get("/api/v1/me", headers=bearer(answer["secret"])).status_code == 401
    lines = [line["what"] for line in hall.get("/audit", "mia")["lines"]]
    assert lines == ["token revoked", "token added"]


def test_an_account_has_so_many_tokens_and_makes_so_many_an_hour(build) -> None:
    hall = build(Limits(tokens=2, tokens_an_hour=3))
    first = made(hall, "ada")
    full = made(hall, "ada")
    assert (first.status_code, full.status_code, full.json()["error"]["code"]) == (201, 409, "too_many_tokens")
    hall.client.delete(f"{TOKENS}/{first.json()['token']['id']}", headers=hall.by("ada"))
    assert made(hall, "ada").status_code == 201
    assert made(hall, "ada").status_code == 429
    assert made(hall, "bob").status_code == 201


@pytest.mark.parametrize("label", ["x" * 65, "a\nb", "\u202egpj", "\x00"])
def test_a_label_can_be_printed_and_is_short(hall: Hall, label: str) -> None:
    assert made(hall, "ada", label=label).status_code == 422
    assert len(hall.get("/tokens", "ada")["tokens"]) == 1


def test_maintainers_make_accounts_and_tokens_for_them(hall: Hall) -> None:
    asked = {"name": "bob", "role": "submitter"}
    assert hall.client.post("/api/v1/accounts", json=asked, headers=hall.by("ada")).status_code == 403
    assert hall.client.post("/api/v1/accounts", json=asked, headers=hall.by("mia")).status_code == 201
    secret = made(hall, "mia", "/api/v1/accounts/bob/tokens", label="his first").json()["secret"]
    me = hall.client.get("/api/v1/me", headers=bearer(secret)).json()
    assert (me["name"], me["role"]) == ("bob", "submitter")
    told = {one["name"]: (one["role"], one["tokens"]) for one in hall.get("/accounts", "mia")["accounts"]}
    assert told == {"ada": ("submitter", 1), "mia": ("maintainer", 1), "bob": ("submitter", 1)}
    [kept] = hall.get("/accounts/bob/tokens", "mia")["tokens"]
    assert hall.client.delete(f"{TOKENS}/{kept['id']}", headers=hall.by("mia")).status_code == 200
    assert hall.client.get("/api/v1/me", headers=bearer(secret)).status_code == 401
    assert made(hall, "mia", "/api/v1/accounts/nobody/tokens").status_code == 404


def test_accounts_come_in_parts(hall: Hall) -> None:
    names = ["mia", "ada", "bob", "eve"]
    for name in names:
        hall.by(name)
    first = hall.get("/accounts?count=3", "mia")
    second = hall.get(f"/accounts?count=3&after={first['next']}", "mia")
    assert [one["name"] for one in first["accounts"] + second["accounts"]] == names
    assert second["next"] is None


@pytest.mark.parametrize(
    ("name", "status", "code"),
    [("ada", 409, "taken"), ("Ada", 409, "looks_alike"), ("a-da", 409, "looks_alike"), ("\u0430da", 422, "invalid"),
     ("<b>", 422, "invalid"), ("x" * 65, 422, "invalid")],
)  # fmt: skip
def test_a_name_is_plain_and_nobody_elses(hall: Hall, name: str, status: int, code: str) -> None:
    hall.by("ada")
    answer = hall.client.post("/api/v1/accounts", json={"name": name, "role": "submitter"}, headers=hall.by("mia"))
    assert (answer.status_code, answer.json()["error"]["code"]) == (status, code)


def test_the_last_token_of_the_last_maintainer_stays(hall: Hall) -> None:
    [only] = hall.get("/tokens", "mia")["tokens"]
    answer = hall.client.delete(f"{TOKENS}/{only['id']}", headers=hall.by("mia"))
    assert (answer.status_code, answer.json()["error"]["code"]) == (409, "last_token")
    made(hall, "mia")
    assert hall.client.delete(f"{TOKENS}/{only['id']}", headers=hall.by("mia")).status_code == 200


def test_by_page_one_makes_a_token_sees_it_once_and_revokes_it(hall: Hall) -> None:
    signed_in(hall, "ada")
    page = hall.client.get("/tokens").text
    assert "you are signed in by it" in page
    assert "Accounts" not in page
    form = {"csrf": token_of(page), "label": "<i>a laptop"}
    answer = hall.client.post("/tokens", data=form)
    assert answer.status_code == 201
    assert answer.headers["cache-control"] == "no-store"
    [secret] = re.findall(r">(sb_[\w-]{43})<", answer.text)
    assert "&lt;i&gt;a laptop" in answer.text
    assert hall.client.get("/api/v1/me", headers=bearer(secret)).status_code == 200
    assert secret not in hall.client.get("/tokens").text
    [number] = [one["id"] for one in hall.get("/tokens", "ada")["tokens"] if one["label"]]
    gone = hall.client.post(f"/tokens/{number}/revoke", data=form, follow_redirects=False)
    assert (gone.status_code, gone.headers["location"]) == (303, "/tokens")
    assert hall.client.get("/api/v1/me", headers=bearer(secret)).status_code == 401


def test_revoking_the_token_that_one_is_signed_in_by_ends_the_visit(hall: Hall) -> None:
    signed_in(hall, "ada")
    [own] = hall.get("/tokens", "ada")["tokens"]
    form = {"csrf": token_of(hall.client.get("/tokens").text)}
    hall.client.post(f"/tokens/{own['id']}/revoke", data=form)
    assert hall.client.get("/tokens").url.path == "/account"


def test_maintainers_make_accounts_by_page(hall: Hall) -> None:
    signed_in(hall, "mia")
    page = hall.client.get("/tokens").text
    form = {"csrf": token_of(page), "name": "bob", "role": "submitter"}
    answer = hall.client.post("/accounts", data=form)
    [secret] = re.findall(r">(sb_[\w-]{43})<", answer.text)
    assert hall.client.get("/api/v1/me", headers=bearer(secret)).json()["name"] == "bob"
    assert hall.client.post("/accounts", data=form).status_code == 409
    assert "bob" in hall.client.get("/tokens?account=bob").text
    assert hall.client.get("/tokens?account=none").status_code == 404
    [number] = [one["id"] for one in hall.get("/accounts/bob/tokens", "mia")["tokens"]]
    gone = hall.client.post(f"/tokens/{number}/revoke", data=form | {"account": "bob"}, follow_redirects=False)
    assert gone.headers["location"] == "/tokens?account=bob"
    [own] = hall.get("/tokens", "mia")["tokens"]
    kept = hall.client.post(f"/tokens/{own['id']}/revoke", data=form)
    assert kept.status_code == 409
    assert "last maintainer" in kept.text


def test_forms_of_tokens_need_their_own_page_and_the_right_person(hall: Hall) -> None:
    signed_in(hall, "ada")
    good = {"csrf": token_of(hall.client.get("/tokens").text), "name": "x", "role": "submitter", "account": "mia"}
    hall.by("mia")
    for path in ("/tokens", "/tokens/1/revoke", "/accounts"):
        assert hall.client.post(path, data=good | {"csrf": "0" * 64}).status_code == 403
    assert hall.client.post("/accounts", data=good).status_code == 403
    assert hall.client.post("/tokens", data=good).status_code == 404, "a token for another account"
    assert [len(hall.get("/tokens", name)["tokens"]) for name in ("ada", "mia")] == [1, 1]
