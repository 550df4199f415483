"""The command `video`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer


def register(app: typer.Typer) -> None:
    """Add the command to the program."""
    app.command("video")(video)


def video(
    run: Annotated[Path, typer.Argument(help="A run folder of one policy, or a trace from its traces/.")],
    out: Annotated[
        Path | None, typer.Option(help="Of a trace: the .webm to write. Default: in the run folder's videos/.")
    ] = None,
    which: Annotated[str, typer.Option(help="Of a run: first (of each task), failed, or all.")] = "all",
    workers: Annotated[
        int | None, typer.Option(min=0, help="Processes; by default one a processor. 0: everything in this process.")
    ] = None,
) -> None:
    """Make films of episodes from their traces.

    Of a run folder those that are missing are made, and its report is written anew. What was seen is drawn while the
    episode is run again; one that comes out otherwise here is refused. Exit code 1 if a film couldn't be made.
    """
    from switch_bench.cli import FELL_SHORT, _err, _errors, _workers  # pyright: ignore[reportPrivateUsage]

    with _errors():
        from switch_bench.evaluate import doctor
        from switch_bench.evaluate.errors import InputError

        trouble = doctor.settle_gl()  # before MuJoCo is imported
        if trouble:
            hint = "`switch-bench doctor` says what is missing and how to get it"
            raise InputError(f"no picture can be drawn here: {trouble}", where="video", hint=hint)
        from switch_bench.evaluate import filming

        if not run.is_dir():
            print(filming.of_trace(run, out))
            return
        if out is not None:
            hint = "leave it out, or name a trace"
            raise InputError("the films of a run are kept in its videos/", where=f"--out {out}", hint=hint)
        done = filming.of_run(run, which, _workers(workers), _err())
        print(f"{done.films} films in {done.folder}, {done.made} of them made now")
        print(f"report: {done.report}")
        if done.troubles:
            raise typer.Exit(FELL_SHORT)
