"""Worker processes."""

import os
import signal

import pytest

from switch_bench.evaluate.errors import InputError
from switch_bench.evaluate.workers import Died, Pool, Raised, _Worker


def work(job):
    if job == "raise":
        raise KeyError("lost")
    if job == "bad input":
        raise InputError("no such thing", where="--there", hint="look elsewhere")
    if job == "unpicklable":
        return lambda: None
    if job == "exit":
        os._exit(4)
    if job == "kill":
        os.kill(os.getpid(), signal.SIGKILL)
    if job == "pid":
        return os.getpid()
    return job * 2


@pytest.mark.parametrize("count", [0, 1, 2])
def test_every_job_has_its_result(count):
    with Pool(work, count) as pool:
        assert dict(pool.run(range(5))) == {job: job * 2 for job in range(5)}


@pytest.mark.parametrize("count", [0, 1])
def test_an_exception_is_a_result(count):
    with Pool(work, count) as pool:
        (_, raised), (_, refused) = pool.run(["raise", "bad input"])
    assert isinstance(raised, Raised)
    assert raised.kind == "KeyError"
    assert "in work" in raised.traceback
    assert raised.bad_input is None
    assert isinstance(refused, Raised)
    assert refused.bad_input is not None
    assert str(refused.bad_input) == "--there: no such thing\nhint: look elsewhere"


def test_a_worker_that_dies_fails_only_its_job():
    with Pool(work, 1) as pool:
        results = dict(pool.run(["exit", "kill", "unpicklable", 4]))
    assert str(results["exit"]) == "the worker process ended with exit code 4"
    assert str(results["kill"]) == "the worker process was killed by SIGKILL"
    assert isinstance(results["unpicklable"], Died | Raised)
    assert results[4] == 8


def test_one_that_died_while_idle_is_replaced():
    with Pool(work, 1) as pool:
        [(_, pid)] = pool.run(["pid"])
        os.kill(pid, signal.SIGKILL)
        pool._idle[0].process.join()
        assert dict(pool.run([1])) == {1: 2}


def test_workers_end_with_the_pool():
    with Pool(work, 1) as pool:
        [(_, pid)] = pool.run(["pid"])
        assert pid != os.getpid()
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)


def test_a_worker_goes_on_with_its_group_and_leaves_those_of_others():
    def group(job):
        return job[0]

    pool = Pool(work, 2)
    pool._busy = {"pipe": (_Worker("process", "pipe", group="b"), "b0")}
    waiting = ["b1", "c1", "a1", "a2"]
    assert waiting[pool._next(waiting, _Worker("process", "pipe", group="a"), group)] == "a1"
    assert waiting[pool._next(waiting, _Worker("process", "pipe"), group)] == "c1"
    assert pool._next(["b1", "b2"], _Worker("process", "pipe", group="a"), group) == 0
    assert pool._next(waiting, _Worker("process", "pipe", group="a"), None) == 0


def test_jobs_in_groups_are_all_done():
    jobs = [group + str(number) for group in "abc" for number in range(3)]
    with Pool(work, 2) as pool:
        assert dict(pool.run(jobs, group=lambda job: job[0])) == {job: job * 2 for job in jobs}
