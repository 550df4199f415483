"""Film strips: frames side by side with words below, for reports."""

from __future__ import annotations

from collections.abc import Sequence

import cv2
import numpy as np

from switch_bench.screens.canvas import Canvas
from switch_bench.screens.lettering import fit, wrap

_GROUND, _INK = (1.0, 1.0, 1.0), (0.16, 0.18, 0.21)
_GAP, _CAP, _LINES = 6, 8.0, 2  # px, px, lines of words


def film_strip(
    frames: Sequence[np.ndarray], captions: Sequence[str], height: int = 180, columns: int = 6
) -> np.ndarray:
    """Frames (each (h, w, 3) uint8) scaled to `height` px, `columns` to a row, each with its caption below.

    Returns (h, w, 3) uint8.

    Raises:
        ValueError: no frames, or not one caption a frame.
    """
    if not frames or len(frames) != len(captions):
        raise ValueError(f"a film strip wants frames and one caption each; got {len(frames)} and {len(captions)}")
    pictures = [_scaled(frame, height) for frame in frames]
    cell = max(picture.shape[1] for picture in pictures)
    words = round(_CAP * (1.75 * _LINES + 0.6))
    columns = min(columns, len(frames))
    rows = -(-len(frames) // columns)
    row_height = height + words + _GAP
    canvas = Canvas(columns * (cell + _GAP) + _GAP, rows * row_height + _GAP, _GROUND, oversample=2)
    for i, (picture, caption) in enumerate(zip(pictures, captions, strict=True)):
        x, y = _GAP + (i % columns) * (cell + _GAP), _GAP + (i // columns) * row_height
        canvas.paste(picture, x + (cell - picture.shape[1]) / 2, y, picture.shape[1], height)
        if caption.strip():
            text = wrap(caption, cell, _CAP)
            cap = fit(text, cell, words - 0.6 * _CAP, _CAP)
            canvas.text(text, x + cell / 2, y + height + words / 2, cap, _INK)
    return canvas.result()


def _scaled(frame: np.ndarray, height: int) -> np.ndarray:
    h, w = frame.shape[:2]
    size = max(round(w * height / h), 1), height
    return cv2.resize(frame, size, interpolation=cv2.INTER_AREA if height < h else cv2.INTER_CUBIC)
