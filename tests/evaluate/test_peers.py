"""Peers run in processes of their own, take turns, and say why where they can't."""

from __future__ import annotations

import io
import sys
from importlib import util
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from rich.console import Console

FILE = Path(__file__).parents[2] / "benchmarks" / "peers.py"


@pytest.fixture(scope="module")
def peers() -> ModuleType:
    found = util.spec_from_file_location("peers", FILE)
    assert found is not None
    assert found.loader is not None
    module = util.module_from_spec(found)
    sys.modules["peers"] = module  # where its dataclasses look for their names
    found.loader.exec_module(module)
    return module


def quiet() -> Console:
    return Console(file=io.StringIO())


def row(envs: int, steps: int, real_time: float) -> dict[str, Any]:
    return {"envs": envs, "steps_per_s": steps, "real_time_factor": real_time}


def test_ours_is_measured_in_a_process_of_its_own(peers: ModuleType, tmp_path: Path) -> None:
    found = peers.measure(["ours_free"], 2, tmp_path, quiet())
    ours = found["rows"]["ours_free"]
    assert ours["simulated_ms"] == 50.0
    assert ours["over_bare"] > 0.0
    assert ours["real_time_factor"] == pytest.approx(ours["steps_per_s"] * 0.05, abs=0.1)  # both are rounded
    assert ours["versions"]["mujoco"] == found["machine"]["mujoco"]
    assert list(tmp_path.iterdir()) == []  # ours needs no venv


def test_a_peer_that_cannot_be_run_says_why_and_the_others_go_on(
    peers: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(peers, "python_of", lambda name, venvs: sys.executable)  # where no peer is installed
    found = peers.measure(["kitchen", "ours_touching"], 1, tmp_path, quiet())
    assert found["rows"]["kitchen"] == {"trouble": "ModuleNotFoundError: No module named 'gymnasium_robotics'"}
    assert found["rows"]["ours_touching"]["steps_per_s"] > 0
    [line] = [cells for cells in peers.table(found) if cells[0].startswith("FrankaKitchen")]
    assert line[1:4] == ["–", "–", "–"]
    assert line[-1] == "not measured: ModuleNotFoundError: No module named 'gymnasium_robotics'"


def test_ours_is_compared_with_peers_of_as_many_environments(peers: ModuleType) -> None:
    rows = {
        "ours_free": row(1, 8000, 400.0), "ours_64": row(64, 15_000, 750.0),
        "envpool_1": row(1, 3800, 48.0), "envpool_64": row(64, 16_000, 200.0), "kitchen": {"trouble": "gone"},
    }  # fmt: skip
    [behind] = peers.behind(rows)
    assert behind.startswith("steps_per_s: EnvPool (C++) the same, 64 environments on 2 threads 16,000")


def test_wrong_arguments_end_with_2(peers: ModuleType, monkeypatch: pytest.MonkeyPatch, capsys: Any) -> None:
    monkeypatch.setattr(sys, "argv", ["peers.py", "--only", "kitchn"])
    assert peers.main() == 2
    assert "did you mean kitchen?" in capsys.readouterr().err
