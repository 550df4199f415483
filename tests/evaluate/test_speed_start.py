"""Starting and resetting are measured as a program would meet them; 256 environments fit into half a gigabyte."""

from __future__ import annotations

import pytest

from switch_bench.evaluate.speed_start import ENVIRONMENTS, measure_start, memory, rows
from switch_bench.spec.find import scenes


@pytest.mark.slow
def test_every_figure_is_measured_and_said():
    figures = measure_start(processes=1, repeats=1)
    assert set(figures["compile_ms"]) == set(scenes())
    flat = {
        name: value for name, value in figures.items() if name.endswith(("_s", "_ms", "_mb")) and name != "compile_ms"
    }
    assert all(value > 0.0 for value in [*flat.values(), *figures["compile_ms"].values()])
    assert len(rows(figures)) == len(flat) + len(scenes())
    assert figures["first_reset_s"] > figures["import_envs_s"] > figures["import_s"]
    assert figures["reset_seen_ms"] < figures["reset_new_ms"]


@pytest.mark.slow
def test_256_environments_over_eight_variations_take_less_than_500_megabytes():
    assert ENVIRONMENTS == 256
    assert memory() < 500.0
