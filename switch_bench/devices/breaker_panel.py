"""Breaker panel: four to eight miniature circuit breakers behind a residual-current device, perhaps behind a door.

Every breaker is a lever with three rests: off, on, and in the middle tripped, where its spring throws it. From there
it has to be pushed off, which cocks the latch, before on holds again; a lever pushed on uncocked falls back to the
middle, and feeds nothing meanwhile (trip-free, IEC 60898-1: 8.2). `circuit_i` is live while its breaker and the
residual-current device (RCD) are on and latched, and the `mains` are there.

A breaker trips by heat or by magnet. Heat: its bimetal follows (I/In)² with the time constant `TAU`, which gives the
I²t curve; `load_i` [W] is what hangs on circuit i. Magnet: at once above five times the rating. The RCD trips on the
earth leakage `leak` [mA], on a leaking circuit's own (a fault), or by its test key, which works by the mains it
passes on. Breakers are mechanical: they lie after a power cut as they lay before.

`wiring` names the breaker of each circuit in turn ("2134": circuit 1 hangs on breaker 2); the labels are the
breakers'.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from switch_bench.controls.button import PushButton
from switch_bench.controls.door import Door
from switch_bench.controls.lever import Lever
from switch_bench.devices.base import Colour, Device, Fault, Kind, Lamp, Panel, Part, Text
from switch_bench.devices.options import labels, wiring
from switch_bench.network.adding import total
from switch_bench.network.declare import MS, Comparator, Flow, Signal, Timer
from switch_bench.network.io import IO

VOLTS = 230.0  # V, EN 60038
TAU = 100.0  # s, puts 2.55 In at 28 s from cold: IEC 60898-1 asks for 1 to 60 s
TRIPS_AT = 1.6  # (I/In)² of a bimetal that lets go: 1.26 In, between the 1.13 and 1.45 In of IEC 60898-1
COOL = 0.3  # (I/In)² the bimetal must fall before the latch holds again
MAGNET = 5.0  # times In: upper end of the type B range of 3 to 5 In, IEC 60898-1
MAGNET_TIME = 10 * MS  # µs: a half wave
RCD_TRIPS = 22.0  # mA: a 30 mA RCD must trip between 15 and 30 (IEC 61008-1)
RCD_TIME = 40 * MS  # µs: IEC 61008-1 allows 300 ms at the rated residual current
TEST_LEAK = 60.0  # mA the test resistor passes: at most 2.5 times rated (IEC 61008-1)
THROW = 0.42  # rad each way from the middle: a ±24° toggle
SPRING = 0.25  # N·m, the trip spring at the handle: 12 N at a 20 mm handle


@dataclass(frozen=True)
class Model:
    """A board: its breakers' ratings, how they are set out, and its faces."""

    amps: tuple[float, ...]
    unprotected: int = 0  # the first so many circuits aren't behind the RCD
    colour: Colour = (0.93, 0.93, 0.92)
    handle: Colour = (0.10, 0.10, 0.11)
    rcd_handle: Colour = (0.15, 0.30, 0.75)
    rcd_left: bool = True
    cover: bool = False
    neon: bool = False
    pitch: float = 0.034  # m between handles; the module is 17.5 mm (DIN 43880), spread here for a finger
    finish: Literal["plain", "brushed"] = "plain"


MODELS: Mapping[str, Model] = {
    "row_six": Model(amps=(10.0, 10.0, 16.0, 16.0, 20.0, 32.0), neon=True),
    "garage_four": Model(
        amps=(6.0, 10.0, 16.0, 16.0),
        colour=(0.32, 0.34, 0.37),
        handle=(0.85, 0.30, 0.10),
        rcd_handle=(0.90, 0.85, 0.15),
        rcd_left=False,
        pitch=0.038,
    ),
    "split_eight": Model(
        amps=(6.0, 6.0, 10.0, 16.0, 16.0, 16.0, 20.0, 32.0),
        unprotected=2,
        colour=(0.80, 0.82, 0.80),
        rcd_handle=(0.75, 0.10, 0.10),
        cover=True,
        finish="brushed",
    ),
}


def _logic(io: IO) -> None:
    model: Model = io.model
    count = len(model.amps)
    powered = bool(io["mains"])
    wired = str(io["wiring"])
    trip_rcd = io.fired("leaking")
    rcd = _handle(io, "rcd", trip_rcd)
    loads = [0.0] * count
    fed = [False] * count
    on = [False] * count
    for i in range(1, count + 1):
        behind = rcd or i <= model.unprotected
        on[i - 1] = _handle(io, f"mcb_{i}", bool(io[f"hot_{i}"]) or io.fired(f"short_{i}"))
        fed[i - 1] = powered and behind and on[i - 1]
    leak = float(io["leak"])
    for circuit, breaker in enumerate(wired, 1):
        mcb = int(breaker)
        live = fed[mcb - 1]
        io.set(f"circuit_{circuit}", live)
        if live:
            loads[mcb - 1] += float(io[f"load_{circuit}"]) + VOLTS * float(io[f"short_circuit_{circuit}"])
            leak += float(io[f"leaky_{circuit}"]) * (mcb > model.unprotected)
    for i, load in enumerate(loads, 1):
        _heat(io, i, load / VOLTS / model.amps[i - 1])
    live_rcd = powered and rcd
    if io["rcd_test"] and not io["test_dead"]:
        leak += TEST_LEAK
    _delayed(io, "leaking", live_rcd and leak >= RCD_TRIPS, RCD_TIME)
    io.set("load", total(loads))
    if model.neon:
        io.set("neon", live_rcd)


def _handle(io: IO, name: str, trip: bool) -> bool:
    """Latch and drive one handle; True while it is on and latched.

    Off cocks the latch; tripping, and reaching on uncocked, let the spring drive the handle to the middle. A handle
    that a hand moves through the middle stays latched; one that is there from the start has tripped.
    """
    at = io[name]
    latched = (bool(io[f"{name}_latched"]) or at == "off") and not (trip and at == "on")
    if io.first and at == "tripped":
        latched = False
    io.set(f"{name}_latched", latched)
    io.set(f"{name}_spring", not latched and at == "on")
    return latched and at == "on"


def _heat(io: IO, breaker: int, ratio: float) -> None:
    """Let the breaker's bimetal follow (I/In)², and its magnet trip it."""
    if ratio != io[f"ratio_{breaker}"]:
        io.set(f"ratio_{breaker}", ratio)
        io.lag(f"heat_{breaker}", ratio * ratio, TAU)
    _delayed(io, f"short_{breaker}", ratio > MAGNET, MAGNET_TIME)


def _delayed(io: IO, timer: str, cause: bool, time: int) -> None:
    """Run `timer` while `cause` lasts."""
    if not cause:
        io.stop(timer)
    elif not io[timer] and not io.fired(timer):
        io.start(timer, time)


def _declare(model: Model, options: Mapping[str, Any]) -> Device:
    count = range(1, len(model.amps) + 1)
    wired = wiring(options, len(count))
    legends = labels(options, len(count))
    signals = [
        Signal(name="mains", initial=True, kind="input"),
        Signal(name="load", initial=0.0, kind="output", unit="W"),
        Signal(name="leak", initial=0.0, kind="input", unit="mA"),
        Signal(name="wiring", initial=wired),
        Signal(name="test_dead", initial=False),
        *_latch("rcd"),
    ]
    faults = {
        "swapped_wiring": Fault("the first two circuits hang on each other's breakers", {"wiring": _swap(wired)}),
        "test_dead": Fault("the test key does nothing", {"test_dead": True}),
        "no_supply": Fault("no current comes in from the street", {"mains": False}),
        "tripped_rcd": Fault("the RCD has tripped", {"rcd": "tripped", "rcd_latched": False}),
    }
    words: dict[str, Any] = {"rcd": _said("the RCD"), "load": "the board passes on {:.0f} W"}
    shows = {"rcd": "front"}
    for i in count:
        title = f"breaker {i}" + (f" ({legends[i - 1]})" if legends[i - 1] else "")
        signals += [
            *_latch(f"mcb_{i}"),
            Signal(name=f"circuit_{i}", initial=False, kind="output"),
            Signal(name=f"load_{i}", initial=0.0, kind="input", unit="W"),
            Signal(name=f"ratio_{i}", initial=0.0),
            Signal(name=f"leaky_{i}", initial=0.0, unit="mA"),
            Signal(name=f"short_circuit_{i}", initial=0.0, unit="A"),
        ]
        words[f"mcb_{i}"] = _said(title)
        words[f"circuit_{i}"] = (f"circuit {i} is dead", f"circuit {i} is live")
        shows[f"mcb_{i}"] = "front"
        faults[f"tripped_{i}"] = Fault(f"breaker {i} has tripped", {f"mcb_{i}": "tripped", f"mcb_{i}_latched": False})
        faults[f"earth_fault_{i}"] = Fault(f"circuit {i} leaks to earth", {f"leaky_{i}": TEST_LEAK})
        faults[f"short_circuit_{i}"] = Fault(f"circuit {i} is shorted", {f"short_circuit_{i}": 1000.0})
        faults[f"stuck_{i}"] = Fault(f"the handle of breaker {i} is stuck", stuck=(f"mcb_{i}",))
    if model.neon:
        signals.append(Signal(name="neon", initial=False, kind="output"))
        words["neon"] = ("the board's neon lamp is dark", "the board's neon lamp is lit")
        shows["neon"] = "front"
    if model.cover:
        words["cover"] = {"closed": "the board's door is closed", "open": "the board's door is open"}
        shows["cover"] = "cover"
    return Device(
        panels=_panels(model, legends),
        parts=_housing(model),
        signals=tuple(signals),
        flows=tuple(Flow(name=f"heat_{i}", initial=0.0) for i in count),
        comparators=tuple(
            Comparator(name=f"hot_{i}", flow=f"heat_{i}", at=TRIPS_AT - COOL / 2, hysteresis=COOL) for i in count
        ),
        timers=(Timer(name="leaking"), *(Timer(name=f"short_{i}") for i in count)),
        logic=_logic,
        mains=True,
        faults=faults,
        words=words,
        shows=shows,
        model=model,
    )


def _latch(name: str) -> tuple[Signal, Signal]:
    return (
        Signal(name=f"{name}_latched", initial=True),
        Signal(name=f"{name}_spring", initial=False, kind="output", drives=True),
    )


def _swap(wired: str) -> str:
    return wired[1] + wired[0] + wired[2:]


def _said(title: str) -> dict[Any, str]:
    return {"off": f"{title} is off", "tripped": f"{title} has tripped", "on": f"{title} is on"}


HEIGHT = 0.120  # m of the board's front
RCD_WIDTH = 0.062  # m: two modules and the test key
DEPTH = 0.066  # m of the board behind its front
RIM = 0.036  # m that the box of a board with a door stands before the handles' plate
WALL = 0.012  # m
ROW = -0.004  # m: the handles' hinges above the middle


def _panels(model: Model, legends: tuple[str, ...]) -> tuple[Panel, ...]:
    row = model.pitch * len(model.amps)
    width = _width(model)
    left = -width / 2 + 0.012
    first = left + model.pitch / 2 + (RCD_WIDTH if model.rcd_left else 0.0)
    rcd = left + RCD_WIDTH / 2 + (0.0 if model.rcd_left else row)
    test = PushButton(
        name="rcd_test",
        at=(rcd + 0.015, ROW),
        size=(0.014, 0.014),
        shape="square",
        colour=(0.95, 0.80, 0.15),
        legend="T",
        label="test",
        label_side="above",
    )
    handles = [_lever("rcd", rcd - 0.015, model.rcd_handle, "RCD")]
    marks = [Text(text="30 mA", at=(rcd - 0.015, ROW - 0.030), height=0.0045)]
    for i, amps in enumerate(model.amps, 1):
        x = first + model.pitch * (i - 1)
        handles.append(_lever(f"mcb_{i}", x, model.handle, legends[i - 1]))
        marks.append(Text(text=f"B{amps:g}", at=(x, ROW - 0.030), height=0.0045))
    middle = first + (row - model.pitch) / 2
    marks += [
        Text(text="I  ON", at=(middle, 0.051), height=0.005, bold=True),
        Text(text="O  OFF", at=(middle, -0.051), height=0.005, bold=True),
    ]
    front = Panel(
        name="front",
        at=(0.0, -DEPTH - 0.004, 0.0),
        size=(width, HEIGHT),
        colour=model.colour,
        finish=model.finish,
        controls=(*handles, test),
        marks=tuple(marks),
        lamps=(Lamp(signal="neon", at=(rcd + 0.015, ROW - 0.022), colour=(1.0, 0.35, 0.1), size=0.006),)
        if model.neon
        else (),
    )
    return (front, _cover(model)) if model.cover else (front,)


def _cover(model: Model) -> Panel:
    """The door, hung on the left wall of the box: its panel is that wall's edge."""
    width = _width(model)
    return Panel(
        name="cover",
        at=(-(width + WALL) / 2, -DEPTH - RIM, 0.0),
        size=(WALL, HEIGHT + 2 * WALL),
        thickness=0.004,
        colour=model.colour,
        controls=(
            Door(
                name="cover",
                at=((width + WALL) / 2, 0.0),
                size=(width + 2 * WALL, HEIGHT + 2 * WALL),
                hinge="left",
                handle="knob",
                opens=2.0,
                thickness=0.006,
                colour=model.colour,
            ),
        ),
    )


def _width(model: Model) -> float:
    return model.pitch * len(model.amps) + RCD_WIDTH + 0.024


def _lever(name: str, x: float, colour: Colour, label: str) -> Lever:
    return Lever(
        name=name,
        at=(x, ROW),
        positions=(("off", -THROW), ("tripped", 0.0), ("on", THROW)),
        initial="on",
        arm=0.022,
        along="y",
        colour=colour,
        label=label,
        label_side="above",
        drive=f"{name}_spring",
        driven={True: 0.0},
        drive_force=SPRING,
    )


def _housing(model: Model) -> tuple[Part, ...]:
    """The box behind the front, and the walls round it where there is a door."""
    w, h = _width(model) + 2 * WALL, HEIGHT + 2 * WALL
    box = Part(size=(w, DEPTH, h), at=(0.0, -DEPTH / 2, 0.0), colour=model.colour)
    if not model.cover:
        return (box,)
    deep, y = RIM - 0.004, -DEPTH - (RIM - 0.004) / 2
    upright = [Part(size=(WALL, deep, h), at=(s * (w - WALL) / 2, y, 0.0), colour=model.colour) for s in (-1.0, 1.0)]
    level = [
        Part(size=(w - 2 * WALL, deep, WALL), at=(0.0, y, s * (h - WALL) / 2), colour=model.colour) for s in (-1.0, 1.0)
    ]
    return (box, *upright, *level)


KIND = Kind(
    name="breaker_panel",
    title="breaker panel",
    models=MODELS,
    declare=_declare,
    options={"labels": (), "wiring": ""},
    mount="wall",
)
