"""The command `export`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer


def register(app: typer.Typer) -> None:
    """Add the command to the program."""
    app.command("export")(export)


def export(
    run: Annotated[Path, typer.Argument(help="A run folder of one policy.")],
    format: Annotated[str, typer.Option("--format", help="lerobot (LeRobotDataset v3.0) or minari.")],
    out: Annotated[Path, typer.Option(help="The folder to make; it must not hold anything.")],
    only_success: Annotated[bool, typer.Option("--only-success", help="Leave out episodes that failed.")] = False,
    size: Annotated[tuple[int, int], typer.Option(help="Width and height of the pictures, even [px].")] = (256, 256),
    fps: Annotated[int, typer.Option(help="Steps a second: what it was acted at (20), or 10.")] = 20,
    wait_frames: Annotated[
        int, typer.Option(help="Steps that tell a longer wait, spread over it; 0: as many as it lasts.")
    ] = 20,
) -> None:
    """Write a run's episodes as a data set to learn from.

    What was seen is made by running each episode again from its trace; one that comes out otherwise is refused, and
    nothing is written.
    """
    from switch_bench.cli import _err, _errors  # pyright: ignore[reportPrivateUsage]

    with _errors():
        from switch_bench.evaluate import doctor

        doctor.settle_gl()  # before MuJoCo is imported
        from switch_bench.export.episode import Look
        from switch_bench.export.run import Request
        from switch_bench.export.run import export as export_run

        look = Look(size, fps, wait_frames)
        request = Request(run=run, format=format, out=out, look=look, only_success=only_success)
        done = export_run(request, _err())
        left = f"; {done.left_out} left out" if done.left_out else ""
        print(f"{done.episodes} episodes, {done.steps} steps{left}: {done.out}")
