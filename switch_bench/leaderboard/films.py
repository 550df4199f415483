"""Films of the first episode of each task of a listed run, made by a process of its own, one that may be ended at any
time. Each film is made by a child of that process, with limits of time and memory: the episode is a stranger's.

A run whose films are made, or can't be made, has a mark. Films that are there are kept, so that what was cut short
goes on; but what has ended the process itself so many times isn't tried again.
"""

from __future__ import annotations

import fcntl
import json
import sys
from contextlib import suppress
from pathlib import Path

from switch_bench.evaluate import doctor
from switch_bench.evaluate.folder import read_episodes, write_atomically

MARK = "films.json"
TRIES = "films.tries"
MOST_TRIES = 3


def done(run: Path) -> bool:
    """Whether a run has all the films that it will have."""
    return (run / MARK).exists()


def begin(run: Path) -> bool:
    """Count one more try, before it is made. False: there were enough, and the run is marked as done, or it is gone."""
    tries = _tries(run)
    try:
        if tries < MOST_TRIES:
            write_atomically(run / TRIES, f"{tries + 1}\n")
            return True
        _mark(run, {"videos": f"given up: {tries} times the process that makes films was ended, or failed"})
    except FileNotFoundError:
        return False  # the run was pruned meanwhile
    return False


def forgive(run: Path) -> None:
    """A try that was cut short for something else doesn't count."""
    with suppress(FileNotFoundError):  # the run was pruned meanwhile
        write_atomically(run / TRIES, f"{max(0, _tries(run) - 1)}\n")


def main(argv: list[str]) -> int:
    """`python -m switch_bench.leaderboard.films RUN SECONDS BYTES`: what one film may take.

    1 if some couldn't be made; the mark says why.
    """
    doctor.settle_gl()  # before MuJoCo is imported

    from rich.console import Console

    from switch_bench.evaluate import videos
    from switch_bench.evaluate.runner import BENCH

    run, seconds, memory = Path(argv[0]), float(argv[1]), int(argv[2])
    with (run / "films.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # another worker may be at it: it goes first
        if done(run):
            return 0
        quiet = Console(file=sys.stderr, quiet=True)
        records = read_episodes(run)
        troubles = videos.make(run, records, "first", 1, quiet, BENCH, seconds=seconds, memory=memory)
        for part in (run / "videos").glob(".*"):
            part.unlink()  # of a film whose process was ended
        _mark(run, {str(Path(film).relative_to(run)): said for film, said in troubles.items()})
    return 1 if troubles else 0


def _tries(run: Path) -> int:
    try:
        return int((run / TRIES).read_text())
    except (FileNotFoundError, ValueError):  # never tried
        return 0


def _mark(run: Path, troubles: dict[str, str]) -> None:
    write_atomically(run / MARK, json.dumps({"troubles": troubles}, indent=2) + "\n")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
