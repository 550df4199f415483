"""Reading print: words that one knows, found in a picture by how they look in a plain sans-serif typeface.

The typeface is the one built into OpenCV, which labels in these rooms happen to be printed in; that one knows its
letters is all that is taken for granted, as of a person who can read. A word that isn't among those known isn't read.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

import cv2
import numpy as np

SIZE = 64  # px that words are drawn at before they are scaled
HEIGHT = 24  # px that blobs and words are compared at
SURE, SINGLE = 0.75, 0.90  # correlation from which on a word is read, and a single letter
STRETCH = 0.34  # how far a blob's breadth may be from the word's, as a share of it: walls are seen askew
SMALLEST, TALLEST = 7, 60  # px that a line of print is high
WEIGHTS = (500, 700)
CONTRAST, DARKEST = 0.33, 8.0  # of print to its ground at least; brightness that counts as black

WORDS = (
    "sink", "hob", "table", "sofa", "hall", "landing", "kitchen", "living", "passage", "stairs", "boiler", "utility",
    "left", "right", "light", "lights", "washer", "fridge", "heating", "RCD", "test", "on", "off", "start", "stop",
    "go", "ii/0", "pause", "temp", "spin", "rinse", "mode", "hold", "reset", "door", "lamp", "oven", "sockets",
    "cooker", "bath", "end", "wash", "lock", "timer", "clock", "auto", "away",
    "0", "1", "2", "3", "4", "5", "6", "7", "8", "9",
)  # fmt: skip


@dataclass(frozen=True)
class Word:
    """A word that was read. at: its middle [px]. height [px]. sure: how well it fits, 0..1."""

    text: str
    at: tuple[float, float]
    height: float
    sure: float


@lru_cache(maxsize=1)
def _face() -> cv2.FontFace:
    return cv2.FontFace("sans")


@lru_cache(maxsize=2048)
def drawn(text: str, weight: int) -> np.ndarray:
    """A word as coverage (h, w) uint8, cut to its ink."""
    box = cv2.getTextSize((0, 0), text, (0, 0), _face(), SIZE, weight)[2]
    image = np.zeros((2 * SIZE, box + 2 * SIZE), np.uint8)
    cv2.putText(image, text, (SIZE, SIZE + SIZE // 3), (255,), _face(), SIZE, weight)
    return _cut(image)


def _cut(image: np.ndarray) -> np.ndarray:
    ys, xs = np.nonzero(image > 96)
    return image[ys.min() : ys.max() + 1, xs.min() : xs.max() + 1] if len(ys) else image[:0]


def spellings(word: str) -> tuple[str, ...]:
    """How a word may be printed: small, with a capital, in capitals."""
    return tuple(dict.fromkeys((word, word.capitalize(), word.upper())))


def read(picture: np.ndarray, words: Sequence[str] = WORDS) -> list[Word]:
    """The known words in a picture (h, w, 3) uint8, dark on light or light on dark."""
    grey = cv2.cvtColor(picture, cv2.COLOR_RGB2GRAY)
    kernel = cv2.getStructuringElement(cv2.MORPH_RECT, (25, 25))
    found: list[Word] = []
    for operation, ground in ((cv2.MORPH_BLACKHAT, cv2.MORPH_CLOSE), (cv2.MORPH_TOPHAT, None)):
        ink = cv2.morphologyEx(grey, operation, kernel).astype(np.float32)
        lighter = grey if ground is None else cv2.morphologyEx(grey, ground, kernel)
        found += _lines(np.minimum(255.0, 255.0 * ink / (lighter + DARKEST)).astype(np.uint8), words)
    return _best(found)


def _lines(ink: np.ndarray, words: Sequence[str]) -> Iterable[Word]:
    mask = (ink > 255 * CONTRAST).astype(np.uint8)
    for reach in (4, 8, 14):
        joined = cv2.dilate(mask, np.ones((1, reach), np.uint8), anchor=(reach // 2, 0))
        count, _, stats, _ = cv2.connectedComponentsWithStats(joined, connectivity=8)
        for x, y, w, h, area in stats[1:count]:
            if not (SMALLEST <= h <= TALLEST and 0.25 * h <= w <= 12 * h and area > 0.2 * w * h):
                continue
            word = _word(ink[y : y + h, x : x + w], words)
            if word is not None:
                yield Word(word[0], (x + w / 2, y + h / 2), float(h), word[1])


def _word(blob: np.ndarray, words: Sequence[str]) -> tuple[str, float] | None:
    """The word that a blob of ink shows, and how well it fits."""
    ink = cv2.normalize(blob, np.empty_like(blob), 0, 255, cv2.NORM_MINMAX)
    ink = _cut(ink)
    if min(ink.shape) < 3:
        return None
    best: tuple[float, str] = (0.0, "")
    ratio = ink.shape[1] / ink.shape[0]
    for word in words:
        for text in spellings(word):
            for weight in WEIGHTS:
                shape = drawn(text, weight)
                expected = shape.shape[1] / shape.shape[0]
                if abs(ratio - expected) > STRETCH * expected:
                    continue
                fit = _alike(ink, shape)
                if fit > best[0]:
                    best = fit, word
    return (best[1], best[0]) if best[0] >= (SINGLE if len(best[1]) == 1 else SURE) else None


def _alike(ink: np.ndarray, shape: np.ndarray) -> float:
    """Correlation of two patches of ink, brought to one size."""
    size = max(3, round(HEIGHT * ink.shape[1] / ink.shape[0])), HEIGHT
    a = cv2.GaussianBlur(cv2.resize(ink, size, interpolation=cv2.INTER_AREA).astype(np.float32), (3, 3), 0)
    b = cv2.GaussianBlur(cv2.resize(shape, size, interpolation=cv2.INTER_AREA).astype(np.float32), (3, 3), 0)
    a, b = a - a.mean(), b - b.mean()
    norm = float(np.sqrt((a * a).sum() * (b * b).sum()))
    return float((a * b).sum()) / norm if norm > 0 else 0.0


def _best(found: list[Word]) -> list[Word]:
    """Of words that lie over each other, the one that fits best; a longer one goes before a letter of it."""
    kept: list[Word] = []
    for word in sorted(found, key=lambda w: -w.sure - 0.05 * min(len(w.text), 6)):
        near = (
            abs(word.at[0] - k.at[0]) < 0.6 * k.height * len(k.text) and abs(word.at[1] - k.at[1]) < k.height
            for k in kept
        )
        if not any(near):
            kept.append(word)
    return sorted(kept, key=lambda w: (w.at[1], w.at[0]))


FINER = 3  # px of a drawing to one of the picture


@lru_cache(maxsize=128)
def figures(number: int, cap: float) -> tuple[np.ndarray, ...]:
    """A number in bold as coverage with a pixel about it, its figures `cap` px high, as it may fall on pixels."""
    size = round(FINER * cap / 0.75)  # a capital is three quarters of the typeface's size
    box = cv2.getTextSize((0, 0), str(number), (0, 0), _face(), size, 700)[2]
    image = np.zeros((3 * size, box + 2 * size), np.uint8)
    cv2.putText(image, str(number), (size, 2 * size), (255,), _face(), size, 700)
    shape = _cut(image)
    found = []
    for y in range(FINER):
        for x in range(FINER):
            height = -(-(shape.shape[0] + y) // FINER) * FINER
            breadth = -(-(shape.shape[1] + x) // FINER) * FINER
            fine = np.zeros((height, breadth), np.uint8)
            fine[y : y + shape.shape[0], x : x + shape.shape[1]] = shape
            coarse = cv2.resize(fine, (breadth // FINER, height // FINER), interpolation=cv2.INTER_AREA)
            found.append(cv2.copyMakeBorder(coarse, 1, 1, 1, 1, cv2.BORDER_CONSTANT))
    return tuple(found)
