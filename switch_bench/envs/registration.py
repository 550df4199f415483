"""Registration of every task with Gymnasium. Reads file names only: no MuJoCo, no YAML."""

from __future__ import annotations

import gymnasium

from switch_bench.spec.names import tasks

NAMESPACE = "switch_bench"


def register() -> None:
    """Register each task as `switch_bench/<suite>.<task>-v<n>`; those already there are left as they are."""
    for task in tasks():
        name = f"{NAMESPACE}/{task}"
        if name not in gymnasium.registry:
            gymnasium.register(
                id=name,
                entry_point="switch_bench.envs.env:SwitchEnv",
                vector_entry_point="switch_bench.envs.vector:SwitchVectorEnv",
                kwargs={"task": task},
                order_enforce=True,
            )
