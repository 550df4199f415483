"""Street door: a far door with an electric strike, released from an intercom, and an operator that opens and closes it.

A rise of the input `release` (or, seen from inside, of the green push beside the door) frees the strike for `WINDOW`.
An automatic model then opens by itself; another opens when someone pushes: a visitor by the input `enter`, or a hand at
the leaf. Opened, the door stays so for some seconds and is closed again; a leaf that something holds up while it closes
opens once more and tries again. When it has shut, the strike holds it. `ring` (a visitor's script) and, seen from
outside, the bell push come out as `ringing`, for an intercom. The option `side` says from where the door is seen.

Without mains the strike holds (fail-secure) and nothing opens by itself; a spring still closes what stands open.

`state` says "locked", "closed" (shut, but free) or "open"; the leaf itself is the control `leaf`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Literal

from switch_bench.controls.button import PushButton
from switch_bench.controls.door import Door
from switch_bench.devices.base import Colour, Device, Fault, Icon, Kind, Lamp, Panel, Part, Text
from switch_bench.devices.contacts import Contact, contact, pressed
from switch_bench.network.declare import SECOND, Signal, Timer, seconds
from switch_bench.network.io import IO

WINDOW = 5 * SECOND  # µs the strike is free after a release
OPENS = 1.4  # rad
TORQUE = 30.0  # N·m: a low-energy swing door operator; 33 N at the edge, under the 67 N of EN 16005 and BHMA A156.19
OPENING = 4 * SECOND  # µs: EN 16005 low energy, at least 3-4 s to 80°
CLOSING = 8 * SECOND  # µs after which a leaf still open is held up by something
SETTLE = 1 * SECOND  # µs the leaf is pressed home before the strike holds
IDLE, STRIKE, MOTOR = 4.0, 6.0, 70.0  # W: control board, 12 V fail-secure strike at 0.5 A, operator

MOTOR_BY_PHASE = {"shut": "idle", "opening": "open", "holding": "open", "closing": "close", "settling": "close"}


@dataclass(frozen=True)
class Model:
    """A door: whether it opens by itself when released, how long it stays open, and its looks."""

    automatic: bool
    stays: float  # s
    size: tuple[float, float] = (0.90, 2.03)  # m, of the leaf
    hinge: Literal["left", "right"] = "left"
    leaf: Colour = (0.36, 0.22, 0.13)
    frame: Colour = (0.88, 0.87, 0.84)
    station: Colour = (0.72, 0.72, 0.73)
    glass: bool = False
    buzzes: bool = False
    title: str = ""
    inside: bool = False  # seen from inside: with an exit push instead of a bell


MODELS: Mapping[str, Model] = {
    "oak": Model(automatic=True, stays=5.0, title="HOUSE 12"),
    "glass": Model(
        automatic=False,
        stays=7.0,
        leaf=(0.55, 0.60, 0.62),
        frame=(0.35, 0.36, 0.38),
        station=(0.20, 0.20, 0.22),
        glass=True,
        title="LOBBY",
    ),
    "green_buzzer": Model(
        automatic=False,
        stays=4.0,
        hinge="right",
        leaf=(0.10, 0.30, 0.20),
        frame=(0.60, 0.55, 0.45),
        station=(0.70, 0.58, 0.30),
        buzzes=True,
    ),
}


def _logic(io: IO) -> None:
    powered = bool(io["mains"])
    leaf = str(io["leaf"])
    exits = io.model.inside and pressed(io, "exit")
    asked = (exits or io.rose("release")) and powered and not io["strike_dead"]
    if asked:
        io.start("window", WINDOW)
    elif not powered:
        io.stop("window")
    free = asked or (powered and bool(io["window"]))
    pushed = io.rose("enter") or (io.changed("leaf") and leaf == "open")
    starts = asked if io.model.automatic else free and pushed
    phase = _phase(io, leaf, starts and not io["motor_dead"], powered)
    io.set("phase", phase)
    io.set("motor", MOTOR_BY_PHASE[phase])
    held = leaf == "closed" and phase == "shut" and not free
    io.set("bolt", held)
    io.set("state", "open" if leaf == "open" else "locked" if held else "closed")
    io.set("free_lamp", free)
    io.set("ringing", bool(io["ring"]) or (not io.model.inside and bool(io["bell"])))
    io.set("sound", "buzz" if free and io.model.buzzes else "")
    io.set("load", powered * (IDLE + STRIKE * free + MOTOR * (phase in ("opening", "closing"))))


def _phase(io: IO, leaf: str, starts: bool, powered: bool) -> str:
    """Where the operator is: shut, opening, holding (open), closing or settling. `step` times each of them."""
    before = phase = str(io["phase"])
    due, ajar = io.fired("step"), leaf == "open"
    if starts:
        phase = "holding" if before == "holding" else "opening"
    elif before in ("opening", "holding") and (not powered or (due and before == "holding")):
        phase = "closing"
    elif before == "opening" and due:
        phase = "holding"
    elif before == "closing" and due and ajar and powered and not io["motor_dead"]:
        phase = "opening"
    elif ajar and before in ("shut", "settling"):
        phase = "closing"
    elif before == "settling" and due:
        phase = "shut"
    if phase == "closing" and not ajar:
        phase = "settling"
    if phase == "shut":
        io.stop("step")
    elif phase != before or (starts and phase == "holding"):
        times = {"opening": OPENING, "holding": seconds(io.model.stays), "closing": CLOSING, "settling": SETTLE}
        io.start("step", times[phase])
    return phase


def _declare(model: Model, options: Mapping[str, Any]) -> Device:
    if options["side"] not in ("outside", "inside"):
        raise ValueError(f"side: expected outside or inside, got {options['side']!r}")
    model = replace(model, inside=options["side"] == "inside")
    exit_push = contact("exit", "the green push") if model.inside else Contact((), (), {})
    return Device(
        panels=_panels(model, str(options["label"]) or model.title),
        parts=_frame(model),
        signals=(
            Signal(name="mains", initial=True, kind="input"),
            Signal(name="load", initial=0.0, kind="output", unit="W"),
            Signal(name="release", initial=False, kind="input"),
            Signal(name="enter", initial=False, kind="input"),
            Signal(name="ring", initial=False, kind="input"),
            Signal(name="ringing", initial=False, kind="output"),
            Signal(name="bolt", initial=True, kind="output", drives=True),
            Signal(name="motor", initial="idle", kind="output", drives=True, values=("idle", "open", "close")),
            Signal(name="state", initial="locked", kind="output", values=("locked", "closed", "open")),
            Signal(name="free_lamp", initial=False, kind="output"),
            Signal(name="sound", initial="", kind="sound", values=("", "buzz")),
            Signal(name="phase", initial="shut", values=("shut", "opening", "holding", "closing", "settling")),
            Signal(name="strike_dead", initial=False),
            Signal(name="motor_dead", initial=False),
            *exit_push.signals,
        ),
        timers=(Timer(name="window"), Timer(name="step"), *exit_push.timers),
        logic=_logic,
        mains=True,
        faults={
            "strike_dead": Fault("the strike doesn't let go", {"strike_dead": True}),
            "motor_dead": Fault("the operator doesn't open the door; it is free, and no more", {"motor_dead": True}),
            "wedged": Fault("the leaf is wedged", stuck=("leaf",)),
            **exit_push.faults,
        },
        words={
            "state": {
                "locked": "the street door is shut and locked",
                "closed": "the street door is shut but free",
                "open": "the street door is open",
            },
            "leaf": {"closed": "the street door's leaf is shut", "open": "the street door's leaf is open"},
            "free_lamp": ("the street door's lamp is dark", "the street door's lamp is green"),
            "sound": {"": "the street door is silent", "buzz": "the street door buzzes"},
        },
        shows={"leaf": "body", "free_lamp": "station"},
        model=model,
    )


JAMB = 0.06  # m wide


def _panels(model: Model, title: str) -> tuple[Panel, ...]:
    width, height = model.size
    side = -1.0 if model.hinge == "left" else 1.0
    post = side * (width + JAMB) / 2
    jamb = Panel(
        name="jamb",
        at=(post, -0.04, height / 2),
        size=(JAMB, height),
        thickness=0.04,
        colour=model.frame,
        controls=(
            Door(
                name="leaf",
                at=(-post, 0.0),
                size=model.size,
                hinge=model.hinge,
                handle="bar",
                opens=OPENS,
                thickness=0.04,
                glass=model.glass,
                colour=model.leaf,
                drive="motor",
                driven={"open": OPENS, "close": 0.0},
                drive_force=TORQUE,
                locked_by="bolt",
            ),
        ),
    )
    station = Panel(
        name="station",
        at=(-side * (width / 2 + JAMB + 0.11), -0.02, 1.25),
        size=(0.12, 0.20),
        thickness=0.02,
        colour=model.station,
        finish="brushed",
        controls=(_push(model),),
        marks=(Text(text=title, at=(0.0, 0.080), height=0.008, bold=True), Icon(name="person", at=(0.0, 0.055))),
        lamps=(Lamp(signal="free_lamp", at=(0.0, -0.070), size=0.009),),
    )
    return (jamb, station)


def _push(model: Model) -> PushButton:
    """The one push beside the door: a visitor's bell, or the way out."""
    at = (0.0, -0.015)
    if not model.inside:
        return PushButton(
            name="bell",
            at=at,
            size=(0.030, 0.030),
            shape="square",
            legend="icon:bell",
            label="ring",
            label_side="above",
        )
    return PushButton(
        name="exit",
        at=at,
        size=(0.040, 0.040),
        shape="square",
        colour=(0.15, 0.65, 0.30),
        legend="icon:door",
        label="open",
        label_side="above",
    )


def _frame(model: Model) -> tuple[Part, ...]:
    width, height = model.size
    side = -1.0 if model.hinge == "left" else 1.0
    return (
        Part(size=(width + 2 * JAMB, 0.04, JAMB), at=(0.0, -0.02, height + JAMB / 2), colour=model.frame),
        Part(size=(JAMB, 0.04, height), at=(-side * (width + JAMB) / 2, -0.02, height / 2), colour=model.frame),
        Part(size=(width, 0.004, height), at=(0.0, -0.002, height / 2), colour=(0.55, 0.68, 0.80), solid=False),
    )


KIND = Kind(
    name="street_door",
    title="street door",
    models=MODELS,
    declare=_declare,
    options={"label": "", "side": "outside"},
    mount="floor",
)
