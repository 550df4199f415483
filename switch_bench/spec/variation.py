"""Drawing one variation of a scene: seven streams, each from Generators of its own, so that no stream moves another.

A draw is keyed by the stream's number, the stream and the item it is for (Philox keyed by BLAKE2b), never counted: a
device more in a scene leaves the draws for the others as they were.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import blake2b
from typing import Any, TypeVar

import numpy as np

from switch_bench.spec.errors import SpecError, did_you_mean
from switch_bench.spec.scene import Scene
from switch_bench.spec.task import Task
from switch_bench.spec.things import Device, Loose, moved
from switch_bench.spec.vary import STREAMS, Clutter, Stream, Variation

Item = TypeVar("Item")


class VariationError(SpecError):
    """A variation that can't be had: an unknown stream, a number that isn't one, or a stream the task pins."""


@dataclass
class _Draft:
    """A scene while it is drawn: what will be replaced in it, and the generator of any item of the stream at hand."""

    scene: Scene
    devices: dict[str, Device]
    number: int = 0
    stream: str = ""
    parts: dict[str, Any] = field(default_factory=dict)

    def rng(self, *item: str) -> np.random.Generator:
        """The generator for one item of the stream at hand."""
        return generator(self.number, self.stream, *item)

    def pick(self, among: Sequence[Item], *item: str) -> Item:
        """One of these, each as likely."""
        return among[int(self.rng(*item).integers(len(among)))]

    def change(self, device: str, **update: Any) -> None:
        """Replace fields of a device."""
        self.devices[device] = self.devices[device].model_copy(update=update)


def generator(number: int, stream: str, *item: str) -> np.random.Generator:
    """The generator for one item of a stream: the same for the same number and names, on every machine."""
    key = blake2b("\0".join([str(number), stream, *item]).encode(), digest_size=16).digest()
    return np.random.Generator(np.random.Philox(key=np.frombuffer(key, dtype="<u8")))


def draw(
    scene: Scene,
    variation: int | str | Mapping[str, int] | None = None,
    *,
    seed: int = 0,
    task: Task | None = None,
) -> tuple[Scene, dict[str, dict[str, Any]]]:
    """One variation of the scene, and what was drawn.

    variation: a number for every stream, a mapping of stream to number, or None; streams it doesn't name take `seed`.
        "none" is 0, and number 0 is the stream as the scene is written.
    task: what it pins stays so, and what it declares is drawn from instead of the scene's own declaration.

    Returns:
        The scene with nothing left to draw, and by stream {"number": …, and what was drawn, JSON-able}.

    Raises:
        VariationError: an unknown stream, a number below 0, or a number other than the one the task pins.
    """
    numbers = numbers_of(variation, seed, task)
    declared = scene.variation
    if task is not None:
        declared = declared.model_copy(update={**task.variation.declared})
    draft = _Draft(scene, {device.id: device for device in scene.devices})
    record: dict[str, dict[str, Any]] = {}
    for stream in STREAMS:
        draft.number, draft.stream = numbers[stream], stream
        drawn = _DRAWS[stream](draft, declared) if numbers[stream] else {}
        record[stream] = {"number": numbers[stream], **drawn}
    first = {name: _one_model(device) for name, device in draft.devices.items()}
    update = {"devices": tuple(first.values()), "variation": Variation(), **draft.parts}
    return scene.model_copy(update=update), record


def with_setup(scene: Scene, task: Task) -> Scene:
    """The scene with the task's own people, schedules, objects and start. Its signals and faults are the compiler's."""
    setup = task.setup
    own = {thing.id for thing in setup.objects} | set(setup.without)
    return scene.model_copy(
        update={
            "people": scene.people + setup.people,
            "schedules": scene.schedules + setup.schedules,
            "objects": tuple(thing for thing in scene.objects if thing.id not in own) + setup.objects,
            "start": setup.start or scene.start,
        }
    )


def without_looks(scene: Scene) -> Scene:
    """The scene with nothing said of colours and prints: what can be touched of it is the same."""
    zones = {
        name: zone.model_copy(update={"floor": None, "wall": None, "ceiling": None})
        for name, zone in scene.zones.items()
    }
    return scene.model_copy(
        update={
            "zones": zones,
            "furniture": tuple(piece.model_copy(update={"material": None}) for piece in scene.furniture),
            "devices": tuple(device.model_copy(update={"hue": 0.0, "labels": {}}) for device in scene.devices),
        }
    )


def numbers_of(
    variation: int | str | Mapping[str, int] | None, seed: int, task: Task | None = None
) -> dict[Stream, int]:
    """The number of each stream, as `draw` takes it. Raises VariationError."""
    given: Mapping[str, Any] = {}
    if isinstance(variation, Mapping):
        given = variation
    elif variation is not None:
        given = dict.fromkeys(STREAMS, 0 if variation == "none" else variation)
    for stream, number in {"seed": seed, **given}.items():
        if stream != "seed" and stream not in STREAMS:
            message = f"unknown stream {stream!r}"
            raise VariationError("variation", message=message, hint=did_you_mean(stream, STREAMS, "streams"))
        if isinstance(number, bool) or not isinstance(number, int | np.integer) or number < 0:
            raise VariationError("variation", 0, stream, f"expected a number of 0 or more, got {number!r}")
    pinned = task.variation.pinned if task else {}
    numbers: dict[Stream, int] = {}
    for stream in STREAMS:
        wanted = int(given.get(stream, seed))
        pin = pinned.get(stream, wanted)
        if isinstance(variation, Mapping) and stream in variation and wanted != pin and task is not None:
            message = f"{task.id or 'the task'} pins this stream at {pin}, got {wanted}"
            raise VariationError("variation", 0, stream, message)
        numbers[stream] = pin
    return numbers


def _one_model(device: Device) -> Device:
    return device.model_copy(update={"models": device.models[:1]}) if len(device.models) > 1 else device


def _layout(draft: _Draft, declared: Variation) -> dict[str, Any]:
    layout = declared.layout
    places: dict[str, int] = {}
    taken: dict[str, str] = {}
    jitter: dict[str, list[float]] = {}
    for name, others in layout.places.items():
        mounts = (draft.devices[name].mount, *others)
        places[name] = int(draft.rng("places", name).integers(len(mounts)))
        draft.change(name, mount=mounts[places[name]])
    for group in layout.swap:
        mounts = {name: draft.devices[name].mount for name in group}
        order = draft.rng("swap", *group).permutation(len(group))
        for name, other in zip(group, order, strict=True):
            taken[name] = group[int(other)]
            draft.change(name, mount=mounts[taken[name]])
    for name, spread in layout.jitter.items():
        unit = draft.rng("jitter", name).uniform(-1.0, 1.0, 3)
        off = [round(float(u) * s, 4) for u, s in zip(unit, (spread.along, spread.depth, spread.height), strict=True)]
        jitter[name] = off
        draft.change(name, mount=moved(draft.devices[name].mount, *off))
    return {"places": places, "swap": taken, "jitter": jitter}


def _faces(draft: _Draft, declared: Variation) -> dict[str, Any]:
    models: dict[str, str] = {}
    hue: dict[str, float] = {}
    for name, device in draft.devices.items():
        among = tuple(dict.fromkeys(device.models + declared.faces.models.get(name, ())))
        if len(among) > 1:
            models[name] = draft.pick(among, "models", name)
            draft.change(name, models=(models[name],))
    for name, spread in declared.faces.hue.items():
        hue[name] = round(float(draft.rng("hue", name).uniform(-spread, spread)), 2)
        draft.change(name, hue=draft.devices[name].hue + hue[name])
    return {"models": models, "hue": hue}


def _wiring(draft: _Draft, declared: Variation) -> dict[str, Any]:
    wiring = declared.wiring
    wires = draft.scene.wires
    chosen: dict[str, str] = {}
    sources: dict[str, str] = {}
    options: dict[str, dict[str, Any]] = {}
    for question, answers in wiring.alternatives.items():
        chosen[question] = draft.pick(("", *answers), "alternatives", question)
        if chosen[question]:
            new = answers[chosen[question]]
            ends = {wire.target for wire in new}
            wires = tuple(wire for wire in wires if wire.target not in ends) + new
    for group in wiring.permute:
        order = draft.rng("permute", *group).permutation(len(group))
        place = {target: group[int(i)] for target, i in zip(group, order, strict=True)}
        wires = tuple(wire.model_copy(update={"target": place.get(wire.target, wire.target)}) for wire in wires)
        sources |= {wire.target: wire.source for wire in wires if wire.target in place}
    for name, table in wiring.options.items():
        for option, values in table.items():
            written = draft.devices[name].options
            among = (*((written[option],) if option in written else ()), *values)
            value = draft.pick(among, "options", name, option)
            options.setdefault(name, {})[option] = value
            draft.change(name, options={**written, option: value})
    draft.parts["wires"] = wires
    return {"alternatives": chosen, "sources": sources, "options": options}


def _labels(draft: _Draft, declared: Variation) -> dict[str, Any]:
    drawn: dict[str, int] = {}
    for name, labellings in declared.labels.items():
        among = ({}, *labellings)
        drawn[name] = int(draft.rng(name).integers(len(among)))
        draft.change(name, labels={**draft.devices[name].labels, **among[drawn[name]]})
    return drawn


def _colours(draft: _Draft, declared: Variation) -> dict[str, Any]:
    drawn: dict[str, str | None] = {}
    zones = dict(draft.scene.zones)
    pieces = {piece.id: piece for piece in draft.scene.furniture}
    for surface, materials in declared.colours.items():
        owner, _, side = surface.partition(".")
        written = getattr(zones[owner], side) if side else pieces[owner].material
        material = drawn[surface] = draft.pick(tuple(dict.fromkeys((written, *materials))), surface)
        if side:
            zones[owner] = zones[owner].model_copy(update={side: material})
        else:
            pieces[owner] = pieces[owner].model_copy(update={"material": material})
    draft.parts |= {"zones": zones, "furniture": tuple(pieces.values())}
    return drawn


def _clutter(draft: _Draft, declared: Variation) -> dict[str, Any]:
    made: list[Loose] = []
    for i, clutter in enumerate(declared.clutter, 1):
        made += _things(draft, clutter, f"{clutter.on}_clutter_{i}")
    draft.parts["objects"] = draft.scene.objects + tuple(made)
    return {"objects": [thing.model_dump(mode="json", by_alias=True, exclude_defaults=True) for thing in made]}


def _things(draft: _Draft, clutter: Clutter, name: str) -> list[Loose]:
    """Things at random places along the stretch, at least `room` apart: what is left of it is cut at random."""
    rng = draft.rng(name)
    count = int(rng.integers(clutter.count[0], clutter.count[1] + 1))
    low, high = clutter.along
    depth = draft.scene.piece(clutter.on).extent[1]
    cuts = np.sort(rng.uniform(0.0, max(high - low - clutter.room * (count - 1), 0.0), count))
    return [
        Loose(
            id=f"{name}_{j + 1}",
            kind=clutter.kinds[int(rng.integers(len(clutter.kinds)))],
            on=clutter.on,
            at=(round(low + float(cut) + j * clutter.room, 3), round(depth * float(rng.uniform(0.3, 0.7)), 3)),
            turn=round(float(rng.uniform(0.0, 360.0)), 1),
        )
        for j, cut in enumerate(cuts)
    ]


def _light(draft: _Draft, declared: Variation) -> dict[str, Any]:
    daylight: dict[str, float] = {}
    lamps: dict[str, Any] = {}
    zones = dict(draft.parts.get("zones", draft.scene.zones))
    for zone, (low, high) in declared.light.daylight.items():
        daylight[zone] = round(float(draft.rng("daylight", zone).uniform(low, high)), 1)
        zones[zone] = zones[zone].model_copy(update={"daylight": daylight[zone]})
    for signal, values in declared.light.lamps.items():
        name, _, local = signal.partition(".")
        lamps[signal] = draft.pick(values, "lamps", signal)
        draft.change(name, initial={**draft.devices[name].initial, local: lamps[signal]})
    draft.parts["zones"] = zones
    return {"daylight": daylight, "lamps": lamps}


_DRAWS: Mapping[Stream, Callable[[_Draft, Variation], dict[str, Any]]] = {
    "layout": _layout,
    "faces": _faces,
    "wiring": _wiring,
    "labels": _labels,
    "colours": _colours,
    "clutter": _clutter,
    "light": _light,
}
