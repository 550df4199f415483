"""Mutants of formulas, and the runs that kill them."""

import fake_bench
import pytest

from switch_bench.evaluate.audit_cases import NOOP, ORACLE, Case
from switch_bench.evaluate.audit_mutants import Played, likes, mutants, tried
from switch_bench.network.flow import Anchor
from switch_bench.trace.schema import Event, SignalInfo, Trace
from switch_bench.verify.stl import parse

SIGNALS = {
    "plate.lamp_1": SignalInfo("output", "hall", False),
    "plate.lamp_2": SignalInfo("output", "hall", False),
    "plate.gang_1": SignalInfo("control", "hall", False),
    "porch.lamp_1": SignalInfo("output", "porch", False),
    "hall.temperature": SignalInfo("flow", "hall", Anchor(0, 20.0), "degC"),
    "attic.temperature": SignalInfo("flow", "attic", Anchor(0, 30.0), "degC"),
    "cooker.minutes": SignalInfo("state", "hall", 3.0, "min"),
}


def run(kind, *events):
    """A run of 100 s in which signals took on values: (seconds, signal, value)."""
    made = [
        Event(i, t * 1_000_000, name, False, value, (), "hall", "agent") for i, (t, name, value) in enumerate(events)
    ]
    return Played(Case(kind), fake_bench.Episode(Trace({}, SIGNALS, made, end=100_000_000)))


def task(goal, **keys):
    return fake_bench.spec("fake.lamp-v1").model_copy(update={"goal": goal} | keys)


def words(goal, *runs, **keys):
    return [m.words for m in mutants(task(goal, **keys), runs or [run(NOOP)])]


def test_bounds_are_moved_both_ways():
    made = words("eventually (hall.temperature >= 20 degC)")
    assert "hall.temperature >= 20 degC → hall.temperature >= 25 degC" in made
    assert "hall.temperature >= 20 degC → hall.temperature >= 15 degC" in made


def test_windows_and_durations_are_halved_doubled_and_left_out():
    made = words("eventually[0 s, 30 s] (plate.lamp_1 for 10 s)")
    start = "eventually[0 s, 30 s] (plate.lamp_1 for 10 s) → "
    assert {
        start + "eventually[0 s, 15 s] (plate.lamp_1 for 10 s)",
        start + "eventually[0 s, 1 min] (plate.lamp_1 for 10 s)",
        start + "eventually (plate.lamp_1 for 10 s)",
        "plate.lamp_1 for 10 s → plate.lamp_1 for 5 s",
        "plate.lamp_1 for 10 s → plate.lamp_1 for 20 s",
        "plate.lamp_1 for 10 s → plate.lamp_1",
    } <= set(made)


@pytest.mark.parametrize(
    ("goal", "change"),
    [
        ("eventually plate.lamp_1", "eventually plate.lamp_1 → always plate.lamp_1"),
        ("eventually always plate.lamp_1", "always plate.lamp_1 → eventually plate.lamp_1"),
        ("plate.lamp_1 and plate.lamp_2", "plate.lamp_1 and plate.lamp_2 → plate.lamp_1 or plate.lamp_2"),
        ("plate.lamp_1 and plate.lamp_2", "left out: plate.lamp_2"),
        ("plate.lamp_1 or plate.lamp_2", "left out: plate.lamp_1"),
        ("not plate.lamp_1", "not plate.lamp_1 → plate.lamp_1"),
        ("plate.lamp_1 until plate.lamp_2", "plate.lamp_1 until plate.lamp_2 → plate.lamp_1 since plate.lamp_2"),
        ("eventually rise(plate.lamp_1)", "rise(plate.lamp_1) → fall(plate.lamp_1)"),
        ("plate.lamp_1 implies plate.lamp_2", "plate.lamp_1 implies plate.lamp_2 → plate.lamp_2"),
        ("hall.temperature < 19 degC", "hall.temperature < 19 degC → hall.temperature > 19 degC"),
        ("hall.temperature < 19 degC", "hall.temperature < 19 degC → attic.temperature < 19 degC"),
        ("eventually plate.lamp_1", "plate.lamp_1 → porch.lamp_1"),
    ],
)
def test_operators_and_signals_are_changed(goal, change):
    assert change in words(goal)


def test_what_changes_nothing_is_no_mutant():
    assert not any("eventually eventually" in w or "not not" in w for w in words("eventually always not plate.lamp_1"))
    made = mutants(task("plate.lamp_1 and plate.lamp_2"), [run(NOOP)])
    assert len({m.text for m in made}) == len(made)


def test_mutants_read_again_and_differ_from_the_original():
    goal = "eventually (plate.lamp_1 and hall.temperature >= 21 degC) and not eventually (plate.lamp_2 for 5 s)"
    made = mutants(task(goal), [run(NOOP)])
    roots = [parse(m.text, SIGNALS).root for m in made]
    assert len(set(roots)) == len(made)
    assert parse(goal, SIGNALS).root not in roots


def test_a_bound_itself_counts_where_a_run_comes_to_stand_at_it():
    strict = "cooker.minutes >= 5 min → cooker.minutes > 5 min"
    goal = "eventually (cooker.minutes >= 5 min)"
    assert strict not in words(goal, run(ORACLE, (1, "cooker.minutes", 6.0)))
    assert strict in words(goal, run(ORACLE, (1, "cooker.minutes", 5.0)))


def test_likes_are_of_the_same_type_beside_or_elsewhere():
    assert likes("plate.lamp_1", SIGNALS) == ["plate.lamp_2", "porch.lamp_1"]
    assert likes("hall.temperature", SIGNALS) == ["attic.temperature"]
    assert likes("plate.gang_1", SIGNALS) == []


def test_a_run_that_comes_out_otherwise_kills():
    asked = task("eventually always plate.lamp_1")
    lit, left = run(ORACLE, (5, "plate.lamp_1", True)), run(NOOP)
    killed = {m.words: by for m, by in tried(asked, [lit, left]).items()}
    assert killed["plate.lamp_1 → plate.lamp_2"] == "oracle"
    assert killed["plate.lamp_1 → not plate.lamp_1"] == "oracle"
    assert killed["always plate.lamp_1 → eventually plate.lamp_1"] == ""
    blinked = run(NOOP, (5, "plate.lamp_1", True), (6, "plate.lamp_1", False))
    assert {m.words: by for m, by in tried(asked, [lit, left, blinked]).items()}[
        "always plate.lamp_1 → eventually plate.lamp_1"
    ] == NOOP


def test_rules_are_left_out_and_changed_too():
    made = words("eventually plate.lamp_1", never=("plate.lamp_2",))
    assert "never 1: left out" in made
    assert "never 1: plate.lamp_2 → not plate.lamp_2" in made


def test_of_what_cannot_be_done_only_the_rules_have_mutants():
    keys = {"feasible": False, "disconfirming": ("plate.lamp_1",), "never": ("plate.lamp_2",)}
    assert all(w.startswith("never 1: ") for w in words("eventually plate.lamp_1", **keys))
