"""Ceiling light: a wall plate of one to three rockers, and as many lamps on the ceiling.

Which gang feeds which lamp is the house's wiring, not the plate's: labels may be wrong or missing. The lamps hang apart
from the plate; the `lamps` option places them, each [x east, y north] metres from the middle of the zone's ceiling, and
`zones` may put a lamp in another zone than the plate.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from switch_bench.controls.rocker import Rocker
from switch_bench.devices.base import Colour, Device, Fault, Kind, Lamp, Panel, Part
from switch_bench.network.declare import Luminaire, Signal
from switch_bench.network.io import IO

LUX = 180.0  # lx on a 10 m² room's working plane from one 1,000 lm lamp (EN 12464-1 rates homes' task light at 200-300)
WATTS = 9.0  # W, an LED lamp of 1,000 lm


@dataclass(frozen=True)
class Model:
    """A plate: how many gangs, how it looks, whether each gang has an indicator, and which half means on."""

    gangs: int
    colour: Colour = (0.95, 0.95, 0.93)
    rocker: Colour = (0.98, 0.98, 0.96)
    indicator: bool = False
    on: str = "top"
    pitch: float = 0.040  # m between gangs: two modules of 22.5 mm (EN 60669) less the frame


MODELS: Mapping[str, Model] = {
    "solo": Model(gangs=1),
    "duo": Model(gangs=2),
    "trio": Model(gangs=3, indicator=True),
    "solo_anthracite": Model(gangs=1, colour=(0.18, 0.18, 0.19), rocker=(0.25, 0.25, 0.26), indicator=True),
    "duo_uk": Model(gangs=2, on="bottom", pitch=0.036),
}


def _logic(io: IO) -> None:
    gangs = io.model.gangs
    wiring = str(io["wiring"])
    powered = bool(io["mains"])
    load = 0.0
    for lamp in range(1, gangs + 1):
        gang = wiring[lamp - 1]
        live = powered and bool(io[f"gang_{gang}"])
        lit = live and not io[f"burnt_{lamp}"]
        io.set(f"lamp_{lamp}", lit)
        load += WATTS * lit
        if io.model.indicator:
            io.set(f"indicator_{gang}", live and not io[f"indicator_dead_{gang}"])
    io.set("load", load)


def _declare(model: Model, options: Mapping[str, Any]) -> Device:
    count = range(1, model.gangs + 1)
    wiring = str(options["wiring"]) or "".join(str(i) for i in count)
    if sorted(wiring) != [str(i) for i in count]:
        raise ValueError(f"wiring: {wiring!r} must name each of the {model.gangs} gangs once, lamp by lamp")
    labels = list(options["labels"]) + [""] * model.gangs
    width = 0.046 + model.pitch * model.gangs
    x = [model.pitch * (i - (model.gangs + 1) / 2) for i in count]
    signals = [
        Signal(name="mains", initial=True, kind="input"),
        Signal(name="load", initial=0.0, kind="output", unit="W"),
        Signal(name="wiring", initial=wiring),
    ]
    lamps: list[Lamp] = []
    parts: list[Part] = []
    faults = {
        "swapped_wiring": Fault("the gangs are wired the other way round", {"wiring": wiring[::-1]}),
    }
    places = list(options["lamps"])
    if len(places) < model.gangs:
        raise ValueError(f"lamps: {model.gangs} places needed, one a gang, as [x, y] metres from the ceiling's middle")
    zones = list(options["zones"]) + [""] * model.gangs
    for i in count:
        signals += [
            Signal(name=f"lamp_{i}", initial=False, kind="output"),
            Signal(name=f"burnt_{i}", initial=False),
        ]
        faults[f"burnt_lamp_{i}"] = Fault(f"lamp {i} is burnt out", {f"burnt_{i}": True})
        x_lamp, y_lamp = (float(v) for v in places[i - 1])
        parts += [
            Part(
                shape="cylinder",
                size=(0.08, 0.03),
                at=(x_lamp, y_lamp, -0.015),
                frame="ceiling",
                zone=zones[i - 1],
                material="white",
                solid=False,
            ),
            Part(
                shape="ellipsoid",
                size=(0.24, 0.24, 0.10),
                at=(x_lamp, y_lamp, -0.06),
                frame="ceiling",
                zone=zones[i - 1],
                material="lampshade",
                glow=f"lamp_{i}",
                solid=False,
            ),
        ]
        if model.indicator:
            signals += [
                Signal(name=f"indicator_{i}", initial=False, kind="output"),
                Signal(name=f"indicator_dead_{i}", initial=False),
            ]
            lamps.append(Lamp(signal=f"indicator_{i}", at=(x[i - 1], 0.030), colour=(1.0, 0.5, 0.1), size=0.004))
            faults[f"indicator_dead_{i}"] = Fault(f"indicator {i} is dead", {f"indicator_dead_{i}": True})
    panel = Panel(
        name="plate",
        at=(0.0, -0.004, 0.0),
        size=(width, 0.086),
        thickness=0.008,
        colour=model.colour,
        controls=tuple(
            Rocker(name=f"gang_{i}", at=(x[i - 1], -0.002), colour=model.rocker, label=str(labels[i - 1]), on=model.on)
            for i in count
        ),
        lamps=tuple(lamps),
    )
    return Device(
        panels=(panel,),
        parts=tuple(parts),
        signals=tuple(signals),
        luminaires=tuple(Luminaire(level=f"lamp_{i}", lux=LUX, zone=zones[i - 1]) for i in count),
        logic=_logic,
        mains=True,
        faults=faults,
        words={f"lamp_{i}": (f"ceiling lamp {i} is dark", f"ceiling lamp {i} is lit") for i in count}
        | {f"gang_{i}": (f"rocker {i} is off", f"rocker {i} is on") for i in count},
        shows={f"lamp_{i}": "body" for i in count}
        | {f"gang_{i}": "plate" for i in count}
        | ({f"indicator_{i}": "plate" for i in count} if model.indicator else {}),
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
