"""One episode and its fingerprint; run as a program it prints that of `task what seed`, made in this fresh process."""

from __future__ import annotations

import hashlib
import json
import sys
from typing import Any

import numpy as np
from small_envs import make

from switch_bench.envs.env import SwitchEnv
from switch_bench.network.flow import Anchor
from switch_bench.skills.plan import run_plan
from switch_bench.trace.hashing import digest


def random_actions(env: SwitchEnv, seed: int, steps: int = 60) -> list[np.ndarray]:
    """Random `delta_pose` actions; what was seen."""
    rng = np.random.default_rng(seed)
    seen = [env.reset(seed=seed)[0]]
    for _ in range(steps):
        seen.append(env.step(rng.uniform(-1.0, 1.0, 12).astype(np.float32))[0])
    return seen


def oracle(env: SwitchEnv, seed: int) -> list[np.ndarray]:
    """The task's reference solution; nothing is seen."""
    env.reset(seed=seed)
    run_plan(env, env.task.solution)
    return []


RUNS = {"random": random_actions, "oracle": oracle}


def fingerprint(env: SwitchEnv, seen: list[np.ndarray] = []) -> dict[str, Any]:  # noqa: B006  # never changed
    """All that must be the same to the last bit: events, hashes, targets, flows now, and what was seen."""
    trace = env.trace
    assert env.stage is not None
    network = env.stage.world.network
    flows = [
        (n, float(network.value(n)).hex())
        for n in network.names
        if isinstance(network.values[network.index[n]], Anchor)
    ]
    return {
        "digest": digest(trace),
        "hashes": [list(h) for h in trace.hashes],
        "targets": hashlib.sha256(np.ascontiguousarray(trace.targets).tobytes()).hexdigest(),
        "flows": [list(f) for f in flows],
        "jumps": [list(j) for j in trace.jumps],
        "views": [[v.t, list(v.seen)] for v in trace.views],
        "poses": [[p.t, p.name, *(x.hex() for x in p.position)] for p in trace.poses],
        "seen": hashlib.sha256(b"".join(np.ascontiguousarray(s).tobytes() for s in seen)).hexdigest(),
    }


def run(env: SwitchEnv, what: str, seed: int) -> dict[str, Any]:
    """An episode's fingerprint."""
    return fingerprint(env, RUNS[what](env, seed))


if __name__ == "__main__":
    task, what, seed, obs = sys.argv[1:]
    print(json.dumps(run(make(task, obs=obs), what, int(seed))))
