"""Worlds that Bullet steps: the same things happen, and what only MuJoCo's worlds do is refused."""

from __future__ import annotations

from functools import cache
from importlib.util import find_spec

import pytest
from small_rooms import changes, control, perform, room

from switch_bench.physics.engine import EngineError
from switch_bench.skills import verbs
from switch_bench.skills.sense import Sense
from switch_bench.spec.find import load_task
from switch_bench.trace.schema import Trace
from switch_bench.verify.worlds import NULL
from switch_bench.world import replay
from switch_bench.world.judge import judge
from switch_bench.world.stage import Stage
from switch_bench.world.world import World

pytestmark = pytest.mark.skipif(
    find_spec("pybullet") is None, reason="needs PyBullet, the extra `bullet`, which has wheels for Python 3.11 only"
)


def pressed(engine: str) -> Trace:
    """A rocker pressed on the bench."""
    stage = Stage(room("bench"), engine=engine)
    assert perform(stage, verbs.press(Sense(stage), control(stage, "light.gang_1"), True)) == "done"
    stage.wait(stage.now + 2_000_000)
    return stage.finish()


@cache
def once(engine: str) -> Trace:
    return pressed(engine)


def test_a_press_lights_the_lamp_as_long_after_the_touch_as_on_mujoco():
    lags = {}
    for engine in ("mujoco", "bullet"):
        trace = once(engine)
        touch = changes(trace, "light.gang_1_touch")[0]
        rocker, lamp = changes(trace, "light.gang_1"), changes(trace, "light.lamp_1") + changes(trace, "light.lamp_2")
        assert [(value, actor) for _, value, actor in rocker] == [(True, "agent")]
        assert [(value, actor) for _, value, actor in lamp] == [(True, None)]
        lags[engine] = rocker[0][0] - touch[0]
    assert lags["bullet"] == pytest.approx(lags["mujoco"], abs=0.05)


def test_two_runs_are_the_same_to_the_last_state():
    assert pressed("bullet").hashes == once("bullet").hashes


def test_the_trace_says_what_it_was_run_by():
    manifest = once("bullet").manifest
    assert manifest["engine"] == "bullet"
    assert manifest["engine_settings"]["time_step_s"] > 0
    assert once("mujoco").manifest["engine"] == "mujoco"
    assert "engine_settings" not in once("mujoco").manifest


def test_once_all_is_still_time_is_jumped_over():
    trace = once("bullet")
    start, end = trace.jumps[-1]
    assert end == trace.end
    assert end - start > 500_000


def test_other_peoples_hands_press_and_turn_by_force():
    told = {}
    for engine in ("mujoco", "bullet"):
        world = World(room("visitor"), engine=engine)
        world.advance(6_000_000)
        controls = {r.signal for r in world.handles.readouts}
        told[engine] = [e for e in world.network.log if e.signal in controls and e.t > 0]
    assert {e.actor for e in told["bullet"]} >= {"person:anna"}
    assert [(e.signal, e.new, e.actor) for e in told["bullet"]] == [(e.signal, e.new, e.actor) for e in told["mujoco"]]
    for ours, theirs in zip(told["mujoco"], told["bullet"], strict=True):
        assert theirs.t == pytest.approx(ours.t, abs=50_000)


def test_forks_replays_other_worlds_and_verdicts_are_refused_by_name():
    trace = once("bullet")
    with pytest.raises(EngineError, match=r"a fork is only to be had of MuJoCo, and this is run by 'bullet'"):
        World(room("bench"), engine="bullet").fork()
    with pytest.raises(EngineError, match="a replay"):
        replay.identity(room("bench"), trace)
    with pytest.raises(EngineError, match="the world without something"):
        replay.without(room("bench"), trace, NULL)
    with pytest.raises(EngineError, match="a verdict"):
        judge(load_task("kitchen.sink_light-v1"), room("bench"), trace)
    with pytest.raises(replay.Unverifiable, match="it was run by 'bullet'"):
        replay.comparable(trace)
