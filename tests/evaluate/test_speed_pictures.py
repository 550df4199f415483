"""What pictures cost, as it is measured."""

from __future__ import annotations

import pytest

from switch_bench.evaluate.speed_pictures import default_tasks, measure_pictures
from switch_bench.spec.find import load_task, scenes

pytestmark = pytest.mark.gl


def test_every_scene_has_its_task():
    assert {load_task(task).scene for task in default_tasks()} == set(scenes())


def test_each_renderer_is_measured_and_what_changed_costs_more_than_what_did_not():
    task = default_tasks()[0]
    found = measure_pictures([task], size=(64, 64), blocks=1)[task]
    assert found
    for name, row in found.items():
        assert row["renderer"].startswith(f"{name}: ")
        assert row["unchanged_us"] < row["ours_us"] < row["step_us"]
        assert ("ratio" in row) == (name != "tiny")


@pytest.mark.slow
def test_a_picture_costs_no_more_than_the_bare_renderers():
    for by in measure_pictures(default_tasks()).values():
        for row in by.values():
            assert row.get("ratio", 0.0) <= 1.2
