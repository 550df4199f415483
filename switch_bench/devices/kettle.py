"""Kettle: a free body on a base, with a lid and a latching lever that pops up by itself.

It heats by mass and power. Steam from a boil reaches the bimetal behind the lid and throws the lever off after three
seconds; with the lid open the steam escapes and it boils on until it is dry, when a second, hotter thermostat opens.
While the bimetal is warm the lever won't stay down. Without water, without the base or without mains it does what a
real one does.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from switch_bench.controls.door import Door
from switch_bench.controls.lever import Lever
from switch_bench.devices.base import Colour, Device, Fault, Kind, Lamp, Panel, Part, Text
from switch_bench.devices.options import number
from switch_bench.network.declare import MS, SECOND, Comparator, Flow, Signal, Timer
from switch_bench.network.io import IO

WATER = 4186.0  # J/(kg·K), and 1 kg a litre
VAPOUR = 2.257e6  # J/kg, heat of vaporisation at 100 degC
EMPTY = 300.0  # J/K, element and steel floor without water
JUG = 350.0  # J/K, the jug that warms with the water
LOSS, LOSS_OPEN = 1.3, 3.0  # W/K, lid closed (a litre cools to 90 degC in about 8 min) and open
FULL = 1.7  # l, the common MAX mark
DRY = 0.03  # l, no longer covers the floor
STEAM = 3 * SECOND  # of steam until the bimetal snaps (Strix: switches off within 3 to 10 s of boiling)
WARM = 20 * SECOND  # until it has snapped back and the lever stays down again
CLICK = 300 * MS
POP = 0.2  # N·m on the lever: 8 N at its tip, over twice its detent

ON = -0.35  # rad, the lever pressed down


@dataclass(frozen=True)
class Model:
    """A kettle: its power, its jug and handle, and how its lever and lid look."""

    watts: float
    diameter: float  # m
    height: float  # m, of the jug
    colour: Colour
    material: str
    trim: Colour
    lever: Colour
    lamp: Colour
    handle: float = 1.0  # on the right (1) or the left (−1)
    glass: bool = False  # the lit water shows
    brand: str = ""
    taper: int = 1  # stacked rings by which it narrows upwards


MODELS: Mapping[str, Model] = {
    "steel": Model(
        watts=2200.0,
        diameter=0.150,
        height=0.175,
        colour=(0.78, 0.79, 0.80),
        material="steel",
        trim=(0.08, 0.08, 0.09),
        lever=(0.15, 0.15, 0.16),
        lamp=(1.0, 0.35, 0.08),
        brand="1.7 l",
    ),
    "cream": Model(
        watts=3000.0,
        diameter=0.165,
        height=0.190,
        colour=(0.93, 0.89, 0.78),
        material="plastic",
        trim=(0.55, 0.40, 0.27),
        lever=(0.86, 0.20, 0.14),
        lamp=(0.2, 0.6, 1.0),
        handle=-1.0,
        brand="QUICK",
        taper=8,
    ),
    "glass": Model(
        watts=1850.0,
        diameter=0.155,
        height=0.185,
        colour=(0.62, 0.78, 0.86),
        material="glass",
        trim=(0.16, 0.17, 0.18),
        lever=(0.80, 0.81, 0.82),
        lamp=(0.25, 0.55, 1.0),
        glass=True,
    ),
}


def _logic(io: IO) -> None:
    model: Model = io.model
    down, lid_open = io["lever"] == "on", io["lid"] == "open"
    wet, overheat = bool(io["wet"]), bool(io["overheat"])
    snapped = bool(io["snapped"]) and not io.fired("warm")
    hot = bool(io["boiling"])

    live = bool(io["mains"]) and bool(io["on_base"]) and down and not snapped and not overheat
    heating = live and not io["element_broken"]
    boils = heating and wet and hot
    if boils and not lid_open and not io["bimetal_dead"]:
        if io.fired("steam"):
            snapped, live, heating, boils = True, False, False, False
            io.start("warm", WARM)
        elif not io.left("steam"):
            io.start("steam", STEAM)
    else:
        io.stop("steam")

    pop = down and (snapped or overheat)
    if pop and not io["pop"]:
        io.start("click", CLICK)
    clicking = (pop and not io["pop"]) or io.left("click") > 0
    io.set("snapped", snapped)
    io.set("pop", pop)
    io.set("heating", heating)
    io.set("boils", boils)
    io.set("lamp", live and not io["lamp_dead"])
    io.set("load", model.watts if heating else 0.0)
    io.set("sound", "click" if clicking else "boil" if boils else "rumble" if heating and io["near"] else "")
    _heat(io, heating, boils, wet, lid_open)


def _heat(io: IO, heating: bool, boils: bool, wet: bool, lid_open: bool) -> None:
    """Anchor the water's temperature and volume anew where something that moves them has changed."""
    course = "boil" if boils else f"{'heat' if heating else 'cool'}{' wet' if wet else ''}{' open' if lid_open else ''}"
    if course == io["course"]:
        return
    io.set("course", course)
    watts = io.model.watts
    if boils:
        io.hold("temperature")
        io.ramp("volume", -watts / VAPOUR)
        return
    io.hold("volume")
    loss = LOSS_OPEN if lid_open else LOSS
    capacity = JUG + WATER * io.level("volume") if wet else EMPTY
    gain = watts / loss if heating else 0.0
    io.lag("temperature", io.level("@temperature") + gain, capacity / loss)


def _declare(model: Model, options: Mapping[str, Any]) -> Device:
    fill, warm = number(options, "fill", 0.0, FULL), number(options, "temperature", 0.0, 99.0)
    return Device(
        panels=_panels(model),
        parts=_parts(model),
        free=True,
        mass=1.0 + fill,
        signals=(
            Signal(name="mains", initial=True, kind="input"),
            Signal(name="load", initial=0.0, kind="output", unit="W"),
            Signal(name="on_base", initial=bool(options["on_base"]), kind="input"),
            Signal(name="pop", initial=False, kind="output", drives=True),
            Signal(name="lamp", initial=False, kind="output"),
            Signal(name="heating", initial=False),
            Signal(name="boils", initial=False, kind="output"),
            Signal(name="snapped", initial=False),
            Signal(name="course", initial=""),
            Signal(name="element_broken", initial=False),
            Signal(name="bimetal_dead", initial=False),
            Signal(name="lamp_dead", initial=False),
            Signal(name="sound", initial="", kind="sound"),
        ),
        flows=(
            Flow(name="temperature", initial=warm, unit="degC"),
            Flow(name="volume", initial=fill, unit="l"),
        ),
        comparators=(
            Comparator(name="near", flow="temperature", at=72.0, hysteresis=4.0),
            Comparator(name="boiling", flow="temperature", at=99.5, hysteresis=1.0),
            Comparator(name="overheat", flow="temperature", at=115.0, hysteresis=50.0),
            Comparator(name="wet", flow="volume", at=DRY, hysteresis=0.01),
        ),
        timers=(Timer(name="steam"), Timer(name="warm"), Timer(name="click")),
        logic=_logic,
        mains=True,
        faults={
            "lamp_dead": Fault("its lamp is dead", {"lamp_dead": True}),
            "element_broken": Fault("its element is broken, though its lamp lights", {"element_broken": True}),
            "bimetal_dead": Fault("it doesn't switch off by itself when it boils", {"bimetal_dead": True}),
            "no_contact": Fault("it stands beside its contact: no power reaches it", {"on_base": False}),
        },
        words={
            "lever": {"off": "the kettle's lever is up", "on": "the kettle's lever is down"},
            "lid": {"closed": "the kettle's lid is closed", "open": "the kettle's lid is open"},
            "lamp": ("the kettle's lamp is dark", "the kettle's lamp is lit"),
            "heating": ("the kettle doesn't heat", "the kettle heats"),
            "boils": ("the kettle doesn't boil", "the kettle boils"),
            "boiling": ("the water is below boiling", "the water is boiling hot"),
            "wet": ("the kettle is empty", "there is water in the kettle"),
            "overheat": ("the kettle isn't overheated", "the kettle has boiled dry"),
            "on_base": ("the kettle is off its base", "the kettle stands on its base"),
            "pop": ("the kettle leaves its lever alone", "the kettle throws its lever off"),
            "temperature": "the water is at {:.0f} °C",
            "volume": "there are {:.2f} l in the kettle",
            "sound": {
                "": "the kettle is silent",
                "rumble": "the kettle rumbles",
                "boil": "the kettle bubbles",
                "click": "the kettle clicks",
            },
        },
        shows={"lever": "foot", "lamp": "foot", "lid": "top", "boils": "body", "on_base": "body"},
        model=model,
    )


BASE = 0.022  # m, height of the base
CENTRE = 0.12  # m, from the back to the jug's axis


def _panels(model: Model) -> tuple[Panel, ...]:
    x = model.handle * (model.diameter / 2 + 0.030)
    top = BASE + model.height
    return (
        Panel(
            name="foot",
            at=(x, -CENTRE - 0.034, BASE + 0.034),
            size=(0.044, 0.056),
            thickness=0.010,
            colour=model.trim,
            controls=(
                Lever(
                    name="lever",
                    at=(0.0, -0.004),
                    colour=model.lever,
                    positions=(("off", 0.0), ("on", ON)),
                    arm=0.024,
                    along="y",
                    drive="pop",
                    driven={True: 0.0},
                    drive_force=POP,
                ),
            ),
            marks=(Text(text="I", at=(-0.015, -0.019), height=0.005), Text(text="O", at=(-0.015, 0.012), height=0.005)),
            lamps=(Lamp(signal="lamp", at=(0.0, 0.022), colour=model.lamp, size=0.006),),
        ),
        Panel(
            name="top",
            at=(0.0, -CENTRE, top + 0.006),
            size=(model.diameter * 0.66, model.diameter * 0.66),
            tilt=1.5707963267948966,
            thickness=0.006,
            colour=model.trim,
            controls=(
                Door(
                    name="lid",
                    at=(0.0, 0.0),
                    size=(model.diameter * 0.60, model.diameter * 0.60),
                    hinge="top",
                    handle="knob",
                    opens=1.2,
                    catch=1.5,  # N: a lid that a finger lifts off without lifting the kettle
                    thickness=0.008,
                    colour=model.trim,
                ),
            ),
        ),
    )


def _parts(model: Model) -> tuple[Part, ...]:
    d, h, side = model.diameter, model.height, model.handle
    base = Part(
        shape="cylinder",
        size=(d + 0.010, BASE - 0.002),
        at=(0.0, -CENTRE, BASE / 2 - 0.001),
        frame="stand",
        colour=model.trim,
    )
    floor = Part(shape="cylinder", size=(d, 0.020), at=(0.0, -CENTRE, BASE + 0.010), colour=model.trim)
    ring = (h - 0.020) / model.taper
    jug = tuple(
        Part(
            shape="cylinder",
            size=(d * (1.0 - 0.02 * i), ring),
            at=(0.0, -CENTRE, BASE + 0.020 + (i + 0.5) * ring),
            material=model.material,
            colour=model.colour,
            glow="lamp" if model.glass else None,
        )
        for i in range(model.taper)
    )
    x = side * (d / 2 + 0.034)
    handle = (
        Part(size=(0.024, 0.026, h * 0.72), at=(x + side * 0.012, -CENTRE, BASE + h * 0.52), colour=model.trim),
        Part(size=(0.060, 0.026, 0.022), at=(side * (d / 2 + 0.016), -CENTRE, BASE + h * 0.88), colour=model.trim),
        Part(size=(0.060, 0.050, 0.058), at=(side * (d / 2 + 0.024), -CENTRE, BASE + 0.033), colour=model.trim),
    )
    spout = Part(
        size=(0.036, 0.030, 0.030),
        at=(-side * (d * 0.42), -CENTRE, BASE + h - 0.020),
        material=model.material,
        colour=model.colour,
    )
    steam = Part(
        shape="ellipsoid",
        size=(0.05, 0.05, 0.14),
        at=(-side * d * 0.46, -CENTRE, BASE + h + 0.075),
        colour=(0.95, 0.96, 0.97),
        material="glass",
        glow="boils",
        hidden=True,
        solid=False,
    )
    return (base, floor, *jug, *handle, spout, steam)


KIND = Kind(
    name="kettle",
    title="kettle",
    models=MODELS,
    declare=_declare,
    options={"fill": 1.0, "temperature": 20.0, "on_base": True},
    mount="counter",
)
