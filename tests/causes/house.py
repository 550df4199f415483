"""The cases of `cases.yaml`, played in their house: a body that carries out a plan, and the verdict on what it did.

All cases share one compiled room as far as their controls begin alike; other people and schedules are only wired in.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cache
from math import pi
from pathlib import Path
from typing import Any

import numpy as np
from ruamel.yaml import YAML

from switch_bench.bodies.command import rotation
from switch_bench.physics.housing import Mounted
from switch_bench.skills import operate
from switch_bench.skills.move import Motion, approach, drive, goto, leave, reach, settle
from switch_bench.skills.plan import find, motion
from switch_bench.skills.sense import Sense, SkillFailed, facing
from switch_bench.spec.find import load_scene
from switch_bench.spec.people import Person, Schedule
from switch_bench.spec.rooms import Start
from switch_bench.spec.steps import read_step
from switch_bench.spec.units import microseconds
from switch_bench.spec.variation import draw
from switch_bench.trace.schema import Trace
from switch_bench.verify.task import Goal
from switch_bench.verify.verdict import Verdict
from switch_bench.world.judge import judge
from switch_bench.world.room import Room, build
from switch_bench.world.scenario import Scenario
from switch_bench.world.stage import Stage
from switch_bench.world.wiring import wire

HERE = Path(__file__).parent
Begin = tuple[str, tuple[float, float], float]  # zone, place in it [m], heading [deg]
ANSWERS: Mapping[str, bool | None] = {"caused": True, "not caused": False, "undecided": None}
TIMED = re.compile(r"T(?: ([+-]) (.+))?")


@dataclass(frozen=True, kw_only=True)
class Case:
    """One scene; the keys are those that the file's head describes."""

    name: str
    says: str
    called: str
    source: str
    plan: list[Any]
    goal: str
    end: str
    person: str
    rule: str = ""
    why: str = ""
    required: tuple[str, ...] = ()
    clock: str = ""
    start: Any = None
    signals: Mapping[str, Any] | None = None
    faults: tuple[tuple[str, str], ...] = ()
    people: tuple[Any, ...] = ()
    schedules: tuple[Any, ...] = ()

    @property
    def verdict(self) -> str:
        """What the rule says: the same as the person where nothing else is written."""
        return self.rule or self.person


def cases() -> list[Case]:
    """All cases, as written."""
    rows = YAML(typ="safe", pure=True).load((HERE / "cases.yaml").read_text(encoding="utf-8"))
    return [Case(**row) for row in rows]


@cache
def house(signals: tuple[tuple[str, Any], ...], faults: tuple[tuple[str, str], ...], start: Begin | None) -> Room:
    """The house with nobody in it but the agent."""
    scene, _ = draw(load_scene(HERE / "house"), "none")
    begin = None if start is None else Start(zone=start[0], at=start[1], heading=start[2])
    return build(Scenario(scene, signals=dict(signals), faults=faults, begin=begin))


def room(case: Case, time: int, *, others: bool = True) -> Room:
    """The house as the case has it. time: what T stands for [µs]. others: with people and schedules."""
    signals = tuple(sorted((case.signals or {}).items()))
    begin = Start.model_validate(case.start) if case.start else None
    start = None if begin is None else (begin.zone, begin.at, begin.heading)
    empty = house(signals, tuple((d, f) for d, f in case.faults), start)
    if not others:
        return empty
    scenario = replace(
        empty.scenario,
        extra_people=tuple(Person.model_validate(at(p, time)) for p in case.people),
        extra_schedules=tuple(Schedule.model_validate(at(s, time)) for s in case.schedules),
    )
    read = {r.signal: r.states[s].value for r, s in zip(empty.handles.readouts, empty.start_states, strict=True)}
    network = wire(scenario, empty.drawn, read)
    return replace(empty, scenario=scenario, network=network, people=tuple(p.name for p in scenario.people))


def at(value: Any, time: int) -> Any:
    """The same with every "T + 3 s" in it worked out."""
    if isinstance(value, dict):
        return {k: at(v, time) for k, v in value.items()}
    if isinstance(value, list | tuple):
        return [at(v, time) for v in value]
    if isinstance(value, str) and (found := TIMED.fullmatch(value)):
        sign, by = found.groups()
        return f"{time + (microseconds(by) * (-1 if sign == '-' else 1) if by else 0)} us"
    return value


def when(case: Case) -> int:
    """T: when [µs] the agent first changes the control named by `clock`, were it alone in the house; 0 without one."""
    if not case.clock:
        return 0
    alone = play(case, room(case, 0, others=False), 0)
    return next(e.t for e in alone.events if e.signal == case.clock and e.actor == "agent")


def play(case: Case, where: Room, time: int) -> Trace:
    """The trace of the agent's carrying out the case's plan there."""
    stage = Stage(where)
    end = microseconds(at(case.end, time))
    sense = Sense(stage)
    for step in case.plan:
        (verb, value), *_ = step.items()
        if verb in ("at", "wait"):
            stage.wait(min(end, (0 if verb == "at" else stage.now) + microseconds(value)))
            continue
        doing = OWN[verb](sense, value) if verb in OWN else motion(sense, read_step(step))
        for action in doing:
            if stage.now >= end:
                break
            stage.apply(action)
    stage.wait(end)
    return stage.finish()


@dataclass(frozen=True)
class Played:
    """A case played and judged."""

    case: Case
    room: Room
    trace: Trace
    verdict: Verdict

    @property
    def goal(self) -> Goal:
        """What it is judged by."""
        return Goal(goal=self.case.goal, required=self.case.required)


def played(case: Case) -> Played:
    """Play a case and judge it."""
    time = when(case)
    where = room(case, time)
    trace = play(case, where, time)
    goal = Goal(goal=case.goal, required=tuple(case.required))
    return Played(case, where, trace, judge(goal, where, trace))


# -------------------------------------------------------------------- what no skill does on purpose


def elbow(sense: Sense, value: Mapping[str, Any]) -> Motion:
    """Stand sideways to the wall and bump the forearm into a control (and into the one `also` named, beside it)."""
    names = [value["control"], *([value["also"]] if "also" in value else [])]
    points = []
    for name in names:
        item, _ = find(sense, name)
        points.append(sense.site(_grip(item, value.get("to")).site).at)
    aim = np.mean(points, axis=0)
    ahead, aside = 0.45, 0.42  # m from the base to the forearm's middle, and to the wall
    yield from goto(sense, float(aim[0]) - ahead, float(aim[1]) - aside, 0.0)
    flat = np.array(rotation(0.0, 0.0, pi / 2)).reshape(3, 3)  # the knuckles one above the other
    beside = (ahead + 0.08, 0.2, float(aim[2]))
    for _ in range(sense.steps(1.5)):
        yield sense.wrist_towards(beside, flat)
    for _ in range(sense.steps(1.5)):
        yield sense.wrist_towards((beside[0], 0.45, beside[2]), flat, speed=0.2)
    for _ in range(sense.steps(1.0)):
        yield sense.wrist_towards(beside, flat)


def lean(sense: Sense, value: Mapping[str, Any]) -> Motion:
    """Press a control where it is pressed already or not, and keep the finger on it."""
    item, _ = find(sense, value["control"])
    yield from operate.press(sense, item, _grip(item, value.get("to")), hold=microseconds(value["for"]) * 1e-6)


def rest(sense: Sense, value: str | Mapping[str, Any]) -> Motion:
    """Lay a finger on a control without moving it."""
    name, span = (value, "1 s") if isinstance(value, str) else (value["control"], value["for"])
    item, _ = find(sense, name)
    pose = sense.site(_grip(item, True).site)
    heading = pi / 2
    flip = min((abs(operate.roll_of(facing(pose, flip=f), heading)), f) for f in (False, True))[1]
    before, there = facing(pose, flip=flip, away=operate.AWAY), facing(pose, flip=flip)
    yield from operate.stand_before(sense, item, [before, there], pose)
    yield from approach(sense, before)
    yield from reach(sense, facing(pose, flip=flip, away=-0.002), speed=0.04, stop=0.05)
    yield from settle(sense, microseconds(span) * 1e-6)
    yield from leave(sense, before)


def walk(sense: Sense, value: list[float]) -> Iterator[list[float]]:
    """Walk straight to a place on the floor plan of the zone one stands in, whatever is in the way."""
    x, y, heading = sense.base
    shell = next(s for s in sense.room.drawn.shells if s.name == sense.room.zone_at(x, y))
    try:
        yield from drive(sense, shell.low[0] + value[0], shell.low[1] + value[1], heading, most=6.0)
    except SkillFailed:
        return


OWN = {"elbow": elbow, "lean": lean, "rest": rest, "walk": walk}


def _grip(item: Mounted, to: Any) -> Any:
    """The press of a control that leads to a value, or its only one."""
    presses = [g for g in item.built.grips.values() if g.verb == "press"]
    return next((g for g in presses if to in g.aim), presses[0])
