"""Schedules and other people: what they wait for, what they look at again, and what is put down to them."""

from __future__ import annotations

import pytest
from small_networks import control, facts, inlet, output, state, unit

from switch_bench.network.declare import HOUR, MS, SECOND, Act, NetworkSpec, Script, Zone
from switch_bench.network.kernel import Network

ROOM = unit(
    "room",
    control("door", "closed"),
    control("bell"),
    inlet("light"),
    inlet("radio"),
    state("fault"),
    output("blind", "up", drives=True, values=("up", "down")),
)


def house(*scripts: Script, seed: int = 0) -> Network:
    return Network(NetworkSpec(seed=seed, units=(ROOM,), scripts=scripts))


def person(name: str = "anna", **more) -> Script:
    return Script(name=name, role="person", zone="hall", **more)


def schedule(name: str = "night", **more) -> Script:
    return Script(name=name, role="schedule", zone="hall", **more)


def history(net: Network, signal: str) -> list[tuple[int, object]]:
    return [(e.t, e.new) for e in net.log if e.signal == f"room.{signal}"]


ON = Act(signal="room.light", value=True)


def test_a_schedule_acts_at_its_time():
    net = house(schedule(at=HOUR, acts=(ON,)))
    assert net.next_time() == HOUR
    net.advance(2 * HOUR)
    (event,) = net.log
    assert (event.t, event.signal, event.actor, event.causes) == (HOUR, "room.light", "schedule:night", ())


def test_a_schedule_that_starts_at_once_acts_in_the_first_instant():
    assert history(house(schedule(at=0, acts=(ON,))), "light") == [(0, True)]


def test_a_period_repeats_as_often_as_it_may():
    blink = Act(signal="room.light", value=True, hold=100 * MS, release=False)
    net = house(schedule(at=SECOND, every=10 * SECOND, times=3, acts=(blink,)))
    net.advance(HOUR)
    assert [t for t, value in history(net, "light") if value] == [SECOND, 11 * SECOND, 21 * SECOND]
    assert [t for t, value in history(net, "light") if not value] == [1_100 * MS, 11_100 * MS, 21_100 * MS]


def test_a_period_without_a_start_begins_after_one_period():
    net = house(schedule(every=10 * SECOND, acts=(ON,)))
    net.advance(HOUR)
    assert history(net, "light") == [(10 * SECOND, True)]


def answers(**more) -> Script:
    return person(when=(("room.bell", True),), acts=(ON,), **more)


def test_a_person_reacts_after_a_while_and_says_why():
    net = house(answers(delay=5 * SECOND))
    net.push("room.bell", True, t=SECOND, actor="agent")
    net.advance(HOUR)
    event = net.log[net.last_event("room.light")]
    assert (event.t, event.actor) == (6 * SECOND, "person:anna")
    assert event.causes == (net.last_event("room.bell"),)


def test_a_person_without_delay_reacts_in_the_same_instant():
    net = house(answers())
    net.push("room.bell", True, t=SECOND)
    net.advance(SECOND)
    assert history(net, "light") == [(SECOND, True)]


def test_a_person_looks_again_and_does_nothing_if_it_is_over():
    net = house(answers(delay=5 * SECOND))
    net.push("room.bell", True, t=SECOND)
    net.push("room.bell", False, t=2 * SECOND)
    net.advance(HOUR)
    assert history(net, "light") == []
    net.push("room.bell", True, t=HOUR)
    net.advance(2 * HOUR)
    assert history(net, "light") == [(HOUR + 5 * SECOND, True)]


def test_a_person_who_looks_again_sees_what_happens_at_that_very_instant():
    net = house(answers(delay=5 * SECOND))
    net.push("room.bell", True, t=SECOND)
    net.push("room.bell", False, t=6 * SECOND)
    net.advance(HOUR)
    assert history(net, "light") == []


def test_a_person_who_does_not_look_again_acts_all_the_same():
    net = house(answers(delay=5 * SECOND, recheck=False))
    net.push("room.bell", True, t=SECOND)
    net.push("room.bell", False, t=2 * SECOND)
    net.advance(HOUR)
    assert history(net, "light") == [(6 * SECOND, True)]


def test_all_of_what_is_waited_for_must_be_so():
    net = house(person(when=(("room.bell", True), ("room.door", "open")), acts=(ON,)))
    net.push("room.bell", True, t=1)
    net.push("room.door", "open", t=2)
    net.advance(3)
    assert history(net, "light") == [(2, True)]
    assert net.log[net.last_event("room.light")].causes == (0, 1)


def test_what_is_so_from_the_start_is_reacted_to():
    net = house(person(when=(("room.door", "closed"),), delay=SECOND, acts=(ON,)))
    net.advance(HOUR)
    assert history(net, "light") == [(SECOND, True)]


def test_acts_are_done_in_order_each_held_and_put_down_to_the_one_before():
    acts = (
        Act(signal="room.light", value=True, hold=2 * SECOND, release=False),
        Act(signal="room.blind", value="down", hold=SECOND),
        Act(signal="room.radio", value=True),
    )
    net = house(person(when=(("room.bell", True),), acts=acts))
    net.push("room.bell", True, t=SECOND, actor="agent")
    net.advance(HOUR)
    assert [(e.t, e.signal, e.new) for e in net.log[1:]] == [
        (SECOND, "room.light", True),
        (3 * SECOND, "room.light", False),
        (3 * SECOND, "room.blind", "down"),
        (4 * SECOND, "room.radio", True),
    ]
    assert {e.actor for e in net.log[1:]} == {"person:anna"}
    assert net.log[2].causes == (0, 1)
    assert net.log[4].causes == (0, 3)


def test_a_person_called_again_while_busy_comes_again():
    net = house(
        person(
            when=(("room.bell", True),), acts=(Act(signal="room.light", value=True, hold=10 * SECOND, release=False),)
        )
    )
    for t, value in ((1, True), (2, False), (3, True)):
        net.push("room.bell", value, t=t * SECOND)
    net.advance(HOUR)
    assert [t for t, value in history(net, "light") if not value] == [21 * SECOND]
    assert net.last_event("room.light") == net.count - 1


def test_a_person_acts_no_more_often_than_they_may():
    net = house(answers(times=1, delay=SECOND))
    for t in range(1, 8):
        net.push("room.bell", bool(t % 2), t=t * 5 * SECOND)
        net.push("room.light", False, t=t * 5 * SECOND)
    net.advance(HOUR)
    assert [t for t, value in history(net, "light") if value] == [6 * SECOND]


def test_a_schedule_with_a_condition_looks_at_it_at_its_time():
    scripts = schedule(at=HOUR, when=(("room.door", "open"),), acts=(ON,))
    closed, opened = house(scripts), house(scripts)
    opened.push("room.door", "open", t=SECOND)
    for net in (closed, opened):
        net.advance(2 * HOUR)
    assert history(closed, "light") == []
    assert history(opened, "light") == [(HOUR, True)]
    assert opened.log[-1].causes == (0,)


def test_a_persons_delay_is_drawn_by_name_and_time():
    def delay(seed: int, *others: Script) -> int:
        net = house(answers(delay=SECOND, jitter=10 * SECOND), *others, seed=seed)
        net.push("room.bell", True, t=SECOND)
        net.advance(HOUR)
        return history(net, "light")[0][0] - 2 * SECOND

    waits = [delay(seed) for seed in range(8)]
    assert len(set(waits)) == 8
    assert all(0 <= wait <= 10 * SECOND for wait in waits)
    other = schedule(every=700 * MS, jitter=300 * MS, acts=(Act(signal="room.fault", value=True),))
    assert [delay(seed, other) for seed in range(8)] == waits


def test_without_a_person_the_rest_happens_as_it_did():
    anna = person(when=(("room.bell", True),), delay=SECOND, jitter=SECOND, acts=(ON,))
    night = schedule(
        every=30 * SECOND, jitter=9 * SECOND, acts=(Act(signal="room.radio", value=True, hold=SECOND, release=False),)
    )
    both, alone = house(anna, night), house(night)
    for net in (both, alone):
        net.push("room.bell", True, t=SECOND)
        net.advance(HOUR)
    assert history(both, "radio") == history(alone, "radio")
    assert len(facts(both.log)) == len(facts(alone.log)) + 1


def test_a_script_that_moves_an_output_wakes_its_owner():
    woken = []
    mover = unit("mover", output("arm", False, drives=True), logic=lambda io: woken.append(io["arm"]))
    net = Network(NetworkSpec(units=(mover,), scripts=(schedule(at=5, acts=(Act(signal="mover.arm", value=True),)),)))
    assert net.advance(9, stop=True) == 5
    assert woken == [False, True]


@pytest.mark.parametrize(
    ("role", "actor"), [("person", "person:x"), ("schedule", "schedule:x"), ("weather", "schedule:x")]
)
def test_actors_are_people_or_schedules(role, actor):
    script = Script(name="x", role=role, zone="hall", at=1, acts=(Act(signal="hall.daylight", value=500.0),))
    net = Network(NetworkSpec(zones=(Zone(name="hall"),), scripts=(script,)))
    net.advance(1)
    assert net.log[0].actor == actor
    assert net.level("hall.illuminance") == 500.0


def test_from_its_last_time_on_a_script_begins_nothing_but_ends_what_it_began():
    pulse = Act(signal="room.light", value=True, hold=4 * SECOND, release=False)
    net = house(schedule(at=2 * SECOND, every=10 * SECOND, acts=(pulse,), until=12 * SECOND))
    net.advance(60 * SECOND)
    assert history(net, "light") == [(2 * SECOND, True), (6 * SECOND, False)]


def test_what_was_triggered_before_its_last_time_but_is_due_later_is_not_begun():
    net = house(person(when=(("room.bell", True),), delay=5 * SECOND, acts=(ON,), until=4 * SECOND))
    net.advance(1 * SECOND)
    net.push("room.bell", True, t=2 * SECOND, actor="agent")
    net.advance(60 * SECOND)
    assert history(net, "light") == []
