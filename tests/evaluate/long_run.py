"""Run folders with as many episodes as are wanted, made from the two that were played on the fake benchmark."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

from rich.console import Console

from switch_bench.evaluate import folder, runner
from switch_bench.evaluate.results import Results, summarise
from switch_bench.evaluate.runner import Request, evaluate

TAGS = {
    "fake.lamp-v1": {"level": ["1"], "ability": ["action_generation"], "room": ["flat/hall"]},
    "fake.kettle-v1": {"level": ["2"], "ability": ["action_generation", "ui_grounding"], "room": ["flat/kitchen"]},
}


def run(out: Path, episodes: int, videos: str = "first") -> tuple[Results, list[dict[str, Any]]]:
    """Results and records of a run of `episodes` a task below `out`; every third one failed."""
    settle = runner.doctor.settle_gl
    runner.doctor.settle_gl = lambda: ""
    try:
        for policy in ("Presser", "Idle"):
            request = Request(
                policies=(f"fake_policies:{policy}",), suite="quick", episodes=1, seed=0, out=out / policy, workers=0,
                bench="fake_bench", videos=videos,
            )  # fmt: skip
            evaluate(request, Console(quiet=True))
    finally:
        runner.doctor.settle_gl = settle
    good, bad = (folder.read_episodes(out / policy) for policy in ("Presser", "Idle"))
    records = [
        {**(bad if episode % 3 == 2 else good)[place], "episode": episode, "frames": []}
        for place in range(len(TAGS))
        for episode in range(episodes)
    ]
    for record in records:
        source = "Idle" if record["episode"] % 3 == 2 else "Presser"
        name = f"traces/{record['task']}.{record['episode']}.npz"
        if not (out / "Presser" / name).exists():
            shutil.copy(out / source / f"traces/{record['task']}.0.npz", out / "Presser" / name)
        record["trace"] = name
    settings = json.loads((out / "Presser" / "run.json").read_text()) | {"episodes": episodes, "tags": TAGS}
    (out / "Presser" / "run.json").write_text(json.dumps(settings))
    return summarise(settings, records), records
