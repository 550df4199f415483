"""Imagined worlds: what is done in them happens there alone, and no otherwise than a hand could make it happen."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from typing import Any

import pytest

from switch_bench.evaluate import bench
from switch_bench.planning.aim import Aim, Told
from switch_bench.planning.imagine import Act, Imagined, operated
from switch_bench.planning.options import held, options
from switch_bench.planning.wires import distances
from switch_bench.skills import verbs
from switch_bench.spec.steps import read_step


@pytest.fixture
def kitchen() -> Iterator[Any]:
    """The kitchen of a task about its lights."""
    with closing(bench.make("kitchen.hob_light-v1", obs=("proprio",), act="skill")) as env:
        env.reset(seed=0, options={"variation": "none"})
        yield env.unwrapped


@pytest.fixture
def utility() -> Iterator[Any]:
    """The utility room while the washing machine runs with its door locked."""
    with closing(bench.make("utility.open_after_spin-v1", obs=("proprio",), act="skill")) as env:
        env.reset(seed=0, options={"variation": "none"})
        yield env.unwrapped


def act(world: Imagined, words: str) -> Act:
    """What can be done to a control of the world, by its words."""
    found = [a for c in range(len(world.handles.controls)) for a in options(world, c, ()) if a.words == words]
    assert len(found) == 1, f"{words}: {[a.words for a in found]}"
    return found[0]


def aim(host: Any) -> Aim:
    """The aim of the environment's task."""
    stage = host.stage
    return Aim(Told.of(host.task), Imagined.of(stage.world), stage.trace.manifest, stage.trace.poses)


def test_what_is_imagined_leaves_the_real_world_as_it_is(kitchen: Any) -> None:
    before = kitchen.stage.world.digest()
    world = Imagined.of(kitchen.stage.world)
    assert world.do(act(world, "press light.gang_2 True"))
    assert world.value("light.lamp_2") is True
    assert kitchen.stage.world.digest() == before


def test_an_act_is_the_agents_and_causes_what_comes_of_it(kitchen: Any) -> None:
    world = Imagined.of(kitchen.stage.world)
    world.do(act(world, "press light.gang_2 True"))
    assert "light.gang_2" in operated(world)
    log = world.network.log
    lamp = next(e for e in log if e.signal == "light.lamp_2")
    assert [log[i].signal for i in lamp.causes] == ["light.gang_2"]
    assert [log[i].signal for i in log[lamp.causes[0]].causes] == ["light.gang_2_touch"]


def test_a_key_comes_up_again_and_a_held_one_later(kitchen: Any) -> None:
    world = Imagined.of(kitchen.stage.world)
    longer = held(act(world, "press oven.clock"), 3.0)
    assert longer is not None
    assert longer.step == read_step({"hold": "oven.clock", "for": "3 s"})
    world.do(longer)
    down, up = [e.t for e in world.network.log if e.signal == "oven.clock"]
    assert 3_000_000 <= up - down <= 3_200_000


def test_a_gas_tap_turns_only_while_it_is_pushed_in(kitchen: Any) -> None:
    world = Imagined.of(kitchen.stage.world)
    whole = act(world, "turn hob.knob_1 max")
    assert [signal for signal, _ in whole.strokes] == ["hob.knob_1_push", "hob.knob_1"]
    bare = Act(whole.step, whole.control, whole.strokes[1:])
    assert not world.fork().do(bare)
    assert world.do(whole)
    assert world.value("hob.knob_1") == "max"
    assert world.value("hob.knob_1_push") is False


def test_a_locked_door_stays_shut(utility: Any) -> None:
    world = Imagined.of(utility.stage.world)
    assert world.value("washer.lock") is True
    assert not world.do(act(world, "open washer.door"))
    assert world.value("washer.door") == "closed"


def test_a_world_that_was_put_aside_goes_on_as_it_would_have(kitchen: Any) -> None:
    world = Imagined.of(kitchen.stage.world)
    world.do(act(world, "press kettle.lever on"))
    kept = world.kept()
    other = Imagined.of(kitchen.stage.world).again(kept)
    for each in (world, other):
        each.pass_to(200_000_000)
    assert other.network.digest() == world.network.digest()
    assert other.value("kettle.lever") == "off"  # it has boiled, and the lever came up


def test_an_outlook_says_when_the_goal_comes_if_nothing_more_is_done(kitchen: Any) -> None:
    told = aim(kitchen)
    world = Imagined.of(kitchen.stage.world)
    assert told.outlook(world).comes is None
    world.do(act(world, "press light.gang_2 True"))
    outlook = told.outlook(world)
    assert outlook.comes == world.now
    assert outlook.good


def test_what_is_forbidden_and_would_be_left_makes_it_no_good(kitchen: Any) -> None:
    told = aim(kitchen)
    world = Imagined.of(kitchen.stage.world)
    world.do(act(world, "press light.gang_2 True"))
    world.do(act(world, "press light.gang_1 True"))
    outlook = told.outlook(world)
    assert outlook.comes is not None
    assert outlook.left == ("light.lamp_1",)
    assert not outlook.good


def test_less_is_lacking_the_more_of_a_goal_is_so(kitchen: Any) -> None:
    told = aim(kitchen)
    world = Imagined.of(kitchen.stage.world)
    before = told.outlook(world).lack
    world.do(act(world, "press light.gang_2 True"))
    assert told.outlook(world).lack == 0.0 < before


def test_what_acts_on_a_goal_is_near_it_and_what_does_not_is_nowhere(kitchen: Any) -> None:
    near = distances(kitchen.stage.room.network, ["oven.reached"])
    assert near["oven"] == 0
    assert "kettle" not in near


def test_a_hand_that_touches_something_is_not_imagined_to_stay_there(kitchen: Any) -> None:
    """So that what comes of a world is found by jumps, and not by steps through hours of pressing."""
    item = kitchen.sense.room.handles.mounted[0]
    for action in verbs.press(kitchen.sense, item):
        kitchen.stage.apply(action)
        if kitchen.stage.world.told.ncon:
            break
    assert kitchen.stage.world.told.ncon
    world = Imagined.of(kitchen.stage.world)
    world.pass_to(world.now + 3_000_000)
    assert world.at_rest()
    assert kitchen.stage.world.told.ncon
