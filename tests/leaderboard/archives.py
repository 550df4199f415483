"""Archives for `stand_in.py`."""

from __future__ import annotations

import io
import json
import zipfile
from typing import Any

TASKS = ("kitchen.boil_water-v1", "kitchen.light_on-v1")


def record(task: str, episode: int, success: bool | None, seed: int = 0) -> dict[str, Any]:
    """An episode's record, as short as one may be."""
    return {
        "task": task, "episode": episode, "seed": seed or 1000 + episode, "instruction": f"Do {task}.",
        "status": "done", "success": success, "parts": {"temporal": success, "causal": True},
        "words": {"temporal": "It held.", "causal": "The agent did it."}, "why": "", "since": None, "evidence": [],
        "verdict": {}, "scores": {}, "elapsed_us": 4_500_000, "wall_s": 0.1, "setup_s": 0.1, "run_s": 0.1,
        "trace": f"traces/{task}.{episode}.npz", "renderer": "none",
    }  # fmt: skip


def manifest(policy: str = "kettle_bot", **other: Any) -> dict[str, Any]:
    """A signed manifest, as `submit pack` writes it."""
    return {
        "policy": policy, "suite": "core", "protocol": "v1", "seed": 7, "episodes": 2,
        "track": {"act": "skill", "obs": ["elements", "instruction"], "privileged": False, "size": [640, 480]},
        "versions": {"switch_bench": "0.1.0", "mujoco": "3.17.0"}, "redone": 0, "card": "# Kettle bot\n\nIt presses.",
        "created": "2026-11-28T22:58:52Z", "hidden": None,
    } | other  # fmt: skip


def archive(
    policy: str = "kettle_bot",
    successes: tuple[bool | None, ...] = (True, False),
    *,
    key: str = "a2V5IG9mIGFkYQ==",
    status: str = "replay-verified",
    salt: str = "",
    manifest_of: dict[str, Any] | None = None,
    seeds: dict[str, list[int]] | None = None,
    **plan: Any,
) -> bytes:
    """An archive whose verification comes to `status`, with `successes` in each task. salt: makes other bytes."""
    episodes = [record(task, i, success) for task in TASKS for i, success in enumerate(successes)]
    if seeds is not None:
        episodes = [record(task, i, True, seed) for task, values in seeds.items() for i, seed in enumerate(values)]
    told = {
        "status": status, "key": key, "episodes": episodes, "salt": salt,
        "manifest": manifest(policy) if manifest_of is None else manifest_of,
    } | plan  # fmt: skip
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as file:
        file.writestr(zipfile.ZipInfo("plan.json", (2026, 11, 28, 0, 0, 0)), json.dumps(told))
    return held.getvalue()
