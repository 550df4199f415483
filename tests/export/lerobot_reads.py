"""Whether LeRobot's own library reads an export as it was meant: `make lerobot`.

LeRobot has requirements of its own, so this has two halves, each run in its own environment. `expect RUN FILE` draws
and cuts the episodes of a run folder by switch_bench, and writes what a reader should find; `read SET FILE` opens the
data set by `LeRobotDataset` and compares.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import numpy as np

SIZE = (128, 128)  # px
EVERY = 7  # frames: of so many one is compared
CODEC = 4.0  # of 255: how far a picture may be from what was drawn, on average over its pixels


def expect(run: Path, file: Path) -> None:
    """Write what is to be found."""
    from switch_bench.export.episode import Look, read
    from switch_bench.export.run import records

    look = Look(SIZE, fps=20, wait_frames=20)
    found: dict[str, list[Any]] = {name: [] for name in ("action", "state", "head", "wrist", "task", "episode", "t")}
    for number, record in enumerate(records(run)[1]):
        episode = read(run, record, look)
        for i, frame in enumerate(episode.frames(look)):
            if frame.action is None:
                break
            found["action"].append(frame.action)
            found["state"].append(frame.state)
            found["task"].append(episode.instruction)
            found["episode"].append(number)
            found["t"].append(i / look.fps)
            for camera in ("head", "wrist"):
                found[camera].append(frame.images[camera] if i % EVERY == 0 else np.zeros_like(frame.images[camera]))
    np.savez_compressed(file, **{name: np.array(values) for name, values in found.items()})  # pyright: ignore


def compare(folder: Path, file: Path) -> None:
    """Read by LeRobot and compare. Ends with an AssertionError that says what differs."""
    _torchvision()
    import lerobot
    from lerobot.datasets.lerobot_dataset import LeRobotDataset

    expected = np.load(file)
    data = LeRobotDataset("switch_bench/export", root=folder, video_backend="pyav")
    assert len(data) == len(expected["t"]), (len(data), len(expected["t"]))
    assert data.num_episodes == expected["episode"][-1] + 1
    worst, pictures = 0.0, 0
    for i in range(len(data)):
        if expected["t"][i] * data.fps % EVERY > 1e-6 and i + 1 < len(data):
            continue
        item = data[i]
        assert item["task"] == expected["task"][i], i
        assert int(item["episode_index"]) == expected["episode"][i], i
        assert np.array_equal(item["action"].numpy(), expected["action"][i]), i
        assert np.array_equal(item["observation.state"].numpy(), expected["state"][i]), i
        assert abs(float(item["timestamp"]) - expected["t"][i]) < 1e-4, i
        if round(expected["t"][i] * data.fps) % EVERY == 0:
            for camera in ("head", "wrist"):
                seen = item[f"observation.images.{camera}"].numpy().transpose(1, 2, 0) * 255.0
                worst = max(worst, float(np.abs(seen - expected[camera][i]).mean()))
                pictures += 1
    assert worst < CODEC, f"a picture is {worst:.2f} of 255 off"
    chunks = LeRobotDataset(
        "switch_bench/export", root=folder, video_backend="pyav", delta_timestamps={"action": [0.0, 0.05, 0.1]}
    )
    assert np.array_equal(chunks[0]["action"].numpy(), expected["action"][:3])
    for name in ("action", "observation.state"):
        table = expected["action" if name == "action" else "state"].astype(float)
        assert np.allclose(data.meta.stats[name]["mean"], table.mean(0), atol=1e-5), name
        assert np.allclose(data.meta.stats[name]["std"], table.std(0), atol=1e-5), name
    print(
        f"LeRobot {lerobot.__version__} reads {data.num_episodes} episodes, {len(data)} frames: actions, states, tasks "
        f"and statistics are the same, {pictures} pictures at most {worst:.2f} of 255 off on average"
    )


def _torchvision() -> None:
    """Let torchvision load without its compiled part, where that was made for another PyTorch."""
    import torch

    if not hasattr(torch.ops.torchvision, "nms"):
        _torchvision.library = torch.library.Library("torchvision", "DEF")  # type: ignore[attr-defined]
        _torchvision.library.define("nms(Tensor dets, Tensor scores, float iou_threshold) -> Tensor")  # type: ignore


if __name__ == "__main__":
    {"expect": expect, "read": compare}[sys.argv[1]](Path(sys.argv[2]), Path(sys.argv[3]))
