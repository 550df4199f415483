"""What every answer carries, how errors look, how often one may ask, and what is written down."""

from __future__ import annotations

import re

import pytest
from archives import archive
from halls import ZIP, Hall
from sqlalchemy import text
from sqlalchemy.exc import DatabaseError

from switch_bench.leaderboard.problems import Problem
from switch_bench.leaderboard.rates import Rates, network
from switch_bench.leaderboard.settings import Limits

pytestmark = pytest.mark.board


@pytest.mark.parametrize("path", ["/", "/api/v1/board", "/api/v1/nothing", "/nothing", "/account", "/static/board.css"])
def test_every_answer_carries_the_headers_that_keep_others_out(hall: Hall, path: str) -> None:
    headers = hall.client.get(path).headers
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "same-origin"
    assert headers["cross-origin-opener-policy"] == "same-origin"
    assert headers["cross-origin-resource-policy"] == "same-origin"
    policy = headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe-inline" not in policy
    assert "server" not in headers


def test_a_nonce_is_used_once(hall: Hall) -> None:
    found = {re.findall(r"'nonce-([\w-]+)'", hall.client.get("/").headers["content-security-policy"])[0] for _ in "ab"}
    assert len(found) == 2


def test_what_the_pages_hold_inline_has_the_nonce_or_is_not_there(hall: Hall) -> None:
    number = hall.verified(archive())
    for path in ("/", "/submit", "/account", "/compare", "/rounds", f"/submissions/{number}"):
        answer = hall.client.get(path)
        nonce = re.findall(r"'nonce-([\w-]+)'", answer.headers["content-security-policy"])[0]
        bare = re.findall(r"<(?:script|style)\b(?![^>]*\bsrc=)[^>]*>", answer.text)
        assert [tag for tag in bare if f'nonce="{nonce}"' not in tag] == []
        assert not re.search(r"<[^>]*\s(?:style|on\w+)=", answer.text)


@pytest.mark.parametrize(
    ("method", "path", "status", "code"),
    [
        ("GET", "/api/v1/nothing", 404, "not_found"),
        ("GET", "/api/v1/submissions/none", 404, "not_found"),
        ("PUT", "/api/v1/board", 405, "no_such_method"),
        ("GET", "/api/v1/board?page=0", 422, "invalid"),
        ("GET", "/api/v1/me", 401, "not_signed_in"),
        ("GET", "/api/v1/audit", 401, "not_signed_in"),
    ],
)
def test_errors_of_the_api_have_one_form(hall: Hall, method: str, path: str, status: int, code: str) -> None:
    answer = hall.client.request(method, path)
    assert answer.status_code == status
    [(name, told)] = answer.json().items()
    assert name == "error"
    assert told.keys() == {"code", "message", "hint"}
    assert told["code"] == code


def test_errors_of_pages_are_pages(hall: Hall) -> None:
    for path, status in (("/nothing", 404), ("/submissions/none", 404), ("/audit", 403)):
        answer = hall.client.get(path)
        assert answer.status_code == status
        assert answer.headers["content-type"].startswith("text/html")


def test_a_fault_of_ours_tells_nothing_of_its_insides(hall: Hall, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> None:
        raise RuntimeError("the secret inside")

    monkeypatch.setattr(hall.served.listing, "board", broken)
    for path in ("/api/v1/board", "/"):
        answer = hall.client.get(path)
        assert answer.status_code == 500
        assert "secret" not in answer.text
        assert "Traceback" not in answer.text


def test_bodies_other_than_archives_are_small(hall: Hall) -> None:
    large = hall.client.post("/api/v1/rounds", content=b" " * 300_000, headers=hall.by("mia"))
    assert (large.status_code, large.json()["error"]["code"]) == (413, "too_large")

    def pieces():
        yield from [b" " * 10_000] * 30

    unsaid = hall.client.post("/api/v1/rounds", content=pieces(), headers=hall.by("mia"))
    assert unsaid.status_code == 413


def test_an_address_and_a_token_may_ask_so_often(build) -> None:
    hall = build(Limits(requests_a_minute=5))
    assert [hall.client.get("/api/v1/board").status_code for _ in range(7)] == [200] * 5 + [429] * 2
    answer = hall.client.get("/")
    assert answer.status_code == 429
    assert 1 <= int(answer.headers["retry-after"]) <= 60


def test_who_tries_tokens_is_soon_asked_to_wait_and_a_right_one_then_waits_too(build) -> None:
    hall = build(Limits(failures_a_minute=3))
    wrong = {"Authorization": "Bearer sb_guess"}
    assert [hall.client.get("/api/v1/me", headers=wrong).status_code for _ in range(4)] == [401] * 3 + [429]
    assert hall.client.get("/api/v1/me", headers=hall.by("ada")).status_code == 429
    assert hall.client.get("/api/v1/board").status_code == 200


def test_a_bucket_fills_again_and_is_no_deeper_than_it_was() -> None:
    rates = Rates()
    for _ in range(2):
        rates.take("ada", 2, 60, at=0)
    with pytest.raises(Problem):
        rates.take("ada", 2, 60, at=29)
    rates.take("ada", 2, 60, at=30)
    for _ in range(2):
        rates.take("ada", 2, 60, at=100_000)
    with pytest.raises(Problem):
        rates.take("ada", 2, 60, at=100_000)


def test_buckets_take_bounded_memory() -> None:
    rates = Rates(most=10)
    for number in range(1000):
        rates.take(f"address {number}", 5, 60, at=0)
    assert len(rates._buckets) == 10


def test_with_ipv6_a_network_counts_as_one() -> None:
    assert network("2001:db8::1") == network("2001:db8::ffff:1") != network("2001:db8:0:1::1")
    assert network("192.0.2.1") != network("192.0.2.2")


def test_only_so_many_proxies_are_believed_about_whom_they_speak_for(build) -> None:
    limits = Limits(requests_a_minute=2)
    plain, behind = build(limits), build(limits, proxies=1)
    claims = [{"X-Forwarded-For": f"203.0.113.{i}"} for i in range(4)]
    assert [plain.client.get("/", headers=h).status_code for h in claims] == [200, 200, 429, 429]
    assert [behind.client.get("/", headers=h).status_code for h in claims] == [200] * 4
    forged = [{"X-Forwarded-For": f"203.0.113.{i}, 198.51.100.7"} for i in range(4)]
    assert [behind.client.get("/", headers=h).status_code for h in forged] == [200, 200, 429, 429]


def test_what_is_done_is_written_down_and_maintainers_read_it(hall: Hall) -> None:
    number = hall.verified(archive())
    hall.client.post(f"/api/v1/submissions/{number}/withdraw", json={"withdrawn": True}, headers=hall.by("mia"))
    lines = hall.get("/audit", "mia")["lines"]
    told = [(line["who"], line["what"], line["target"], line["source"]) for line in reversed(lines)]
    assert told == [
        ("ada", "submitted", number, "127.0.0.1"),
        ("", "verified", number, ""),
        ("mia", "withdrawn", number, "127.0.0.1"),
    ]
    assert hall.client.get("/api/v1/audit", headers=hall.by("ada")).status_code == 403
    assert [n["id"] for n in hall.get(f"/audit?before={lines[0]['id']}&count=1", "mia")["lines"]] == [lines[1]["id"]]


@pytest.mark.parametrize("change", ["UPDATE audit SET who = 'nobody'", "DELETE FROM audit"])
def test_the_audit_log_only_grows(hall: Hall, change: str) -> None:
    hall.submit(archive())
    with pytest.raises(DatabaseError, match="only grows"), hall.served.database.writing() as session:
        session.execute(text(change))
    assert len(hall.get("/audit", "mia")["lines"]) == 1


def test_what_is_withdrawn_is_there_for_its_owner_and_maintainers_only(hall: Hall) -> None:
    number = hall.verified(archive())
    path = f"/api/v1/submissions/{number}"
    asked = {"json": {"withdrawn": True}}
    assert hall.client.post(f"{path}/withdraw", **asked, headers=hall.by("bob")).status_code == 403
    assert hall.client.post(f"{path}/withdraw", **asked, headers=hall.by("mia")).status_code == 200
    assert hall.get("/board")["board"]["rows"] == []
    assert [hall.client.get(path, headers=h).status_code for h in ({}, hall.by("bob"))] == [404, 404]
    assert [hall.client.get(path, headers=hall.by(name)).status_code for name in ("ada", "mia")] == [200, 200]


def test_the_api_looks_at_no_cookies(hall: Hall) -> None:
    hall.client.cookies.set("sb_visit", hall.by("ada")["Authorization"].removeprefix("Bearer "))
    assert hall.client.get("/api/v1/me").status_code == 401
    assert hall.client.post("/api/v1/submissions", content=archive(), headers=ZIP).status_code == 401


@pytest.mark.parametrize("sent", ["", "/board"], ids=["the proxy takes the base away", "the proxy leaves it"])
def test_below_a_base_everything_is_found_and_leads_to_itself(build, sent: str) -> None:
    hall = build(base="/board", limits=Limits(body_bytes=1000))
    answer = hall.client.post(
        f"{sent}/api/v1/submissions", content=archive() + bytes(2000), headers=ZIP | hall.by("ada")
    )
    assert answer.status_code == 201
    number = answer.json()["id"]
    assert answer.headers["location"] == f"/board/api/v1/submissions/{number}"
    hall.verify()
    page = hall.client.get(f"{sent}/")
    assert f'href="/board/submissions/{number}"' in page.text
    assert hall.client.get(f"{sent}/static/board.css").status_code == 200
    assert hall.client.get(f"{sent}/api/v1/nothing").json()["error"]["code"] == "not_found"
    assert hall.client.get(f"{sent}/nothing").headers["content-type"].startswith("text/html")
    assert hall.client.post(f"{sent}/submit", follow_redirects=False).headers["location"] == "/board/account"
    assert hall.client.post(f"{sent}/api/v1/rounds", content=bytes(2000)).status_code == 413
