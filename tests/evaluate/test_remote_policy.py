"""Policies at a socket through the runner: a fault is one episode's error, a server that is gone ends the run."""

import io
import json
import sys
from pathlib import Path

import pytest
from rich.console import Console

from switch_bench.evaluate import runner
from switch_bench.evaluate.errors import InputError, StoppedError
from switch_bench.evaluate.folder import read_episodes
from switch_bench.evaluate.policies import identity, load
from switch_bench.evaluate.runner import Request, evaluate

sys.path.append(str(Path(__file__).parents[1] / "agents"))

from faults import chunk, free_port, remote

STATE = "key=observation/state&tries=2&backoff=0.05&connect_timeout=120&timeout=120"
PRESS = chunk(1.0)


@pytest.fixture(autouse=True)
def _no_gl(monkeypatch):
    monkeypatch.setattr(runner.doctor, "settle_gl", lambda: "")


@pytest.fixture(autouse=True)
def _forget_policies():
    """Policies are kept between runs in one process, as they are in a worker."""
    runner.work.__globals__["_policy"].cache_clear()


def run(out, policy, screen=None, **changes):
    settings = {"suite": "quick", "episodes": 3, "seed": 5, "workers": 0, "pictures": False} | changes
    request = Request(policies=(policy,), out=out, bench="fake_bench", **settings)
    [done] = evaluate(request, screen or Console(quiet=True))
    return done.results


def statuses(folder):
    return [(record["task"], record["episode"], record["status"]) for record in read_episodes(folder)]


def test_a_policy_at_a_socket_does_the_tasks(tmp_path):
    with remote(lambda message, n, connection: PRESS) as server:
        results = run(tmp_path, server.url(STATE))
    assert (results.success.k, results.success.n, results.errors) == (6, 6, 0)
    assert server.connections == 6
    assert results.policy == f"ws://127.0.0.1:{server.port}?key=observation/state:proprio"
    assert results.track.size == (224, 224)


def test_workers_each_connect_by_themselves(tmp_path):
    with remote(lambda message, n, connection: PRESS) as server:
        results = run(tmp_path, server.url(STATE), workers=2)
    assert (results.success.k, results.success.n) == (6, 6)
    assert server.connections == 6  # that by which a policy is settled is its first episode's


FAULTS = {
    "a remote traceback": ("Traceback: no GPU", "Traceback: no GPU"),
    "garbage": (b"\xc1\xc1\xc1", "no msgpack as openpi packs it"),
    "an oversize frame": (b"\0" * 300_000, "longer than max_bytes=200000"),
    "a slow server": (None, "no answer within 5 s"),
    "a wrong shape": (chunk(*[0.0] * 3)["actions"][:, :7], r"no msgpack|sent ndarray|shape"),
}


@pytest.mark.parametrize("fault", [*FAULTS, "hanging up"])
def test_a_fault_is_an_error_of_its_episode_and_can_be_played_again(tmp_path, fault):
    answer, said = FAULTS.get(fault, (None, "the server closed the connection"))
    faulty = True

    def reply(message, n, connection):
        if not faulty or server.connections != 2 or n < 3:
            return PRESS
        if fault == "hanging up":
            connection.close()
        return {"actions": answer} if fault == "a wrong shape" else answer

    with remote(reply) as server:
        patient = STATE if fault != "a slow server" else STATE.replace("&timeout=120", "&timeout=5")
        url = server.url(f"{patient}&max_bytes=200000")
        first = run(tmp_path, url)
        assert (first.success.k, first.errors, first.redone) == (5, 1, 0)
        [error] = [record for record in read_episodes(tmp_path) if record["status"] == "error"]
        assert (error["task"], error["episode"], error["error"]["where"]) == ("fake.kettle-v1", 0, "policy.__call__")
        assert any(part in error["error"]["message"] for part in said.split("|"))
        assert "gone" not in error

        faulty = False
        again = run(tmp_path, url)  # without the flag an error stays
        assert (again.success.k, again.errors, again.redone) == (5, 1, 0)

        screen = Console(record=True, file=io.StringIO(), width=200)
        redone = run(tmp_path, url, redo_errors=True, screen=screen)
    assert (redone.success.k, redone.success.n, redone.errors, redone.redone) == (6, 6, 0, 1)
    assert "1 episode to run (5 are there already), 1 of them again after an error" in screen.export_text()
    [kettle] = [
        record for record in read_episodes(tmp_path) if (record["task"], record["episode"]) == (error["task"], 0)
    ]
    assert (kettle["status"], kettle["attempt"]) == ("done", 2)
    assert [before["message"] for before in kettle["earlier"]] == [error["error"]["message"]]
    assert json.loads((tmp_path / "results.json").read_text())["redone"] == 1
    assert "1 played again after an error" in (tmp_path / "report.html").read_text()


@pytest.mark.parametrize("workers", [0, 2])
def test_a_server_that_is_gone_ends_the_run_which_goes_on_when_it_is_back(tmp_path, workers):
    port = free_port()

    def leave(message, n, connection):
        if server.connections < 3:
            return PRESS
        server.stop_listening()
        connection.close()
        return None

    with remote(leave, port=port) as server:
        url = server.url(STATE)
        with pytest.raises(StoppedError) as stopped:
            run(tmp_path, url, workers=workers)
    said = str(stopped.value)
    assert said.startswith(f"stopped: --policy ws://127.0.0.1:{port}?key=observation/state:proprio: can't be reached")
    assert f"of 6 episodes are kept in {tmp_path}" in said
    assert "--redo-errors" in said
    kept = read_episodes(tmp_path)
    errors = [record for record in kept if record["status"] == "error"]
    assert 1 <= len(errors) <= 1 + (workers > 1)  # a second worker may have lost its episode, too
    assert errors[-1]["gone"] is True
    assert len(kept) < 6
    assert not (tmp_path / "results.json").exists()

    with pytest.raises(InputError, match="can't be reached"):
        run(tmp_path, url, workers=workers)  # it still isn't there: nothing is done
    assert read_episodes(tmp_path) == kept

    with remote(lambda message, n, connection: PRESS, port=port):
        results = run(tmp_path, url, workers=workers, redo_errors=True)
    assert (results.success.k, results.success.n, results.errors, results.redone) == (6, 6, 0, len(errors))


def test_a_key_is_written_nowhere(tmp_path):
    with remote(lambda message, n, connection: "denied to Api-Key s3cr3t") as server:
        url = server.url(f"{STATE}&api_key=s3cr3t")
        results = run(tmp_path / "run", url)
        with pytest.raises(InputError) as refused:
            load(url + "&nonsense=1")
    assert results.errors == 6
    assert server.headers[0]["Authorization"] == "Api-Key s3cr3t"
    assert "s3cr3t" not in str(refused.value)
    for path in (tmp_path / "run").rglob("*"):
        assert "s3cr3t" not in str(path)
        assert path.is_dir() or b"s3cr3t" not in path.read_bytes(), path


def test_another_key_or_time_out_goes_on_with_the_same_run_and_other_actions_do_not(tmp_path):
    with remote(lambda message, n, connection: chunk(1.0, 1.0)) as server:
        run(tmp_path, server.url(STATE))
        run(tmp_path, server.url(f"{STATE.replace('&timeout=120', '&timeout=119')}&api_key=x"))
        with pytest.raises(InputError, match="made with other settings"):
            run(tmp_path, server.url(f"{STATE}&replan=1"))
    assert identity("noop") == "noop"
