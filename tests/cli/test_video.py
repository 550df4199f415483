"""`switch-bench video` on the fake benchmark's runs."""

import pytest

from switch_bench.evaluate import filming
from switch_bench.evaluate.errors import InputError


@pytest.fixture
def folder(fake, run):
    """A run of two tasks, an episode each, without films."""
    words = ("eval", "--policy", "fake_policies:Presser", "--suite", "quick", "--workers", 0, "--videos", "none")
    assert run(*words, "--out", fake / "run").exit_code == 0
    return fake / "run"


def test_eval_makes_the_first_of_each_task_unless_told_otherwise(fake, run):
    words = ("eval", "--policy", "fake_policies:Presser", "--suite", "quick", "--episodes", 2, "--workers", 0)
    assert run(*words, "--out", fake / "told").exit_code == 0
    films = sorted(p.name for p in (fake / "told" / "videos").glob("*.webm"))
    assert films == ["fake.kettle-v1.0.webm", "fake.lamp-v1.0.webm"]
    assert run(*words, "--no-pictures", "--out", fake / "blind").exit_code == 0
    assert not (fake / "blind" / "videos").exists()


def test_eval_refuses_another_word_before_anything_runs(fake, run):
    words = ("eval", "--policy", "fake_policies:Presser", "--suite", "quick", "--videos", "some", "--out", fake / "run")
    result = run(*words)
    assert result.exit_code == 2
    assert "--videos some" in result.stderr
    assert not (fake / "run").exists()


def test_the_missing_films_of_a_run_are_made_and_are_in_its_report(folder, run):
    assert not (folder / "videos").exists()
    assert "<video" not in (folder / "report.html").read_text()
    result = run("video", folder, "--workers", 0)
    assert result.exit_code == 0, result.output
    assert "2 films in" in result.stdout
    assert "2 of them made now" in result.stdout
    assert (folder / "report.html").read_text().count("<video") == 2
    assert "0 of them made now" in run("video", folder, "--workers", 0).stdout


def test_a_film_that_cannot_be_made_ends_with_one(folder, run, monkeypatch):
    def film(trace, path):
        raise InputError("it comes out otherwise here", where=str(trace))

    monkeypatch.setattr("switch_bench.evaluate.bench.film", film)
    result = run("video", folder, "--workers", 0)
    assert result.exit_code == 1
    assert "2 of 2 films couldn't be made" in result.stderr
    assert "it comes out otherwise here" in result.stderr


def test_what_is_no_run_is_refused(fake, run):
    result = run("video", fake)
    assert result.exit_code == 2
    assert "results.json" in result.stderr


def test_a_films_suffix_is_webm(fake):
    with pytest.raises(InputError, match="gif"):
        filming.of_trace(fake / "traces" / "x.npz", fake / "x.gif")


def test_the_folder_of_a_run_takes_no_out(folder, run):
    assert run("video", folder, "--out", "film.webm").exit_code == 2
    assert not (folder / "videos").exists()
