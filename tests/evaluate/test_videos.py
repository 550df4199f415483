"""Which episodes of a run get a film, and that only those are made that are missing."""

from io import StringIO

import fake_bench
import pytest
from rich.console import Console

from switch_bench.evaluate import videos
from switch_bench.evaluate.errors import InputError

QUIET = Console(quiet=True)


def record(task, episode, success=True, status="done"):
    return {"task": task, "episode": episode, "status": status, "success": success, "trace": f"traces/{task}.{episode}"}


RECORDS = [
    record("lamp", 0),
    record("lamp", 1, success=False),
    record("kettle", 0, success=None),
    record("kettle", 1, status="error"),
]


@pytest.mark.parametrize(
    ("which", "films"),
    [
        ("none", []),
        ("first", ["videos/lamp.0.webm", "videos/kettle.0.webm"]),
        ("failed", ["videos/lamp.1.webm", "videos/kettle.0.webm"]),
        ("all", ["videos/lamp.0.webm", "videos/lamp.1.webm", "videos/kettle.0.webm"]),
    ],
)
def test_which_episodes_get_one(which, films):
    assert [videos.file(r) for r in videos.chosen(RECORDS, which)] == films


def test_another_word_is_refused_with_what_comes_close():
    with pytest.raises(InputError, match="fail") as why:
        videos.chosen(RECORDS, "fail")
    assert "failed" in str(why.value)


def test_only_missing_ones_are_made(tmp_path, monkeypatch):
    made = []
    monkeypatch.setattr(fake_bench, "film", lambda trace, path: made.append(path.name))
    (tmp_path / "videos").mkdir()
    (tmp_path / "videos" / "lamp.1.webm").write_bytes(b"a film")
    assert videos.make(tmp_path, RECORDS, "all", 0, QUIET, "fake_bench") == {}
    assert made == ["lamp.0.webm", "kettle.0.webm"]


def test_one_that_cannot_be_made_is_told_and_keeps_no_other(tmp_path, monkeypatch):
    made = []

    def film(trace, path):
        if path.name == "lamp.0.webm":
            raise InputError("it comes out otherwise here", where=str(trace))
        made.append(path.name)

    monkeypatch.setattr(fake_bench, "film", film)
    screen = Console(record=True, width=200, file=StringIO())
    troubles = videos.make(tmp_path, RECORDS, "first", 0, screen, "fake_bench")
    assert [name.rpartition("/")[2] for name in troubles] == ["lamp.0.webm"]
    assert made == ["kettle.0.webm"]
    assert "1 of 2 films couldn't be made" in screen.export_text()


LIMITED = """
import time

def film(trace, path):
    path.parent.mkdir(exist_ok=True)
    if path.name == "lamp.0.webm":
        while True:
            time.sleep(1)
    if path.name == "lamp.1.webm":
        bytearray(1 << 40)
    path.write_bytes(b"a film")
"""


def test_one_that_takes_too_long_or_too_much_memory_is_ended_and_keeps_no_other(tmp_path, monkeypatch):
    (tmp_path / "limited_bench.py").write_text(LIMITED)
    monkeypatch.syspath_prepend(tmp_path)
    troubles = videos.make(tmp_path, RECORDS, "all", 1, QUIET, "limited_bench", seconds=1.0, memory=1 << 30)
    told = {film.rpartition("/")[2]: said for film, said in troubles.items()}
    assert told.keys() == {"lamp.0.webm", "lamp.1.webm"}
    assert "killed after 1 s" in told["lamp.0.webm"]
    assert "allowed 1 GiB of memory" in told["lamp.1.webm"]
    assert (tmp_path / "videos" / "kettle.0.webm").exists()
