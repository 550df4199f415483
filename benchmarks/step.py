"""What a step costs over the physics it runs: `python benchmarks/step.py [--json]`.

For each scene, with privileged `state` observations and `delta_pose` actions (10 substeps of 5 ms each), moving free
and touching: microseconds an `env.step`; microseconds that bare `mj_step` takes for the same 10 substeps of the same
model with the same actuator targets; their ratio; and the real-time factor. Both are timed in turn, in blocks, in one
run; the median of the blocks is printed.
"""

from __future__ import annotations

import argparse
import json
import platform
import statistics
import sys
import time
from typing import Any

import gymnasium
import mujoco
import numpy as np

import switch_bench.envs
from switch_bench.envs.env import SwitchEnv
from switch_bench.skills import verbs
from switch_bench.spec.find import load_task, scenes, tasks

BLOCK = 40  # steps
BLOCKS = 25
SUBSTEPS = 10
CONTROL_STEP = 0.05  # s


def task_of(scene: str) -> str:
    """A task that plays in the scene."""
    return next(t for t in tasks() if load_task(t).scene == scene)


def wander(rng: np.random.Generator) -> list[np.ndarray]:
    """A block of smooth free motion: the hand sways and the body turns a little, back and forth."""
    phase = np.linspace(0.0, 2 * np.pi, BLOCK, endpoint=False)
    way = rng.uniform(-0.4, 0.4, 12)
    way[6] = 1.0
    way[7:9] = 0.0
    return [np.where(np.arange(12) == 6, 1.0, way * np.cos(p)).astype(np.float32) for p in phase]


def touch_something(env: SwitchEnv) -> str:
    """Bring the fingertips to press on a control, and leave them there; returns its name."""
    assert env.stage is not None
    for item in env.stage.room.handles.mounted:
        presses = [g for g in item.built.grips.values() if g.verb == "press"]
        if not presses or item.built.readouts == ():
            continue
        motion = verbs.press(env.sense, item, hold=500.0)
        for action in motion:
            env.step(np.array(action, np.float32))
            if env.sense.force() > 8.0:
                break
        if env.sense.touching():
            return item.name
    raise RuntimeError("found nothing to press in this scene")


def measure(scene: str, touching: bool) -> dict[str, Any]:
    """Time env.step against mj_step in one scene."""
    env = gymnasium.make(f"switch_bench/{task_of(scene)}", obs="state", act="delta_pose", disable_env_checker=True)
    inner = env.unwrapped
    assert isinstance(inner, SwitchEnv)
    inner.reset(seed=0, options={"variation": "none"})
    inner.task = inner.task.model_copy(update={"horizon_us": 10**15})
    stage = inner.stage
    assert stage is not None
    name = touch_something(inner) if touching else ""
    rng = np.random.default_rng(0)
    rest = np.zeros(12, np.float32)
    rest[6] = 1.0
    spare = mujoco.MjData(stage.world.model)
    u = slice(stage.room.body_ctrl, stage.room.body_ctrl + 12)
    ours, bare = [], []
    for _ in range(BLOCKS):
        actions = [rest] * BLOCK if touching else wander(rng)
        mujoco.mj_copyData(spare, stage.world.model, stage.world.data)
        targets = []
        began = time.perf_counter()
        for action in actions:
            inner.step(action)
        ours.append((time.perf_counter() - began) / BLOCK)
        rows = dict(stage.rows[-2 * BLOCK :])
        start = stage.now - BLOCK * 50_000
        targets = [rows.get(start + k * 50_000) for k in range(BLOCK)]
        began = time.perf_counter()
        for target in targets:
            if target is not None:
                spare.ctrl[u] = target
            mujoco.mj_step(stage.world.model, spare, SUBSTEPS)
        bare.append((time.perf_counter() - began) / BLOCK)
    step, physics = statistics.median(ours), statistics.median(bare)
    env.close()
    return {
        "controls": len(stage.room.handles.readouts),
        "step_us": round(step * 1e6, 1), "bare_us": round(physics * 1e6, 1),
        "ratio": round(statistics.median(a / b for a, b in zip(ours, bare, strict=True)), 3),
        "real_time_factor": round(CONTROL_STEP / step), "substeps": SUBSTEPS, "touching": name,
    }  # fmt: skip


def main() -> int:
    """Measure every scene and print a table, or JSON."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--json", action="store_true", help="print JSON instead of a table")
    chosen = parser.parse_args()
    found = {
        s: {"free": measure(s, False), "touching": measure(s, True)}
        for s in scenes()
        if any(load_task(t).scene == s for t in tasks())
    }
    if chosen.json:
        json.dump({"scenes": found, "mujoco": mujoco.__version__, "machine": platform.machine()}, sys.stdout, indent=1)
        print()
        return 0
    print(
        f"mujoco {mujoco.__version__}, {platform.machine()}, Python {platform.python_version()}; obs state; "
        f"{SUBSTEPS} substeps of 5 ms; median of {BLOCKS} blocks of {BLOCK} steps"
    )
    print(f"{'scene':20} {'controls':>8}  {'motion':28} {'step µs':>8} {'bare µs':>8} {'ratio':>6} {'× real time':>11}")
    for scene, row in found.items():
        for motion, m in row.items():
            label = f"touching {m['touching']}" if m["touching"] else motion
            print(
                f"{scene:20} {m['controls']:>8}  {label:28} {m['step_us']:>8} {m['bare_us']:>8} {m['ratio']:>6} "
                f"{m['real_time_factor']:>11}"
            )
    return 0


if __name__ == "__main__":
    switch_bench.envs.register()
    sys.exit(main())
