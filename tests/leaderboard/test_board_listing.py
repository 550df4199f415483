"""The table is worked out anew when something has changed it, and then only; the first reader finds it ready."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from archives import archive
from halls import Hall
from test_board_forms import signed_in
from test_board_tokens import made
from test_board_withdrawing import withdrawn

from switch_bench.leaderboard import listing, server

pytestmark = pytest.mark.board


@pytest.fixture
def worked_out(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The revisions for which the table was worked out."""
    revisions: list[int] = []
    whole = listing._whole

    def counted(session: Any, revision: int, row: Any) -> Any:
        revisions.append(revision)
        return whole(session, revision, row)

    monkeypatch.setattr(listing, "_whole", counted)
    return revisions


def test_what_changes_no_row_leaves_the_table_as_it_is_kept(hall: Hall, worked_out: list[int]) -> None:
    number = hall.verified(archive())
    before = hall.client.get("/").text
    signed_in(hall, "ada")
    made(hall, "ada")
    hall.submit(archive("another", salt="2"))
    hall.client.cookies.clear()
    assert hall.client.get("/").text == before
    assert len(worked_out) == 1
    withdrawn(hall, number, "ada")
    assert "has been submitted yet" in hall.client.get("/").text
    assert len(worked_out) == 2


def test_rows_are_made_anew_for_what_has_changed_alone(hall: Hall, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []
    row = listing.row

    def counted(submission: Any, name: str) -> Any:
        asked.append(submission.id)
        return row(submission, name)

    monkeypatch.setattr(listing, "row", counted)
    numbers = [hall.verified(archive(f"p{i}", salt=str(i))) for i in range(2)]
    hall.get("/board")
    assert sorted(asked) == sorted(numbers)
    asked.clear()
    withdrawn(hall, numbers[0], "ada")
    hall.get("/board")
    assert asked == [numbers[0]], "as a withdrawn one, for the count"


@pytest.mark.parametrize("base", ["", "/board"])
def test_the_first_reader_after_a_start_finds_the_table_kept(build, worked_out: list[int], base: str) -> None:
    hall = build(base=base)
    asyncio.run(server.warm(hall.client.app, base))
    assert len(worked_out) == 1
    for path in ("/", "/api/v1/board"):
        assert hall.client.get(path).status_code == 200
    assert len(worked_out) == 1
    assert len(hall.served.kept._answers) == 2
