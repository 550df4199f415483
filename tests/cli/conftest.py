"""The command line on the fake benchmark of `tests/evaluate`, in a folder of its own."""

import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

sys.path.append(str(Path(__file__).parents[1] / "evaluate"))


@pytest.fixture
def fake(monkeypatch, tmp_path):
    """The benchmark's module offers the fake rooms, OpenGL is there, and the current folder is empty."""
    import fake_bench

    from switch_bench.evaluate import bench, doctor

    for name in vars(bench.Bench):
        if not name.startswith("_") and hasattr(fake_bench, name):
            monkeypatch.setattr(bench, name, getattr(fake_bench, name))
    monkeypatch.setattr(bench, "GUESSER", fake_bench.GUESSER)
    monkeypatch.setattr(doctor, "settle_gl", lambda: "")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "path", [*sys.path])
    return tmp_path


@pytest.fixture
def run():
    """Runs the program in this process: `run("eval", "--policy", "noop")`."""
    from switch_bench.cli import app

    def run(*words):
        return CliRunner().invoke(app, [str(word) for word in words])

    return run
