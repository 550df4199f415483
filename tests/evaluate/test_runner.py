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
from switch_bench.evaluate.folder import read_episodes
from switch_bench.evaluate.results import Results
from switch_bench.evaluate.runner import Estimate, Request, duration, evaluate

HERE = Path(__file__).parent


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


def start(out, workers, episodes=3):
    return subprocess.Popen(
        [sys.executable, HERE / "run_fake.py", out, str(workers), str(episodes)],
        cwd=HERE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def wait_for_episodes(folder, number, process):
    for _ in range(400):
        if process.poll() is not None:
            raise AssertionError(f"it ended by itself: {process.stderr.read()}")
        file = folder / "episodes.jsonl"
        if file.exists() and file.read_bytes().count(b"\n") >= number:
            return
        time.sleep(0.02)
    raise AssertionError("no episode was done")


def outcome(folder):
    records = sorted(read_episodes(folder), key=lambda r: (r["task"], r["episode"]))
    return [(r["task"], r["episode"], r["seed"], r["success"]) for r in records]


def test_a_killed_run_goes_on_where_it_was(tmp_path):
    process = start(tmp_path / "run", 1)
    wait_for_episodes(tmp_path / "run", 2, process)
    process.send_signal(signal.SIGKILL)
    process.wait()
    done = (tmp_path / "run" / "episodes.jsonl").read_bytes()
    assert 2 <= done.count(b"\n") < 9
    assert not (tmp_path / "run" / "results.json").exists()
    with (tmp_path / "run" / "episodes.jsonl").open("ab") as file:
        file.write(b'{"task": "fake.slow-v1", "episode": 2, "stat')

    again = start(tmp_path / "run", 2)
    _, said = again.communicate(timeout=60)
    assert again.returncode == 0, said
    assert "are there already" in said
    assert (tmp_path / "run" / "episodes.jsonl").read_bytes().startswith(done)

    run(tmp_path / "whole", "fake_policies:Presser", suite="fake", episodes=3)
    assert outcome(tmp_path / "run") == outcome(tmp_path / "whole")
    whole, resumed = ((tmp_path / name / "results.json").read_text() for name in ("whole", "run"))
    assert whole == resumed


def test_ctrl_c_keeps_what_is_done(tmp_path):
    process = start(tmp_path / "run", 1, episodes=500)  # so many that it isn't done before the signal
    wait_for_episodes(tmp_path / "run", 1, process)
    process.send_signal(signal.SIGINT)
    said, _ = process.communicate(timeout=60)
    assert process.returncode == 3
    kept = len(read_episodes(tmp_path / "run"))
    assert f"{kept} of 1500 episodes are kept" in said
    assert not (tmp_path / "run" / "results.json").exists()


def job(policy, task, episode):
    return runner.Job(policy, task, episode, 0, "", False, "fake_bench")


def test_the_estimate_is_made_of_horizons_at_the_measured_pace():
    jobs = [job("p", task, 0) for task in ("short", "long", "longer")]
    estimate = Estimate(jobs, {"short": 10_000_000, "long": 100_000_000, "longer": 200_000_000}, 2)
    record = {"status": "done", "wall_s": 2.0, "run_s": 1.0, "elapsed_us": 10_000_000}
    said = estimate.see(jobs[0], record)  # 1 s to set up, 0.1 s a simulated second
    assert estimate.seconds() == pytest.approx((1 + 10 + 1 + 20) / 2)
    assert said.startswith("About 16 s")
    assert "the first episode" in said
    assert estimate.see(jobs[1], record) == ""


def test_an_estimate_waits_until_each_policy_has_been_measured():
    jobs = [job(policy, task, 0) for task in ("a", "b") for policy in ("p", "q")]
    estimate = Estimate(jobs, {"a": 10_000_000, "b": 10_000_000}, 1)
    record = {"status": "done", "wall_s": 2.0, "run_s": 1.0, "elapsed_us": 10_000_000}
    assert estimate.see(jobs[0], record) == ""
    assert estimate.see(jobs[1], {"status": "error"}) == ""
    assert estimate.see(jobs[3], record).startswith("About 2 s")


@pytest.mark.parametrize(("seconds", "said"), [(0.1, "1 s"), (42.4, "42 s"), (180, "3 min"), (11100, "3 h 05 min")])
def test_durations_as_a_person_says_them(seconds, said):
    assert duration(seconds) == said
