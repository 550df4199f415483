"""However a wait is split, the same happens."""

from __future__ import annotations

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from small_networks import DOOR, FLAT, TICK, facts, networks, presses

from switch_bench.network.declare import HOUR, MINUTE, NetworkSpec
from switch_bench.network.flow import Anchor
from switch_bench.network.kernel import Network

END = 8_000_000


def run(spec: NetworkSpec, pressed: list[tuple[int, str, bool]], stops: list[int], stop: bool = False) -> Network:
    """One run that looks at every one of `stops`, after what is pushed there, and reads every flow then."""
    net = Network(spec)
    moments = [*((t, None) for t in (*stops, END)), *((t, (s, v)) for t, s, v in pressed)]
    for t, what in sorted(moments, key=lambda m: (m[0], m[1] is None)):
        if what is None:
            while net.advance(t, stop=stop) < t:
                net.changed_drives()
            for name in net.names:
                net.value(name)
            net.state()
        else:
            net.push(what[0], what[1], t=t, actor="agent")
    return net


def assert_same(one: Network, other: Network) -> None:
    assert facts(one.log) == facts(other.log)
    assert one.state() == other.state()
    for name, value in zip(one.names, one.values, strict=True):
        if isinstance(value, Anchor):
            assert one.level(name).hex() == other.level(name).hex(), name


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(networks(), presses(), st.lists(st.integers(0, END), max_size=40), st.booleans())
def test_a_jumped_run_equals_a_run_stepped_anyhow(spec, pressed, stops, stop):
    assert_same(run(spec, pressed, []), run(spec, pressed, stops, stop))


@settings(max_examples=6, deadline=None)
@given(networks(), presses())
def test_a_jumped_run_equals_a_run_stepped_tick_by_tick(spec, pressed):
    assert_same(run(spec, pressed, []), run(spec, pressed, list(range(0, END, TICK)), True))


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(networks(), presses(), st.integers(0, END))
def test_a_fork_goes_on_as_its_origin_does_and_neither_feels_the_other(spec, pressed, at):
    plain = run(spec, pressed, [])
    net = Network(spec)
    for t, signal, value in pressed:
        if t <= at:
            net.push(signal, value, t=t, actor="agent")
    net.advance(at)
    fork = net.fork()
    fork.push("u0.a", not fork.value("u0.a"), t=at, actor="other")
    fork.advance(END)
    twin = net.fork()
    for either in (net, twin):
        for t, signal, value in pressed:
            if t > at:
                either.push(signal, value, t=t, actor="agent")
        either.advance(END)
        assert_same(either, plain)
    shared = [e for e in plain.log if e.t < at]
    assert fork.log[: len(shared)] == shared
    assert any(e.actor == "other" for e in fork.log)


def test_a_day_in_the_heated_flat_is_the_same_in_one_jump_and_in_minutes_with_its_door_moving():
    def day(steps: int) -> Network:
        net = Network(FLAT)
        for hour in range(1, 25):
            for k in range(1, steps + 1):
                net.advance((hour - 1) * HOUR + k * HOUR // steps)
            net.push(f"{DOOR.name}.open", bool(hour % 2), t=hour * HOUR)
        net.advance(24 * HOUR + MINUTE)
        return net

    one, many = day(1), day(60)
    assert_same(one, many)
    assert sum(e.signal == "thermostat.demand" for e in one.log) > 10


def test_the_same_spec_runs_the_same_twice():
    nets = [Network(FLAT), Network(FLAT)]
    for net in nets:
        net.advance(3 * HOUR)
    assert nets[0].digest() == nets[1].digest()
    assert facts(nets[0].log) == facts(nets[1].log)


def test_a_state_written_out_is_the_state_whatever_was_written_before():
    net = Network(FLAT)
    for k in range(40):
        net.advance(net.now + 13 * MINUTE)
        net.written()
        net.push(f"{DOOR.name}.open", k % 2 == 0, t=net.now + 500)
        assert net.written() == repr(net.state())
        assert net.fork().written() == repr(net.state())
