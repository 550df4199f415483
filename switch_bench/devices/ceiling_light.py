"""Ceiling light: a wall plate of one to three rockers, and as many lamps on the ceiling.

Which gang feeds which lamp is the house's wiring, not the plate's: `wiring` names the gang of each lamp in turn
("21": lamp 1 hangs on gang 2), and `labels` may be wrong or missing. The lamps hang apart from the plate, at the
places `lamps` ([x east, y north] metres from the middle of the ceiling), and `zones` may put a lamp in another zone
than the plate.

An indicator is wired to its gang, not to its lamp: it shines while the gang feeds a circuit, whether or not that lamp
works.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from switch_bench.controls.rocker import Rocker
from switch_bench.devices import lamps
from switch_bench.devices.base import Colour, Device, Fault, Kind, Lamp, Panel
from switch_bench.devices.options import labels, wiring
from switch_bench.network.declare import Luminaire, Signal
from switch_bench.network.io import IO


@dataclass(frozen=True)
class Model:
    """A plate: how many gangs, how it looks, whether each gang has an indicator, and which half means on."""

    gangs: int
    colour: Colour = (0.95, 0.95, 0.93)
    rocker: Colour = (0.98, 0.98, 0.96)
    indicator: bool = False
    on: Literal["top", "bottom"] = "top"
    pitch: float = 0.040  # m between gangs: two modules of 22.5 mm (EN 60669) less the frame
    look: str = "dome"
    lumens: float = 3000.0  # lm: a living-room ceiling lamp, 180 lx on 10 m²


MODELS: Mapping[str, Model] = {
    "solo": Model(gangs=1),
    "duo": Model(gangs=2, look="pendant"),
    "trio": Model(gangs=3, indicator=True, look="globe", lumens=2000.0),
    "solo_anthracite": Model(
        gangs=1, colour=(0.18, 0.18, 0.19), rocker=(0.25, 0.25, 0.26), indicator=True, look="panel", lumens=3600.0
    ),
    "duo_uk": Model(gangs=2, on="bottom", pitch=0.036, look="batten"),
}


def _logic(io: IO) -> None:
    model: Model = io.model
    powered = bool(io["mains"])
    load = 0.0
    for lamp, gang in enumerate(str(io["wiring"]), 1):
        live = powered and bool(io[f"gang_{gang}"])
        lit = live and not io[f"burnt_{lamp}"]
        io.set(f"lamp_{lamp}", lit)
        load += lamps.watts(model.lumens) * lit
        if model.indicator:
            io.set(f"indicator_{gang}", live and not io[f"indicator_dead_{gang}"])
    io.set("load", load)


def _declare(model: Model, options: Mapping[str, Any]) -> Device:
    count = range(1, model.gangs + 1)
    wired = wiring(options, model.gangs)
    legends = labels(options, model.gangs)
    places = lamps.places(options, model.gangs)
    x = {i: model.pitch * (i - (model.gangs + 1) / 2) for i in count}
    signals = [
        Signal(name="mains", initial=True, kind="input"),
        Signal(name="load", initial=0.0, kind="output", unit="W"),
        Signal(name="wiring", initial=wired),
    ]
    faults: dict[str, Fault] = {}
    if model.gangs > 1:
        faults["swapped_wiring"] = Fault("the gangs feed each other's lamps", {"wiring": wired[::-1]})
    for i in count:
        signals += [Signal(name=f"lamp_{i}", initial=False, kind="output"), Signal(name=f"burnt_{i}", initial=False)]
        faults[f"burnt_lamp_{i}"] = Fault(f"lamp {i} is burnt out", {f"burnt_{i}": True})
        faults[f"stuck_{i}"] = Fault(f"rocker {i} is stuck", stuck=(f"gang_{i}",))
        if model.indicator:
            signals += [
                Signal(name=f"indicator_{i}", initial=False, kind="output"),
                Signal(name=f"indicator_dead_{i}", initial=False),
            ]
            faults[f"indicator_dead_{i}"] = Fault(f"indicator {i} is dead", {f"indicator_dead_{i}": True})
    words = {f"lamp_{i}": (f"ceiling lamp {i} is dark", f"ceiling lamp {i} is lit") for i in count}
    words |= {f"gang_{i}": (f"rocker {i} is off", f"rocker {i} is on") for i in count}
    shows = {f"lamp_{i}": "body" for i in count} | {f"gang_{i}": "plate" for i in count}
    if model.indicator:
        words |= {f"indicator_{i}": (f"indicator {i} is dark", f"indicator {i} is lit") for i in count}
        shows |= {f"indicator_{i}": "plate" for i in count}
    panel = Panel(
        name="plate",
        at=(0.0, -0.008, 0.0),
        size=(0.046 + model.pitch * model.gangs, 0.086),
        thickness=0.008,
        colour=model.colour,
        controls=tuple(
            Rocker(
                name=f"gang_{i}",
                at=(x[i], -0.008),
                colour=model.rocker,
                label=legends[i - 1],
                label_side="above",
                on=model.on,
            )
            for i in count
        ),
        lamps=tuple(
            Lamp(signal=f"indicator_{i}", at=(x[i], 0.035), colour=(1.0, 0.5, 0.1), size=0.004)
            for i in count
            if model.indicator
        ),
    )
    return Device(
        panels=(panel,),
        parts=tuple(p for i in count for p in lamps.lamp(model.look, places[i - 1], f"lamp_{i}")),
        signals=tuple(signals),
        luminaires=tuple(
            Luminaire(level=f"lamp_{i}", lux=lamps.lux(model.lumens), zone=places[i - 1].zone) for i in count
        ),
        logic=_logic,
        mains=True,
        faults=faults,
        words=words,
        shows=shows,
        model=model,
    )


KIND = Kind(
    name="ceiling_light",
    title="ceiling light",
    models=MODELS,
    declare=_declare,
    options={"lamps": ((0.0, 0.0), (0.6, 0.0), (-0.6, 0.0)), "zones": (), "labels": (), "wiring": ""},
    mount="wall",
)
