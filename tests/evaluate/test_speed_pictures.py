"""What pictures cost, as it is measured."""

from __future__ import annotations

import pytest

from switch_bench.evaluate.speed_pictures import measure

pytestmark = pytest.mark.gl


def test_each_renderer_is_measured_and_what_changed_costs_more_than_what_did_not():
    found = measure("kitchen.boil_water-v1", size=(64, 64), blocks=1)
    rows = {found["by"]: found} | ({"tiny": found["tiny"]} if "tiny" in found else {})
    for name, row in rows.items():
        assert row["renderer"].startswith(f"{name}: ")
        assert row["unchanged_us"] < row["ours_us"] < row["step_us"]
        assert ("ratio" in row) == (name != "tiny")
