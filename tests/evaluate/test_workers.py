"""Worker processes."""

import ctypes
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from switch_bench.evaluate.errors import InputError
from switch_bench.evaluate.workers import Died, Listed, Pool, Raised

HERE = Path(__file__).parent
PATIENCE = 300.0  # s: only what hangs takes as long


def hang():
    """Wait for ever in native code that holds Python's lock."""
    ctypes.PyDLL(None).pause()


def work(job):
    if job == "hang" or isinstance(job, tuple):
        return hang()
    if job == "memory":
        return len(bytearray(2 << 30))
    if job == "malloc":  # native code without a check
        ctypes.PyDLL(None).malloc.restype = ctypes.c_void_p
        return ctypes.PyDLL(None).malloc(ctypes.c_size_t(2 << 30)) or os.abort()
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
    def source():
        return Listed(["b1", "c1", "a1", "a2"], group=lambda job: job[0])

    assert source().take("a", {"b"}) == "a1"
    assert source().take(None, {"b"}) == "c1"
    assert source().take("d", {"a", "b", "c"}) == "b1"
    assert Listed(["b1", "b2"]).take("a", {"b"}) == "b1"


def test_the_source_is_asked_when_a_worker_is_free():
    class Counting:
        asked = done = 0

        def group(self, job):
            return None

        def take(self, mine, others):
            assert self.asked == self.done
            self.asked += 1
            return self.asked if self.asked <= 3 else None

    source = Counting()
    with Pool(work, 1) as pool:
        for _ in pool.serve(source):
            source.done += 1
    assert source.done == 3


def test_jobs_in_groups_are_all_done():
    jobs = [group + str(number) for group in "abc" for number in range(3)]
    with Pool(work, 2) as pool:
        assert dict(pool.run(jobs, group=lambda job: job[0])) == {job: job * 2 for job in jobs}


def test_a_job_that_hangs_in_native_code_is_killed_and_the_others_are_done():
    began = time.monotonic()
    with Pool(work, 1, seconds=lambda job: 2.0 if job == "hang" else None) as pool:
        results = dict(pool.run(["pid", "hang", 4]))
    assert time.monotonic() - began < PATIENCE
    assert results["hang"] == Died(-signal.SIGKILL, hung=2.0)
    assert str(results["hang"]) == "it hung: the worker process was killed after 2 s"
    assert results[4] == 8
    with pytest.raises(ProcessLookupError):
        os.kill(results["pid"], 0)


def test_of_two_that_hang_each_is_killed_at_its_own_time():
    allowed = {("hang", 1): 1.0, ("hang", 2): 2.0}
    with Pool(work, 2, seconds=allowed.get) as pool:
        answers = [answer for _, answer in pool.run(allowed)]
    assert sorted(answer.hung for answer in answers) == [1.0, 2.0]  # who began later may end later
    assert {answer.code for answer in answers} == {-signal.SIGKILL}


def test_a_job_that_wants_too_much_memory_is_an_error_and_the_next_has_a_new_worker():
    with Pool(work, 1, memory=1 << 30) as pool:
        results = list(pool.run(["pid", "memory", "pid", "malloc", 4]))
    (_, before), (_, raised), (_, after), (_, died), (_, last) = results
    assert isinstance(raised, Raised)
    assert raised.kind == "MemoryError"
    assert raised.message.endswith("the worker process was allowed 1 GiB of memory")
    assert before != after
    assert str(died) == "the worker process was killed by SIGABRT (it was allowed 1 GiB of memory)"
    assert last == 8


@pytest.mark.parametrize("job", ["hang", 1])
def test_workers_end_when_their_parent_is_killed_busy_or_idle(job, tmp_path):
    parent = subprocess.Popen(
        [sys.executable, HERE / "run_pool.py", tmp_path / "pid", str(job)], cwd=HERE, stdin=subprocess.PIPE
    )
    worker = int(until(lambda: (tmp_path / "pid").exists() and (tmp_path / "pid").read_text()))
    parent.kill()
    parent.wait()
    until(lambda: not alive(worker))


def until(true):
    """Wait for something, but not for ever."""
    began = time.monotonic()
    while not (answer := true()):
        assert time.monotonic() - began < PATIENCE, "it didn't come to that"
        time.sleep(0.05)
    return answer


def alive(pid):
    try:
        return "Z" not in Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except FileNotFoundError:
        return False
