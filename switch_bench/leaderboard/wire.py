"""What the server answers where a request is so broken that it never becomes one: in the form of all errors."""

from __future__ import annotations

import sys

import h11
from uvicorn.protocols.http.h11_impl import H11Protocol

from switch_bench.leaderboard.problems import CODES, Problem

WORDS = {431: "The address and the headers are too long.", 501: "That transfer encoding isn't known here."}


class Protocol(H11Protocol):
    """uvicorn's HTTP/1.1, but for what it says of requests that can't be read."""

    def send_400_response(self, msg: str) -> None:
        """Say so as JSON, and hang up: nobody knows which address was meant."""
        hinted = getattr(sys.exc_info()[1], "error_status_hint", 400)
        status = hinted if hinted in CODES else 400
        body = Problem(status, WORDS.get(status, "That isn't an HTTP request.")).text().encode()
        headers = [
            (b"content-type", b"application/json"),
            (b"content-length", str(len(body)).encode()),
            (b"cache-control", b"no-store"),
            (b"x-content-type-options", b"nosniff"),
            (b"connection", b"close"),
        ]
        for event in (h11.Response(status_code=status, headers=headers), h11.Data(data=body), h11.EndOfMessage()):
            self.transport.write(self.conn.send(event) or b"")
        self.transport.close()
