"""Who draws an environment's pictures, and where that is written."""

from __future__ import annotations

import numpy as np
import pytest
from small_envs import BOIL, make

from switch_bench.envs.errors import EnvError
from switch_bench.physics.renderers import NoPicture, lacking, settle
from switch_bench.trace.store import load, save

START = {"variation": "none"}


def test_an_unknown_renderer_is_refused_with_what_comes_close():
    with pytest.raises(EnvError, match="tiny"):
        make(renderer="tinny")


def test_a_run_without_pictures_says_so_in_its_manifest():
    env = make(obs="proprio")
    env.reset(seed=0, options=START)
    assert env.trace.manifest["renderer"] == "none"


@pytest.mark.gl
def test_the_renderer_stands_in_the_manifest_once_it_has_drawn_also_of_a_stored_trace(tmp_path):
    env = make(obs="rgb")
    env.reset(seed=0, options=START)
    said = env.trace.manifest["renderer"]
    assert said.startswith(f"{settle('auto')}: ")
    assert len(said) > len("osmesa: ")
    assert load(save(env.trace, tmp_path / "trace.npz")).manifest["renderer"] == said


def test_tinyrenderer_draws_where_it_is_asked_for():
    pytest.importorskip("pybullet", reason="PyBullet has no wheel for this Python")
    env = make(obs=("rgb", "depth", "segmentation", "wrist_rgb"), renderer="tiny")
    obs, _ = env.reset(seed=0, options=START)
    assert env.observation_space.contains(obs)
    assert env.trace.manifest["renderer"].startswith("tiny: pybullet ")
    assert obs["rgb"].mean() > 60
    head_turns = np.zeros(12, np.float32)
    head_turns[10] = 1.0
    for _ in range(5):
        later = env.step(head_turns)[0]
    assert not np.array_equal(later["rgb"], obs["rgb"])


@pytest.mark.gl
def test_one_opengl_beside_another_is_refused():
    first = make(obs="rgb")
    first.reset(seed=0, options=START)
    other = "osmesa" if settle("auto") == "egl" else "egl"
    assert lacking(other)
    with pytest.raises(NoPicture, match="one OpenGL only"):
        make(obs="rgb", renderer=other).reset(seed=0, options=START)


@pytest.mark.gl
def test_an_environment_reset_to_another_variation_shows_that_one():
    env = make(BOIL, obs="rgb")
    first, _ = env.reset(seed=0, options=START)
    second, _ = env.reset(seed=0, options={"variation": 5})
    again, _ = env.reset(seed=0, options=START)
    assert not np.array_equal(first, second)
    assert np.array_equal(first, again)
