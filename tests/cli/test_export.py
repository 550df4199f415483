"""`switch-bench export`: what it says and how it ends."""

from __future__ import annotations

import pytest

from switch_bench.evaluate import doctor
from switch_bench.export import run as exporting
from switch_bench.export.errors import NotReplayable
from switch_bench.export.run import Exported


@pytest.fixture(autouse=True)
def _no_gl(monkeypatch):
    monkeypatch.setattr(doctor, "settle_gl", lambda: "")


def test_what_was_written_is_said(run, monkeypatch, tmp_path):
    asked = []

    def export(request, screen):
        asked.append(request)
        return Exported(request.out, episodes=3, steps=512, left_out=1)

    monkeypatch.setattr(exporting, "export", export)
    done = run("export", tmp_path, "--format", "lerobot", "--out", tmp_path / "set", "--size", 96, 64, "--only-success")
    assert done.exit_code == 0
    assert done.stdout == f"3 episodes, 512 steps; 1 left out: {tmp_path / 'set'}\n"
    [request] = asked
    assert (request.look.size, request.look.fps, request.look.wait_frames) == ((96, 64), 20, 20)
    assert (request.format, request.only_success) == ("lerobot", True)


def test_what_is_no_run_is_bad_input(run, tmp_path):
    done = run("export", tmp_path, "--format", "minari", "--out", tmp_path / "set")
    assert done.exit_code == 2
    assert done.stderr.startswith(f"error: {tmp_path}: is no run folder")
    assert not (tmp_path / "set").exists()


def test_what_cannot_be_replayed_is_bad_input(run, monkeypatch, tmp_path):
    def export(request, screen):
        raise NotReplayable("it comes out otherwise here", where="a.npz", hint="run it anew")

    monkeypatch.setattr(exporting, "export", export)
    done = run("export", tmp_path, "--format", "minari", "--out", tmp_path / "set")
    assert done.exit_code == 2
    assert done.stderr == "error: a.npz: it comes out otherwise here\nhint: run it anew\n"


@pytest.mark.parametrize("missing", ["--format", "--out"])
def test_what_must_be_said_is_asked_for(run, tmp_path, missing):
    given = {"--format": "minari", "--out": tmp_path / "set"}
    del given[missing]
    done = run("export", tmp_path, *(word for pair in given.items() for word in pair))
    assert done.exit_code == 2
    assert missing in done.stderr
