"""What time without physics costs, and a fork."""

from __future__ import annotations

import time
from statistics import median
from typing import Any

from switch_bench.spec.find import load_task
from switch_bench.world.cast import room_for
from switch_bench.world.stage import Stage

DAY = 24 * 3600 * 1_000_000  # µs


def wait_24h(task: str, times: int) -> dict[str, Any]:
    """A day of the task's scene in which nothing physical moves: ms, events, and the jumps that it went by in."""
    taken, events, jumps = [], 0, 0
    for _ in range(times):
        stage = Stage(room_for(load_task(task), variation="none"))
        before = stage.world.network.count
        began = time.process_time()
        stage.wait(stage.now + DAY)
        taken.append(time.process_time() - began)
        events, jumps = stage.world.network.count - before, len(stage.trace.jumps)
    return {"ms": round(median(taken) * 1e3, 1), "events": events, "jumps": jumps}


def fork_us(task: str, times: int) -> float:
    """Microseconds of a fork, the data it borrowed given back."""
    world = Stage(room_for(load_task(task), variation="none")).world
    world.fork()
    taken = []
    for _ in range(times):
        began = time.perf_counter()
        world.fork()
        taken.append(time.perf_counter() - began)
    return round(median(taken) * 1e6, 1)
