"""Going through an episode of a run again, and making sure that it is the same."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from switch_bench.evaluate.axis import clock
from switch_bench.export.errors import NotReplayable
from switch_bench.trace.schema import Trace
from switch_bench.world.replay import Unverifiable, comparable
from switch_bench.world.room import Room
from switch_bench.world.walk import WentOtherwise
from switch_bench.world.walk import walk as walk_world
from switch_bench.world.world import World

HINT = "`switch-bench replay` tells more; `eval` runs the episode anew from its seed"


def check(path: Path, trace: Trace) -> None:
    """Raise NotReplayable unless this machine can repeat the trace bit for bit."""
    try:
        comparable(trace)
    except Unverifiable as why:
        raise NotReplayable(f"what was seen in it can't be shown here: {why}", where=str(path), hint=HINT) from why


def walk(path: Path, room: Room, trace: Trace, times: Sequence[int]) -> Iterator[World]:
    """The world at each of `times`, as `world.walk` yields it. Raises: NotReplayable where it goes otherwise."""
    try:
        yield from walk_world(room, trace, times)
    except WentOtherwise as why:
        said = f"it comes out otherwise here: the state at {clock(why.t)} differs"
        raise NotReplayable(said, where=str(path), hint=HINT) from why
