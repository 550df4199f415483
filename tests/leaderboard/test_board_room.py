"""Making room on a board: what goes, what stays, what is said of it, and a prune that is killed."""

from __future__ import annotations

from pathlib import Path

import pytest
from archives import archive
from halls import Hall
from sqlalchemy import update
from test_board_commands import run
from test_board_rounds import attached, opened, revealed
from test_board_withdrawing import withdrawn

from switch_bench.leaderboard import pruning, uploads, worker
from switch_bench.leaderboard.database import now
from switch_bench.leaderboard.models import Submission

pytestmark = pytest.mark.board
DAY = 86400.0


def aged(hall: Hall, number: str, days: float) -> None:
    """Let what was done to it have been done so many days ago."""
    at = now() - days * DAY
    with hall.served.database.writing() as session:
        session.execute(update(Submission).where(Submission.id == number).values(verified=at, created=at))
        gone = Submission.withdrawn_at.is_not(None)
        session.execute(update(Submission).where(Submission.id == number, gone).values(withdrawn_at=at))


def files(hall: Hall) -> tuple[int, int]:
    """How many archives and run folders there are."""
    return len(list(hall.settings.archives.iterdir())), len(list(hall.settings.runs.iterdir()))


def pruned(hall: Hall, days: float = 30) -> list[str]:
    """Prune what is older: the ids of what was removed."""
    done: list[pruning.Prunable] = []
    pruning.prune(hall.served.database, hall.settings, days * DAY, done.append)
    return [one.id for one in done]


def test_what_was_refused_or_withdrawn_long_ago_goes_and_all_else_stays(hall: Hall) -> None:
    refused = hall.verified(archive("refused", status="refused", salt="1"))
    gone = hall.verified(archive("withdrawn", salt="2"))
    young = hall.verified(archive("young", salt="3"))
    listed = hall.verified(archive("listed", salt="4"))
    told = hall.verified(archive("told", status="self-reported", salt="5"))
    waiting = hall.submit(archive("waiting", salt="6")).json()["id"]
    for number in (gone, young, waiting):
        withdrawn(hall, number, "ada")
    for number in (refused, gone, listed, told, waiting):
        aged(hall, number, 31)
    data = ("--data", str(hall.settings.data))
    assert files(hall) == (6, 3)

    [first, second, last] = run("prune", "--older-than", "30d", "--dry-run", *data).splitlines()
    assert {first.split()[0]: first.split()[1], second.split()[0]: second.split()[1]} == {
        refused: "refused", gone: "withdrawn",
    }  # fmt: skip
    assert last.startswith("2 would be removed: ")
    assert files(hall) == (6, 3), "nothing was removed"
    assert "0 would be removed" in run("prune", "--older-than", "32d", "--dry-run", *data)
    size = last.partition(": ")[2]
    assert run("prune", "--older-than", "30d", *data).splitlines()[-1] == f"2 removed: {size}"

    assert files(hall) == (4, 2)
    assert {row["id"] for row in hall.get("/board")["board"]["rows"]} == {listed, told}
    assert len(hall.get(f"/submissions/{listed}/episodes")) == 4
    path = f"/api/v1/submissions/{gone}"
    for name in ("ada", "mia"):
        for what in ("/archive", "/episodes", "/results.json", "/episodes/kitchen.boil_water-v1/0"):
            answer = hall.client.get(path + what, headers=hall.by(name))
            assert (answer.status_code, answer.json()["error"]["code"]) == (410, "removed")
    shown = hall.get(f"/submissions/{gone}", "ada")
    assert shown["removed"] is not None
    assert (shown["archive"], shown["row"]["rate"]["n"], len(shown["digest"])) == (False, 4, 64)
    assert withdrawn(hall, gone, "ada", False).status_code == 410, "nobody could check it any more"
    assert withdrawn(hall, gone, "mia", False).status_code == 410
    assert hall.client.post(f"{path}/again", headers=hall.by("mia")).status_code == 410
    assert "Removed:" in hall.client.get(f"/submissions/{refused}").text
    assert hall.get(f"/submissions/{refused}")["row"]["status"] == "refused"
    assert hall.submit(archive("withdrawn", salt="2")).status_code == 409, "its hash is still known"
    lines = [line for line in hall.get("/audit", "mia")["lines"] if line["what"] == "files removed"]
    assert {line["target"]: line["detail"]["why"] for line in lines} == {refused: "refused", gone: "withdrawn"}
    assert pruned(hall) == []
    assert withdrawn(hall, young, "ada", False).status_code == 200


def test_bytes_that_were_removed_are_no_longer_the_accounts(build) -> None:
    from switch_bench.leaderboard.settings import Limits

    first, second = archive("a", status="refused"), archive("b", salt="other")
    hall = build(Limits(stored_bytes=max(len(first), len(second)) + 10))
    number = hall.verified(first)
    assert hall.submit(second).status_code == 429
    aged(hall, number, 31)
    assert pruned(hall) == [number]
    assert hall.submit(second).status_code == 201


def test_killed_in_between_a_row_says_that_its_files_are_gone_and_the_rest_is_swept_up(
    hall: Hall, monkeypatch: pytest.MonkeyPatch
) -> None:
    number = hall.verified(archive())
    withdrawn(hall, number, "ada")
    aged(hall, number, 31)

    def killed(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(pruning, "_delete", killed)
        with pytest.raises(KeyboardInterrupt):
            pruned(hall)
    assert files(hall) == (1, 1), "the files are still there"
    assert hall.get(f"/submissions/{number}", "ada")["removed"] is not None, "but no one is promised them"
    pruning.prune(hall.served.database, hall.settings, 30 * DAY)
    assert files(hall)[0] == 0
    worker.sweep(hall.settings, hall.served.database)
    assert files(hall) == (0, 0)


def test_the_start_sweeps_up_after_a_prune_that_was_killed(hall: Hall, monkeypatch: pytest.MonkeyPatch) -> None:
    number = hall.verified(archive(status="refused"))
    aged(hall, number, 31)
    with monkeypatch.context() as patched:
        patched.setattr(pruning, "_delete", lambda *_: None)
        pruned(hall)
    assert uploads.sweep(hall.settings, hall.served.database) == 1
    assert files(hall) == (0, 0)


def test_files_go_after_the_row_has_said_so(hall: Hall, monkeypatch: pytest.MonkeyPatch) -> None:
    number = hall.verified(archive(status="refused"))
    aged(hall, number, 31)
    seen = []
    delete = pruning._delete

    def look(*asked: object) -> None:
        seen.append(hall.get(f"/submissions/{number}")["removed"] is not None)
        delete(*asked)  # pyright: ignore[reportArgumentType]

    monkeypatch.setattr(pruning, "_delete", look)
    pruned(hall)
    assert seen == [True]


def test_what_is_put_back_in_the_last_moment_stays(hall: Hall, monkeypatch: pytest.MonkeyPatch) -> None:
    number = hall.verified(archive())
    withdrawn(hall, number, "ada")
    aged(hall, number, 31)
    stale = pruning.prunable(hall.served.database, hall.settings, 30 * DAY)
    assert [one.id for one in stale] == [number]
    withdrawn(hall, number, "ada", False)
    monkeypatch.setattr(pruning, "prunable", lambda *_: stale)
    assert pruned(hall) == []
    assert files(hall) == (1, 1)


def test_a_hidden_run_stays_until_its_round_is_revealed(hall: Hall) -> None:
    number = opened(hall)
    hidden = attached(hall, hall.verified(archive()))
    withdrawn(hall, hidden, "mia")
    aged(hall, hidden, 31)
    assert pruned(hall) == []
    assert revealed(hall, number).status_code == 200
    assert pruned(hall) == [hidden]


@pytest.mark.parametrize("said", ["30", "d", "", "-1d", "1.5d", "30 d", "²d"])
def test_a_time_that_is_none_is_refused_before_anything_goes(tmp_path: Path, said: str) -> None:
    run("migrate", "--data", str(tmp_path))
    assert "30d" in run("prune", f"--older-than={said}", "--data", str(tmp_path), code=2)
