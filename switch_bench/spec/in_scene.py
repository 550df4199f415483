"""Whether a task fits together, by itself and with its scene, without knowing any device kind."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from switch_bench.spec.errors import Problem, TaskError
from switch_bench.spec.references import At, References
from switch_bench.spec.scene import Scene
from switch_bench.spec.steps import Goto, Look, Step, Touch
from switch_bench.spec.task import Task
from switch_bench.spec.vary import Variation


def task_problems(task: Task) -> list[Problem]:
    """What is wrong in a task by itself."""
    found: list[Problem] = []
    names: list[str] = []
    for i, miss in enumerate(task.near_misses):
        if miss.name in names:
            found.append(task.source.problem(("near_misses", i, "name"), f"near miss {miss.name!r} is there twice"))
        names.append(miss.name)
    for i, text in enumerate(task.paraphrases):
        if text == task.instruction or text in task.paraphrases[:i]:
            found.append(task.source.problem(("paraphrases", i), "says the same words again"))
    for i, name in enumerate(task.forbidden):
        if name in task.allowed:
            found.append(task.source.problem(("forbidden", i), f"{name} is both allowed and forbidden"))
    return found


def fit(task: Task, scene: Scene) -> None:
    """Check that every name the task uses is in the scene.

    Raises:
        TaskError: with every problem found, each with its line in the task file.
    """
    problems = list(_problems(task, scene))
    if problems:
        raise TaskError.of(problems)


def steps(task: Task) -> Iterator[tuple[At, Step]]:
    """Every step of every plan of a task, with its place in the file."""
    for i, step in enumerate(task.solution):
        yield ("solution", i), step
    for i, miss in enumerate(task.near_misses):
        for j, step in enumerate(miss.plan):
            yield ("near_misses", i, "plan", j), step


def operated(step: Step) -> str | None:
    """The control a step is about, if any."""
    if isinstance(step, Look):
        return step.device if "." in step.device else None
    return step.screen if isinstance(step, Touch) else getattr(step, "control", None)


def _problems(task: Task, scene: Scene) -> Iterator[Problem]:
    look = References(scene, task.source)
    for i, zone in enumerate(task.where):
        yield from look.known(("where", i), "zone", zone, scene.zones)
    for i, signal in enumerate(task.required):
        yield from _device(look, ("required", i), signal)
    things = [thing.id for thing in (*scene.objects, *task.setup.objects)]
    yield from _shown(look, ("disconfirming",), task.disconfirming, things)
    yield from _shown(look, ("evidence", "ui_signal"), task.evidence.ui_signal, things)
    yield from _shown(look, ("evidence", "physical_world_state"), task.evidence.physical_world_state, things)
    yield from _setup(look, task, scene)
    declared = Variation().model_copy(update={**task.variation.declared})
    yield from look.variation(declared, ("variation",))
    for at, step in steps(task):
        control = operated(step)
        if control is not None:
            yield from _device(look, (*at, step.verb), control)
        elif isinstance(step, Goto):
            yield from look.known((*at, "goto"), "zone or device", step.place, [*scene.zones, *look.devices])
        elif isinstance(step, Look):
            yield from look.known((*at, "look"), "device", step.device, look.devices)


def _device(look: References, at: At, signal: str) -> Iterator[Problem]:
    yield from look.known(at, "device", signal.split(".")[0], look.devices)


def _shown(look: References, at: At, names: Iterable[str], things: Iterable[str]) -> Iterator[Problem]:
    for i, name in enumerate(names):
        owner, dot, _ = name.partition(".")
        points = look.scene.points
        known = [*look.owners, *points] if dot else [*look.zones, *points, *things]
        yield from look.known((*at, i), "device or zone" if dot else "zone", owner, known)


def _setup(look: References, task: Task, scene: Scene) -> Iterator[Problem]:
    setup, at = task.setup, ("setup",)
    for signal in setup.signals:
        yield from look.owned((*at, "signals", signal), signal)
    for i, fault in enumerate(setup.faults):
        yield from look.known((*at, "faults", i, "device"), "device", fault.device, look.devices)
    for part, scripts in (("people", setup.people), ("schedules", setup.schedules)):
        for i, script in enumerate(scripts):
            if script.name in (*look.owners, *look.places):
                yield look.problem((*at, part, i, "name"), f"the name {script.name!r} is taken in the scene")
            yield from look.script(script, (*at, part, i))
    for i, thing in enumerate(setup.objects):
        if thing.id in (*look.owners, *look.pieces, *look.places):
            yield look.problem((*at, "objects", i, "id"), f"the name {thing.id!r} is taken in the scene")
        yield from look.thing(thing, (*at, "objects", i))
    things = {thing.id: thing for thing in scene.objects}
    for i, name in enumerate(setup.without):
        yield from look.known((*at, "without", i), "loose thing", name, things)
    if setup.start is not None:
        yield from look.start(setup.start, (*at, "start"))
