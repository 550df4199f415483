"""What may be uploaded, by whom, how often, and what is left of it."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator

import pytest
from archives import archive
from halls import ZIP, Hall

from switch_bench.leaderboard import uploads
from switch_bench.leaderboard.settings import Limits

pytestmark = pytest.mark.board


def files(hall: Hall) -> list[str]:
    """What is stored of uploads."""
    settings = hall.settings
    return sorted(path.name for folder in (settings.incoming, settings.archives) for path in folder.iterdir())


def test_an_archive_is_kept_by_its_hash_and_its_owner_gets_it_back(hall: Hall) -> None:
    sent = archive()
    number = hall.submit(sent).json()["id"]
    assert files(hall) == [f"{hashlib.sha256(sent).hexdigest()}.sbz"]
    got = hall.client.get(f"/api/v1/submissions/{number}/archive", headers=hall.by("ada"))
    assert got.content == sent
    assert got.headers["content-disposition"] == f'attachment; filename="{number}.sbz"'
    assert got.headers["x-content-type-options"] == "nosniff"


def test_an_archive_is_its_owners_until_it_is_verified_then_everyones(hall: Hall) -> None:
    number = hall.submit(archive()).json()["id"]
    path = f"/api/v1/submissions/{number}/archive"
    assert hall.client.get(path).status_code == 403
    assert hall.client.get(path, headers=hall.by("bob")).status_code == 403
    assert hall.client.get(path, headers=hall.by("mia")).status_code == 200
    hall.verify()
    assert hall.client.get(path).status_code == 200


def test_the_same_archive_twice_is_told_the_first_ones_id(hall: Hall) -> None:
    first = hall.submit(archive()).json()["id"]
    for name in ("ada", "bob"):
        answer = hall.submit(archive(), name)
        assert answer.status_code == 409
        assert answer.json()["error"]["code"] == "submitted_before"
        assert answer.headers["location"] == f"/api/v1/submissions/{first}"
    assert len(files(hall)) == 1


def test_without_a_token_or_with_a_wrong_or_revoked_one_nothing_is_taken(hall: Hall) -> None:
    for headers in ({}, {"Authorization": "Bearer sb_wrong"}, {"Authorization": "Basic YTpi"}):
        answer = hall.client.post("/api/v1/submissions", content=archive(), headers=ZIP | headers)
        assert answer.status_code == 401
        assert answer.headers["www-authenticate"] == "Bearer"
    assert files(hall) == []


@pytest.mark.parametrize("declared", [True, False])
def test_an_archive_that_is_too_large_is_refused_while_it_comes(build, declared: bool) -> None:
    hall = build(Limits(archive_bytes=1000))
    taken = 0

    def pieces() -> Iterator[bytes]:
        nonlocal taken
        for _ in range(1000):
            taken += 1
            yield b"PK\x03\x04" + bytes(1000)

    content = b"".join(pieces()) if declared else pieces()
    answer = hall.client.post("/api/v1/submissions", content=content, headers=ZIP | hall.by("ada"))
    assert answer.status_code == 413
    told = answer.json()["error"]
    assert told["code"] == "too_large"
    assert "at most 1000 bytes" in told["message"]
    assert "--archive-mib" in told["hint"]
    assert files(hall) == []


def test_what_may_be_sent_is_told_before_it_is(build) -> None:
    hall = build(Limits(archive_bytes=1000, stored_bytes=5000, waiting=3))
    told = hall.client.get("/api/v1/limits").json()
    assert (told["archive_bytes"], told["stored_bytes"], told["waiting"]) == (1000, 5000, 3)
    assert told["verify_s"] == hall.settings.verify_s
    wrong = hall.client.get("/api/v1/limits", headers={"Authorization": "Bearer sb_wrong"})
    assert wrong.status_code == 401


def test_an_account_may_store_many_of_the_largest() -> None:
    assert Limits().stored_bytes >= 50 * Limits().archive_bytes


def test_what_is_no_zip_file_is_refused(hall: Hall) -> None:
    assert hall.submit(b"").json()["error"]["code"] == "empty"
    assert hall.submit(b"a tarball").status_code == 415
    wrong = hall.client.post(
        "/api/v1/submissions", content=archive(), headers={"Content-Type": "text/plain"} | hall.by("ada")
    )
    assert wrong.status_code == 415
    assert files(hall) == []


def test_so_many_may_wait_and_then_one_must_too(build) -> None:
    hall = build(Limits(waiting=2))
    assert [hall.submit(archive(salt=str(i))).status_code for i in range(3)] == [201, 201, 429]
    assert hall.submit(archive(salt="2")).json()["error"]["code"] == "quota_waiting"
    assert hall.submit(archive(salt="of another"), "bob").status_code == 201
    hall.verify()
    assert hall.submit(archive(salt="2")).status_code == 201


def test_so_many_bytes_may_be_stored(build) -> None:
    sent = archive()
    hall = build(Limits(stored_bytes=len(sent) + 10))
    assert hall.submit(sent).status_code == 201
    answer = hall.submit(archive(salt="another"))
    assert (answer.status_code, answer.json()["error"]["code"]) == (429, "quota_bytes")
    assert int(answer.headers["retry-after"]) > 0
    assert len(files(hall)) == 1


def test_so_many_uploads_an_hour(build) -> None:
    hall = build(Limits(uploads_an_hour=2))
    assert [hall.submit(archive(salt=str(i))).status_code for i in range(3)] == [201, 201, 429]
    assert int(hall.submit(archive(salt="3")).headers["retry-after"]) > 60
    assert hall.submit(archive(salt="4"), "bob").status_code == 201


def test_a_start_sweeps_files_without_a_row_and_nothing_else(hall: Hall) -> None:
    hall.submit(archive())
    [kept] = files(hall)
    (hall.settings.incoming / "0123.part").write_bytes(b"half an upl")
    (hall.settings.archives / f"{'0' * 64}.sbz").write_bytes(b"renamed, and then killed before the row was there")
    assert uploads.sweep(hall.settings, hall.served.database) == 2
    assert files(hall) == [kept]
