"""The pages' forms: signing in, submitting, and forms that others send."""

from __future__ import annotations

import re
from typing import Any

import pytest
from archives import archive
from halls import Hall

pytestmark = pytest.mark.board


def token_of(page: str) -> str:
    """What a page's forms send beside the cookie."""
    return re.findall(r'name="?csrf"? value="?([0-9a-f]{64})"?', page)[0]


def signed_in(hall: Hall, name: str) -> None:
    form = {"csrf": token_of(hall.client.get("/account").text), "token": hall.by(name)["Authorization"][7:]}
    answer = hall.client.post("/sign-in", data=form, follow_redirects=False)
    assert (answer.status_code, answer.headers["location"]) == (303, "/account")


def sent(hall: Hall, content: bytes, **form: str) -> Any:
    """The answer to the upload's form."""
    form = {"csrf": token_of(hall.client.get("/submit").text)} | form
    return hall.client.post(
        "/submit", data=form, files={"archive": ("run.sbz", content, "application/zip")}, follow_redirects=False
    )


def test_one_signs_in_submits_and_comes_to_the_submissions_page(hall: Hall) -> None:
    signed_in(hall, "ada")
    answer = sent(hall, archive())
    assert answer.status_code == 303
    number = hall.get("/me", "ada")["submissions"][0]["id"]
    assert answer.headers["location"] == f"/submissions/{number}"
    hall.verify()
    assert "kettle_bot" in hall.client.get(f"/submissions/{number}").text
    assert f"/submissions/{number}" in hall.client.get("/").text
    assert f"/submissions/{number}" in hall.client.get("/account").text


def test_the_cookie_can_not_be_read_by_scripts_or_sent_by_other_sites(build) -> None:
    for secure, name in ((False, "sb_visit"), (True, "__Host-sb_visit")):
        hall = build(secure=secure)
        cookie = hall.client.get("https://testserver/account").headers["set-cookie"]
        assert cookie.startswith(f"{name}=")
        assert "HttpOnly" in cookie
        assert "samesite=strict" in cookie.lower()
        assert ("Secure" in cookie) == secure


def test_signing_in_gives_another_cookie_than_the_forms(hall: Hall) -> None:
    hall.client.get("/account")
    before = hall.client.cookies["sb_visit"]
    signed_in(hall, "ada")
    assert hall.client.cookies["sb_visit"] != before


def test_a_wrong_token_signs_nobody_in(hall: Hall) -> None:
    form = {"csrf": token_of(hall.client.get("/account").text), "token": "sb_wrong"}
    assert hall.client.post("/sign-in", data=form).status_code == 401
    assert hall.client.post("/submit", follow_redirects=False).headers["location"] == "/account"


@pytest.mark.parametrize("path", ["/sign-in", "/submit", "/sign-out"])
def test_a_form_without_its_token_is_refused(hall: Hall, path: str) -> None:
    signed_in(hall, "ada")
    for csrf in ("", "0" * 64):
        answer = hall.client.post(path, data={"csrf": csrf, "token": "x"}, files={"archive": ("a.sbz", archive())})
        assert answer.status_code == 403
    assert hall.get("/me", "ada")["submissions"] == []


def test_a_form_from_another_site_is_refused_even_with_its_token(hall: Hall) -> None:
    signed_in(hall, "ada")
    form = {"csrf": token_of(hall.client.get("/submit").text)}
    answer = hall.client.post("/sign-out", data=form, headers={"Sec-Fetch-Site": "cross-site"})
    assert answer.status_code == 403
    assert hall.client.post("/submit", data=form, follow_redirects=False).status_code == 422, "still signed in"


def test_what_is_wrong_with_an_upload_is_told_on_its_page(hall: Hall) -> None:
    signed_in(hall, "ada")
    wrong = sent(hall, b"no zip")
    assert wrong.status_code == 415
    assert "ZIP" in wrong.text
    assert sent(hall, archive()).status_code == 303
    again = sent(hall, archive())
    assert again.status_code == 409
    assert "submitted before" in again.text


def test_signing_out_ends_the_visit_for_whoever_has_the_cookie(hall: Hall) -> None:
    signed_in(hall, "ada")
    kept = hall.client.cookies["sb_visit"]
    form = {"csrf": token_of(hall.client.get("/submit").text)}
    assert hall.client.post("/sign-out", data=form, follow_redirects=False).status_code == 303
    hall.client.cookies.set("sb_visit", kept)
    assert hall.client.post("/submit", follow_redirects=False).headers["location"] == "/account"


def test_a_revoked_token_ends_its_visits(hall: Hall) -> None:
    from switch_bench.leaderboard import accounts

    signed_in(hall, "ada")
    with hall.served.database.writing() as session:
        accounts.revoke(session, 1, 1.0)
    assert hall.client.post("/submit", follow_redirects=False).headers["location"] == "/account"
    assert hall.client.get("/api/v1/me", headers=hall.by("ada")).status_code == 401


def test_maintainers_withdraw_and_verify_again_by_forms_and_others_do_not(hall: Hall) -> None:
    number = hall.verified(archive())
    signed_in(hall, "bob")
    form = {"csrf": token_of(hall.client.get("/submit").text), "withdrawn": "1"}
    assert hall.client.post(f"/submissions/{number}/withdraw", data=form).status_code == 403
    assert hall.client.post(f"/submissions/{number}/again", data=form).status_code == 403
    hall.client.cookies.clear()
    signed_in(hall, "mia")
    form["csrf"] = token_of(hall.client.get("/submit").text)
    assert hall.client.post(f"/submissions/{number}/again", data=form, follow_redirects=False).status_code == 303
    assert hall.get(f"/submissions/{number}/progress")["status"] == "queued"
    assert hall.client.post(f"/submissions/{number}/withdraw", data=form, follow_redirects=False).status_code == 303
    assert hall.client.get(f"/api/v1/submissions/{number}").status_code == 404
    assert "withdrawn" in hall.client.get("/audit").text


def test_a_film_is_served_in_parts_and_nothing_beside_the_films_is(hall: Hall) -> None:
    number = hall.verified(archive())
    [run] = hall.settings.runs.iterdir()
    (run / "videos").mkdir()
    (run / "videos" / "kitchen.boil_water-v1.0.webm").write_bytes(bytes(range(256)) * 10)
    path = f"/submissions/{number}/videos/kitchen.boil_water-v1.0.webm"
    whole = hall.client.get(path)
    assert (whole.status_code, whole.headers["content-type"]) == (200, "video/webm")
    part = hall.client.get(path, headers={"Range": "bytes=10-19"})
    assert (part.status_code, part.content) == (206, bytes(range(10, 20)))
    assert part.headers["content-range"] == "bytes 10-19/2560"
    assert hall.client.get(path, headers={"Range": "bytes=9999-"}).status_code == 416
    for other in ("%2e%2e%2fresults.json", "..%2Fverification.json", "none.webm", ".webm"):
        assert hall.client.get(f"/submissions/{number}/videos/{other}").status_code == 404
