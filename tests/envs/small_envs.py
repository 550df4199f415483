"""Environments for the tests: every task, in small pictures."""

from __future__ import annotations

import re
from typing import Any

import gymnasium

import switch_bench.envs  # noqa: F401  # registers the tasks
from switch_bench.envs.env import SwitchEnv
from switch_bench.spec.names import task_files, tasks

TASKS = sorted(tasks())
SMALL = (64, 64)  # px
ACTS = ("delta_pose", "pixel", "skill")
BOIL = "kitchen.boil_water-v1"


def make(task: str = BOIL, **options: Any) -> SwitchEnv:
    """The bare environment of a task."""
    env = gymnasium.make(f"switch_bench/{task}", **{"size": SMALL, "disable_env_checker": True, **options})
    assert isinstance(env.unwrapped, SwitchEnv)
    return env.unwrapped


def one_a_scene() -> set[str]:
    """One task of each scene."""
    scenes = {task: re.search(r"^scene: (\S+)", file.read_text(), re.MULTILINE) for task, file in task_files().items()}
    return set({found[1]: task for task, found in sorted(scenes.items()) if found}.values())
