"""What else was changed: the ledger, what must never be, what was left on, and what was pressed without need."""

from __future__ import annotations

from flat import BOIL, CUP, DONE, KITCHEN, LIGHT, LIVING, ZONES, cup, flat, lamp, press
from rooms import Push, Room

from switch_bench.network.declare import Act, NetworkSpec, Script, Signal, Unit, seconds
from switch_bench.network.io import IO
from switch_bench.trace.schema import Pose
from switch_bench.verify.task import Goal


def category(room: Room, goal: Goal, what: str) -> str | None:
    return next((e.category for e in room.judge(goal).effects if e.what == what), None)


def test_effects_are_sorted():
    room = flat(*LIVING, *KITCHEN)
    assert category(room, LIGHT, "living_lamp.lit") == "required"
    assert category(room, LIGHT, "living_lamp.load") == "allowed"  # comes with the light
    assert category(room, LIGHT, "kitchen_lamp.lit") == "unasked"
    patient = Goal(goal=LIGHT.goal, allowed=("kitchen_*",))
    assert category(room, patient, "kitchen_lamp.lit") == "allowed"
    strict = Goal(goal=LIGHT.goal, forbidden=("kitchen_lamp.*",))
    assert category(room, strict, "kitchen_lamp.lit") == "forbidden"


def test_the_closer_pattern_counts():
    room = flat(*LIVING, *KITCHEN)
    assert category(room, Goal(goal=LIGHT.goal, forbidden=("*",), allowed=("kitchen_lamp.*",)), "kitchen_lamp.lit") == (
        "allowed"
    )
    assert category(
        room, Goal(goal=LIGHT.goal, forbidden=("kitchen_lamp.lit",), allowed=("*",)), "kitchen_lamp.lit"
    ) == ("forbidden")


def test_a_forbidden_effect_fails_and_names_itself():
    verdict = flat(*LIVING, *KITCHEN, claim=DONE).judge(Goal(goal=LIGHT.goal, forbidden=("kitchen_lamp.lit",)))
    assert verdict.failed == ("effects",)
    assert (
        "because the agent pressed the kitchen lamp's key at 8 s: the kitchen lamp is lit since 8 s"
        in verdict.part("effects").words
    )
    assert verdict.part("effects").evidence


def test_what_is_put_back_is_no_lasting_effect():
    room = flat(*LIVING, *KITCHEN, *press("kitchen_lamp.key", 12))
    goal = Goal(goal=LIGHT.goal, forbidden=("kitchen_*",))
    assert room.judge(goal).success is True


def test_never_means_not_even_for_a_moment():
    room = flat(*LIVING, *KITCHEN, *press("kitchen_lamp.key", 12), claim=DONE)
    verdict = room.judge(Goal(goal=LIGHT.goal, never=("kitchen_lamp.lit",)))
    assert verdict.failed == ("effects",)
    assert "At 8 s" in verdict.part("effects").words


def test_what_happens_anyway_is_not_held_against_the_agent():
    on = Script(
        name="ada",
        role="person",
        zone="kitchen",
        at=seconds(8),
        acts=(Act(signal="kettle.command", value=True),),
    )

    def logic(io: IO) -> None:
        io.set("heating", io["command"])

    kettle = Unit(
        name="kettle",
        zone="kitchen",
        signals=(
            Signal(name="command", initial=False, kind="input"),
            Signal(name="heating", initial=False, kind="output"),
        ),
        logic=logic,
    )
    room = Room(spec=NetworkSpec(zones=ZONES, units=(lamp("living"), kettle), scripts=(on,)), pushes=LIVING)
    assert room.judge(Goal(goal="eventually living_lamp.lit", never=("kettle.heating",))).success is True


def test_small_differences_touch_and_timers_are_no_effects():
    room = flat(Push(2, "kettle.lever", True), Push(2.2, "kettle.lever", False), Push(3, "living_lamp.touched", True))
    assert room.judge(BOIL).effects == ()


def test_things_moved_fallen_or_elsewhere_are_effects():
    still = Goal(goal="eventually living_lamp.lit", forbidden=("cup",))

    def ends(pose: Pose) -> bool | None:
        return flat(*LIVING, poses=(CUP, pose)).judge(still).success

    assert ends(cup(9, "table", x=0.04)) is True
    assert ends(cup(9, "table", x=0.06)) is False
    assert ends(cup(9, "floor", x=0.0)) is False
    assert ends(cup(9, "table", x=0.0, upright=False)) is False


def test_an_effect_names_its_cause():
    [effect] = [e for e in flat(*LIVING, *KITCHEN).judge(LIGHT).effects if e.what == "kitchen_lamp.lit"]
    assert effect.cause == "because the agent pressed the kitchen lamp's key at 8 s"
    assert effect.zone == "kitchen"


# What was left on, and what was pressed without need.


def test_what_draws_power_at_the_end_unasked_was_left_on():
    [left] = flat(*LIVING, *KITCHEN).judge(LIGHT).left_on
    assert (left.device, left.zone, left.now, left.without, left.category) == (
        "kitchen_lamp", "kitchen", 8.0, 0.0, "unasked",
    )  # fmt: skip
    assert "the kitchen lamp draws 8 W, 0 W without the agent, because the agent pressed" in left.words


def test_what_is_allowed_may_be_left_on_and_is_told_so():
    [left] = flat(*LIVING, *KITCHEN).judge(Goal(goal=LIGHT.goal, allowed=("kitchen_*",))).left_on
    assert left.category == "allowed"


def needless(*pushes: Push, goal: Goal = LIGHT) -> list[tuple[str, int]] | None:
    found = flat(*pushes).judge(goal).needless
    return None if found is None else [(act.control, act.t) for act in found]


def test_a_press_that_led_nowhere_was_without_need():
    assert needless(*LIVING) == []
    assert needless(*LIVING, *KITCHEN) == [("kitchen_lamp.key", seconds(8))]


def test_a_press_that_another_undid_was_without_need_and_so_was_the_other():
    again = press("kitchen_lamp.key", 12)
    assert needless(*LIVING, *KITCHEN, *again) == [("kitchen_lamp.key", seconds(t)) for t in (8, 12)]


def test_a_control_that_may_be_left_changed_is_not_counted():
    assert needless(*LIVING, *KITCHEN, goal=Goal(goal=LIGHT.goal, allowed=("kitchen_lamp.*",))) == []


def test_what_was_needed_cannot_be_told_where_nothing_came():
    assert needless(*LIVING, goal=Goal(goal="always not kitchen_lamp.lit")) is None


def test_a_goal_missed_in_one_half_still_needed_the_presses_of_the_other():
    both = Goal(goal="eventually living_lamp.lit and eventually kettle.water >= 95 degC")
    assert needless(*LIVING, *KITCHEN, goal=both) == [("kitchen_lamp.key", seconds(8))]


def test_a_door_may_have_to_be_opened():
    cabinet = Unit(name="cabinet", zone="living", signals=(Signal(name="door", initial="closed", kind="control"),))
    room = Room(
        spec=NetworkSpec(zones=ZONES, units=(lamp("living"), cabinet)),
        pushes=(Push(2, "cabinet.door", "open"), *LIVING),
    )
    verdict = room.judge("eventually living_lamp.lit")
    assert verdict.needless == ()
    assert verdict.acts == 2
