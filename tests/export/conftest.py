"""Runs to export: the oracle's, which acts by skills and waits, and one that moves at random by `delta_pose`."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from export_policies import EPISODE

from switch_bench.evaluate.episode import Job, play
from switch_bench.evaluate.folder import RunFolder
from switch_bench.evaluate.runner import BENCH

LIGHT, WAITS = "kitchen.hob_light-v1", "kitchen.pause_microwave-v1"


def make(folder: Path, policy: str, tasks: tuple[str, ...]) -> Path:
    """A run folder of one episode a task."""
    settings = {
        "policy": policy, "suite": "core", "seed": 0, "track": {}, "versions": {"switch_bench": "0"},
        "tasks": dict.fromkeys(tasks, ""),
    }  # fmt: skip
    with RunFolder(folder, settings) as run:
        for task in tasks:
            job = Job(policy, task, episode=0, seed=0, folder=str(folder), pictures=False, bench=BENCH)
            record = play(job)
            assert record["status"] == "done", record
            run.append(record)
    return folder


@pytest.fixture(scope="session")
def oracle(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make(tmp_path_factory.mktemp("runs") / "oracle", "oracle", (LIGHT, WAITS))


@pytest.fixture(scope="session")
def mover(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[np.ndarray], list[np.ndarray]]:
    """A run by `delta_pose`, with what the policy did and what it was given: its proprio before each action."""
    folder = make(tmp_path_factory.mktemp("runs") / "mover", "export_policies:Mover", (LIGHT,))
    return folder, list(EPISODE.actions), list(EPISODE.observations)
