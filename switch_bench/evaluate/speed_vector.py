"""How many control steps a second many environments take, on one thread and on all, and what memory they need.

Beside it stands what the engine alone does: `mujoco.batch.Batch` with the same model, actions and substeps.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from copy import copy
from pathlib import Path
from statistics import median
from typing import Any

import gymnasium
import mujoco
import numpy as np
from mujoco.batch import Batch

from switch_bench.evaluate.speed_step import AXES, SUBSTEPS, Effort, make, ratio, wander
from switch_bench.evaluate.workers import cores
from switch_bench.spec.find import load_task
from switch_bench.world.cast import room_for

ENV = "switch_bench.envs.env:SwitchEnv"
VECTOR = "switch_bench.envs.vector:SwitchVectorEnv"
NAME = "switch_bench/speed.vector-v1"
MAIN = 64  # environments, of the figures that have an aim
ENVS, FEW_ENVS = (1, 8, MAIN, 256), (1, MAIN)
MANY, VARIANTS = 256, 8  # environments, and variants that they share, whose memory is measured
SETTLE = 200  # substeps until what needn't move sleeps


@contextmanager
def made(task: str, envs: int, threads: int | None = None, variations: int | None = None) -> Iterator[Any]:
    """So many environments of a task (id or path) as Gymnasium makes them."""
    gymnasium.register(id=NAME, entry_point=ENV, vector_entry_point=VECTOR, kwargs={"task": task})
    options = {"obs": "state", "act": "delta_pose", "threads": threads, "variations": variations}
    try:
        vector = gymnasium.make_vec(NAME, num_envs=envs, vectorization_mode="vector_entry_point", **options)
    finally:
        del gymnasium.registry[NAME]
    try:
        yield vector
    finally:
        vector.close()


def measure(task: str, effort: Effort, counts: Sequence[int] = ENVS) -> dict[str, Any]:
    """The figures of `MAIN` environments, and of every other number of them under `by_envs`, with `bare`.

    steps_per_s: control steps of all environments together, on all threads. speedup: over one thread, in one run.
    """
    threads = cores()
    found = {str(envs): _compare(task, envs, threads, effort) for envs in counts}
    return {**found[str(MAIN)], **memory(task, MANY, VARIANTS), "by_envs": found}


def _compare(task: str, envs: int, threads: int, effort: Effort) -> dict[str, Any]:
    with made(task, envs, 1) as alone, made(task, envs, threads) as together:
        for vector in (alone, together):
            vector.reset(seed=0, options={"variation": "none"})
        one, many, limits, free = [], [], [], []
        engines = [_bare(task, envs, threads, contacts=contacts) for contacts in (True, False)]
        targets = _targets(task, effort.block)
        here = room_for(load_task(task), variation="none").body_ctrl
        rng = np.random.default_rng(0)
        for block in range(effort.blocks + 1):  # the first one only warms up
            actions = np.stack([wander(effort.block, rng) for _ in range(envs)], axis=1)
            taken = [_steps(vector, actions) for vector in (alone, together)]
            taken += [_bare_steps(engine, slice(here, here + AXES), targets) for engine in engines]
            if block:
                for times, seconds in zip((one, many, limits, free), taken, strict=True):
                    times.append(seconds)
    each = envs * effort.block
    return {
        "envs": envs,
        "threads": threads,
        "steps_per_s": round(each / median(many)),
        "one_thread_steps_per_s": round(each / median(one)),
        "speedup": ratio(one, many),
        "bare_steps_per_s": round(each / median(limits)),
        "free_steps_per_s": round(each / median(free)),
        "over_bare": ratio(many, limits),
        "over_free": ratio(many, free),
    }


def _steps(vector: Any, actions: np.ndarray) -> float:
    began = time.perf_counter()
    for step in actions:
        vector.step(step)
    return time.perf_counter() - began


def _targets(task: str, steps: int) -> np.ndarray:
    """(steps, 12) targets of one environment's free motion, which comes back to where it began."""
    env = make(task)
    stage = env.stage
    assert stage is not None
    place = slice(stage.room.body_ctrl, stage.room.body_ctrl + AXES)
    found = []
    for action in wander(steps, np.random.default_rng(0)):
        env.step(action)
        found.append(stage.world.data.ctrl[place].copy())
    return np.array(found)


def _bare(task: str, envs: int, threads: int, *, contacts: bool) -> Batch:
    """The engine's own batch of rooms at the start, settled."""
    room = room_for(load_task(task), variation="none")
    model = copy(room.model)
    if not contacts:
        model.opt.disableflags |= mujoco.mjtDisableBit.mjDSBL_CONTACT
    batch = Batch(model, envs, threads, persistent=True)
    for name in ("qpos", "ctrl", "eq_active"):
        batch.bind(name)[:] = getattr(room.start_data, name)
    batch.step(nstep=SETTLE)
    return batch


def _bare_steps(batch: Batch, place: slice, targets: np.ndarray) -> float:
    began = time.perf_counter()
    ctrl = batch.bind("ctrl")
    for row in targets:
        ctrl[:, place] = row
        batch.step(nstep=SUBSTEPS)
    return time.perf_counter() - began


def memory(task: str, envs: int, variations: int) -> dict[str, Any]:
    """MB of memory that a fresh process has in use with so many environments over so many variants, some steps on."""
    code = "import sys; from switch_bench.evaluate import speed_vector; speed_vector.occupy(*sys.argv[1:])"
    done = subprocess.run(
        [sys.executable, "-c", code, task, str(envs), str(variations)], capture_output=True, text=True, check=True
    )
    return json.loads(done.stdout)


def occupy(task: str, envs: str, variations: str) -> None:
    """In a process of its own: make and run the environments, and print what memory they take."""
    with made(task, int(envs), variations=int(variations)) as vector:
        vector.reset(seed=0)
        for _ in range(20):
            vector.step(np.zeros((int(envs), AXES), np.float32))
        print(json.dumps({"rss_mb": resident_mb(), "rss_envs": int(envs), "rss_variants": int(variations)}))


def resident_mb() -> float:
    """Memory of this process that is in use [MB of 10⁶ bytes], as Linux tells it."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return round(pages * os.sysconf("SC_PAGE_SIZE") / 1e6, 1)
