"""Sending archives to a board: the board's limit is asked first, and a large file is read piece by piece."""

from __future__ import annotations

import json
import threading
import tracemalloc
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from switch_bench.evaluate.errors import InputError
from switch_bench.submit import upload

MIB = 1 << 20
Board = Callable[[int | None], "StandIn"]


class StandIn(ThreadingHTTPServer):
    """A board that counts what it is sent. most: the largest archive, None: it tells no limits."""

    daemon_threads = True

    def __init__(self, most: int | None) -> None:
        super().__init__(("127.0.0.1", 0), Asked)
        self.most = most
        self.got = 0
        self.tokens: list[str | None] = []

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"


class Asked(BaseHTTPRequestHandler):
    """A request."""

    server: StandIn

    def do_GET(self) -> None:
        self.server.tokens.append(self.headers["Authorization"])
        if self.path != "/api/v1/limits" or self.server.most is None:
            self._answer(404, {"error": {"code": "not_found", "message": "There is nothing here.", "hint": ""}})
        else:
            self._answer(200, {"archive_bytes": self.server.most})

    def do_POST(self) -> None:
        left = int(self.headers["Content-Length"])
        while left:
            part = self.rfile.read(min(left, MIB))
            self.server.got += len(part)
            left -= len(part)
        self._answer(201, {"id": "abc", "status": "queued", "sha256": "", "bytes": self.server.got})

    def _answer(self, code: int, told: object) -> None:
        body = json.dumps(told).encode()
        self.send_response(code)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        del format, args


@pytest.fixture
def board() -> Iterator[Board]:
    """Makes boards."""
    made: list[StandIn] = []

    def make(most: int | None) -> StandIn:
        found = StandIn(most)
        made.append(found)
        threading.Thread(target=found.serve_forever, daemon=True).start()
        return found

    yield make
    for found in made:
        found.shutdown()
        found.server_close()


def sparse(path: Path, size: int) -> Path:
    with path.open("wb") as file:
        file.truncate(size)
    return path


def test_what_the_board_does_not_take_is_not_sent(board: Board, tmp_path: Path) -> None:
    asked = board(1000)
    with pytest.raises(InputError, match="1001 bytes; the board takes archives of at most 1000") as found:
        upload.send(sparse(tmp_path / "a.sbz", 1001), asked.address, "secret")
    assert "--archive-mib" in found.value.hint
    assert asked.got == 0
    assert asked.tokens == ["Bearer secret"]
    assert upload.send(sparse(tmp_path / "b.sbz", 1000), asked.address, "secret")["bytes"] == 1000


def test_a_board_that_tells_no_limits_is_sent_it_and_may_refuse(board: Board, tmp_path: Path) -> None:
    assert upload.send(sparse(tmp_path / "a.sbz", 1000), board(None).address, "secret")["bytes"] == 1000


def test_a_large_archive_is_never_in_memory(board: Board, tmp_path: Path) -> None:
    asked = board(512 * MIB)
    path = sparse(tmp_path / "a.sbz", 256 * MIB)
    tracemalloc.start()
    try:
        upload.send(path, asked.address, "secret")
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert asked.got == 256 * MIB
    assert peak < 16 * MIB


def test_no_such_file(board: Board, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no such file"):
        upload.send(tmp_path / "a.sbz", board(1000).address, "secret")
