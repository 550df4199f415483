"""What is printed along a control's way can be named, and means the value that stands there."""

from __future__ import annotations

import gymnasium
import pytest

import switch_bench.envs  # noqa: F401  # registers the tasks
from switch_bench.agents import tools
from switch_bench.controls.knob import Knob
from switch_bench.envs.elements import elements
from switch_bench.envs.env import SwitchEnv
from switch_bench.envs.scales import aims_of, said, scale_of, value_of

PLAIN = {"variation": "none"}


def env_of(task: str) -> SwitchEnv:
    """A task's environment after its reset."""
    env = gymnasium.make(f"switch_bench/{task}", preset="llm").unwrapped
    assert isinstance(env, SwitchEnv)
    env.reset(seed=0, options=PLAIN)
    return env


@pytest.mark.parametrize("task", ["kitchen.preheat_oven-v1", "utility.spin_gently-v1", "kitchen.hob_light-v1"])
def test_each_legend_means_the_value_at_its_place(task: str) -> None:
    env = env_of(task)
    assert env.stage is not None
    world, tried = env.stage.world, 0
    for item in world.handles.mounted:
        device = world.room.drawn.placed[item.device].device
        aims = aims_of(item)
        for legend, position in scale_of(device, item):
            meant = value_of(device, item, said(legend))
            step = min(abs(a - b) for a in aims.values() for b in aims.values() if a != b)
            assert abs(aims[meant] - position) <= step, (item.name, legend)
            assert value_of(device, item, said(legend).upper()) == meant
            tried += 1
    assert tried > 2


def test_a_value_that_is_not_printed_is_taken_as_it_is() -> None:
    env = env_of("kitchen.preheat_oven-v1")
    assert env.stage is not None
    world = env.stage.world
    item = next(m for m in world.handles.mounted if isinstance(m.control, Knob))
    device = world.room.drawn.placed[item.device].device
    assert value_of(device, item, "187.5") == 187.5
    assert value_of(device, item, "no such thing") == "no such thing"


def test_a_knob_is_turned_to_what_is_printed() -> None:
    env = env_of("home.dim_living_light-v1")
    assert env.stage is not None
    world = env.stage.world
    item = next(m for m in world.handles.mounted if m.name == "living_light.dim")
    before = float(world.value(item.name))
    sun = tools.action("skill", "turn", {"mark": 1, "to": "a picture of sun"})
    moon = tools.action("skill", "turn", {"mark": 1, "to": "a picture of moon"})
    device = world.room.drawn.placed[item.device].device
    values = [float(value_of(device, item, str(action["text"]))) for action in (moon, sun)]
    assert values[0] <= before <= values[1]
    assert values[0] < values[1]


def test_a_scale_is_told_with_the_knob_that_can_be_made_out() -> None:
    env = env_of("kitchen.preheat_oven-v1")
    assert env.stage is not None
    observer = env.observer
    told = ""
    for number in range(1, len(observer.marks) + 1):
        env.step(tools.action("skill", "read", {"mark": number}))
        told += elements(env.stage.world, observer.seen, observer.marks, observer.camera, observer.size)
        env.step(tools.action("skill", "look", {"direction": "ahead"}))
    assert '"scale": [' in told
