"""Seven-segment digits as geometry: which segments a character lights, and where they lie."""

from __future__ import annotations

import numpy as np

#    a
#  f   b
#    g
#  e   c
#    d
LIT = {
    "0": "abcdef", "1": "bc", "2": "abdeg", "3": "abcdg", "4": "bcfg",
    "5": "acdfg", "6": "acdefg", "7": "abc", "8": "abcdefg", "9": "abcdfg",
    "A": "abcefg", "b": "cdefg", "C": "adef", "c": "deg", "d": "bcdeg", "E": "adefg", "F": "aefg", "G": "acdef",
    "H": "bcefg", "h": "cefg", "I": "ef", "J": "bcde", "L": "def", "n": "ceg", "o": "cdeg", "O": "abcdef",
    "P": "abefg", "q": "abcfg", "r": "eg", "S": "acdfg", "t": "defg", "U": "bcdef", "u": "cde", "y": "bcdfg",
    " ": "", "-": "g", "_": "d", "°": "abfg",
}  # fmt: skip

WIDTH = 0.54  # of a digit's height
THICK = 0.125
SLANT = np.tan(np.radians(6.0))
_GAP = 0.018


def lit(character: str) -> str | None:
    """The segments ("a".."g") of a character, in its other case if need be; None: it can't be shown."""
    for form in (character, character.upper(), character.lower()):
        if form in LIT:
            return LIT[form]
    return None


def outline(segment: str, x: float, y: float, height: float) -> list[tuple[float, float]]:
    """A segment's polygon, for a digit with its upper left corner at (x, y); y down, leaning right."""
    t, w = THICK / 2, WIDTH
    x0, x1, y0, y1, y2 = t, w - t, t, 0.5, 1.0 - t
    ends = {
        "a": ((x0, y0), (x1, y0)),
        "b": ((x1, y0), (x1, y1)),
        "c": ((x1, y1), (x1, y2)),
        "d": ((x0, y2), (x1, y2)),
        "e": ((x0, y1), (x0, y2)),
        "f": ((x0, y0), (x0, y1)),
        "g": ((x0, y1), (x1, y1)),
    }[segment]
    (ax, ay), (bx, by) = ends
    if ay == by:
        ax, bx = ax + _GAP, bx - _GAP
        path = [(ax, ay), (ax + t, ay - t), (bx - t, ay - t), (bx, ay), (bx - t, ay + t), (ax + t, ay + t)]
    else:
        ay, by = ay + _GAP, by - _GAP
        path = [(ax, ay), (ax + t, ay + t), (ax + t, by - t), (ax, by), (ax - t, by - t), (ax - t, ay + t)]
    return [(x + (px + (0.5 - py) * SLANT) * height, y + py * height) for px, py in path]
