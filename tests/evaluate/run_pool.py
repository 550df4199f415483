"""A parent of one worker, as a process that a test can kill: `run_pool.py FILE JOB` writes the worker's id to FILE."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from test_workers import hang, work

from switch_bench.evaluate.workers import Pool


def told(job: str) -> object:
    """Tell which process this is, then do the job."""
    part = Path(sys.argv[1] + ".part")
    part.write_text(str(os.getpid()))
    part.rename(sys.argv[1])
    return hang() if job == "hang" else work(job)


if __name__ == "__main__":
    with Pool(told, 1) as pool:
        list(pool.run([sys.argv[2]]))
        sys.stdin.read()
