"""A film of an episode, made from its trace alone: from outside and by the head camera, with what the agent did.

VP8 in WebM, written by OpenCV. What the agent does is shown at an even pace, long waits are sped up, and the caption
says so (`tempo.py`). The pictures are a function of the trace and its room; the file has an id of its own besides.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import cv2
import numpy as np

from switch_bench.evaluate import again
from switch_bench.evaluate.axis import clock
from switch_bench.evaluate.caption import Captions
from switch_bench.evaluate.errors import InputError
from switch_bench.evaluate.folder import write_atomically
from switch_bench.evaluate.frames import camera, jpeg
from switch_bench.evaluate.tempo import Tempo, tempo
from switch_bench.evaluate.video_size import CAPTION, HEIGHT, PICTURE, WIDTH
from switch_bench.evaluate.webm import FPS, writer
from switch_bench.physics.cameras import unobstructed
from switch_bench.trace.schema import Trace
from switch_bench.world.pictures import Camera
from switch_bench.world.replay import Unverifiable, comparable
from switch_bench.world.walk import WentOtherwise, walk
from switch_bench.world.world import TICK

if TYPE_CHECKING:
    from switch_bench.world.room import Room
    from switch_bench.world.world import World

SIZE = (WIDTH, PICTURE)  # px of what is seen from outside; the caption is above it
INSET = (160, 120)  # px of what the head camera sees, in the upper right corner
EDGE = 2  # px around it
FINER = 1.5  # drawn so many times larger and averaged: smooth edges
HOLD = 1.5  # s the last picture stays
AWAY = 0.8  # m the body goes until another place to look from is sought
BREAST, GIRTH = 1.2, 0.45  # m: how high on the body it is looked at, and how far its surface is from its middle


@dataclass(frozen=True)
class Film:
    """What was written: the film, a picture of it for where it isn't played yet, its length [s], and who drew it."""

    path: Path
    poster: Path
    seconds: float
    renderer: str


def write(trace: Trace, room: Room, path: Path, *, where: str = "video") -> Film:
    """Write the film of an episode to `path` (a .webm), and beside it, as .jpg, a picture of it.

    where: what the trace is called in an error.

    Raises:
        InputError: this machine can't repeat the trace bit for bit, or it comes out otherwise.
        NoPicture: no picture can be drawn here.
        RuntimeError: this OpenCV can't write VP8.
    """
    try:
        comparable(trace)
    except Unverifiable as why:
        raise InputError(f"what was seen in it can't be shown here: {why}", where=where) from why
    by, pace = Camera(), tempo(trace)
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(f".{os.getpid()}.{path.name}")
    telling = _telling(trace, pace)
    still = last = np.zeros(0)
    number = 0
    try:
        with writer(part, (WIDTH, HEIGHT)) as film:
            for number, last in enumerate(frames(room, trace, pace, by), start=1):
                film.write(last[..., ::-1])
                if number <= telling:
                    still = last
            for _ in range(round(HOLD * FPS)):
                film.write(last[..., ::-1])
    except WentOtherwise as why:
        part.unlink(missing_ok=True)
        raise InputError(
            f"it comes out otherwise here: the state at {clock(why.t)} differs",
            where=where,
            hint="`switch-bench replay` tells more",
        ) from why
    except BaseException:
        part.unlink(missing_ok=True)
        raise
    poster = path.with_suffix(".jpg")
    write_atomically(poster, jpeg(still))
    os.replace(part, path)
    return Film(path, poster, number / FPS + HOLD, by.name)


def write_of(trace: Path, path: Path) -> Film:
    """The same of a trace file.

    Raises:
        InputError: as `write` does, or the file can't be used.
    """
    read = again.read(trace)
    return write(read, again.room(trace, read), path, where=str(trace))


def frames(room: Room, trace: Trace, pace: Tempo, by: Camera) -> Iterator[np.ndarray]:
    """The film's pictures, (height, width, 3) uint8 RGB, `FPS` a second; the last is of the end.

    Raises:
        WentOtherwise: the episode doesn't come out as recorded.
    """
    shown = [pace.at(i / FPS) for i in range(int(pace.seconds * FPS))]
    times = [*(t // TICK * TICK for t, _ in shown), trace.end]
    captions, place = Captions(room, trace, pace), _Place()
    for i, world in enumerate(walk(room, trace, times)):
        picture = np.empty((HEIGHT, WIDTH, 3), np.uint8)
        picture[:CAPTION] = captions.at(i / FPS, times[i], (WIDTH, CAPTION))  # above: players put their controls below
        view = picture[CAPTION:]
        view[:] = _taken(world, place.of(world), SIZE, by)
        view[: INSET[1] + EDGE, -INSET[0] - EDGE :] = 255
        view[: INSET[1], -INSET[0] :] = _taken(world, camera(world, "head"), INSET, by)
        yield picture


class _Place:
    """Where the film is looked at from: it stays while the body is seen from there, about where it was."""

    def __init__(self) -> None:
        self._camera: Any = None
        self._at = np.zeros(2)

    def of(self, world: World) -> Any:
        """The camera now: an id, or a free camera."""
        at = world.data.xpos[world.model.body(world.room.hand.base).id].copy()
        if self._camera is None or np.linalg.norm(at[:2] - self._at) > AWAY or not self._seen(world, at):
            self._camera, self._at = camera(world, "third person"), at[:2]
        return self._camera

    def _seen(self, world: World, at: np.ndarray) -> bool:
        point = at + [0.0, 0.0, BREAST]
        return unobstructed(world.model, world.data, _eye(world, self._camera), point, slack=GIRTH)


def _eye(world: World, seen_from: Any) -> np.ndarray:
    """Where a camera is: (3,) float64 [m]."""
    if isinstance(seen_from, int):
        return world.data.cam_xpos[seen_from].copy()
    a, e = np.radians(seen_from.azimuth), np.radians(seen_from.elevation)
    return seen_from.lookat - seen_from.distance * np.array([np.cos(e) * np.cos(a), np.cos(e) * np.sin(a), np.sin(e)])


def _taken(world: World, eye: Any, size: tuple[int, int], by: Camera) -> np.ndarray:
    large = by.picture(world, eye, (round(FINER * size[0]), round(FINER * size[1])))
    return cv2.resize(large, size, interpolation=cv2.INTER_AREA)


def _telling(trace: Trace, pace: Tempo) -> int:
    """Up to which picture one sees most at a glance: just after the last thing the agent did; else the first."""
    acts = [e.t for e in trace.events if e.actor == "agent"]
    return 1 + next((i for i in range(int(pace.seconds * FPS)) if acts and pace.at(i / FPS)[0] > acts[-1]), 0)
