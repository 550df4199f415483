from __future__ import annotations

import pytest
from spec_files import FLAT, LIGHT_ON, FakeKind, sample_kinds

from switch_bench.spec.load import parse_scene, parse_task
from switch_bench.spec.scene import Scene
from switch_bench.spec.task import Task


@pytest.fixture(scope="session")
def kinds() -> dict[str, FakeKind]:
    """The kinds of the flat's devices."""
    return sample_kinds()


@pytest.fixture
def flat() -> Scene:
    """The two rooms of `data/flat`."""
    return parse_scene(FLAT, "flat/scene.yaml", name="flat")


@pytest.fixture
def light_on() -> Task:
    """The task of `data/home`."""
    return parse_task(LIGHT_ON, "home/light_on-v1.yaml", name="home.light_on-v1")
