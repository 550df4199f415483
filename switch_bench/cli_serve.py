"""The commands `switch-bench serve …` and `play`: what others connect to."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Annotated

import typer

app = typer.Typer(help="Serve the benchmark to what connects.", no_args_is_help=True, rich_markup_mode=None)

TRACK = "vlm: pictures with numbers on what can be operated; llm: the same in words; pixel: plain pictures."


def add(main: typer.Typer) -> None:
    """Add these commands to the program's."""
    main.add_typer(app, name="serve")
    main.command()(play)


@app.callback()
def serve() -> None:
    """Serve the benchmark to what connects."""


@app.command()
def policy(
    name: Annotated[str, typer.Argument(help="A baseline that acts by delta_pose, or module:attribute.")],
    host: Annotated[str, typer.Option(help="Where to listen; only this machine, if not given.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=0, max=65535, help="The port; 0: any that is free.")] = 8000,
    api_key_env: Annotated[
        str | None, typer.Option(help="The environment variable with the API key that clients must have.")
    ] = None,
) -> None:
    """Serve a policy at a web socket, as openpi does.

    `switch-bench eval --policy ws://host:port` connects to it, and so does whatever speaks openpi's wire. /healthz says
    OK. Ctrl-C ends it.
    """
    from switch_bench import cli

    with cli._errors():
        from switch_bench.evaluate.errors import InputError
        from switch_bench.serve.policy import PolicyServer

        key = os.environ.get(api_key_env, "") if api_key_env else ""
        if api_key_env and not key:
            raise InputError("the environment variable isn't set", where=f"--api-key-env {api_key_env}")
        server = PolicyServer(name, host=host, port=port, api_key=key)
        shown = f"[{host}]" if ":" in host else host
        print(f"{name} at ws://{shown}:{server.port}", flush=True)
        try:
            server.serve()
        except KeyboardInterrupt:
            print("stopped", file=sys.stderr)
        finally:
            server.close()


@app.command()
def mcp(
    track: Annotated[str, typer.Option(help=TRACK)] = "vlm",
    suite: Annotated[str, typer.Option(help="A suite, a task's id, or `all`.")] = "core",
    seed: Annotated[int, typer.Option(min=0, help="The first seed.")] = 0,
    transport: Annotated[
        str, typer.Option(help="stdio: for one client, which starts this; http: for several.")
    ] = "stdio",
    host: Annotated[str, typer.Option(help="http: where to listen; only this machine, if not given.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=0, max=65535, help="http: the port; 0: any that is free.")] = 0,
    idle: Annotated[
        float, typer.Option(min=0.1, help="http: seconds without a call after which a player is gone.")
    ] = 1800,
    calls: Annotated[int, typer.Option(min=1, help="Calls an episode may take.")] = 200,
    pictures: Annotated[bool, typer.Option(help="Pictures in the reports.")] = True,
    out: Annotated[Path, typer.Option(help="Each player gets a run folder in it.")] = Path("runs/mcp"),
) -> None:
    """Serve tasks and tools by the Model Context Protocol.

    Verdicts are not told to the player: they are in the run folder. By stdio nothing but the protocol is printed on
    standard output; by http the address is.
    """
    from switch_bench import cli

    with cli._errors():
        from switch_bench.agents.session import Limits
        from switch_bench.evaluate.errors import InputError

        if transport not in ("stdio", "http"):
            raise InputError(
                f"there is no transport {transport!r}", where="--transport", hint="there is stdio and http"
            )
        try:
            from switch_bench.serve import mcp as server
        except ModuleNotFoundError as error:
            hint = "pip install 'switch-bench[mcp]'"
            raise InputError(
                f"the MCP server needs {error.name}, which isn't here", where="serve mcp", hint=hint
            ) from error
        from switch_bench.serve.desk import Desk

        def desk() -> Desk:
            return Desk(
                out, suite=suite, track=track, seed=seed, limits=Limits(calls=calls), pictures=pictures, idle=idle
            )

        if transport == "stdio":
            server.stdio(desk)
            return
        try:
            server.http(desk, host, port, lambda address: print(address, flush=True))
        except OSError as error:
            raise InputError(f"can't listen there: {error}", where=f"--host {host} --port {port}") from error
        except KeyboardInterrupt:
            print("stopped", file=sys.stderr)


def play(
    task: Annotated[str, typer.Argument(help="A task's id.")],
    text: Annotated[
        bool, typer.Option("--text", help="At the terminal: commands in, words and paths of pictures out.")
    ] = False,
    as_json: Annotated[
        bool, typer.Option("--json", help="For programs: a line of JSON in, a line of JSON out.")
    ] = False,
    track: Annotated[str, typer.Option(help=TRACK)] = "vlm",
    seed: Annotated[int, typer.Option(min=0, help="The first seed.")] = 0,
    pictures: Annotated[bool, typer.Option(help="Pictures in the report.")] = True,
    out: Annotated[Path | None, typer.Option(help="The run folder. Default: runs/play-TRACK-SEED.")] = None,
) -> None:
    """Take a task yourself, or let a program take it.

    The episode is judged like any other. With --json the verdict isn't told; it is in the run folder.
    """
    from switch_bench import cli

    if text and sys.stdin.isatty():
        import readline  # noqa: F401  # gives `input` its keys

    with cli._errors():
        from switch_bench.evaluate import bench
        from switch_bench.evaluate.errors import InputError, closest
        from switch_bench.serve import play as game
        from switch_bench.serve import rounds

        if not text and not as_json:
            raise InputError("say how", where="play", hint="--text for yourself, --json for a program")
        every = bench.suites()["all"]
        if task not in every:
            raise InputError(f"there is no task {task!r}", where="play", hint=closest(task, every))
        folder = out if out is not None else Path("runs") / f"play-{track}-{seed}"
        drawn = rounds.settle(track, pictures)
        limits = None if as_json else game.TYPED
        playing = game.by_json if as_json else game.by_text
        with rounds.Rounds(
            "play", folder, suite="all", track=track, seed=seed, limits=limits, pictures=drawn, picked=True
        ) as kept:
            playing(kept, task, sys.stdin.buffer, sys.stdout)
        print(f"report: {folder / 'report.html'}", file=sys.stderr if as_json else sys.stdout)
