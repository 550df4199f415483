"""A baseline that is served does by the wire what it does here, to the last bit."""

import sys
from pathlib import Path

import numpy as np
import pytest

from switch_bench.evaluate.bench import read_trace
from switch_bench.evaluate.episode import Job, play
from switch_bench.spec.find import load_task

sys.path.append(str(Path(__file__).parents[1] / "agents"))

from faults import chunk, remote

BENCH = "switch_bench.evaluate.bench"
TASK = "home.hall_light_on-v1"


def played(policy, folder, task=TASK):
    (folder / "traces").mkdir(parents=True)
    record = play(Job(policy, task, 0, 3, str(folder), pictures=False, bench=BENCH))
    assert record["status"] == "done", record
    return record, read_trace(folder / record["trace"])


@pytest.mark.parametrize("name", ["random", "noop"])
def test_a_served_baseline_leaves_the_same_trace(served, tmp_path, name) -> None:
    here, trace = played(name, tmp_path / "here")
    with served(name) as port:
        there, other = played(f"ws://127.0.0.1:{port}", tmp_path / "there")
    assert trace.hashes == other.hashes
    assert trace.events == other.events
    assert (here["seed"], here["success"], here["elapsed_us"]) == (there["seed"], there["success"], there["elapsed_us"])


@pytest.mark.gl
def test_a_vla_is_sent_pictures_of_its_size_by_real_rooms(tmp_path) -> None:
    def answer(message, n, connection):
        return chunk(*[0.0] * 200) | ({"done": True} if n else {})

    with remote(answer) as server:
        _, trace = played(server.url(), tmp_path)
    first = server.asked[0]
    assert first["observation/image"].shape == first["observation/wrist_image"].shape == (224, 224, 3)
    assert first["observation/image"].std() > 5
    assert first["observation/state"].dtype == np.float32
    assert first["prompt"] == load_task(TASK).instruction
    assert trace.manifest["track"]["obs"] == ["rgb", "wrist_rgb", "proprio", "instruction"]
    told = {str(value) for asked in server.asked for value in asked.values() if isinstance(value, str)}
    assert not any(TASK in text or str(tmp_path) in text for text in told)
