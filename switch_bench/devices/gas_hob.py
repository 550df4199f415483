"""Gas hob: four taps that turn only while pushed, an igniter, and a flame-failure probe at each burner.

Gas flows while a tap is open and either pushed in or held open by its warm probe. A spark lights it; the knob must stay
pushed until the probe is warm, else the flame dies when it is let go. Some spark while a knob is pushed, others by a
key, and for a while after it. A flame that is blown out leaves the gas flowing until the probe has cooled. Which knob
feeds which burner is the hob's plumbing; the pictograms may lie.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from math import cos, pi, sin
from typing import Any

from switch_bench.controls.button import PushButton
from switch_bench.controls.push_turn_knob import PushTurnKnob
from switch_bench.devices.base import Colour, Device, Fault, Icon, Kind, Panel, Part, Scale, Text
from switch_bench.network.declare import SECOND, Signal, Timer
from switch_bench.network.io import IO

PROBE_COOLS = 25 * SECOND  # until the magnet lets go after the flame is out; EN 30-1-1 allows 90 s
DRAUGHT = 90 * SECOND  # after lighting, in the fault
SPARKS_ON = 15 * SECOND  # after the igniter key, so that one hand can tap it and then turn a knob
SPARK = 2.0  # W
BURNERS = ("front_left", "back_left", "back_right", "front_right")
LEVELS: Mapping[str, float] = {"off": 0.0, "max": 1.0, "mid": 0.6, "min": 0.3}  # share of the burner's power
ANGLES = (("off", 0.0), ("max", -1.35), ("mid", -2.05), ("min", -2.75))  # rad, anticlockwise as taps turn
TAPS = (1, 2, 3, 4)

Place = tuple[float, float]


@dataclass(frozen=True)
class Model:
    """A hob: where its knobs are, which burner each feeds, and how it sparks."""

    order: str  # for knobs 1 to 4 the burner each feeds (1 to 4, as in BURNERS)
    knobs: tuple[Place, ...]  # on their strip
    strip: tuple[Place, Place]  # centre on the surface (front: 0), size
    surface: Colour
    material: str
    knob: Colour
    igniter: Place | None  # None: pushing a knob sparks
    burners: tuple[Place, ...]  # on the surface, in BURNERS' order
    sizes: tuple[float, ...] = (0.055, 0.075, 0.100, 0.075)  # m, caps: 1.0, 1.75, 3.0 and 1.75 kW (EN 30 hobs)
    front: bool = False  # the knobs sit on a tilted front strip
    probe: int = 4 * SECOND  # until the probe holds
    brand: str = ""


_SQUARE = ((-0.15, -0.055), (-0.15, 0.135), (0.15, 0.135), (0.15, -0.055))
MODELS: Mapping[str, Model] = {
    "inox": Model(
        order="1234",
        knobs=((-0.185, 0.0), (-0.090, 0.0), (0.005, 0.0), (0.100, 0.0)),
        strip=((0.0, -0.205), (0.50, 0.084)),
        surface=(0.76, 0.77, 0.78),
        material="steel",
        knob=(0.10, 0.10, 0.11),
        igniter=(0.190, 0.0),
        burners=_SQUARE,
        brand="inox",
    ),
    "slate": Model(
        order="2314",
        knobs=((-0.004, 0.150), (-0.004, 0.050), (-0.004, -0.050), (-0.004, -0.150)),
        strip=((0.222, 0.0), (0.115, 0.44)),
        surface=(0.07, 0.07, 0.08),
        material="enamel_black",
        knob=(0.78, 0.78, 0.79),
        igniter=None,
        burners=((-0.19, -0.120), (-0.19, 0.115), (0.06, 0.115), (0.06, -0.120)),
        probe=3 * SECOND,
        brand="FLAMMA",
    ),
    "touch": Model(
        order="1243",
        knobs=((-0.165, 0.0), (-0.055, 0.0), (0.055, 0.0), (0.165, 0.0)),
        strip=((0.0, -0.205), (0.50, 0.084)),
        surface=(0.86, 0.84, 0.78),
        material="enamel",
        knob=(0.20, 0.21, 0.22),
        igniter=None,
        burners=_SQUARE,
        brand="Lucina",
    ),
    "range": Model(
        order="1243",
        knobs=((-0.19, 0.0), (-0.09, 0.0), (0.09, 0.0), (0.19, 0.0)),
        surface=(0.90, 0.88, 0.80),
        material="enamel",
        knob=(0.62, 0.14, 0.10),
        strip=((0.0, 0.0), (0.58, 0.090)),
        igniter=(0.0, 0.0),
        burners=((-0.15, -0.11), (-0.15, 0.12), (0.15, 0.12), (0.15, -0.11)),
        front=True,
        probe=5 * SECOND,
        brand="Providence",
    ),
}


def _logic(io: IO) -> None:
    model: Model = io.model
    pushed = {i: bool(io[f"knob_{i}_push"]) for i in TAPS}
    if model.igniter is None:
        wants = any(pushed.values())
    else:
        if io.fell("igniter"):
            io.start("sparks_on", SPARKS_ON)
        wants = bool(io["igniter"]) or io.left("sparks_on") > 0
    sparks = wants and bool(io["mains"])
    if not io["mains"]:
        io.stop("sparks_on")
    plumbing, leak = str(io["plumbing"]), False
    for i in TAPS:
        burner = BURNERS[int(plumbing[i - 1]) - 1]
        level = LEVELS[str(io[f"knob_{i}"])]
        held = bool(io[f"held_{i}"]) and not io.fired(f"cool_{i}")
        was_lit = bool(io[f"lit_{i}"])
        if io.fired(f"warm_{i}") and was_lit:
            held = True
        flows = bool(io["gas"]) and level > 0.0 and (pushed[i] or held)
        lit = flows and (was_lit or (sparks and not io["igniter_wet"]))
        if lit and io.fired(f"blow_{i}"):
            lit = False
            io.set(f"draught_{i}", False)
        if lit and not was_lit:
            io.stop(f"cool_{i}")
            if not held and not io[f"probe_dead_{i}"]:
                io.start(f"warm_{i}", model.probe)
            if io[f"draught_{i}"]:
                io.start(f"blow_{i}", DRAUGHT)
        elif was_lit and not lit:
            io.stop(f"warm_{i}")
            io.stop(f"blow_{i}")
            if held:
                io.start(f"cool_{i}", PROBE_COOLS)
        io.set(f"held_{i}", held)
        io.set(f"lit_{i}", lit)
        io.set(f"gas_{burner}", flows)
        io.set(f"flame_{burner}", level if lit else 0.0)
        leak = leak or (flows and not lit)
    io.set("leak", leak)
    io.set("spark", sparks)
    io.set("load", SPARK if sparks else 0.0)
    io.set("sound", "ticking" if sparks else "hiss" if leak else "")


def _declare(model: Model, options: Mapping[str, Any]) -> Device:
    plumbing = str(options["plumbing"]) or model.order
    shown = str(options["shown"]) or plumbing
    for name, order in (("plumbing", plumbing), ("shown", shown)):
        if sorted(order) != ["1", "2", "3", "4"]:
            raise ValueError(f"{name}: {order!r} must name each of the burners 1 to 4 once, knob by knob")
    faults = {
        "swapped_wiring": Fault(
            "two of its taps feed each other's burner", {"plumbing": plumbing[1] + plumbing[0] + plumbing[2:]}
        ),
        "igniter_wet": Fault("its igniter ticks, but is wet and lights nothing", {"igniter_wet": True}),
        "gas_shut": Fault("the gas is shut off", {"gas": False}),
    }
    for i in TAPS:
        faults[f"probe_dead_{i}"] = Fault(f"the probe of knob {i} never holds the gas", {f"probe_dead_{i}": True})
        faults[f"flame_out_{i}"] = Fault(
            f"a draught blows the flame of knob {i} out a minute and a half after lighting", {f"draught_{i}": True}
        )
    return Device(
        panels=_panels(model, shown),
        parts=_parts(model),
        signals=(
            Signal(name="mains", initial=True, kind="input"),
            Signal(name="load", initial=0.0, kind="output", unit="W"),
            Signal(name="gas", initial=True, kind="input"),
            Signal(name="plumbing", initial=plumbing),
            Signal(name="igniter_wet", initial=False),
            Signal(name="leak", initial=False),
            Signal(name="spark", initial=False, kind="output"),
            Signal(name="sound", initial="", kind="sound"),
            *(
                Signal(name=f"{name}_{i}", initial=False)
                for i in TAPS
                for name in ("held", "lit", "draught", "probe_dead")
            ),
            *(Signal(name=f"gas_{burner}", initial=False) for burner in BURNERS),
            *(Signal(name=f"flame_{burner}", initial=0.0, kind="output") for burner in BURNERS),
        ),
        timers=(
            Timer(name="sparks_on"),
            *(Timer(name=f"{name}_{i}") for i in TAPS for name in ("warm", "cool", "blow")),
        ),
        logic=_logic,
        mains=True,
        faults=faults,
        words=_words(model),
        shows={f"knob_{i}": "knobs" for i in TAPS}
        | {f"flame_{burner}": "body" for burner in BURNERS}
        | {"spark": "body"},
        model=model,
    )


def _words(model: Model) -> dict[str, str | tuple[str, ...] | Mapping[Any, str]]:
    words: dict[str, str | tuple[str, ...] | Mapping[Any, str]] = {
        "gas": ("the gas is shut off", "there is gas"),
        "leak": ("no gas flows unlit", "gas flows unlit"),
        "spark": ("the igniter doesn't spark", "the igniter sparks"),
        "sound": {"": "the hob is silent", "ticking": "the igniter ticks", "hiss": "gas hisses"},
    }
    for i in TAPS:
        words[f"knob_{i}"] = f"knob {i} of the hob is at {{}}"
        words[f"knob_{i}_push"] = (f"knob {i} of the hob is out", f"knob {i} of the hob is pushed in")
        words[f"lit_{i}"] = (f"what knob {i} feeds doesn't burn", f"what knob {i} feeds burns")
    for burner in BURNERS:
        where = burner.replace("_", " ")
        words[f"flame_{burner}"] = f"the {where} burner's flame is at {{:.0%}}"
        words[f"gas_{burner}"] = (f"no gas flows to the {where} burner", f"gas flows to the {where} burner")
    if model.igniter is not None:
        words["igniter"] = ("the igniter key is free", "the igniter key is pressed")
    return words


WIDTH, DEPTH, TOP = 0.58, 0.51, 0.045  # m
TILT = 0.45  # rad, of a range's front


def _panels(model: Model, shown: str) -> tuple[Panel, ...]:
    controls = tuple(
        PushTurnKnob(name=f"knob_{i}", at=model.knobs[i - 1], radius=0.020, positions=ANGLES, colour=model.knob)
        for i in TAPS
    )
    marks: list[Icon | Scale | Text] = []
    for i in TAPS:
        x, y = model.knobs[i - 1]
        name = BURNERS[int(shown[i - 1]) - 1]
        marks.append(Scale(control=f"knob_{i}", marks=(("0", 0.0), ("MAX", -1.35), ("MIN", -2.75))))
        marks.append(Icon(name=f"hob_{name}", at=(x + 0.034, y + 0.006), size=0.016))
    keys: tuple[PushButton, ...] = ()
    if model.igniter is not None:
        keys = (
            PushButton(
                name="igniter", at=model.igniter, size=(0.018, 0.018), colour=(0.85, 0.85, 0.86), legend="icon:spark"
            ),
        )
    if model.front:
        knobs = Panel(
            name="knobs",
            at=(0.0, -DEPTH - 0.030, TOP - 0.050),
            size=model.strip[1],
            tilt=TILT,
            thickness=0.012,
            colour=model.surface,
            controls=(*controls, *keys),
            marks=(*marks, Text(text=model.brand, at=(0.0, 0.032), height=0.006, bold=True)),
        )
        return (knobs,)
    (x, y), size = model.strip
    upright = size[1] > size[0]
    return (
        Panel(
            name="knobs",
            at=(x, y - DEPTH / 2, TOP + 0.001),
            size=size,
            tilt=pi / 2,
            thickness=0.004,
            colour=model.surface,
            finish="brushed" if model.material == "steel" else "glass",
            controls=(*controls, *keys),
            marks=(
                *marks,
                Text(
                    text=model.brand,
                    at=(0.0, 0.206) if upright else (-size[0] / 2 + 0.020, -0.032),
                    height=0.005,
                    bold=True,
                ),
            ),
        ),
    )


def _parts(model: Model) -> tuple[Part, ...]:
    parts = [
        Part(size=(WIDTH, DEPTH, TOP), at=(0.0, -DEPTH / 2, TOP / 2), material=model.material, colour=model.surface)
    ]
    for burner, (x, y), size in zip(BURNERS, model.burners, model.sizes, strict=True):
        parts += _burner(burner, x, y - DEPTH / 2, size)
    return tuple(parts)


def _burner(name: str, x: float, y: float, size: float) -> list[Part]:
    """Cap, trivet and flames of a burner whose cap has the diameter `size` [m]."""
    iron = {"material": "iron", "colour": (0.07, 0.07, 0.075)}
    glow = {"glow": f"flame_{name}", "hidden": True, "solid": False, "material": "flame", "colour": (0.25, 0.50, 1.0)}
    parts = [
        Part(shape="cylinder", size=(size + 0.030, 0.006), at=(x, y, TOP + 0.003), material="aluminium"),
        Part(shape="cylinder", size=(size, 0.010), at=(x, y, TOP + 0.013), **iron),
        Part(shape="cylinder", size=(size + 0.022, 0.008), at=(x, y, TOP + 0.010), **glow),
    ]
    reach = 0.095
    for across in (True, False):
        for side in (-1.0, 1.0):
            bar = ((reach - size / 2) * 0.9, 0.006, 0.010) if across else (0.006, (reach - size / 2) * 0.9, 0.010)
            off = side * (reach + size / 2) / 2
            at = (x + off, y, TOP + 0.030) if across else (x, y + off, TOP + 0.030)
            parts.append(Part(size=bar, at=at, **iron))
            foot = (x + side * reach, y, TOP + 0.015) if across else (x, y + side * reach, TOP + 0.015)
            parts.append(Part(size=(0.010, 0.010, 0.030), at=foot, **iron))
    for k in range(10):
        angle = 2 * pi * k / 10
        r = size / 2 + 0.008
        at = (x + r * cos(angle), y + r * sin(angle), TOP + 0.020)
        parts.append(Part(shape="ellipsoid", size=(0.010, 0.010, 0.024), at=at, **glow))
    return parts


KIND = Kind(
    name="gas_hob",
    title="gas hob",
    models=MODELS,
    declare=_declare,
    options={"plumbing": "", "shown": ""},
    mount="counter",
)
