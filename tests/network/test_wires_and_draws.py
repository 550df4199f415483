"""Wires: delay, jitter, loss and order; and draws that no other event can shift."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from small_networks import control, inlet, output, state, unit

from switch_bench.network.declare import MS, SECOND, NetworkSpec, Timer, Wire
from switch_bench.network.draws import draw, draw_upto
from switch_bench.network.errors import InvalidValue
from switch_bench.network.kernel import Network


def line(**more) -> NetworkSpec:
    """Two transmitters with a receiver each, wired alike."""
    return NetworkSpec(
        seed=more.pop("seed", 0),
        units=(unit("one", control("x")), unit("two", control("x")), unit("r", inlet("one"), inlet("two"))),
        wires=tuple(Wire(source=f"{s}.x", target=f"r.{s}", **more) for s in ("one", "two")),
    )


def sent(spec: NetworkSpec, times: dict[str, list[int]]) -> Network:
    """Each transmitter toggled at its times."""
    net = Network(spec)
    for name, when in times.items():
        for k, t in enumerate(when):
            net.push(f"{name}.x", k % 2 == 0, t=t)
    net.advance(600 * SECOND)
    return net


def arrivals(net: Network, signal: str) -> list[tuple[int, object]]:
    return [(e.t, e.new) for e in net.log if e.signal == signal]


def test_a_packet_arrives_after_the_delay_and_is_caused_by_its_sending():
    net = sent(line(delay=250 * MS), {"one": [SECOND]})
    assert arrivals(net, "r.one") == [(SECOND + 250 * MS, True)]
    assert net.log[net.last_event("r.one")].causes == (net.last_event("one.x"),)


def test_packets_on_their_way_belong_to_the_state():
    net = Network(line(delay=SECOND))
    before = net.digest()
    net.push("one.x", True)
    net.advance(0)
    on_its_way = net.digest()
    assert on_its_way != before
    fork = net.fork()
    assert fork.digest() == on_its_way
    fork.advance(SECOND)
    assert fork.value("r.one") is True
    assert net.value("r.one") is False


def test_an_inverting_wire_says_the_opposite_from_the_start():
    net = Network(line(invert=True))
    assert net.value("r.one") is True
    net.push("one.x", True)
    net.advance(0)
    assert net.value("r.one") is False


def test_jitter_stays_within_its_bounds_and_never_turns_the_order_round():
    times = [k * 20 * MS for k in range(1, 101)]
    net = sent(line(delay=100 * MS, jitter=300 * MS), {"one": times})
    got = arrivals(net, "r.one")
    assert [value for _, value in got] == [k % 2 == 0 for k in range(100)]
    assert all(b - a >= MS for (a, _), (b, _) in pairwise(got))
    waits = [t - s for (t, _), s in zip(got, times, strict=True)]
    assert min(waits) >= 100 * MS
    assert max(waits) <= 500 * MS
    assert len(set(waits)) > 50


def test_a_lossy_wire_loses_about_its_share():
    times = [k * SECOND for k in range(1, 401)]
    net = Network(line(loss=0.25))
    lost = 0
    for k, t in enumerate(times):
        value = k % 2 == 0
        net.push("one.x", value, t=t)
        net.advance(t)
        lost += net.value("r.one") is not value
    assert 60 < lost < 140


def test_a_wire_never_loses_all_or_nothing_by_accident():
    assert arrivals(sent(line(loss=1.0), {"one": [1, 2, 3]}), "r.one") == []
    assert len(arrivals(sent(line(loss=0.0), {"one": [1, 2, 3]}), "r.one")) == 3


times = st.lists(st.integers(1, 60).map(lambda k: k * SECOND), unique=True, max_size=12).map(sorted)


@settings(max_examples=50, deadline=None)
@given(times, times, st.integers(0, 9))
def test_what_one_sends_shifts_nothing_of_what_another_draws(mine, others, seed):
    spec = line(delay=10 * MS, jitter=200 * MS, loss=0.4, seed=seed)
    assert arrivals(sent(spec, {"one": mine}), "r.one") == arrivals(sent(spec, {"one": mine, "two": others}), "r.one")


def test_taking_one_send_out_shifts_no_other_of_the_same_wire():
    spec = line(delay=10 * MS, jitter=900 * MS)
    full = [t for t, _ in arrivals(sent(spec, {"one": [5 * SECOND, 10 * SECOND, 15 * SECOND, 20 * SECOND]}), "r.one")]
    less = [t for t, _ in arrivals(sent(spec, {"one": [15 * SECOND, 20 * SECOND]}), "r.one")]
    assert full[2:] == less


def test_logic_draws_by_what_it_asks_for_and_when():
    def logic(io):
        if io.first:
            io.start("t", SECOND)
        if io.fired("t"):
            io.set("x", io.draw("x"))
            io.set("y", io.draw("y"))
            io.set("again", io.draw("x"))
            io.start("t", SECOND)

    u = unit("u", state("x", 0.0), state("y", 0.0), state("again", 0.0), logic=logic, timers=(Timer(name="t"),))
    net = Network(NetworkSpec(units=(u,)))
    net.advance(SECOND)
    first = [net.value(f"u.{name}") for name in ("x", "y", "again")]
    assert first[0] == first[2] != first[1]
    net.advance(2 * SECOND)
    assert net.value("u.x") != first[0]


keys = st.tuples(st.integers(0, 2**63), st.text(max_size=5), st.text(max_size=5), st.integers(0, 2**50))


@given(keys, keys)
def test_a_draw_is_a_function_of_its_key_alone(one, other):
    assert 0.0 <= draw(*one) < 1.0
    assert draw(*one) == draw(*one)
    assert (draw(*one) == draw(*other)) is (one == other)


def test_draws_are_even():
    tens = [0] * 10
    for t in range(5_000):
        tens[int(10 * draw(1, "even", "test", t))] += 1
    assert all(400 < n < 600 for n in tens)


@given(st.integers(0, 5), st.integers(0, 10_000))
def test_a_whole_draw_stays_within_its_bounds(most, t):
    assert 0 <= draw_upto(most, 3, "whole", "test", t) <= most


def test_a_wire_refuses_what_its_target_does_not_allow():
    spec = NetworkSpec(
        units=(unit("s", control("x", "off")), unit("r", inlet("x", "off", values=("off", "on")))),
        wires=(Wire(source="s.x", target="r.x"),),
    )
    net = Network(spec)
    net.push("s.x", "loud")
    with pytest.raises(InvalidValue, match=r"s\.x>r\.x.*'loud'.*'off', 'on'"):
        net.advance(0)


def test_a_whole_number_goes_into_a_float():
    spec = NetworkSpec(
        units=(unit("s", control("x", 1)), unit("r", inlet("x", 0.5))), wires=(Wire(source="s.x", target="r.x"),)
    )
    value = Network(spec).value("r.x")
    assert (value, type(value)) == (1.0, float)


def test_a_bus_with_two_talkers_says_what_was_said_last():
    spec = NetworkSpec(
        units=(unit("one", control("x")), unit("two", control("x")), unit("r", inlet("x"), output("o"))),
        wires=(Wire(source="one.x", target="r.x"), Wire(source="two.x", target="r.x")),
    )
    net = Network(spec)
    for t, name, value in ((1, "one", True), (2, "two", True), (3, "one", False)):
        net.push(f"{name}.x", value, t=t)
    net.advance(2)
    assert net.value("r.x") is True
    net.advance(3)
    assert net.value("r.x") is False
