"""Whole verdicts: time and place, the whole and its prefixes, and the words for it."""

from __future__ import annotations

import json

import pytest
from flat import BOIL, CUP, KITCHEN, LEVER, LIGHT, LIVING, SHOWN, ZONES, cup, flat, press, seen
from rooms import Room

from switch_bench.network.declare import SECOND, Act, NetworkSpec, Script, Signal, Unit, seconds
from switch_bench.network.io import IO
from switch_bench.trace.schema import Claim
from switch_bench.trace.store import load, save
from switch_bench.verify.stl import FormulaError
from switch_bench.verify.task import Goal
from switch_bench.verify.verdict import verify
from switch_bench.verify.worlds import NULL, Without


def values(verdict) -> dict[str, bool | None]:
    return {part.name: part.value for part in verdict.parts}


def test_success_is_time_place_cause_and_nothing_forbidden():
    verdict = flat(*LIVING).judge(LIGHT)
    assert (verdict.success, verdict.once) == (True, True)
    assert {name: value for name, value in values(verdict).items() if name != "honesty"} == {
        "temporal": True,
        "spatial": True,
        "causal": True,
        "effects": True,
    }
    assert verdict.since == 5 * SECOND
    assert verdict.progress == 1.0


def test_nothing_done_fails_in_time_and_the_rest_is_not_judged():
    verdict = flat().judge(LIGHT)
    assert verdict.success is False
    assert verdict.failed == ("temporal",)
    assert values(verdict)["causal"] is None


# Where.


def test_the_right_thing_in_the_wrong_room_fails_in_place():
    verdict = flat(*KITCHEN).judge(LIGHT)
    assert set(verdict.failed) == {"temporal", "spatial"}
    assert "in the kitchen, and was asked for in the living" in verdict.part("spatial").words


def test_a_goal_outside_the_zones_asked_for_is_misplaced():
    verdict = flat(*KITCHEN).judge(Goal(goal="eventually kitchen_lamp.lit", where=("living",)))
    assert verdict.failed == ("spatial",)
    assert "kitchen_lamp.lit (kitchen)" in verdict.part("spatial").words


def test_light_in_the_wrong_zone_by_itself_is_nobodys_mistake():
    night = Script(
        name="night",
        role="schedule",
        zone="kitchen",
        at=seconds(4),
        acts=(Act(signal="kitchen_lamp.command", value=True),),
    )

    def logic(io: IO) -> None:
        io.set("lit", io["command"])

    def bulb(zone: str) -> Unit:
        signals = (
            Signal(name="command", initial=False, kind="input"),
            Signal(name="lit", initial=False, kind="output"),
        )
        return Unit(name=f"{zone}_lamp", zone=zone, signals=signals, logic=logic)

    spec = NetworkSpec(zones=ZONES, units=(bulb("living"), bulb("kitchen")), scripts=(night,))
    verdict = Room(spec=spec).judge(Goal(goal="eventually living_lamp.lit", where=("living",)))
    assert verdict.failed == ("temporal",)


def test_a_thing_brought_to_its_place():
    room = flat(poses=(CUP, cup(9, "tray")))
    verdict = room.judge(Goal(goal="eventually always on(cup, tray)", where=("kitchen",)))
    assert (verdict.success, verdict.effects[0].category) == (True, "required")
    assert room.judge(Goal(goal="eventually always on(cup, tray)", where=("living",))).failed == ("spatial",)


# The whole and its prefixes.


def test_what_was_so_for_a_while_was_a_success_once():
    verdict = flat(*LIVING, *press("living_lamp.key", 20)).judge(LIGHT)
    assert (verdict.success, verdict.once) == (False, True)
    assert (
        "came about at 5 s, but was undone at 20 s, because the agent pressed the living lamp's key at 20 s"
        in verdict.part("temporal").words
    )


def test_a_forbidden_moment_later_spoils_the_end_but_not_the_prefix():
    verdict = flat(*LIVING, *KITCHEN).judge(Goal(goal="eventually living_lamp.lit", never=("kitchen_lamp.lit",)))
    assert (verdict.success, verdict.once) == (False, True)


def test_a_forbidden_moment_before_spoils_both():
    verdict = flat(*KITCHEN, *press("living_lamp.key", 20)).judge(
        Goal(goal="eventually living_lamp.lit", never=("kitchen_lamp.lit",))
    )
    assert (verdict.success, verdict.once) == (False, False)


def test_progress_is_the_share_of_the_parts_brought_about():
    goal = Goal(goal="eventually living_lamp.lit and eventually kitchen_lamp.lit and always kettle.water <= 50 degC")
    assert flat(*LIVING).judge(goal).progress == 0.5
    assert flat().judge(goal).progress == 0.0
    assert flat(*LIVING, *KITCHEN).judge(goal).progress == 1.0
    assert flat(LEVER).judge(Goal(goal="always kettle.water <= 50 degC")).progress == 0.0


def test_robustness_is_that_of_the_goal():
    assert flat(LEVER, end=60).judge(BOIL).robustness == pytest.approx(20.0 + 2 * 58 - 95)
    assert flat(LEVER, end=22).judge(BOIL).robustness == pytest.approx(60 - 95)


def test_the_verdict_is_the_same_twice_and_from_the_file(tmp_path):
    room = flat(*LIVING, *KITCHEN, claim=Claim(seconds(60), "done"), views=(seen(9, "living"),), poses=(CUP,))
    task = Goal(goal=LIGHT.goal, required=LIGHT.required, evidence=SHOWN.evidence)
    traces = room.run(), room.run(NULL), room.run(Without(controls=frozenset(task.required)))
    first = verify(task, *traces).to_dict()
    assert verify(task, *traces).to_dict() == first
    kept = [load(save(trace, tmp_path / f"{i}.npz")) for i, trace in enumerate(traces)]
    assert verify(task, kept[0], kept[1], kept[2]).to_dict() == first
    assert json.loads(json.dumps(first, allow_nan=False)) == json.loads(json.dumps(first))


def test_an_identity_replay_is_compared_by_what_happened():
    room = flat(*LIVING, claim=Claim(seconds(60), "done"))
    trace, null, masked = room.run(), room.run(NULL), room.run(Without(controls=frozenset(LIGHT.required)))
    silent = flat(*LIVING).run()
    assert verify(LIGHT, trace, null, masked, identity=silent).success is True
    assert verify(LIGHT, trace, null, masked, identity=null).success is None


def test_the_words_tell_the_story():
    verdict = flat(LEVER, end=60).judge(BOIL)
    assert "From 39.5 s on it held: at some time within 60 s the kettle's water is at least 95 °C" in (
        verdict.part("temporal").words
    )
    causal = verdict.part("causal").words
    assert "at 2 s, when the kettle's lever is on" in causal
    assert "at 60 s the kettle's water is 20 °C there" in causal
    assert "With the kettle's lever frozen" in causal


def test_a_goal_missed_says_how_far_it_was():
    words = flat(LEVER, end=22).judge(BOIL).part("temporal").words
    assert "did not come about" in words
    assert "At 22 s the kettle's water is 60 °C" in words
    assert "At best it was 35 °C short" in words


def test_the_tasks_own_phrases_are_used():
    room = flat(*LIVING)
    trace, null, masked = room.run(), room.run(NULL), room.run(Without(controls=frozenset(LIGHT.required)))
    phrases = {
        "living_lamp.lit": ("the big lamp is dark", "the big lamp shines"),
        "living_lamp.key": "the key reads {}",
        "living_lamp.load": "the meter shows {:.1f} W",
    }
    verdict = verify(LIGHT, trace, null, masked, words=phrases)
    words = verdict.words
    assert any("the meter shows 8.0 W" in effect.words for effect in verdict.effects)
    assert "the big lamp shines" in words
    assert "the big lamp is dark there" in words
    assert "the key reads on" in words


def test_a_goal_that_names_what_is_not_there_is_refused_before_judging():
    with pytest.raises(FormulaError, match=r"did you mean living_lamp\.lit"):
        flat().judge(Goal(goal="eventually living_lamp.light"))
    with pytest.raises(FormulaError, match="no object 'cup'"):
        flat().judge(Goal(goal="eventually moved(cup)"))


def test_a_part_that_does_not_exist_is_refused():
    with pytest.raises(KeyError, match="there are temporal"):
        flat().judge(LIGHT).part("luck")
