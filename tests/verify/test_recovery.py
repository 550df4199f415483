"""What got in the agent's way: faults that made a difference, and others who undid what it had done."""

from __future__ import annotations

from flat import seen
from rooms import Push, Room

from switch_bench.network.declare import Act, NetworkSpec, Script, Signal, Unit, Zone, seconds
from switch_bench.network.io import IO
from switch_bench.trace.schema import Claim, View
from switch_bench.verify.task import Goal
from switch_bench.verify.verdict import Verdict, verify
from switch_bench.verify.worlds import NULL

LIT = Goal(goal="eventually (lamp.lit for 20 s)")


def room(*times: float, deaf: bool = False, scripts: tuple[Script, ...] = (), **more) -> Room:
    """A lamp with an on key and a switch-off by wire; deaf: it misses the first press."""

    def logic(io: IO) -> None:
        if io.rose("key"):
            io.set("lit", not io["deaf"])
            io.set("deaf", False)
        if io["cut"]:
            io.set("lit", False)

    signals = (
        Signal(name="key", initial=False, kind="control"),
        Signal(name="cut", initial=False, kind="input"),
        Signal(name="deaf", initial=deaf),
        Signal(name="lit", initial=False, kind="output"),
    )
    lamp = Unit(name="lamp", zone="hall", signals=signals, logic=logic)
    spec = NetworkSpec(zones=(Zone(name="hall"),), units=(lamp,), scripts=scripts)
    pushes = tuple(Push(t + d, "lamp.key", d == 0) for t in times for d in (0, 0.5))
    return Room(spec=spec, pushes=pushes, end=60, **more)


def deaf(*times: float, views: tuple[View, ...] = (), claim: str | None = None) -> Verdict:
    """The verdict where the lamp misses the first press."""
    report = Claim(seconds(60), claim) if claim else None
    faulty = room(*times, deaf=True, views=views, claim=report)
    return verify(LIT, faulty.run(), faulty.run(NULL), None, sound=room(*times).run())


def test_a_fault_matters_from_when_things_go_otherwise_than_without_it():
    [setback] = deaf(5, 10, views=(seen(7, "lamp.lit"),)).setbacks or ()
    assert (setback.by, setback.at, setback.what) == ("fault", seconds(5), "lamp.lit")
    assert "the lamp is not lit; without the fault, the lamp is lit" in setback.words


def test_a_fault_seen_and_acted_on_is_noticed_and_recovered_from():
    [setback] = deaf(5, 10, views=(seen(7, "lamp.lit"),)).setbacks or ()
    assert (setback.seen, setback.noticed, setback.recovered, setback.steps) == (seconds(7), True, True, 1)


def test_who_looks_away_notices_nothing():
    [setback] = deaf(5, views=(seen(2, "lamp.lit"), seen(7, "hall"))).setbacks or ()
    assert (setback.seen, setback.noticed, setback.recovered, setback.steps) == (None, False, False, None)


def test_who_looks_and_does_nothing_more_has_not_noticed():
    views = (seen(7, "lamp.lit"),)
    assert [s.noticed for s in deaf(5, views=views).setbacks or ()] == [False]
    assert [s.noticed for s in deaf(5, views=views, claim="impossible").setbacks or ()] == [True]


def test_without_images_it_cannot_be_said_who_noticed():
    [setback] = deaf(5, 10).setbacks or ()
    assert (setback.noticed, setback.recovered) == (None, True)


def test_a_fault_that_made_no_difference_is_no_setback():
    assert deaf().setbacks == ()


def test_an_injected_fault_whose_absence_is_not_known_leaves_it_open():
    faulty = room(5, 10, deaf=True)
    trace = faulty.run()
    trace.manifest = {**trace.manifest, "faults": [["lamp", "deaf"]]}
    assert verify(LIT, trace, faulty.run(NULL), None).setbacks is None


ADA = Script(
    name="ada",
    role="person",
    zone="hall",
    at=seconds(12),
    acts=(Act(signal="lamp.cut", value=True, hold=seconds(1), release=False),),
)


def test_another_who_undoes_what_the_agent_did_is_a_setback():
    [setback] = room(5, 15, scripts=(ADA,), views=(seen(13, "lamp.lit"),)).judge(LIT).setbacks or ()
    assert (setback.by, setback.at, setback.noticed) == ("person:ada", seconds(12), True)
    assert (setback.recovered, setback.steps) == (True, 1)
    assert setback.words.startswith("At 12 s Ada undid what the agent had done: the lamp is not lit")


def test_the_agent_is_no_setback_to_itself():
    off = Unit(
        name="lamp",
        zone="hall",
        signals=(Signal(name="key", initial=False, kind="control"), Signal(name="lit", initial=False, kind="output")),
        logic=lambda io: io.set("lit", bool(io["key"])),
    )
    spec = NetworkSpec(zones=(Zone(name="hall"),), units=(off,))
    there_and_back = Room(spec=spec, pushes=(Push(5, "lamp.key", True), Push(9, "lamp.key", False)))
    assert there_and_back.judge(LIT).setbacks == ()
