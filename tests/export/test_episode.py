"""An exported episode is what was seen and done in it; carried out again, it goes the same way."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from switch_bench.envs.env import SwitchEnv
from switch_bench.evaluate.errors import InputError
from switch_bench.evaluate.folder import read_episodes
from switch_bench.export.episode import Episode, Frame, Look, read
from switch_bench.export.errors import NotReplayable
from switch_bench.export.walk import walk
from switch_bench.network.flow import Anchor
from switch_bench.trace.store import load, save

LOOK = Look((64, 64), fps=20, wait_frames=20)


def episodes(folder: Path, look: Look = LOOK) -> list[Episode]:
    return [read(folder, record, look) for record in read_episodes(folder)]


def frames(episode: Episode) -> list[Frame]:
    """Without pictures."""
    return list(episode.frames(LOOK, cameras=()))


def what(events) -> list[tuple[int, str, object]]:
    return [(e.t, e.signal, e.new) for e in events]


def again(episode: Episode) -> SwitchEnv:
    """The exported actions in a fresh environment, of the same seed."""
    env = SwitchEnv(episode.task, obs="proprio", act="delta_pose", reward="none")
    env.reset(seed=episode.facts["seed"])
    for frame in frames(episode)[:-1]:
        env.step(frame.action)
    return env


def test_what_is_told_as_seen_and_done_is_what_the_policy_got_and_gave(mover):
    folder, actions, observations = mover
    [episode] = episodes(folder)
    told = frames(episode)
    assert all(np.array_equal(f.state, o) for f, o in zip(told, observations, strict=False))
    assert all(np.array_equal(f.action, a) for f, a in zip(told, actions, strict=False))
    assert len(told) == len(actions) + 20 + 1  # what follows is one wait, to the horizon
    assert not episode.success
    assert not episode.rewards.any()


def test_actions_given_by_a_policy_give_the_same_episode_to_the_last_bit(mover):
    [episode] = episodes(mover[0])
    env = SwitchEnv(episode.task, obs="proprio", act="delta_pose", reward="none")
    env.reset(seed=episode.facts["seed"])
    for frame in frames(episode)[: len(mover[1])]:
        env.step(frame.action)
    env.end()
    assert env.trace.events == episode.trace.events
    assert env.trace.hashes[-1] == episode.trace.hashes[-1]


def test_skills_told_as_actions_give_the_same_events(oracle):
    light = episodes(oracle)[0]
    env = again(light)
    assert what(env.trace.events) == what(light.trace.events)
    assert env.stage is not None
    assert env.stage.now == light.trace.end
    targets = np.array([row for _, row in env.stage.rows])
    assert targets == pytest.approx(light.trace.targets[:, 1:], abs=1e-6)


def test_a_success_has_its_reward_at_its_last_step(oracle):
    light = episodes(oracle)[0]
    assert light.success
    assert light.rewards[-1] == 1.0
    assert light.rewards[:-1].sum() == 0.0
    assert light.facts["claim"] == "done"


def test_a_wait_takes_its_time_in_few_steps(oracle):
    waits = episodes(oracle)[1]
    [(begin, end)] = waits.trace.jumps
    long = [s for s in waits.steps if s.seconds > 0.1]
    assert len(long) == LOOK.wait_frames
    assert sum(s.seconds for s in waits.steps) == pytest.approx(waits.trace.end * 1e-6)
    assert long[0].t <= begin < end <= long[-1].until


def test_within_a_jump_the_world_is_as_it_was_then(oracle):
    waits = episodes(oracle)[1]
    [(begin, end)] = waits.trace.jumps
    times = [begin, (begin + end) // 2 // 10_000 * 10_000, end]
    last = {t: {e.signal: e.new for e in waits.trace.events if e.t <= t} for t in times}
    cold, *_, hot = (flows(last[t], t)["microwave.food"] for t in times)
    assert hot > cold  # something does go on meanwhile
    for t, world in zip(times, walk(waits.path, waits.room, waits.trace, times), strict=True):
        assert world.now == t
        assert {name: world.value(name) for name in last[t]} == last[t] | flows(last[t], t)


def flows(values: Mapping[str, object], t: int) -> dict[str, float]:
    """The levels at `t` of those that are quantities."""
    return {name: value.at(t) for name, value in values.items() if isinstance(value, Anchor)}


def test_a_trace_that_comes_out_otherwise_is_refused(oracle, tmp_path):
    light = episodes(oracle)[0]
    targets = light.trace.targets.copy()
    targets[3:, 8] += 0.005  # the hand is held higher
    with pytest.raises(NotReplayable, match=r"comes out otherwise here: the state at .* differs"):
        frames(replace(light, trace=replace(light.trace, targets=targets)))
    with pytest.raises(NotReplayable, match="differs"):
        frames(replace(light, trace=replace(light.trace, events=light.trace.events[:-1])))


def test_a_trace_of_another_mujoco_is_refused(oracle, tmp_path):
    [record, _] = read_episodes(oracle)
    trace = load(oracle / record["trace"])
    other = {**trace.manifest, "versions": {**trace.manifest["versions"], "mujoco": "1.0"}}
    path = save(replace(trace, manifest=other), tmp_path / "other.npz")
    with pytest.raises(NotReplayable, match=r"mujoco: '1\.0' there"):
        read(tmp_path, record | {"trace": path.name}, LOOK)


def test_a_trace_that_is_gone_is_named(oracle, tmp_path):
    [record, _] = read_episodes(oracle)
    with pytest.raises(InputError, match="there is no such trace file"):
        read(tmp_path, record, LOOK)
