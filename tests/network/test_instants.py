"""An instant: what is committed when, what woke what, and in which order."""

from __future__ import annotations

import pytest
from small_networks import LAMP, LIGHT, SWITCH, ancestry, control, inlet, output, state, touch, unit

from switch_bench.network.declare import MS, SECOND, Comparator, Flow, NetworkSpec, Sum, Timer, Wire
from switch_bench.network.errors import InvalidSpec, InvalidValue, PastTime, RunawayInstant, UnknownSignal, WriteRefused
from switch_bench.network.event import Event
from switch_bench.network.kernel import Network


def pressed(net: Network, value: bool = True, t: int | None = None) -> Network:
    net.push("switch.gang", value, t=t, actor="agent")
    net.advance(net.now if t is None else t)
    return net


def test_a_press_lights_the_lamp_in_the_same_instant():
    net = pressed(Network(LIGHT), t=30 * MS)
    assert net.value("lamp.lit") is True
    assert [e.signal for e in net.log] == ["switch.gang", "switch.out", "lamp.feed", "lamp.lit", "lamp.load"]
    assert {e.t for e in net.log} == {30 * MS}


def test_events_are_numbered_by_their_place_and_the_agent_is_the_actor_of_its_own_alone():
    log = pressed(Network(LIGHT), t=SECOND).log
    assert [e.id for e in log] == [0, 1, 2, 3, 4]
    assert [e.actor for e in log] == ["agent", None, None, None, None]
    assert {e.zone for e in log} == {"hall"}


def test_a_chain_over_wires_can_be_followed_back_to_the_press():
    log = pressed(Network(LIGHT)).log
    assert log[1].causes == (0,)
    assert log[3].causes == (2,)
    assert ancestry(log, 3) == {"switch.gang", "switch.out", "lamp.feed", "lamp.lit"}


def test_what_was_read_is_a_cause_too():
    net = Network(LIGHT)
    net.push("lamp.mains", False, t=1)
    net.push("lamp.mains", True, t=2)
    net.advance(2)
    enabler = net.last_event("lamp.mains")
    pressed(net, t=3)
    lit = net.log[net.last_event("lamp.lit")]
    assert lit.causes == (enabler, net.last_event("lamp.feed"))


def test_what_was_read_after_a_write_is_no_cause_of_it():
    def logic(io):
        if io.rose("a"):
            io.set("first", True)
            io.set("second", bool(io["b"]))

    net = Network(
        NetworkSpec(units=(unit("u", control("a"), inlet("b"), state("first"), state("second"), logic=logic),))
    )
    net.push("u.b", True, t=1)
    net.push("u.a", True, t=2)
    net.advance(2)
    assert net.log[net.last_event("u.first")].causes == (net.last_event("u.a"),)
    assert net.log[net.last_event("u.second")].causes == (net.last_event("u.b"), net.last_event("u.a"))


def test_two_units_that_read_each_other_swap():
    def mine(other):
        def logic(io):
            if io.rose("/clock.go"):
                io.set("x", io[f"/{other}.x"])

        return logic

    spec = NetworkSpec(
        units=(
            unit("clock", control("go")),
            unit("left", state("x", "l"), logic=mine("right"), watch=("clock.go",)),
            unit("right", state("x", "r"), logic=mine("left"), watch=("/clock.go",)),
        )
    )
    net = Network(spec)
    net.push("clock.go", True)
    net.advance(0)
    assert (net.value("left.x"), net.value("right.x")) == ("r", "l")


def test_a_unit_is_evaluated_once_for_all_that_changes_together():
    seen = []

    def logic(io):
        if not io.first:
            seen.append((io.changed("a"), io.changed("b")))

    net = Network(NetworkSpec(units=(unit("u", control("a"), control("b"), logic=logic),)))
    net.push("u.b", True, t=5)
    net.push("u.a", True, t=5)
    net.advance(9)
    assert seen == [(True, True)]


def test_ties_are_broken_by_rank_and_then_by_declaration_whatever_the_order_of_pushing():
    def logic(io):
        if io.first:
            io.start("t", 10 * MS)
            io.ramp("x", 100.0)

    spec = NetworkSpec(
        units=(
            unit(
                "u",
                control("a"),
                control("b"),
                touch("b_touch"),
                logic=logic,
                timers=(Timer(name="t"),),
                flows=(Flow(name="x", initial=0.0),),
                comparators=(Comparator(name="high", flow="x", at=0.95, hysteresis=0.1),),
            ),
            unit("v", output("o"), inlet("i"), logic=lambda io: io.set("o", True) if io.first else None),
        ),
        wires=(Wire(source="v.o", target="v.i", delay=10 * MS),),
    )
    logs = []
    for order in (("u.b", "u.a", "u.b_touch"), ("u.b_touch", "u.a", "u.b")):
        net = Network(spec)
        for signal in order:
            net.push(signal, True, t=10 * MS)
        net.advance(10 * MS)
        logs.append([e.signal for e in net.log if e.t == 10 * MS])
    assert logs[0] == logs[1] == ["u.b_touch", "u.a", "u.b", "u.t", "v.i", "u.high"]


def test_a_readout_is_caused_by_the_touch_pushed_with_it():
    net = Network(LIGHT)
    net.push("switch.gang", True, t=MS, actor="agent", causes=("switch.gang_touch",))
    net.push("switch.gang_touch", True, t=MS, actor="agent")
    net.advance(MS)
    assert net.log[0].signal == "switch.gang_touch"
    assert net.log[1].causes == (0,)


def test_a_cause_that_never_changed_is_left_out_and_an_event_can_be_named_by_its_id():
    net = Network(LIGHT)
    net.push("switch.gang", True, causes=("switch.gang_touch",))
    net.advance(0)
    assert net.log[0].causes == ()
    net.push("lamp.mains", False, causes=(3, 0, 3))
    net.advance(0)
    assert net.log[net.last_event("lamp.mains")].causes == (0, 3)


def test_a_touch_is_logged_and_wakes_nothing():
    calls = []
    spec = NetworkSpec(units=(unit("u", touch("t"), logic=lambda io: calls.append(io.now)),))
    net = Network(spec)
    net.push("u.t", True, t=5)
    net.advance(10)
    assert [e.signal for e in net.log] == ["u.t"]
    assert calls == [0]


def test_writing_what_is_so_already_is_no_event():
    net = Network(LIGHT)
    pressed(net, False)
    assert net.log == []
    assert net.last_event("switch.gang") is None


def test_a_write_taken_back_in_the_same_evaluation_is_no_event():
    def logic(io):
        if io.rose("a"):
            io.set("x", True)
            io.set("x", False)

    net = Network(NetworkSpec(units=(unit("u", control("a"), state("x"), logic=logic),)))
    net.push("u.a", True)
    net.advance(0)
    assert [e.signal for e in net.log] == ["u.a"]


def test_a_units_own_write_does_not_wake_it_but_anothers_does():
    calls = []

    def logic(io):
        calls.append(io.now)
        io.set("x", bool(io["a"]))

    net = Network(NetworkSpec(units=(unit("u", control("a"), inlet("b"), state("x"), logic=logic),)))
    net.push("u.a", True, t=1)
    net.push("u.b", True, t=2)
    net.advance(5)
    assert calls == [0, 1, 2]


def test_units_are_evaluated_once_at_reset_and_told_so():
    seen = []
    net = Network(NetworkSpec(units=(unit("u", control("a"), logic=lambda io: seen.append(io.first)),)))
    net.push("u.a", True)
    net.advance(0)
    assert seen == [True, False]


def test_wires_and_sums_have_carried_the_start_values_before_the_reset():
    seen = []
    spec = NetworkSpec(
        units=(
            unit("s", control("gang", True), output("load", 40.0)),
            unit("m", inlet("feed"), inlet("total", 0.0), logic=lambda io: seen.append((io["feed"], io["total"]))),
        ),
        wires=(Wire(source="s.gang", target="m.feed", delay=SECOND),),
        sums=(Sum(target="m.total", sources=("s.load",)),),
    )
    net = Network(spec)
    assert seen == [(True, 40.0)]
    assert net.log == []
    assert net.info["m.feed"].initial is True


def test_a_sum_is_kept_true_within_the_instant_and_all_its_sources_are_causes():
    spec = NetworkSpec(
        units=(
            unit("a", control("w", 0.0)),
            unit("b", control("w", 0.0)),
            unit("m", inlet("total", 0.0)),
        ),
        sums=(Sum(target="m.total", sources=("a.w", "b.w")),),
    )
    net = Network(spec)
    net.push("a.w", 5.0, t=1)
    net.push("b.w", 7.0, t=2)
    net.advance(2)
    assert net.value("m.total") == 12.0
    assert net.log[-1].causes == (0, 2)
    assert net.log[-1].t == 2


def test_signals_that_chase_each_other_are_named():
    def logic(io):
        if not io.first:
            io.set("out", not io["in"])

    spec = NetworkSpec(
        units=(unit("u", inlet("in"), output("out"), logic=logic),), wires=(Wire(source="u.out", target="u.in"),)
    )
    net = Network(spec)
    net.push("u.in", True, t=6)
    net.push("u.in", False, t=7)
    with pytest.raises(RunawayInstant, match=r"at 7 µs .* u\."):
        net.advance(8)


def test_time_runs_forwards():
    net = Network(LIGHT)
    net.advance(SECOND)
    with pytest.raises(PastTime):
        net.advance(SECOND - 1)
    with pytest.raises(PastTime):
        net.push("switch.gang", True, t=SECOND - 1)
    assert net.now == SECOND


def test_a_push_at_now_takes_effect_with_the_next_advance():
    net = Network(LIGHT)
    net.advance(SECOND)
    net.push("switch.gang", True)
    assert net.next_time() == SECOND
    assert net.value("lamp.lit") is False
    net.advance(SECOND)
    assert net.value("lamp.lit") is True
    assert net.next_time() is None


def test_physics_writes_controls_touches_and_inputs_only():
    net = Network(LIGHT)
    with pytest.raises(WriteRefused, match=r"lamp\.lit"):
        net.push("lamp.lit", True)
    with pytest.raises(UnknownSignal, match=r"switch\.gagn.*did you mean \"switch\.gang"):
        net.push("switch.gagn", True)
    with pytest.raises(InvalidValue, match=r"switch\.gang.*True or False.*'on'"):
        net.push("switch.gang", "on")
    with pytest.raises(InvalidSpec, match="no event 17"):
        net.push("switch.gang", True, causes=(17,))
    assert net.next_time() is None


def test_an_advance_that_may_stop_stops_after_the_instant_in_which_something_is_driven():
    def logic(io):
        if io.rose("a"):
            io.start("t", 123_456)
        if io.fired("t"):
            io.set("pop", True)

    spec = NetworkSpec(
        units=(unit("u", control("a"), output("pop", drives=True), logic=logic, timers=(Timer(name="t"),)),)
    )
    net = Network(spec)
    assert net.drives == {"u.pop"}
    net.push("u.a", True, t=10)
    assert net.advance(SECOND, stop=True) == net.now == 123_466
    assert net.changed_drives() == [("u.pop", True)]
    assert net.changed_drives() == []
    assert net.advance(SECOND, stop=True) == SECOND


def test_the_drives_version_counts_instants_that_drive():
    net = Network(
        NetworkSpec(
            units=(unit("u", control("a"), output("pop", drives=True), logic=lambda io: io.set("pop", bool(io["a"]))),)
        )
    )
    assert net.drives_version == 0
    for t, value in ((1, True), (2, False)):
        net.push("u.a", value, t=t)
    net.advance(5)
    assert net.drives_version == 2
    assert net.changed_drives() == [("u.pop", False)]


def test_what_a_fork_drives_its_origin_has_not_driven():
    follow = unit("u", control("a"), output("pop", drives=True), logic=lambda io: io.set("pop", bool(io["a"])))
    net = Network(NetworkSpec(units=(follow,)))
    fork = net.fork()
    fork.push("u.a", True)
    fork.advance(0)
    assert net.changed_drives() == []
    assert fork.changed_drives() == [("u.pop", True)]


def test_the_log_goes_to_the_sink():
    sink: list[Event] = []
    net = pressed(Network(LIGHT, sink))
    assert net.log is sink
    assert net.count == len(sink) == 5


def test_since_gives_what_is_new_in_a_fork_too():
    net = pressed(Network(LIGHT))
    fork = net.fork()
    seen = fork.count
    pressed(fork, False, t=SECOND)
    assert fork.since(seen)[0].signal == "switch.gang"
    assert fork.since(seen)[0].id == seen
    assert fork.since(seen - 1)[0] == net.log[-1]
    assert len(net.log) == seen


def test_forks_of_forks_share_the_whole_past():
    net = Network(LIGHT)
    line = [net]
    for k in range(1, 6):
        line.append(pressed(line[-1].fork(), bool(k % 2), t=k * SECOND))
    assert [e.id for e in line[-1].log] == list(range(25))
    assert line[-1].log[:20] == line[-2].log
    assert net.log == []


def test_initial_values_can_be_overridden():
    net = Network(
        NetworkSpec(units=(SWITCH, LAMP), wires=LIGHT.wires, initial={"switch.gang": True, "lamp.mains": False})
    )
    assert net.info["lamp.mains"].initial is False
    assert net.value("lamp.feed") is True
    assert net.value("lamp.lit") is False


def test_a_value_that_nothing_has_is_asked_for_with_a_hint():
    with pytest.raises(UnknownSignal, match=r"did you mean \"lamp\.lit\""):
        Network(LIGHT).value("lamp.litt")
    with pytest.raises(UnknownSignal, match="is a output, not a flow"):
        Network(LIGHT).anchor("lamp.lit")
