"""Digital thermostat: four keys and an LCD; it senses one zone and calls for heat with hysteresis.

Modes: `heat` follows the set point (which a home panel may write over the radio), `eco` a lower one, `hold` keeps the
set point whatever the radio says, `off` protects from frost only. Holding the mode key for five seconds locks the keys.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from switch_bench.controls.button import PushButton
from switch_bench.devices.base import Colour, Device, Display, Fault, Kind, Lamp, Panel, Part, Text
from switch_bench.devices.contacts import contact, pressed
from switch_bench.devices.options import number
from switch_bench.network.declare import SECOND, Comparator, Quantiser, Signal, Timer
from switch_bench.network.io import IO

LOWEST, HIGHEST, STEP = 5.0, 30.0, 0.5  # degC, the range and step of common room thermostats
FROST = 5.0  # degC kept when off, the frost protection of EN 12098 controllers
LOCK_HOLD = 5 * SECOND
AWAKE = 10 * SECOND  # after a key, a sleeping model goes back to showing the room's temperature alone
REPEAT_AFTER, REPEAT_EVERY = 1 * SECOND, SECOND // 4  # a key held down repeats
MODES = ("off", "heat", "eco", "hold")
NEXT = {"off": "heat", "heat": "eco", "eco": "off", "hold": "heat"}

Place = tuple[float, float]


@dataclass(frozen=True)
class Model:
    """A face: size, where its keys and its LCD are, and what it does with the first key."""

    size: Place
    keys: Mapping[str, Place]
    screen: tuple[Place, Place]  # centre, size of the LCD
    legends: Mapping[str, str]
    brand: tuple[str, Place]
    colour: Colour
    key_colour: Colour
    key_size: Place = (0.015, 0.011)
    shape: Literal["round", "square"] = "square"
    labels: Mapping[str, str] = field(default_factory=dict)  # beneath the keys
    sleeps: bool = False  # the first key only wakes it
    lamp: Place | None = None  # an indicator of the call for heat
    hysteresis: float = 0.5  # K, ±0.25 K as of a class IV controller (EU 811/2013)
    eco: float = 17.0  # degC


MODELS: Mapping[str, Model] = {
    "slate": Model(
        size=(0.120, 0.090),
        keys={"up": (0.018, -0.026), "down": (-0.018, -0.026), "mode": (-0.046, -0.026), "hold": (0.046, -0.026)},
        legends={"up": "+", "down": "−", "mode": "MODE", "hold": "HOLD"},
        screen=((0.0, 0.0125), (0.086, 0.052)),
        brand=("TERMA 4", (0.0, 0.0405)),
        colour=(0.94, 0.94, 0.93),
        key_colour=(0.80, 0.81, 0.82),
        key_size=(0.022, 0.013),
    ),
    "bar": Model(
        size=(0.150, 0.082),
        keys={"up": (0.039, 0.018), "down": (0.039, -0.016), "mode": (0.061, 0.018), "hold": (0.061, -0.016)},
        legends={"up": "icon:up", "down": "icon:down", "mode": "M", "hold": "H"},
        labels={"mode": "mode", "hold": "hold"},
        screen=((-0.023, 0.001), (0.084, 0.052)),
        brand=("Solvik", (-0.052, -0.034)),
        colour=(0.86, 0.84, 0.80),
        key_colour=(0.97, 0.97, 0.96),
        key_size=(0.015, 0.015),
        shape="round",
        sleeps=True,
        hysteresis=0.4,
        eco=16.0,
    ),
    "tower": Model(
        size=(0.086, 0.126),
        keys={"up": (0.021, -0.014), "down": (0.021, -0.044), "mode": (-0.021, -0.014), "hold": (-0.021, -0.044)},
        legends={"up": "icon:up", "down": "icon:down", "mode": "MODE", "hold": "HOLD"},
        screen=((0.0, 0.029), (0.070, 0.054)),
        brand=("HEAT", (-0.012, -0.058)),
        colour=(0.17, 0.18, 0.19),
        key_colour=(0.30, 0.31, 0.33),
        key_size=(0.024, 0.016),
        lamp=(0.004, -0.058),
        hysteresis=1.0,
        eco=18.0,
    ),
}


def _logic(io: IO) -> None:
    model: Model = io.model
    alive = not io["flat"]
    mode, setpoint, eco = str(io["mode"]), float(io["setpoint"]), float(io["eco_setpoint"])
    locked, awake = bool(io["locked"]), not model.sleeps or io.left("awake") > 0

    if alive:
        keys = {key: pressed(io, f"key_{key}") for key in ("up", "down", "hold")}
        if model.sleeps and (any(keys.values()) or io.rose("key_mode")):
            io.start("awake", AWAKE)
            keys = {key: awake and press for key, press in keys.items()}  # the first key only wakes it
        if io.rose("key_mode") and awake:
            io.start("mode_held", LOCK_HOLD)
        awake = awake or any(io.rose(f"key_{key}") for key in model.keys)
        if keys["up"] or keys["down"]:
            io.start("repeat", REPEAT_AFTER)
        if io.fired("repeat") and io["key_up"] != io["key_down"]:
            keys["up" if io["key_up"] else "down"] = True
            io.start("repeat", REPEAT_EVERY)
        if io.fired("mode_held"):
            locked = not locked
        elif io.fell("key_mode") and io.left("mode_held"):
            io.stop("mode_held")
            mode = mode if locked else NEXT[mode]
        if not locked:
            change = STEP * (keys["up"] - keys["down"])
            if mode == "eco":
                eco = _limit(eco + change)
            elif mode != "off":
                setpoint = _limit(setpoint + change)
            if keys["hold"] and mode != "off":
                mode = "heat" if mode == "hold" else "hold"
        if io.changed("remote") and float(io["remote"]) > 0 and mode != "hold":
            setpoint = _limit(float(io["remote"]))

    away = bool(io["away"]) and mode == "heat"
    target = {"off": FROST, "eco": eco}.get(mode, eco if away else setpoint)
    call = alive and not io["warm"]
    offset = float(io["offset"])
    io.set("mode", mode)
    io.set("setpoint", setpoint)
    io.set("eco_setpoint", eco)
    io.set("locked", locked)
    io.set("target", target)
    io.set("threshold", target - offset)
    io.set("call", call and not io["relay_dead"])
    io.set("calling", call)
    io.set("room_shown", f"{float(io['measured']) + offset:.1f}°" if alive else "")
    words = "OFF" if mode == "off" else f"{'AWAY' if away else mode.upper()} {target:.1f}°"
    status = words + (" LOCKED" if locked else " CALL" if call else "")
    io.set("status_shown", status if alive and awake else "")


def _limit(setpoint: float) -> float:
    return min(max(setpoint, LOWEST), HIGHEST)


def _declare(model: Model, options: Mapping[str, Any]) -> Device:
    mode, setpoint = str(options["mode"]), number(options, "setpoint", LOWEST, HIGHEST)
    if mode not in MODES:
        raise ValueError(f"mode: {mode!r} is none of {', '.join(MODES)}")
    senses = str(options["senses"])
    target = {"off": FROST, "eco": model.eco}.get(mode, setpoint)
    (width, height), ((x, y), (w, h)) = model.size, model.screen
    contacts = {key: contact(f"key_{key}", f"its {key} key") for key in ("up", "down", "hold")}
    faults = {
        "flat_batteries": Fault("its batteries are flat", {"flat": True}),
        "sensor_offset": Fault("its sensor reads 3 degrees too warm", {"offset": 3.0}),
        "left_off": Fault("the last user left it off", {"mode": "off", "threshold": FROST, "target": FROST}),
        "keys_locked": Fault("its keys are locked", {"locked": True}),
        "dead_relay": Fault("it shows that it calls for heat, but its relay stays open", {"relay_dead": True}),
        "stuck_up_key": Fault("its + key is jammed", stuck=("key_up",)),
        **contacts["up"].faults,
        **contacts["hold"].faults,
    }
    return Device(
        panels=(
            Panel(
                name="face",
                at=(0.0, -0.026, 0.0),
                size=model.size,
                colour=model.colour,
                controls=tuple(
                    PushButton(
                        name=f"key_{key}",
                        at=at,
                        size=model.key_size,
                        shape=model.shape,
                        colour=model.key_colour,
                        legend=model.legends[key],
                        label=model.labels.get(key, ""),
                    )
                    for key, at in model.keys.items()
                ),
                marks=(Text(text=model.brand[0], at=model.brand[1], height=0.0036),),
                lamps=(Lamp(signal="calling", at=model.lamp, colour=(1.0, 0.35, 0.05)),) if model.lamp else (),
                displays=(
                    Display(signal="room_shown", at=(x, y + h * 0.16), size=(w, h * 0.68), style="lcd", columns=5),
                    Display(signal="status_shown", at=(x, y - h * 0.34), size=(w, h * 0.32), style="lcd", columns=16),
                ),
            ),
        ),
        parts=(Part(size=(width - 0.002, 0.024, height - 0.002), at=(0.0, -0.012, 0.0), material="plastic"),),
        signals=(
            Signal(name="mode", initial=mode, values=MODES),
            Signal(name="setpoint", initial=setpoint, unit="degC"),
            Signal(name="eco_setpoint", initial=model.eco, unit="degC"),
            Signal(name="target", initial=target, unit="degC"),
            Signal(name="threshold", initial=target, unit="degC"),
            Signal(name="remote", initial=0.0, kind="input", unit="degC"),
            Signal(name="away", initial=False, kind="input"),
            Signal(name="locked", initial=False),
            Signal(name="flat", initial=False),
            Signal(name="offset", initial=0.0, unit="degC"),
            Signal(name="relay_dead", initial=False),
            Signal(name="call", initial=False, kind="output"),
            Signal(name="calling", initial=False, kind="output"),
            Signal(name="room_shown", initial="", kind="output"),
            Signal(name="status_shown", initial="", kind="output"),
            *(signal for c in contacts.values() for signal in c.signals),
        ),
        comparators=(Comparator(name="warm", flow=senses, at="threshold", hysteresis=model.hysteresis),),
        quantisers=(Quantiser(name="measured", flow=senses, step=0.5, hysteresis=0.1),),
        timers=(
            Timer(name="awake"),
            Timer(name="repeat"),
            Timer(name="mode_held"),
            *(timer for c in contacts.values() for timer in c.timers),
        ),
        logic=_logic,
        faults=faults,
        words={
            "call": ("the thermostat doesn't call for heat", "the thermostat calls for heat"),
            "mode": {mode: f"the thermostat is set to {mode}" for mode in MODES},
            "setpoint": "the thermostat is set to {} °C",
            "eco_setpoint": "the thermostat's eco temperature is {} °C",
            "locked": ("the thermostat's keys are free", "the thermostat's keys are locked"),
            "away": ("the house is lived in", "the house is told to be away"),
            "room_shown": "the thermostat's display shows {}",
            "status_shown": "the thermostat's status line shows {}",
            **{f"key_{key}": (f"the {key} key is free", f"the {key} key is pressed") for key in model.keys},
        },
        shows={
            "room_shown": "face",
            "status_shown": "face",
            "mode": "face",
            "setpoint": "face",
            "eco_setpoint": "face",
            "target": "face",
            "locked": "face",
            "calling": "face",
            "call": "face",
        },
        model=model,
    )


KIND = Kind(
    name="thermostat_digital",
    title="digital thermostat",
    models=MODELS,
    declare=_declare,
    options={"senses": "@temperature", "mode": "heat", "setpoint": 20.0},
    mount="wall",
)
