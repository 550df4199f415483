"""How a board is: `leaderboard status`, and `/healthz` for those who watch it."""

from __future__ import annotations

import json

import pytest
from archives import archive
from halls import Hall
from sqlalchemy import text
from sqlalchemy.exc import OperationalError
from test_board_commands import run

from switch_bench.leaderboard import health, queue
from switch_bench.leaderboard.models import Worker as Seen
from switch_bench.leaderboard.worker import Worker

pytestmark = pytest.mark.board


def healthz(hall: Hall) -> tuple[int, dict[str, object]]:
    answer = hall.client.get("/healthz")
    return answer.status_code, answer.json()


def test_a_board_is_well_while_its_database_answers_and_a_worker_is_there(hall: Hall) -> None:
    assert healthz(hall) == (503, {"status": "unwell", "database": True, "worker": False})
    health.beat(hall.served.database, queue.owner())
    assert healthz(hall) == (200, {"status": "ok", "database": True, "worker": True})
    assert hall.client.head("/healthz").status_code == 200
    health.leave(hall.served.database, queue.owner())
    assert healthz(hall)[0] == 503


def test_a_worker_that_was_not_seen_lately_or_whose_process_is_gone_is_not_there(hall: Hall, monkeypatch) -> None:
    host = queue.owner().rsplit(":", 2)[0]
    health.beat(hall.served.database, f"{host}:1:0")
    assert healthz(hall)[0] == 503, "no such process began then"
    health.beat(hall.served.database, "elsewhere:1:1")
    assert healthz(hall)[0] == 200
    later = health.now() + health.LATELY_S + 1
    monkeypatch.setattr(health, "now", lambda: later)
    assert healthz(hall)[0] == 503


def test_a_database_that_does_not_answer_is_told_without_its_secrets(hall: Hall, monkeypatch) -> None:
    def gone(*_: object) -> None:
        raise OperationalError("SELECT secret", {}, OSError("disk I/O error"))

    monkeypatch.setattr(hall.served.database, "reading", gone)
    assert healthz(hall) == (503, {"status": "unwell", "database": False, "worker": False})


def test_a_worker_says_that_it_is_there_while_it_works_and_takes_leave(hall: Hall, monkeypatch) -> None:
    seen = []
    extend = queue.extend

    def extended(*asked):
        seen.append(healthz(hall)[0])
        return extend(*asked)

    monkeypatch.setattr(queue, "extend", extended)
    hall.submit(archive(tick_s=1))
    assert Worker(hall.settings, hall.served.database).run(until_empty=True) == 1
    assert seen
    assert set(seen) == {200}
    assert healthz(hall)[0] == 503


def test_beats_are_forgotten_after_a_day(hall: Hall, monkeypatch) -> None:
    health.beat(hall.served.database, "elsewhere:1:1")
    later = health.now() + health.FORGOTTEN_S + 1
    monkeypatch.setattr(health, "now", lambda: later)
    health.beat(hall.served.database, "elsewhere:2:1")
    with hall.served.database.reading() as session:
        assert [seen.owner for seen in session.query(Seen)] == ["elsewhere:2:1"]


def test_status_tells_queue_workers_disk_and_the_last_verification(hall: Hall) -> None:
    data = ("--data", str(hall.settings.data))
    assert "nothing was verified yet" in run("status", *data, code=1)
    done = hall.verified(archive())
    hall.submit(archive("b", salt="2"))
    with hall.served.database.writing() as session:
        session.execute(text("UPDATE verifications SET queued = queued - 90 WHERE state = 'waiting'"))
    health.beat(hall.served.database, queue.owner())
    told = json.loads(run("status", "--json", *data))
    assert (told["queue"]["waiting"], told["queue"]["verifying"]) == (1, 0)
    assert told["queue"]["oldest_waits_s"] >= 90
    assert told["workers"] == [queue.owner()]
    assert told["disk"]["archives"] == len(archive()) + len(archive("b", salt="2"))
    assert told["disk"]["runs"] > 0
    assert told["disk"]["free"] > 0
    assert (told["last_verification"]["submission"], told["last_verification"]["state"]) == (done, "done")
    assert told["submissions"] == {"queued": 1, "replay-verified": 1}
    said = run("status", *data)
    assert "1 wait, the longest for" in said
    assert f"{done}, done at" in said
