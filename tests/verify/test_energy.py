"""Electrical energy: exact over pieces of flows, by device and room, against the world without the agent."""

from __future__ import annotations

from math import exp

import pytest
from flat import KITCHEN, LIGHT, LIVING, ZONES, flat, lamp, press
from hypothesis import given
from hypothesis import strategies as st
from rooms import Push, Room
from scipy.integrate import quad

from switch_bench.network.declare import Flow, NetworkSpec, Signal, Unit, Wire
from switch_bench.network.flow import Anchor
from switch_bench.network.io import IO
from switch_bench.verify.energy import integral

anchors = st.builds(
    Anchor,
    t0=st.integers(0, 10_000_000),
    a=st.floats(-50, 50),
    b=st.floats(-5, 5),
    terms=st.lists(st.tuples(st.floats(-50, 50), st.floats(1e-3, 2.0)), max_size=3).map(tuple),
)


@given(anchor=anchors, start=st.integers(0, 60_000_000), length=st.integers(1, 60_000_000))
def test_a_flow_is_integrated_in_closed_form(anchor, start, length):
    t0 = max(start, anchor.t0)
    before = (t0 - anchor.t0) * 1e-6

    def value(s: float) -> float:
        dt = before + s
        return anchor.a + anchor.b * dt + sum(c * exp(-rate * dt) for c, rate in anchor.terms)

    area, _ = quad(value, 0, length * 1e-6)
    assert integral(anchor, t0, t0 + length) == pytest.approx(area, rel=1e-5, abs=1e-3)


@given(anchor=anchors, cuts=st.lists(st.integers(10_000_000, 90_000_000), min_size=3, max_size=3, unique=True))
def test_the_parts_of_an_integral_add_up(anchor, cuts):
    a, b, c = sorted(cuts)
    assert integral(anchor, a, b) + integral(anchor, b, c) == pytest.approx(integral(anchor, a, c), rel=1e-9, abs=1e-6)


def test_a_lamp_uses_its_watts_while_it_is_lit():
    energy = flat(*LIVING).judge(LIGHT).energy
    assert energy.used == pytest.approx(8.0 * 54.5)  # from 5.5 s to 60 s
    assert (energy.without, energy.more) == (0.0, energy.used)
    assert energy.by_zone() == {"living": pytest.approx(436.0)}


def test_each_room_has_its_share():
    energy = flat(*LIVING, *KITCHEN, *press("kitchen_lamp.key", 18)).judge(LIGHT).energy
    assert energy.by_zone() == {"living": pytest.approx(436.0), "kitchen": pytest.approx(80.0)}


def test_a_board_that_passes_power_on_is_not_counted_again():
    def pass_on(io: IO) -> None:
        io.set("load", io["load_1"])

    board = Unit(
        name="board",
        zone="living",
        signals=(
            Signal(name="load_1", initial=0.0, kind="input", unit="W"),
            Signal(name="load", initial=0.0, kind="output", unit="W"),
        ),
        logic=pass_on,
    )
    spec = NetworkSpec(
        zones=ZONES, units=(lamp("living"), board), wires=(Wire(source="living_lamp.load", target="board.load_1"),)
    )
    energy = Room(spec=spec, pushes=LIVING, end=60).judge("eventually living_lamp.lit").energy
    assert [use.device for use in energy.devices] == ["living_lamp"]
    assert energy.used == pytest.approx(436.0)


def test_what_is_switched_off_is_saved():
    def fan(io: IO) -> None:
        io.set("load", 0.0 if io["off"] else 30.0)

    unit = Unit(
        name="fan",
        zone="living",
        signals=(
            Signal(name="off", initial=False, kind="control"),
            Signal(name="load", initial=30.0, kind="output", unit="W"),
        ),
        flows=(Flow(name="angle", initial=0.0, unit="rad"),),
        logic=fan,
    )
    room = Room(spec=NetworkSpec(zones=ZONES, units=(unit,)), pushes=(Push(10, "fan.off", True),), end=60)
    assert room.judge("eventually fan.off").energy.more == pytest.approx(-30.0 * 50)
