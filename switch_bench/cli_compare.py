"""The commands `compare` and `advise`."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer


def register(app: typer.Typer) -> None:
    """Add the commands to the program."""
    app.command("compare")(compare)
    app.command("advise")(advise)


def compare(
    a: Annotated[Path, typer.Argument(metavar="RUN_A", help="A run folder of one policy.")],
    b: Annotated[Path, typer.Argument(metavar="RUN_B", help="Another, with the same suite and seed.")],
    drop_errors: Annotated[
        bool,
        typer.Option("--drop-errors", help="Leave out pairs in which an episode ended in an error; else it failed."),
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Compare two runs on the episodes that both played.

    Episodes are pairs if task and seed are the same. Runs whose tasks or rules changed in between are refused.
    """
    from switch_bench.cli import _errors, _out  # pyright: ignore[reportPrivateUsage]

    with _errors():
        from switch_bench.evaluate import comparing

        found, about = comparing.of_folders(a, b, strict=not drop_errors)
        if as_json:
            print(json.dumps(about | {"comparison": found.model_dump()}, indent=2))
            return
        _out().print(comparing.table(found, about))
        for line in comparing.lines(found, about):
            print(line)


def advise(
    rates: Annotated[tuple[float, float], typer.Option(help="Two success rates, between 0 and 1, to tell apart.")],
    tasks: Annotated[int, typer.Option(min=1, help="Tasks of the suite.")] = 42,
    power: Annotated[float, typer.Option(help="The chance that the difference is found if it is there.")] = 0.8,
    spread: Annotated[float, typer.Option(help="How far tasks' rates differ: their standard deviation.")] = 0.3,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Say how many episodes it takes to tell two success rates apart."""
    from switch_bench.cli import _errors, _out  # pyright: ignore[reportPrivateUsage]

    with _errors():
        from dataclasses import asdict

        from switch_bench.evaluate import advice, advice_table
        from switch_bench.evaluate.errors import InputError

        try:
            found = advice.advise(*rates, tasks, power=power, spread=spread)
        except ValueError as error:
            hint = "such as --rates 0.6 0.7 --tasks 42 --power 0.8 --spread 0.3"
            raise InputError(str(error), where="advise", hint=hint) from error
        if as_json:
            print(json.dumps(asdict(found), indent=2))
            return
        for line in advice_table.lines(found):
            print(line)
        _out().print(advice_table.table(found))
