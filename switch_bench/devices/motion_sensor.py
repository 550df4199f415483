"""Motion sensor: an infrared detector that closes its contact while somebody moves before it, and a while longer.

It sees a body that moves within its reach and angle, in its own zone; who stands still it loses from sight. `sees` is
what it sees now, `motion` the dry contact, which the scene wires to what it switches (a stair light's push, a lamp's
`told`). That other people walk by is written to `sees` by their scripts. The walk-test lamp is lit with the contact.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from math import radians
from typing import Any

from switch_bench.devices.base import Colour, Device, Eye, Fault, Kind, Lamp, Panel, Part
from switch_bench.devices.options import number
from switch_bench.network.declare import Signal, Timer, seconds
from switch_bench.network.io import IO

SHORTEST, LONGEST = 1.0, 600.0  # s the contact can be set to stay closed


@dataclass(frozen=True)
class Model:
    """A detector: how far and wide it sees, how long it holds, and its looks."""

    reach: float  # m
    angle: float  # degrees in all
    holds: float  # s after the last movement
    colour: Colour = (0.95, 0.95, 0.94)
    lens: Colour = (0.88, 0.89, 0.90)
    size: tuple[float, float] = (0.070, 0.110)


MODELS: Mapping[str, Model] = {
    "corner": Model(reach=8.0, angle=110.0, holds=3.0),  # a usual room detector: 8 to 12 m at 90 to 110 degrees
    "corridor": Model(reach=12.0, angle=60.0, holds=5.0, colour=(0.30, 0.31, 0.33), size=(0.080, 0.080)),
}


def _logic(io: IO) -> None:
    sees = bool(io["sees"]) and not io["blind"]
    if sees:
        io.stop("hold")
    elif io.fell("sees") and not io["blind"]:
        io.start("hold", seconds(float(io["holds"])))
    closed = sees or io.left("hold") > 0
    io.set("motion", closed and not io["broken"])
    io.set("walk_test", closed and not io["lamp_dead"])


def _declare(model: Model, options: Mapping[str, Any]) -> Device:
    holds = number({**options, "holds": options["holds"] or model.holds}, "holds", SHORTEST, LONGEST)
    width, height = model.size
    panel = Panel(
        name="face",
        at=(0.0, -0.022, 0.0),
        size=model.size,
        thickness=0.022,
        colour=model.colour,
        lamps=(Lamp(signal="walk_test", at=(0.0, height / 2 - 0.012), colour=(1.0, 0.15, 0.1), size=0.004),),
    )
    lens = Part(
        shape="ellipsoid",
        size=(0.6 * width, 0.03, 0.45 * height),
        at=(0.0, -0.022, -0.12 * height),
        colour=model.lens,
        material="lampshade",
    )
    return Device(
        panels=(panel,),
        parts=(lens,),
        signals=(
            Signal(name="sees", initial=False, kind="input"),
            Signal(name="motion", initial=False, kind="output"),
            Signal(name="walk_test", initial=False, kind="output"),
            Signal(name="holds", initial=holds, unit="s"),
            Signal(name="blind", initial=False),
            Signal(name="broken", initial=False),
            Signal(name="lamp_dead", initial=False),
        ),
        timers=(Timer(name="hold"),),
        logic=_logic,
        eyes=(Eye(signal="sees", reach=model.reach, angle=radians(model.angle / 2)),),
        faults={
            "blind": Fault("its lens is painted over: it sees nobody", {"blind": True}),
            "broken": Fault("the wire of its contact is broken", {"broken": True}),
            "lamp_dead": Fault("its walk-test lamp is dead", {"lamp_dead": True}),
        },
        words={
            "sees": ("the motion sensor sees nobody", "the motion sensor sees somebody"),
            "motion": ("the motion sensor's contact is open", "the motion sensor's contact is closed"),
            "walk_test": ("the motion sensor's lamp is dark", "the motion sensor's lamp is lit"),
        },
        shows={"walk_test": "face"},
        model=model,
    )


KIND = Kind(
    name="motion_sensor",
    title="motion sensor",
    models=MODELS,
    declare=_declare,
    options={"holds": 0},
    mount="wall",
)
