"""Letters as coverage masks, from the fonts built into OpenCV: measured, fitted and cached.

Sizes are heights of a capital letter, because that is what a panel's designer and a reader's eye go by.
"""

from __future__ import annotations

import threading
from functools import lru_cache

import cv2
import numpy as np

REGULAR, MEDIUM, BOLD = 400, 500, 700
CAP = 0.75  # height of a capital letter by OpenCV's font size: an H at size 100 is 75 px high
DESCENT = 0.32  # of the cap height: how far g and y reach below the line
_EM = 200  # size at which widths are measured, as OpenCV gives whole pixels
_lock = threading.Lock()  # a FontFace carries its weight from call to call, and cv2 lets go of the GIL


@lru_cache(maxsize=1)
def _font() -> cv2.FontFace:
    return cv2.FontFace("sans")


@lru_cache(maxsize=4096)
def _advance(text: str, weight: int) -> float:
    if not text:
        return 0.0
    with _lock:
        return cv2.getTextSize((0, 0), text, (0, 0), _font(), _EM, weight)[2] / (_EM * CAP)


def measure(text: str, cap: float, weight: int = MEDIUM) -> tuple[float, float]:
    """Width and height of `text` whose capitals are `cap` high, in cap's unit; lines end with newlines.

    The height is from the first line's cap line to the last one's base line: descenders hang below (see `DESCENT`).
    """
    lines = text.split("\n")
    return max(_advance(line, weight) for line in lines) * cap, cap * (1 + (len(lines) - 1) * LINE)


LINE = 1.75  # from base line to base line, in cap heights


def fit(text: str, width: float, height: float, cap: float, weight: int = MEDIUM) -> float:
    """The largest cap height <= `cap` at which `text` is no wider than `width` and no higher than `height`."""
    w, h = measure(text, 1.0, weight)
    return min(cap, width / w if w else cap, height / h)


def wrap(text: str, width: float, cap: float, weight: int = MEDIUM) -> str:
    """`text` with its spaces turned into line ends where a line would be wider than `width`."""
    lines: list[str] = []
    for paragraph in text.split("\n"):
        line = ""
        for word in paragraph.split(" "):
            longer = f"{line} {word}" if line else word
            if line and measure(longer, cap, weight)[0] > width:
                lines.append(line)
                line = word
            else:
                line = longer
        lines.append(line)
    return "\n".join(lines)


@lru_cache(maxsize=1024)
def line_mask(text: str, cap: int, weight: int = MEDIUM) -> tuple[np.ndarray, int, int]:
    """One line as coverage: (mask (h, w) uint8, x, y), where (x, y) is the base line's start within the mask [px]."""
    size = round(cap / CAP)
    x, y = size // 2, size + size // 4
    mask = np.zeros((y + size // 2 + 2, round(_advance(text, weight) * cap) + 2 * x + 2), np.uint8)
    with _lock:
        cv2.putText(mask, text, (x, y), (255,), _font(), size, weight)
    mask.flags.writeable = False
    return mask, x, y
