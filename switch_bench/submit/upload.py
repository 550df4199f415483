"""Sending an archive to a board, and asking what became of it."""

from __future__ import annotations

import json
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from pathlib import Path
from typing import Any

from switch_bench.evaluate.errors import InputError

TIMEOUT = 60.0  # s: of one request
EVERY = 1.0  # s: between two looks at how far it is
SETTLED = ("replay-verified", "hidden-verified", "unverifiable", "refused", "self-reported")
LONGEST = 1 << 20  # bytes of an answer


class NotThere(InputError):
    """The board has nothing there."""


def send(archive: Path, board: str, token: str, hidden_for: str = "") -> dict[str, Any]:
    """Upload an archive, read piece by piece; what the board says of it: `id`, `status`, `sha256`, `bytes`.

    board: its address, such as https://board.example. hidden_for: the id of the submission that this is the hidden run
    of.

    Raises: InputError if there is no such file, the board can't be reached, or it doesn't take the archive.
    """
    try:
        size = archive.stat().st_size
    except FileNotFoundError as error:
        hint = "`switch-bench submit pack RUN` makes one"
        raise InputError("there is no such file", where=str(archive), hint=hint) from error
    _fits(archive, size, board, token)
    below = f"/submissions/{hidden_for}/hidden" if hidden_for else "/submissions"
    headers = {"Content-Type": "application/zip", "Content-Length": str(size), "Authorization": f"Bearer {token}"}
    with archive.open("rb") as body:
        return _ask(board, below, body=body, headers=headers)


def _fits(archive: Path, size: int, board: str, token: str) -> None:
    """See that the board takes so large an archive, before it is sent: who is refused on the way may not hear why.

    Raises: InputError if it doesn't.
    """
    try:
        most = _ask(board, "/limits", headers={"Authorization": f"Bearer {token}"}).get("archive_bytes")
    except NotThere:  # a board of before it told its limits
        return
    if isinstance(most, int) and size > most:
        hint = "its maintainers may allow more (`leaderboard serve --archive-mib`)"
        raise InputError(f"{size} bytes; the board takes archives of at most {most}", where=str(archive), hint=hint)


def wait(board: str, number: str, token: str, seconds: float, progress: Callable[[dict[str, Any]], None]) -> str:
    """Ask until a submission is settled; its status then, or the last one when the time is up.

    Raises: InputError if the board can't be reached.
    """
    until = time.monotonic() + seconds
    while True:
        found = _ask(board, f"/submissions/{number}/progress", headers={"Authorization": f"Bearer {token}"})
        progress(found)
        if found["status"] in SETTLED or time.monotonic() >= until:
            return str(found["status"])
        time.sleep(EVERY)


def _ask(board: str, below: str, *, headers: dict[str, str], body: Any = None) -> dict[str, Any]:
    address = board.rstrip("/") + "/api/v1" + below
    if not address.startswith(("http://", "https://")):
        raise InputError("not the address of a board", where=f"--board {board}", hint="such as https://board.example")
    request = urllib.request.Request(address, data=body, headers=headers)
    try:
        with urllib.request.urlopen(request, timeout=TIMEOUT) as answer:
            return dict(json.loads(answer.read(LONGEST)))
    except urllib.error.HTTPError as error:
        raise _refusal(error, board) from error
    except (OSError, ValueError) as error:
        raise InputError(f"the board can't be reached: {error}", where=f"--board {board}") from error


def _refusal(error: urllib.error.HTTPError, board: str) -> InputError:
    """The board's own words for why not."""
    kind = NotThere if error.code == 404 else InputError
    try:
        told = json.loads(error.read(LONGEST))["error"]
        return kind(str(told["message"]), where=f"--board {board}", hint=str(told.get("hint", "")))
    except (OSError, ValueError, KeyError, TypeError):
        return kind(f"it answered {error.code} {error.reason}", where=f"--board {board}")
