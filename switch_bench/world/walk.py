"""Going through an episode again from its trace, stopping at given times, and seeing whether it is the same."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from switch_bench.trace.schema import Trace
from switch_bench.world.room import Room
from switch_bench.world.world import World


class WentOtherwise(RuntimeError):
    """The episode doesn't come out as it was recorded; `t` [µs] is the first time at which that was seen."""

    def __init__(self, t: int):
        super().__init__(f"it comes out otherwise here: the state at {t / 1e6:g} s differs")
        self.t = t


def walk(room: Room, trace: Trace, times: Sequence[int]) -> Iterator[World]:
    """The world at each of `times` ([µs], whole ticks, rising, to the end at most), before what is done then.

    Within a jump it is a fork of the world that has gone on to that time: the world itself jumps as it did.

    Raises: WentOtherwise at the first recorded hash that differs, or at the end if the events do.
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
                raise WentOtherwise(trace.hashes[h][0])
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
        raise WentOtherwise(trace.end)
