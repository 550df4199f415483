"""What a repository on the Hugging Face Hub needs, to be an environment of LeRobot's: this one file, called env.py.

`lerobot.envs.make_env("user/repo", n_envs=2, trust_remote_code=True)` then makes the tasks of the suite `core`. Another
suite, or one task, is named by the environment variable SWITCH_BENCH_TASK. switch_bench itself is installed by pip.
"""

import os
from typing import Any

from switch_bench.serve import lerobot


def make_env(n_envs: int = 1, use_async_envs: bool = False, cfg: Any = None) -> dict[str, dict[int, Any]]:
    """{suite: {number of the task: its vector environment}}."""
    return lerobot.make_env(n_envs, use_async_envs, cfg, task=os.environ.get("SWITCH_BENCH_TASK"))
