"""How long a run will take."""

import pytest

from switch_bench.evaluate.episode import Job
from switch_bench.evaluate.estimate import Estimate, duration


def job(policy, task, episode):
    return Job(policy, task, episode, 0, "", False, "fake_bench")


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


def test_one_episode_that_is_left_is_no_plural():
    jobs = [job("p", "a", episode) for episode in range(2)]
    said = Estimate(jobs, {"a": 10_000_000}, 1).see(
        jobs[0], {"status": "done", "wall_s": 2.0, "run_s": 1.0, "elapsed_us": 10_000_000}
    )
    assert "if the other episode runs to its task's horizon at" in said


@pytest.mark.parametrize(("seconds", "said"), [(0.1, "1 s"), (42.4, "42 s"), (180, "3 min"), (11100, "3 h 05 min")])
def test_durations_as_a_person_says_them(seconds, said):
    assert duration(seconds) == said
