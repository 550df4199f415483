"""Films of a board's runs have limits, and what fails is not tried for ever."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from archives import archive
from halls import Hall

from switch_bench.leaderboard import films, queue, worker
from switch_bench.leaderboard.supervising import Ran
from switch_bench.leaderboard.worker import Worker

pytestmark = pytest.mark.board


@pytest.fixture
def filmed(build, monkeypatch: pytest.MonkeyPatch) -> tuple[Hall, Path, list[list[str]], Ran]:
    """A board with a verified run, whose films a stand-in makes: its run, what is called, and how each call ends."""
    hall = build(films=False)
    hall.verified(archive())
    hall.served.settings = hall.settings.from_json(hall.settings.to_json().replace('"films": false', '"films": true'))
    calls: list[list[str]] = []
    ran = Ran(code=-9)

    def supervise(command: list[str], **_: Any) -> Ran:
        calls.append(command)
        return ran

    monkeypatch.setattr(worker, "supervise", supervise)
    [run] = hall.settings.runs.iterdir()
    return hall, run, calls, ran


def tried(hall: Hall) -> None:
    """As often as a worker that is started anew each time would."""
    for _ in range(10):
        Worker(hall.settings, hall.served.database).film()


def test_a_film_maker_that_always_dies_is_tried_three_times_by_however_many_workers(filmed) -> None:
    hall, run, calls, _ = filmed
    tried(hall)
    assert len(calls) == films.MOST_TRIES == 3
    assert films.done(run)
    assert "given up: 3 times" in json.loads((run / films.MARK).read_text())["troubles"]["videos"]


def test_a_try_that_is_cut_short_for_something_else_does_not_count(filmed) -> None:
    hall, run, calls, ran = filmed
    ran.unwanted = True
    tried(hall)
    assert len(calls) == 10
    assert not films.done(run)
    ran.unwanted, ran.late = False, True
    tried(hall)
    assert len(calls) == 13


def test_one_film_has_so_much_time_and_memory(filmed) -> None:
    hall, run, calls, _ = filmed
    Worker(hall.settings, hall.served.database).film()
    assert calls[0][-3:] == [str(run), "600.0", str(4 << 30)]


def test_a_run_that_is_withdrawn_or_gone_gets_no_film(filmed) -> None:
    hall, run, calls, _ = filmed
    run.rename(run.with_name("elsewhere"))
    assert not Worker(hall.settings, hall.served.database).film()
    assert not films.begin(run)
    films.forgive(run)
    run.with_name("elsewhere").rename(run)
    [row] = hall.get("/board")["board"]["rows"]
    hall.client.post(f"/api/v1/submissions/{row['id']}/withdraw", json={"withdrawn": True}, headers=hall.by("ada"))
    assert not Worker(hall.settings, hall.served.database).film()
    assert calls == []
    assert not queue.waits(hall.served.database)
