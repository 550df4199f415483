"""Two-way light: one lamp that can be switched from its own rocker and from one or two others, far apart.

The inputs `other_1` and `other_2` are wired from `wall_switch` gangs (a third switch in between is an intermediate
one). Every switch turns the light over, so the lamp is lit when an odd number of the contacts lies the other way: no
rocker's position says whether it is lit. `phase` is how the travellers happen to be connected.

Two models have a pilot light in the rocker's plate, wired across the lamp: it glows with the circuit, not with the
bulb.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from switch_bench.controls.rocker import Rocker
from switch_bench.devices import lamps
from switch_bench.devices.base import Colour, Device, Fault, Kind, Lamp, Panel
from switch_bench.network.declare import Luminaire, Signal
from switch_bench.network.io import IO


@dataclass(frozen=True)
class Model:
    """A plate and its lamp."""

    look: str
    lumens: float
    colour: Colour = (0.95, 0.95, 0.93)
    rocker: Colour = (0.98, 0.98, 0.96)
    size: tuple[float, float] = (0.086, 0.086)  # m: the BS 4662 and DIN 49073 single plate
    pilot: Colour | None = None


MODELS: Mapping[str, Model] = {
    "white": Model(look="globe", lumens=2000.0),
    "pilot": Model(look="dome", lumens=2500.0, pilot=(1.0, 0.45, 0.05), colour=(0.93, 0.91, 0.84)),
    "graphite": Model(
        look="pendant",
        lumens=1600.0,
        colour=(0.15, 0.16, 0.17),
        rocker=(0.22, 0.23, 0.24),
        size=(0.078, 0.118),
        pilot=(0.3, 0.6, 1.0),
    ),
}


def _logic(io: IO) -> None:
    own, first, second = (bool(io[name]) for name in ("rocker", "other_1", "other_2"))
    odd = own ^ first ^ second ^ bool(io["phase"])
    if io["series"]:
        odd = first and (own ^ second ^ bool(io["phase"]))
    live = bool(io["mains"]) and odd
    lit = live and not io["burnt"]
    io.set("lamp", lit)
    io.set("load", lamps.watts(io.model.lumens) * lit)
    if io.model.pilot:
        io.set("pilot", live and not io["pilot_dead"])


def _declare(model: Model, options: Mapping[str, Any]) -> Device:
    (place,) = lamps.places(options, 1)
    signals = [
        Signal(name="mains", initial=True, kind="input"),
        Signal(name="load", initial=0.0, kind="output", unit="W"),
        Signal(name="other_1", initial=False, kind="input"),
        Signal(name="other_2", initial=False, kind="input"),
        Signal(name="lamp", initial=False, kind="output"),
        Signal(name="phase", initial=bool(options["phase"])),
        Signal(name="series", initial=False),
        Signal(name="burnt", initial=False),
    ]
    faults = {
        "burnt_lamp": Fault("the bulb is burnt out", {"burnt": True}),
        "stuck": Fault("the rocker is stuck", stuck=("rocker",)),
        "series_wiring": Fault(
            "common and traveller are swapped: only while the first far switch lies one way can others light it",
            {"series": True},
        ),
    }
    words = {
        "lamp": ("the light is dark", "the light is lit"),
        "rocker": ("the rocker is down at its lower half", "the rocker is down at its upper half"),
    }
    shows = {"lamp": "body", "rocker": "plate"}
    indicators: tuple[Lamp, ...] = ()
    if model.pilot:
        signals += [
            Signal(name="pilot", initial=False, kind="output"),
            Signal(name="pilot_dead", initial=False),
        ]
        faults["pilot_dead"] = Fault("the pilot light is dead", {"pilot_dead": True})
        words["pilot"] = ("the pilot light is dark", "the pilot light is lit")
        shows["pilot"] = "plate"
        indicators = (Lamp(signal="pilot", at=(0.0, model.size[1] / 2 - 0.010), colour=model.pilot, size=0.005),)
    panel = Panel(
        name="plate",
        at=(0.0, -0.008, 0.0),
        size=model.size,
        thickness=0.008,
        colour=model.colour,
        controls=(
            Rocker(
                name="rocker", at=(0.0, -0.008), colour=model.rocker, label=str(options["label"]), label_side="above"
            ),
        ),
        lamps=indicators,
    )
    return Device(
        panels=(panel,),
        parts=lamps.lamp(model.look, place, "lamp"),
        signals=tuple(signals),
        luminaires=(Luminaire(level="lamp", lux=lamps.lux(model.lumens), zone=place.zone),),
        logic=_logic,
        mains=True,
        faults=faults,
        words=words,
        shows=shows,
        model=model,
    )


KIND = Kind(
    name="two_way_light",
    title="two-way light",
    models=MODELS,
    declare=_declare,
    options={"lamps": ((0.0, 0.0),), "zones": (), "label": "", "phase": False},
    mount="wall",
)
