"""What an environment can't be asked for gets one clear error, with what was meant."""

from __future__ import annotations

import numpy as np
import pytest
from small_envs import BOIL, make

from switch_bench.envs.env import SwitchEnv
from switch_bench.envs.errors import EnvError
from switch_bench.spec.errors import TaskError
from switch_bench.spec.variation import VariationError
from switch_bench.world.scenario import ScenarioError


@pytest.mark.parametrize(
    ("options", "says"),
    [
        ({"obs": "rbg"}, r"obs: unknown 'rbg'\. Did you mean 'rgb'"),
        ({"obs": ("rgb", "sate")}, r"obs: unknown 'sate'\. Did you mean 'state'"),
        ({"obs": ()}, r"obs: expected one or more different keys, got \(\)"),
        ({"obs": ("rgb", "rgb")}, r"obs: expected one or more different keys"),
        ({"act": "delta"}, r"act: unknown 'delta'.*delta_pose"),
        ({"engine": "mujoko"}, r"engine: unknown 'mujoko'\. Did you mean 'mujoco'"),
        ({"body": "hands"}, r"body: unknown 'hands'\. Did you mean 'hand'"),
        ({"reward": "spares"}, r"reward: unknown 'spares'\. Did you mean 'sparse'"),
        ({"render_mode": "rgb"}, r"render_mode: unknown 'rgb'.*rgb_array"),
        ({"control_hz": 30}, r"control_hz: expected one of 10, 20, 50, got 30"),
        ({"control_hz": "20"}, r"control_hz: expected one of 10, 20, 50, got '20'"),
        ({"size": (8, 8)}, r"size: expected \(width, height\) from 16 × 16 to 1280 × 960 px, got \(8, 8\)"),
        ({"size": (1280, 1280)}, r"size: expected .* got \(1280, 1280\)"),
        ({"size": 64}, r"size: expected .* got 64"),
        ({"size": (64.5, 64)}, r"size: expected .* got \(64\.5, 64\)"),
        ({"size": (64, 64, 3)}, r"size: expected .* got \(64, 64, 3\)"),
        ({"variations": 0}, r"variations: expected how many to draw from, 1 or more, got 0"),
    ],
)
def test_it_isnt_made_from_what_it_doesnt_know(options, says):
    with pytest.raises(EnvError, match=says):
        SwitchEnv(BOIL, **options)


def test_an_unknown_task_names_the_nearest():
    with pytest.raises(
        TaskError, match=r"unknown task 'kitchen\.boil_watr-v1'\. Did you mean 'kitchen\.boil_water-v1'"
    ):
        SwitchEnv("kitchen.boil_watr-v1")


@pytest.fixture(scope="module")
def env():
    """The kettle's task, from its state."""
    return make(obs="state", variations=1)


@pytest.mark.parametrize(
    ("options", "error", "says"),
    [
        ({"variaton": 1}, EnvError, r"options: unknown 'variaton'\. Did you mean 'variation'"),
        ({"variation": -1}, VariationError, r"expected a number of 0 or more, got -1"),
        ({"variation": {"colors": 1}}, VariationError, r"unknown stream 'colors'\. Did you mean 'colours'"),
        ({"variation": "some"}, VariationError, r"expected a number of 0 or more, got 'some'"),
        ({"faults": [("kettel", "x")]}, ScenarioError, r"no such device\. Did you mean 'kettle'"),
        ({"faults": [("kettle", "exploded")]}, ScenarioError, r"kettle has no fault 'exploded'"),
        ({"faults": "kettle"}, EnvError, r"faults: expected \(device, fault\) pairs, got 'kettle'"),
        ({"faults": [("kettle",)]}, EnvError, r"faults: expected \(device, fault\) pairs"),
    ],
)
def test_a_reset_refuses_what_cant_be_had(env, options, error, says):
    with pytest.raises(error, match=says):
        env.reset(seed=0, options=options)


def test_nothing_is_done_before_the_first_reset():
    fresh = make(obs="state")
    with pytest.raises(EnvError, match="call reset first"):
        fresh.step(np.zeros(12))
    with pytest.raises(EnvError, match="call reset first"):
        _ = fresh.trace
    with pytest.raises(EnvError, match="call reset first"):
        fresh.verdict()


def test_nothing_is_done_after_the_end():
    ended = make(obs="state", act="skill", variations=1)
    ended.reset(seed=0)
    report = {"verb": 10, "mark": 0, "amount": np.zeros(1, np.float32), "text": "done"}
    _, _, terminated, truncated, info = ended.step(report)
    assert (terminated, truncated, info["is_success"]) == (True, False, False)
    with pytest.raises(EnvError, match="the episode is over; call reset first"):
        ended.step(report)


@pytest.mark.parametrize(
    "action",
    [np.zeros(11), np.zeros((12, 1)), [0.0] * 13, [float("nan")] + [0.0] * 11, "twelve numbers", None, 3, {"a": 1}],
    ids=str,
)
def test_what_is_no_pose_change_is_refused_and_nothing_moves(env, action):
    env.reset(seed=0)
    with pytest.raises(EnvError, match="action: expected 12 finite numbers from -1 to 1"):
        env.step(action)
    assert env.trace.end == 0
    assert env.trace.actions == []


@pytest.mark.parametrize("action", [np.full(12, 3.0), [1] * 12, (0.5,) * 12], ids=str)
def test_numbers_of_any_kind_will_do_and_are_clipped(env, action):
    env.reset(seed=0)
    env.step(action)
    assert env.trace.end == 50_000


GOOD_SKILL = {"verb": 8, "mark": 0, "amount": 0.0, "text": "left"}
GOOD_GESTURE = {"gesture": 5, "point": [0.5, 0.5], "amount": [0.1, 0.0], "code": 0}


@pytest.mark.parametrize(
    ("act", "change", "says"),
    [
        ("skill", {"verb": 12}, r"verb: expected an index from 0 to 11 of press, .*report, read, got 12"),
        ("skill", {"verb": -1}, r"verb: expected an index .* got -1"),
        ("skill", {"verb": "press"}, r"verb: expected an index .* of press, .* got 'press'"),
        ("skill", {"mark": 64}, r"mark: expected an index from 0 to 63, got 64"),
        ("skill", {"amount": [1.0, 2.0]}, r"amount: expected 1 number from -3600 to 3600"),
        ("skill", {"amount": 1e9}, r"amount: expected 1 number .* got 1000000000\.0"),
        ("skill", {"amount": float("nan")}, r"amount: expected 1 number .* got nan"),
        ("skill", {"text": 5}, r"text: expected up to 32 characters"),
        ("skill", {"text": "x" * 33}, r"text: expected up to 32 characters"),
        ("skill", {"text": "für"}, r"text: expected up to 32 characters"),
        ("pixel", {"gesture": 10}, r"gesture: expected an index from 0 to 9 of tap, .* got 10"),
        ("pixel", {"point": [1.5, 0.5]}, r"point: expected 2 numbers from 0 to 1, got \[1\.5, 0\.5\]"),
        ("pixel", {"point": 0.5}, r"point: expected 2 numbers"),
        ("pixel", {"code": 3}, r"code: expected an index from 0 to 2 of none, done, impossible, got 3"),
        ("pixel", {"amount": None}, r"amount: expected 2 numbers from -3600 to 3600, got None"),
        ("skill", {"mood": 1}, r"expected a mapping of .*verb.*; got verb, mark, amount, text, mood"),
        ("pixel", None, r"expected a mapping of .*gesture.*; got 3"),
    ],
)
def test_what_is_no_action_is_refused_with_what_was_expected(act, change, says):
    env = make(obs="state", act=act, variations=1)
    env.reset(seed=0)
    good = GOOD_SKILL if act == "skill" else GOOD_GESTURE
    with pytest.raises(EnvError, match=says):
        env.step(3 if change is None else good | change)
    assert env.trace.end == 0
    env.step(good)
    assert env.trace.end > 0
