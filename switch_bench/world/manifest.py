"""What a trace says of where it came from, so that it can be replayed, or refused, elsewhere."""

from __future__ import annotations

import platform
from functools import cache
from importlib.metadata import version
from typing import TYPE_CHECKING, Any

import mujoco

from switch_bench._version import __version__
from switch_bench.trace import machine
from switch_bench.trace.maths import maths

if TYPE_CHECKING:
    from switch_bench.physics.engine import Engine
    from switch_bench.world.room import Room


@cache
def platform_facts() -> dict[str, Any]:
    """Versions, and what of the machine decides a float's last bit: CPU flags, maths library, what this comes to."""
    return {
        "switch_bench": __version__,
        "mujoco": mujoco.__version__,
        "numpy": version("numpy"),
        "python": platform.python_version(),
        "machine": platform.machine(),
        "system": platform.system(),
        "cpu_flags": machine.cpu_flags(),
        "libm": machine.libm(),
        "maths": maths(),
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
