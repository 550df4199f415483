"""What starting and resetting take: `python -m switch_bench.evaluate.speed_start [--json]`.

Imports and the first reset are timed in fresh processes; all else in this one, in blocks in turn, so that a busy
moment of the machine falls on all alike. Each figure is a median.
"""

from __future__ import annotations

import argparse
import json
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from switch_bench.envs.env import SwitchEnv
    from switch_bench.world.room import Room

TASK = "home.hall_light_on-v1"
SEEN = 8  # variations that are gone through over and over
ENVIRONMENTS = 256
LOOKS, LIGHT = "colours", "light"  # streams that leave the room's shape as it is
IMPORT = """
import time
t = time.perf_counter()
import {module}
print(time.perf_counter() - t)
"""
FIRST = """
import time
t = time.perf_counter()
import gymnasium
import switch_bench.envs
env = gymnasium.make("switch_bench/{task}", obs="state")
env.reset(seed=0)
print(time.{clock}() {less})
"""
MANY = """
import gymnasium
import numpy as np
import switch_bench.envs
envs = [gymnasium.make("switch_bench/{task}", obs="state", variations={seen}) for _ in range({many})]
still = np.zeros(12, np.float32)
for k in range(2):
    for i, env in enumerate(envs):
        env.reset(seed=i + 1000 * k)
        env.step(still)
with open("/proc/self/status") as status:
    print(next(int(line.split()[1]) / 1000 for line in status if line.startswith("VmRSS")))
"""


def measure_start(task: str = TASK, *, processes: int = 3, repeats: int = 5) -> dict[str, Any]:
    """What starting and resetting take on this machine now.

    processes: fresh processes for each figure that takes one. repeats: how often all else is gone through.

    Returns:
        memory_mb: see `memory`. import_s: of `import switch_bench`; import_envs_s: of `import switch_bench.envs`, with
        Gymnasium. first_reset_s: from a fresh process's first import to its first observation; first_reset_cpu_s:
        processor time of the process until then, which other work on the machine doesn't lengthen. compile_ms: by
        scene, from the parsed file to a room ready to run. By `env.reset` with `state` observations [ms]:
        reset_same_ms: to the variation it was in; reset_seen_ms: to one of eight in turn, each seen before;
        reset_layout_ms: to one not seen before that differs in colours alone; reset_light_ms: in how light it is;
        reset_new_ms: in all streams.
    """
    return {
        "task": task,
        "memory_mb": memory(task),
        "import_s": _fresh(IMPORT.format(module="switch_bench"), processes),
        "import_envs_s": _fresh(IMPORT.format(module="switch_bench.envs"), processes),
        "first_reset_s": _fresh(FIRST.format(task=task, clock="perf_counter", less="- t"), processes),
        "first_reset_cpu_s": _fresh(FIRST.format(task=task, clock="process_time", less=""), processes),
        "compile_ms": _compiles(repeats),
        **_resets(task, repeats),
    }


def memory(task: str = TASK, *, environments: int = ENVIRONMENTS) -> float:
    """Resident memory [MB] of a process with so many environments over eight variations, each reset twice (Linux)."""
    return _fresh(MANY.format(task=task, seen=SEEN, many=environments), 0)


def _fresh(code: str, processes: int) -> float:
    """The number that a fresh Python prints, the median of several; one more before them fills the disk's cache."""
    found = []
    for _ in range(processes + 1):
        run = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
        found.append(float(run.stdout))
    return statistics.median(found[1:] or found)


def _timed(action: Callable[[], object]) -> float:
    """How long that takes [ms]."""
    start = time.perf_counter()
    action()
    return 1e3 * (time.perf_counter() - start)


def _compiles(repeats: int) -> dict[str, float]:
    from switch_bench.spec.find import load_scene, scenes
    from switch_bench.world.cast import plain_room

    rooms = {name: load_scene(name) for name in scenes()}
    taken: dict[str, list[float]] = {name: [] for name in rooms}

    def ready(name: str) -> Room:
        room = plain_room(rooms[name])
        room.begin()
        return room

    for k in range(repeats + 1):
        for name, times in taken.items():
            spent = _timed(lambda name=name: ready(name))
            if k:  # the first one loads modules
                times.append(spent)
    return {name: statistics.median(times) for name, times in taken.items()}


def _resets(task: str, repeats: int) -> dict[str, float]:
    import gymnasium

    import switch_bench.envs
    from switch_bench.spec.vary import STREAMS

    env: SwitchEnv = gymnasium.make(f"switch_bench/{task}", obs="state", disable_env_checker=True).unwrapped  # type: ignore[assignment]
    assert switch_bench.envs.__name__
    plain: dict[str, int] = dict.fromkeys(STREAMS, 0)

    def reset(variation: int | Mapping[str, int]) -> float:
        return _timed(lambda: env.reset(seed=0, options={"variation": variation}))

    taken: dict[str, list[float]] = {
        name: [] for name in ("reset_same_ms", "reset_seen_ms", "reset_layout_ms", "reset_light_ms", "reset_new_ms")
    }
    for number in range(1, SEEN + 1):
        reset(number)
    for k in range(1, repeats + 1):
        taken["reset_seen_ms"] += [reset(number) for number in range(1, SEEN + 1)]
        reset(plain)
        taken["reset_same_ms"] += [reset(plain) for _ in range(SEEN)]
        for name, stream in (("reset_layout_ms", LOOKS), ("reset_light_ms", LIGHT)):
            taken[name] += [reset({**plain, stream: number}) for number in (2 * k - 1, 2 * k)]
        taken["reset_new_ms"].append(reset(SEEN + k))
        for number in range(1, SEEN + 1):
            reset(number)  # those that were pushed out of what is kept
    return {name: statistics.median(times) for name, times in taken.items()}


def rows(figures: Mapping[str, Any]) -> list[tuple[str, str]]:
    """(what, how long) of each figure, as words."""
    said = [
        ("import switch_bench", f"{figures['import_s']:.3f} s"),
        ("import switch_bench.envs", f"{figures['import_envs_s']:.3f} s"),
        ("first reset of a fresh process", f"{figures['first_reset_s']:.2f} s"),
        ("the same, processor time", f"{figures['first_reset_cpu_s']:.2f} s"),
    ]
    said += [(f"compile {scene}", f"{taken:.0f} ms") for scene, taken in figures["compile_ms"].items()]
    words = {
        "reset_same_ms": "reset to the same variation",
        "reset_seen_ms": "reset to one of eight seen before",
        "reset_layout_ms": "reset to a new one, other colours",
        "reset_light_ms": "reset to a new one, other light",
        "reset_new_ms": "reset to a new one in all streams",
    }
    said += [(word, f"{figures[name]:.2f} ms") for name, word in words.items()]
    return [*said, (f"memory of {ENVIRONMENTS} environments over {SEEN} variations", f"{figures['memory_mb']:.0f} MB")]


def main() -> None:
    """Measure, and print a table or JSON."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", action="store_true", help="print JSON")
    parser.add_argument("--task", default=TASK, help="the task that is reset")
    given = parser.parse_args()
    figures = measure_start(given.task)
    if given.json:
        print(json.dumps(figures, indent=2))
        return
    print("| what | takes |\n|---|---|")
    for what, taken in rows(figures):
        print(f"| {what} | {taken} |")


if __name__ == "__main__":
    main()
