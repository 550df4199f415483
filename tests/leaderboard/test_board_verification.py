"""From the queue to the table: what each outcome becomes, and what a verifier that fails becomes."""

from __future__ import annotations

import json
import os
import time
from pathlib import Path
from threading import Thread
from types import SimpleNamespace
from typing import Any

import pytest
from archives import TASKS, archive, manifest
from halls import Hall
from running import PATIENCE, alive, wait

from switch_bench.leaderboard import films, queue, supervising, worker
from switch_bench.leaderboard.entering import enter
from switch_bench.leaderboard.outcome import Outcome

pytestmark = pytest.mark.board


def status(hall: Hall, number: str) -> str:
    return hall.get(f"/submissions/{number}/progress", "mia")["status"]


def codes(hall: Hall, number: str) -> list[str]:
    return [reason["code"] for reason in hall.get(f"/submissions/{number}", "mia")["reasons"]]


@pytest.mark.parametrize("found", ["self-reported", "unverifiable"])
def test_what_was_not_run_again_is_listed_without_scores(hall: Hall, found: str) -> None:
    number = hall.verified(archive(status=found, reasons=[{"code": "cpu", "where": "versions", "said": "AVX2."}]))
    [row] = hall.get("/board")["board"]["rows"]
    assert (row["status"], row["policy"], row["rate"], row["macro"]) == (found, "kettle_bot", None, None)
    assert codes(hall, number) == ["cpu"]
    assert hall.client.get(f"/api/v1/submissions/{number}/results.json").status_code == 409


def test_what_is_refused_is_listed_only_by_that_name_with_its_reasons(hall: Hall) -> None:
    number = hall.verified(archive(status="refused", reasons=[{"code": "hash", "where": "a.npz", "said": "Edited."}]))
    assert hall.get("/board")["board"]["rows"] == []
    [row] = hall.get("/board?status=refused")["board"]["rows"]
    assert row["id"] == number
    assert codes(hall, number) == ["hash"]


def test_an_archive_whose_manifest_can_not_be_read_is_refused_without_one(hall: Hall) -> None:
    number = hall.verified(unreadable(reasons=[{"code": "zip", "where": "", "said": "No manifest."}]))
    assert (status(hall, number), codes(hall, number)) == ("refused", ["zip"])
    [row] = hall.get("/board?status=refused")["board"]["rows"]
    assert (row["policy"], row["submitter"]) == ("", "ada")


def test_what_is_verified_must_have_a_manifest(hall: Hall) -> None:
    assert codes(hall, hall.verified(unreadable(status="self-reported"))) == ["not_verified"]


def unreadable(**plan: Any) -> bytes:
    """An archive for which the verifier tells no manifest."""
    return archive(**{"status": "refused", "key": "", "readable": False} | plan)


def test_a_key_belongs_to_the_account_that_used_it_first(hall: Hall) -> None:
    first = hall.verified(archive("mine"), "ada")
    stolen = hall.verified(archive("theirs", salt="other bytes"), "bob")
    again = hall.verified(archive("mine, better", salt="more"), "ada")
    assert (status(hall, first), status(hall, again)) == ("replay-verified", "replay-verified")
    assert (status(hall, stolen), codes(hall, stolen)) == ("refused", ["foreign_key"])


def test_a_key_that_was_refused_belongs_to_nobody(hall: Hall) -> None:
    hall.verified(archive(status="refused", reasons=[{"code": "signature", "where": "", "said": "Wrong."}]), "bob")
    assert status(hall, hall.verified(archive("mine", salt="2"), "ada")) == "replay-verified"


def test_a_manifest_packed_anew_is_refused_as_a_replay(hall: Hall) -> None:
    first = hall.verified(archive())
    again = hall.verified(archive(salt="the same manifest in other bytes"))
    assert (status(hall, again), codes(hall, again)) == ("refused", ["replayed"])
    assert status(hall, first) == "replay-verified"


def test_a_verifier_that_fails_refuses_nothing_silently_and_a_maintainer_may_have_it_done_again(hall: Hall) -> None:
    number = hall.verified(archive(fail="code"))
    assert (status(hall, number), codes(hall, number)) == ("refused", ["not_verified"])
    [line] = [n for n in hall.get("/audit", "mia")["lines"] if n["what"] == "verification failed"]
    assert "a traceback of the verifier" in line["detail"]["said"]
    assert hall.client.post(f"/api/v1/submissions/{number}/again", headers=hall.by("ada")).status_code == 403
    assert hall.client.post(f"/api/v1/submissions/{number}/again", headers=hall.by("mia")).status_code == 200
    assert status(hall, number) == "queued"


def test_a_verdict_that_goes_against_the_exit_code_is_not_believed(hall: Hall) -> None:
    assert codes(hall, hall.verified(archive(code=1))) == ["not_verified"]


def test_an_outcome_of_another_archive_is_not_believed(hall: Hall, tmp_path: Path) -> None:
    number = hall.submit(archive()).json()["id"]
    held = queue.claim(hall.served.database, queue.owner(), 60, 3)
    assert held is not None
    other = Outcome.model_validate({
        "schema_version": 1, "status": "refused", "archive_sha256": held.digest, "key": "", "manifest": None,
    })  # fmt: skip
    assert enter(hall.served.database, held, other, None)
    assert not enter(hall.served.database, held, other, None), "an outcome is entered once"
    assert status(hall, number) == "refused"


def test_one_that_takes_too_long_is_ended_with_all_that_it_has_started(build, monkeypatch) -> None:
    hall = build(verify_s=60.0)
    # No time passes until it has started something, and then more than there is.
    clock = SimpleNamespace(monotonic=lambda: 61.0 if any(hall.settings.runs.glob("*.child")) else 0.0)
    monkeypatch.setattr(supervising, "time", clock)
    number = hall.verified(archive(fail="hang"))
    assert codes(hall, number) == ["time_limit"]
    [told] = hall.settings.runs.glob("*.child")
    wait(lambda: not alive(int(told.read_text())), PATIENCE, "what it had started has ended")


def test_progress_is_told_while_it_is_verified(hall: Hall, tmp_path: Path) -> None:
    number = hall.submit(archive(hold=str(tmp_path / "go"))).json()["id"]
    thread = Thread(target=hall.verify)
    thread.start()

    def told() -> tuple[str, int, int]:
        progress = hall.get(f"/submissions/{number}/progress")
        return progress["status"], progress["done"], progress["of"]

    try:
        wait(lambda: told() == ("verifying", 1, 4), PATIENCE, "it is told that the first episode is done")
    finally:
        (tmp_path / "go").touch()
        thread.join()
    assert status(hall, number) == "replay-verified"


def test_a_lease_that_runs_out_is_taken_by_another_and_its_first_owner_can_write_no_more(
    hall: Hall, monkeypatch: pytest.MonkeyPatch
) -> None:
    database = hall.served.database
    number = hall.submit(archive()).json()["id"]
    at = time.time()
    monkeypatch.setattr(queue, "now", lambda: at)
    first = queue.claim(database, "elsewhere:1:1", 60, 3)
    assert first is not None
    assert queue.claim(database, "elsewhere:2:1", 60, 3) is None
    assert queue.extend(database, first, 60, 1, 4)
    at += 61
    second = queue.claim(database, "elsewhere:2:1", 60, 3)
    assert second is not None
    assert (second.submission, second.attempt) == (number, 2)
    assert not queue.extend(database, first, 60, 2, 4)
    refused = Outcome.model_validate({"schema_version": 1, "status": "refused", "archive_sha256": first.digest})
    assert not enter(database, first, refused, None)
    assert status(hall, number) == "verifying"


def test_a_worker_that_is_gone_from_this_machine_loses_its_lease_at_once(hall: Hall) -> None:
    number = hall.submit(archive()).json()["id"]
    host, pid, _ = queue.owner().rsplit(":", 2)
    assert queue.claim(hall.served.database, f"{host}:{pid}:1", 3600, 3) is not None, "a process id used again"
    assert hall.verify() == 1
    assert status(hall, number) == "replay-verified"


def test_one_that_was_begun_too_often_is_given_up(hall: Hall) -> None:
    number = hall.submit(archive()).json()["id"]
    host = queue.owner().rsplit(":", 2)[0]
    for _ in range(3):
        assert queue.claim(hall.served.database, f"{host}:{os.getpid()}:1", 3600, 3) is not None
    assert queue.claim(hall.served.database, queue.owner(), 3600, 3) is None
    assert (status(hall, number), codes(hall, number)) == ("refused", ["not_verified"])


def test_the_queue_is_served_in_its_order(hall: Hall) -> None:
    numbers = [hall.submit(archive(f"p{i}", salt=str(i))).json()["id"] for i in range(3)]
    assert [hall.get(f"/submissions/{number}/progress")["ahead"] for number in numbers] == [0, 1, 2]
    taken = [queue.claim(hall.served.database, queue.owner(), 60, 3) for _ in range(3)]
    assert [claim.submission for claim in taken if claim] == numbers


def test_a_start_sweeps_runs_that_no_row_names_and_keeps_those_that_are_shown(hall: Hall) -> None:
    number = hall.verified(archive())
    [kept] = [path.name for path in hall.settings.runs.iterdir()]
    (hall.settings.runs / f"{number}-9-1.part" / "traces").mkdir(parents=True)
    (hall.settings.runs / f"{number}-9-1").mkdir()
    worker.sweep(hall.settings, hall.served.database)
    assert [path.name for path in hall.settings.runs.iterdir()] == [kept]


def test_an_outcome_with_words_without_end_is_not_taken() -> None:
    with pytest.raises(ValueError, match="policy"):
        Outcome.model_validate({
            "schema_version": 1, "status": "refused", "archive_sha256": "0" * 64, "manifest": manifest("x" * 201),
        })  # fmt: skip


def test_films_come_after_the_row_and_those_that_can_not_be_made_keep_nothing_back(build) -> None:
    hall = build(films=True)
    number = hall.submit(archive()).json()["id"]
    assert hall.verify() == 1, "the stand-in leaves no traces, so that no film can be made"
    assert status(hall, number) == "replay-verified"
    [run] = hall.settings.runs.iterdir()
    assert films.done(run)
    troubles = json.loads((run / films.MARK).read_text())["troubles"]
    assert sorted(troubles) == [f"videos/{task}.0.webm" for task in sorted(TASKS)]


def test_what_waits_goes_before_films(hall: Hall) -> None:
    assert not queue.waits(hall.served.database)
    hall.submit(archive())
    assert queue.waits(hall.served.database)
    claimed = queue.claim(hall.served.database, queue.owner(), 60, 3)
    assert claimed is not None
    assert not queue.waits(hall.served.database), "someone is at it"
