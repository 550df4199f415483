"""What a trace says of where it came from, so that it can be replayed, or refused, elsewhere."""

from __future__ import annotations

import platform
from functools import cache
from hashlib import blake2b
from importlib.metadata import version
from typing import TYPE_CHECKING, Any

import mujoco

from switch_bench._version import __version__

if TYPE_CHECKING:
    from switch_bench.physics.engine import Engine
    from switch_bench.world.room import Room


@cache
def platform_facts() -> dict[str, Any]:
    """Versions, and what of the machine decides a float's last bit: CPU flags and the maths library."""
    flags = ""
    try:
        with open("/proc/cpuinfo", encoding="ascii", errors="replace") as info:
            flags = next((line.split(":", 1)[1].strip() for line in info if line.startswith("flags")), "")
    except OSError:
        flags = platform.processor()
    wide = [f for f in flags.split() if f.startswith(("avx", "fma", "sse4"))]
    return {
        "switch_bench": __version__,
        "mujoco": mujoco.__version__,
        "numpy": version("numpy"),
        "python": platform.python_version(),
        "machine": platform.machine(),
        "system": platform.system(),
        "cpu_flags": blake2b(" ".join(sorted(wide)).encode(), digest_size=8).hexdigest(),
        "libm": " ".join(platform.libc_ver()),
    }


def manifest(room: Room, notes: dict[str, Any], engine: Engine) -> dict[str, Any]:
    """The manifest of a run of this engine in this room; `notes` adds the task, horizon, track and the like."""
    scenario = room.scenario
    return (
        {
            "versions": platform_facts(),
            "engine": engine.name,
            "body": "hand",
            "scene": scenario.scene.id,
            "scene_hash": scenario.scene.spec_hash,
            "seed": scenario.seed,
            "variation": dict(scenario.drawn),
            "faults": [list(f) for f in scenario.faults],
            "task": scenario.task,
            "plan": room.plan,
        }
        | ({"engine_settings": dict(engine.facts)} if engine.facts else {})
        | notes
    )
