"""Panel radiator: heats its own zone with what a boiler elsewhere sends; a thermostatic valve may throttle it.

The valve's wax is sluggish: after the room passes the valve's temperature it takes minutes to move, whereas turning the
head moves the pin at once.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from math import log
from typing import Any

from switch_bench.controls.knob import Knob
from switch_bench.devices.base import Colour, Device, Fault, Kind, Panel, Part, Scale
from switch_bench.devices.options import number
from switch_bench.network.declare import Comparator, Signal, ThermalNode, Timer, seconds
from switch_bench.network.io import IO

EXCESS = 50.0  # K, over the room: the excess temperature of the rated output (EN 442)
DROP = 5.0  # K, half the fall of the water's temperature through the radiator (EN 442: 75/65)
ROOM = 20.0  # degC, room of the rating
GAP = 0.10  # m, from the floor to the radiator's lower edge
WAX_LAG = 600.0  # s, time constant of a wax head; EN 215 allows a response time of 40 min, common heads take 20
WAX = seconds(WAX_LAG * log(2.0))  # half the stroke
VALVE_BAND = 1.0  # K, between closing and opening, EN 215 hysteresis <= 1 K
VALVE: Mapping[str, float] = {"*": 7.0, "1": 12.0, "2": 16.0, "3": 20.0, "4": 24.0, "5": 28.0}  # degC (Danfoss RA)


@dataclass(frozen=True)
class Model:
    """A radiator: rated output, heat capacity, size, looks, and the turn of its valve's head (None: no such valve)."""

    watts: float  # at EXCESS
    capacity: float  # J/K, water and steel
    size: tuple[float, float, float]  # width, depth, height [m]
    columns: int
    colour: Colour = (0.95, 0.95, 0.94)
    valve: bool = True
    side: float = 1.0  # the valve is on the right (1) or the left (−1)
    pitch: float = 0.70  # rad between two figures of the head


MODELS: Mapping[str, Model] = {
    # type 22, 600 x 1000: 5.4 l of water, 33 kg of steel; 1,700 W at EXCESS by makers' tables
    "panel_22": Model(watts=1700.0, capacity=38e3, size=(1.00, 0.10, 0.60), columns=24),
    # steel columns, 8 sections of 600: 8.6 l, 18 kg; 640 W
    "column": Model(watts=640.0, capacity=44e3, size=(0.37, 0.14, 0.60), columns=8, side=-1.0, pitch=0.52),
    # towel warmer 1200 x 500: 5 l, 8 kg; 560 W
    "towel": Model(
        watts=560.0, capacity=25e3, size=(0.50, 0.08, 1.20), columns=0, colour=(0.20, 0.21, 0.22), valve=False
    ),
}


def _logic(io: IO) -> None:
    model: Model = io.model
    opened = bool(io["open"])
    if model.valve:
        head, closed = VALVE[str(io["valve"])], bool(io["too_warm"])
        if io.first or io.changed("valve"):  # the head pushes the pin itself
            opened = not _too_warm(io.level("@temperature"), head, closed)
            io.set("head", head)
            io.stop("wax")
        elif io.fired("wax"):
            opened = not closed
        elif opened is closed and not io.left("wax"):
            io.start("wax", WAX)
        elif opened is not closed:
            io.stop("wax")
    io.set("open", opened)
    fed = bool(io["heat"]) and opened and not io["pin_stuck"]
    io.set("power", max(0.0, (float(io["supply"]) - DROP - ROOM) * model.watts / EXCESS) if fed else 0.0)


def _too_warm(room: float, head: float, so_far: bool) -> bool:
    """What the comparator `too_warm` says, or will say once the turned head's value has reached it."""
    return room > head - VALVE_BAND / 2 if so_far else room >= head + VALVE_BAND / 2


def _declare(model: Model, options: Mapping[str, Any]) -> Device:
    valve = str(options["valve"])
    if valve not in VALVE:
        raise ValueError(f"valve: {valve!r} is none of {', '.join(VALVE)}")
    fed = number(options, "supply", 20.0, 90.0)
    faults = {}
    if model.valve:
        faults["pin_stuck"] = Fault(
            "the valve's pin is stuck: no water passes, whatever the head says", {"pin_stuck": True}
        )
    return Device(
        panels=_head(model, valve) if model.valve else (),
        parts=_body(model),
        signals=(
            Signal(name="heat", initial=False, kind="input"),
            Signal(name="supply", initial=fed, kind="input", unit="degC"),
            Signal(name="power", initial=0.0, unit="W"),
            Signal(name="open", initial=True),
            Signal(name="head", initial=VALVE[valve], unit="degC"),
            Signal(name="pin_stuck", initial=False),
        ),
        comparators=(
            Comparator(name="hot", flow="body", at=40.0, hysteresis=2.0),
            *(
                (Comparator(name="too_warm", flow="@temperature", at="head", hysteresis=VALVE_BAND),)
                if model.valve
                else ()
            ),
        ),
        timers=(Timer(name="wax"),),
        nodes=(
            ThermalNode(
                name="body",
                capacity=model.capacity,
                initial=ROOM,
                links=(("@temperature", model.watts / EXCESS),),
                power=("power",),
            ),
        ),
        logic=_logic,
        faults=faults,
        words={
            "heat": ("no hot water reaches the radiator", "hot water reaches the radiator"),
            "hot": ("the radiator is cold", "the radiator is hot"),
            "open": ("the radiator's valve is shut", "the radiator's valve is open"),
            "body": "the radiator is at {:.0f} °C",
            "power": "the radiator takes {:.0f} W",
        }
        | ({"valve": "the radiator's valve is set to {}"} if model.valve else {}),
        shows={"valve": "head"} if model.valve else {},
        model=model,
    )


def _head(model: Model, valve: str) -> tuple[Panel, ...]:
    width, depth, height = model.size
    middle = (len(VALVE) - 1) / 2
    return (
        Panel(
            name="head",
            at=(model.side * (width / 2 + 0.055), -depth, GAP + height - 0.06),
            size=(0.090, 0.090),
            colour=model.colour,
            thickness=0.012,
            controls=(
                Knob(
                    name="valve",
                    at=(0.0, 0.0),
                    radius=0.020,
                    positions=tuple((figure, (i - middle) * model.pitch) for i, figure in enumerate(VALVE)),
                    initial=valve,
                ),
            ),
            marks=(Scale(control="valve"),),
        ),
    )


def _body(model: Model) -> tuple[Part, ...]:
    width, depth, height = model.size
    tint = model.colour
    parts: list[Part] = []
    if model.columns == 0:  # rungs between two uprights
        for x in (-width / 2 + 0.02, width / 2 - 0.02):
            parts.append(Part(size=(0.035, 0.035, height), at=(x, -depth + 0.02, GAP + height / 2), colour=tint))
        for i in range(16):
            z = GAP + 0.06 + (height - 0.12) * i / 15
            parts.append(
                Part(shape="cylinder", size=(0.022, width - 0.05), at=(0.0, -depth + 0.015, z), axis="x", colour=tint)
            )
        return tuple(parts)
    pitch = width / model.columns
    if model.columns > 12:  # a pressed panel: a plate with flutes and a grille on top
        parts.append(Part(size=(width, 0.02, height), at=(0.0, -depth + 0.014, GAP + height / 2), colour=tint))
        parts.append(Part(size=(width, depth - 0.03, 0.012), at=(0.0, -depth / 2, GAP + height), colour=tint))
        for x in (-width / 2, width / 2):
            parts.append(Part(size=(0.008, depth - 0.02, height), at=(x, -depth / 2, GAP + height / 2), colour=tint))
        for i in range(model.columns):
            x = (i + 0.5) * pitch - width / 2
            parts.append(
                Part(size=(pitch * 0.55, 0.008, height - 0.07), at=(x, -depth + 0.003, GAP + height / 2), colour=tint)
            )
    else:
        for i in range(model.columns):
            x = (i + 0.5) * pitch - width / 2
            for y in (-depth + 0.025, -0.035):
                parts.append(
                    Part(shape="cylinder", size=(0.026, height - 0.05), at=(x, y, GAP + height / 2), colour=tint)
                )
            for z in (GAP + 0.035, GAP + height - 0.035):
                parts.append(Part(size=(pitch * 0.98, depth - 0.02, 0.05), at=(x, -depth / 2, z), colour=tint))
    pipe = model.side * (width / 2 + 0.025)
    parts.append(
        Part(
            shape="cylinder",
            size=(0.018, GAP + height - 0.06),
            at=(pipe, -depth / 2, (GAP + height - 0.06) / 2),
            material="steel",
        )
    )
    parts.append(
        Part(
            shape="cylinder", size=(0.022, 0.06), at=(pipe, -depth / 2, GAP + height - 0.06), axis="x", material="steel"
        )
    )
    return tuple(parts)


KIND = Kind(
    name="radiator",
    title="radiator",
    models=MODELS,
    declare=_declare,
    options={"valve": "3", "supply": 60.0},
    mount="floor",
)
