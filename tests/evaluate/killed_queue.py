"""A process that has taken two jobs of a queue, and is killed between an episode's file and the table."""

from __future__ import annotations

import os
import signal
import sys
from pathlib import Path

from queue_jobs import JOBS, SETTINGS, claimed, done

from switch_bench.evaluate.folder import RunFolder
from switch_bench.evaluate.queue import Queue

if __name__ == "__main__":
    with RunFolder(Path(sys.argv[1]), SETTINGS, shared=True) as run:
        claimed(claimed(Queue(run, JOBS), "a"), "b")
        run.append(done("a"))
        os.kill(os.getpid(), signal.SIGKILL)
