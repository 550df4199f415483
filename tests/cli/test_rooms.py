"""The command line on a real room: the reference solution, its report with pictures, its replay."""

import json
import re
from dataclasses import replace

import cv2
import numpy as np
import pytest

from switch_bench.trace.store import load, save

TASK = "kitchen.boil_water-v1"


@pytest.fixture(scope="module")
def solved(tmp_path_factory):
    """A run folder of the oracle on one task, without pictures."""
    from typer.testing import CliRunner

    from switch_bench.cli import app

    out = tmp_path_factory.mktemp("solved")
    words = ["eval", "--policy", "oracle", "--suite", TASK, "--out", str(out), "--workers", "0", "--no-pictures"]
    result = CliRunner().invoke(app, words)
    assert result.exit_code == 0, result.output
    return out


def trace_of(folder):
    [file] = (folder / "traces").iterdir()
    return file


def test_the_oracle_succeeds_and_the_report_says_how(solved):
    results = json.loads((solved / "results.json").read_text())
    assert (results["success"]["k"], results["success"]["n"]) == (1, 1)
    assert results["track"] == {"act": "skill", "obs": ["proprio"], "privileged": True, "size": [256, 256]}
    report = (solved / "report.html").read_text()
    assert "Bring the water in the kettle to the boil" in report
    assert "by-agent" in report
    assert "kettle.lever" in report


def test_a_replay_reproduces_the_run(solved, run):
    result = run("replay", trace_of(solved))
    assert result.exit_code == 0, result.output
    assert result.stdout.startswith("same: all ")


def test_a_replay_as_json(solved, run):
    found = json.loads(run("replay", trace_of(solved), "--json").stdout)
    assert found["same"] is True
    assert found["task"] == TASK
    assert found["hashes"] > 10


def test_a_replay_of_other_targets_differs_and_says_where(solved, run, tmp_path):
    trace = load(trace_of(solved))
    targets = trace.targets.copy()
    targets[len(targets) // 2 :, 1] += 0.02
    file = save(replace(trace, targets=targets), tmp_path / "other.npz")
    result = run("replay", file)
    assert result.exit_code == 1
    assert re.match(r"different: the first state that differs is at \d", result.stdout)


def test_a_trace_of_another_machine_is_unverifiable(solved, run, tmp_path):
    trace = load(trace_of(solved))
    versions = {**trace.manifest["versions"], "cpu_flags": "others"}
    file = save(replace(trace, manifest={**trace.manifest, "versions": versions}), tmp_path / "far.npz")
    result = run("replay", file)
    assert result.exit_code == 1
    assert result.stdout.startswith("unverifiable: ")
    assert "cpu_flags" in result.stdout


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"task": "kitchen.boil_watr-v1"}, "unknown task 'kitchen.boil_watr-v1'"),
        ({"task_hash": "of another file"}, "the file of its task has changed"),
        ({"scene_hash": "of another file"}, "the file of its scene has changed"),
    ],
)
def test_a_trace_whose_files_are_no_more_is_bad_input(solved, run, tmp_path, change, said):
    trace = load(trace_of(solved))
    file = save(replace(trace, manifest={**trace.manifest, **change}), tmp_path / "old.npz")
    result = run("replay", file)
    assert (result.exit_code, result.stdout) == (2, "")
    assert said in result.stderr


def test_a_trace_without_its_origin_is_bad_input(solved, run, tmp_path):
    trace = load(trace_of(solved))
    result = run("replay", save(replace(trace, manifest={"task": TASK}), tmp_path / "bare.npz"))
    assert result.exit_code == 2
    assert "its manifest lacks seed" in result.stderr


def test_idle_hands_fail(run, tmp_path):
    out = tmp_path / "idle"
    assert (
        run("eval", "--policy", "noop", "--suite", TASK, "--out", out, "--workers", 0, "--no-pictures").exit_code == 0
    )
    assert json.loads((out / "results.json").read_text())["success"]["k"] == 0
    assert "did not come about" in (out / "report.html").read_text()


@pytest.mark.gl
def test_pictures_of_key_moments_are_640_by_480_and_not_black(run, tmp_path):
    out = tmp_path / "seen"
    result = run("eval", "--policy", "oracle", "--suite", TASK, "--out", out, "--workers", 0)
    assert result.exit_code == 0, result.output
    record = json.loads((out / "episodes.jsonl").read_text())
    assert {frame["view"] for frame in record["frames"]} == {"third person", "head"}
    assert record["frames"][0]["what"] == "start"
    assert any("goal" in frame["what"] for frame in record["frames"])
    assert len(record["frames"]) <= 16
    for frame in record["frames"]:
        image = cv2.imread(str(out / frame["file"]))
        assert image.shape == (480, 640, 3)
        assert image.std() > 8
    report = (out / "report.html").read_text()
    assert report.count("data:image/jpeg;base64,") == len(record["frames"]) + 1  # and one for the film
    assert report.count("data:video/webm;base64,") == 1


@pytest.mark.gl
def test_render_draws_every_view_into_a_folder(run, tmp_path):
    result = run("render", TASK, "--out", tmp_path / "pictures")
    assert result.exit_code == 0, result.output
    files = sorted((tmp_path / "pictures").iterdir())
    assert [file.name for file in files] == [f"{TASK}.{view}.png" for view in ("head", "third_person", "wrist")]
    assert result.stdout.split() == [
        str(tmp_path / "pictures" / f"{TASK}.{v}.png") for v in ("third_person", "head", "wrist")
    ]
    assert all(cv2.imread(str(file)).shape == (480, 640, 3) for file in files)


@pytest.mark.gl
def test_render_draws_the_solution_at_work(run, tmp_path):
    result = run("render", TASK, "--out", tmp_path / "work.gif", "--view", "head")
    assert result.exit_code == 0, result.output
    found, film = cv2.imreadanimation(str(tmp_path / "work.gif"))
    assert found
    assert 10 <= len(film.frames) <= 81
    assert np.abs(film.frames[0].astype(int) - film.frames[-1].astype(int)).mean() > 1
