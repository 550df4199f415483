"""Carrying out a plan of a task file (a reference solution or a near miss) in an environment, through the skills."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Protocol

import numpy as np

from switch_bench.controls.base import Built
from switch_bench.controls.touchscreen import Touchscreen
from switch_bench.physics.housing import Mounted
from switch_bench.skills import verbs
from switch_bench.skills.move import Motion
from switch_bench.skills.sense import Sense, SkillFailed
from switch_bench.skills.sight import look_for
from switch_bench.spec import steps
from switch_bench.spec.errors import did_you_mean
from switch_bench.spec.task import Task
from switch_bench.trace.schema import Trace
from switch_bench.verify.stl import Monitor, parse
from switch_bench.world.screens import widget_point, widgets
from switch_bench.world.stage import Stage
from switch_bench.world.views import faces

GRAIN = 0.5  # s: how often a wait looks whether what it waits for is so


class PlanFailed(RuntimeError):
    """A step of a plan couldn't be carried out; says which, and what the hand knew of why."""


class Host(Protocol):
    """What a plan is carried out in: the environment."""

    task: Task
    stage: Stage | None
    sense: Sense

    @property
    def over(self) -> bool:
        """Whether the episode has ended."""
        ...

    def perform(self, motion: Motion) -> str:
        """Run a motion."""
        ...

    def wait(self, seconds: float) -> None:
        """Let time pass."""
        ...

    def look_around(self) -> None:
        """Note what is in view."""
        ...

    def end(self, claim: str | None = None) -> None:
        """End the episode."""
        ...

    @property
    def trace(self) -> Trace:
        """The trace so far."""
        ...


def run_plan(env: Any, plan: Sequence[steps.Step]) -> list[str]:
    """Carry out the steps; without a report at the end, time passes to the horizon.

    Returns what was said of each step.
    """
    host: Host = env
    assert host.stage is not None
    said: list[str] = []
    for step in plan:
        if host.over or host.stage.now >= host.task.horizon_us:
            break
        if isinstance(step, steps.Report):
            host.look_around()
            host.end(step.what)
            said.append("done")
        elif isinstance(step, steps.Wait):
            pass_time(host, step)
            host.look_around()
            said.append("done")
        else:
            try:
                said.append(host.perform(motion(host.sense, step)))
            except SkillFailed as failure:
                said.append(str(failure))
            host.look_around()
    if not host.over:
        host.end()
    return said


def motion(sense: Sense, step: steps.Step) -> Motion:
    """The motion a step means. Raises SkillFailed for a control or device that isn't there."""
    if isinstance(step, steps.Press):
        item, key = find(sense, step.control)
        return verbs.press(sense, item, step.to, key=key)
    if isinstance(step, steps.Hold):
        item, key = find(sense, step.control)
        seconds = step.for_us * 1e-6
        if step.to is not None and _held_by_turning(item.built):
            return verbs.turn(sense, item, step.to, hold=seconds)
        return verbs.press(sense, item, step.to, key=key, hold=seconds)
    if isinstance(step, steps.Turn | steps.Slide):
        item, _ = find(sense, step.control)
        return verbs.turn(sense, item, step.to)
    if isinstance(step, steps.Open):
        return verbs.open_(sense, find(sense, step.control)[0])
    if isinstance(step, steps.Close):
        return verbs.close(sense, find(sense, step.control)[0])
    if isinstance(step, steps.Type):
        return verbs.type_(sense, find(sense, step.control)[0], step.keys)
    if isinstance(step, steps.Touch):
        return _touch(sense, find(sense, step.screen)[0], step.widget)
    if isinstance(step, steps.Goto):
        if step.place in {s.name for s in sense.room.drawn.shells}:
            return verbs.go_to_zone(sense, step.place)
        return verbs.go_before(sense, _of_device(sense, step.place))
    assert isinstance(step, steps.Look)
    return _look(sense, step.device)


def _held_by_turning(built: Built) -> bool:
    return any(g.verb in ("turn", "push_turn", "slide") for g in built.grips.values())


def find(sense: Sense, name: str) -> tuple[Mounted, str]:
    """The control of a global name, and the key if it names one of a keypad. Raises SkillFailed."""
    mounted = {m.name: m for m in sense.room.handles.mounted}
    if name in mounted:
        return mounted[name], ""
    for pad, item in mounted.items():
        if name.startswith(f"{pad}_") and f"key {name[len(pad) + 1 :]}" in item.built.grips:
            return item, name[len(pad) + 1 :]
    raise SkillFailed(f"there is no control {name!r}. {did_you_mean(name, mounted)}")


def _of_device(sense: Sense, device: str) -> Mounted:
    items = [m for m in sense.room.handles.mounted if m.device == device]
    if not items:
        raise SkillFailed(f"{device!r} has nothing to be operated, and is no room")
    return items[0]


def _look(sense: Sense, name: str) -> Motion:
    """Look at a device's first panel, or its first part, from where one stands; or at what shows one of its signals."""
    device, _, part = name.partition(".")
    placed = sense.room.drawn.placed.get(device)
    if placed is None:
        raise SkillFailed(f"there is no device {device!r}. {did_you_mean(device, sense.room.drawn.placed)}")
    if part:
        shown = [face for face in faces(sense.room) if name in face.signals]
        if shown:
            return look_for(sense, shown)
        return verbs.look_at(sense, sense.site(next(iter(find(sense, name)[0].built.grips.values())).site).at)
    if placed.device.panels:
        return verbs.look_at(sense, sense.site(f"{device}/{placed.device.panels[0].name}").at)
    lit = [i for i, p in enumerate(placed.device.parts) if p.glow is not None] or list(range(len(placed.device.parts)))
    points = [sense.data.geom_xpos[sense.model.geom(f"{device}/part_{i}").id] for i in lit]
    return verbs.look_at(sense, np.mean(points, axis=0))


def _touch(sense: Sense, item: Mounted, widget: str) -> Motion:
    if not isinstance(item.control, Touchscreen):
        raise SkillFailed(f"{item.name} is no touch screen")
    shown = widgets(sense.stage.world, item)
    anywhere = [w for p in item.control.screen.pages.values() for w in p.widgets]
    found = [w for w in (*shown, *anywhere) if w.name == widget]
    if not found:
        raise SkillFailed(f"{item.name} shows no {widget!r}. {did_you_mean(widget, [w.name for w in anywhere])}")
    return verbs.touch(sense, item, widget_point(sense.stage.world, item, found[0]))


def pass_time(host: Host, step: steps.Wait) -> None:
    """Let the time of a wait pass, or time until what it waits for is so."""
    assert host.stage is not None
    if step.for_us is not None:
        host.wait(step.for_us * 1e-6)
        return
    assert step.until is not None
    assert step.at_most_us is not None
    network, trace = host.stage.world.network, host.stage.trace
    start = host.stage.now
    monitor = Monitor(parse(f"eventually ({step.until})", signals=network.info), network.info, start, trace=trace)
    fed = placed = 0
    while host.stage.now - start < step.at_most_us and host.stage.now < host.task.horizon_us:
        for event in network.since(fed):
            monitor.feed(event)
        for pose in trace.poses[placed:]:
            monitor.place(pose)
        fed, placed = network.count, len(trace.poses)
        if monitor.value_at(host.stage.now):
            return
        host.wait(GRAIN)
