"""Verified run folders for tests of the pages: real runs of `eval`, with a `verification.json` as `submit verify` leaves it.

What stands in that file is settled here; the episodes, traces and verdicts are those of the run.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from rich.console import Console

from switch_bench.evaluate.runner import Request, evaluate
from switch_bench.leaderboard import gather, shown
from switch_bench.leaderboard.site import Entry

CARD = """# A policy for tests

It presses what it is told to. [Its home](https://example.org/policy), and ![a picture](https://example.org/p.png).

| part | of |
|:--|--:|
| 1 | 2 |
"""


def run(policy: str, suite: str, out: Path, *, episodes: int = 1, seed: int = 7) -> Path:
    """Play a run in this process; its folder."""
    request = Request(
        policies=(policy,), suite=suite, episodes=episodes, seed=seed, out=out, workers=0, pictures=False
    )  # fmt: skip
    [done] = evaluate(request, Console(quiet=True))
    return done.folder


def verify(
    folder: Path, *, protocol: str = "", status: str = "replay-verified", card: str = CARD, policy: str = ""
) -> Path:
    """Put the `verification.json` beside a run that the verifier would leave; the folder."""
    settings = json.loads((folder / "run.json").read_text())
    manifest: dict[str, Any] = {
        name: settings[name] for name in ("policy", "suite", "seed", "episodes", "track", "versions")
    }
    manifest |= {"protocol": protocol, "redone": 0, "card": card, "created": "2026-11-28T22:58:52Z", "hidden": None}
    if policy:
        manifest["policy"] = policy
    told = {
        "schema_version": 1,
        "status": status,
        "reasons": [],
        "archive_sha256": hashlib.sha256(str(folder).encode()).hexdigest(),
        "key": "bm90IGEgcmVhbCBrZXksIGJ1dCBhcyBsb25nIGFzIG9uZSE=",
        "manifest": manifest,
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
