"""Dimmer light: a push-and-turn knob and one lamp. A push turns it on or off; turning sets how bright.

The lamp's level runs from the trim level (the installer's lowest setting, so that the lamp doesn't go out or flicker
at the knob's end) to 1, and takes a second to get where it is sent. A change of the input `told` (a home panel's order)
turns it on or off as well. Without mains it is dark at once; what happens when the mains return is the model's: the
last state, or off. The knob can be turned while the light is off; that shows when it is next on.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from math import pi
from typing import Any, Literal

from switch_bench.controls.push_turn_knob import PushTurnKnob
from switch_bench.devices import lamps
from switch_bench.devices.base import Colour, Device, Fault, Icon, Kind, Lamp, Panel, Scale
from switch_bench.devices.contacts import contact, pressed
from switch_bench.network.declare import Comparator, Flow, Luminaire, Signal, Timer, seconds
from switch_bench.network.io import IO

TURN = 5 / 6 * pi  # rad each way: 300° in all, the electrical travel of a carbon rotary potentiometer
FADE = 1.0  # s, soft start and change of a LED push dimmer
TRIM = 0.10  # of full light: the usual lowest setting of a trailing-edge LED dimmer
DROP_OUT = 0.05  # of full light: below this a retrofit LED's driver can't start (NEMA SSL 7A dims to 5-20 %)


@dataclass(frozen=True)
class Model:
    """A dimmer: its plate, its lamp, and whether it comes back as it was when the mains return."""

    look: str
    lumens: float
    colour: Colour = (0.95, 0.95, 0.93)
    knob: Colour = (0.97, 0.97, 0.95)
    radius: float = 0.020  # m
    size: tuple[float, float] = (0.086, 0.086)  # m
    finish: Literal["plain", "brushed"] = "plain"
    indicator: Colour | None = None
    returns: bool = True


MODELS: Mapping[str, Model] = {
    "white": Model(look="pendant", lumens=2400.0),
    "brass": Model(
        look="globe",
        lumens=1800.0,
        colour=(0.72, 0.60, 0.34),
        knob=(0.80, 0.68, 0.40),
        radius=0.016,
        finish="brushed",
        returns=False,
    ),
    "black_led": Model(
        look="panel",
        lumens=3600.0,
        colour=(0.12, 0.12, 0.13),
        knob=(0.20, 0.20, 0.21),
        radius=0.022,
        size=(0.090, 0.100),
        indicator=(0.2, 1.0, 0.3),
    ),
}


def _logic(io: IO) -> None:
    model: Model = io.model
    powered = bool(io["mains"])
    push = pressed(io, "dim_push")
    on = bool(io["on"])
    if io.rose("mains") and not model.returns:
        on = False
    if io.changed("told") and powered:
        on = bool(io["told"])
    if push and powered:
        on = not on
    io.set("on", on)
    if model.indicator:
        io.set("indicator", powered and on)
    _aim(io, _wanted(io) if powered and on else 0.0, powered)


def _wanted(io: IO) -> float:
    """The share of full light that the knob and the trim ask for, as the lamp can give it."""
    trim = float(io["trim"])
    share = trim + (1.0 - trim) * float(io["dim"])
    return 0.0 if io["burnt"] or share < DROP_OUT else share


def _aim(io: IO, target: float, powered: bool) -> None:
    """Send the lamp to `target`: at once at reset and without mains, else over the fade."""
    full = lamps.watts(io.model.lumens)
    if io.fired("fade"):
        io.hold("level", float(io["target"]))
        io.set("load", full * float(io["target"]))
    if io.first or not powered:
        io.stop("fade")
        io.hold("level", target)
        io.set("load", full * target)
    elif target != io["target"]:
        level = io.level("level")
        io.ramp("level", (target - level) / FADE)
        io.start("fade", seconds(FADE))
        io.set("load", full * max(level, target))
    io.set("target", target)


def _declare(model: Model, options: Mapping[str, Any]) -> Device:
    (place,) = lamps.places(options, 1)
    push = contact("dim_push", "the knob")
    signals = [
        Signal(name="mains", initial=True, kind="input"),
        Signal(name="load", initial=0.0, kind="output", unit="W"),
        Signal(name="told", initial=False, kind="input"),
        Signal(name="on", initial=False),
        Signal(name="target", initial=0.0),
        Signal(name="trim", initial=TRIM),
        Signal(name="burnt", initial=False),
    ]
    words: dict[str, Any] = {
        "lit": ("the dimmed lamp is dark", "the dimmed lamp is lit"),
        "level": "the dimmed lamp is at {:.0%} of its light",
        "dim": "the dimmer's knob stands at {:.0%}",
        "dim_push": ("the dimmer's knob is out", "the dimmer's knob is pushed in"),
    }
    shows = {"lit": "body", "level": "body", "dim": "plate"}
    indicators: tuple[Lamp, ...] = ()
    if model.indicator:
        signals.append(Signal(name="indicator", initial=False, kind="output"))
        words["indicator"] = ("the dimmer's indicator is dark", "the dimmer's indicator is lit")
        shows["indicator"] = "plate"
        indicators = (
            Lamp(signal="indicator", at=(0.0, model.size[1] / 2 - 0.008), colour=model.indicator, size=0.004),
        )
    panel = Panel(
        name="plate",
        at=(0.0, -0.008, 0.0),
        size=model.size,
        thickness=0.008,
        colour=model.colour,
        finish=model.finish,
        controls=(
            PushTurnKnob(
                name="dim",
                at=(0.0, -0.003),
                radius=model.radius,
                colour=model.knob,
                interlock=False,
                turn=(-TURN, TURN),
                scale=(0.0, 1.0),
                step=0.05,
                initial=0.6,
                label=str(options["label"]),
                label_side="above",
            ),
        ),
        marks=(
            Scale(control="dim", marks=(("icon:moon", -TURN), ("icon:sun", TURN))),
            Icon(name="dimmer", at=(0.0, -model.size[1] / 2 + 0.008), size=0.009),
        ),
        lamps=indicators,
    )
    return Device(
        panels=(panel,),
        parts=lamps.lamp(model.look, place, "level"),
        signals=(*signals, *push.signals),
        flows=(Flow(name="level", initial=0.0),),
        comparators=(Comparator(name="lit", flow="level", at=0.02, hysteresis=0.01),),
        timers=(Timer(name="fade"), *push.timers),
        luminaires=(Luminaire(level="level", lux=lamps.lux(model.lumens), zone=place.zone),),
        logic=_logic,
        mains=True,
        faults={
            "burnt_lamp": Fault("the lamp is burnt out", {"burnt": True}),
            "stuck": Fault("the knob can't be turned or pushed", stuck=("dim",)),
            "trim_too_low": Fault("the trim is set too low: the lamp goes out at the knob's lower end", {"trim": 0.0}),
            "trim_too_high": Fault("the trim is set too high: the light can't go under a half", {"trim": 0.5}),
            **push.faults,
        },
        words=words,
        shows=shows,
        model=model,
    )


KIND = Kind(
    name="dimmer_light",
    title="dimmer light",
    models=MODELS,
    declare=_declare,
    options={"lamps": ((0.0, 0.0),), "zones": (), "label": ""},
    mount="wall",
)
