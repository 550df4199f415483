"""Going through an episode again from its trace, stopping at given times, and making sure that it is the same."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from switch_bench.evaluate.axis import clock
from switch_bench.export.errors import NotReplayable
from switch_bench.trace.schema import Trace
from switch_bench.world.replay import Unverifiable, comparable
from switch_bench.world.room import Room
from switch_bench.world.world import World

HINT = "`switch-bench replay` tells more; `eval` runs the episode anew from its seed"


def check(path: Path, trace: Trace) -> None:
    """Raise NotReplayable unless this machine can repeat the trace bit for bit."""
    try:
        comparable(trace)
    except Unverifiable as why:
        raise NotReplayable(f"what was seen in it can't be shown here: {why}", where=str(path), hint=HINT) from why


def walk(path: Path, room: Room, trace: Trace, times: Sequence[int]) -> Iterator[World]:
    """The world at each of `times` ([µs], whole ticks, rising, to the end at most), before what is done then.

    Within a jump it is a fork of the world that has gone on to that time: the world itself jumps as it did.

    Raises: NotReplayable at the first recorded hash that differs, or at the end if the events do.
    """
    world = World(room)
    rows, jumps = trace.targets, dict(trace.jumps)
    due = list(times)[::-1]
    k = h = 0
    while True:
        while due and due[-1] <= world.now:
            due.pop()
            yield world
        while k < len(rows) and int(rows[k, 0]) <= world.now:
            world.data.ctrl[room.body_ctrl : room.body_ctrl + 12] = rows[k, 1:]
            k += 1
        while h < len(trace.hashes) and trace.hashes[h][0] <= world.now:
            if (world.now, world.digest()) != trace.hashes[h]:
                raise _differs(path, trace.hashes[h][0])
            h += 1
        if world.now >= trace.end:
            break
        if world.now not in jumps:
            world.run(1)
            continue
        until = jumps[world.now]
        if due and due[-1] < until:
            between = world.fork()
            while due and due[-1] < until:
                between.jump(due.pop())
                yield between
        world.jump(until)
    if h < len(trace.hashes) or list(world.network.log) != trace.events:
        raise _differs(path, trace.end)


def _differs(path: Path, t: int) -> NotReplayable:
    return NotReplayable(f"it comes out otherwise here: the state at {clock(t)} differs", where=str(path), hint=HINT)
