"""Films of the first episode of each task of a verified run, made by a process of its own when the run is verified."""

from __future__ import annotations

import sys
from pathlib import Path

from rich.console import Console

from switch_bench.evaluate import doctor
from switch_bench.evaluate.folder import read_episodes
from switch_bench.evaluate.runner import BENCH


def main(argv: list[str]) -> int:
    """`python -m switch_bench.leaderboard.films RUN`. 1 if some couldn't be made, with a word why."""
    doctor.settle_gl()  # before MuJoCo is imported
    from switch_bench.evaluate import videos

    run = Path(argv[0])
    troubles = videos.make(run, read_episodes(run), "first", 0, Console(file=sys.stderr, quiet=True), BENCH)
    for reason in dict.fromkeys(troubles.values()):
        print(reason, file=sys.stderr)
    return 1 if troubles else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
