"""An environment on the second engine."""

from __future__ import annotations

from importlib.util import find_spec

import pytest
from small_envs import make

from switch_bench.physics.engine import EngineError
from switch_bench.skills.plan import run_plan

pytestmark = pytest.mark.skipif(
    find_spec("pybullet") is None, reason="needs PyBullet, the extra `bullet`, which has wheels for Python 3.11 only"
)


def test_a_solution_does_its_task_and_has_no_verdict():
    env = make("utility.worktop_light_on-v1", obs="proprio", act="skill", engine="bullet")
    env.reset(seed=0, options={"variation": "none"})
    assert env.is_success() is False
    assert set(run_plan(env, env.task.solution)) == {"done"}
    assert env.is_success() is True
    assert env.trace.manifest["engine"] == "bullet"
    with pytest.raises(EngineError, match="a verdict is only to be had of MuJoCo"):
        env.verdict()
