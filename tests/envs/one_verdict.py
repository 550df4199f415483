"""The verdict on a recorded trace; run as a program it prints that of `task trace.npz`, judged in a fresh process."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

from switch_bench.spec.find import load_task
from switch_bench.trace.store import load
from switch_bench.world.cast import room_of
from switch_bench.world.judge import judge


def verdict_of(task: str, path: Path) -> dict[str, Any]:
    """The verdict on a trace file, as plain data and in words."""
    trace = load(path)
    verdict = judge(load_task(task), room_of(trace.manifest, load_task(task)), trace)
    return json.loads(json.dumps(verdict.to_dict() | {"in words": verdict.words}, default=str))


if __name__ == "__main__":
    print(json.dumps(verdict_of(sys.argv[1], Path(sys.argv[2]))))
