"""What a device network is made of, as frozen declarations.

A `Network` (`network/kernel.py`) is built from a `NetworkSpec`; a spec is plain data and can be hashed, compared and
written to a file. Names are dotted: ``<owner>.<local>``, where the owner is a device, a zone or a person. Inside a
`Unit` (a device's share of the network) names are local, and the kernel prefixes them.

Times are integer microseconds of simulated time, everywhere.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    from switch_bench.network.io import IO

Value = bool | int | float | str

MS = 1_000
SECOND = 1_000_000
MINUTE = 60 * SECOND
HOUR = 3_600 * SECOND

SignalKind = Literal[
    "control", "touch", "input", "state", "output", "sound", "timer", "flow", "comparator", "quantiser"
]


def seconds(s: float) -> int:
    """Simulated seconds as integer microseconds, rounded to the nearest."""
    return round(s * SECOND)


@dataclass(frozen=True, kw_only=True)
class Signal:
    """A typed, named value that changes by events only.

    kind:
      control  a mechanism's readout; written by physics alone
      touch    whether a body touches a control; written by physics, wakes no logic
      input    arrives by wire, sum or script
      state    internal to the device (the agent can't see it)
      output   what the device shows or does: lamps (bool or 0..1), displays (str), motors, locks, loads [W]
      sound    what can be heard now: "" or a name such as "beep"
    """

    name: str
    initial: Value
    kind: SignalKind = "state"
    unit: str = ""
    values: tuple[Value, ...] = ()  # the allowed values; empty: any of the initial value's type
    drives: bool = False  # this output moves, locks or pushes something physical: a jump stops at its events


@dataclass(frozen=True, kw_only=True)
class Flow:
    """A continuous quantity, evaluated from its anchor only (see `network/flow.py`)."""

    name: str
    initial: float
    unit: str = ""


@dataclass(frozen=True, kw_only=True)
class Comparator:
    """A bool signal: True once `flow` >= `at` + hysteresis/2, False once `flow` <= `at` - hysteresis/2.

    `flow` and `at` may name local things, or global ones with a leading "/" ("/living.temperature"), or
    "@temperature" / "@illuminance" for the field of the device's own zone.
    """

    name: str
    flow: str
    at: float | str  # a constant, or the name of a float signal (a set-point)
    hysteresis: float  # > 0, in the flow's unit
    initial: bool | None = None  # None: from the flow's initial value


@dataclass(frozen=True, kw_only=True)
class Quantiser:
    """A float signal that follows `flow` in multiples of `step`: what a display shows of it.

    The signal changes once the flow is `hysteresis` (> 0, < step) past the midpoint between two multiples.
    """

    name: str
    flow: str
    step: float
    hysteresis: float


@dataclass(frozen=True, kw_only=True)
class Timer:
    """A named timer. It is itself a bool signal: True while armed; its falling by itself is its firing."""

    name: str


@dataclass(frozen=True, kw_only=True)
class ThermalNode:
    """A lump of heat: a zone's air, a radiator, an oven's cavity. Its temperature [degC] is the flow `name`.

    `links` names what it exchanges heat with (other nodes, or "/outdoor") and how well [W/K]. `power` names local float
    signals [W], each added into the node.
    """

    name: str
    capacity: float  # J/K
    initial: float  # degC
    links: tuple[tuple[str, float], ...] = ()
    power: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Luminaire:
    """A lamp that lights `zone`: `lux` [lx] on the zone's illuminance for each unit of `level`.

    `level` is a local flow (0..1) or a bool/float output signal.
    """

    level: str
    lux: float
    zone: str = ""  # "": the unit's own zone


@dataclass(frozen=True)
class Unit:
    """A device's share of the network: what it holds and the logic that moves it.

    `logic` is called with an `IO` whenever one of the unit's inputs or controls, timers, comparators, quantisers or
    watched signals changed in this round of the instant, and once at reset (`io.first`). It must depend on nothing
    but what the IO says.
    """

    name: str
    zone: str
    signals: tuple[Signal, ...] = ()
    flows: tuple[Flow, ...] = ()
    comparators: tuple[Comparator, ...] = ()
    quantisers: tuple[Quantiser, ...] = ()
    timers: tuple[Timer, ...] = ()
    nodes: tuple[ThermalNode, ...] = ()
    luminaires: tuple[Luminaire, ...] = ()
    logic: Callable[[IO], None] | None = None
    model: Any = None  # the frozen row of constants the logic reads as io.model
    watch: tuple[str, ...] = ()  # others' signals, by global name, whose changes call the logic too


@dataclass(frozen=True, kw_only=True)
class Wire:
    """Carries `source`'s changes to the input `target`. With no delay and loss it acts in the same instant.

    delay and jitter in microseconds; jitter and loss are keyed draws per send. A lossy wire is one packet a change.
    Packets arrive in the order sent.
    """

    source: str
    target: str
    delay: int = 0
    jitter: int = 0  # uniform in [0, jitter] is added to the delay
    loss: float = 0.0  # probability that a change never arrives
    medium: Literal["mains", "hydronic", "radio", "network", "bus"] = "bus"
    invert: bool = False


@dataclass(frozen=True, kw_only=True)
class Sum:
    """The float input `target` is the sum of the float `sources`, kept true within the instant (a circuit's load)."""

    target: str
    sources: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Doorway:
    """Two zones meet: heat [W/K] and a share of each other's light pass. `gate` names a bool signal (True: open)."""

    name: str
    zones: tuple[str, str]
    conductance: float = 40.0  # W/K when open: buoyancy exchange through a 2 m² doorway, order of Brown & Solvason 1962
    light: float = 0.02  # share of the one zone's illuminance that reaches the other
    gate: str | None = None
    closed_share: float = 0.05  # of conductance, while the gate is False (light: none)


@dataclass(frozen=True, kw_only=True)
class Zone:
    """A room with fields: the flows `<zone>.temperature` [degC] and `<zone>.illuminance` [lx]."""

    name: str
    capacity: float = 150e3  # J/K: the air and quick surfaces of a 30 m³ room
    temperature: float = 20.0  # degC at the start
    outdoor: float = 15.0  # W/K to the outdoor node
    daylight: float = 0.0  # lx


@dataclass(frozen=True, kw_only=True)
class Ray:
    """Light that comes to a point: `lux` [lx] for each unit of `level`, while the bool signal `gate` is True.

    `level` is the global name of a lamp's flow or signal, or of a zone's `daylight`.
    """

    level: str
    lux: float
    gate: str | None = None


@dataclass(frozen=True, kw_only=True)
class Point:
    """A place in a zone with the flow `<name>.illuminance` [lx]: what its rays add up to."""

    name: str
    zone: str
    rays: tuple[Ray, ...]


@dataclass(frozen=True, kw_only=True)
class Act:
    """One act of a script: write `value` to the input (or `drives` output) `signal`, hold, then write `release`."""

    signal: str
    value: Value
    hold: int = 0
    release: Value | None = None


@dataclass(frozen=True, kw_only=True)
class Script:
    """A schedule or another person: waits for its trigger, then after `delay` does its acts in order.

    Trigger: `at` (a time), `every` (a period, first at `at`), or `when`: (signal, value) pairs that must all become
    so. A reacting person looks again after the delay (`recheck`) and doesn't act if things are no longer so.
    The actor of what it does is "person:<name>" or "schedule:<name>".
    """

    name: str
    role: Literal["person", "schedule", "sensor", "weather"]
    zone: str
    acts: tuple[Act, ...]
    at: int | None = None
    every: int | None = None
    when: tuple[tuple[str, Value], ...] = ()
    delay: int = 0
    jitter: int = 0  # a keyed draw in [0, jitter] is added to the delay
    recheck: bool = True
    times: int | None = None  # at the most so often
    until: int | None = None  # from this time on it begins nothing more


@dataclass(frozen=True, kw_only=True)
class NetworkSpec:
    """The whole network, ready to be built."""

    seed: int = 0
    zones: tuple[Zone, ...] = ()
    doorways: tuple[Doorway, ...] = ()
    points: tuple[Point, ...] = ()
    units: tuple[Unit, ...] = ()
    wires: tuple[Wire, ...] = ()
    sums: tuple[Sum, ...] = ()
    scripts: tuple[Script, ...] = ()
    outdoor: float = 8.0  # degC
    initial: Mapping[str, Value] = field(default_factory=dict)  # overrides of initial values, by global name
    clock: int = 9 * HOUR  # the house's time of day at t = 0, for clocks on displays
