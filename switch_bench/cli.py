"""The command line. Each command imports what it needs when it runs, so that `--help` is quick.

Exit codes: 0 done (audit, bench, replay: and good) · 1 one of these fell short · 2 bad input, nothing done ·
3 interrupted, or stopped since a policy's server is gone.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from switch_bench import (
    cli_compare,
    cli_export,
    cli_leaderboard,
    cli_merge,
    cli_scale,
    cli_serve,
    cli_submit,
    cli_video,
)

if TYPE_CHECKING:
    from rich.console import Console

FELL_SHORT, BAD_INPUT, INTERRUPTED = 1, 2, 3
WIDE = 140  # columns where there is no terminal

app = typer.Typer(
    help="A benchmark of tangible control interfaces: what an agent caused, in time and space.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"]},
)

cli_serve.add(app)

Json = Annotated[bool, typer.Option("--json", help="Print JSON.")]
Seed = Annotated[int, typer.Option(min=0, help="The first seed.")]
Workers = Annotated[
    int | None, typer.Option(min=0, help="Processes; by default one a processor. 0: everything in this process.")
]
PARTS = "import, first_reset, compile, reset, scenes, vector, wait, fork, render."
SUITE = "A suite (see `switch-bench list`), a task's id, or `all`."


cli_export.register(app)
cli_submit.register(app)
cli_leaderboard.register(app)
cli_compare.register(app)
cli_video.register(app)
cli_merge.register(app)


def main() -> None:
    """The program `switch-bench`."""
    app()


@app.command("list")
def list_(as_json: Json = False) -> None:
    """Show scenes, devices, tasks and suites."""
    with _errors():
        from switch_bench.evaluate import listing

        found = listing.everything()
        if as_json:
            print(json.dumps(found, indent=2))
        else:
            for part in listing.tables(found):
                _out().print(part)


@app.command()
def doctor(as_json: Json = False) -> None:
    """Say what this machine lacks, how to get it."""
    with _errors():
        from dataclasses import asdict

        from switch_bench.evaluate import doctor

        checks = doctor.examine()
        able = doctor.able(checks)
        if as_json:
            print(json.dumps({"checks": [asdict(check) for check in checks], "ok": able}, indent=2))
        else:
            _out().print(doctor.table(checks))
        if not able:
            raise typer.Exit(FELL_SHORT)


@app.command("eval")
def eval_(
    ctx: typer.Context,
    policy: Annotated[
        str,
        typer.Option(help="A baseline (noop, oracle …), module:attribute ws://… or openai:…; several with commas."),
    ],
    suite: Annotated[str, typer.Option(help=SUITE)] = "core",
    episodes: Annotated[int, typer.Option(min=1, help="Episodes for each task.")] = 1,
    seed: Seed = 0,
    out: Annotated[
        Path | None,
        typer.Option(help="The run folder; a killed run goes on there. Default: runs/POLICY-SUITE-SEED."),
    ] = None,
    workers: Workers = None,
    pictures: Annotated[bool, typer.Option(help="Pictures in the report.")] = True,
    redo_errors: Annotated[
        bool, typer.Option("--redo-errors", help="Play episodes again that ended in an error.")
    ] = False,
    protocol: Annotated[
        str, typer.Option(help="Keep to the official protocol, v1: all tasks, 50 episodes each, its seed and limits.")
    ] = "",
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say how many episodes, and how long.")] = False,
    videos: Annotated[
        str, typer.Option(help="Films of episodes: none, the first of each task, those that failed, or all.")
    ] = "first",
    retries: cli_scale.Retries = 0,
    episode_timeout: cli_scale.EpisodeTimeout = None,
    memory: cli_scale.Memory = 0,
    shard: cli_scale.Shard = "",
    ray: cli_scale.Ray = "",
) -> None:
    """Run a policy and report what it caused.

    The folder gets results.json, report.html, episodes.jsonl and traces/. With several policies each has a folder of
    its own in it.
    """
    with _errors():
        from switch_bench.evaluate import comparing, results
        from switch_bench.evaluate import dry_run as dry_run_
        from switch_bench.evaluate import protocol as official
        from switch_bench.evaluate.runner import Request, evaluate

        names = tuple(name.strip() for name in policy.split(","))
        given = {name for name in ("suite", "episodes", "seed") if _given(ctx, name)}
        if protocol:
            suite, episodes, seed = official.fixed(protocol, given, suite=suite, episodes=episodes, seed=seed)
        request = Request(
            policies=names,
            suite=suite,
            episodes=episodes,
            seed=seed,
            out=out if out is not None else _default_folder(names, suite, seed),
            pictures=pictures,
            redo_errors=redo_errors,
            protocol=protocol,
            videos=videos,
            **cli_scale.asked(retries, episode_timeout, memory, shard, ray, workers),
        )
        if dry_run:
            print(dry_run_.planned(request))
            return
        runs = evaluate(request, _err())
        screen = _out()
        for run in runs:
            if len(runs) == 1:
                screen.print(results.table(run.results))
        if len(runs) > 1:
            screen.print(results.overview(run.results for run in runs))
        for run in runs:
            _say_errors(run.results.policy, run.results.errors, run.folder)
            if protocol:
                for fault in official.faults(*comparing.read(run.folder)):
                    _err().print(f"{run.results.policy}: {fault}", style="red", markup=False, soft_wrap=True)
            print(f"report: {run.report}")


@app.command()
def audit(
    suite: Annotated[str, typer.Option(help=SUITE)] = "all",
    seeds: Annotated[int, typer.Option(min=1, help="Variations of each task.")] = 3,
    seed: Seed = 0,
    workers: Workers = None,
    as_json: Json = False,
    write: Annotated[Path | None, typer.Option(help="Also write the table to this file, as Markdown.")] = None,
    record: Annotated[
        Path | None, typer.Option(help="Also write to this file what the reference solutions took, as JSON.")
    ] = None,
    engine: Annotated[
        str, typer.Option(help="bullet: instead compare the reference solutions on MuJoCo and on that engine.")
    ] = "mujoco",
) -> None:
    """Prove that tasks tell doing from not doing.

    In each variation the reference solution must succeed, also with a detour, and fail without a required step; doing
    nothing, random agents and every near miss must fail; and a goal with one thing changed must be told from the
    original by one of these. Exit code 1 if not.

    With --engine bullet: of 95 % of the tasks the solution must do it on both engines, with the same events.
    """
    if engine != "mujoco":
        with _errors():
            _refuse(record is not None, "--record", "what solutions took is recorded by the audit on MuJoCo")
        _compare_engines(suite, seeds, seed, workers, as_json, write, engine)
        return
    with _errors():
        from switch_bench.evaluate import audit, audit_table

        report = audit.audit(suite, seeds, seed, _workers(workers), _err())
        if write is not None:
            command = f"switch-bench audit --suite {suite} --seeds {seeds}" + (f" --seed {seed}" if seed else "")
            write.write_text(audit_table.page(report, command))
        if record is not None:
            audit.record(report, record)
        if as_json:
            print(json.dumps(report, indent=2))
        else:
            _out().print(audit_table.table(report))
            for trouble in audit.troubles(report):
                print(trouble)
            print(audit_table.summary(report))
            print("The audit passed." if report["ok"] else "The audit fell short.")
        if not report["ok"]:
            raise typer.Exit(FELL_SHORT)


def _compare_engines(
    suite: str, seeds: int, seed: int, workers: int | None, as_json: bool, write: Path | None, engine: str
) -> None:
    """Compare an engine with MuJoCo."""
    with _errors():
        from switch_bench.evaluate import bench, engines, engines_table

        report = engines.audit(suite, seeds, seed, _workers(workers), _err(), engine=engine)
        if write is not None:
            command = f"switch-bench audit --engine {engine} --suite {suite} --seeds {seeds}"
            command += f" --seed {seed}" if seed else ""
            write.write_text(engines_table.page(report, command, bench.disagreements()))
        if as_json:
            print(json.dumps(report, indent=2))
        else:
            _out().print(engines_table.table(report))
            for line in engines_table.lines(report):
                print(line)
            print(engines_table.summary(report))
            print("The engines agree." if report["ok"] else "The engines don't agree.")
        if not report["ok"]:
            raise typer.Exit(FELL_SHORT)


@app.command()
def bench(
    only: Annotated[str | None, typer.Option(help="Some parts, with commas: " + PARTS)] = None,
    quick: Annotated[bool, typer.Option("--quick", help="Fewer repeats: figures to look at, not to publish.")] = False,
    as_json: Json = False,
    write: Annotated[
        list[Path] | None,
        typer.Option(help="Also write the tables into this page, between its comments; may be given several times."),
    ] = None,
) -> None:
    """Measure speed against what it can be at best.

    Steps against bare physics, pictures against the bare renderer, many environments against one thread, and what it
    costs to start, reset, wait and fork. Exit code 1 if an aim is not met.
    """
    with _errors():
        from switch_bench.evaluate import inserted, speed, speed_table
        from switch_bench.evaluate.errors import InputError

        names = [name.strip() for name in only.split(",")] if only is not None else []
        speed.parts(names)
        if names and write:
            raise InputError("a page gets the tables of a whole run", where="--write", hint="leave --only out")
        for page in write or ():
            inserted.places(page, list(speed_table.TABLES))
        found = speed.measure(names, quick=quick, console=_err())
        for page in write or ():
            inserted.insert(page, speed_table.pages(found))
        if as_json:
            print(json.dumps(found, indent=2))
        else:
            for part in speed_table.screen(found):
                _out().print(part, markup=False)
        if not found["ok"]:
            raise typer.Exit(FELL_SHORT)


@app.command()
def replay(
    trace: Annotated[Path, typer.Argument(help="A trace from a run folder's traces/.")],
    as_json: Json = False,
) -> None:
    """Replay a trace and compare its hashes.

    Exit code 1 if a state differs, or if this machine can't replay it bit for bit.
    """
    with _errors():
        from switch_bench.evaluate import again

        found = again.replay(trace)
        if as_json:
            print(json.dumps(found, indent=2))
        else:
            print(again.words(found))
        if not found["same"]:
            raise typer.Exit(FELL_SHORT)


@app.command()
def render(
    task: Annotated[str, typer.Argument(help="A task's id.")],
    seed: Seed = 0,
    out: Annotated[Path, typer.Option(help="A .png (one view), a .gif (the oracle at work), or a folder.")] = Path(
        "render"
    ),
    view: Annotated[
        list[str] | None, typer.Option(help="third_person, head or wrist; may be given several times.")
    ] = None,
) -> None:
    """Draw a task's room.

    A .png or a folder: as it is at the start. A .gif: the reference solution at work.
    """
    with _errors():
        from switch_bench.evaluate import drawing

        for path in drawing.render(task, seed, out, tuple(view or ())):
            print(path)


@contextmanager
def _errors() -> Iterator[None]:
    """Say what went wrong in one message on standard error, and end with the exit code that goes with it."""
    from switch_bench.evaluate.errors import InputError, StoppedError
    from switch_bench.spec.errors import SpecError

    try:
        yield
    except (InputError, SpecError) as error:
        _fail(str(error), BAD_INPUT)
    except StoppedError as error:
        _fail(str(error), INTERRUPTED)
    except KeyboardInterrupt:
        _fail("interrupted", INTERRUPTED)


def _refuse(given: bool, where: str, why: str) -> None:
    """Raise InputError if an option is given that doesn't go with the others."""
    from switch_bench.evaluate.errors import InputError

    if given:
        raise InputError(why, where=where, hint="leave it out")


def _fail(message: str, code: int) -> None:
    print(f"error: {message}" if code == BAD_INPUT else message, file=sys.stderr)
    raise typer.Exit(code)


def _say_errors(policy: str, errors: int, folder: Path) -> None:
    if errors:
        _err().print(
            f"{policy}: {errors} episode{'s' * (errors != 1)} ended in an error and are not counted; see the "
            f"tracebacks in {folder / 'report.html'} and episodes.jsonl; --redo-errors plays them again",
            style="red",
            markup=False,
            soft_wrap=True,
        )


def _given(ctx: typer.Context, option: str) -> bool:
    """Whether an option was given, be it at its default value."""
    source = ctx.get_parameter_source(option)
    return source is not None and source.name != "DEFAULT"


def _workers(asked: int | None) -> int:
    from switch_bench.evaluate.workers import cores

    return cores() if asked is None else asked


def _default_folder(policies: tuple[str, ...], suite: str, seed: int) -> Path:
    from switch_bench.evaluate.policies import identity
    from switch_bench.evaluate.runner import folder_name

    names = "+".join(folder_name(identity(policy)) for policy in policies)
    return Path("runs") / f"{names}-{folder_name(suite)}-{seed}"


def _out() -> Console:
    from rich.console import Console

    return Console(highlight=False, width=None if sys.stdout.isatty() else WIDE)


def _err() -> Console:
    from rich.console import Console

    return Console(stderr=True, highlight=False, width=None if sys.stderr.isatty() else WIDE)
