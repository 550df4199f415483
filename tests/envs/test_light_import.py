"""Importing the package and registering its tasks loads nothing heavy."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

PLAIN = {k: v for k, v in os.environ.items() if k != "MUJOCO_GL"}
HEAVY = ("mujoco", "cv2", "ruamel", "yaml", "scipy", "pydantic", "OpenGL", "torch", "typer", "rich")


def loaded_by(code: str) -> set[str]:
    """The heavy modules a fresh process has loaded after running some code."""
    code += f"\nimport sys; print(*[m for m in {HEAVY} if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, env=PLAIN)
    return set(done.stdout.split())


@pytest.mark.parametrize("code", ["import switch_bench", "import switch_bench.envs", "import switch_bench.world"])
def test_an_import_loads_nothing_heavy(code):
    assert loaded_by(code) == set()


def test_listing_the_registered_tasks_loads_nothing_heavy():
    code = "import gymnasium, switch_bench.envs\nassert 'switch_bench/kitchen.boil_water-v1' in gymnasium.registry"
    assert loaded_by(code) == set()


def test_making_one_without_pictures_loads_no_opengl():
    code = (
        "import gymnasium, switch_bench.envs\n"
        "env = gymnasium.make('switch_bench/kitchen.boil_water-v1', obs='state')\n"
        "env.reset(seed=0); env.step(env.action_space.sample())"
    )
    assert loaded_by(code) <= {"mujoco", "cv2", "ruamel", "pydantic"}
