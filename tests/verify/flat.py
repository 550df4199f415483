"""A flat of two rooms, a lamp in each and a kettle, for tests of verdicts."""

from __future__ import annotations

from rooms import Push, Room

from switch_bench.network.declare import SECOND, Flow, NetworkSpec, Script, Signal, Timer, Unit, Zone, seconds
from switch_bench.network.io import IO
from switch_bench.trace.schema import Claim, Pose, View
from switch_bench.verify.task import Goal, Shown

ZONES = (Zone(name="living"), Zone(name="kitchen"))


def lamp(zone: str) -> Unit:
    def logic(io: IO) -> None:
        if io.rose("key"):
            io.set("lit", not io["lit"])
        if io.fell("key"):  # its meter follows when the key is let go
            io.set("load", 8.0 if io["lit"] else 0.0)

    return Unit(
        name=f"{zone}_lamp",
        zone=zone,
        signals=(
            Signal(name="key", initial=False, kind="control"),
            Signal(name="touched", initial=False, kind="touch"),
            Signal(name="lit", initial=False, kind="output"),
            Signal(name="load", initial=0.0, kind="output", unit="W"),
        ),
        logic=logic,
    )


def boil(io: IO) -> None:
    if io.rose("lever"):
        io.ramp("water", 2.0)
        io.start("watch", 100 * SECOND)
    if io.fell("lever"):
        io.hold("water")
        io.stop("watch")


KETTLE = Unit(
    name="kettle",
    zone="kitchen",
    signals=(Signal(name="lever", initial=False, kind="control"),),
    flows=(Flow(name="water", initial=20.0, unit="degC"),),
    timers=(Timer(name="watch"),),
    logic=boil,
)
FLAT = NetworkSpec(zones=ZONES, units=(lamp("living"), lamp("kitchen"), KETTLE))


DONE = Claim(seconds(60), "done")


def flat(*pushes: Push, end: float = 60, scripts: tuple[Script, ...] = (), **more) -> Room:
    spec = NetworkSpec(zones=ZONES, units=FLAT.units, scripts=scripts)
    return Room(spec=spec, pushes=pushes, end=end, **more)


def press(signal: str, at: float) -> tuple[Push, Push]:
    return Push(at, signal, True), Push(at + 0.5, signal, False)


LIVING, KITCHEN = press("living_lamp.key", 5), press("kitchen_lamp.key", 8)
LIGHT = Goal(goal="eventually always living_lamp.lit", where=("living",), required=("living_lamp.key",))
BOIL = Goal(goal="eventually[0, 60 s] kettle.water >= 95 degC", required=("kettle.lever",))
LEVER = Push(2, "kettle.lever", True)


CUP = Pose(0, "cup", (0.0, 0.0, 0.8), (1, 0, 0, 0), "kitchen", "table")


def cup(at: float, place: str, x: float = 0.5, zone: str = "kitchen", upright: bool = True) -> Pose:
    turn = (1.0, 0.0, 0.0, 0.0) if upright else (0.7071068, 0.7071068, 0.0, 0.0)
    return Pose(seconds(at), "cup", (x, 0.0, 0.8), turn, zone, place)


def seen(at: float, *names: str) -> View:
    return View(seconds(at), "head", names)


SHOWN = Goal(
    goal=LIGHT.goal, evidence=Shown(ui_signal=("living_lamp.key",), physical_world_state=("living_lamp.lit", "living"))
)
