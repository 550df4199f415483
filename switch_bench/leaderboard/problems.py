"""What a request can come to grief by: one form for all, {"error": {"code", "message", "hint"}}."""

from __future__ import annotations

import math

from pydantic import BaseModel
from starlette.exceptions import HTTPException


class Told(BaseModel):
    """What is wrong: a word for programs, a sentence for people, and what would help ("" if nothing is known)."""

    code: str
    message: str
    hint: str = ""


class ProblemBody(BaseModel):
    """The body of every answer from 400 on."""

    error: Told


CODES = {
    400: "bad_request", 401: "not_signed_in", 403: "not_allowed", 404: "not_found", 405: "no_such_method",
    408: "too_slow", 409: "conflict", 410: "gone", 411: "length_required", 413: "too_large", 414: "too_long",
    415: "wrong_type", 416: "no_such_range", 422: "invalid", 429: "too_many", 431: "headers_too_large",
    500: "internal", 501: "not_implemented", 503: "busy",
}  # fmt: skip


class Problem(HTTPException):
    """A request that can't be served. status: of HTTP. retry_s: for 429, when to come again. at: where what
    is meant is. allow: for 405, the methods that are served there.
    """

    def __init__(
        self, status: int, message: str, *, hint: str = "", code: str = "", retry_s: float | None = None, at: str = "",
        allow: str = "",
    ) -> None:  # fmt: skip
        headers = {}
        if retry_s is not None:
            headers["Retry-After"] = str(max(1, math.ceil(retry_s)))
        if status == 401:
            headers["WWW-Authenticate"] = "Bearer"
        if at:
            headers["Location"] = at
        if allow:
            headers["Allow"] = allow
        super().__init__(status, message, headers)
        self.message = message
        self.hint = hint
        self.code = code or CODES[status]

    def text(self) -> str:
        """As JSON text."""
        return ProblemBody(error=Told(code=self.code, message=self.message, hint=self.hint)).model_dump_json()

    def body(self) -> dict[str, dict[str, str]]:
        """As JSON has it."""
        return ProblemBody(error=Told(code=self.code, message=self.message, hint=self.hint)).model_dump()


def archive_too_large(most: int) -> Problem:
    """413 for an archive of more than `most` bytes."""
    hint = "The board's maintainers may allow more (`leaderboard serve --archive-mib`)."
    return Problem(413, f"An archive has at most {most} bytes here ({most / 2**20:g} MiB).", hint=hint)


def documented(*statuses: int) -> dict[int | str, dict[str, object]]:
    """These statuses for OpenAPI's `responses`."""
    return {status: {"model": ProblemBody, "description": CODES[status].replace("_", " ")} for status in statuses}
