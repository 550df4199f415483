"""Smart bulb: a ceiling lamp that listens to radio remotes it has been paired with, for as long as it has mains.

Inputs `radio_1` and `radio_2` carry packets (`devices/radio.py`). Commands: "on" lights the bulb as it was last, and
a further "on" while lit goes to the next scene; "off"; "brighter" and "dimmer" go to the next step while lit; "pair"
joins the sender to the remotes it obeys, but only within `WINDOW` after it got mains, and it winks three times for
yes. Packets of strangers do nothing. A change of the input `told` (a home panel's order, over the network) turns it on
or off as well. A change takes 0.4 s. On the return of the mains it does what its model does: full light, the last
state, or dark.

A hung radio hears nothing until the bulb has been without mains once.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from switch_bench.devices import lamps, radio
from switch_bench.devices.base import Device, Fault, Kind
from switch_bench.network.declare import MS, SECOND, Comparator, Flow, Luminaire, Signal, Timer, Value, seconds
from switch_bench.network.io import IO

RECEIVERS = ("radio_1", "radio_2")
MEMORY = 4  # remotes a bulb remembers; the oldest is forgotten
FADE = 0.4  # s: the Zigbee Light Link default transition of 4 tenths
WINDOW = 30 * SECOND  # µs in which a bulb that just got mains may be paired
WINK = 400 * MS  # µs each half of a wink
WINKS = 3
STANDBY = 0.4  # W: under the 0.5 W that EU 2019/2020 allows


@dataclass(frozen=True)
class Model:
    """A bulb: its light, its steps, its scenes, and what it does when the mains return."""

    lumens: float
    look: str = "bulb"
    steps: tuple[float, ...] = (0.1, 0.25, 0.5, 0.75, 1.0)  # shares of full light
    scenes: tuple[tuple[str, float], ...] = (("read", 1.0), ("relax", 0.5), ("night", 0.1))
    returns: Literal["on", "last", "off"] = "on"


MODELS: Mapping[str, Model] = {
    "a60": Model(lumens=1055.0),  # an E27 bulb of 75 W equivalent
    "globe": Model(
        lumens=1521.0,  # of 100 W equivalent
        look="globe",
        steps=(0.05, 0.2, 0.4, 0.6, 0.8, 1.0),
        scenes=(("bright", 1.0), ("film", 0.2), ("dinner", 0.4)),
        returns="last",
    ),
    "panel": Model(
        lumens=3200.0, look="panel", steps=(0.25, 0.5, 0.75, 1.0), scenes=(("work", 1.0), ("rest", 0.25)), returns="off"
    ),
}


@dataclass
class _Bulb:
    """What the bulb is set to."""

    on: bool
    share: float
    scene: str


def _logic(io: IO) -> None:
    model: Model = io.model
    bulb = _Bulb(bool(io["on"]), float(io["share"]), str(io["scene"]))
    if not io["mains"]:
        for timer in ("window", "wink", "fade"):
            io.stop(timer)
        io.set("winks", 0)
        io.set("hung", False)
        _light(io, 0.0, at_once=True, powered=False)
        return
    if io.rose("mains"):
        io.start("window", WINDOW)
        if model.returns != "last":
            bulb = _Bulb(model.returns == "on", 1.0, "")
    winks = int(io["winks"]) - 1 if io.fired("wink") else int(io["winks"])
    if not io["hung"]:
        for receiver in RECEIVERS:
            packet = radio.read(io[receiver]) if io.changed(receiver) else None
            if packet is None:
                continue
            if packet.command == "pair":
                winks = _pair(io, packet.sender, winks)
            elif packet.sender in str(io["paired"]).split(","):
                _obey(model, bulb, packet.command)
        if io.changed("told"):
            bulb.on = bool(io["told"])
    io.set("on", bulb.on)
    io.set("share", bulb.share)
    io.set("scene", bulb.scene)
    io.set("winks", winks)
    if winks and (io.fired("wink") or not io["wink"]):
        io.start("wink", WINK)
    goal = bulb.share if bulb.on else 0.0
    if winks:
        goal = 0.0 if winks % 2 == 0 else max(goal, model.steps[-1] / 2)
    _light(io, goal, at_once=io.first or bool(winks) or io.fired("wink") or io.rose("mains"), powered=True)


def _pair(io: IO, sender: str, winks: int) -> int:
    """Remember the sender if the window is open; returns the half winks to make."""
    if not io["window"]:
        return winks
    known = [name for name in str(io["paired"]).split(",") if name and name != sender]
    io.set("paired", ",".join([*known, sender][-MEMORY:]))
    return 2 * WINKS


def _obey(model: Model, bulb: _Bulb, command: str) -> None:
    if command == "off":
        bulb.on = False
    elif command == "on" and not bulb.on:
        bulb.on = True
    elif command == "on":
        names = [name for name, _ in model.scenes]
        bulb.scene, bulb.share = model.scenes[(names.index(bulb.scene) + 1) % len(names) if bulb.scene in names else 0]
    elif command == "brighter" and bulb.on:
        bulb.share, bulb.scene = min((s for s in model.steps if s > bulb.share), default=model.steps[-1]), ""
    elif command == "dimmer" and bulb.on:
        bulb.share, bulb.scene = max((s for s in model.steps if s < bulb.share), default=model.steps[0]), ""


def _light(io: IO, goal: float, *, at_once: bool, powered: bool) -> None:
    """Bring the light to `goal`, at once or over the fade, and say what the bulb draws."""
    target = 0.0 if io["burnt"] else goal
    if io.fired("fade"):
        io.hold("level", float(io["target"]))
    if at_once:
        io.stop("fade")
        io.hold("level", target)
    elif target != io["target"]:
        io.ramp("level", (target - io.level("level")) / FADE)
        io.start("fade", seconds(FADE))
    io.set("target", target)
    io.set("load", (STANDBY + lamps.watts(io.model.lumens) * target) * powered)


def _declare(model: Model, options: Mapping[str, Any]) -> Device:
    (place,) = lamps.places(options, 1)
    if isinstance(options["paired"], str):
        raise ValueError(f"paired: expected a list of remotes' ids, got the one text {options['paired']!r}")
    paired = tuple(map(str, options["paired"]))
    if len(paired) > MEMORY:
        raise ValueError(f"paired: {len(paired)} remotes given, but a bulb remembers {MEMORY}")
    share = model.steps[-1]
    scenes: dict[Value, str] = {"": "the smart bulb is in no scene"}
    scenes |= {name: f"the smart bulb is in the scene {name}" for name, _ in model.scenes}
    return Device(
        parts=lamps.lamp(model.look, place, "level"),
        signals=(
            Signal(name="mains", initial=True, kind="input"),
            Signal(name="load", initial=0.0, kind="output", unit="W"),
            *(Signal(name=name, initial="", kind="input") for name in RECEIVERS),
            Signal(name="told", initial=False, kind="input"),
            Signal(name="on", initial=False),
            Signal(name="share", initial=share),
            Signal(name="scene", initial="", values=("", *(name for name, _ in model.scenes))),
            Signal(name="target", initial=0.0),
            Signal(name="paired", initial=",".join(paired)),
            Signal(name="winks", initial=0),
            Signal(name="hung", initial=False),
            Signal(name="burnt", initial=False),
        ),
        flows=(Flow(name="level", initial=0.0),),
        comparators=(Comparator(name="lit", flow="level", at=0.02, hysteresis=0.01),),
        timers=(Timer(name="window"), Timer(name="wink"), Timer(name="fade")),
        luminaires=(Luminaire(level="level", lux=lamps.lux(model.lumens), zone=place.zone),),
        logic=_logic,
        mains=True,
        faults={
            "burnt_lamp": Fault("the bulb's light is burnt out, its radio still works", {"burnt": True}),
            "unpaired": Fault("the bulb is paired with no remote", {"paired": ""}),
            "paired_elsewhere": Fault("the bulb is paired with a neighbour's remote", {"paired": "neighbour"}),
            "hung_radio": Fault("the bulb's radio hangs until the bulb has been without mains", {"hung": True}),
            "left_dim": Fault("the last user left the bulb at its lowest step", {"share": model.steps[0]}),
        },
        words={
            "lit": ("the smart bulb is dark", "the smart bulb is lit"),
            "level": "the smart bulb is at {:.0%} of its light",
            "scene": scenes,
        },
        shows={"lit": "body", "level": "body"},
        model=model,
    )


KIND = Kind(
    name="smart_bulb",
    title="smart bulb",
    models=MODELS,
    declare=_declare,
    options={"lamps": ((0.0, 0.0),), "zones": (), "paired": ("A",)},
    mount="ceiling",
)
