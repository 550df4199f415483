"""Runs over tasks: what they come to, and that they can be killed, stopped and gone on with."""

import io
import json
import signal
import subprocess
import sys
import time
from pathlib import Path

import fake_bench
import fake_policies
import pytest
from rich.console import Console

from switch_bench.evaluate import runner
from switch_bench.evaluate.episode import episode_seed
from switch_bench.evaluate.errors import InputError
from switch_bench.evaluate.folder import RunFolder, read_episodes, settings_of
from switch_bench.evaluate.results import Results
from switch_bench.evaluate.runner import Request, evaluate

HERE = Path(__file__).parent
PATIENCE = 300.0  # s: only what hangs takes as long


@pytest.fixture(autouse=True)
def _no_gl(monkeypatch):
    monkeypatch.setattr(runner.doctor, "settle_gl", lambda: "")


def run(out, *policies, screen=None, **changes):
    settings = {"suite": "quick", "episodes": 1, "seed": 5, "workers": 0, "pictures": False} | changes
    request = Request(policies=policies, out=out, bench="fake_bench", **settings)
    return evaluate(request, screen or Console(quiet=True))


def test_a_run_leaves_results_report_episodes_and_traces(tmp_path):
    [done] = run(tmp_path / "run", "fake_policies:Presser", pictures=True)
    written = Results.model_validate_json((tmp_path / "run" / "results.json").read_text())
    assert written == done.results
    assert (written.success.k, written.success.n) == (2, 2)
    assert written.tasks.keys() == {"fake.lamp-v1", "fake.kettle-v1"}
    assert written.policy == "fake_policies:Presser"
    assert (written.suite, written.seed) == ("quick", 5)
    assert done.report.read_text().startswith("<!doctype html>")
    for record in read_episodes(tmp_path / "run"):
        trace = fake_bench.read_trace(tmp_path / "run" / record["trace"])
        assert trace.manifest["seed"] == record["seed"] == episode_seed(5, record["task"], 0)


def test_results_have_the_names_that_others_rely_on(tmp_path):
    run(tmp_path, "fake_policies:Idle")
    results = json.loads((tmp_path / "results.json").read_text())
    assert results["schema_version"] == 4
    assert {"policy", "suite", "seed", "versions", "success", "tasks"} <= results.keys()
    assert {"protocol", "macro", "by", "pass_at", "pass_all", "strict", "record", "machines"} <= results.keys()
    assert {"mean", "interval", "method"} == results["macro"].keys()
    assert results["by"]["room"]["hall"].items() >= {"n": 2, "k": 0, "rate": 0.0}.items()
    assert results["pass_at"] == {"1": 0.0}
    assert {"n", "k", "rate", "interval"} <= results["success"].keys()
    assert {"n", "k", "errors", "interval"} <= results["tasks"]["fake.lamp-v1"].keys()
    assert results["success"]["interval"] == pytest.approx([0.0, 0.6576], abs=1e-4)


def test_several_policies_have_a_folder_each(tmp_path):
    runs = run(tmp_path, "fake_policies:Presser", "fake_policies:Idle")
    assert [done.results.success.k for done in runs] == [2, 0]
    assert sorted(path.name for path in tmp_path.iterdir()) == ["fake_policies-Idle", "fake_policies-Presser"]


@pytest.mark.parametrize(
    ("policy", "where", "said"),
    [
        ("FailsInReset", "policy.reset", "no weights"),
        ("FailsInStep", "policy.__call__", "rgb"),
        ("WrongShape", "action", "expected shape (12,); got (7,)"),
        ("NotFinite", "action", "finite"),
    ],
)
def test_what_a_policy_raises_is_an_error_not_a_failure(tmp_path, policy, where, said):
    [done] = run(tmp_path, f"fake_policies:{policy}")
    assert (done.results.success.n, done.results.errors, done.results.success.rate) == (0, 2, None)
    for record in read_episodes(tmp_path):
        assert record["status"] == "error"
        assert record["error"]["where"] == where
        assert said in record["error"]["message"]
        assert "Traceback" in record["error"]["traceback"]
    assert said in done.report.read_text()


def test_a_policys_size_is_that_of_its_environment_and_stands_in_what_is_kept(tmp_path, monkeypatch):
    made = []
    real = fake_bench.make
    monkeypatch.setattr(fake_bench, "make", lambda id, **options: made.append(options["size"]) or real(id, **options))
    [done] = run(tmp_path, "fake_policies:Wide")
    assert made == [(320, 200)] * 2
    assert done.results.track.size == (320, 200)
    assert json.loads((tmp_path / "run.json").read_text())["track"]["size"] == [320, 200]


def test_an_error_stays_one_until_it_is_asked_for_again(tmp_path, monkeypatch):
    [first] = run(tmp_path, "fake_policies:FailsOnKettle")
    monkeypatch.setattr(fake_policies.FailsOnKettle, "reset", fake_policies.Presser.reset)  # it has been mended
    [again] = run(tmp_path, "fake_policies:FailsOnKettle")
    assert (first.results.errors, again.results) == (1, first.results)
    [redone] = run(tmp_path, "fake_policies:FailsOnKettle", redo_errors=True)
    assert (redone.results.success.k, redone.results.errors, redone.results.redone) == (2, 0, 1)
    [once_more] = run(tmp_path, "fake_policies:FailsOnKettle", redo_errors=True)
    assert once_more.results == redone.results  # nothing is left to be played again


def test_an_error_in_one_task_leaves_the_other_counted(tmp_path):
    [done] = run(tmp_path, "fake_policies:FailsOnKettle")
    assert (done.results.success.k, done.results.success.n, done.results.errors) == (1, 1, 1)
    assert done.results.tasks["fake.kettle-v1"].errors == 1


def test_a_policy_that_ends_its_process_loses_only_its_episodes(tmp_path):
    [done] = run(tmp_path, "fake_policies:EndsTheProcess", workers=1)
    assert done.results.errors == 2
    assert [record["error"]["where"] for record in read_episodes(tmp_path)] == ["worker", "worker"]
    assert "exit code 7" in done.report.read_text()


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"suite": "quik"}, "did you mean quick"),
        ({"suite": "lamp"}, "fake.lamp-v1"),
        ({"suite": ""}, "no suite ''"),
    ],
)
def test_an_unknown_suite_is_told(tmp_path, changes, said):
    with pytest.raises(InputError, match=said):
        run(tmp_path / "run", "noop", **changes)
    assert not (tmp_path / "run").exists()


@pytest.mark.parametrize("name", ["nop", "fake_policies:FailsWhenMade", "fake_policies:Nobody"])
@pytest.mark.parametrize("workers", [0, 1])
def test_a_bad_policy_is_told_before_anything_is_written(tmp_path, name, workers):
    with pytest.raises(InputError, match="--policy"):
        run(tmp_path / "run", "fake_policies:Idle", name, workers=workers)
    assert not (tmp_path / "run").exists()


def test_a_policy_named_twice_is_refused(tmp_path):
    with pytest.raises(InputError, match="twice"):
        run(tmp_path, "noop", "noop")


def test_one_policys_folder_takes_no_second_policy_below_it(tmp_path):
    run(tmp_path, "fake_policies:Idle")
    with pytest.raises(InputError, match="several were named"):
        run(tmp_path, "fake_policies:Idle", "fake_policies:Presser")


def test_without_gl_a_policy_that_looks_is_refused_and_others_run_without_pictures(tmp_path, monkeypatch):
    monkeypatch.setattr(runner.doctor, "settle_gl", lambda: "egl: no library")
    with pytest.raises(InputError, match=r"wants pictures(.|\n)*doctor"):
        run(tmp_path / "a", "fake_policies:Wants", pictures=True)
    assert not (tmp_path / "a").exists()
    screen = Console(record=True, file=io.StringIO(), width=200)
    run(tmp_path / "b", "fake_policies:Idle", pictures=True, screen=screen)
    assert "no pictures: egl: no library" in screen.export_text()
    assert all("frames" not in record for record in read_episodes(tmp_path / "b"))


def test_one_task_can_be_named_instead_of_a_suite(tmp_path):
    [done] = run(tmp_path, "fake_policies:Idle", suite="fake.kettle-v1")
    assert list(done.results.tasks) == ["fake.kettle-v1"]


def test_the_same_run_again_is_there_already(tmp_path):
    run(tmp_path, "fake_policies:Presser")
    before = (tmp_path / "episodes.jsonl").read_bytes()
    screen = Console(record=True, file=io.StringIO(), width=200)
    run(tmp_path, "fake_policies:Presser", screen=screen)
    assert "there already" in screen.export_text()
    assert (tmp_path / "episodes.jsonl").read_bytes() == before


def test_seeds_depend_on_seed_task_episode_and_use_alone():
    seeds = {episode_seed(s, t, e, u) for s in (0, 1) for t in ("a", "b") for e in (0, 1) for u in ("env", "policy")}
    assert len(seeds) == 16
    assert all(0 <= seed < 2**31 for seed in seeds)


def start(out, workers, episodes=3, more=None):
    return subprocess.Popen(
        [sys.executable, HERE / "run_fake.py", out, str(workers), str(episodes), json.dumps(more or {})],
        cwd=HERE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def wait_for_episodes(folder, number, process):
    began = time.monotonic()
    while time.monotonic() - began < PATIENCE:
        if process.poll() is not None:
            raise AssertionError(f"it ended by itself: {process.stderr.read()}")
        if len(list(folder.glob("episodes/[!.]*.json"))) >= number:
            return
        time.sleep(0.02)
    raise AssertionError("no episode was done")


def files(folder):
    """Each finished episode's file, with its bytes and the time it was written."""
    return {file.name: (file.read_bytes(), file.stat().st_mtime_ns) for file in folder.glob("episodes/[!.]*.json")}


def outcome(folder):
    records = sorted(read_episodes(folder), key=lambda r: (r["task"], r["episode"]))
    return [(r["task"], r["episode"], r["seed"], r["success"]) for r in records]


def test_a_killed_run_goes_on_where_it_was(tmp_path, monkeypatch):
    monkeypatch.setenv("FAKE_GO", str(tmp_path / "go"))
    held = {"policies": ["fake_policies:Held"]}
    process = start(tmp_path / "run", 1, more=held)
    wait_for_episodes(tmp_path / "run", 2, process)
    process.send_signal(signal.SIGKILL)
    process.wait()
    done = files(tmp_path / "run")
    assert 2 <= len(done) < 9
    assert not (tmp_path / "run" / "results.json").exists()

    (tmp_path / "go").touch()
    again = start(tmp_path / "run", 2, more=held)
    _, said = again.communicate(timeout=PATIENCE)
    assert again.returncode == 0, said
    assert "are there already" in said
    assert files(tmp_path / "run").items() >= done.items()

    run(tmp_path / "whole", "fake_policies:Held", suite="fake", episodes=3)
    assert outcome(tmp_path / "run") == outcome(tmp_path / "whole")
    whole, resumed = ((tmp_path / name / "results.json").read_text() for name in ("whole", "run"))
    assert whole == resumed


@pytest.mark.parametrize("by", [signal.SIGINT, signal.SIGTERM])
def test_a_stopped_run_keeps_what_is_done(tmp_path, by):
    process = start(tmp_path / "run", 1, episodes=500)  # so many that it isn't done before the signal
    wait_for_episodes(tmp_path / "run", 1, process)
    process.send_signal(by)
    said, _ = process.communicate(timeout=PATIENCE)
    assert process.returncode == 3
    kept = read_episodes(tmp_path / "run")
    assert f"{len(kept)} of 1500 episodes are kept" in said
    assert not (tmp_path / "run" / "results.json").exists()
    assert [json.loads(line) for line in (tmp_path / "run" / "episodes.jsonl").read_text().splitlines()] == kept
    with RunFolder(tmp_path / "run", settings_of(tmp_path / "run")):
        pass  # nobody holds it any more


def test_processes_share_one_folder_and_one_of_them_is_killed(tmp_path, monkeypatch):
    monkeypatch.setenv("FAKE_NOTES", str(tmp_path / "notes"))
    monkeypatch.setenv("FAKE_GO", str(tmp_path / "go"))
    policy = {"policies": ["fake_policies:HeldAndNoted"]}
    processes = [start(tmp_path / "run", 1, 6, policy) for _ in range(2)]
    wait_for_episodes(tmp_path / "run", 2, processes[0])
    processes[0].kill()
    (tmp_path / "go").touch()
    done = files(tmp_path / "run")
    _, said = processes[1].communicate(timeout=PATIENCE)
    assert processes[1].returncode == 0, said
    assert files(tmp_path / "run").items() >= done.items()
    records = read_episodes(tmp_path / "run")
    assert len(records) == 18
    assert all(record["status"] == "done" and "attempt" not in record for record in records)
    begun = (tmp_path / "notes").read_text().splitlines()
    assert len(set(begun)) == 18
    assert 18 <= len(begun) <= 19  # what the killed one had in flight was begun again
    results = Results.model_validate_json((tmp_path / "run" / "results.json").read_text())
    assert (results.success.k, results.errors, results.redone) == (18, 0, 0)


@pytest.mark.parametrize(
    ("policy", "changes", "said"),
    [
        ("DiesOnce", {}, "killed by SIGKILL"),
        ("HangsOnce", {"timeout": 20.0}, "it hung: the worker process was killed after 20 s"),
        ("EatsOnce", {"memory": 1 << 30}, "the worker process was allowed 1 GiB of memory"),
    ],
)
def test_an_episode_whose_worker_dies_hangs_or_eats_is_tried_again_and_that_is_counted(
    tmp_path, monkeypatch, policy, changes, said
):
    monkeypatch.setenv("FAKE_NOTES", str(tmp_path / "notes"))
    name = f"fake_policies:{policy}"
    [once] = run(tmp_path / "run", name, workers=1, **changes)
    assert (once.results.success.k, once.results.errors, once.results.redone) == (1, 1, 0)
    [error] = [record for record in read_episodes(tmp_path / "run") if record["status"] == "error"]
    assert said in error["error"]["message"]
    [again] = run(tmp_path / "run", name, workers=1, retries=1, **changes)
    assert (again.results.success.k, again.results.errors, again.results.redone) == (2, 0, 1)
    assert [
        before["message"] for record in read_episodes(tmp_path / "run") for before in record.get("earlier", [])
    ] == [error["error"]["message"]]


def test_a_retry_is_made_in_the_run_itself(tmp_path, monkeypatch):
    monkeypatch.setenv("FAKE_NOTES", str(tmp_path / "notes"))
    [done] = run(tmp_path / "run", "fake_policies:DiesOnce", workers=1, retries=1)
    assert (done.results.success.k, done.results.errors, done.results.redone) == (2, 0, 1)
    attempts = {record["task"]: record.get("attempt", 1) for record in read_episodes(tmp_path / "run")}
    assert attempts == {"fake.lamp-v1": 1, "fake.kettle-v1": 2}


def test_what_a_policy_raises_is_not_tried_again(tmp_path, monkeypatch):
    monkeypatch.setenv("FAKE_NOTES", str(tmp_path / "notes"))
    [done] = run(tmp_path / "run", "fake_policies:Once", retries=3)
    assert (done.results.success.k, done.results.errors, done.results.redone) == (1, 1, 0)
    assert len((tmp_path / "notes").read_text().splitlines()) == 2


def test_how_long_an_episode_may_take_goes_by_its_horizon():
    def request(timeout):
        return Request(
            policies=(), suite="", episodes=1, seed=0, out=Path(), workers=1, bench="fake_bench", timeout=timeout
        )

    assert runner.allowed(request(None), 90_000_000) == 600 + 60 * 90
    assert runner.allowed(request(30.0), 90_000_000) == 30
    assert runner.allowed(request(0.0), 90_000_000) is None


@pytest.mark.parametrize("n", [1, 2, 3, 5])
def test_shards_are_disjoint_and_make_the_whole_and_have_some_of_each_task(n):
    tasks = ("a", "b", "c")
    shards = [runner.share(tasks, 10, (i, n)) for i in range(1, n + 1)]
    assert sorted(job for shard in shards for job in shard) == sorted(runner.share(tasks, 10, None))
    for shard in shards:
        counts = [sum(task == name for task, _ in shard) for name in tasks]
        assert max(counts) - min(counts) <= 1
        assert min(counts) >= 10 // n
