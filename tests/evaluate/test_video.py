"""A film is made from an episode's trace alone, and only if it comes out as it was."""

from dataclasses import replace

import cv2
import numpy as np
import pytest

from switch_bench.evaluate import bench
from switch_bench.evaluate.errors import InputError
from switch_bench.evaluate.tempo import Stretch, Tempo
from switch_bench.evaluate.video import HEIGHT, HOLD, WIDTH, frames, write, write_of
from switch_bench.evaluate.webm import FPS, writer
from switch_bench.world.pictures import Camera

TASK = "kitchen.hob_light-v1"


def read(path):
    film, pictures = cv2.VideoCapture(str(path)), []
    while True:
        there, picture = film.read()
        if not there:
            return film.get(cv2.CAP_PROP_FPS), pictures
        pictures.append(picture)


@pytest.fixture(scope="module")
def played():
    """The oracle switches on a light: its room and trace."""
    env = bench.make(TASK, obs=("proprio",), act="skill")
    env.reset(seed=3)
    bench.solve(env, TASK)
    yield env.unwrapped.stage.room, bench.trace(env)
    env.close()


def quick(trace, seconds=1.0):
    """A tempo at which the whole episode is told in so many seconds, to draw little."""
    return Tempo((Stretch(0, trace.end, 0.0, trace.end * 1e-6 / seconds, False),))


def test_a_film_can_be_read_again(tmp_path, capfd):
    with writer(tmp_path / "grey.webm", (64, 48)) as film:
        for grey in (40, 40, 200):
            film.write(np.full((48, 64, 3), grey, np.uint8))
    fps, pictures = read(tmp_path / "grey.webm")
    assert fps == FPS
    assert [round(picture.mean(), -1) for picture in pictures] == [40, 40, 200]
    assert capfd.readouterr().err == ""


@pytest.mark.gl
def test_the_same_trace_makes_the_same_pictures(played):
    room, trace = played
    once = list(frames(room, trace, quick(trace), Camera()))
    again = list(frames(room, trace, quick(trace), Camera()))
    assert len(once) == FPS + 1
    assert once[0].shape == (HEIGHT, WIDTH, 3)
    assert all(np.array_equal(a, b) for a, b in zip(once, again, strict=True))
    assert not np.array_equal(once[0], once[-1])
    assert once[-1].std() > 20  # not a blank


@pytest.mark.gl
def test_a_film_and_a_picture_of_it_are_written(played, tmp_path, monkeypatch):
    _, trace = played
    monkeypatch.setattr("switch_bench.evaluate.video.tempo", quick)
    kept = bench.write_trace(trace, tmp_path / "traces" / f"{TASK}.0")
    film = write_of(kept, tmp_path / "videos" / "film.webm")
    fps, pictures = read(film.path)
    assert film.seconds == len(pictures) / fps == (FPS + 1) / FPS + HOLD
    assert pictures[0].shape == (HEIGHT, WIDTH, 3)
    assert cv2.imread(str(film.poster)).shape == (HEIGHT, WIDTH, 3)
    assert sorted(p.name for p in film.path.parent.iterdir()) == ["film.jpg", "film.webm"]


@pytest.mark.gl
def test_an_edited_trace_has_no_film(played, tmp_path, monkeypatch):
    room, trace = played
    monkeypatch.setattr("switch_bench.evaluate.video.tempo", quick)
    targets = trace.targets.copy()
    targets[5:, 6] += 0.02
    with pytest.raises(InputError, match="it comes out otherwise here"):
        write(replace(trace, targets=targets), room, tmp_path / "film.webm")
    assert list(tmp_path.iterdir()) == []


def test_a_trace_of_another_machine_has_no_film(played, tmp_path):
    room, trace = played
    versions = {**trace.manifest["versions"], "libm": "musl 1.2"}
    foreign = replace(trace, manifest={**trace.manifest, "versions": versions})
    with pytest.raises(InputError, match="libm"):
        write(foreign, room, tmp_path / "film.webm")
