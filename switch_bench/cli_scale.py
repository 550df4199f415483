"""What `eval` is told of how to run many episodes."""

from __future__ import annotations

import re
from typing import Annotated, Any

import typer

Retries = Annotated[int, typer.Option(min=0, help="Play an episode so often again whose error wasn't the policy's.")]
EpisodeTimeout = Annotated[
    float | None,
    typer.Option(min=0, help="Seconds an episode may take; 0: any. Default: 600, and 60 for each second of horizon."),
]
Memory = Annotated[float, typer.Option(min=0, help="GiB that the data of a worker may take; 0: any.")]
Shard = Annotated[str, typer.Option(help="i/n: only the i-th of n shares, for `merge`.", metavar="I/N")]
Ray = Annotated[str, typer.Option(help="Play on a Ray cluster: its address, or `local` to start one.")]


def asked(
    retries: int, episode_timeout: float | None, memory: float, shard: str, ray: str, workers: int | None
) -> dict[str, Any]:
    """What a `runner.Request` is made of, of these options.

    Raises:
        InputError: no such shard.
    """
    from switch_bench.evaluate.workers import cores

    everyone = 0 if ray else cores()
    return {
        "retries": retries,
        "timeout": episode_timeout,
        "memory": round(memory * 2**30) or None,
        "shard": _shard(shard) if shard else None,
        "ray": ray,
        "workers": everyone if workers is None else workers,
    }


def _shard(text: str) -> tuple[int, int]:
    from switch_bench.evaluate.errors import InputError

    found = re.fullmatch(r"(\d{1,9})/(\d{1,9})", text)
    i, n = map(int, found.groups()) if found else (0, 0)
    if not 1 <= i <= n:
        raise InputError(
            "no such share", where=f"--shard {text}", hint="1/3, 2/3 and 3/3 are the shares of three machines"
        )
    return i, n
