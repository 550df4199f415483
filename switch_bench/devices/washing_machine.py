"""Washing machine with a dial: programmes in stages, option keys, a start key, and a door that locks.

Start locks the door; it unlocks a minute or two after the end, as its bimetal cools. Without water the filling times
out with a fault; without a shut door nothing starts. A power cut holds the programme, which goes on when the power is
back. Real programmes take hours: `pace` is how many times faster this one is, and its display says what it will really
take.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from switch_bench.controls.button import PushButton
from switch_bench.controls.door import Door
from switch_bench.controls.knob import Knob
from switch_bench.devices.base import Colour, Device, Display, Fault, Kind, Lamp, Panel, Part, Scale, Text
from switch_bench.devices.contacts import contact
from switch_bench.devices.options import number
from switch_bench.devices.washing_cycle import (
    CONTACTS,
    LAMPS,
    PHASES,
    PROGRAMMES,
    SOUNDS,
    SPINS,
    STAGES,
    TEMPERATURES,
    TIMERS,
    logic,
)
from switch_bench.network.declare import Flow, Signal, Timer

Place = tuple[float, float]


@dataclass(frozen=True)
class Model:
    """A machine: the programmes on its dial, clockwise from off, and its face."""

    dial: tuple[str, ...]
    at: Place  # the dial
    keys: Mapping[str, Place]
    screen: tuple[Place, Place]
    lamps: Place  # the first of the stage lamps
    brand: tuple[str, Place]
    colour: Colour
    panel: Colour
    knob: Colour
    door: Colour
    display: Colour = (0.2, 0.9, 1.0)
    hinge: Literal["left", "right"] = "left"


MODELS: Mapping[str, Model] = {
    "front_8": Model(
        dial=("cotton", "eco", "hygiene", "synthetics", "mix", "delicate", "wool", "quick", "rinse", "spin", "drain"),
        at=(-0.030, 0.0),
        keys={"temp": (0.110, -0.038), "spin": (0.155, -0.038), "extra": (0.200, -0.038), "start": (0.258, -0.020)},
        screen=((0.155, 0.018), (0.120, 0.044)),
        lamps=(-0.262, -0.040),
        brand=("LAVANDA 8", (-0.205, 0.042)),
        colour=(0.95, 0.95, 0.95),
        panel=(0.93, 0.93, 0.94),
        knob=(0.80, 0.81, 0.83),
        door=(0.72, 0.73, 0.75),
    ),
    "graphite": Model(
        dial=("eco", "cotton", "mix", "synthetics", "sport", "delicate", "wool", "quick", "rinse", "spin"),
        at=(-0.185, 0.0),
        keys={"temp": (0.045, -0.036), "spin": (0.095, -0.036), "extra": (0.145, -0.036), "start": (0.240, 0.0)},
        screen=((0.085, 0.020), (0.140, 0.044)),
        lamps=(-0.050, -0.040),
        brand=("nordvask", (0.238, 0.044)),
        colour=(0.27, 0.28, 0.29),
        panel=(0.16, 0.17, 0.18),
        knob=(0.62, 0.63, 0.64),
        door=(0.12, 0.12, 0.13),
        display=(1.0, 0.75, 0.25),
        hinge="right",
    ),
    "cottage": Model(
        dial=("cotton", "synthetics", "delicate", "wool", "quick", "sport", "rinse", "spin", "drain"),
        at=(0.190, 0.0),
        keys={"start": (-0.250, 0.0), "temp": (-0.145, -0.036), "spin": (-0.095, -0.036), "extra": (-0.045, -0.036)},
        screen=((-0.095, 0.020), (0.130, 0.044)),
        lamps=(0.020, -0.040),
        brand=("Frau Bach", (-0.240, 0.044)),
        colour=(0.90, 0.92, 0.86),
        panel=(0.60, 0.72, 0.66),
        knob=(0.96, 0.95, 0.90),
        door=(0.88, 0.88, 0.84),
        display=(0.3, 1.0, 0.5),
    ),
}


def _declare(model: Model, options: Mapping[str, Any]) -> Device:
    pace, programme = number(options, "pace", 0.1, 1000.0), str(options["programme"])
    if programme not in ("off", *model.dial):
        raise ValueError(f"programme: {programme!r} isn't on this dial: off, {', '.join(model.dial)}")
    keys = {key: contact(key, title) for key, title in CONTACTS.items()}
    return Device(
        panels=_panels(model, programme),
        parts=_parts(model),
        signals=(
            Signal(name="mains", initial=True, kind="input"),
            Signal(name="load", initial=0.0, kind="output", unit="W"),
            Signal(name="water", initial=True, kind="input"),
            Signal(name="pace", initial=pace),
            Signal(name="phase", initial="off", values=PHASES),
            Signal(name="stage", initial="", values=STAGES),
            Signal(name="programme", initial="drain", values=tuple(PROGRAMMES)),
            Signal(name="temperature", initial=0, values=TEMPERATURES, unit="degC"),
            Signal(name="speed", initial=0, values=SPINS, unit="1/min"),
            Signal(name="more", initial=False),
            Signal(name="at_step", initial=0),
            Signal(name="left", initial=0, unit="us"),
            Signal(name="child_lock", initial=False),
            Signal(name="latch_broken", initial=False),
            Signal(name="running", initial=False),
            Signal(name="lock", initial=False, kind="output", drives=True),
            *(Signal(name=f"lamp_{name}", initial=False, kind="output") for name in (*LAMPS, "lock")),
            Signal(name="time", initial="", kind="output"),
            Signal(name="choice", initial="", kind="output"),
            Signal(name="sound", initial="", kind="sound"),
            *(signal for key in keys.values() for signal in key.signals),
        ),
        flows=(Flow(name="drum", initial=0.0, unit="rad"),),
        timers=(
            *(Timer(name=name) for name in TIMERS),
            *(timer for key in keys.values() for timer in key.timers),
        ),
        logic=logic,
        mains=True,
        faults={
            "water_off": Fault("its water tap is shut", {"water": False}),
            "child_lock": Fault("its child lock is on", {"child_lock": True}),
            "latch_broken": Fault("its door doesn't lock", {"latch_broken": True}),
            "stuck_start": Fault("its start key is jammed", stuck=("start",)),
            **{name: fault for key in keys.values() for name, fault in key.faults.items()},
        },
        words=_words(model),
        shows=dict.fromkeys(
            ("dial", "time", "choice", "phase", "stage", "child_lock", *(f"lamp_{name}" for name in (*LAMPS, "lock"))),
            "controls",
        )
        | {"door": "front", "running": "front"},
        model=model,
    )


def _words(model: Model) -> dict[str, str | tuple[str, ...] | Mapping[Any, str]]:
    titles = {"off": "off", **{name: PROGRAMMES[name].title for name in model.dial}}
    lamps = {"wash": "wash", "rinse": "rinse", "spin": "spin", "end": "end", "lock": "door lock"}
    return {
        "dial": {name: f"the washing machine's dial is at {title}" for name, title in titles.items()},
        "door": {"closed": "the washing machine's door is closed", "open": "the washing machine's door is open"},
        "lock": ("the washing machine's door is unlocked", "the washing machine's door is locked"),
        "water": ("the water tap is shut", "the water tap is open"),
        "running": ("the washing machine rests", "the washing machine runs"),
        "phase": {
            "off": "the washing machine is off",
            "ready": "the washing machine is ready to start",
            "run": "the washing machine has been started",
            "paused": "the washing machine is paused",
            "no_water": "the washing machine reports no water",
            "end": "the washing machine has ended",
        },
        "stage": {stage: f"the washing machine is at {stage or 'nothing'}" for stage in STAGES},
        "programme": {name: f"its programme is {row.title}" for name, row in PROGRAMMES.items()},
        "temperature": "it washes at {} °C",
        "speed": "it spins at {} a minute",
        "more": ("no extra rinse is chosen", "an extra rinse is chosen"),
        "child_lock": ("its child lock is off", "its child lock is on"),
        "time": "its display shows {}",
        "choice": "its options line shows {}",
        "sound": {
            "": "the washing machine is silent",
            "beep": "the washing machine beeps",
            **{sound: f"the washing machine's {sound} is heard" for sound in SOUNDS.values()},
        },
        **{f"lamp_{n}": (f"its {title} lamp is dark", f"its {title} lamp is lit") for n, title in lamps.items()},
        **{key: (f"the {key} key is free", f"the {key} key is pressed") for key in model.keys},
    }


WIDTH, DEPTH, HEIGHT, STRIP = 0.60, 0.58, 0.85, 0.125  # m, the common European case
PORT = 0.36  # m
LEGENDS = {"start": "icon:start_pause", "temp": "icon:temperature", "spin": "icon:spin", "extra": "icon:rinse"}


def _panels(model: Model, programme: str) -> tuple[Panel, ...]:
    names = ("off", *model.dial)
    step = 5.4 / (len(names) - 1)
    angles = tuple((name, i * step) for i, name in enumerate(names))
    x, y = model.lamps
    strip = Panel(
        name="controls",
        at=(0.0, -DEPTH - 0.012, HEIGHT - STRIP / 2 - 0.012),
        size=(WIDTH - 0.004, STRIP),
        thickness=0.012,
        colour=model.panel,
        controls=(
            Knob(name="dial", at=model.at, radius=0.024, colour=model.knob, positions=angles, initial=programme),
            *(
                PushButton(
                    name=key,
                    at=at,
                    size=(0.024, 0.024) if key == "start" else (0.020, 0.015),
                    shape="round" if key == "start" else "square",
                    colour=model.knob,
                    legend=LEGENDS[key],
                    label={"start": "Start", "temp": "Temp", "spin": "Spin", "extra": "Rinse+"}[key],
                )
                for key, at in model.keys.items()
            ),
        ),
        marks=(
            Scale(
                control="dial",
                marks=tuple((PROGRAMMES[n].title if n != "off" else "Off", angle) for n, angle in angles),
                height=0.0095,
            ),
            Text(text=model.brand[0], at=model.brand[1], height=0.007, bold=True),
        ),
        lamps=(
            *(
                Lamp(
                    signal=f"lamp_{n}",
                    at=(x + 0.026 * (i % 3), y + 0.022 * (1 - i // 3)),
                    label=title,
                    label_side="below",
                )
                for i, (n, title) in enumerate((("wash", "Wash"), ("rinse", "Rinse"), ("spin", "Spin"), ("end", "End")))
            ),
            Lamp(signal="lamp_lock", at=(x + 0.026, y), colour=(1.0, 0.45, 0.1), label="Lock", label_side="below"),
        ),
        displays=(
            Display(
                signal="time",
                at=(model.screen[0][0], model.screen[0][1] + model.screen[1][1] * 0.19),
                size=(model.screen[1][0], model.screen[1][1] * 0.62),
                style="seven_segment",
                colour=model.display,
                columns=5,
            ),
            Display(
                signal="choice",
                at=(model.screen[0][0], model.screen[0][1] - model.screen[1][1] * 0.31),
                size=(model.screen[1][0], model.screen[1][1] * 0.38),
                style="dot_matrix",
                colour=model.display,
                columns=12,
            ),
        ),
    )
    front = Panel(
        name="front",
        at=(0.0, -DEPTH, (HEIGHT - STRIP - 0.02) / 2 + 0.03),
        size=(WIDTH - 0.004, HEIGHT - STRIP - 0.08),
        thickness=0.010,
        colour=model.colour,
        controls=(
            Door(
                name="door",
                at=(0.0, 0.02),
                size=(PORT, PORT),
                hinge=model.hinge,
                handle="edge",
                opens=1.9,
                thickness=0.030,
                glass=True,
                colour=model.door,
                locked_by="lock",
            ),
        ),
    )
    return strip, front


def _parts(model: Model) -> tuple[Part, ...]:
    middle = (HEIGHT - STRIP - 0.02) / 2 + 0.05
    paddles = tuple(
        Part(
            size=(0.018, 0.24, 0.003) if k == 0 else (0.24, 0.018, 0.003),  # x, z, y: turned about y
            at=(0.0, -DEPTH - 0.0045, middle),
            axis="y",
            material="steel",
            angle="drum",
            solid=False,
        )
        for k in range(2)
    )
    return (
        Part(
            size=(WIDTH, DEPTH - 0.006, HEIGHT - 0.02), at=(0.0, -(DEPTH - 0.006) / 2, HEIGHT / 2), colour=model.colour
        ),
        Part(size=(WIDTH, DEPTH + 0.008, 0.022), at=(0.0, -DEPTH / 2, HEIGHT - 0.011), colour=model.colour),
        Part(
            size=(WIDTH - 0.04, 0.01, 0.05),
            at=(0.0, -DEPTH + 0.02, 0.028),
            material="plastic_grey",
        ),
        Part(
            shape="cylinder",
            size=(0.26, 0.002),
            at=(0.0, -DEPTH - 0.0015, middle),
            axis="y",
            material="steel_dark",
            solid=False,
        ),
        *paddles,
    )


KIND = Kind(
    name="washing_machine",
    title="washing machine",
    models=MODELS,
    declare=_declare,
    options={"pace": 4.0, "programme": "off"},
    mount="floor",
)
