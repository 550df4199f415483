"""Small scenes for tests, compiled once a process, and what tests ask of worlds and traces."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

from switch_bench.network.flow import Anchor
from switch_bench.physics.housing import Mounted
from switch_bench.skills.sense import SkillFailed
from switch_bench.spec.find import load_scene
from switch_bench.spec.variation import draw
from switch_bench.trace.schema import Event, Trace
from switch_bench.world.room import Room, build
from switch_bench.world.scenario import Scenario
from switch_bench.world.stage import Stage
from switch_bench.world.world import World

Pairs = tuple[tuple[str, Any], ...]
DATA = Path(__file__).parent / "data"


@cache
def room(name: str, faults: Pairs = (), seed: int = 0, signals: Pairs = ()) -> Room:
    """A scene of `data`, as written."""
    return build(Scenario(draw(load_scene(DATA / name), "none")[0], seed=seed, faults=faults, signals=dict(signals)))


def facts(events: list[Event]) -> list[tuple[Any, ...]]:
    """What must be the same in two runs of the same world."""
    return [(e.t, e.signal, e.old, e.new, e.causes, e.zone, e.actor) for e in events]


def flows(world: World) -> dict[str, str]:
    """Every flow's level now, to the last bit."""
    network = world.network
    names = [n for n in network.names if isinstance(network.values[network.index[n]], Anchor)]
    return {n: float(network.value(n)).hex() for n in names}


def joints(world: World) -> dict[str, float]:
    """Where every mechanism stands."""
    return {r.signal: float(world.data.qpos[r.qpos]) for r in world.handles.readouts}


def changes(trace_or_world: Trace | World, signal: str) -> list[tuple[float, Any, str | None]]:
    """(seconds, new value, actor) of each change of a signal."""
    log = trace_or_world.network.log if isinstance(trace_or_world, World) else trace_or_world.events
    return [(e.t * 1e-6, e.new, e.actor) for e in log if e.signal == signal and e.t > 0]


def control(stage: Stage, name: str) -> Mounted:
    """A control of the stage's room."""
    return next(m for m in stage.room.handles.mounted if m.name == name)


def perform(stage: Stage, motion: Iterator[Any]) -> str:
    """Run a motion to its end; what a hand could say of it."""
    try:
        for action in motion:
            stage.apply(action)
    except SkillFailed as failure:
        return str(failure)
    return "done"
