"""An export is there whole or not at all, and what can't be exported is said before anything is written."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from rich.console import Console

from switch_bench.evaluate.errors import InputError
from switch_bench.export import errors, run
from switch_bench.export.episode import Episode, Look
from switch_bench.export.errors import MissingExtra
from switch_bench.export.run import Request, export
from switch_bench.physics.renderers import NoPicture


class Noted:
    """A format that only notes which episodes it was given."""

    given: tuple[str, ...] = ()
    breaks = False

    def __init__(self, folder: Path, look: Look):
        self.folder = folder
        type(self).given = ()

    def add(self, episode: Episode) -> None:
        (self.folder / "half").write_text("half")
        if self.breaks:
            raise OSError("no space left")
        type(self).given += (episode.task,)

    def close(self, about) -> None:
        (self.folder / "about.json").write_text(json.dumps(about))

    def abandon(self) -> None:
        pass


@pytest.fixture(autouse=True)
def _noted(monkeypatch):
    monkeypatch.setitem(run.FORMATS, "noted", (Noted, ()))
    monkeypatch.setattr(Noted, "breaks", False)


def write(folder: Path, out: Path, *, size=(64, 64), wait_frames=20, **changes):
    request = Request(run=folder, out=out, look=Look(size, 20, wait_frames), **{"format": "noted"} | changes)
    return export(request, Console(quiet=True))


def test_every_episode_is_written_and_told_where_it_comes_from(oracle, tmp_path):
    done = write(oracle, tmp_path / "set")
    assert Noted.given == ("kitchen.hob_light-v1", "kitchen.pause_microwave-v1")
    about = json.loads((tmp_path / "set" / "about.json").read_text())
    assert [e["task_id"] for e in about["episodes"]] == list(Noted.given)
    assert sum(e["steps"] for e in about["episodes"]) == done.steps
    assert about["policy"] == "oracle"
    assert (tmp_path / "set").stat().st_mode & 0o555 == 0o555


def test_what_breaks_halfway_leaves_nothing(oracle, tmp_path, monkeypatch):
    monkeypatch.setattr(Noted, "breaks", True)
    with pytest.raises(OSError, match="no space"):
        write(oracle, tmp_path / "set")
    assert list(tmp_path.iterdir()) == []


def test_without_a_renderer_that_is_said_and_nothing_left(oracle, tmp_path, monkeypatch):
    def none(self, episode):
        raise NoPicture("egl: no driver")

    monkeypatch.setattr(Noted, "add", none)
    with pytest.raises(InputError, match="no picture can be drawn here: egl: no driver\nhint: `switch-bench doctor`"):
        write(oracle, tmp_path / "set")
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_holds_something_is_left_alone(oracle, tmp_path):
    (tmp_path / "mine").write_text("mine")
    with pytest.raises(InputError, match="holds something already"):
        write(oracle, tmp_path)
    assert [p.name for p in tmp_path.iterdir()] == ["mine"]


def test_an_empty_folder_is_filled(oracle, tmp_path):
    (tmp_path / "set").mkdir()
    write(oracle, tmp_path / "set")
    assert (tmp_path / "set" / "about.json").exists()


def test_only_successes_can_be_asked_for(mover, tmp_path):
    with pytest.raises(InputError, match="there is no successful episode in it"):
        write(mover[0], tmp_path / "set", only_success=True)
    assert not (tmp_path / "set").exists()


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"format": "lerobt"}, "there is no format 'lerobt'\nhint: .*lerobot"),
        ({"size": (65, 64)}, "pictures of 65 × 64 px"),
        ({"size": (16, 16)}, "pictures of 16 × 16 px"),
        ({"wait_frames": -1}, "--wait-frames"),
    ],
)
def test_what_cannot_be_is_refused(oracle, tmp_path, changes, said):
    with pytest.raises(InputError, match=said):
        write(oracle, tmp_path / "set", **changes)
    assert list(tmp_path.iterdir()) == []


def test_a_folder_of_several_runs_is_asked_which(oracle, tmp_path):
    with pytest.raises(InputError, match="is no run folder\nhint: name one of the runs in it: oracle"):
        write(oracle.parent, tmp_path / "set")
    with pytest.raises(InputError, match="name a folder that `eval` wrote"):
        write(tmp_path, tmp_path / "set")


@pytest.mark.parametrize("format", ["lerobot", "minari"])
def test_a_missing_library_is_named_with_the_extra(oracle, tmp_path, monkeypatch, format):
    monkeypatch.setattr(errors, "find_spec", lambda name: None)
    with pytest.raises(MissingExtra, match=r'needs .*\nhint: pip install "switch-bench\[learn\]"'):
        write(oracle, tmp_path / "set", format=format)
    assert list(tmp_path.iterdir()) == []
