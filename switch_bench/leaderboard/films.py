"""Films of the first episode of each task of a listed run, made by a process of its own, one that may be ended at any
time.

A run whose films are made, or can't be made, has a mark. Films that are there are kept, so that what was cut short
goes on.
"""

from __future__ import annotations

import fcntl
import json
import sys
from pathlib import Path

from switch_bench.evaluate import doctor
from switch_bench.evaluate.folder import read_episodes, write_atomically

MARK = "films.json"


def done(run: Path) -> bool:
    """Whether a run has all the films that it will have."""
    return (run / MARK).exists()


def main(argv: list[str]) -> int:
    """`python -m switch_bench.leaderboard.films RUN`. 1 if some couldn't be made; the mark says why."""
    doctor.settle_gl()  # before MuJoCo is imported

    from rich.console import Console

    from switch_bench.evaluate import videos
    from switch_bench.evaluate.runner import BENCH

    run = Path(argv[0])
    with (run / "films.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # another worker may be at it: it goes first
        if done(run):
            return 0
        troubles = videos.make(run, read_episodes(run), "first", 0, Console(file=sys.stderr, quiet=True), BENCH)
        told = {str(Path(film).relative_to(run)): said for film, said in troubles.items()}
        write_atomically(run / MARK, json.dumps({"troubles": told}, indent=2) + "\n")
    return 1 if troubles else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
