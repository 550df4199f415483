"""Timers: armed, restarted, stopped, run out; and what their running out is put down to."""

from __future__ import annotations

import pytest
from small_networks import control, output, unit

from switch_bench.network.declare import SECOND, NetworkSpec, Timer
from switch_bench.network.errors import InvalidDelay, UnknownTimer
from switch_bench.network.kernel import Network


def stairs(io):
    """A stair light: every press gives ten seconds more; the other key ends it."""
    if io.rose("key"):
        io.set("lit", True)
        io.start("off", 10 * SECOND)
    if io.rose("end"):
        io.stop("off")
        io.set("lit", False)
    if io.fired("off"):
        io.set("lit", False)


STAIRS = NetworkSpec(
    units=(unit("stairs", control("key"), control("end"), output("lit"), logic=stairs, timers=(Timer(name="off"),)),)
)


def pressed(net: Network, key: str, t: int) -> int:
    """Press and let go; returns the press's event."""
    net.push(f"stairs.{key}", True, t=t)
    net.advance(t)
    press = net.last_event(f"stairs.{key}")
    net.push(f"stairs.{key}", False, t=t + SECOND // 4)
    net.advance(t + SECOND // 4)
    assert press is not None
    return press


def test_a_timer_is_a_signal_that_is_true_while_it_runs():
    net = Network(STAIRS)
    press = pressed(net, "key", SECOND)
    assert net.value("stairs.off") is True
    assert net.next_time() == 11 * SECOND
    net.advance(60 * SECOND)
    armed, ran_out = (e for e in net.log if e.signal == "stairs.off")
    assert armed.causes == (press,)
    assert (ran_out.t, ran_out.new, ran_out.causes) == (11 * SECOND, False, (armed.id,))
    assert net.log[net.last_event("stairs.lit")].causes == (ran_out.id,)
    assert net.next_time() is None


def test_a_second_press_restarts_it_and_is_why_it_runs_out_then():
    net = Network(STAIRS)
    pressed(net, "key", SECOND)
    second = pressed(net, "key", 5 * SECOND)
    net.advance(60 * SECOND)
    armed, ran_out = (e for e in net.log if e.signal == "stairs.off")
    assert ran_out.t == 15 * SECOND
    assert ran_out.causes == (armed.id, second)


def test_a_stopped_timer_does_not_fire():
    net = Network(STAIRS)
    pressed(net, "key", SECOND)
    pressed(net, "end", 2 * SECOND)
    assert net.value("stairs.off") is False
    assert net.next_time() is None
    net.advance(60 * SECOND)
    assert [e.t for e in net.log if e.signal == "stairs.lit"] == [SECOND, 2 * SECOND]


def test_a_timer_pressed_at_the_instant_it_runs_out_runs_on():
    net = Network(STAIRS)
    pressed(net, "key", SECOND)
    net.push("stairs.key", True, t=11 * SECOND)
    net.advance(12 * SECOND)
    assert [(e.t, e.new) for e in net.log if e.signal == "stairs.off"] == [
        (SECOND, True),
        (11 * SECOND, False),
        (11 * SECOND, True),
    ]
    assert net.next_time() == 21 * SECOND


def test_a_stopped_timer_has_not_fired_for_another_trigger_of_the_next_round():
    fired = []

    def logic(io):
        if io.rose("a"):
            io.start("t", SECOND)
        if io.fell("a"):
            io.stop("t")
        if io.fired("t"):
            fired.append(io.now)

    net = Network(NetworkSpec(units=(unit("u", control("a"), logic=logic, timers=(Timer(name="t"),)),)))
    for t, value in ((1, True), (2, False), (3, True)):
        net.push("u.a", value, t=t)
    net.advance(5 * SECOND)
    assert fired == [SECOND + 3]


def test_what_is_left_is_counted_down():
    left = []

    def logic(io):
        if io.rose("a"):
            io.start("t", 1_000)
        if io.changed("b"):
            left.append(io.left("t"))

    u = unit("u", control("a"), control("b"), logic=logic, timers=(Timer(name="t"),))
    net = Network(NetworkSpec(units=(u,)))
    for t, name, value in ((5, "b", True), (10, "a", True), (400, "b", False), (1_010, "b", True)):
        net.push(f"u.{name}", value, t=t)
    net.advance(2_000)
    assert left == [0, 610, 0]


def test_a_restarted_timer_does_not_fire_at_its_old_time_whatever_else_happens_then():
    net = Network(STAIRS)
    net.push("stairs.key", False, t=11 * SECOND)
    pressed(net, "key", SECOND)
    pressed(net, "key", 5 * SECOND)
    net.advance(14 * SECOND)
    assert net.value("stairs.lit") is True
    assert net.next_time() == 15 * SECOND
    assert [e.t for e in net.log if e.signal == "stairs.off"] == [SECOND]


def test_thousands_of_restarts_leave_nothing_behind():
    def bake(io):
        if io.first:
            io.start("done", 5 * SECOND)

    oven = unit("oven", logic=bake, timers=(Timer(name="done"),))
    net = Network(NetworkSpec(units=(*STAIRS.units, oven)))
    for k in range(1, 3_000):
        net.push("stairs.key", bool(k % 2), t=k * 1_000)
        net.advance(k * 1_000)
    assert net.next_time() == 5 * SECOND
    assert len(net.fork()._state.heap) < 200


@pytest.mark.parametrize("after", [0, -5, 1.5, True])
def test_a_timer_runs_for_a_positive_whole_number_of_microseconds(after):
    def logic(io):
        io.start("t", after)

    with pytest.raises(InvalidDelay, match=r"u\.t: .*> 0"):
        Network(NetworkSpec(units=(unit("u", logic=logic, timers=(Timer(name="t"),)),)))


@pytest.mark.parametrize("call", ["start", "stop", "left", "fired"])
def test_an_unknown_timer_is_named_with_what_comes_close(call):
    def logic(io):
        getattr(io, call)("of", *([5] if call == "start" else []))

    with pytest.raises(UnknownTimer, match=r"u\.of: .*did you mean \"off\"") as failure:
        Network(NetworkSpec(units=(unit("u", logic=logic, timers=(Timer(name="off"),)),)))
    assert any("logic of u" in note for note in failure.value.__notes__)
