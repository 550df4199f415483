"""An episode comes about anew from its seed and what was given in it, whatever it was acted by."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from switch_bench.envs.env import SwitchEnv
from switch_bench.envs.repeat import RepeatError, repeat_actions, repeat_inputs
from switch_bench.evaluate import bench
from switch_bench.evaluate.episode import Job, play
from switch_bench.evaluate.observed import digests
from switch_bench.trace.schema import Trace

TASK = "kitchen.boil_water-v1"
BENCH = "switch_bench.evaluate.bench"


def played(policy: str, folder: Path, task: str = TASK) -> tuple[int, Trace]:
    """The seed and the trace of an episode, as they lie in a run folder."""
    (folder / "traces").mkdir()
    record = play(Job(policy, task, 0, 5, str(folder), pictures=False, bench=BENCH))
    assert record["status"] == "done", record
    return record["seed"], bench.read_trace(folder / record["trace"])


def anew(trace: Trace) -> SwitchEnv:
    track = trace.manifest["track"]
    return SwitchEnv(trace.manifest["task"], obs=tuple(track["obs"]), act=track["act"], size=tuple(track["size"]))


def facts(trace: Trace) -> list[Any]:
    """All that the verdict reads, and the states."""
    return [
        trace.hashes, trace.events, trace.views, trace.sights, trace.poses, trace.base.tolist(), trace.claim, trace.end,
        trace.targets.tolist(), trace.jumps,
    ]  # fmt: skip


@pytest.mark.parametrize("policy", ["random", "random_skill", "noop", "explorer"])
def test_actions_are_enough(policy: str, tmp_path: Path) -> None:
    seed, trace = played(policy, tmp_path)
    env = anew(trace)
    repeat_actions(env, seed, [action for _, action in trace.actions])
    assert facts(env.trace) == facts(trace)


@pytest.mark.parametrize(
    ("policy", "task"),
    [
        ("oracle", TASK),
        ("ppo", "kitchen.hob_light-v1"),  # steps the environment, to the horizon
        ("adversarial.oscillate", "home.hall_light_on-v1"),  # reads the trace on its way
    ],
)
def test_so_are_the_inputs_of_a_policy_that_plays_by_itself(policy: str, task: str, tmp_path: Path) -> None:
    seed, trace = played(policy, tmp_path, task)
    env = anew(trace)
    repeat_inputs(env, seed, trace.inputs)
    assert facts(env.trace) == facts(trace)


def test_what_was_told_is_told_again_and_no_picture_is_drawn_for_it(tmp_path: Path) -> None:
    seed, trace = played("explorer", tmp_path)
    keys = trace.manifest["track"]["obs"]
    found = []
    env = anew(trace)
    repeat_actions(env, seed, [a for _, a in trace.actions], seen=lambda number, obs: found.append(digests(keys, obs)))
    assert [list(pair) for pair in found] == trace.manifest["observed"]
    assert trace.manifest["renderer"] == "none"


@pytest.mark.gl
def test_a_picture_drawn_in_the_middle_is_the_one_that_was_seen_and_changes_nothing() -> None:
    keys = ("rgb", "instruction")
    env = SwitchEnv(TASK, obs=keys, act="delta_pose", size=(64, 64))
    env.reset(seed=3)
    moves = [[0.3, 0, 0, 0, 0, 0, 0, 0.5, 0, 0.2, 0, -0.1], [0.0] * 12] * 6
    seen = [digests(keys, env.step(np.array(move, np.float32))[0]) for move in moves]
    env.end()
    trace = env.trace
    again: dict[int, tuple[str, str]] = {}
    twin = SwitchEnv(TASK, obs=keys, act="delta_pose", size=(64, 64))
    actions = [action for _, action in trace.actions]
    repeat_actions(
        twin, 3, actions, pictures=frozenset({7}), seen=lambda number, obs: again.update({number: digests(keys, obs)})
    )
    assert facts(twin.trace) == facts(trace)
    assert again[7] == seen[6]
    assert {number for number, (_, drawn) in again.items() if drawn} == {7}


def test_what_could_not_have_come_about_is_refused() -> None:
    env = SwitchEnv(TASK, obs="proprio", act="skill")
    done = {"verb": 10, "mark": 0, "amount": [0.0], "text": "done"}
    with pytest.raises(RepeatError, match="after the end") as found:
        repeat_actions(env, 0, [done, done])
    assert found.value.place == 1
    with pytest.raises(RepeatError, match="amount: expected 1 number"):
        repeat_actions(env, 0, [done | {"amount": [float("nan")]}])
    for wrong, said in (
        (["apply", [0.0] * 11], "12 finite numbers"),
        (["apply", [0.0] * 11 + [float("inf")]], "12 finite numbers"),
        (["wait", 10**12], "horizon"),
        (["wait", -1], "a wait until -1"),
        (["wait", True], "a wait until True"),
        (["report", "hurrah"], "unknown input"),
        (["teleport", [1, 2]], "unknown input"),
        ("apply", r"expected \[what, value\]"),
    ):
        with pytest.raises(RepeatError, match=said):
            repeat_inputs(env, 0, [wrong])
    with pytest.raises(RepeatError, match="after the end"):
        repeat_inputs(env, 0, [["report", "done"], ["look", False]])
