"""The oracle's episodes over `core`, told as `delta_pose` and carried out again in fresh environments."""

from __future__ import annotations

import numpy as np
import pytest
from conftest import make
from test_episode import again, episodes, frames, what

from switch_bench.bodies.command import DeltaPose
from switch_bench.evaluate import bench
from switch_bench.export.walk import walk

PARTS = {"utility.find_stairs_breaker-v1"}  # long, and full of contact: it goes its own way after half a minute


@pytest.fixture(scope="module")
def core(tmp_path_factory):
    return episodes(make(tmp_path_factory.mktemp("runs") / "core", "oracle", tuple(bench.suites()["core"])))


@pytest.mark.slow
def test_nearly_every_action_leads_to_the_recorded_targets(core):
    law, gaps = DeltaPose(), []
    for episode in core:
        room = episode.room
        q, v = slice(room.body_qpos, room.body_qpos + 13), slice(*room.body_dofs)
        u = slice(room.body_ctrl, room.body_ctrl + 12)
        times = [step.t for step in episode.steps]
        for step, world in zip(episode.steps, walk(episode.path, room, episode.trace, times), strict=True):
            data = world.data
            led = law.step(
                step.action(world, 20).tolist(), data.ctrl[u].tolist(), data.qpos[q].tolist(), data.qvel[v].tolist()
            )
            gaps.append(np.abs(led - step.targets).max())
    assert np.mean(np.array(gaps) < 1e-6) > 0.999
    assert max(gaps) < 2e-3  # m, rad


@pytest.mark.slow
def test_without_waits_all_but_one_have_the_same_events(core):
    without = [e for e in core if max(s.seconds for s in e.steps) < 0.1]
    assert len(without) > 6
    went_otherwise = {e.task for e in without if what(again(e).trace.events) != what(e.trace.events)}
    assert went_otherwise <= PARTS


@pytest.mark.slow
def test_every_episode_can_be_gone_through(core):
    for episode in core:
        assert len(frames(episode)) == len(episode.steps) + 1
