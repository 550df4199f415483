"""Elements and zoom: what is in view in words, no more than the picture shows."""

from __future__ import annotations

import json
from typing import Any

import gymnasium
import numpy as np
import pytest

import switch_bench.envs  # noqa: F401  # registers the tasks
from switch_bench.agents import tools
from switch_bench.envs.act import VERBS
from switch_bench.envs.presets import PRESETS

PLAIN = {"variation": "none"}


def env_of(task: str, **kwargs: Any) -> gymnasium.Env:
    """The language model's environment of a task."""
    return gymnasium.make(f"switch_bench/{task}", preset="llm", **kwargs)


def things(obs: Any) -> list[dict[str, Any]]:
    """What is in view."""
    return json.loads(obs["elements"])["things"]


def all_marks(obs: Any) -> list[dict[str, Any]]:
    """Every mark in view."""
    return [mark for thing in things(obs) for mark in thing.get("marks", ())]


def step(env: gymnasium.Env, name: str, **arguments: Any) -> Any:
    """The observation after a call."""
    obs, *_, info = env.step(tools.action("skill", name, arguments))
    assert info["said"] == "done"
    return obs


def test_a_position_is_told_as_it_is_and_as_it_becomes() -> None:
    env = env_of("kitchen.boil_water-v1")
    obs, _ = env.reset(seed=0, options=PLAIN)
    lever = next(mark for mark in all_marks(obs) if mark["what"] == "lever")
    assert lever["stands"] == "off"
    obs = step(env, "press", mark=lever["mark"])
    lever = next(mark for mark in all_marks(obs) if mark["what"] == "lever")
    assert lever["stands"] == "on"
    obs = step(env, "read", mark=lever["mark"])
    kettle = next(thing for thing in things(obs) if thing["thing"] == "kettle")
    assert "its indicator is lit" in kettle["shows"]


def test_marks_are_those_of_the_picture() -> None:
    env = gymnasium.make("switch_bench/kitchen.boil_water-v1", obs=("marks", "elements"), act="skill", size=(640, 480))
    obs, _ = env.reset(seed=0, options=PLAIN)
    drawn = env.unwrapped.observer.marks  # type: ignore[attr-defined]
    told = sorted(all_marks(obs), key=lambda mark: mark["mark"])
    assert [mark["mark"] for mark in told] == [mark.number for mark in drawn]
    for mine, theirs in zip(told, drawn, strict=True):
        assert np.allclose(np.multiply(mine["at"], (639, 479)), theirs.pixel, atol=1.0)


def test_reading_zooms_and_the_next_look_is_as_before() -> None:
    env = gymnasium.make("switch_bench/kitchen.boil_water-v1", obs=("rgb", "elements"), act="skill", size=(640, 480))
    obs, info = env.reset(seed=0, options=PLAIN)
    wide = info["cameras"]["head"]["intrinsics"][0, 0]
    mark = all_marks(obs)[0]["mark"]
    obs, *_, info = env.step(tools.action("skill", "read", {"mark": mark}))
    assert info["cameras"]["head"]["intrinsics"][0, 0] / wide == pytest.approx(np.tan(np.pi / 6) / np.tan(np.pi / 24))
    middle = min(all_marks(obs), key=lambda m: abs(m["at"][0] - 0.5) + abs(m["at"][1] - 0.5))
    assert np.allclose(middle["at"], 0.5, atol=0.1)
    obs, *_, info = env.step(tools.action("skill", "wait", {"seconds": 0.1}))
    assert info["cameras"]["head"]["intrinsics"][0, 0] == wide


def test_what_is_read_closely_counts_as_seen() -> None:
    env = env_of("home.warm_living-v1", size=(64, 64))
    env.reset(seed=0, options=PLAIN)
    stage = env.unwrapped.stage  # type: ignore[attr-defined]
    before = {name for view in stage.trace.views for name in view.seen}
    obs = step(env, "goto", room="living room")
    for mark in range(1, 1 + len(all_marks(obs))):
        obs, *_ = env.step(tools.action("skill", "read", {"mark": mark}))
    after = {name for view in stage.trace.views for name in view.seen}
    assert after > before


def test_things_are_called_by_what_they_look_like() -> None:
    """Names of devices, which tell what belongs together, are not told."""
    env = env_of("home.find_breaker-v1")
    obs, _ = env.reset(seed=0, options=PLAIN)
    names = [name for name in env.unwrapped.stage.room.drawn.placed if "_" in name]  # type: ignore[attr-defined]
    assert names
    looked = [obs] + [step(env, "look", direction="left") for _ in range(8)]
    assert sum(len(all_marks(obs)) for obs in looked) > 10
    for obs in looked:
        for name in names:
            assert name not in obs["elements"]


@pytest.mark.parametrize("preset", PRESETS)
def test_a_preset_is_what_it_says_and_yields_to_what_is_given(preset: str) -> None:
    chosen = PRESETS[preset]
    env = gymnasium.make("switch_bench/kitchen.boil_water-v1", preset=preset, reward="none").unwrapped
    assert env.act == chosen.act  # type: ignore[attr-defined]
    assert env.reward == "none"  # type: ignore[attr-defined]
    keys = (chosen.obs,) if isinstance(chosen.obs, str) else chosen.obs
    assert env.observer.keys == keys  # type: ignore[attr-defined]
    assert env.observer.size == chosen.size  # type: ignore[attr-defined]
    other = gymnasium.make("switch_bench/kitchen.boil_water-v1", preset=preset, obs="proprio").unwrapped
    assert other.observation_space.shape == (17,)


def test_the_first_room_is_the_one_that_one_is_in() -> None:
    env = env_of("utility.landing_stays_dark-v1")
    obs, _ = env.reset(seed=0, options=PLAIN)
    assert json.loads(obs["elements"])["rooms"][0] == "landing"
    env = env_of("utility.worktop_light_on-v1")
    obs, _ = env.reset(seed=0, options=PLAIN)
    assert json.loads(obs["elements"])["rooms"] == ["utility", "landing"]  # the one that one looks into comes after


def test_a_lamp_is_told_with_where_it_is_and_what_it_hangs_by() -> None:
    env = env_of("kitchen.hob_light-v1", size=(1280, 960))
    env.reset(seed=1)
    step(env, "look", direction="up")
    obs = step(env, "look", direction="up")
    (lamp,) = [thing for thing in things(obs) if thing["thing"] == "lamp"]
    assert lamp["near"][0] == "gas hob"
    assert "sink" not in lamp["near"]  # by which the other one hangs
    assert all(0 <= share <= 1 for share in lamp["at"])


def test_a_knob_is_held_at_the_value_it_was_turned_to() -> None:
    env = env_of("kitchen.no_gas-v1")
    obs, _ = env.reset(seed=0, options=PLAIN)
    knob = next(mark["mark"] for mark in all_marks(obs) if mark["what"] == "push-and-turn knob")
    action = {"verb": VERBS.index("hold"), "mark": knob, "amount": [4.0], "text": "max"}
    before = env.unwrapped.stage.now  # type: ignore[attr-defined]
    *_, info = env.step(action)
    assert info["said"] == "done"
    assert info["elapsed_us"] - before > 4_000_000
    trace = env.unwrapped.trace  # type: ignore[attr-defined]
    pushed = [
        event for event in trace.events if event.signal.startswith("hob.knob_") and event.signal.endswith("_push")
    ]
    assert [event.new for event in pushed] == [True, False]
    assert pushed[1].t - pushed[0].t > 4_000_000
