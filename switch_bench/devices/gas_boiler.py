"""Gas boiler: lights in a sequence, heats radiators in other zones and the taps' water, locks out when it can't.

A call for heat (or an open hot tap) starts the fan, then spark and gas; a flame must be seen within the safety time.
After three failures it locks out, through power cuts too, until the reset key. When the call ends the pump runs on.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from switch_bench.controls.button import PushButton
from switch_bench.controls.knob import Knob
from switch_bench.devices.base import Colour, Device, Display, Fault, Icon, Kind, Lamp, Panel, Part, Scale, Text
from switch_bench.devices.contacts import contact, pressed
from switch_bench.network.declare import SECOND, Flow, Quantiser, Signal, Timer
from switch_bench.network.io import IO

PURGE = 5 * SECOND  # fan before ignition (EN 15502-2-1 pre-purge)
SAFETY = 5 * SECOND  # gas without flame at the most; EN 15502-1 allows 10 s
SEEN = 2 * SECOND  # from spark to a flame the ionisation probe sees
RETRY = 15 * SECOND  # between two attempts
ATTEMPTS = 3
RESET_HOLD = 3 * SECOND
STANDBY, FAN, PUMP = 3.0, 35.0, 45.0  # W, of common 24 kW condensing boilers (ErP data sheets)
COLD = 12.0  # degC, mains water
ROOM = 20.0  # degC
HOT = 30.0  # degC, radiators' water returning when the flame is out
TAU_BURN, TAU_TAP, TAU_PUMP, TAU_REST = 90.0, 8.0, 240.0, 3600.0  # s, flow pipe heated, tap, flow pipe pumped, at rest
RUNNING = ("fan", "ignite", "flame", "wait")
PHASES = ("off", "idle", *RUNNING, "overrun", "lockout")
SOUNDS = {"fan": "whirr", "ignite": "ticking", "flame": "burner", "overrun": "pump"}

Place = tuple[float, float]
FLOW_DEGREES = ("off", "40", "50", "60", "70", "80")  # degC
TAP_DEGREES = ("35", "40", "45", "50", "55", "60")  # degC


@dataclass(frozen=True)
class Model:
    """A face: where knobs, reset key and LCD sit on the panel, and whether the LCD says things in words."""

    size: tuple[float, float, float]  # width, depth, height of the housing [m]
    panel: tuple[Place, float]  # size of the panel, height of its centre over the housing's [m]
    flow: Place
    tap: Place
    reset: Place
    screen: tuple[Place, Place]
    brand: tuple[str, Place]
    colour: Colour = (0.93, 0.94, 0.95)
    panel_colour: Colour = (0.78, 0.80, 0.82)
    knob_colour: Colour = (0.25, 0.27, 0.30)
    words: bool = True
    hold_reset: bool = False
    overrun: int = 180 * SECOND  # pump overrun, makers' default 3 to 5 min


MODELS: Mapping[str, Model] = {
    "combi": Model(
        size=(0.40, 0.30, 0.70),
        panel=((0.36, 0.13), -0.255),
        flow=(-0.115, -0.006),
        tap=(0.115, -0.006),
        reset=(0.0, -0.045),
        screen=((0.0, 0.016), (0.096, 0.052)),
        brand=("CALDERA 24", (0.0, 0.055)),
    ),
    "linea": Model(
        size=(0.44, 0.34, 0.74),
        panel=((0.42, 0.11), -0.285),
        flow=(0.055, -0.006),
        tap=(0.150, -0.006),
        reset=(-0.030, -0.004),
        screen=((-0.135, 0.0), (0.100, 0.060)),
        brand=("Linea", (-0.030, 0.036)),
        colour=(0.90, 0.90, 0.88),
        panel_colour=(0.10, 0.11, 0.12),
        knob_colour=(0.75, 0.76, 0.77),
        hold_reset=True,
        overrun=300 * SECOND,
    ),
    "cellar": Model(
        size=(0.46, 0.36, 0.80),
        panel=((0.42, 0.15), 0.250),
        flow=(-0.055, -0.010),
        tap=(-0.150, -0.010),
        reset=(0.055, -0.010),
        screen=((0.145, 0.000), (0.080, 0.062)),
        brand=("HEIZWERK", (0.145, 0.056)),
        colour=(0.22, 0.32, 0.42),
        panel_colour=(0.86, 0.84, 0.78),
        words=False,
    ),
}


def _logic(io: IO) -> None:
    model: Model = io.model
    tap, knob = bool(io["tap"]), str(io["flow_temp"])
    demand = tap or (bool(io["call"]) and knob != "off")
    locked, attempts, misfires = bool(io["locked"]), int(io["attempts"]), int(io["misfires"])
    before = str(io["phase"])
    phase = before

    if _reset(io):
        locked, attempts = False, 0
    if not io["mains"]:
        phase = "off"
    elif locked:
        phase = "lockout"
    elif phase in ("off", "lockout"):
        phase = "idle"

    if phase == "ignite" and io.fired("seen"):
        phase, attempts = "flame", 0
    elif (phase == "ignite" and io.fired("stage")) or (phase == "flame" and not io["gas"]):
        attempts += 1
        locked = attempts >= ATTEMPTS
        phase = "lockout" if locked else "wait"
    elif phase == "fan" and io.fired("stage"):
        phase = "ignite"
    elif (phase == "wait" and io.fired("stage")) or (phase in ("idle", "overrun") and demand):
        phase = "fan"
    elif phase == "overrun" and io.fired("stage"):
        phase = "idle"
    if phase in RUNNING and not demand:
        phase, attempts = ("overrun" if phase == "flame" else "idle"), 0

    if phase != before:
        io.stop("seen")
        stages = {"fan": PURGE, "ignite": SAFETY, "wait": RETRY, "overrun": model.overrun}
        if phase in stages:
            io.start("stage", stages[phase])
        else:
            io.stop("stage")
        if phase == "ignite":
            if io["gas"] and not misfires and not io["electrode_broken"]:
                io.start("seen", SEEN)
            misfires = max(misfires - 1, 0)
    _show(io, phase, locked, attempts, tap, knob)
    io.set("misfires", misfires)


def _reset(io: IO) -> bool:
    """True when the reset key counts: at once, or after it has been held."""
    press = pressed(io, "reset")
    if not io.model.hold_reset or not io["mains"]:
        return press and bool(io["mains"])
    if press:
        io.start("reset_held", RESET_HOLD)
    elif io.fell("reset"):
        io.stop("reset_held")
    return io.fired("reset_held")


def _show(io: IO, phase: str, locked: bool, attempts: int, tap: bool, knob: str) -> None:
    burning, pumping = phase == "flame", phase in ("flame", "overrun", "fan", "ignite")
    heating = pumping and not tap and knob != "off"
    io.set("phase", phase)
    io.set("locked", locked)
    io.set("attempts", attempts)
    io.set("flame", burning)
    io.set("pump", pumping)
    io.set("flow", heating)
    io.set("fault", phase == "lockout" and not io["fault_lamp_dead"])
    io.set("power_lamp", phase != "off")
    io.set("sound", SOUNDS.get(phase, ""))
    fan = phase in ("fan", "ignite", "flame")
    io.set("load", 0.0 if phase == "off" else STANDBY + FAN * fan + PUMP * pumping)

    if burning:
        target, tau = (70.0 if tap else float(knob)), TAU_BURN
    else:
        target, tau = (HOT, TAU_PUMP) if pumping else (ROOM, TAU_REST)
    io.lag("pipe", target, tau)
    if tap:
        io.lag("tap_water", float(io["water_temp"]) if burning else COLD, TAU_TAP)
    else:
        io.lag("tap_water", ROOM, TAU_REST)
    supply = float(io["measured"])
    io.set("supply", supply)

    degrees = f"{supply:.0f}°C"
    codes = {"off": "", "lockout": "F1", "wait": f"{attempts}/{ATTEMPTS}"}
    io.set("display", codes.get(phase, degrees))
    if io.model.words:
        io.set("status", _words(phase, attempts, tap))


def _words(phase: str, attempts: int, tap: bool) -> str:
    trying = f"{min(attempts + 1, ATTEMPTS)}/{ATTEMPTS}"
    return {
        "off": "",
        "idle": "READY",
        "fan": f"FAN {trying}",
        "ignite": f"IGNITE {trying}",
        "flame": "HOT WATER" if tap else "HEATING",
        "wait": "NO FLAME",
        "overrun": "PUMP RUN-ON",
        "lockout": "LOCKED: RESET",
    }[phase]


def _declare(model: Model, options: Mapping[str, Any]) -> Device:
    key = contact("reset", "the reset key")
    water, flow = str(options["water_temp"]), str(options["flow_temp"])
    for name, value, allowed in (("flow_temp", flow, FLOW_DEGREES), ("water_temp", water, TAP_DEGREES)):
        if value not in allowed:
            raise ValueError(f"{name}: {value!r} is none of {', '.join(allowed)}")
    return Device(
        panels=(_panel(model, flow, water),),
        parts=_housing(model),
        signals=(
            Signal(name="mains", initial=True, kind="input"),
            Signal(name="load", initial=0.0, kind="output", unit="W"),
            Signal(name="call", initial=False, kind="input"),
            Signal(name="tap", initial=False, kind="input"),
            Signal(name="gas", initial=True, kind="input"),
            Signal(name="phase", initial="off", values=PHASES),
            Signal(name="attempts", initial=0),
            Signal(name="locked", initial=False),
            Signal(name="misfires", initial=0),
            Signal(name="electrode_broken", initial=False),
            Signal(name="fault_lamp_dead", initial=False),
            Signal(name="flow", initial=False, kind="output"),
            Signal(name="supply", initial=ROOM, kind="output", unit="degC"),
            Signal(name="flame", initial=False, kind="output"),
            Signal(name="pump", initial=False, kind="output"),
            Signal(name="fault", initial=False, kind="output"),
            Signal(name="power_lamp", initial=False, kind="output"),
            Signal(name="display", initial="", kind="output"),
            *((Signal(name="status", initial="", kind="output"),) if model.words else ()),
            Signal(name="sound", initial="", kind="sound"),
            *key.signals,
        ),
        flows=(Flow(name="pipe", initial=ROOM, unit="degC"), Flow(name="tap_water", initial=ROOM, unit="degC")),
        quantisers=(Quantiser(name="measured", flow="pipe", step=5.0, hysteresis=1.0),),
        timers=(Timer(name="stage"), Timer(name="seen"), Timer(name="reset_held"), *key.timers),
        logic=_logic,
        mains=True,
        faults={
            "locked_out": Fault(
                "it is locked out after three failed ignitions", {"locked": True, "attempts": ATTEMPTS}
            ),
            "misfires_twice": Fault("the first two ignitions fail, the third one lights", {"misfires": 2}),
            "misfires_thrice": Fault("it fails to light until it has been reset once", {"misfires": ATTEMPTS}),
            "electrode_broken": Fault("its spark electrode is broken: it never lights", {"electrode_broken": True}),
            "gas_shut": Fault("the gas is shut off", {"gas": False}),
            "fault_lamp_dead": Fault("its fault lamp is dead", {"fault_lamp_dead": True}),
            **key.faults,
        },
        words={
            "phase": {phase: f"the boiler's phase is {phase}" for phase in PHASES},
            "call": ("nothing calls the boiler for heat", "heat is called for"),
            "tap": ("no hot tap is open", "a hot tap is open"),
            "gas": ("the gas is shut off", "there is gas"),
            "locked": ("the boiler isn't locked out", "the boiler is locked out"),
            "flame": ("the boiler's flame is out", "the boiler's flame burns"),
            "pump": ("the boiler's pump rests", "the boiler's pump runs"),
            "flow": ("no hot water goes to the radiators", "hot water goes to the radiators"),
            "supply": "the boiler sends water of {:.0f} °C",
            "fault": ("the boiler's fault lamp is dark", "the boiler's fault lamp is lit"),
            "power_lamp": ("the boiler's power lamp is dark", "the boiler's power lamp is lit"),
            "display": "the boiler's display shows {}",
            "flow_temp": "the heating knob is at {}",
            "water_temp": "the hot water knob is at {}",
            "reset": ("the reset key is free", "the reset key is pressed"),
            "sound": "the boiler sounds: {}",
        }
        | ({"status": "the boiler's display says {}"} if model.words else {}),
        shows=dict.fromkeys(
            ("display", "flow_temp", "water_temp", "fault", "power_lamp", "supply", "phase", "locked")
            + (("status",) if model.words else ()),
            "front",
        )
        | {"flame": "body"},
        model=model,
    )


def _panel(model: Model, flow: str, water: str) -> Panel:
    (size, z), ((x, y), (w, h)) = model.panel, model.screen
    share = 0.62 if model.words else 1.0
    displays = [Display(signal="display", at=(x, y + h * (1 - share) / 2), size=(w, h * share), style="lcd", columns=4)]
    if model.words:
        displays.append(
            Display(signal="status", at=(x, y - h * share / 2), size=(w, h * (1 - share)), style="lcd", columns=14)
        )

    def knob(name: str, at: Place, values: tuple[str, ...], initial: str) -> Knob:
        middle = (len(values) - 1) / 2
        return Knob(
            name=name,
            at=at,
            radius=0.017,
            colour=model.knob_colour,
            positions=tuple((value, (i - middle) * 0.75) for i, value in enumerate(values)),
            initial=initial,
        )

    return Panel(
        name="front",
        at=(0.0, -model.size[1] - 0.002, z),
        size=size,
        colour=model.panel_colour,
        controls=(
            knob("flow_temp", model.flow, FLOW_DEGREES, flow),
            knob("water_temp", model.tap, TAP_DEGREES, water),
            PushButton(
                name="reset",
                at=model.reset,
                size=(0.014, 0.014),
                colour=(0.80, 0.16, 0.12),
                label="RESET 3 s" if model.hold_reset else "RESET",
                label_side="below",
            ),
        ),
        marks=(
            Scale(control="flow_temp"),
            Scale(control="water_temp"),
            Icon(name="radiator", at=(model.flow[0], model.flow[1] + 0.044), size=0.014),
            Icon(name="water", at=(model.tap[0], model.tap[1] + 0.044), size=0.014),
            Text(text=model.brand[0], at=model.brand[1], height=0.006, bold=True),
        ),
        lamps=(
            Lamp(signal="power_lamp", at=(x - w / 2 + 0.006, y + h / 2 + 0.008)),
            Lamp(
                signal="fault",
                at=(model.reset[0] + 0.022, model.reset[1]),
                colour=(1.0, 0.12, 0.08),
                size=0.006,
                label="!",
            ),
        ),
        displays=tuple(displays),
    )


def _housing(model: Model) -> tuple[Part, ...]:
    width, depth, height = model.size
    (_, panel_height), z = model.panel
    # the sight glass sits on the half of the front that the panel leaves free
    glass = -z * 0.25
    pipes = tuple(
        Part(
            shape="cylinder",
            size=(0.018 if i % 2 else 0.022, 0.16),
            at=(x * width, -depth * 0.4, -height / 2 - 0.08),
            material="steel",
            colour=(0.72, 0.45, 0.30),
        )
        for i, x in enumerate((-0.34, -0.17, 0.0, 0.17, 0.34))
    )
    return (
        Part(size=(width, depth - 0.02, height), at=(0.0, -(depth - 0.02) / 2, 0.0), colour=model.colour),
        Part(
            size=(width - 0.012, 0.02, height - panel_height - 0.03),
            at=(0.0, -depth + 0.01, -(panel_height + 0.03) / 2 if z > 0 else (panel_height + 0.03) / 2),
            colour=model.colour,
        ),
        Part(
            size=(width - 0.012, 0.016, panel_height + 0.02),
            at=(0.0, -depth + 0.008, z),
            colour=model.panel_colour,
        ),
        Part(shape="cylinder", size=(0.060, 0.006), at=(0.0, -depth, glass), axis="y", material="steel", solid=False),
        Part(
            shape="cylinder",
            size=(0.046, 0.008),
            at=(0.0, -depth - 0.001, glass),
            axis="y",
            colour=(0.05, 0.05, 0.06),
            solid=False,
        ),
        Part(
            shape="ellipsoid",
            size=(0.030, 0.006, 0.034),
            at=(0.0, -depth - 0.003, glass),
            colour=(0.25, 0.55, 1.0),
            glow="flame",
            hidden=True,
            solid=False,
        ),
        Part(shape="cylinder", size=(0.10, 0.30), at=(0.0, -depth / 2, height / 2 + 0.15), material="steel"),
        *pipes,
    )


KIND = Kind(
    name="gas_boiler",
    title="gas boiler",
    models=MODELS,
    declare=_declare,
    options={"flow_temp": "60", "water_temp": "45"},
    mount="wall",
)
