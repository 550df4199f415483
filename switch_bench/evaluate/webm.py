"""Films as VP8 in WebM, which every browser plays, by OpenCV alone."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import cv2

FPS = 8
CODEC = "VP80"


@contextmanager
def writer(path: Path, size: tuple[int, int]) -> Iterator[cv2.VideoWriter]:
    """Write a film of `size` (width, height) px: its `write` takes (height, width, 3) uint8 BGR, `FPS` a second.

    Raises:
        RuntimeError: this OpenCV can't.
    """
    with _silent():
        film = cv2.VideoWriter(str(path), cv2.CAP_FFMPEG, cv2.VideoWriter.fourcc(*CODEC), FPS, size)
    try:
        if not film.isOpened():
            raise RuntimeError(f"OpenCV {cv2.__version__} can't write {CODEC} to {path}: it has no FFmpeg with libvpx")
        yield film
    finally:
        film.release()


@contextmanager
def _silent() -> Iterator[None]:
    """OpenCV's FFmpeg says on standard error that WebM has no tag for VP8, past any log that could be silenced."""
    sys.stderr.flush()
    kept, nowhere = os.dup(2), os.open(os.devnull, os.O_WRONLY)
    try:
        os.dup2(nowhere, 2)
        yield
    finally:
        os.dup2(kept, 2)
        os.close(kept)
        os.close(nowhere)
