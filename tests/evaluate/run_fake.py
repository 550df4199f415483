"""Runs an evaluation of the fake benchmark, as a process that a test can kill: `run_fake.py OUT WORKERS EPISODES`.

A fourth argument is JSON: what else of the request is other than here.
"""

from __future__ import annotations

import json
import signal
import sys
from pathlib import Path

from rich.console import Console

from switch_bench.evaluate.errors import StoppedError
from switch_bench.evaluate.runner import Request, evaluate

if __name__ == "__main__":
    signal.signal(signal.SIGINT, signal.default_int_handler)  # a shell ignores it for what it runs in the background
    out, workers, episodes, *more = sys.argv[1:]
    asked = {
        "policies": ("fake_policies:Presser",),
        "suite": "fake",
        "episodes": int(episodes),  # of each of the three tasks
        "seed": 5,
        "out": Path(out),
        "workers": int(workers),
        "pictures": False,
        "bench": "fake_bench",
    }
    request = Request(**asked | json.loads(more[0] if more else "{}"))
    try:
        evaluate(request, Console(stderr=True, width=200))
    except StoppedError as stop:
        print(stop)
        sys.exit(3)
