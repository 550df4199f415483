"""Pictures as H.264 in MP4, so that a frame can be found by its time."""

from __future__ import annotations

from contextlib import closing
from fractions import Fraction
from pathlib import Path
from types import TracebackType
from typing import Any

import numpy as np

CODEC, PIXELS = "libx264", "yuv420p"
OPTIONS = {"g": "2", "crf": "18", "bf": "0"}  # every second picture stands by itself: a frame is two away at most


class Video:
    """A film that is being written, `fps` pictures a second of `size` (width, height), both even.

    frames: how many are in it. The file is whole once it is closed.
    """

    def __init__(self, path: Path, fps: int, size: tuple[int, int]):
        import av  # pyright: ignore[reportMissingImports]

        path.parent.mkdir(parents=True, exist_ok=True)
        self.path, self.fps, self.frames = path, fps, 0
        self._file: Any = av.open(str(path), "w")
        self._stream: Any = self._file.add_stream(CODEC, rate=fps, options=OPTIONS)
        self._stream.width, self._stream.height = size
        self._stream.pix_fmt = PIXELS
        self._stream.thread_count = 1  # so that the same pictures make the same file
        self._stream.time_base = Fraction(1, fps)

    def __enter__(self) -> Video:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()

    def add(self, picture: np.ndarray) -> None:
        """Add a picture, (height, width, 3) uint8."""
        import av  # pyright: ignore[reportMissingImports]

        frame = av.VideoFrame.from_ndarray(np.ascontiguousarray(picture), format="rgb24")
        frame.pts, frame.time_base = self.frames, Fraction(1, self.fps)
        self._file.mux(self._stream.encode(frame))
        self.frames += 1

    @property
    def bytes(self) -> int:
        """How large the file is so far."""
        return self.path.stat().st_size

    def close(self) -> None:
        """Write what is left; further calls do nothing."""
        if self._file is not None:
            self._file.mux(self._stream.encode(None))
            self._file.close()
            self._file = None


def facts(path: Path, fps: int) -> dict[str, Any]:
    """What LeRobot notes of a film in `meta/info.json`."""
    import av  # pyright: ignore[reportMissingImports]

    with closing(av.open(str(path))) as file:
        stream = file.streams.video[0]
        return {
            "video.height": stream.height,
            "video.width": stream.width,
            "video.codec": stream.codec_context.codec.canonical_name,
            "video.pix_fmt": stream.pix_fmt,
            "video.is_depth_map": False,
            "video.fps": fps,
            "video.channels": 3,
            "has_audio": False,
        }
