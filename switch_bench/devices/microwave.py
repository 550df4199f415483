"""Microwave with a keypad: type a time, start; the door interlocks; it pauses and resumes; it beeps at the end.

An opened door stops it and keeps the time that is left; it goes on only when the door is shut and start is pressed
again. Stop pauses, stop again clears. Holding stop for three seconds locks the keys. A power cut forgets what it was
doing.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from switch_bench.controls.door import Door
from switch_bench.controls.keypad import Keypad
from switch_bench.devices.base import Colour, Device, Display, Fault, Kind, Panel, Part, Text
from switch_bench.devices.contacts import contact
from switch_bench.devices.microwave_programme import PHASES, TIMERS, logic
from switch_bench.devices.options import number
from switch_bench.network.declare import Comparator, Flow, Signal, Timer


@dataclass(frozen=True)
class Model:
    """A microwave: power, keypad, habits, and its face."""

    watts: float  # into the food
    keys: tuple[tuple[str, ...], ...]
    size: tuple[float, float, float]  # width, depth, height [m]
    strip: float  # width of the panel [m]
    colour: Colour
    panel: Colour
    key: Colour
    display: Colour
    brand: str
    pitch: tuple[float, float] = (0.034, 0.038)
    key_size: tuple[float, float] = (0.026, 0.027)
    legends: Mapping[str, str] = field(default_factory=dict)
    style: Literal["seven_segment", "lcd"] = "seven_segment"
    right: bool = True  # the panel's side
    quick: bool = True  # start without a time adds half a minute
    reminds: bool = False
    handle: Literal["bar", "knob", "edge"] = "bar"


_PHONE = (("1", "2", "3"), ("4", "5", "6"), ("7", "8", "9"), ("stop", "0", "start"))
_CALCULATOR = (("7", "8", "9"), ("4", "5", "6"), ("1", "2", "3"), ("0", "stop", "start"))
MODELS: Mapping[str, Model] = {
    "onyx": Model(
        watts=800.0,
        keys=_PHONE,
        size=(0.50, 0.38, 0.29),
        strip=0.120,
        colour=(0.07, 0.07, 0.08),
        panel=(0.10, 0.10, 0.11),
        key=(0.26, 0.26, 0.28),
        display=(0.20, 1.0, 0.45),
        brand="ONYX 800",
        legends={"stop": "STOP", "start": "START"},
    ),
    "galley": Model(
        watts=1000.0,
        keys=(("1", "2", "3", "4", "5"), ("6", "7", "8", "9", "0"), ("stop", "", "", "", "start")),
        size=(0.56, 0.40, 0.31),
        strip=0.190,
        colour=(0.75, 0.76, 0.77),
        panel=(0.82, 0.83, 0.84),
        key=(0.95, 0.95, 0.95),
        display=(0.15, 0.20, 0.25),
        brand="Galley Inverter",
        pitch=(0.034, 0.052),
        key_size=(0.026, 0.034),
        legends={"stop": "icon:stop", "start": "icon:start"},
        style="lcd",
        quick=False,
        reminds=True,
        handle="edge",
    ),
    "cream": Model(
        watts=700.0,
        keys=_CALCULATOR,
        size=(0.46, 0.34, 0.27),
        strip=0.112,
        colour=(0.90, 0.86, 0.76),
        panel=(0.93, 0.90, 0.82),
        key=(0.45, 0.60, 0.56),
        display=(1.0, 0.35, 0.10),
        brand="Pomme",
        pitch=(0.031, 0.034),
        key_size=(0.024, 0.024),
        legends={"stop": "II/0", "start": "GO"},
        right=False,
        handle="knob",
    ),
}


def _declare(model: Model, options: Mapping[str, Any]) -> Device:
    stop, start = contact("key_stop", "the stop key"), contact("key_start", "the start key")
    width, depth, height = model.size
    inner = width - model.strip
    side = -1.0 if model.right else 1.0
    return Device(
        panels=_panels(model),
        parts=_parts(model),
        interior={
            "cavity": ((side * model.strip / 2, -depth / 2, height / 2), (inner - 0.06, depth - 0.08, height - 0.08))
        },
        signals=(
            Signal(name="mains", initial=True, kind="input"),
            Signal(name="load", initial=0.0, kind="output", unit="W"),
            Signal(name="filled", initial=bool(options["filled"]), kind="input"),
            Signal(name="phase", initial="idle", values=PHASES),
            Signal(name="typed", initial=""),
            Signal(name="left", initial=0, unit="us"),
            Signal(name="locked", initial=False),
            Signal(name="clock_known", initial=True),
            Signal(name="warming", initial=False),
            Signal(name="magnetron_dead", initial=False),
            Signal(name="light_burnt", initial=False),
            Signal(name="cooking", initial=False),
            Signal(name="heating", initial=False),
            Signal(name="light", initial=False, kind="output"),
            Signal(name="display", initial="", kind="output"),
            Signal(name="sound", initial="", kind="sound"),
            *stop.signals,
            *start.signals,
        ),
        flows=(
            Flow(name="food", initial=number(options, "temperature", -20.0, 100.0), unit="degC"),
            Flow(name="table", initial=0.0, unit="rad"),
        ),
        comparators=(Comparator(name="food_hot", flow="food", at=65.0, hysteresis=4.0),),
        timers=(*(Timer(name=name) for name in TIMERS), *stop.timers, *start.timers),
        logic=logic,
        mains=True,
        faults={
            "keys_locked": Fault("its child lock is on", {"locked": True}),
            "magnetron_dead": Fault("it counts and turns but doesn't heat", {"magnetron_dead": True}),
            "light_burnt": Fault("its light is burnt out", {"light_burnt": True}),
            "stuck_start": Fault("its start key is jammed", stuck=("key_start",)),
            **stop.faults,
            **start.faults,
        },
        words={
            "door": {"closed": "the microwave's door is closed", "open": "the microwave's door is open"},
            "phase": {
                "idle": "the microwave is idle",
                "cook": "the microwave runs",
                "paused": "the microwave is paused",
                "done": "the microwave is done",
            },
            "cooking": ("the microwave doesn't run", "the microwave runs"),
            "heating": ("the microwave doesn't heat", "the microwave heats"),
            "light": ("the microwave's light is off", "the microwave's light is on"),
            "locked": ("the microwave's keys are free", "the microwave's keys are locked"),
            "filled": ("the microwave is empty", "there is food in the microwave"),
            "food": "the food in the microwave is at {:.0f} °C",
            "food_hot": ("the food isn't hot", "the food is hot"),
            "display": "the microwave's display shows {}",
            "sound": {"": "the microwave is silent", "beep": "the microwave beeps", "hum": "the microwave hums"},
            **{
                f"key_{key}": (f"the {key} key is free", f"the {key} key is pressed")
                for row in model.keys
                for key in row
                if key
            },
        },
        shows={
            "display": "keys",
            "locked": "keys",
            "phase": "keys",
            "cooking": "body",
            "light": "body",
            "door": "body",
            "filled": "body",
        },
        model=model,
    )


def _panels(model: Model) -> tuple[Panel, ...]:
    width, depth, height = model.size
    side = 1.0 if model.right else -1.0
    x = side * (width - model.strip) / 2
    rows = len(model.keys)
    screen = (model.strip - 0.024, 0.036)
    top = height / 2 - 0.026
    keys_height = (rows - 1) * model.pitch[1] + model.key_size[1]
    keys_y = top - screen[1] / 2 - 0.030 - keys_height / 2
    inner = width - model.strip
    return (
        Panel(
            name="keys",
            at=(x, -depth - 0.012, height / 2),
            size=(model.strip, height - 0.004),
            thickness=0.012,
            colour=model.panel,
            controls=(
                Keypad(
                    name="key",
                    at=(0.0, keys_y),
                    keys=model.keys,
                    pitch=model.pitch,
                    size=model.key_size,
                    colour=model.key,
                    legends=dict(model.legends),
                ),
            ),
            marks=(Text(text=model.brand, at=(0.0, -height / 2 + 0.016), height=0.006, bold=True),),
            displays=(
                Display(
                    signal="display",
                    at=(0.0, top - 0.006),
                    size=screen,
                    style=model.style,
                    colour=model.display,
                    columns=5,
                ),
            ),
        ),
        Panel(
            name="sill",
            at=(-side * model.strip / 2, -depth, 0.008),
            size=(inner, 0.016),
            thickness=0.006,
            colour=model.colour,
            controls=(
                Door(
                    name="door",
                    at=(0.0, height / 2 - 0.008),
                    size=(inner - 0.002, height - 0.004),
                    hinge="left" if model.right else "right",
                    handle=model.handle,
                    opens=1.9,
                    thickness=0.022,
                    glass=True,
                    colour=model.colour,
                ),
            ),
        ),
    )


DISH = (0.105, 0.070)  # m, diameter and height of what the food is in: between a mug and a bowl


def _parts(model: Model) -> tuple[Part, ...]:
    width, depth, height = model.size
    side = 1.0 if model.right else -1.0
    wall, inner = 0.018, width - model.strip
    middle = -side * model.strip / 2
    inside = (0.82, 0.82, 0.80)
    return (
        Part(size=(width, depth, wall), at=(0.0, -depth / 2, height - wall / 2), colour=model.colour),
        Part(size=(width, depth, wall), at=(0.0, -depth / 2, wall / 2 + 0.008), colour=model.colour),
        Part(
            size=(wall, depth, height - 0.008),
            at=(-side * (width - wall) / 2, -depth / 2, height / 2 + 0.004),
            colour=model.colour,
        ),
        Part(
            size=(model.strip, depth, height - 0.008),
            at=(side * inner / 2, -depth / 2, height / 2 + 0.004),
            colour=model.colour,
        ),
        Part(size=(inner, 0.012, height - 0.008), at=(middle, -0.006, height / 2 + 0.004), colour=model.colour),
        Part(
            size=(inner - 2 * wall, 0.004, height - 0.05), at=(middle, -0.016, height / 2), colour=inside, solid=False
        ),
        Part(
            size=(inner - 2 * wall, depth - 0.02, 0.003),
            at=(middle, -depth / 2, wall + 0.010),
            colour=inside,
            solid=False,
        ),
        Part(
            size=(0.10, 0.010, 0.020),
            at=(middle, -0.024, height - 0.060),
            colour=(1.0, 0.90, 0.65),
            glow="light",
            solid=False,
        ),
        Part(
            shape="cylinder",
            size=(min(inner, depth) - 0.09, 0.006),
            at=(middle, -depth / 2, wall + 0.016),
            material="glass",
            angle="table",
            solid=False,
        ),
        Part(
            shape="cylinder",
            size=DISH,
            at=(middle, -depth / 2, wall + 0.019 + DISH[1] / 2),
            material="enamel",
            colour=(0.90, 0.93, 0.96),
            glow="filled",
            hidden=True,
            shines=False,
            solid=False,
        ),
        *(
            Part(size=(0.03, 0.03, 0.008), at=(x, y, 0.004), material="rubber")
            for x in (-width / 2 + 0.04, width / 2 - 0.04)
            for y in (-0.05, -depth + 0.05)
        ),
    )


KIND = Kind(
    name="microwave",
    title="microwave",
    models=MODELS,
    declare=_declare,
    options={"filled": True, "temperature": 8.0},
    mount="counter",
)
