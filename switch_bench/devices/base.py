"""What a device kind is: a table of models, and a function from a model to a `Device`.

A kind is one file: its panel, its quantities, its logic, its words. A `Device` is frozen data: geometry and panels for
`physics` and `faces`, a share of the network (see `network.declare.Unit`) for `network`.

Frames. A device's own frame: x to the right of someone who stands before it, y away from them (into the wall), z up;
the origin is the middle of its back at its lowest point for things that stand, the centre of its back for things that
hang on a wall, the ceiling point for things that hang from one. Metres, radians. A panel's frame: x right, y up, z out
towards the reader.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from switch_bench.controls.base import Control
from switch_bench.network.declare import (
    Comparator,
    Flow,
    Luminaire,
    Quantiser,
    Signal,
    ThermalNode,
    Timer,
    Value,
)
from switch_bench.network.io import IO

Colour = tuple[float, float, float]


@dataclass(frozen=True, kw_only=True)
class Part:
    """A solid of the device's housing; `at` is its centre.

    frame: "device"; "stand": the device's frame as it was placed, in which the part stays when a free device is
    lifted (a kettle's base); or "ceiling": x east, y north, z up from the middle of the ceiling of `zone` ("": the
    device's own), for lamps and the like that hang apart from their plate.

    size: full extents [m] (box: x, y, z; cylinder: diameter, height; along `axis`). glow: local signal or flow (bool or
    0..1) by which it shines; `hidden`: it is only there to be seen while the glow is on (a flame, a beam); `shines`
    False: it shows by its glow, but gives no light (what stands in an oven).
    """

    shape: Literal["box", "cylinder", "sphere", "ellipsoid"] = "box"
    size: tuple[float, ...]
    at: tuple[float, float, float]
    frame: Literal["device", "stand", "ceiling"] = "device"
    zone: str = ""
    material: str = "white"  # a name from faces.materials
    colour: Colour | None = None
    axis: Literal["x", "y", "z"] = "z"
    glow: str | None = None
    hidden: bool = False
    shines: bool = True
    solid: bool = True  # False: seen, not touched
    angle: str | None = (
        None  # local signal or flow [rad] the part is drawn turned by about `axis` (nothing can touch it)
    )


@dataclass(frozen=True, kw_only=True)
class Text:
    """Words printed on the panel."""

    text: str
    at: tuple[float, float]
    height: float = 0.006  # of a capital letter [m]
    colour: Colour | None = None  # None: what contrasts with the panel
    bold: bool = False


@dataclass(frozen=True, kw_only=True)
class Icon:
    """A pictogram printed on the panel; names in `faces/icons.py`."""

    name: str
    at: tuple[float, float]
    size: float = 0.012
    colour: Colour | None = None


@dataclass(frozen=True, kw_only=True)
class Scale:
    """Marks and figures round a knob or along a slider: the control's own positions, unless `marks` says otherwise."""

    control: str
    marks: tuple[tuple[str, float], ...] = ()  # (legend or "icon:<name>", joint position [rad | m])
    radius: float = 0.0  # of the figures; 0: chosen from the knob's size
    height: float = 0.0  # of a knob's figures, where they fit beside it in columns [m]; 0: usual


@dataclass(frozen=True, kw_only=True)
class Lamp:
    """An indicator on the panel, lit by a local output signal (bool or 0..1)."""

    signal: str
    at: tuple[float, float]
    colour: Colour = (0.1, 1.0, 0.2)
    size: float = 0.005  # diameter [m]
    label: str = ""
    label_side: Literal["above", "below", "left", "right"] = "right"


@dataclass(frozen=True, kw_only=True)
class Display:
    """A display that shows a local str output signal; clocks and countdowns are written as in `screens/text.py`."""

    signal: str
    at: tuple[float, float]
    size: tuple[float, float]
    style: Literal["seven_segment", "lcd", "dot_matrix"] = "lcd"
    colour: Colour = (1.0, 0.45, 0.1)
    columns: int = 5  # characters a line
    rows: int = 1


@dataclass(frozen=True, kw_only=True)
class Panel:
    """A flat face with controls, drawn by `faces`. `at`: its centre in the device's frame.

    tilt: 0 faces the reader, π/2 faces up. size: width, height [m].
    """

    name: str
    at: tuple[float, float, float]
    size: tuple[float, float]
    tilt: float = 0.0
    yaw: float = 0.0  # about the device's z, before tilt: turned to the right of the reader is positive
    colour: Colour = (0.9, 0.9, 0.88)
    finish: Literal["plain", "brushed", "glass", "wood"] = "plain"
    thickness: float = 0.004
    controls: tuple[Control, ...] = ()
    marks: tuple[Text | Icon | Scale, ...] = ()
    lamps: tuple[Lamp, ...] = ()
    displays: tuple[Display, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Eye:
    """A sensor of bodies that move, at the device's origin, looking the way it faces.

    signal: a local bool input that is True while it sees one. reach: how far it sees [m], angle: how far to each side
    [rad], within its own zone.
    """

    signal: str
    reach: float
    angle: float


@dataclass(frozen=True)
class Fault:
    """A fault a scenario can inject: initial values of hidden signals, or a mechanical change. `means` is in words."""

    means: str
    signals: Mapping[str, Value] = field(default_factory=dict)  # local state signals → value at the start
    stuck: tuple[str, ...] = ()  # controls whose mechanism is jammed


@dataclass(frozen=True, kw_only=True)
class Device:
    """One device as declared by its kind for one model and set of options.

    mains: it has an input `mains` (True: powered) and an output `load` [W] (both are then declared by the kind).
    free: its housing is a free body that can be lifted. interior: regions (centre, full size) things can be put in.
    words: for each signal a person could speak of, how to say it: {"heating": ("the element is off", "… on")} or a
    format ("the display shows {}").
    shows: which signals a picture of a panel, part or display lets one read: local signal → the panel's name (or
    "body").
    """

    panels: tuple[Panel, ...] = ()
    parts: tuple[Part, ...] = ()
    free: bool = False
    mass: float = 1.0  # kg, of a free body
    eyes: tuple[Eye, ...] = ()
    interior: Mapping[str, tuple[tuple[float, float, float], tuple[float, float, float]]] = field(default_factory=dict)
    signals: tuple[Signal, ...] = ()
    flows: tuple[Flow, ...] = ()
    comparators: tuple[Comparator, ...] = ()
    quantisers: tuple[Quantiser, ...] = ()
    timers: tuple[Timer, ...] = ()
    nodes: tuple[ThermalNode, ...] = ()
    luminaires: tuple[Luminaire, ...] = ()
    logic: Callable[[IO], None] | None = None
    mains: bool = False
    faults: Mapping[str, Fault] = field(default_factory=dict)
    words: Mapping[str, str | tuple[str, ...] | Mapping[Value, str]] = field(default_factory=dict)
    shows: Mapping[str, str] = field(default_factory=dict)
    model: Any = None


@dataclass(frozen=True)
class Kind:
    """A device kind: its name, its models, and the one function that declares a device.

    `declare(row, options)` takes a model's row and the scene's options for this instance (fills, gangs, zones …) and
    returns the `Device`. `options` names the allowed options with their defaults; the loader refuses others.
    """

    name: str
    title: str  # as a person says it: "kettle"
    models: Mapping[str, Any]
    declare: Callable[[Any, Mapping[str, Any]], Device]
    options: Mapping[str, Any] = field(default_factory=dict)
    mount: Literal["wall", "counter", "floor", "ceiling", "built_in"] = "wall"
    family: Literal["train", "val", "test"] = "train"
