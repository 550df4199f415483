"""What a run would be, without running it."""

from __future__ import annotations

from switch_bench.evaluate.bench import load_bench
from switch_bench.evaluate.runner import Request, duration, tasks_of


def planned(request: Request) -> str:
    """How many episodes a request is, and how long they may take, in words. Nothing is run.

    Raises:
        InputError: there is no such suite, or the request isn't what its protocol says.
    """
    bench = load_bench(request.bench)
    tasks = tasks_of(bench, request)
    of = len(request.policies) * request.episodes
    simulated = of * sum(bench.task(task).horizon_us for task in tasks) / 1e6
    policies = "1 policy" if len(request.policies) == 1 else f"{len(request.policies)} policies"
    kept = f", protocol {request.protocol}" if request.protocol else ""
    return (
        f"{of * len(tasks):,} episodes: {policies} on {len(tasks)} tasks, {request.episodes} each, seed {request.seed}"
        f"{kept}: at most {duration(simulated)} of simulated time. What that is on the clock is told once the first "
        "episode of each policy is played."
    )
