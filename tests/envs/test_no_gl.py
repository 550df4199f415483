"""Without any OpenGL everything but pictures works, and pictures say what is missing."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

STATE = """
import gymnasium, switch_bench.envs
for act in ("delta_pose", "pixel", "skill"):
    obs = ("state", "proprio", "instruction", "sounds")
    env = gymnasium.make("switch_bench/kitchen.boil_water-v1", obs=obs, act=act, variations=1)
    env.action_space.seed(0)
    env.reset(seed=0)
    for _ in range(3):
        if not env.unwrapped.over:
            env.step(env.action_space.sample())
    assert env.unwrapped.stage.now > 0
env.unwrapped.end("done")
assert env.unwrapped.verdict().success is False
print("fine")
"""
PICTURE = """
import sys; sys.modules["pybullet"] = None  # as where it isn't installed
import gymnasium, switch_bench.envs
from switch_bench.physics.picture import NoPicture
env = gymnasium.make("switch_bench/kitchen.boil_water-v1", obs="rgb", size=(64, 64))
try:
    env.reset(seed=0)
except NoPicture as error:
    print(error)
"""
WITHOUT = ("disable", "off", "glfw")


def run(code: str, gl: str) -> subprocess.CompletedProcess[str]:
    """Run code in a fresh process where MUJOCO_GL names something that isn't there."""
    env = {k: v for k, v in os.environ.items() if k not in ("DISPLAY", "PYOPENGL_PLATFORM")} | {"MUJOCO_GL": gl}
    return subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, env=env, check=False)


def test_state_only_environments_work():
    done = run(STATE, "disable")
    assert done.stdout.strip() == "fine", done.stderr


@pytest.mark.parametrize("gl", WITHOUT)
def test_a_picture_says_what_is_missing_and_what_helps(gl):
    done = run(PICTURE, gl)
    assert done.returncode == 0, done.stderr
    assert "pictures need OpenGL or TinyRenderer" in done.stdout
    assert f"MUJOCO_GL={gl}" in done.stdout
    assert all(way in done.stdout for way in ("libegl1", "libosmesa6", "pip install pybullet"))
    assert "switch-bench doctor" in done.stdout
    assert "State-only observations work without it" in done.stdout
