"""Same seed, same run, to the last bit: in another process, after other episodes, and replayed from its trace."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections import OrderedDict
from pathlib import Path

import numpy as np
import pytest
from one_run import fingerprint, oracle, random_actions, run
from small_envs import BOIL, TASKS, make, one_a_scene

from switch_bench.skills import verbs
from switch_bench.trace.hashing import digest
from switch_bench.trace.store import load, save
from switch_bench.world import cast, replay
from switch_bench.world.cast import room_of

FEW = sorted(one_a_scene())


def elsewhere(task: str, what: str, seed: int, obs: str = "state") -> dict:
    """The fingerprint of a run in a fresh process whose hashes of text are salted otherwise."""
    script = Path(__file__).parent / "one_run.py"
    env = os.environ | {"PYTHONHASHSEED": "4711"}
    done = subprocess.run(
        [sys.executable, str(script), task, what, str(seed), obs], capture_output=True, text=True, env=env, check=False
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


@pytest.mark.parametrize("task", FEW)
def test_random_actions_in_another_process(task):
    assert run(make(task, obs="state"), "random", 11) == elsewhere(task, "random", 11)


def test_a_reference_solution_in_another_process():
    assert run(make(BOIL, obs="state"), "oracle", 11) == elsewhere(BOIL, "oracle", 11)


@pytest.mark.gl
def test_pictures_in_another_process():
    mine = fingerprint(env := make(BOIL, obs="rgb"), random_actions(env, 3, steps=3))
    assert mine["seen"] == fingerprint(other := make(BOIL, obs="rgb"), random_actions(other, 3, steps=3))["seen"]
    assert run(make(BOIL, obs="rgb"), "random", 3)["seen"] == elsewhere(BOIL, "random", 3, "rgb")["seen"]


@pytest.mark.gl
def test_pictures_dont_depend_on_the_seed_a_room_was_first_built_for(monkeypatch):
    pictures = []
    for first in (1, 2):
        monkeypatch.setattr(cast, "_rooms", OrderedDict())
        monkeypatch.setattr(cast, "_models", OrderedDict())
        env = make(BOIL, obs="rgb")
        env.reset(seed=first, options={"variation": 2})
        pictures.append(env.reset(seed=3, options={"variation": 2})[0])
    assert np.array_equal(*pictures)


def test_seeds_differ():
    env = make(BOIL, obs="state")
    assert run(env, "random", 1)["digest"] != run(env, "random", 2)["digest"]


@pytest.mark.parametrize("what", ["random", "oracle"])
def test_after_a_dirty_episode_in_the_same_environment(what):
    env = make(BOIL, obs="state")
    clean = run(env, what, 5)
    random_actions(env, 6, steps=30)
    env.reset(seed=9, options={"variation": 3, "faults": [("kettle", "missed_press:lever")]})
    env.end("done")
    env.verdict()
    assert run(env, what, 5) == clean


def test_after_another_task_act_and_scene_in_the_same_process():
    env = make(BOIL, obs="state")
    clean = run(env, "oracle", 5)
    for task in FEW:
        other = make(task, obs="proprio", act="skill")
        other.action_space.seed(0)
        other.reset(seed=5)
        other.step(other.action_space.sample())
    assert run(env, "oracle", 5) == clean
    assert run(make(BOIL, obs="state"), "oracle", 5) == clean


def test_after_an_episode_left_in_the_middle_of_a_press():
    env = make(BOIL, obs="state")
    clean = run(env, "oracle", 5)
    env.reset(seed=8)
    lever = next(m for m in env.stage.room.handles.mounted if m.name == "kettle.lever")
    for action in verbs.press(env.sense, lever, "on"):
        env.stage.apply(action)
        if env.stage.world.touched:
            break
    assert env.stage.world.touched
    assert run(env, "oracle", 5) == clean


def test_an_interrupted_step_leaves_nothing_behind(monkeypatch):
    env = make(BOIL, obs="state", act="skill")
    env.reset(seed=5)
    clean = fingerprint(env)

    def interrupted(*_, **__):
        raise KeyboardInterrupt

    monkeypatch.setattr(env.stage.world.network.__class__, "advance", interrupted)
    with pytest.raises(KeyboardInterrupt):
        env.step({"verb": 9, "mark": 0, "amount": 1.0, "text": ""})
    monkeypatch.undo()
    env.reset(seed=5)
    assert fingerprint(env) == clean


@pytest.mark.parametrize("what", ["random", "oracle"])
@pytest.mark.parametrize("task", FEW)
def test_a_trace_from_a_file_replays_with_every_hash(task, what, tmp_path):
    env = make(task, obs="proprio")
    {"random": random_actions, "oracle": oracle}[what](env, 13)
    trace = load(save(env.trace, tmp_path / "run.npz"))
    room = room_of(trace.manifest, env.task)
    again = replay.identity(room, trace)
    assert len(trace.hashes) > 2
    assert again.hashes == trace.hashes
    assert [e for e in again.events if e.t <= trace.end] == trace.events
    assert digest(trace) == digest(env.trace)


@pytest.mark.slow
@pytest.mark.parametrize("task", TASKS)
def test_every_reference_solution_replays_with_every_hash(task, tmp_path):
    env = make(task, obs="proprio")
    oracle(env, 2)
    trace = load(save(env.trace, tmp_path / "run.npz"))
    assert replay.identity(room_of(trace.manifest, env.task), trace).hashes == trace.hashes


def test_a_trace_with_faults_finds_its_room_again(tmp_path):
    env = make(BOIL, obs="proprio", act="skill")
    options = {"variation": {"layout": 4, "colours": 0}, "faults": [("kettle", "missed_press:lever")]}
    env.reset(seed=3, options=options)
    env.end("done")
    trace = load(save(env.trace, tmp_path / "run.npz"))
    room = room_of(trace.manifest, env.task)
    assert room.scenario.faults == env.stage.room.scenario.faults
    assert room.scenario.drawn == env.stage.room.scenario.drawn
    assert replay.identity(room, trace).hashes == trace.hashes
