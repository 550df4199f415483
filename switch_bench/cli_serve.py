"""The commands `switch-bench serve …`: what others connect to."""

from __future__ import annotations

import os
import sys
from typing import Annotated

import typer

app = typer.Typer(help="Serve policies to what connects.", no_args_is_help=True, rich_markup_mode=None)


@app.callback()
def serve() -> None:
    """Serve a policy at a web socket."""


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
