"""Oven: a mode knob, a temperature knob, a clock that must be set before it heats, a door, and a lamp that cycles.

The cavity warms as a first-order lag and the thermostat switches with hysteresis, so that the heating lamp goes out at
the set point and comes back: a lit lamp means heating, not hot. A power cut loses the clock, and with it the heat.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from math import pi
from typing import Any, Literal

from switch_bench.controls.button import PushButton
from switch_bench.controls.door import Door
from switch_bench.controls.knob import Knob
from switch_bench.devices.base import Colour, Device, Display, Fault, Icon, Kind, Lamp, Panel, Part, Scale, Text
from switch_bench.devices.contacts import contact
from switch_bench.devices.oven_clock import KEYS, clock
from switch_bench.network.declare import SECOND, Comparator, Flow, Signal, ThermalNode, Timer
from switch_bench.network.io import IO

LOSS, LOSS_OPEN = 4.2, 30.0  # W/K; 180 degC is kept with 700 W (EN 60350-1 class A ovens), and with the door open
SHELL, SHELL_LOSS = 30e3, 12.0  # J/K, W/K: what the elements give ends in the room, half an hour later
LOWEST = 50.0  # degC, below that the temperature knob is off
LIGHT = 25.0  # W
CHIME = 2 * SECOND
HEATS = {"bake": "icon:heat_both", "hot_air": "icon:hot_air", "grill": "icon:grill", "pizza": "icon:fan_grill"}
PICTURES = {"off": "0", "light": "icon:oven_light", "defrost": "icon:defrost", **HEATS}

Place = tuple[float, float]


@dataclass(frozen=True)
class Model:
    """An oven: power, thermostat, clock habits, and where things are on its panel."""

    modes: tuple[tuple[str, float], ...]  # mode and the knob's angle [rad]
    mode: Place
    temperature: Place
    keys: Mapping[str, Place]
    screen: tuple[Place, Place]
    lamps: Place  # the heating lamp
    brand: tuple[str, Place]
    colour: Colour
    panel: Colour
    knob: Colour
    display: Colour
    style: Literal["seven_segment", "lcd"] = "seven_segment"
    detents: tuple[int, ...] = ()  # degC; empty: a continuous temperature knob
    watts: float = 2300.0
    capacity: float = 6.4e3  # J/K of cavity and racks: 180 degC from cold in 9 to 13 min
    hysteresis: float = 14.0  # K, capillary thermostats; electronic ones half of that
    accept: int = 6 * SECOND  # an edited clock or timer counts after that; 0: only the clock key accepts it
    timer_cuts: bool = False  # the timer's end ends the heating too
    chimes: bool = False  # it beeps when the set point is reached first


_RIGHT = (("off", 0.0), ("light", 0.75), ("bake", 1.5), ("hot_air", 2.25), ("grill", 3.0), ("pizza", 3.75))
_ROUND = (
    ("off", 0.0),
    ("light", 0.8),
    ("defrost", 1.6),
    ("hot_air", 2.4),
    ("bake", 3.2),
    ("pizza", 4.0),
    ("grill", 4.8),
)
MODELS: Mapping[str, Model] = {
    "classic": Model(
        modes=_RIGHT,
        mode=(-0.215, 0.0),
        temperature=(0.215, 0.0),
        keys={"minus": (-0.045, -0.036), "clock": (0.0, -0.036), "plus": (0.045, -0.036)},
        screen=((0.0, 0.010), (0.110, 0.048)),
        lamps=(0.108, 0.020),
        brand=("FORNELLA", (-0.105, 0.0)),
        colour=(0.72, 0.73, 0.74),
        panel=(0.20, 0.20, 0.21),
        knob=(0.82, 0.82, 0.83),
        display=(1.0, 0.42, 0.08),
        detents=(0, 50, 75, 100, 125, 150, 175, 200, 225, 250),
    ),
    "noir": Model(
        modes=_ROUND,
        mode=(0.060, 0.0),
        temperature=(0.185, 0.0),
        keys={"minus": (-0.135, -0.034), "plus": (-0.185, -0.034), "clock": (-0.235, -0.034)},
        screen=((-0.185, 0.014), (0.120, 0.048)),
        lamps=(-0.100, 0.026),
        brand=("Nordlys", (-0.045, -0.040)),
        colour=(0.10, 0.10, 0.11),
        panel=(0.06, 0.06, 0.07),
        knob=(0.30, 0.30, 0.32),
        display=(0.85, 0.95, 1.0),
        style="lcd",
        watts=2800.0,
        capacity=7.0e3,
        hysteresis=8.0,
        accept=0,
        timer_cuts=True,
        chimes=True,
    ),
    "rustic": Model(
        modes=_RIGHT,
        mode=(0.130, 0.0),
        temperature=(-0.130, 0.0),
        keys={"minus": (0.190, -0.030), "clock": (0.228, -0.030), "plus": (0.266, -0.030)},
        screen=((0.228, 0.012), (0.100, 0.044)),
        lamps=(-0.230, 0.0),
        brand=("Marchetti", (0.0, -0.036)),
        colour=(0.88, 0.84, 0.72),
        panel=(0.90, 0.86, 0.75),
        knob=(0.35, 0.22, 0.14),
        display=(0.15, 1.0, 0.35),
        watts=2000.0,
        capacity=6.0e3,
        hysteresis=18.0,
    ),
}


def _logic(io: IO) -> None:
    powered = bool(io["mains"])
    done, ringing = clock(io, powered, io.model.accept, io.model.timer_cuts)
    model: Model = io.model
    mode = str(io["mode"])
    setpoint = float(io["temperature"])
    door_open = io["door"] == "open"
    if io.changed("mode") or io.changed("temperature"):
        done = False
    wants = powered and bool(io["clock_set"]) and mode in HEATS and setpoint >= LOWEST and not done
    warm = bool(io["warm"])
    heats = wants and not warm
    heater = heats and not io["element_broken"]

    reached = bool(io["reached"]) and wants and not io.changed("temperature")
    if wants and warm and not reached and not io.changed("temperature"):
        reached = True
        if model.chimes and not io.first:
            io.start("chime", CHIME)
    io.set("sound", "beep" if ringing or (io.left("chime") and powered) else "")
    light = powered and (mode != "off" or door_open) and not io["light_burnt"]
    io.set("done", done)
    io.set("reached", reached)
    io.set("threshold", setpoint - float(io["offset"]))
    io.set("heater", heater)
    io.set("heating_lamp", heats and not io["lamp_dead"])
    io.set("light", light)
    io.set("waste", model.watts if heater else 0.0)
    io.set("load", model.watts * heater + LIGHT * light + (2.0 if powered else 0.0))
    course = f"{heater} {door_open}"
    if io["course"] != course:
        io.set("course", course)
        loss = LOSS_OPEN if door_open else LOSS
        gain = model.watts / loss if heater else 0.0
        io.lag("cavity", io.level("@temperature") + gain, model.capacity / loss)


def _declare(model: Model, options: Mapping[str, Any]) -> Device:
    contacts = [contact(key, f"the {key} key") for key in KEYS]
    first = float(model.detents[0]) if model.detents else 0.0
    return Device(
        panels=_panels(model),
        parts=_parts(model),
        interior={"cavity": ((0.0, -0.30, 0.26), (0.44, 0.40, 0.30))},
        signals=(
            Signal(name="mains", initial=True, kind="input"),
            Signal(name="load", initial=0.0, kind="output", unit="W"),
            Signal(name="clock_set", initial=bool(options["clock_set"])),
            Signal(name="edit", initial="", values=("", "clock", "timer")),
            Signal(name="minutes", initial=0, unit="min"),
            Signal(name="zero", initial=0, unit="us"),
            Signal(name="end", initial=0, unit="us"),
            Signal(name="ringing", initial=False),
            Signal(name="done", initial=False),
            Signal(name="reached", initial=False),
            Signal(name="threshold", initial=first, unit="degC"),
            Signal(name="offset", initial=0.0, unit="K"),
            Signal(name="course", initial=""),
            Signal(name="heater", initial=False),
            Signal(name="waste", initial=0.0, unit="W"),
            Signal(name="element_broken", initial=False),
            Signal(name="lamp_dead", initial=False),
            Signal(name="light_burnt", initial=False),
            Signal(name="heating_lamp", initial=False, kind="output"),
            Signal(name="light", initial=False, kind="output"),
            Signal(name="display", initial="", kind="output"),
            Signal(name="sound", initial="", kind="sound"),
            *(signal for c in contacts for signal in c.signals),
        ),
        flows=(Flow(name="cavity", initial=20.0, unit="degC"),),
        comparators=(Comparator(name="warm", flow="cavity", at="threshold", hysteresis=model.hysteresis),),
        timers=(
            *(Timer(name=name) for name in ("edit_over", "bell", "rings", "repeat", "chime")),
            *(timer for c in contacts for timer in c.timers),
        ),
        nodes=(
            ThermalNode(
                name="shell",
                capacity=SHELL,
                initial=20.0,
                links=(("@temperature", SHELL_LOSS),),
                power=("waste",),
            ),
        ),
        logic=_logic,
        mains=True,
        faults={
            "clock_lost": Fault("its clock is unset, as after a power cut", {"clock_set": False}),
            "element_broken": Fault("its element is broken, though its lamp cycles", {"element_broken": True}),
            "lamp_dead": Fault("its heating lamp is dead", {"lamp_dead": True}),
            "light_burnt": Fault("its light is burnt out", {"light_burnt": True}),
            "sensor_offset": Fault("its thermostat reads 40 degrees too hot", {"offset": 40.0}),
            "stuck_clock_key": Fault("its clock key is jammed", stuck=("clock",)),
            **{name: fault for c in contacts for name, fault in c.faults.items()},
        },
        words={
            "mode": {mode: f"the oven's mode knob is at {mode.replace('_', ' ')}" for mode, _ in model.modes},
            "temperature": "the oven's temperature knob is at {}",
            "door": {"closed": "the oven's door is closed", "open": "the oven's door is open"},
            "heating_lamp": ("the oven's heating lamp is dark", "the oven's heating lamp is lit"),
            "heater": ("the oven doesn't heat", "the oven heats"),
            "light": ("the oven's light is off", "the oven's light is on"),
            "cavity": "the oven is at {:.0f} °C",
            "warm": ("the oven is below its set temperature", "the oven has its set temperature"),
            "clock_set": ("the oven's clock isn't set", "the oven's clock is set"),
            "display": "the oven's display shows {}",
            "ringing": ("the oven's timer is silent", "the oven's timer rings"),
            "sound": {"": "the oven is silent", "beep": "the oven beeps"},
            **{key: (f"the {key} key is free", f"the {key} key is pressed") for key in KEYS},
        },
        shows={
            "mode": "controls",
            "temperature": "controls",
            "display": "controls",
            "clock_set": "controls",
            "heating_lamp": "controls",
            "door": "body",
            "light": "body",
        },
        model=model,
    )


WIDTH, DEPTH, HEIGHT, STRIP = 0.595, 0.56, 0.595, 0.110  # m, EN 1116 built-in oven and its control strip
DOOR = (0.585, 0.455)  # m


def _panels(model: Model) -> tuple[Panel, ...]:
    if model.detents:
        middle = (len(model.detents) - 1) / 2
        temperature = Knob(
            name="temperature",
            at=model.temperature,
            radius=0.021,
            colour=model.knob,
            positions=tuple((str(d), (i - middle) * 0.52) for i, d in enumerate(model.detents)),
            initial=str(model.detents[0]),
        )
        marks: tuple[tuple[str, float], ...] = ()
    else:
        temperature = Knob(
            name="temperature",
            at=model.temperature,
            radius=0.021,
            colour=model.knob,
            turn=(-2.5, 2.5),
            scale=(0.0, 250.0),
            step=5.0,
            initial=0.0,
        )
        marks = tuple((str(d), d / 50.0 - 2.5) for d in (0, 50, 100, 150, 200, 250))
    legends = {"minus": "icon:minus", "clock": "icon:clock", "plus": "icon:plus"}
    strip = Panel(
        name="controls",
        at=(0.0, -DEPTH - 0.020, HEIGHT - STRIP / 2),
        size=(WIDTH, STRIP),
        thickness=0.020,
        colour=model.panel,
        controls=(
            Knob(
                name="mode",
                at=model.mode,
                radius=0.021,
                colour=model.knob,
                positions=model.modes,
                initial=model.modes[0][0],
            ),
            temperature,
            *(
                PushButton(name=key, at=at, size=(0.017, 0.017), colour=model.knob, legend=legends[key])
                for key, at in model.keys.items()
            ),
        ),
        marks=(
            Scale(control="mode", marks=tuple((PICTURES[mode], angle) for mode, angle in model.modes)),
            Scale(control="temperature", marks=marks),
            Text(text="°C", at=(model.temperature[0] + 0.046, model.temperature[1] - 0.040), height=0.006),
            Text(text=model.brand[0], at=model.brand[1], height=0.007, bold=True),
            Icon(name="heat", at=(model.lamps[0] + 0.014, model.lamps[1]), size=0.012),
        ),
        lamps=(Lamp(signal="heating_lamp", at=model.lamps, colour=(1.0, 0.22, 0.08), size=0.007),),
        displays=(
            Display(
                signal="display",
                at=model.screen[0],
                size=model.screen[1],
                style=model.style,
                colour=model.display,
                columns=5,
            ),
        ),
    )
    sill = 0.020
    door = Panel(
        name="sill",
        at=(0.0, -DEPTH, sill / 2),
        size=(WIDTH, sill),
        thickness=0.010,
        colour=model.colour,
        controls=(
            Door(
                name="door",
                at=(0.0, sill / 2 + DOOR[1] / 2),
                size=DOOR,
                hinge="bottom",
                handle="bar",
                opens=pi / 2,
                thickness=0.020,
                glass=True,
                colour=model.colour,
            ),
        ),
    )
    return strip, door


def _parts(model: Model) -> tuple[Part, ...]:
    wall, low, high = 0.05, 0.020, HEIGHT - STRIP
    inside = (0.055, 0.055, 0.06)
    middle = (low + high) / 2
    racks = tuple(
        Part(shape="cylinder", size=(0.004, 0.40), at=(x, -0.31, 0.20), axis="y", material="steel")
        for x in (-0.20, -0.15, -0.10, -0.05, 0.0, 0.05, 0.10, 0.15, 0.20)
    )
    return (
        Part(size=(wall, DEPTH, high - low), at=(-WIDTH / 2 + wall / 2, -DEPTH / 2, middle), colour=inside),
        Part(size=(wall, DEPTH, high - low), at=(WIDTH / 2 - wall / 2, -DEPTH / 2, middle), colour=inside),
        Part(size=(WIDTH, DEPTH, STRIP), at=(0.0, -DEPTH / 2, HEIGHT - STRIP / 2), colour=inside),
        Part(size=(WIDTH, DEPTH, 0.06), at=(0.0, -DEPTH / 2, 0.03), colour=inside),
        Part(size=(WIDTH - 2 * wall, 0.08, high - low), at=(0.0, -0.04, middle), colour=inside),
        Part(shape="cylinder", size=(0.20, 0.006), at=(0.0, -0.083, middle), axis="y", material="steel", solid=False),
        Part(
            shape="cylinder",
            size=(0.05, 0.02),
            at=(0.17, -0.09, high - 0.06),
            axis="y",
            colour=(1.0, 0.85, 0.55),
            glow="light",
            solid=False,
        ),
        *racks,
    )


KIND = Kind(
    name="oven",
    title="oven",
    models=MODELS,
    declare=_declare,
    options={"clock_set": True},
    mount="built_in",
)
