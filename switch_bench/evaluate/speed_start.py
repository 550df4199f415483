"""What it costs to begin: importing, the first reset of a fresh process, compiling a scene, resetting again."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Callable
from statistics import median
from typing import Any

from switch_bench.envs.env import SwitchEnv
from switch_bench.spec.find import load_scene
from switch_bench.world.cast import plain_room

FRESH = "import time; began = time.perf_counter(); {code}; print(time.perf_counter() - began)"
FIRST_RESET = (
    "import gymnasium, switch_bench.envs; "
    "env = gymnasium.make('switch_bench/{task}', obs='state', act='delta_pose'); env.reset(seed=0)"
)
KEPT_STILL = {"layout": 0, "faces": 0, "clutter": 0}  # streams that would change the geometry
SEEN = 8  # variations that are gone through over and over
MANY = 2**20  # numbers of variations that nothing else here uses begin there


def fresh(code: str, times: int) -> float:
    """Median seconds that the code takes in a process of its own, Python's own start not counted; one more before."""
    taken = []
    for _ in range(times + 1):
        done = subprocess.run(
            [sys.executable, "-c", FRESH.format(code=code)], capture_output=True, text=True, check=True
        )
        taken.append(float(done.stdout))
    return median(taken[1:])


def import_s(module: str, times: int) -> float:
    """Seconds of importing a module."""
    return round(fresh(f"import {module}", times), 3)


def first_reset_s(task: str, times: int) -> float:
    """Seconds from a fresh process's first import to the end of its first reset, everything in between included."""
    return round(fresh(FIRST_RESET.format(task=task), times), 3)


def compile_ms(scene: str, times: int) -> float:
    """Milliseconds from a checked scene to a room that is ready to run, in a process that has done it before."""
    checked = load_scene(scene)
    return round(_median_of(lambda k: plain_room(checked), times) * 1e3, 1)


def reset_ms(task: str, times: int) -> dict[str, float]:
    """Milliseconds of `reset` (`state`, `delta_pose`): to the same variation again, to others, to other layouts.

    seen: to one of eight in turn, each seen before. other: of the same layout, models and clutter, so that only wiring,
    labels, colours and light are drawn anew.
    layout: everything is drawn anew, as at a reset with no options.
    """
    env = SwitchEnv(task, obs="state", act="delta_pose")

    def to(variation: Callable[[int], Any]) -> float:
        seconds = _median_of(lambda k: env.reset(seed=k, options={"variation": variation(k)}), times)
        return round(seconds * 1e3, 3)

    for k in range(1, SEEN + 1):
        env.reset(options={"variation": k})
    return {
        "seen": to(lambda k: 1 + k % SEEN),
        "same": to(lambda k: "none"),
        "other": to(lambda k: KEPT_STILL | dict.fromkeys(("wiring", "labels", "colours", "light"), MANY + k)),
        "layout": to(lambda k: 2 * MANY + k),
    }


def _median_of(work: Callable[[int], Any], times: int) -> float:
    """Median seconds of processor time of so many calls, each with its number; one more before."""
    taken = []
    for k in range(times + 1):
        began = time.process_time()
        work(k)
        taken.append(time.process_time() - began)
    return median(taken[1:])
