"""Everything that goes wrong is told in one form, by the API as JSON, by pages as a page. HEAD, and slashes."""

from __future__ import annotations

import json
import socket
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from archives import archive
from halls import ZIP, Hall
from running import serving

from switch_bench.leaderboard.settings import Limits

pytestmark = pytest.mark.board
JSON = {"Content-Type": "application/json"}
RANGE = {"Range": "bytes=99999999-"}
FILM = "videos/kitchen.boil_water-v1.0.webm"


@pytest.fixture(scope="module")
def board(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Hall, str]]:
    """A board with one verified submission that has a film, and the submission's id."""
    from fastapi.testclient import TestClient
    from halls import VERIFY

    from switch_bench.leaderboard.app import make_app
    from switch_bench.leaderboard.asking import Served
    from switch_bench.leaderboard.server import open_board
    from switch_bench.leaderboard.settings import Settings

    limits = Limits(requests_a_minute=10**6, failures_a_minute=10**6, body_bytes=10_000, archive_bytes=50_000)
    told = Settings(tmp_path_factory.mktemp("board"), verify=VERIFY, secure=False, films=False, limits=limits)
    told.make_folders()
    served = Served(told, open_board(told))
    with TestClient(make_app(served), raise_server_exceptions=False) as client:
        hall = Hall(served, client)
        number = hall.verified(archive())
        hall.by("mia")
        [run] = told.runs.iterdir()
        (run / "videos").mkdir()
        (run / FILM).write_bytes(bytes(1000))
        yield hall, number
    served.database.close()


WRONG = [  # method, path, what is sent, status, code
    ("GET", "/api/v1/nothing", {}, 404, "not_found"),
    ("GET", "/api/v2/board", {}, 404, "not_found"),
    ("GET", "/api/v1/submissions/none", {}, 404, "not_found"),
    ("GET", "/api/v1/submissions/{id}/episodes/none/0", {}, 404, "not_found"),
    ("PUT", "/api/v1/board", {}, 405, "no_such_method"),
    ("DELETE", "/api/v1/submissions/{id}", {}, 405, "no_such_method"),
    ("BREW", "/api/v1/board", {}, 405, "no_such_method"),
    ("GET", "/api/v1/me", {}, 401, "not_signed_in"),
    ("GET", "/api/v1/me", {"headers": {"Authorization": "Bearer sb_wrong"}}, 401, "not_signed_in"),
    ("GET", "/api/v1/board?page=0", {}, 422, "invalid"),
    ("GET", "/api/v1/board?page=" + "9" * 400, {}, 422, "invalid"),
    ("POST", "/api/v1/rounds", {"content": b"{", "by": "mia"}, 422, "invalid"),
    ("POST", "/api/v1/rounds", {"content": b"\xff\xfe", "by": "mia"}, 422, "invalid"),
    ("POST", "/api/v1/rounds", {"content": b'{"\\ud800": 1}', "by": "mia"}, 422, "invalid"),
    ("POST", "/api/v1/tokens", {"content": b'{"label": "\\ud800"}', "by": "ada"}, 422, "invalid"),
    ("POST", "/api/v1/rounds", {"content": b"[" * 9_000, "by": "mia"}, 400, "bad_request"),
    ("POST", "/api/v1/rounds", {"content": bytes(10_001), "by": "mia"}, 413, "too_large"),
    ("POST", "/api/v1/submissions", {"content": bytes(200_000), "by": "ada"}, 413, "too_large"),
    ("POST", "/api/v1/submissions", {"content": b"x", "by": "ada"}, 415, "wrong_type"),
    ("POST", "/api/v1/submissions/{id}/hidden", {"content": b"x", "by": "ada"}, 403, "not_allowed"),
    ("GET", "/api/v1/submissions/{id}/archive", {"headers": RANGE}, 416, "no_such_range"),
    ("GET", "/api/v1/submissions/{id}/archive", {"headers": {"Range": "bytes=x"}}, 400, "bad_request"),
    ("GET", "/api/v1/board?q=" + "x" * 9_000, {}, 414, "too_long"),
    ("GET", "/api/v1/board", {"headers": {"X-Long": "x" * 17_000}}, 431, "headers_too_large"),
    ("POST", "/api/v1/tokens", {"headers": {"Content-Length": "1e3"}}, 400, "bad_request"),
    ("GET", "/nothing", {}, 404, ""),
    ("GET", "/submissions/none", {}, 404, ""),
    ("GET", "/submissions/{id}/episodes/none/0", {}, 404, ""),
    ("GET", "/submissions/{id}/episodes/kitchen.boil_water-v1/x", {}, 422, ""),
    ("GET", "/static/none.css", {}, 404, ""),
    ("GET", "/static", {}, 404, ""),
    ("POST", "/static/board.css", {}, 405, ""),
    ("POST", "/rounds", {}, 405, ""),
    ("GET", "/sign-in", {}, 405, ""),
    ("GET", "/audit", {}, 403, ""),
    ("POST", "/sign-in", {}, 403, ""),
    ("POST", "/sign-in", {"content": b"--x", "headers": {"Content-Type": "multipart/form-data"}}, 400, ""),
    ("GET", "/submissions/{id}/" + FILM, {"headers": RANGE}, 416, ""),
    ("GET", "/submissions/{id}/archive", {"headers": RANGE}, 416, ""),
    ("GET", "/static/board.css", {"headers": RANGE}, 416, ""),
    ("GET", "/?page=0", {}, 422, ""),
    ("GET", "/?q=" + "x" * 9_000, {}, 414, ""),
    ("GET", "/", {"headers": {"X-Long": "x" * 17_000}}, 431, ""),
    ("POST", "/sign-in", {"content": bytes(10_001)}, 413, ""),
]


@pytest.mark.parametrize(
    ("method", "path", "sent", "status", "code"), WRONG, ids=[f"{n} {m} {p[:40]}" for n, (m, p, *_) in enumerate(WRONG)]
)
def test_what_goes_wrong_is_told_in_one_form(board, method: str, path: str, sent: dict, status: int, code: str) -> None:
    hall, number = board
    sent = dict(sent)
    headers = JSON if path.startswith("/api/") and "content" in sent else {}
    headers = headers | sent.pop("headers", {}) | (hall.by(name) if (name := sent.pop("by", None)) else {})
    answer = hall.client.request(method, path.replace("{id}", number), headers=headers, **sent)
    assert answer.status_code == status, answer.text
    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert "default-src 'none'" in answer.headers["content-security-policy"]
    assert "set-cookie" not in answer.headers
    if code:
        assert answer.headers["content-type"] == "application/json"
        assert answer.json().keys() == {"error"}
        told = answer.json()["error"]
        assert (told.keys(), told["code"]) == ({"code", "message", "hint"}, code)
        assert told["message"]
    else:
        assert answer.headers["content-type"] == "text/html; charset=utf-8"
        assert "To the leaderboard" in answer.text
    if status == 416:
        assert answer.headers["content-range"].startswith("bytes */")


@pytest.mark.parametrize(
    ("path", "allow"),
    [("/api/v1/board", "GET, HEAD"), ("/api/v1/tokens", "GET, HEAD, POST"), ("/submit", "GET, HEAD, POST"),
     ("/sign-in", "POST"), ("/static/board.css", "GET, HEAD")],
)  # fmt: skip
def test_a_method_that_is_not_served_is_told_which_are(board, path: str, allow: str) -> None:
    answer = board[0].client.patch(path)
    assert (answer.status_code, answer.headers["allow"]) == (405, allow)


@pytest.mark.parametrize("path", ["/api/v1/board", "/"])
def test_too_many_requests_and_faults_of_ours_have_the_form_too(build, monkeypatch, path: str) -> None:
    hall = build(Limits(requests_a_minute=1), base="/board")

    def broken(*_: object) -> None:
        raise RuntimeError("the secret inside")

    monkeypatch.setattr(hall.served.listing, "board", broken)
    fault, many = (hall.client.get(path) for _ in "ab")
    assert (fault.status_code, many.status_code) == (500, 429)
    assert int(many.headers["retry-after"]) > 0
    for answer, code in ((fault, "internal"), (many, "too_many")):
        assert "secret" not in answer.text
        assert "default-src 'none'" in answer.headers["content-security-policy"]
        if path == "/":
            assert "To the leaderboard" in answer.text
            assert 'href="/board/static/board.css"' in answer.text
        else:
            assert answer.json()["error"]["code"] == code


def test_a_database_that_fails_is_a_fault_of_ours_even_to_who_is_signed_in(board, monkeypatch) -> None:
    hall, _ = board

    def gone(*_: object) -> None:
        raise OSError("disk I/O error at /secret/path")

    monkeypatch.setattr(hall.served.database, "reading", gone)
    for path in ("/", "/api/v1/board"):
        answer = hall.client.get(path, headers={"Cookie": "sb_visit=" + "x" * 40})
        assert answer.status_code == 500
        assert "secret" not in answer.text


@pytest.mark.parametrize(
    "path",
    ["/", "/rounds", "/compare", "/account", "/submit", "/submissions/{id}", "/submissions/{id}/archive",
     "/submissions/{id}/results.json", "/submissions/{id}/" + FILM, "/static/board.css", "/api/v1/board",
     "/api/v1/openapi.json", "/api/v1/submissions/{id}", "/api/v1/submissions/{id}/archive", "/nothing", "/sign-in",
     "/api/v1/nothing", "/api/v1/me"],
)  # fmt: skip
def test_head_tells_what_get_would_without_the_body(board, path: str) -> None:
    hall, number = board
    path = path.replace("{id}", number)
    got, head = hall.client.get(path), hall.client.head(path)
    assert (head.status_code, head.content) == (got.status_code, b"")
    for name in ("content-type", "content-length", "etag", "content-disposition", "allow"):
        assert head.headers.get(name) == got.headers.get(name), name


@pytest.mark.parametrize("base", ["", "/board"])
@pytest.mark.parametrize(
    ("path", "leads"),
    [("/rounds/", "/rounds"), ("/api/v1/board/?sort=date", "/api/v1/board?sort=date"), ("/nothing/", "/nothing"),
     ("/static/", "/static"), ("/%5Cevil.example/", "/%5Cevil.example"), ("/a%0D%0Ab/", "/a%0D%0Ab")],
)  # fmt: skip
def test_an_address_with_a_slash_at_its_end_leads_to_the_one_without(build, base: str, path: str, leads: str) -> None:
    answer = build(base=base).client.get(path, follow_redirects=False)
    assert (answer.status_code, answer.headers["location"]) == (308, base + leads)


@pytest.mark.parametrize("path", ["//evil.example/", "//evil.example//", "/rounds//", "/x//evil.example/"])
def test_an_address_with_slashes_in_a_row_leads_nowhere(hall: Hall, path: str) -> None:
    answer = hall.client.request("GET", f"http://testserver{path}", follow_redirects=False)
    assert answer.status_code == 404


def test_a_form_that_is_sent_to_an_address_with_a_slash_is_not_sent_on(hall: Hall) -> None:
    assert hall.client.post("/sign-in/", follow_redirects=False).status_code == 404
    sent = hall.client.post("/api/v1/submissions/", content=archive(), headers=ZIP | hall.by("ada"))
    assert sent.status_code == 404


def heard(connection: socket.socket) -> bytes:
    """What comes next."""
    more = connection.recv(65536)
    assert more, "the server hung up"
    return more


def test_what_never_becomes_a_request_is_answered_in_the_form(tmp_path: Path) -> None:
    lines = {
        b"GET / HTTP/1.1\r\nHost: a\r\nX-Long: " + b"x" * 70_000: (431, "headers_too_large"),
        b"GET /" + b"x" * 70_000: (431, "headers_too_large"),
        b"what is this\r\n\r\n": (400, "bad_request"),
        b"GET / HTTP/1.1\r\n\r\n": (400, "bad_request"),
        b"POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: gzip\r\n\r\n": (501, "not_implemented"),
    }
    with serving(tmp_path, workers=0) as server:
        where = urlsplit(server.address)
        assert where.hostname is not None
        for said, (status, code) in lines.items():
            with socket.create_connection((where.hostname, where.port or 80), timeout=120) as connection:
                connection.sendall(said)
                told = b""
                while not told.endswith(b"}}"):
                    told += heard(connection)
            head, _, body = told.partition(b"\r\n\r\n")
            assert head.split(b" ")[1] == str(status).encode()
            assert json.loads(body)["error"]["code"] == code
        with socket.create_connection((where.hostname, where.port or 80), timeout=120) as connection:
            connection.sendall(b"HEAD /static/board.js HTTP/1.1\r\nHost: a\r\n\r\nGET /x HTTP/1.1\r\nHost: a\r\n\r\n")
            told = b""
            while b"</html>" not in told:
                told += heard(connection)
        first, second = told.split(b"HTTP/1.1 ")[1:]
        assert first.startswith(b"200")
        assert first.endswith(b"\r\n\r\n"), "nothing comes between the answer to HEAD and the next"
        assert second.startswith(b"404")
