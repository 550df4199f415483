"""Minari reads an export by its own library, in the environment's own spaces."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from rich.console import Console

from switch_bench.envs.env import SwitchEnv
from switch_bench.evaluate.folder import read_episodes
from switch_bench.export.episode import Look, read
from switch_bench.export.run import Request, export

pytestmark = [pytest.mark.learn, pytest.mark.gl]
LOOK = Look((96, 64), fps=20, wait_frames=20)


@pytest.fixture(scope="module")
def made(oracle, tmp_path_factory) -> Path:
    out = tmp_path_factory.mktemp("minari") / "set"
    export(Request(run=oracle, format="minari", out=out, look=LOOK), Console(quiet=True))
    return out


def test_it_has_the_spaces_of_the_environment(made):
    import minari

    read_back = minari.MinariDataset(made / "data")
    keys = ("rgb", "wrist_rgb", "proprio", "instruction")
    env = SwitchEnv("kitchen.hob_light-v1", obs=keys, act="delta_pose", size=(96, 64))
    assert read_back.observation_space == env.observation_space
    assert read_back.action_space == env.action_space
    assert read_back.id == "switch_bench/core/oracle-v0"


def test_its_episodes_are_what_was_seen_and_done(made, oracle):
    import minari

    told = [read(oracle, record, LOOK) for record in read_episodes(oracle)]
    back = list(minari.MinariDataset(made / "data").iterate_episodes())
    assert len(back) == len(told)
    for episode, ours in zip(back, told, strict=True):
        frames = list(ours.frames(LOOK, cameras=("head",)))
        assert np.array_equal(episode.actions, [f.action for f in frames[:-1]])
        assert np.array_equal(episode.observations["proprio"], [f.state for f in frames])
        assert set(episode.observations["instruction"]) == {ours.instruction}
        assert episode.rewards.tolist() == ours.rewards.tolist()
        assert episode.terminations.tolist() == [False] * (len(ours.steps) - 1) + [True]
        assert not episode.truncations.any()
        assert episode.infos["elapsed_us"].tolist() == [f.t for f in frames]
        off = np.abs(episode.observations["rgb"].astype(int) - [f.images["head"] for f in frames]).mean()
        assert off < 4.0  # of 255, by JPEG


def test_each_episode_says_where_it_comes_from(made, oracle):
    import minari

    told = minari.MinariDataset(made / "data").storage.get_episode_metadata([0, 1])
    for metadata, record in zip(told, read_episodes(oracle), strict=True):
        assert metadata["task_id"] == record["task"]
        assert metadata["seed"] == record["seed"]
        assert bool(metadata["success"])


def test_it_is_found_by_its_id_below_the_folder_of_data_sets(made, tmp_path, monkeypatch):
    import minari

    there = tmp_path / "switch_bench" / "core"
    there.mkdir(parents=True)
    (there / "oracle-v0").symlink_to(made)
    monkeypatch.setenv("MINARI_DATASETS_PATH", str(tmp_path))
    assert minari.load_dataset("switch_bench/core/oracle-v0").total_episodes == 2
