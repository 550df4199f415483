"""The queue of a run's episodes."""

import json
import subprocess
import sys
import threading
from pathlib import Path
from types import SimpleNamespace

import pytest
from queue_jobs import JOBS, SETTINGS, claimed, done

from switch_bench.evaluate import queue
from switch_bench.evaluate.errors import InputError
from switch_bench.evaluate.folder import RunFolder
from switch_bench.evaluate.queue import Queue

KILLED = Path(__file__).with_name("killed_queue.py")
PATIENCE = 300.0  # s: only what hangs takes as long


@pytest.fixture
def run(tmp_path):
    with RunFolder(tmp_path, SETTINGS, shared=True) as run:
        yield run


def error(task, where="worker", **more):
    return {"task": task, "episode": 0, "status": "error", "error": {"where": where, "message": "no"}, **more}


def names(queue):
    return [(waiting.task, waiting.episode) for waiting in queue.waiting(-1)]


def test_jobs_wait_in_their_order_until_they_are_taken_and_settled(run):
    with Queue(run, JOBS) as queue:
        assert names(queue) == JOBS
        assert queue.waiting(1) == [(0, "a", 0)]
        assert queue.claim("b", 0)
        assert not queue.claim("b", 0)
        assert not queue.claim("c", 0)
        assert names(queue) == [("a", 0), ("a", 1), ("b", 1)]
        assert queue.settle(done("b"))
        assert queue.counts() == {"queued": 3, "leased": 0, "done": 1, "error": 0}
    assert json.loads((run.path / "episodes" / "b.0.json").read_text()) == done("b")


def test_a_job_that_is_not_ones_own_is_not_settled(run):
    with Queue(run, JOBS) as ours, Queue(run, JOBS) as theirs:
        claimed(theirs, "a")
        assert not ours.settle(done("a"))
        assert not ours.settle(done("b"))
        assert run.episodes == []
        assert theirs.settle(done("a"))


def test_many_threads_with_a_queue_each_share_the_jobs_without_a_double(run):
    jobs = [("a", number) for number in range(60)]
    taken = []

    def take():
        with RunFolder(run.path, SETTINGS, shared=True) as mine, Queue(mine, jobs) as queue:
            while waiting := queue.waiting(3):
                for _, task, episode in waiting:
                    if queue.claim(task, episode):
                        taken.append((task, episode))
                        assert queue.settle(done(task, episode))

    threads = [threading.Thread(target=take) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert sorted(taken) == jobs
    run.refresh()
    assert run.done() == set(jobs)


def test_what_was_not_settled_goes_back_at_the_end(run):
    with Queue(run, JOBS) as ours:
        with Queue(run, JOBS) as theirs:
            claimed(theirs, "a")
            claimed(ours, "b")
        assert names(ours) == [("a", 0), ("a", 1), ("b", 1)]


def test_the_jobs_of_a_process_that_was_killed_go_back_and_what_it_had_written_stays(run):
    with Queue(run, JOBS) as queue:
        ended = subprocess.run([sys.executable, KILLED, run.path], timeout=PATIENCE)
        assert ended.returncode == -9
        assert queue.counts()["leased"] == 2
        queue.reclaim()
        assert names(queue) == [("b", 0), ("a", 1), ("b", 1)]
        assert queue.counts()["done"] == 1
    assert [file.name for file in run.path.iterdir() if file.name.startswith(".owner")] == []


def test_a_lease_that_ran_out_goes_to_another_and_what_the_first_brings_is_dropped(run, monkeypatch):
    at = 1000.0
    monkeypatch.setattr(queue, "time", SimpleNamespace(time=lambda: at))
    with Queue(run, JOBS) as slow, Queue(run, JOBS) as other:
        claimed(slow, "a", seconds=30)
        claimed(slow, "b", seconds=60)
        at += 31
        other.reclaim()
        assert ("b", 0) not in names(other)
        claimed(other, "a")
        assert not slow.settle(done("a"))
        assert run.episodes == []
        assert other.settle(done("a"))


@pytest.mark.parametrize("where", ["policy", "policy.reset", "policy.__call__", "policy.play", "action"])
def test_an_error_of_the_policy_is_not_tried_again(run, where):
    with Queue(run, JOBS, retries=2) as queue:
        claimed(queue, "a").settle(error("a", where))
        assert names(queue) == JOBS[1:]


@pytest.mark.parametrize("where", ["worker", "environment", "environment.step", "verdict", "trace"])
def test_another_error_is_tried_again_so_often(run, where):
    with Queue(run, JOBS, retries=2) as queue:
        for attempt in (1, 2):
            claimed(queue, "a").settle(error("a", where))
            assert queue.attempts("a", 0) == attempt
            assert names(queue) == JOBS
        claimed(queue, "a").settle(error("a", where))
        assert names(queue) == JOBS[1:]
        assert queue.counts()["error"] == 1


def test_an_episode_that_failed_is_never_played_again(run):
    with Queue(run, JOBS, retries=9) as queue:
        claimed(queue, "a").settle(done("a") | {"success": False})
    with Queue(run, JOBS, retries=9, redo_errors=True) as queue:
        assert names(queue) == JOBS[1:]


def test_retries_that_a_killed_run_still_had_are_made_by_the_next(run):
    with Queue(run, JOBS) as queue:
        claimed(queue, "a").settle(error("a"))
        claimed(queue, "b").settle(error("b", gone=True))
        assert names(queue) == JOBS[2:]
    with Queue(run, JOBS, retries=1) as queue:
        assert names(queue) == [("a", 0), ("a", 1), ("b", 1)]
    with Queue(run, JOBS, redo_errors=True) as queue:
        assert names(queue) == JOBS


@pytest.mark.parametrize("harm", ["lost", "corrupt", "half"])
def test_a_queue_that_is_lost_or_corrupt_is_made_again_from_the_files(run, harm):
    with Queue(run, JOBS) as queue:
        claimed(queue, "a").settle(done("a"))
        claimed(queue, "b").settle(error("b", "policy.reset"))
    file = run.path / "queue.sqlite"
    if harm == "lost":
        file.unlink()
    else:
        file.write_bytes(b"no database" * 1000 if harm == "corrupt" else file.read_bytes()[:5000])
    with Queue(run, JOBS) as queue:
        assert names(queue) == JOBS[2:]
        assert queue.counts() == {"queued": 2, "leased": 0, "done": 1, "error": 1}


def test_a_queue_that_is_corrupt_while_another_process_works_on_it_is_left_to_that(run):
    with Queue(run, JOBS):
        (run.path / "queue.sqlite-wal").unlink(missing_ok=True)
        (run.path / "queue.sqlite").write_bytes(b"no database" * 1000)
        with pytest.raises(InputError, match="another process works on it"):
            Queue(run, JOBS)
        for left in run.path.glob("queue.sqlite*"):
            left.unlink()


def test_a_file_that_was_removed_has_its_episode_played_again(run):
    with Queue(run, JOBS) as queue:
        claimed(queue, "a").settle(done("a"))
    (run.path / "episodes" / "a.0.json").unlink()
    with Queue(run, JOBS) as queue:
        assert names(queue) == JOBS
