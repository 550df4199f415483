"""`switch-bench bench` prints a table or JSON, writes into pages, and tells by its exit code whether aims are met."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from switch_bench.evaluate import speed


@pytest.fixture
def forks(monkeypatch: pytest.MonkeyPatch):
    """A benchmark of one part: a fork takes as long as the test says."""

    def forks(us: float) -> None:
        monkeypatch.setattr(speed, "PARTS", {"fork": lambda plan: {"fork_us": us}})

    return forks


def test_aims_that_are_met_end_well(run, forks) -> None:
    forks(20.0)
    result = run("bench", "--quick")
    assert result.exit_code == 0, result.output
    assert "µs a fork of the flat" in result.stdout
    assert "All aims are met." in result.stdout
    assert "By `switch-bench bench --quick`: switch_bench" in result.stdout


def test_an_aim_that_is_missed_ends_with_1(run, forks) -> None:
    forks(120.0)
    result = run("bench", "--quick")
    assert result.exit_code == 1, result.output
    assert "Some aims are not met." in result.stdout


def test_the_json_has_the_figures_the_aims_and_the_machine(run, forks) -> None:
    forks(120.0)
    result = run("bench", "--quick", "--json")
    found = json.loads(result.stdout)
    assert found["fork_us"] == 120.0
    assert found["aims"] == [{"figure": "fork_us", "value": 120.0, "at_most": 100, "met": False}]
    assert found["ok"] is False
    assert set(found["machine"]) == {"switch_bench", "mujoco", "python", "system", "processor", "processors"}


def test_the_tables_are_written_into_each_page(run, forks, tmp_path: Path) -> None:
    forks(20.0)
    pages = [tmp_path / "one.md", tmp_path / "two.md"]
    for page in pages:
        page.write_text("Speed:\n<!-- table:aims -->\n<!-- /table:aims -->\n")
    result = run("bench", "--quick", "--write", pages[0], "--write", pages[1])
    assert result.exit_code == 0, result.output
    for page in pages:
        assert "| µs a fork of the flat | 20 | ≤ 100 | yes |" in page.read_text()


def test_the_help_names_every_part(run) -> None:
    from switch_bench.cli import PARTS

    assert ", ".join(speed.PARTS) + "." == PARTS
