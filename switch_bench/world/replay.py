"""Running a recorded episode again: the same, with the hands off, with readouts frozen, or without other people."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np

from switch_bench.physics.engine import only_mujoco
from switch_bench.trace.schema import Trace
from switch_bench.verify.counterfactual import horizon
from switch_bench.verify.worlds import NULL, Without
from switch_bench.world.manifest import platform_facts
from switch_bench.world.poses import PoseLog
from switch_bench.world.room import Room
from switch_bench.world.world import TICK, World

REFERENCE = ("mujoco", "machine", "system", "cpu_flags", "libm", "maths")  # what a bit-exact replay needs alike
LATER = {"maths"}  # of these, what older traces don't tell


class Unverifiable(RuntimeError):
    """This machine can't repeat the trace bit for bit; says in what it differs."""


def comparable(trace: Trace) -> None:
    """Raise Unverifiable unless this machine is alike in all that a bit-exact replay needs."""
    engine = trace.manifest.get("engine", "mujoco")
    if engine != "mujoco":
        raise Unverifiable(f"can't be replayed bit for bit: it was run by {engine!r}, and only MuJoCo's runs can be")
    there, here = trace.manifest["versions"], platform_facts()
    asked = [k for k in REFERENCE if k in there or k not in LATER]
    unlike = [f"{k}: {there.get(k)!r} there, {here.get(k)!r} here" for k in asked if there.get(k) != here.get(k)]
    if unlike:
        raise Unverifiable("can't be replayed bit for bit: " + "; ".join(unlike))


def identity(room: Room, trace: Trace, *, watch: Callable[[World], None] | None = None) -> Trace:
    """Repeat the episode: the same targets at the same ticks, the same jumps, hashed at the same times.

    watch: called at each hash time, for pictures. Raises EngineError for a trace of another engine than MuJoCo.
    """
    _mujocos(trace, "a replay")
    world = World(room)
    rows = trace.targets
    jumps = dict(trace.jumps)
    hashes: list[tuple[int, str]] = []
    times = [t for t, _ in trace.hashes]
    k = h = 0
    while True:
        while k < len(rows) and int(rows[k, 0]) <= world.now:
            world.data.ctrl[room.body_ctrl : room.body_ctrl + 12] = rows[k, 1:]
            k += 1
        while h < len(times) and times[h] <= world.now:
            hashes.append((world.now, world.digest()))
            h += 1
            if watch is not None:
                watch(world)
        if world.now >= trace.end:
            break
        if world.now in jumps:
            world.jump(jumps[world.now])
        else:
            world.run(1)
    return _as_trace(trace, world, hashes)


def without(room: Room, trace: Trace, lacking: Without) -> Trace:
    """The same world without something that it had. Raises EngineError for a trace of another engine than MuJoCo."""
    _mujocos(trace, "the world without something")
    names = {actor.split(":", 1)[1] for actor in lacking.others}
    scripts = tuple(
        script if lacking.others_from is None else replace(script, until=lacking.others_from)
        for script in room.network.scripts
        if script.name not in names
    )
    world = World(room, frozen=lacking.controls, network=replace(room.network, scripts=scripts))
    if lacking.agent_from == 0:
        world.advance(_end(trace))
        return _as_trace(_still(trace, 0), world, [])
    return _rerun(world, room, trace, lacking.agent_from)


def without_hands(room: Room, trace: Trace) -> Trace:
    """The same world, with the body's hands off from the start."""
    return without(room, trace, NULL)


def sound(room: Room, trace: Trace) -> Trace:
    """The recorded targets again, in the room without the injected faults. Raises EngineError as `without` does."""
    _mujocos(trace, "the world without its faults")
    return _rerun(World(room.sound), room.sound, trace)


def _mujocos(trace: Trace, what: str) -> None:
    only_mujoco(trace.manifest.get("engine", "mujoco"), what)


def _rerun(world: World, room: Room, trace: Trace, until: int | None = None) -> Trace:
    """Recorded targets in a world that may go another way: step while targets change, else pass the time.

    until: the time [µs] from which the targets stay as they are.
    """
    rows = trace.targets if until is None else trace.targets[trace.targets[:, 0] < until]
    slots = slice(room.body_ctrl, room.body_ctrl + 12)
    for k in range(len(rows)):
        world.advance(int(rows[k, 0]))
        world.data.ctrl[slots] = rows[k, 1:]
        world.run(1)
    world.advance(_end(trace))
    return _as_trace(trace if until is None else _still(trace, until), world, [])


def _end(trace: Trace) -> int:
    """How long the other worlds run: past the end, so that what is only late there isn't taken for gone."""
    return -(-horizon(trace.end) // TICK) * TICK


def _still(trace: Trace, until: int) -> Trace:
    """As if from `until` [µs] on the body had stayed where it was, with its eyes shut."""
    return replace(
        trace,
        base=trace.base[trace.base[:, 0] <= until],
        views=[view for view in trace.views if view.t < until],
        sights=[view for view in trace.sights if view.t < until],
    )


def _as_trace(trace: Trace, world: World, hashes: list[tuple[int, str]]) -> Trace:
    """What became of a world run again. Where the body went and looked is the episode's: what was seen is no proof
    that the world was otherwise.
    """
    log = PoseLog([p for p in trace.poses if p.t == 0])
    log.remember()
    log.note(world)
    return replace(
        trace, events=list(world.network.log), end=world.now, hashes=hashes, claim=None, actions=[],
        targets=np.zeros((0, 13)), signals=dict(world.network.info), poses=log.poses, jumps=[],
    )  # fmt: skip
