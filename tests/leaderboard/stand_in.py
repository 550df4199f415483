"""A stand-in for `switch-bench submit verify FILE --out DIR`: same arguments, same outputs, nothing is run again.

The archive is a ZIP file whose `plan.json` says what is to come out: `status`, `manifest`, `key`, `episodes` (records
as `evaluate/episode.py` has them), `tick_s` (how long each takes), `hold` (a file for which it waits once an episode is
done, so that a test decides when it goes on), and by `fail` how the verifier itself is to fail.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import subprocess
import sys
import time
import zipfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from switch_bench.evaluate import results

SLOW = ("fail", "hold", "tick_s")  # of a plan: what is only as it should be in a process of its own


def plan_of(archive: Path) -> dict[str, Any]:
    """What is to come out of it."""
    return json.loads(zipfile.ZipFile(archive).read("plan.json"))


def main(words: Sequence[str]) -> int:
    """The command, with these words behind its name; its exit code."""
    parser = argparse.ArgumentParser()
    parser.add_argument("file", type=Path)
    parser.add_argument("out", type=Path)
    asked = parser.parse_args(words)
    plan = plan_of(asked.file)
    if plan.get("fail") == "code":
        print("a traceback of the verifier", file=sys.stderr)
        return 70
    if plan.get("fail") == "hang":
        child = subprocess.Popen(["sleep", "600"])  # what a verifier starts must end with it
        told = asked.out.parent / f"{asked.out.name}.child"
        told.with_suffix(".part").write_text(str(child.pid))
        told.with_suffix(".part").rename(told)
        time.sleep(600)
    asked.out.mkdir()
    (asked.out / "traces").mkdir()
    episodes = plan["episodes"]
    print("a line that is no progress", flush=True)
    for k, record in enumerate(episodes):
        print(json.dumps({"done": k, "of": len(episodes)}), flush=True)
        time.sleep(plan.get("tick_s", 0))
        while k == 1 and "hold" in plan and not Path(plan["hold"]).exists():
            time.sleep(0.02)
        with (asked.out / "episodes.jsonl").open("a") as file:
            file.write(json.dumps(record) + "\n")
    manifest = plan["manifest"] if plan.get("readable", True) else None
    if manifest is not None:
        settings = {
            "policy": manifest["policy"],
            "suite": manifest["suite"],
            "seed": manifest["seed"],
            "episodes": manifest["episodes"],
            "track": manifest["track"],
            "versions": manifest["versions"],
            "tasks": dict.fromkeys(sorted({record["task"] for record in episodes}), "a digest"),
        }
        (asked.out / "run.json").write_text(json.dumps(settings))
        told = results.summarise(settings, episodes)
        (asked.out / "results.json").write_text(told.model_dump_json(indent=2))
    found = {
        "schema_version": 1,
        "status": plan["status"],
        "reasons": plan.get("reasons", []),
        "archive_sha256": hashlib.sha256(asked.file.read_bytes()).hexdigest(),
        "key": plan["key"],
        "manifest": manifest,
        "episodes": len(episodes),
    }
    part = asked.out / ".verification.part"
    part.write_text(json.dumps(found))
    os.replace(part, asked.out / "verification.json")
    return plan.get("code", 0 if plan["status"] in ("replay-verified", "self-reported") else 1)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
