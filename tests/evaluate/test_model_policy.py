"""Language models through the runner: what an episode spent is kept, a fault is its error, a key is written nowhere."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console

from switch_bench.evaluate import runner
from switch_bench.evaluate.errors import InputError, StoppedError
from switch_bench.evaluate.folder import read_episodes
from switch_bench.evaluate.policies import load
from switch_bench.evaluate.runner import Request, evaluate
from switch_bench.evaluate.spending import Spending, said, spending

sys.path.append(str(Path(__file__).parents[1] / "agents"))

from endpoint import calls, endpoint

BOIL = "kitchen.boil_water-v1"
OPTIONS = "track=llm&tries=2&backoff=0.01&timeout=120"
REPORT = calls(("report", {"what": "impossible"}))
KEY = "s3cr3t-key"


@pytest.fixture(autouse=True)
def _no_gl(monkeypatch):
    monkeypatch.setattr(runner.doctor, "settle_gl", lambda: "")
    monkeypatch.setenv("MY_KEY", KEY)
    yield
    runner.work.__globals__["_policy"].cache_clear()  # policies are kept between runs in one process


def run(out: Path, policy: str, episodes: int = 2, *, redo_errors: bool = False) -> Any:
    request = Request(
        policies=(policy,), suite=BOIL, episodes=episodes, seed=5, out=out, workers=0, pictures=False,
        redo_errors=redo_errors,
    )  # fmt: skip
    [done] = evaluate(request, Console(quiet=True))
    return done.results


def test_what_an_episode_spent_is_in_its_record_and_the_means_in_the_results(tmp_path: Path) -> None:
    def reply(body: Any, n: int, handler: Any) -> Any:
        return {0: calls(("press", {"mark": "x"})), 1: calls(("wait", {"seconds": 2}))}.get(n, REPORT)

    with endpoint(reply) as server:
        results = run(tmp_path, server.name(OPTIONS))
    first, second = (record["spent"] for record in read_episodes(tmp_path))
    assert (first["calls"], first["malformed"], first["tokens"], first["limit"]) == (3, 1, 300, "")
    assert (second["calls"], second["malformed"], second["tokens"], second["limit"]) == (1, 0, 100, "")
    assert results.spent == Spending(n=2, calls=2, malformed=0.5, tokens=200, seconds=results.spent.seconds, limited=0)
    assert json.loads((tmp_path / "results.json").read_text())["spent"]["calls"] == 2
    assert "2.0 calls (0.5 malformed), 200 tokens" in (tmp_path / "report.html").read_text()


def test_a_spent_budget_counts_as_it_is(tmp_path: Path) -> None:
    with endpoint(lambda body, n, handler: calls(("wait", {"seconds": 1}))) as server:
        results = run(tmp_path, server.name(f"{OPTIONS}&calls=2"), episodes=1)
    [record] = read_episodes(tmp_path)
    assert (record["status"], record["success"]) == ("done", False)
    assert record["spent"]["limit"] == "all 2 calls are spent"
    assert (results.errors, results.success.n, results.spent.limited) == (0, 1, 1)


def test_a_fault_is_an_error_of_its_episode_which_has_its_price(tmp_path: Path) -> None:
    def reply(body: Any, n: int, handler: Any) -> Any:
        return calls(("wait", {"seconds": 1})) if n == 0 else b"<html>" if n == 1 else REPORT

    with endpoint(reply) as server:
        results = run(tmp_path, server.name(OPTIONS))
    error, done = read_episodes(tmp_path)
    assert (error["status"], done["status"], results.errors) == ("error", "done", 1)
    assert error["error"]["where"] == "policy.__call__"
    assert "isn't JSON: '<html>'" in error["error"]["message"]
    assert error["spent"]["tokens"] == 100


def test_a_key_is_written_nowhere(tmp_path: Path) -> None:
    with endpoint(lambda body, n, handler: (400, {"error": f"denied to {KEY}"})) as server:
        results = run(tmp_path, server.name(f"{OPTIONS}&api_key_env=MY_KEY"))
    assert results.errors == 2
    assert server.headers[0]["Authorization"] == f"Bearer {KEY}"
    for path in tmp_path.rglob("*"):
        assert path.is_dir() or KEY.encode() not in path.read_bytes(), path


def test_an_endpoint_that_refuses_ends_the_run_and_the_same_command_goes_on(tmp_path: Path) -> None:
    refuses = True

    def reply(body: Any, n: int, handler: Any) -> Any:
        return (401, {"error": "who are you"}) if refuses and n else REPORT

    with endpoint(reply) as server:
        name = server.name(OPTIONS)
        with pytest.raises(StoppedError, match="status 401: 'who are you'") as stopped:
            run(tmp_path, name, episodes=3)
        assert "2 of 3 episodes are kept" in str(stopped.value)
        assert read_episodes(tmp_path)[-1]["gone"] is True
        refuses = False
        results = run(tmp_path, name.replace("tries=2", "tries=3"), episodes=3, redo_errors=True)
    assert (results.success.n, results.errors, results.redone) == (3, 0, 1)
    settings = json.loads((tmp_path / "run.json").read_text())
    assert settings["policy"] == f"openai:toy@http://127.0.0.1:{server.port}/v1?track=llm"
    assert settings["track"]["size"] == [640, 480]


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("openai:gpt-x", "expected a model and where it is"),
        ("openai:gpt-x@http://127.0.0.1:1/v1?trak=llm", "unknown option 'trak'"),
        ("openai:gpt-x@http://127.0.0.1:1/v1?api_key_env=NO_SUCH_KEY", "NO_SUCH_KEY isn't set"),
    ],
)
def test_a_bad_address_is_told_before_anything_runs(name: str, says: str) -> None:
    with pytest.raises(InputError, match=says) as error:
        load(name)
    assert error.value.where == f"--policy {name.partition('?')[0]}"


def test_without_the_extra_it_says_which(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "httpx", None)
    with pytest.raises(InputError, match=r"httpx isn't installed(.|\n)*switch-bench\[llm\]"):
        load("openai:gpt-x@http://127.0.0.1:1/v1")


def test_spending_is_told_only_where_a_policy_tells() -> None:
    assert spending([{"status": "done"}]) is None
    assert said(None) == []
    rows = [{"spent": {"calls": 4, "malformed": 0, "tokens": None, "seconds": 2.0, "limit": "all"}}, {}]
    found = spending(rows)
    assert found == Spending(n=1, calls=4, malformed=0, tokens=None, seconds=2, limited=1)
    assert said(found) == [
        "spent on an episode on average: 4.0 calls (0.0 malformed), 2.0 s; 1 of 1 episodes reached a limit"
    ]
