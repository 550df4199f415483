"""From an upload to a row of the table."""

from __future__ import annotations

import pytest
from archives import archive
from halls import Hall

pytestmark = pytest.mark.board


def test_an_upload_is_verified_and_listed_with_what_the_verifier_found(hall: Hall) -> None:
    answer = hall.submit(archive(successes=(True, False)))
    assert answer.status_code == 201
    number = answer.json()["id"]
    assert hall.get(f"/submissions/{number}/progress")["status"] == "queued"
    assert hall.get("/board")["board"]["rows"] == []

    assert hall.verify() == 1

    [row] = hall.get("/board")["board"]["rows"]
    assert (row["id"], row["status"], row["policy"], row["submitter"]) == (
        number,
        "replay-verified",
        "kettle_bot",
        "ada",
    )
    assert (row["rate"]["k"], row["rate"]["n"]) == (2, 4)
    assert len(hall.get(f"/submissions/{number}/episodes")) == 4
