"""Verified run folders for tests of the pages: real episodes, with a `verification.json` as the verifier leaves it.

What stands in that file is settled here; the episodes, traces and verdicts are those of the run.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from switch_bench.evaluate import policies, results
from switch_bench.evaluate.episode import Job, play
from switch_bench.evaluate.folder import RunFolder
from switch_bench.evaluate.runner import BENCH
from switch_bench.leaderboard import gather, shown
from switch_bench.leaderboard.site import Entry

CARD = """# A policy for tests

It presses what it is told to. [Its home](https://example.org/policy), and ![a picture](https://example.org/p.png).

| part | of |
|:--|--:|
| 1 | 2 |
"""


def run(policy: str, tasks: Sequence[str], out: Path, *, episodes: int = 1, seed: int = 7) -> Path:
    """Play `episodes` of each task, and leave what the verifier would; the folder."""
    _, declared = policies.load(policy)
    track = results.Track(act=declared.act, obs=declared.obs, privileged=declared.privileged, size=declared.size)
    settings: dict[str, Any] = {
        "policy": policy, "suite": "core", "seed": seed, "episodes": episodes, "track": track.model_dump(mode="json"),
        "versions": results.versions(), "tasks": dict.fromkeys(tasks, ""),
    }  # fmt: skip
    with RunFolder(out, settings) as folder:
        for task in tasks:
            for number in range(episodes):
                job = Job(policy, task, episode=number, seed=seed, folder=str(out), pictures=False, bench=BENCH)
                record = play(job)
                assert record["status"] == "done", record
                folder.append(record)
        told = results.summarise(settings, folder.episodes)
    (out / "results.json").write_text(told.model_dump_json(indent=2))
    return verify(out)


def verify(folder: Path, *, protocol: str = "v1", card: str = CARD, **manifest: Any) -> Path:
    """Put the `verification.json` beside a run that the verifier would leave. manifest: what it says else."""
    settings = json.loads((folder / "run.json").read_text())
    signed: dict[str, Any] = {
        name: settings[name] for name in ("policy", "suite", "seed", "episodes", "track", "versions")
    }
    signed |= {"protocol": protocol, "redone": 0, "card": card, "created": "2026-11-28T22:58:52Z", "hidden": None}
    told = {
        "schema_version": 1,
        "status": "replay-verified",
        "reasons": [],
        "archive_sha256": hashlib.sha256(str(folder).encode()).hexdigest(),
        "key": "bm90IGEgcmVhbCBrZXksIGJ1dCBhcyBsb25nIGFzIG9uZSE=",
        "manifest": signed | manifest,
        "episodes": sum(1 for _ in (folder / "episodes.jsonl").open()),
    }
    (folder / "verification.json").write_text(json.dumps(told))
    return folder


def entry(
    folder: Path, id: str, *, submitter: str = "a lab", status: shown.Status = "replay-verified", **more: Any
) -> Entry:
    """A submission from a verified run folder."""
    row = gather.row(folder, id=id, submitter=submitter, status=status, submitted="2026-11-28T22:58:52Z", **more)
    return Entry(row, folder)


class Folders:
    """A source of a static site: entries that are given, and no rounds."""

    def __init__(self, entries: Sequence[Entry], rounds: Sequence[shown.Round] = ()) -> None:
        """Of these."""
        self._entries = entries
        self._rounds = rounds

    def entries(self) -> Sequence[Entry]:
        """Those given."""
        return self._entries

    def rounds(self) -> Sequence[shown.Round]:
        """Those given."""
        return self._rounds

    def withdrawn(self) -> Sequence[shown.Gone]:
        """None."""
        return ()
