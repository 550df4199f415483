"""Who did it: small rooms, each with the verdict a person would give, and the literature's name for the case."""

from __future__ import annotations

import pytest
from rooms import Push, Room

from switch_bench.network.declare import (
    SECOND,
    Act,
    Flow,
    NetworkSpec,
    Script,
    Signal,
    Sum,
    Timer,
    Unit,
    Wire,
    Zone,
    seconds,
)
from switch_bench.network.io import IO
from switch_bench.verify.task import Goal

HALL = (Zone(name="hall"), Zone(name="kitchen"))


def light(io: IO) -> None:
    """Lit by a command of the house, toggled by either of two switches."""
    lit = bool(io["lit"])
    if io.changed("command"):
        lit = bool(io["command"])
    for switch in ("left", "right"):
        if io.rose(switch):
            lit = not lit
    io.set("lit", lit)


def two_way(io: IO) -> None:
    """On by either switch: pressed is on."""
    if io.rose("left") or io.rose("right") or io.rose("command"):
        io.set("lit", True)


def lamp(logic=light, lit: bool = False) -> Unit:
    return Unit(
        name="lamp",
        zone="hall",
        signals=(
            Signal(name="left", initial=False, kind="control"),
            Signal(name="right", initial=False, kind="control"),
            Signal(name="command", initial=lit, kind="input"),
            Signal(name="lit", initial=lit, kind="output"),
        ),
        logic=logic,
    )


def schedule(at: float, signal: str = "lamp.command", value=True, name: str = "evening", role="schedule") -> Script:
    return Script(name=name, role=role, zone="hall", at=seconds(at), acts=(Act(signal=signal, value=value),))


def hall(*scripts: Script, pushes=(), logic=light, lit: bool = False, end: float = 30.0) -> Room:
    return Room(spec=NetworkSpec(zones=HALL, units=(lamp(logic, lit),), scripts=scripts), pushes=pushes, end=end)


PRESS = Push(5, "lamp.left", True)


def causal(room: Room, goal: Goal | str, **more):
    verdict = room.judge(goal, **more)
    assert verdict.part("temporal").value is True, verdict.words
    return verdict.part("causal")


def test_an_agent_that_switches_the_light_on_caused_it():
    part = causal(hall(pushes=(PRESS,)), "eventually lamp.lit")
    assert part.value is True
    assert "at 5 s" in part.words
    assert "without the agent it would not have come" in part.words


def test_a_light_that_goes_on_by_the_schedule_is_not_the_agents():
    part = causal(hall(schedule(8)), "eventually lamp.lit")
    assert part.value is False
    assert "all the same, at 8 s" in part.words


def test_coincidence_the_agent_does_something_else_meanwhile():
    room = hall(schedule(8, role="sensor"), pushes=(Push(7.9, "lamp.right", False),))
    assert causal(room, "eventually lamp.lit").value is False


def test_late_the_schedule_was_there_before_the_agent():
    part = causal(hall(schedule(3), pushes=(PRESS,), logic=two_way), "eventually lamp.lit")
    assert part.value is False


def test_early_preemption_the_agent_before_the_schedule():
    part = causal(hall(schedule(20), pushes=(PRESS,), logic=two_way), "eventually lamp.lit")
    assert part.value is True
    assert "not before 20 s" in part.words


def test_late_preemption_by_less_than_the_tolerance_is_settled_by_leaving_the_schedule_out():
    room = hall(schedule(5.05), pushes=(PRESS,), logic=two_way)
    part = causal(room, "eventually lamp.lit")
    assert part.value is True
    assert "without the schedule evening" in part.words


def test_where_leaving_others_out_is_needed_and_cannot_be_had_it_is_undetermined():
    room = hall(schedule(5.05), pushes=(PRESS,), logic=two_way)
    verdict = room.judge("eventually lamp.lit", worlds=False)
    assert verdict.part("causal").value is None
    assert verdict.success is None


def test_symmetric_overdetermination_in_the_same_instant():
    room = hall(schedule(5), pushes=(PRESS,), logic=two_way)
    assert causal(room, "eventually lamp.lit").value is True


def test_overdetermination_by_two_others_and_the_agent():
    room = hall(schedule(5), schedule(5, name="ada", role="person"), pushes=(PRESS,), logic=two_way)
    assert causal(room, "eventually lamp.lit").value is True


def test_a_preempted_backup_is_no_cause():
    """The agent's push would have lit it at 9 s, but the schedule did at 3 s."""
    room = hall(schedule(3), pushes=(Push(9, "lamp.left", True),), logic=two_way)
    assert causal(room, "eventually lamp.lit").value is False


def test_undoing_ones_own_mess_earns_nothing():
    room = hall(pushes=(Push(5, "lamp.left", True), Push(8, "lamp.right", True)), lit=True)
    part = causal(room, "eventually always lamp.lit")
    assert part.value is False
    assert "from the start" in part.words


def test_undoing_anothers_act_counts():
    off = schedule(4, value=False, name="ada", role="person")
    room = hall(off, pushes=(Push(9, "lamp.left", True),), lit=True)
    assert causal(room, "eventually always lamp.lit").value is True


def test_two_switches_of_the_agent_are_one_cause():
    room = hall(pushes=(PRESS, Push(5, "lamp.right", True)), logic=two_way)
    assert causal(room, "eventually lamp.lit").value is True


def test_the_required_control_must_have_done_it():
    room = hall(pushes=(PRESS,), logic=two_way)
    assert causal(room, Goal(goal="eventually lamp.lit", required=("lamp.left",))).value is True
    part = causal(room, Goal(goal="eventually lamp.lit", required=("lamp.right",)))
    assert part.value is False
    assert "came about without the lamp's right" in part.words


def test_a_required_control_that_only_came_second_did_not_do_it():
    room = hall(pushes=(PRESS, Push(9, "lamp.right", True)), logic=two_way)
    assert causal(room, Goal(goal="eventually lamp.lit", required=("lamp.right",))).value is False


def test_a_replay_that_went_otherwise_leaves_it_undetermined():
    part = causal(hall(pushes=(PRESS,)), "eventually lamp.lit", identity=False)
    assert part.value is None


def test_a_chain_through_another_persons_hand():
    """The agent rings; Ada puts the light on."""
    bell = Unit(name="bell", zone="hall", signals=(Signal(name="key", initial=False, kind="control"),))
    ada = Script(
        name="ada",
        role="person",
        zone="hall",
        when=(("bell.key", True),),
        delay=3 * SECOND,
        acts=(Act(signal="lamp.command", value=True),),
        recheck=False,
    )
    room = Room(
        spec=NetworkSpec(zones=HALL, units=(lamp(), bell), scripts=(ada,)),
        pushes=(Push(2, "bell.key", True), Push(2.2, "bell.key", False)),
    )
    assert causal(room, "eventually[0, 10 s] lamp.lit").value is True


# Prevention: the goal must stay so, and the agent keeps off what would break it.


def smoke(io: IO) -> None:
    if io.first:
        io.start("fuse", 20 * SECOND)
    if io.rose("hush") or io.rose("remote"):
        io.stop("fuse")
    if io.fired("fuse"):
        io.set("alarm", True)


ALARM = Unit(
    name="smoke",
    zone="hall",
    signals=(
        Signal(name="hush", initial=False, kind="control"),
        Signal(name="lid", initial=False, kind="control"),
        Signal(name="remote", initial=False, kind="input"),
        Signal(name="alarm", initial=False, kind="output"),
    ),
    timers=(Timer(name="fuse"),),
    logic=smoke,
)


def alarmed(*scripts: Script, pushes=(), end: float = 30.0) -> Room:
    return Room(spec=NetworkSpec(zones=HALL, units=(ALARM,), scripts=scripts), pushes=pushes, end=end)


HUSH = Push(10, "smoke.hush", True)


def test_double_prevention_the_agent_cancels_a_timer():
    part = causal(alarmed(pushes=(HUSH,)), "always not smoke.alarm")
    assert part.value is True
    assert "broken at 20 s" in part.words


def test_what_another_prevents_is_not_the_agents():
    ada = schedule(5, "smoke.remote", name="ada", role="person")
    part = causal(alarmed(ada, pushes=(HUSH,)), "always not smoke.alarm")
    assert part.value is False
    assert "stayed so without the agent" in part.words


def test_prevention_is_not_shown_before_the_time_at_which_it_would_have_happened():
    part = causal(alarmed(pushes=(HUSH,), end=15), "always not smoke.alarm")
    assert part.value is False


def test_prevention_must_be_by_the_required_control():
    room = alarmed(pushes=(HUSH, Push(12, "smoke.lid", True)))
    assert causal(room, Goal(goal="always not smoke.alarm", required=("smoke.hush",))).value is True
    assert causal(room, Goal(goal="always not smoke.alarm", required=("smoke.lid",))).value is False


def breaker(io: IO) -> None:
    if io.first or io.changed("load"):
        if float(io["load"]) > 3000:
            if not io["heating_up"]:
                io.start("trip", 15 * SECOND)
        else:
            io.stop("trip")
    if io.fired("trip"):
        io.set("closed", False)


def heater(io: IO) -> None:
    io.set("load", 2000.0 if io["switch"] else 0.0)


def test_shedding_a_load_keeps_the_breaker_in():
    """Double prevention with no act of the agent in the goal's ancestry: nothing happens to the goal at all."""
    board = Unit(
        name="board",
        zone="hall",
        signals=(
            Signal(name="load", initial=0.0, kind="input", unit="W"),
            Signal(name="heating_up", initial=False),
            Signal(name="closed", initial=True, kind="output"),
        ),
        timers=(Timer(name="trip"),),
        logic=breaker,
    )
    heaters = tuple(
        Unit(
            name=name,
            zone="hall",
            signals=(
                Signal(name="switch", initial=True, kind="control"),
                Signal(name="load", initial=2000.0, kind="output", unit="W"),
            ),
            logic=heater,
        )
        for name in ("oven", "kettle")
    )
    total = Sum(target="board.load", sources=("oven.load", "kettle.load"))
    room = Room(
        spec=NetworkSpec(zones=HALL, units=(board, *heaters), sums=(total,)), pushes=(Push(6, "oven.switch", False),)
    )
    assert causal(room, "always board.closed").value is True


# Slow effects.


def slow(*scripts: Script, pushes=(), rate: float = 4.0) -> Room:
    """A plate heated by 1 K/s by its knob, and by `rate` on the house's command."""

    def warm(io: IO) -> None:
        if io.rose("knob"):
            io.ramp("heat", 1.0)
        if io.rose("command"):
            io.ramp("heat", rate)

    plate = Unit(
        name="plate",
        zone="kitchen",
        signals=(
            Signal(name="knob", initial=False, kind="control"),
            Signal(name="command", initial=False, kind="input"),
        ),
        flows=(Flow(name="heat", initial=0.0, unit="degC"),),
        logic=warm,
    )
    return Room(spec=NetworkSpec(zones=HALL, units=(plate,), scripts=scripts), pushes=pushes, end=130)


TURN = Push(10, "plate.knob", True)
HOT = "eventually plate.heat >= 100 degC"


def test_a_slow_effect_is_traced_to_the_knob():
    verdict = slow(pushes=(TURN,)).judge(HOT)
    assert verdict.part("causal").value is True
    assert verdict.since == 110 * SECOND


def test_a_tenth_of_the_delay_is_no_lateness_but_another_who_would_have_done_it_does_not_take_the_credit():
    """Ada's plate would have been hot at 115 s, the agent's is at 110 s: late preemption."""
    ada = schedule(120, "plate.command", name="ada", role="person")
    room = slow(ada, pushes=(TURN,))
    assert causal(room, HOT).value is True
    early = schedule(90, "plate.command", name="ada", role="person")
    only = slow(early)
    assert causal(only, HOT).value is False


def test_a_start_that_another_overtakes_is_no_cause():
    """The agent sets the plate going slowly, Ada a moment later fast: it comes through Ada alone."""
    ada = schedule(20, "plate.command", name="ada", role="person")
    part = causal(slow(ada, pushes=(Push(19.99, "plate.knob", True),)), HOT)
    assert part.value is False
    assert "through the agent" not in part.words


def test_undoing_anothers_help_and_redoing_it_earns_nothing():
    """Ada lights the lamp at 8 s; the agent puts it out and lights it again."""
    ada = schedule(8, value=True, name="ada", role="person")
    room = hall(ada, pushes=(Push(9, "lamp.left", True), Push(20, "lamp.right", True)))
    assert causal(room, "eventually always lamp.lit").value is False


def test_what_comes_just_after_the_end_by_itself_is_not_gone():
    """The agent ends the episode when its plate is hot, a moment before Ada's would have been."""
    ada = schedule(110.2, "plate.command", name="ada", role="person")
    room = Room(spec=slow(ada, rate=50.0).spec, pushes=(TURN,), end=110.1)
    assert room.judge(HOT, worlds=False).part("causal").value is None
    assert causal(room, HOT).value is True


def test_wires_and_delays_keep_the_ancestry():
    relay = Unit(name="panel", zone="kitchen", signals=(Signal(name="key", initial=False, kind="control"),))
    spec = NetworkSpec(
        zones=HALL,
        units=(lamp(), relay),
        wires=(Wire(source="panel.key", target="lamp.command", delay=2 * SECOND, medium="radio"),),
    )
    part = causal(Room(spec=spec, pushes=(Push(4, "panel.key", True),)), "eventually lamp.lit")
    assert part.value is True
    assert "the panel's key is on" in part.words


@pytest.mark.parametrize("goal", ["eventually lamp.lit", "eventually always lamp.lit", "eventually (lamp.lit for 5 s)"])
def test_nothing_done_is_never_a_success(goal):
    for scripts in ((), (schedule(4),), (schedule(4), schedule(9, value=False, name="night"))):
        verdict = hall(*scripts).judge(goal)
        assert verdict.success is False
        assert verdict.once is False
