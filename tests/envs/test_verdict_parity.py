"""One verdict: judged again or elsewhere, stepped or jumped, from a file or a replay, and at any control rate."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from one_verdict import verdict_of
from small_envs import TASKS, make

from switch_bench.envs.env import SwitchEnv
from switch_bench.network.flow import Anchor
from switch_bench.skills.plan import run_plan
from switch_bench.trace.schema import Event
from switch_bench.trace.store import load, save
from switch_bench.verify.verdict import Verdict
from switch_bench.verify.worlds import NULL, Without
from switch_bench.world import replay
from switch_bench.world.judge import Worlds, judge
from switch_bench.world.world import World

FEW = ["home.before_the_timer-v1", "kitchen.pause_microwave-v1", "utility.landing_stays_lit-v1"]  # with people, jumps
RATES = (10, 20, 50)  # Hz
OFTEN = (256, 256)  # px: the usual size of what the agent sees
VARIATIONS = ("none", 1)


def solved(task: str, variation: Any = "none", **options: Any) -> SwitchEnv:
    """An environment in which the reference solution has been carried out."""
    env = make(task, obs="proprio", act="skill", size=OFTEN, **options)
    env.reset(seed=3, options={"variation": variation})
    run_plan(env, env.task.solution)
    return env


def parts(verdict: Verdict) -> dict[str, bool | None]:
    """What each part came to."""
    return {part.name: part.value for part in verdict.parts}


def facts(events: list[Event]) -> list[tuple[Any, ...]]:
    """What must be the same of the events of two runs; a flow's anchor is among the values."""
    return [(e.t, e.signal, e.old, e.new, e.causes, e.zone, e.actor) for e in events]


def flows(env: SwitchEnv) -> dict[str, str]:
    """Every flow's level at the end, to the last bit."""
    assert env.stage is not None
    network = env.stage.world.network
    names = [n for n in network.names if isinstance(network.values[network.index[n]], Anchor)]
    return {n: float(network.value(n)).hex() for n in names}


@pytest.fixture(params=FEW, scope="module")
def done(request):
    """An episode of the reference solution, and the verdict on it."""
    env = solved(request.param)
    return env, env.verdict()


def compare_rates(task: str, variation: Any) -> None:
    found = {}
    for rate in RATES:
        env = solved(task, variation, control_hz=rate)
        found[rate] = (env.verdict().success, parts(env.verdict()))
    assert found[10] == found[20] == found[50]
    assert found[20][0] is True


def compare_stepped(task: str, monkeypatch: pytest.MonkeyPatch) -> None:
    jumped = solved(task)
    told = judged(jumped)
    monkeypatch.setattr(World, "at_rest", lambda world: False)
    stepped = solved(task)
    assert stepped.trace.jumps == []
    assert facts(stepped.trace.events) == facts(jumped.trace.events)
    assert flows(stepped) == flows(jumped)
    assert judged(stepped) == told


def judged(env: SwitchEnv) -> tuple[Verdict, list[list[tuple[Any, ...]]]]:
    """The verdict on an episode, and the events of the worlds it was compared to."""
    assert env.stage is not None
    worlds = Worlds(env.stage.room, env.trace)
    verdict = judge(env.task, env.stage.room, env.trace, worlds=worlds)
    lacking = (NULL, Without(controls=frozenset(env.task.required)))
    return verdict, [facts(worlds.without(what).events) for what in lacking]


@pytest.mark.parametrize("task", FEW)
def test_the_reference_solution_is_judged_alike_at_10_20_and_50_hz(task):
    compare_rates(task, "none")


@pytest.mark.slow
@pytest.mark.parametrize("variation", VARIATIONS)
@pytest.mark.parametrize("task", TASKS)
def test_every_reference_solution_is_judged_alike_at_10_20_and_50_hz(task, variation):
    compare_rates(task, variation)


@pytest.mark.parametrize("rate", RATES)
def test_the_rate_is_told_by_the_trace_and_by_the_environment(rate):
    env = make(FEW[0], obs="proprio", control_hz=rate)
    env.reset(seed=0)
    _, _, _, _, info = env.step([0.0] * 12)
    assert info["elapsed_us"] == 1_000_000 // rate
    assert env.metadata["render_fps"] == rate
    assert env.trace.manifest["track"]["control_hz"] == rate


@pytest.mark.parametrize("task", FEW)
def test_a_run_without_jumps_has_the_same_events_flows_and_verdict(task, monkeypatch):
    compare_stepped(task, monkeypatch)


@pytest.mark.slow
@pytest.mark.parametrize("task", TASKS)
def test_every_run_without_jumps_has_the_same_events_flows_and_verdict(task, monkeypatch):
    compare_stepped(task, monkeypatch)


def test_judging_twice_gives_the_same_verdict_and_words(done):
    env, told = done
    again = judge(env.task, env.stage.room, env.trace)
    assert again == told
    assert again.words == told.words


def test_a_trace_from_a_file_has_the_same_verdict(done, tmp_path):
    env, told = done
    kept = load(save(env.trace, tmp_path / "run.npz"))
    assert judge(env.task, env.stage.room, kept) == told


def test_the_run_repeated_has_the_same_verdict(done):
    env, told = done
    trace = env.trace
    again = replay.identity(env.stage.room, trace)
    given = {"claim": trace.claim, "actions": trace.actions, "targets": trace.targets, "jumps": trace.jumps}
    assert judge(env.task, env.stage.room, replace(again, **given)) == told
    assert judge(env.task, env.stage.room, trace, prove=True) == told


def test_another_process_comes_to_the_same_verdict(tmp_path):
    path = save(solved(FEW[0]).trace, tmp_path / "run.npz")
    script = Path(__file__).parent / "one_verdict.py"
    salted = os.environ | {"PYTHONHASHSEED": "4711"}
    told = subprocess.run(
        [sys.executable, str(script), FEW[0], str(path)], capture_output=True, text=True, env=salted, check=False
    )
    assert told.returncode == 0, told.stderr
    assert json.loads(told.stdout) == verdict_of(FEW[0], path)


def test_after_other_episodes_in_the_same_environment_and_room_the_verdict_is_the_same():
    env = solved(FEW[0])
    told = env.verdict()
    env.reset(seed=8, options={"variation": 2})
    run_plan(env, env.task.near_misses[0].plan)
    assert env.verdict() != told
    other = make(FEW[0], obs="proprio")
    other.reset(seed=3, options={"variation": "none"})
    for _ in range(40):
        other.step([0.5, 0.5, -1.0, 0.0, 0.0, 0.0, 1.0, 1.0, 0.0, 0.3, 0.0, 0.0])
    env.reset(seed=3, options={"variation": "none"})
    run_plan(env, env.task.solution)
    assert env.verdict() == told
