"""Wall switch: a plain plate of one to three rockers or pushes, with no lamp of its own.

Its outputs `gang_1` … are dry contacts which the scene wires to whatever they switch: a rocker's contact stays as the
rocker lies, a push's is closed while it is held. It knows nothing of what it switches. Its controls are `key_1` ….
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from switch_bench.controls.base import Control
from switch_bench.controls.button import PushButton
from switch_bench.controls.rocker import Rocker
from switch_bench.devices.base import Colour, Device, Fault, Kind, Panel
from switch_bench.devices.options import labels
from switch_bench.network.declare import Signal
from switch_bench.network.io import IO


@dataclass(frozen=True)
class Model:
    """A plate: how many gangs, rockers or pushes, and how it looks."""

    gangs: int
    push: bool = False
    shape: Literal["round", "square"] = "square"
    size: tuple[float, float] = (0.030, 0.030)  # m, of a push
    colour: Colour = (0.95, 0.95, 0.93)
    key: Colour = (0.98, 0.98, 0.96)
    on: Literal["top", "bottom"] = "top"
    pitch: float = 0.040  # m between gangs: two modules of 22.5 mm (EN 60669) less the frame
    finish: Literal["plain", "brushed"] = "plain"


MODELS: Mapping[str, Model] = {
    "rocker": Model(gangs=1),
    "rocker_duo": Model(gangs=2, colour=(0.93, 0.90, 0.82), key=(0.96, 0.94, 0.87)),
    "rocker_trio_uk": Model(gangs=3, on="bottom", pitch=0.036, colour=(0.70, 0.70, 0.71), finish="brushed"),
    "push": Model(gangs=1, push=True),
    "push_duo": Model(
        gangs=2,
        push=True,
        shape="round",
        size=(0.024, 0.024),
        colour=(0.60, 0.50, 0.30),
        key=(0.93, 0.90, 0.80),
        finish="brushed",
    ),
}


def _logic(io: IO) -> None:
    for i in range(1, io.model.gangs + 1):
        closed = bool(io[f"key_{i}"]) or bool(io[f"welded_{i}"])
        io.set(f"gang_{i}", closed and not io[f"broken_{i}"])


def _declare(model: Model, options: Mapping[str, Any]) -> Device:
    count = range(1, model.gangs + 1)
    legends = labels(options, model.gangs)
    signals: list[Signal] = []
    faults: dict[str, Fault] = {}
    for i in count:
        signals += [
            Signal(name=f"gang_{i}", initial=False, kind="output"),
            Signal(name=f"broken_{i}", initial=False),
            Signal(name=f"welded_{i}", initial=False),
        ]
        faults[f"stuck_{i}"] = Fault(f"key {i} is stuck", stuck=(f"key_{i}",))
        faults[f"broken_{i}"] = Fault(f"the wire of key {i} is broken", {f"broken_{i}": True})
        faults[f"welded_{i}"] = Fault(f"the contact of key {i} is welded shut", {f"welded_{i}": True})
    said = ("is released", "is held") if model.push else ("is off", "is on")
    panel = Panel(
        name="plate",
        at=(0.0, -0.008, 0.0),
        size=(0.046 + model.pitch * model.gangs, 0.086),
        thickness=0.008,
        colour=model.colour,
        finish=model.finish,
        controls=tuple(_key(model, i, legends[i - 1]) for i in count),
    )
    return Device(
        panels=(panel,),
        signals=tuple(signals),
        logic=_logic,
        faults=faults,
        words={f"key_{i}": (f"key {i} {said[0]}", f"key {i} {said[1]}") for i in count},
        shows={f"key_{i}": "plate" for i in count},
        model=model,
    )


def _key(model: Model, gang: int, label: str) -> Control:
    at = (model.pitch * (gang - (model.gangs + 1) / 2), -0.006)
    if model.push:
        return PushButton(
            name=f"key_{gang}",
            at=at,
            size=model.size,
            shape=model.shape,
            colour=model.key,
            label=label,
            label_side="above",
        )
    return Rocker(name=f"key_{gang}", at=at, colour=model.key, label=label, label_side="above", on=model.on)


KIND = Kind(
    name="wall_switch",
    title="wall switch",
    models=MODELS,
    declare=_declare,
    options={"labels": ()},
    mount="wall",
)
