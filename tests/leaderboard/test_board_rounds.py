"""Hidden rounds: committed to before, attached by maintainers, for them alone until the reveal, then held to it."""

from __future__ import annotations

from typing import Any

import pytest
from archives import TASKS, archive, manifest
from halls import ZIP, Hall

from switch_bench.submit.hidden import commitment

pytestmark = pytest.mark.board

SALT = "a salt of 256 bits, or so"
SEEDS = {task: [7001, 7002] for task in TASKS}
COMMITTED = commitment(SALT, SEEDS)
MAINTAINERS_KEY = "dGhlIGtleSBvZiBtaWE="


def opened(hall: Hall, committed: str = COMMITTED, suite: str = "core") -> str:
    asked = {"commitment": committed, "suite": suite, "episodes": 2}
    answer = hall.client.post("/api/v1/rounds", json=asked, headers=hall.by("mia"))
    assert answer.status_code == 201, answer.text
    return answer.json()["id"]


def revealed(hall: Hall, number: str, salt: str = SALT, seeds: dict[str, list[int]] | None = None) -> Any:
    told = {"salt": salt, "seeds": SEEDS if seeds is None else seeds}
    return hall.client.post(f"/api/v1/rounds/{number}/reveal", json=told, headers=hall.by("mia"))


def attached(hall: Hall, parent: str, **other: Any) -> str:
    """Attach a hidden run and verify it: its own id."""
    signed = manifest("kettle_bot", hidden={"commitment": other.pop("committed", COMMITTED)}, **other.pop("signed", {}))
    run = archive(manifest_of=signed, key=MAINTAINERS_KEY, **{"seeds": SEEDS} | other)
    answer = hall.client.post(f"/api/v1/submissions/{parent}/hidden", content=run, headers=ZIP | hall.by("mia"))
    assert answer.status_code == 201, answer.text
    hall.verify()
    return answer.json()["id"]


def row(hall: Hall, number: str) -> Any:
    return hall.get(f"/submissions/{number}")["row"]


def codes(hall: Hall, number: str) -> list[str]:
    return [reason["code"] for reason in hall.get(f"/submissions/{number}", "mia")["reasons"]]


def test_a_hidden_run_that_is_verified_makes_its_submission_hidden_verified(hall: Hall) -> None:
    opened(hall)
    number = hall.verified(archive())
    attached(hall, number)
    assert row(hall, number)["status"] == "hidden-verified"
    assert (row(hall, number)["hidden"]["k"], row(hall, number)["hidden"]["n"]) == (4, 4)
    assert (row(hall, number)["rate"]["k"], row(hall, number)["rate"]["n"]) == (2, 4), "its own rate stays"
    assert [r["id"] for r in hall.get("/board")["board"]["rows"]] == [number], "a hidden run is no row of its own"


def test_a_hidden_run_is_for_maintainers_until_the_reveal_since_its_episodes_tell_the_seeds(hall: Hall) -> None:
    number = opened(hall)
    submission = hall.verified(archive())
    run = attached(hall, submission)
    for path in ("", "/episodes", f"/episodes/{TASKS[0]}/0", "/archive", "/results.json", "/progress"):
        for name in (None, "ada"):
            headers = hall.by(name) if name else {}
            assert hall.client.get(f"/api/v1/submissions/{run}{path}", headers=headers).status_code == 404
        assert hall.client.get(f"/api/v1/submissions/{run}{path}", headers=hall.by("mia")).status_code == 200
    assert hall.client.get(f"/submissions/{run}").status_code == 404
    assert hall.get(f"/rounds/{number}")["runs"] == []
    assert revealed(hall, number).status_code == 200
    assert len(hall.get(f"/submissions/{run}/episodes")) == 4
    assert hall.get(f"/rounds/{number}")["runs"] == [run]


def test_a_round_tells_its_commitment_before_and_what_it_committed_to_after(hall: Hall) -> None:
    number = opened(hall)
    before = hall.get(f"/rounds/{number}")
    assert (before["commitment"], before["revealed"]) == (COMMITTED, None)
    assert revealed(hall, number, seeds={**SEEDS, TASKS[0]: [7001, 7003]}).json()["error"]["code"] == "other_commitment"
    assert revealed(hall, number, salt="another").status_code == 422
    assert hall.get(f"/rounds/{number}")["revealed"] is None
    assert revealed(hall, number).status_code == 200
    told = hall.get("/rounds")["rounds"][0]["revealed"]
    assert commitment(told["salt"], told["seeds"]) == COMMITTED
    assert revealed(hall, number).status_code == 409


def test_the_reveal_refuses_hidden_runs_on_other_seeds(hall: Hall) -> None:
    number = opened(hall)
    submission = hall.verified(archive())
    run = attached(hall, submission, seeds={**SEEDS, TASKS[0]: [1, 2]})
    assert row(hall, submission)["status"] == "hidden-verified"
    assert revealed(hall, number).status_code == 200
    assert row(hall, submission)["status"] == "replay-verified"
    assert row(hall, submission)["hidden"] is None
    assert codes(hall, run) == ["other_seeds"]


@pytest.mark.parametrize(
    ("other", "code"),
    [
        ({"committed": "0" * 64}, "no_round"),
        ({"signed": {"suite": "extra"}}, "other_track"),
        ({"signed": {"track": {"act": "pixel", "obs": ["rgb"], "privileged": False}}}, "other_track"),
    ],
)
def test_a_hidden_run_that_does_not_go_with_its_submission_is_refused(hall: Hall, other: Any, code: str) -> None:
    opened(hall)
    submission = hall.verified(archive())
    assert codes(hall, attached(hall, submission, **other)) == [code]
    assert row(hall, submission)["status"] == "replay-verified"


def test_after_the_reveal_nothing_can_be_attached_to_a_round(hall: Hall) -> None:
    number = opened(hall)
    submission = hall.verified(archive())
    assert revealed(hall, number).status_code == 200
    assert codes(hall, attached(hall, submission)) == ["round_revealed"]


def test_only_maintainers_open_reveal_and_attach_and_only_to_what_is_replay_verified(hall: Hall) -> None:
    asked = {"commitment": COMMITTED, "suite": "core", "episodes": 2}
    assert hall.client.post("/api/v1/rounds", json=asked).status_code == 401
    assert hall.client.post("/api/v1/rounds", json=asked, headers=hall.by("ada")).status_code == 403
    waiting = hall.submit(archive()).json()["id"]
    path = f"/api/v1/submissions/{waiting}/hidden"
    assert hall.client.post(path, content=archive(salt="1"), headers=ZIP | hall.by("ada")).status_code == 403
    assert hall.client.post(path, content=archive(salt="1"), headers=ZIP | hall.by("mia")).status_code == 409
    opened(hall)
    assert hall.client.post("/api/v1/rounds", json=asked, headers=hall.by("mia")).status_code == 409


def test_a_hidden_run_can_not_be_submitted_as_a_run_of_its_own(hall: Hall) -> None:
    opened(hall)
    run = hall.verified(archive(manifest_of=manifest(hidden={"commitment": COMMITTED}), seeds=SEEDS))
    assert codes(hall, run) == ["hidden"]


def test_verified_again_a_submission_is_hidden_verified_again(hall: Hall) -> None:
    opened(hall)
    number = hall.verified(archive())
    attached(hall, number)
    assert hall.client.post(f"/api/v1/submissions/{number}/again", headers=hall.by("mia")).status_code == 200
    assert row(hall, number)["rate"] is None, "while it is run again nothing is shown of it"
    hall.verify()
    assert row(hall, number)["status"] == "hidden-verified"
    assert row(hall, number)["hidden"]["k"] == 4


def test_a_hidden_run_that_is_withdrawn_counts_no_more(hall: Hall) -> None:
    opened(hall)
    number = hall.verified(archive())
    run = attached(hall, number)
    asked = {"withdrawn": True}
    assert (
        hall.client.post(f"/api/v1/submissions/{run}/withdraw", json=asked, headers=hall.by("mia")).status_code == 200
    )
    assert row(hall, number)["status"] == "replay-verified"
