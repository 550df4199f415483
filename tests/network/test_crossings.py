"""Crossings: the first whole millisecond at which what is evaluated has left the band, humps and dips included."""

from __future__ import annotations

from itertools import pairwise
from math import exp, log

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from small_networks import control, inlet, output, unit

from switch_bench.network.crossing import first_beyond, turning_points
from switch_bench.network.declare import MINUTE, MS, SECOND, Comparator, Flow, NetworkSpec, Quantiser
from switch_bench.network.flow import Anchor
from switch_bench.network.kernel import Network

INF = float("inf")

figures = st.floats(-50.0, 50.0).map(lambda x: round(x, 3))
rates = st.floats(0.05, 30.0).map(lambda x: round(x, 3))
anchors = st.builds(
    Anchor,
    t0=st.integers(0, 10_000_000),
    a=figures,
    b=st.one_of(st.just(0.0), st.floats(-5.0, 5.0).map(lambda x: round(x, 3))),
    terms=st.lists(st.tuples(figures.filter(bool), rates), max_size=5).map(tuple),
)


@settings(max_examples=300, deadline=None)
@given(anchors, st.floats(-60.0, 60.0), st.floats(0.01, 20.0), st.integers(0, 2_000_000))
def test_the_first_millisecond_beyond_is_found_by_trying_every_one(anchor, middle, width, wait):
    low, high = middle - width, middle + width
    after = anchor.t0 + wait
    found = first_beyond(anchor, low, high, after)
    first = after // MS + 1
    tried = next((k * MS for k in range(first, first + 3_000) if not low < anchor.at(k * MS) < high), None)
    if tried is None:
        assert found is None or found > (first + 2_999) * MS
    else:
        assert found == tried


@settings(max_examples=300, deadline=None)
@given(anchors)
def test_between_turning_points_a_flow_goes_one_way(anchor):
    turns = [0.0, *turning_points(anchor), 40.0]
    assert turns[:-1] == sorted(turns[:-1])
    slack = 1e-9 * (1.0 + abs(anchor.a) + sum(abs(c) for c, _ in anchor.terms))
    for start, stop in pairwise(turns):
        if stop - start < 1e-3 or start >= 40.0:
            continue
        inner = [start + 3e-4 + (stop - start - 6e-4) * k / 50 for k in range(51)]
        levels = [anchor.at(anchor.t0 + round(dt * 1e6)) for dt in inner]
        ups = [b - a for a, b in pairwise(levels)]
        assert all(u > -slack for u in ups) or all(u < slack for u in ups)


def test_a_ramp_crosses_where_arithmetic_says():
    assert first_beyond(Anchor(0, 0.0, 0.5), -INF, 2.0, 0) == 4 * SECOND
    assert first_beyond(Anchor(300, 0.0, 0.5), -INF, 2.0, 300) == 4 * SECOND + MS
    assert first_beyond(Anchor(0, 0.0, -0.5), -INF, 2.0, 0) is None


def test_a_lag_crosses_where_the_logarithm_says():
    found = first_beyond(Anchor(0, 100.0, 0.0, ((-80.0, 1 / 60.0),)), -INF, 90.0, 0)
    assert found == pytest.approx(60.0 * log(8.0) * SECOND, abs=MS)


def test_an_asymptote_short_of_the_level_is_never_a_crossing():
    assert first_beyond(Anchor(0, 89.9, 0.0, ((-80.0, 1 / 60.0),)), -INF, 90.0, 0) is None


def test_a_hump_between_two_low_ends_is_found():
    hump = Anchor(0, 0.0, 0.0, ((10.0, 0.1), (-10.0, 1.0)))
    (top,) = turning_points(hump)
    assert top == pytest.approx(log(10.0) / 0.9, abs=1e-3)
    peak = 10.0 * (exp(-0.1 * top) - exp(-top))
    assert hump.at(0) == 0.0
    assert hump.at(600 * SECOND) < 1e-9
    found = first_beyond(hump, -INF, peak - 0.01, 0)
    assert found is not None
    assert hump.at(found) >= peak - 0.01 > hump.at(found - MS)
    assert first_beyond(hump, -INF, peak + 0.01, 0) is None
    assert first_beyond(hump, -INF, peak - 0.01, round(top * SECOND) + SECOND) is None


def test_a_dip_after_a_hump_is_found():
    wave = Anchor(0, 0.0, 0.0, ((1.0, 0.1), (-6.0, 0.5), (8.0, 2.0)))
    turns = turning_points(wave)
    assert len(turns) == 2
    bottom = wave.at(round(turns[0] * SECOND))
    found = first_beyond(wave, bottom + 0.01, INF, 0)
    assert found is not None
    assert found < turns[0] * SECOND


def test_a_crossing_a_century_off_is_none():
    assert first_beyond(Anchor(0, 0.0, 1e-12), -INF, 1.0, 0) is None


def tank(io):
    """A tank that fills while its tap is open, and drains towards empty while it isn't."""
    if io.changed("tap") or io.changed("full"):
        if io["tap"] and not io["full"]:
            io.ramp("litres", 0.25)
        elif not io["tap"]:
            io.lag("litres", 0.0, 30.0)
        else:
            io.hold("litres")


TANK = NetworkSpec(
    units=(
        unit(
            "tank",
            control("tap"),
            inlet("mark", 5.0),
            output("lamp"),
            logic=tank,
            flows=(Flow(name="litres", initial=0.0, unit="l"),),
            comparators=(
                Comparator(name="full", flow="litres", at=8.0, hysteresis=1.0),
                Comparator(name="half", flow="litres", at="mark", hysteresis=0.5),
            ),
            quantisers=(Quantiser(name="shown", flow="litres", step=1.0, hysteresis=0.2),),
        ),
    )
)


def filled() -> Network:
    net = Network(TANK)
    net.push("tank.tap", True, t=SECOND)
    net.advance(MINUTE)
    return net


def test_a_tank_fills_to_its_upper_mark_and_stays_there():
    net = filled()
    full = net.log[net.last_event("tank.full")]
    assert full.t == SECOND + 34 * SECOND
    assert net.level("tank.litres") == 8.5
    assert full.causes == (1,)
    assert net.log[1].signal == "tank.litres"


def test_a_comparator_falls_at_its_lower_mark_only():
    net = filled()
    net.push("tank.tap", False)
    net.advance(net.now + 30 * SECOND)
    full, half = (net.log[net.last_event(f"tank.{name}")] for name in ("full", "half"))
    assert full.new is half.new is False
    assert full.t == pytest.approx(MINUTE + 30 * SECOND * log(8.5 / 7.5), abs=MS)
    assert half.t == pytest.approx(MINUTE + 30 * SECOND * log(8.5 / 4.75), abs=MS)


def test_a_moved_threshold_is_compared_at_once_and_is_a_cause():
    net = filled()
    moved = net.now
    net.push("tank.mark", 8.9)
    net.advance(moved)
    half = net.log[net.last_event("tank.half")]
    assert (half.t, half.new) == (moved, False)
    assert half.causes == (net.last_event("tank.litres"), net.last_event("tank.mark"))


def test_a_moved_threshold_moves_the_crossing():
    net = Network(TANK)
    net.push("tank.tap", True, t=0)
    net.advance(10 * SECOND)
    net.push("tank.mark", 3.75)
    net.advance(MINUTE)
    rise = next(e for e in net.log if e.signal == "tank.half")
    assert rise.t == 16 * SECOND


def test_a_quantiser_steps_past_the_midpoint_and_back_past_it():
    net = filled()
    up = [(e.t, e.new) for e in net.log if e.signal == "tank.shown"]
    assert up[0] == (SECOND + round(0.7 / 0.25 * SECOND), 1.0)
    assert [value for _, value in up] == [1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0]
    net.push("tank.tap", False)
    net.advance(2 * MINUTE)
    first = next(e for e in net.log if e.signal == "tank.shown" and e.t > MINUTE)
    assert first.new == 7.0
    assert net.level("tank.litres", first.t) <= 7.3 < net.level("tank.litres", first.t - MS)


def test_a_display_in_tenths_shows_no_binary_dust():
    def logic(io):
        if io.first:
            io.ramp("x", 1.0)

    q = Quantiser(name="shown", flow="x", step=0.1, hysteresis=0.01)
    net = Network(NetworkSpec(units=(unit("u", logic=logic, flows=(Flow(name="x", initial=0.0),), quantisers=(q,)),)))
    net.advance(10 * SECOND)
    assert [e.new for e in net.log if e.signal == "u.shown"][:4] == [0.1, 0.2, 0.3, 0.4]


def anchored(*calls: tuple[str, ...]) -> list[str]:
    """How a flow is re-anchored by each call in turn, one a second: its new parameters, or "same"."""

    def logic(io):
        k = int(io["k"])
        if k:
            name, *arguments = calls[k - 1]
            getattr(io, name)("x", *arguments)

    net = Network(NetworkSpec(units=(unit("u", control("k", 0), logic=logic, flows=(Flow(name="x", initial=1.0),)),)))
    seen = []
    for k in range(1, len(calls) + 1):
        before = net.anchor("u.x")
        net.push("u.k", k, t=k * SECOND)
        net.advance(k * SECOND)
        after = net.anchor("u.x")
        event = net.last_event("u.x")
        changed = event is not None and net.log[event].t == net.now
        assert changed is (after is not before)
        seen.append((after.a, after.b, after.terms) if changed else "same")
    return seen


def test_asking_for_what_goes_on_already_is_no_event():
    assert anchored(("hold",), ("hold", 1.0), ("ramp", 0.0), ("lag", 1.0, 5.0)) == ["same"] * 4
    assert anchored(("ramp", 2.0), ("ramp", 2.0), ("ramp", 2.0)) == [(1.0, 2.0, ()), "same", "same"]
    assert anchored(("lag", 3.0, 4.0), ("lag", 3.0, 4.0)) == [(3.0, 0.0, ((-2.0, 0.25),)), "same"]


def test_a_flow_goes_on_from_where_it_is_unless_told():
    assert anchored(("ramp", 2.0), ("hold",)) == [(1.0, 2.0, ()), (3.0, 0.0, ())]
    assert anchored(("ramp", 2.0), ("ramp", 1.0)) == [(1.0, 2.0, ()), (3.0, 1.0, ())]
    assert anchored(("ramp", 2.0), ("ramp", 2.0, 0.0)) == [(1.0, 2.0, ()), (0.0, 2.0, ())]
    assert anchored(("ramp", 2.0), ("lag", 5.0, 2.0)) == [(1.0, 2.0, ()), (5.0, 0.0, ((-2.0, 0.5),))]
    assert anchored(("lag", 3.0, 4.0, 7.0)) == [(3.0, 0.0, ((4.0, 0.25),))]


def test_taking_back_a_flow_in_the_same_evaluation_is_no_event():
    def logic(io):
        if io.rose("a"):
            io.ramp("x", 3.0)
            io.hold("x")

    net = Network(NetworkSpec(units=(unit("u", control("a"), logic=logic, flows=(Flow(name="x", initial=1.0),)),)))
    net.push("u.a", True, t=5)
    net.advance(9)
    assert [e.signal for e in net.log] == ["u.a"]


def test_a_flow_that_goes_on_from_where_it_is_has_its_past_as_a_cause():
    net = filled()
    net.push("tank.tap", False)
    net.advance(net.now)
    before, drain = [e.id for e in net.log if e.signal == "tank.litres"][-2:]
    assert before in net.log[drain].causes
