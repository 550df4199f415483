"""From a task and a variation to a compiled room; recent rooms are kept."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Mapping, Sequence
from typing import Any, TypeVar

from switch_bench.devices.catalogue import kinds
from switch_bench.spec.check import check, check_task
from switch_bench.spec.declared import Declared
from switch_bench.spec.errors import TaskError
from switch_bench.spec.find import scene_of
from switch_bench.spec.in_scene import steps
from switch_bench.spec.scene import Scene
from switch_bench.spec.steps import Wait
from switch_bench.spec.task import Task
from switch_bench.spec.variation import draw, numbers_of, with_setup
from switch_bench.verify.stl import parse
from switch_bench.verify.stl_ast import relations
from switch_bench.verify.stl_lex import FormulaError
from switch_bench.world.room import Room, build
from switch_bench.world.scenario import Scenario

KEPT = 12  # rooms, and compiled models: eight variations, and the scene as written
# What the streams draw that decides what is compiled, and beside it how it is wired; the rest is looks.
TOUCHED = (
    ("layout", "places"), ("layout", "swap"), ("layout", "jitter"), ("faces", "models"), ("wiring", "options"),
    ("clutter", "objects"), ("light", "lamps"),
)  # fmt: skip
WIRED = (("wiring", "alternatives"), ("wiring", "sources"), ("light", "daylight"))
Key = tuple[Any, ...]
_rooms: OrderedDict[Key, Room] = OrderedDict()
_models: OrderedDict[Key, OrderedDict[str, Room]] = OrderedDict()  # by what is compiled, by what is wired: a room
_checked: set[str] = set()

Variation = int | str | Mapping[str, int] | None
Faults = Sequence[tuple[str, str]]
Item = TypeVar("Item")


def scenario(task: Task, *, variation: Variation = None, seed: int = 0, faults: Faults = ()) -> Scenario:
    """The scenario of a task: its scene with the variation drawn, its set-up, and further faults.

    variation: as `spec.variation.draw` takes it; streams it doesn't name are drawn by `seed`.
    """
    scene, drawn = draw(scene_of(task), variation, seed=seed, task=task)
    scene = with_setup(scene, task)
    injected = tuple((f.device, f.fault) for f in task.setup.faults)
    signals = dict(task.setup.signals)
    return Scenario(scene=scene, seed=seed, signals=signals, faults=injected + tuple(faults), drawn=drawn, task=task.id)


def room_for(task: Task, *, variation: Variation = None, seed: int = 0, faults: Faults = ()) -> Room:
    """The room of a task's scenario, ready to run.

    The room is shared by all seeds of a variation, and its compiled model by all variations that can be touched alike.
    """
    scene = scene_of(task)
    _check_once(task, scene)
    numbers = tuple(numbers_of(variation, seed, task).values())
    key = (task.spec_hash, scene.spec_hash, numbers, tuple((str(device), str(fault)) for device, fault in faults))
    room = _rooms.get(key)
    if room is None:
        room = _keep(_rooms, key, _made(task, scenario(task, variation=variation, seed=seed, faults=faults)))
    else:
        _rooms.move_to_end(key)
    return room.reseeded(seed)


def _made(task: Task, wanted: Scenario) -> Room:
    """The room of a scenario: built, or from one that has the same compiled model."""
    drawn = wanted.drawn
    touched = repr([wanted.faults, *(drawn[stream].get(what) or None for stream, what in TOUCHED)])
    wired = repr([drawn[stream].get(what) or None for stream, what in WIRED])
    key = (task.spec_hash, wanted.scene.spec_hash, touched)
    alike = _models.get(key)
    if alike is None:
        room = build(wanted)
        _check_formulas(task, room)
        _keep(_models, key, OrderedDict({wired: room}))
        return room
    _models.move_to_end(key)
    room = next(iter(alike.values())).varied(wanted, alike.get(wired))
    if wired not in alike:
        _keep(alike, wired, room)
    return room


def _keep(rooms: OrderedDict[Any, Item], key: Any, item: Item) -> Item:
    """Remember one more, and forget the one that was used longest ago if there are too many."""
    rooms[key] = item
    while len(rooms) > KEPT:
        rooms.popitem(last=False)
    return item


def _check_once(task: Task, scene: Scene) -> None:
    """Refuse a scene or task that names what isn't there, with the line. Raises SceneError, TaskError."""
    key = task.spec_hash + scene.spec_hash
    if key not in _checked:
        offers = {name: Declared(each) for name, each in kinds().items()}
        check(scene, offers)
        check_task(task, scene, offers)
        _checked.add(key)


def _check_formulas(task: Task, room: Room) -> None:
    """Refuse formulas that can't be read in this room, with their place in the task file. Raises TaskError."""
    signals = room.begin().info
    objects = [*room.drawn.objects]
    scene = room.scenario.scene
    places = [*scene.zones, *scene.regions, *room.drawn.pieces, *room.drawn.placed, "floor"]
    problems = []
    for path, text in [(("goal",), task.goal), *((("never", i), text) for i, text in enumerate(task.never))]:
        try:
            parse(text, signals, places, objects)
        except FormulaError as error:
            problems.append(task.source.problem(path, str(error), ""))
    for path, step in steps(task):
        if isinstance(step, Wait) and step.until is not None:
            try:
                found = relations(parse(step.until, signals, places, objects).root)
            except FormulaError as error:
                problems.append(task.source.problem((*path, "wait", "until"), str(error), ""))
            else:
                if found:
                    words = f"{', '.join(sorted(found))}: a wait can only be for what signals say"
                    problems.append(task.source.problem((*path, "wait", "until"), words, ""))
    if problems:
        raise TaskError.of(problems)


def room_of(manifest: Mapping[str, Any], task: Task) -> Room:
    """The room a trace was made in, by its manifest."""
    variation = {stream: record["number"] for stream, record in manifest["variation"].items()}
    own = {(f.device, f.fault) for f in task.setup.faults}
    faults = [(d, f) for d, f in manifest["faults"] if (d, f) not in own]
    return room_for(task, variation=variation, seed=manifest["seed"], faults=faults)


def plain_room(scene: Scene, *, seed: int = 0) -> Room:
    """A scene as written, without a task."""
    return build(Scenario(draw(scene, "none")[0], seed=seed))
