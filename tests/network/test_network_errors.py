"""Bad networks and bad logic get one named error that says where, what was expected and what came close."""

from __future__ import annotations

from dataclasses import replace

import pytest
from small_networks import LAMP, LIGHT, SWITCH, control, inlet, output, state, touch, unit

from switch_bench.network.declare import (
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
    Wire,
    Zone,
)
from switch_bench.network.errors import (
    DuplicateName,
    InvalidSpec,
    InvalidValue,
    NetworkError,
    UnknownSignal,
    WriteRefused,
)
from switch_bench.network.kernel import Network

HALL, BATH = Zone(name="hall"), Zone(name="bath")
X = Flow(name="x", initial=0.0)


def compared(*signals: Signal, flow: str = "x", at: float | str = 1.0, hysteresis: float = 0.1) -> NetworkSpec:
    return one(*signals, flows=(X,), comparators=(Comparator(name="c", flow=flow, at=at, hysteresis=hysteresis),))


def quantised(step: float, hysteresis: float) -> NetworkSpec:
    return one(flows=(X,), quantisers=(Quantiser(name="q", flow="x", step=step, hysteresis=hysteresis),))


def heated(*signals: Signal, capacity: float = 1.0, **more) -> NetworkSpec:
    return one(*signals, flows=(X,), nodes=(ThermalNode(name="n", capacity=capacity, initial=20.0, **more),))


def lamps(**more) -> NetworkSpec:
    return replace(LIGHT, **more)


def one(*signals: Signal, zones=(), scripts=(), **more) -> NetworkSpec:
    return NetworkSpec(zones=zones, units=(unit("u", *signals, **more),), scripts=scripts)


def scripted(**more) -> NetworkSpec:
    return lamps(scripts=(Script(**{"name": "s", "role": "person", "zone": "hall", "acts": (), **more}),))


ON = (Act(signal="lamp.feed", value=True),)


def rooms(**more) -> NetworkSpec:
    return NetworkSpec(zones=(HALL, BATH), doorways=(Doorway(**{"name": "d", "zones": ("hall", "bath"), **more}),))


BAD = [
    ("a unit twice", lamps(units=(SWITCH, SWITCH)), DuplicateName, "unit switch"),
    ("a zone twice", NetworkSpec(zones=(HALL, HALL)), DuplicateName, "zone hall"),
    ("a signal twice", one(control("a"), state("a")), DuplicateName, r"'u\.a' is declared already"),
    ("a timer named as a signal", one(state("a"), timers=(Timer(name="a"),)), DuplicateName, r"u\.a"),
    (
        "a wire from nowhere",
        lamps(wires=(Wire(source="switch.ot", target="lamp.feed"),)),
        UnknownSignal,
        r"mean \"switch\.out",
    ),
    (
        "a wire to nowhere",
        lamps(wires=(Wire(source="switch.out", target="lamp.fed"),)),
        UnknownSignal,
        r"mean \"lamp\.feed",
    ),
    (
        "a wire to an output",
        lamps(wires=(Wire(source="switch.out", target="lamp.lit"),)),
        InvalidSpec,
        "expected an input",
    ),
    (
        "a wire of another type",
        lamps(wires=(Wire(source="lamp.load", target="lamp.feed"),)),
        InvalidSpec,
        "expected a bool",
    ),
    ("a wire from a touch", lamps(wires=(Wire(source="switch.gang_touch", target="lamp.feed"),)), InvalidSpec, "touch"),
    (
        "a wire into the past",
        lamps(wires=(Wire(source="switch.out", target="lamp.feed", delay=-1),)),
        InvalidSpec,
        "delay",
    ),
    (
        "a delay in fractions",
        lamps(wires=(Wire(source="switch.out", target="lamp.feed", delay=0.5),)),
        InvalidSpec,
        "delay",
    ),
    ("a loss over one", lamps(wires=(Wire(source="switch.out", target="lamp.feed", loss=1.5),)), InvalidSpec, "loss"),
    (
        "an inverted number",
        NetworkSpec(
            units=(unit("a", control("x", 1.0)), unit("b", inlet("x", 1.0))),
            wires=(Wire(source="a.x", target="b.x", invert=True),),
        ),
        InvalidSpec,
        "expected a bool",
    ),
    (
        "a sum of booleans",
        lamps(sums=(Sum(target="lamp.feed", sources=("lamp.load",)),)),
        InvalidSpec,
        "expected a float",
    ),
    (
        "a sum into an output",
        lamps(sums=(Sum(target="lamp.load", sources=("lamp.load",)),)),
        InvalidSpec,
        "expected an input",
    ),
    (
        "a sum where a wire ends",
        NetworkSpec(
            units=(unit("a", control("x", 1.0)), unit("b", inlet("x", 1.0))),
            wires=(Wire(source="a.x", target="b.x"),),
            sums=(Sum(target="b.x", sources=("a.x",)),),
        ),
        InvalidSpec,
        "a wire writes that",
    ),
    (
        "a source twice in a sum",
        NetworkSpec(
            units=(unit("a", control("x", 1.0)), unit("b", inlet("x", 1.0))),
            sums=(Sum(target="b.x", sources=("a.x", "a.x")),),
        ),
        InvalidSpec,
        "twice",
    ),
    ("a start value for nothing", lamps(initial={"lamp.lti": True}), UnknownSignal, r"mean \"lamp\.lit"),
    (
        "a start value of another type",
        lamps(initial={"lamp.lit": 1}),
        InvalidValue,
        r"initial: lamp\.lit: expected True or False",
    ),
    (
        "a start value for a timer",
        replace(one(timers=(Timer(name="t"),)), initial={"u.t": True}),
        WriteRefused,
        "timer",
    ),
    (
        "a start value for light",
        NetworkSpec(zones=(HALL,), initial={"hall.illuminance": 5.0}),
        WriteRefused,
        "illuminance",
    ),
    (
        "a start value not allowed",
        replace(one(state("m", "a", values=("a", "b"))), initial={"u.m": "c"}),
        InvalidValue,
        "'a', 'b'",
    ),
    ("a start not among the values", one(state("m", "c", values=("a", "b"))), InvalidValue, "unit u: m: initial: 'c'"),
    ("a value of another type", one(state("m", "c", values=("c", 1))), InvalidValue, "expected a text, got 1"),
    ("a signal that is a list", one(state("m", [1])), InvalidSpec, "expected a bool, int, float or str"),
    (
        "a signal declared as a timer",
        one(Signal(name="t", initial=False, kind="timer")),
        InvalidSpec,
        "can't be declared as timer",
    ),
    ("a state that drives", one(state("m", drives=True)), InvalidSpec, "only an output can drive"),
    ("a number that is none", one(state("m", float("nan"))), InvalidValue, "finite"),
    ("a comparator without hysteresis", compared(flow="x", hysteresis=0.0), InvalidSpec, "more than 0"),
    ("a comparator on nothing", compared(flow="y", hysteresis=0.1), UnknownSignal, r"u\.y"),
    ("a comparator on a signal", compared(state("m", 1.0), flow="m"), InvalidSpec, "expected a flow"),
    ("a threshold that is a text", compared(state("m", "hot"), at="m"), InvalidSpec, "expected a float or int"),
    ("a quantiser coarser than its step", quantised(0.5, 0.5), InvalidSpec, "below the step"),
    ("a quantiser without a step", quantised(0.0, 0.5), InvalidSpec, "more than 0"),
    ("a flow that starts nowhere", one(flows=(Flow(name="x", initial=float("inf")),)), InvalidSpec, "finite"),
    ("a node without capacity", heated(capacity=0.0), InvalidSpec, "capacity"),
    ("a node linked to nothing", heated(links=(("m", 1.0),)), UnknownSignal, r"u\.m"),
    ("a node linked to a flow", heated(links=(("x", 1.0),)), InvalidSpec, "no thermal node"),
    ("a node linked to itself", heated(links=(("n", 1.0),)), InvalidSpec, "itself"),
    ("a link that pumps", heated(links=(("/outdoor", -1.0),)), InvalidSpec, "0 or more"),
    ("a power that is a switch", heated(state("p"), power=("p",)), InvalidSpec, "expected a float or int"),
    ("a lamp in no zone", one(state("l"), luminaires=(Luminaire(level="l", lux=1.0),)), InvalidSpec, "no zone 'hall'"),
    (
        "a lamp in a wrong zone",
        one(state("l"), zones=(HALL,), luminaires=(Luminaire(level="l", lux=1.0, zone="hal"),)),
        InvalidSpec,
        r"luminaire l: no zone 'hal'; did you mean \"hall\"",
    ),
    (
        "a lamp with a text for level",
        one(state("l", ""), zones=(HALL,), luminaires=(Luminaire(level="l", lux=1.0),)),
        InvalidSpec,
        "expected a bool or float or flow",
    ),
    ("a unit in no zone", NetworkSpec(zones=(BATH,), units=(LAMP,)), InvalidSpec, "no zone 'hall'"),
    ("a doorway to nowhere", rooms(zones=("hall", "bat")), InvalidSpec, r"mean \"bath\""),
    ("a doorway back", rooms(zones=("hall", "hall")), InvalidSpec, "two zones"),
    ("a doorway that shines", rooms(light=2.0), InvalidSpec, "share"),
    ("a doorway with no such gate", rooms(gate="door.open"), UnknownSignal, r"door\.open"),
    ("a doorway gated by a number", rooms(gate="hall.daylight"), InvalidSpec, "expected a bool"),
    ("watching nothing", one(logic=print, watch=("v.x",)), UnknownSignal, r"unit u: watch.*v\.x"),
    ("watching a flow", one(logic=print, flows=(X,), watch=("u.x",)), InvalidSpec, "watch a comparator"),
    ("a script without a trigger", scripted(acts=ON), InvalidSpec, "expected a trigger"),
    ("a script without acts", scripted(at=0), InvalidSpec, "does nothing"),
    (
        "a script acting on nothing",
        scripted(at=0, acts=(Act(signal="lamp.fed", value=True),)),
        UnknownSignal,
        r"mean \"lamp\.feed",
    ),
    ("a script on a control", scripted(at=0, acts=(Act(signal="switch.gang", value=True),)), WriteRefused, "a control"),
    ("a script on a lamp", scripted(at=0, acts=(Act(signal="lamp.lit", value=True),)), WriteRefused, "driving output"),
    (
        "a script with a wrong value",
        scripted(at=0, acts=(Act(signal="lamp.feed", value="on"),)),
        InvalidValue,
        "True or False",
    ),
    (
        "a script that lets go at once",
        scripted(at=0, acts=(Act(signal="lamp.feed", value=True, release=False),)),
        InvalidSpec,
        "hold",
    ),
    (
        "a script waiting for a wrong value",
        scripted(when=(("lamp.lit", 3),), acts=ON),
        InvalidValue,
        r"when: lamp\.lit",
    ),
    ("a script waiting for a touch", scripted(when=(("switch.gang_touch", True),), acts=ON), InvalidSpec, "touch"),
    ("a script every no time", scripted(every=0, acts=ON), InvalidSpec, "every"),
    ("a script zero times", scripted(at=0, times=0, acts=ON), InvalidSpec, "times"),
]


@pytest.mark.parametrize(("spec", "error", "says"), [case[1:] for case in BAD], ids=[case[0] for case in BAD])
def test_a_bad_network_is_refused(spec, error, says):
    with pytest.raises(error, match=says):
        Network(spec)


def logic_of(act) -> NetworkSpec:
    signals = (
        control("gang"),
        touch("gang_touch"),
        inlet("feed"),
        output("lamp"),
        output("mode", "a", values=("a", "b")),
        output("load", 0.0),
        state("count", 0),
    )
    node = ThermalNode(name="body", capacity=1.0, initial=20.0)
    spec = one(*signals, logic=act, flows=(X,), nodes=(node,), timers=(Timer(name="t"),), zones=(HALL,))
    return replace(spec, units=(*spec.units, unit("other", state("s"))))


MISTAKES = [
    (
        "reading a wrong name",
        lambda io: io["lmap"],
        UnknownSignal,
        r"logic of u: no signal 'u\.lmap'; did you mean \"u\.lamp\"",
    ),
    ("reading a wrong global name", lambda io: io["/other.x"], UnknownSignal, r"other\.x"),
    ("reading a wrong field", lambda io: io["@temprature"], UnknownSignal, r"mean \"hall\.temperature"),
    ("asking whether a wrong name changed", lambda io: io.changed("lmap"), UnknownSignal, r"u\.lmap"),
    ("writing a wrong name", lambda io: io.set("lmap", True), UnknownSignal, r"u\.lmap.*mean \"lamp\""),
    ("writing a control", lambda io: io.set("gang", True), WriteRefused, r"u\.gang: logic can't write a control"),
    ("writing a touch", lambda io: io.set("gang_touch", True), WriteRefused, "touch"),
    ("writing an input", lambda io: io.set("feed", True), WriteRefused, r"u\.feed: logic can't write a input"),
    ("writing a timer", lambda io: io.set("t", True), WriteRefused, "timer"),
    ("writing another's state", lambda io: io.set("/other.s", True), WriteRefused, "isn't its own"),
    ("writing a value not allowed", lambda io: io.set("mode", "c"), InvalidValue, r"u\.mode: 'c' is none of 'a', 'b'"),
    ("writing another type", lambda io: io.set("lamp", 1), InvalidValue, r"u\.lamp: expected True or False, got 1"),
    ("writing a bool into a number", lambda io: io.set("load", True), InvalidValue, r"u\.load: expected a number"),
    (
        "writing a fraction into a count",
        lambda io: io.set("count", 1.5),
        InvalidValue,
        r"u\.count: expected a whole number",
    ),
    ("writing no number", lambda io: io.set("load", float("nan")), InvalidValue, "finite"),
    ("the level of a signal", lambda io: io.level("lamp"), UnknownSignal, r"u\.lamp: is a output, not a flow"),
    ("the level of nothing", lambda io: io.level("y"), UnknownSignal, r"u\.y"),
    ("moving a node's heat", lambda io: io.hold("body", 5.0), WriteRefused, "body"),
    ("moving the zone's heat", lambda io: io.ramp("@temperature", 5.0), WriteRefused, "@temperature"),
    ("a lag without time", lambda io: io.lag("x", 1.0, 0.0), InvalidValue, "time constant > 0"),
    ("a ramp to nowhere", lambda io: io.ramp("x", float("inf")), InvalidValue, r"u\.x rate: expected a finite number"),
    ("holding a text", lambda io: io.hold("x", "full"), InvalidValue, "expected a number"),
]


@pytest.mark.parametrize(("act", "error", "says"), [case[1:] for case in MISTAKES], ids=[case[0] for case in MISTAKES])
def test_a_mistake_in_logic_is_named_with_its_unit(act, error, says):
    with pytest.raises(error, match=says) as failure:
        Network(logic_of(act))
    assert failure.value.__notes__ == ["in the logic of u, at 0 µs"]


def test_every_error_of_a_network_is_a_network_error_and_a_value_error():
    for case in (*BAD, *MISTAKES):
        assert issubclass(case[2], NetworkError)
        assert issubclass(case[2], ValueError)
