"""The command `merge`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer


def register(app: typer.Typer) -> None:
    """Add the command to the program."""
    app.command("merge")(merge)


def merge(
    out: Annotated[Path, typer.Argument(help="The run folder to make; it must not hold anything.")],
    runs: Annotated[list[Path], typer.Argument(help="The run folders of the shares (`eval --shard i/n`).")],
) -> None:
    """Make one run of its shares.

    It is as if it had been made in one go. Shares with other settings, episodes that are there twice and differ, and
    episodes that are missing are refused, and nothing is written.
    """
    from switch_bench.cli import _err, _errors, _out, _say_errors  # pyright: ignore[reportPrivateUsage]

    with _errors():
        from switch_bench.evaluate import merging, results

        done = merging.merge(out, runs, _err())
        _out().print(results.table(done.results))
        _say_errors(done.results.policy, done.results.errors, done.folder)
        print(f"report: {done.report}")
