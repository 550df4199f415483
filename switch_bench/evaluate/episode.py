"""One episode of one policy, from reset to verdict, as a record that fits on one line of `episodes.jsonl`.

A record holds: task, episode, seed, instruction; `status` "done" or "error"; of a done one `success` (true, false,
null), `parts` (name → true, false, null) and `words` for them, `why`, `since` (from when [µs] the goal stood),
`evidence` (ids of the events that decided so), `verdict` (its whole dictionary), `scores`, `elapsed_us`; of an error
`error`, with `where` it arose, `type`, `message` and `traceback`, and `gone`, true where the policy's server can't be
reached any more, so that further episodes would end the same way; and the wall time it took to set up and to run, its
trace, the `renderer` of its observations ("none" without pictures), and its frames, each with its own `renderer`; and
on which `machine` it was played (see `record.py`). Of a policy that tells it also what it `spent` (see `spending.py`).
"""

from __future__ import annotations

import hashlib
import math
import time
import traceback
from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np

from switch_bench.agents.errors import AgentGone
from switch_bench.evaluate import policies
from switch_bench.evaluate.bench import Bench, load_bench
from switch_bench.evaluate.observed import Observed
from switch_bench.evaluate.policies import Declared
from switch_bench.evaluate.record import of_machine


@dataclass(frozen=True)
class Probe:
    """Ask a worker to load a policy and say what it declares."""

    policy: str


@dataclass(frozen=True)
class Job:
    """One episode to be played; its trace and frames go below `folder`."""

    policy: str
    task: str
    episode: int
    seed: int  # the run's; the episode's own is derived
    folder: str
    pictures: bool
    bench: str  # the module that is the benchmark
    policy_seed: int | None = None  # of the policy's own draws, if not the run's


def episode_seed(seed: int, task: str, episode: int, use: str = "env") -> int:
    """The seed of one episode, in [0, 2³¹): the first 31 bits of SHA-256 of "seed/task/episode/use".

    It doesn't depend on the suite, the policy, the number of episodes or their order. `use` is "env" for the
    environment's reset, "policy" for the policy's own draws.
    """
    digest = hashlib.sha256(f"{seed}/{task}/{episode}/{use}".encode()).digest()
    return int.from_bytes(digest[:4], "big") >> 1


def work(job: Probe | Job) -> Declared | dict[str, Any]:
    """What a worker process does with a job."""
    return declares(job.policy) if isinstance(job, Probe) else play(job)


def declares(policy: str) -> Declared:
    """What a policy says of itself in this process. Raises: InputError if it can't be loaded."""
    return _policy(policy)[1]


def play(job: Job) -> dict[str, Any]:
    """Play one episode. Whatever the policy or the simulator raises is told in the record.

    Raises:
        MemoryError: there is too little; the process had better be a new one.
    """
    record: dict[str, Any] = {
        "task": job.task,
        "episode": job.episode,
        "seed": episode_seed(job.seed, job.task, job.episode),
        "machine": of_machine(),
    }
    stage = _Stage()
    began = time.perf_counter()
    try:
        _play(job, record, stage)
    except MemoryError:
        raise
    except Exception as error:
        gone = next((e for e in (error, error.__cause__) if isinstance(e, AgentGone)), None)
        record |= {"status": "error", "error": told(gone or error, stage.name)}
        if gone is not None:
            record["gone"] = True
            _policy.cache_clear()  # who comes again looks for it anew
    record["wall_s"] = round(time.perf_counter() - began, 3)
    return record


class _Stage:
    """Where in the episode we are, for the record of an error."""

    name = "environment"


def _play(job: Job, record: dict[str, Any], stage: _Stage) -> None:
    began = time.perf_counter()
    bench = load_bench(job.bench)
    facts = bench.task(job.task)
    record["instruction"] = facts.instruction
    stage.name = "policy"
    policy, declared = _policy(job.policy)
    stage.name = "environment"
    with closing(bench.make(job.task, obs=declared.obs, act=declared.act, size=declared.size)) as env:
        obs, info = env.reset(seed=record["seed"])
        record["setup_s"] = round(time.perf_counter() - began, 3)
        began = time.perf_counter()
        own = job.seed if job.policy_seed is None else job.policy_seed
        seed = episode_seed(own, job.task, job.episode, "policy")
        if callable(getattr(policy, "play", None)):
            stage.name = "policy.play"
            bench.keep_inputs(env)
            policy.play(env, job.task, seed)
        else:
            observed = Observed(declared.obs)
            try:
                act_out(policy, env, bench, job.task, seed, obs, info, stage, observed)
                bench.note(env, "observed", [list(pair) for pair in observed.hashes])
            finally:  # an error has its price, too
                if callable(getattr(policy, "spent", None)):
                    record["spent"] = plain(policy.spent())
        record["run_s"] = round(time.perf_counter() - began, 3)
        record |= judged(bench, env, Path(job.folder), f"{job.task}.{job.episode}", pictures=job.pictures, stage=stage)


def judged(
    bench: Bench, env: Any, folder: Path, name: str, *, pictures: bool, stage: _Stage | None = None
) -> dict[str, Any]:
    """Judge the episode that has just ended in `env`, and keep its trace and frames below `folder`, by `name`.

    What its record holds from the verdict on.
    """
    stage = stage or _Stage()
    stage.name = "verdict"
    verdict = bench.verdict(env)
    trace = bench.trace(env)
    stage.name = "trace"
    written = bench.write_trace(trace, folder / "traces" / name)
    drawn = _drawn(bench, env, verdict.since, folder, name) if pictures else {}
    return drawn | {
        "status": "done",
        "success": verdict.success,
        "parts": dict(verdict.parts),
        "words": dict(verdict.words),
        "why": verdict.why,
        "since": verdict.since,
        "evidence": list(verdict.evidence),
        "verdict": plain(verdict.facts),
        "scores": plain(verdict.scores),
        "elapsed_us": int(trace.end),
        "trace": written.relative_to(folder).as_posix(),
        "renderer": str(trace.manifest.get("renderer", "none")),
    }


def _drawn(bench: Bench, env: Any, since: int | None, folder: Path, name: str) -> dict[str, Any]:
    """The frames. They are for the reader: without them the episode still counts."""
    began = time.perf_counter()
    record: dict[str, Any] = {}
    try:
        record["frames"] = bench.frames(env, since, folder, name)
    except Exception as error:
        record["frames_error"] = told(error, "frames")
    return record | {"frames_s": round(time.perf_counter() - began, 3)}


def act_out(
    policy: Any,
    env: Any,
    bench: Bench,
    task: str,
    seed: int,
    obs: Any,
    info: Mapping[str, Any],
    stage: _Stage | None = None,
    observed: Observed | None = None,
) -> None:
    """Let a policy act by its steps in an environment that has just been reset, until the episode is over.

    observed: gets each observation.
    """
    stage = stage or _Stage()
    if observed is not None:
        observed.see(obs)
    stage.name = "policy.reset"
    policy.reset(task, seed, info)
    over = False
    while not over:
        stage.name = "policy.__call__"
        action = policy(obs, info)
        stage.name = "action"
        if action is None:
            bench.idle(env)
            return
        action = policies.checked(action, env.action_space)
        stage.name = "environment.step"
        obs, _, terminated, truncated, info = env.step(action)
        if observed is not None:
            observed.see(obs)
        over = terminated or truncated


@lru_cache(maxsize=32)
def _policy(name: str) -> tuple[Any, Declared]:
    return policies.load(name)


def told(error: Exception, where: str) -> dict[str, str]:
    """An exception as a record holds it. where: in what it arose."""
    return {
        "where": where,
        "type": type(error).__name__,
        "message": str(error),
        "traceback": "".join(traceback.format_exception(error)),
    }


def plain(value: Any) -> Any:
    """`value` as JSON can hold it: tuples and arrays as lists, numbers that aren't finite as words."""
    if isinstance(value, np.ndarray | np.generic):
        value = value.tolist()
    if isinstance(value, Mapping):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [plain(item) for item in value]
    if isinstance(value, float) and not math.isfinite(value):
        return str(value)
    if value is None or isinstance(value, str | bool | int | float):
        return value
    return str(value)
