"""Real runs of quick policies on one short task, packed; made once for all tests of submissions."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from rich.console import Console
from scratch import scratch

from switch_bench.evaluate.runner import Request, evaluate
from switch_bench.submit import pack, signing

TASK = "home.sink_light_on-v1"
SEED = 11
EPISODES = 2


@cache
def key() -> Path:
    """A submitter's key."""
    path = scratch("key") / "key.pem"
    signing.new_key(path)
    return path


@cache
def run_folder(policy: str) -> Path:
    """The run folder of two episodes."""
    out = scratch("run") / "run"
    request = Request(
        policies=(policy,), suite=TASK, episodes=EPISODES, seed=SEED, out=out, workers=0, pictures=False
    )  # fmt: skip
    return evaluate(request, Console(quiet=True))[0].folder


@cache
def packed(policy: str) -> pack.Packed:
    """The same as an archive."""
    folder = run_folder(policy)
    return pack.pack(folder, folder.with_suffix(".sbz"), key())
