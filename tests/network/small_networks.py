"""Small networks for the tests: a light on a switch, a counter, a heated flat, and random ones."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from switch_bench.network.declare import (
    MS,
    SECOND,
    Act,
    Comparator,
    Doorway,
    Flow,
    Luminaire,
    NetworkSpec,
    Quantiser,
    Script,
    Signal,
    Sum,
    ThermalNode,
    Timer,
    Unit,
    Wire,
    Zone,
)
from switch_bench.network.io import IO


def control(name: str, initial: Any = False, **more: Any) -> Signal:
    return Signal(name=name, initial=initial, kind="control", **more)


def touch(name: str) -> Signal:
    return Signal(name=name, initial=False, kind="touch")


def inlet(name: str, initial: Any = False, **more: Any) -> Signal:
    return Signal(name=name, initial=initial, kind="input", **more)


def output(name: str, initial: Any = False, **more: Any) -> Signal:
    return Signal(name=name, initial=initial, kind="output", **more)


def state(name: str, initial: Any = False, **more: Any) -> Signal:
    return Signal(name=name, initial=initial, kind="state", **more)


def unit(name: str, *signals: Signal, logic: Any = None, zone: str = "hall", **more: Any) -> Unit:
    return Unit(name, zone, signals=signals, logic=logic, **more)


def facts(events: list[Any]) -> list[tuple[Any, ...]]:
    """What must be the same in a jumped and a stepped run."""
    return [(e.t, e.signal, e.old, e.new, e.causes, e.zone, e.actor) for e in events]


def ancestry(log: list[Any], event: int) -> set[str]:
    """The signals whose events led to `event`."""
    seen, todo = set(), [event]
    while todo:
        k = todo.pop()
        if k not in seen:
            seen.add(k)
            todo += log[k].causes
    return {log[k].signal for k in seen}


def _pass_on(io: IO) -> None:
    io.set("out", io["gang"])


def _shine(io: IO) -> None:
    lit = bool(io["mains"] and io["feed"])
    io.set("lit", lit)
    io.set("load", 10.0 if lit else 0.0)


SWITCH = unit("switch", control("gang"), touch("gang_touch"), output("out"), logic=_pass_on)
LAMP = unit("lamp", inlet("mains", True), inlet("feed"), output("lit"), output("load", 0.0), logic=_shine)
LIGHT = NetworkSpec(units=(SWITCH, LAMP), wires=(Wire(source="switch.out", target="lamp.feed"),))


def _burn(io: IO) -> None:
    io.set("power", 2000.0 if io["demand"] else 0.0)


def _ask(io: IO) -> None:
    io.set("demand", not io["warm"])


def radiator(zone: str) -> Unit:
    water = ThermalNode(name="water", capacity=8e3, initial=20.0, links=(("@temperature", 45.0),), power=("power",))
    return Unit(f"radiator_{zone}", zone, signals=(inlet("demand"), output("power", 0.0)), nodes=(water,), logic=_burn)


ROOMS = ("kitchen", "hall", "living")
THERMOSTAT = Unit(
    "thermostat",
    "hall",
    signals=(output("demand"), inlet("wanted", 21.0)),
    comparators=(Comparator(name="warm", flow="@temperature", at="wanted", hysteresis=0.4),),
    quantisers=(Quantiser(name="shown", flow="@temperature", step=0.1, hysteresis=0.02),),
    logic=_ask,
)
DOOR = unit("door", control("open", True))
FLAT = NetworkSpec(
    zones=tuple(Zone(name=room, temperature=18.0) for room in ROOMS),
    doorways=(
        Doorway(name="one", zones=("kitchen", "hall")),
        Doorway(name="other", zones=("hall", "living"), gate="door.open"),
    ),
    units=(THERMOSTAT, DOOR, *(radiator(room) for room in ROOMS)),
    wires=tuple(
        Wire(source="thermostat.demand", target=f"radiator_{room}.demand", delay=2 * SECOND, jitter=3 * SECOND)
        for room in ROOMS
    ),
)


def _mixed(io: IO) -> None:
    """Logic that uses all of the IO, driven by what it gets."""
    k = int(io["count"])
    if io.rose("a"):
        io.start("soon", 1 + (7_919 * (k + 1)) % 900_001)
        io.ramp("level", io.draw("way") - 0.5)
        io.set("count", k + 1)
    if io.fell("a"):
        io.lag("level", 1.5, 0.3 + io.draw("pace"))
        if io["b"]:
            io.stop("soon")
    if io.changed("b"):
        io.start("later", 250_003)
        io.set("power", 300.0 * io.draw("power"))
    if io.fired("soon"):
        io.hold("level")
        io.set("out", not io["out"])
    if io.fired("later") and io["a"]:
        io.start("later", 333_331)
        io.ramp("level", -0.4)
    if io.changed("high"):
        io.set("move", bool(io["high"]))
        if io["high"]:
            io.lag("level", -1.0, 2.0)


def _mixed_unit(k: int, zone: str) -> Unit:
    return Unit(
        f"u{k}",
        zone,
        signals=(
            control("a"),
            inlet("b"),
            state("count", 0),
            output("out"),
            output("move", drives=True),
            output("power", 0.0),
        ),
        flows=(Flow(name="level", initial=0.1 * k),),
        comparators=(Comparator(name="high", flow="level", at=0.4, hysteresis=0.1),),
        quantisers=(
            Quantiser(name="shown", flow="level", step=0.25, hysteresis=0.05),
            Quantiser(name="warmth", flow="@temperature", step=0.01, hysteresis=0.002),
        ),
        timers=(Timer(name="soon"), Timer(name="later")),
        nodes=(
            ThermalNode(name="body", capacity=900.0, initial=15.0, links=(("@temperature", 8.0),), power=("power",)),
        ),
        luminaires=(Luminaire(level="level", lux=100.0),),
        logic=_mixed,
    )


@st.composite
def networks(draw: st.DrawFn) -> NetworkSpec:
    """Two to four units that do all there is to do, wired at random, with a person and a schedule."""
    n = draw(st.integers(2, 4))
    some = st.integers(0, n - 1)
    wires = tuple(
        Wire(
            source=f"u{draw(some)}.{draw(st.sampled_from(['out', 'high', 'a']))}",
            target=f"u{draw(some)}.b",
            delay=draw(st.sampled_from([0, 1, 40 * MS, 777_777])),
            jitter=draw(st.sampled_from([0, 100 * MS])),
            loss=draw(st.sampled_from([0.0, 0.3])),
            invert=draw(st.booleans()),
        )
        for _ in range(draw(st.integers(1, 5)))
    )
    scripts = (
        Script(
            name="anna",
            role="person",
            zone="one",
            when=((f"u{draw(some)}.out", True),),
            delay=draw(st.integers(0, 500_000)),
            jitter=400_000,
            acts=(Act(signal=f"u{draw(some)}.move", value=True, hold=200_000, release=False),),
        ),
        Script(
            name="night",
            role="schedule",
            zone="two",
            at=draw(st.integers(0, 2_000_000)),
            every=1_300_000,
            acts=(Act(signal=f"u{draw(some)}.b", value=True, hold=300_001, release=False),),
        ),
    )
    return NetworkSpec(
        seed=draw(st.integers(0, 99)),
        zones=(Zone(name="one", capacity=3e3), Zone(name="two", capacity=5e3)),
        doorways=(Doorway(name="door", zones=("one", "two"), gate="u0.move"),),
        units=(
            *(_mixed_unit(k, "one" if k % 2 else "two") for k in range(n)),
            unit("meter", inlet("total", 0.0), zone="one"),
        ),
        wires=wires,
        sums=(Sum(target="meter.total", sources=tuple(f"u{k}.power" for k in range(n))),),
        scripts=scripts,
    )


TICK = 10 * MS


@st.composite
def presses(draw: st.DrawFn) -> list[tuple[int, str, bool]]:
    """Readouts of controls over six seconds, in the order of their ticks."""
    some = st.tuples(st.integers(1, 600), st.integers(0, 1), st.booleans())
    return [(k * TICK, f"u{u}.a", value) for k, u, value in sorted(draw(st.lists(some, min_size=4, max_size=25)))]
