"""Stair light: an illuminated push, further pushes elsewhere, and a timer that puts the lamps out again.

Any push (the own one, or the inputs `push_1` … `push_4`) lights all lamps for the set time, 30 to 180 s; a push while
they are lit starts the time anew (one model adds the time up). Before the end the lamps warn by going dark for a
moment, once or more. The timer sees a push as it begins; holding it does no more. When the mains fail the time is
lost.

The push glows while the lamps are dark, so that it is found.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from switch_bench.controls.button import PushButton
from switch_bench.devices import lamps
from switch_bench.devices.base import Colour, Device, Fault, Kind, Panel
from switch_bench.devices.contacts import contact, pressed
from switch_bench.devices.options import number
from switch_bench.network.declare import MS, Luminaire, Signal, Timer, seconds
from switch_bench.network.io import IO

PUSHES = 4
SHORTEST, LONGEST = 30.0, 180.0  # s
BLINK = 500 * MS  # µs dark, and between two blinks: staircase timers blink at about 1 Hz


@dataclass(frozen=True)
class Model:
    """A stair timer: how long, how it warns, what a further push does, and its push's face."""

    seconds: float
    warns: float  # s before the end
    blinks: int = 1
    adds: int = 1  # a push while lit: 1 starts the time anew, n adds a time up to n of them in all
    look: str = "dome"
    lumens: float = 1200.0  # lm: 72 lx on a landing, near the 100 lx of EN 12464-1 for stairs
    colour: Colour = (0.95, 0.95, 0.93)
    key: Colour = (1.0, 0.75, 0.35)
    shape: Literal["round", "square"] = "square"
    size: tuple[float, float] = (0.034, 0.034)
    legend: str = "icon:light"


MODELS: Mapping[str, Model] = {
    "amber": Model(seconds=60.0, warns=10.0),
    "round_green": Model(
        seconds=120.0,
        warns=15.0,
        blinks=2,
        look="globe",
        colour=(0.62, 0.63, 0.65),
        key=(0.45, 1.0, 0.55),
        shape="round",
        size=(0.028, 0.028),
    ),
    "adding_red": Model(
        seconds=45.0,
        warns=8.0,
        adds=3,
        look="batten",
        colour=(0.30, 0.28, 0.26),
        key=(1.0, 0.35, 0.25),
        shape="round",
        size=(0.022, 0.022),
        legend="",
    ),
}


def _logic(io: IO) -> None:
    model: Model = io.model
    powered = bool(io["mains"])
    own = pressed(io, "push")
    far = [i for i in range(1, PUSHES + 1) if io.rose(f"push_{i}") and not io[f"broken_{i}"]]
    running, dark, blinks = bool(io["run"]), bool(io["dark"]), int(io["blinks"])
    if not powered:
        for timer in ("run", "warn", "blink"):
            io.stop(timer)
        running = dark = False
    elif own or far:
        _begin(io)
        running, dark = True, False
    elif io.fired("warn") or (io.fired("blink") and blinks > 0):
        dark = io.fired("warn") or not dark
        blinks = 2 * model.blinks - 1 if io.fired("warn") else blinks - 1
        if blinks > 0:
            io.start("blink", BLINK)
    io.set("dark", dark and running)
    io.set("blinks", blinks)
    _show(io, powered, running and not dark, running)


def _begin(io: IO) -> None:
    """Let the time run from now; the warning comes before its end."""
    model: Model = io.model
    once = seconds(float(io["seconds"]))
    time = min(io.left("run") + once, model.adds * once) if model.adds > 1 else once
    io.start("run", time)
    io.stop("blink")
    if io["warning"]:
        io.start("warn", time - seconds(min(model.warns, float(io["seconds"]) / 2)))


def _show(io: IO, powered: bool, lit: bool, running: bool) -> None:
    count = int(io["lamps"])
    shining = 0
    for i in range(1, count + 1):
        on = lit and not io[f"burnt_{i}"]
        io.set(f"lamp_{i}", on)
        shining += on
    io.set("locator", powered and not running and not io["locator_dead"])
    io.set("load", lamps.watts(io.model.lumens) * shining)


def _declare(model: Model, options: Mapping[str, Any]) -> Device:
    count = range(1, len(options["lamps"]) + 1)
    if not count:
        raise ValueError("lamps: at least one place needed, as [x, y] in metres from the ceiling's middle")
    places = lamps.places(options, len(count))
    time = number({**options, "seconds": options["seconds"] or model.seconds}, "seconds", SHORTEST, LONGEST)
    push = contact("push", "the push")
    signals = [
        Signal(name="mains", initial=True, kind="input"),
        Signal(name="load", initial=0.0, kind="output", unit="W"),
        Signal(name="locator", initial=False, kind="output"),
        Signal(name="locator_dead", initial=False),
        Signal(name="seconds", initial=time, unit="s"),
        Signal(name="lamps", initial=len(count)),
        Signal(name="dark", initial=False),
        Signal(name="blinks", initial=0),
        Signal(name="warning", initial=True),
    ]
    faults = {
        "locator_dead": Fault("the push's light is dead", {"locator_dead": True}),
        "short": Fault("the timer is worn: it keeps only a third of the time", {"seconds": time / 3}),
        "no_warning": Fault("the lamps go out unwarned", {"warning": False}),
        "stuck": Fault("the push is stuck", stuck=("push",)),
        **push.faults,
    }
    for i in range(1, PUSHES + 1):
        signals += [Signal(name=f"push_{i}", initial=False, kind="input"), Signal(name=f"broken_{i}", initial=False)]
        faults[f"broken_{i}"] = Fault(f"the wire of the far push {i} is broken", {f"broken_{i}": True})
    for i in count:
        signals += [Signal(name=f"lamp_{i}", initial=False, kind="output"), Signal(name=f"burnt_{i}", initial=False)]
        faults[f"burnt_lamp_{i}"] = Fault(f"stair lamp {i} is burnt out", {f"burnt_{i}": True})
    panel = Panel(
        name="plate",
        at=(0.0, -0.008, 0.0),
        size=(0.086, 0.086),
        thickness=0.008,
        colour=model.colour,
        controls=(
            PushButton(
                name="push",
                at=(0.0, -0.004),
                size=model.size,
                shape=model.shape,
                colour=model.key,
                legend=model.legend,
                glow="locator",
                label=str(options["label"]),
                label_side="above",
            ),
        ),
    )
    return Device(
        panels=(panel,),
        parts=tuple(p for i in count for p in lamps.lamp(model.look, places[i - 1], f"lamp_{i}")),
        signals=(*signals, *push.signals),
        timers=(Timer(name="run"), Timer(name="warn"), Timer(name="blink"), *push.timers),
        luminaires=tuple(
            Luminaire(level=f"lamp_{i}", lux=lamps.lux(model.lumens), zone=places[i - 1].zone) for i in count
        ),
        logic=_logic,
        mains=True,
        faults=faults,
        words={f"lamp_{i}": (f"stair lamp {i} is dark", f"stair lamp {i} is lit") for i in count}
        | {"locator": ("the push is dark", "the push glows"), "push": ("the push is released", "the push is held")},
        shows={f"lamp_{i}": "body" for i in count} | {"locator": "plate"},
        model=model,
    )


KIND = Kind(
    name="stair_light",
    title="stair light",
    models=MODELS,
    declare=_declare,
    options={"lamps": ((0.0, 0.0),), "zones": (), "seconds": 0, "label": ""},
    mount="wall",
)
