"""Displays: seven-segment digits, liquid crystal, dot matrix; small pictures, new when the text changes."""

from __future__ import annotations

from functools import lru_cache

import cv2
import numpy as np

from switch_bench.devices.base import Display
from switch_bench.faces import segments
from switch_bench.faces.colour import Colour, mix
from switch_bench.network.adding import total
from switch_bench.screens.canvas import Canvas
from switch_bench.screens.lettering import MEDIUM, measure

MAX_WIDTH, MAX_HEIGHT = 256, 128  # px
_GLASS: Colour = (0.022, 0.024, 0.028)
_LCD: Colour = (0.665, 0.715, 0.620)
_LCD_INK: Colour = (0.075, 0.095, 0.085)


class DisplayError(ValueError):
    """A display can't show this text."""


def display_pixels(display: Display) -> tuple[int, int]:
    """(width, height) of the display's picture [px]: as large as fits into 256 × 128, in multiples of 4."""
    w, h = display.size
    scale = min(MAX_WIDTH / w, MAX_HEIGHT / h)
    return max(round(w * scale / 4) * 4, 8), max(round(h * scale / 4) * 4, 8)


def draw_display(
    display: Display, text: str, size: tuple[int, int] | None = None, *, powered: bool = True, lit: bool = False
) -> np.ndarray:
    """The display's picture, (h, w, 3) uint8 RGB; read-only, as it is cached.

    text: as it is to be seen, `screens.text.text` already applied; lines end with newlines. On "lcd" and "dot_matrix"
        a word "icon:<name>" is drawn as the pictogram.
    size: (width, height) [px], by default `display_pixels`.
    powered: without power segments and dots are dark and a crystal is empty.
    lit: a crystal's back light is on, in the display's colour; the other styles shine by themselves.

    Raises:
        DisplayError: seven segments can't form a character, or there are more than the display has columns.
        UnknownIconError: no such pictogram.
    """
    style = {"seven_segment": _seven_segment, "lcd": _lcd, "dot_matrix": _dot_matrix}[display.style]
    if display.style == "seven_segment":
        _glyphs(display, text)
    return style(display, text if powered else "", powered and lit, size or display_pixels(display))


@lru_cache(maxsize=256)
def _seven_segment(display: Display, text: str, lit: bool, size_px: tuple[int, int]) -> np.ndarray:
    width, height = size_px
    glyphs = _glyphs(display, text)
    clock = display.columns == 5 and len(glyphs) <= 4
    cells = 4 if clock else display.columns
    colon_after = cells - 3 if clock else next((i for i, g in enumerate(glyphs) if ":" in g), -1)
    blank = cells - len(glyphs)
    glyphs = [""] * blank + glyphs
    if not clock and colon_after >= 0:
        colon_after += blank
    pitch = segments.WIDTH + 0.19
    extra = 0.20 if colon_after >= 0 else 0.0
    wide = cells * pitch - 0.19 + extra + segments.SLANT
    size = min(height * 0.70, width * 0.90 / wide)
    left = (width - (wide - segments.SLANT) * size) / 2 - 0.02 * size
    top = (height - size) / 2
    shining, dim = display.colour, mix(_GLASS, display.colour, 0.085)
    canvas = Canvas(width, height, _GLASS)
    glow = Canvas(width, height, (0.0, 0.0, 0.0), oversample=2)

    def dot(x: float, y: float, on: bool) -> None:
        x += (0.5 - (y - top) / size) * segments.SLANT * size
        canvas.disc(x, y, 0.07 * size, shining if on else dim)
        if on:
            glow.disc(x, y, 0.07 * size, shining)

    for cell, glyph in enumerate(glyphs):
        x = left + (cell * pitch + (extra if 0 <= colon_after < cell else 0.0)) * size
        on = segments.lit(glyph[0]) or "" if glyph else ""
        for segment in sorted("abcdefg", key=lambda s: s in on):
            path = segments.outline(segment, x, top, size)
            canvas.polygon(path, shining if segment in on else dim)
            if segment in on:
                glow.polygon(path, shining)
        dot(x + (segments.WIDTH + 0.085) * size, top + 0.94 * size, "." in glyph[1:])
        if cell == colon_after:
            for y in (0.31, 0.69):
                dot(x + (segments.WIDTH + 0.195) * size, top + y * size, ":" in glyph[1:])
    return _bloom(canvas.result(), glow.result(), size * 0.16)


def _glyphs(display: Display, text: str) -> list[str]:
    """The characters with the points and colons that follow them: "12:30" is ["1", "2:", "3", "0"]."""
    glyphs: list[str] = []
    for character in text.strip("\n"):
        if character in ".:":
            if not glyphs or character in glyphs[-1][1:]:
                glyphs.append(" ")
            glyphs[-1] += character
        elif segments.lit(character) is None:
            raise DisplayError(f"seven segments can't form {character!r} of {text!r} (display {display.signal!r})")
        else:
            glyphs.append(character)
    if len(glyphs) > display.columns:
        n = len(glyphs)
        raise DisplayError(f"{text!r} takes {n} digits, the display {display.signal!r} has {display.columns}")
    return glyphs


def _bloom(picture: np.ndarray, glow: np.ndarray, sigma: float) -> np.ndarray:
    halo = cv2.GaussianBlur(glow, (0, 0), max(sigma, 0.8))
    picture = np.clip(picture.astype(np.int32) + halo.astype(np.int32) * 28 // 100, 0, 255).astype(np.uint8)
    picture.flags.writeable = False
    return picture


@lru_cache(maxsize=256)
def _lcd(display: Display, text: str, lit: bool, size_px: tuple[int, int]) -> np.ndarray:
    width, height = size_px
    ground = mix((1.0, 1.0, 1.0), display.colour, 0.4) if lit else _LCD
    canvas = Canvas(width, height, ground, oversample=3)
    shade = height * 0.05
    canvas.rect(0, 0, width, shade, (0.0, 0.0, 0.0), alpha=0.22)  # the frame's shadow in the window
    canvas.rect(0, 0, shade * 0.7, height, (0.0, 0.0, 0.0), alpha=0.12)
    drop = max(height * 0.014, 0.8)
    _write(canvas, display, text, _LCD_INK, drop, 0.16)  # the crystal's own shadow on the reflector
    _write(canvas, display, text, _LCD_INK, 0.0, 1.0)
    picture = canvas.result()
    picture.flags.writeable = False
    return picture


def _write(canvas: Canvas, display: Display, text: str, ink: Colour, shift: float, alpha: float) -> None:
    lines = text.split("\n")
    rows = max(display.rows, len(lines))
    pitch = canvas.height * 0.88 / rows
    room = canvas.width * 0.92
    nominal = _nominal(display, canvas.width, canvas.height, len(lines))
    for row, line in enumerate(lines):
        if line.strip():
            y = canvas.height * 0.06 + pitch * (row + 0.5) + shift
            words = line.split(" ")
            cap = min(nominal, nominal * room / max(_wide(words, nominal), 1e-9))
            x = canvas.width * 0.04 if rows > 1 else (canvas.width - _wide(words, cap)) / 2
            x += shift
            for word in words:
                name = word.removeprefix("icon:")
                if name != word:
                    canvas.icon(name, x + _ICON * cap / 2, y, _ICON * cap, ink, alpha)
                else:
                    canvas.text(word, x, y, cap, ink, MEDIUM, "left", alpha)
                x += _wide([word], cap) + _SPACE * cap


_SPACE, _ICON = 0.42, 1.35  # of the cap height


def _nominal(display: Display, width: float, height: float, lines: int) -> float:
    """The cap height at which the display's rows and columns fill it."""
    rows = max(display.rows, lines)
    return min(height * 0.88 / rows * (0.66 if rows == 1 else 0.54), width * 0.92 / (display.columns * 0.80))


def _wide(words: list[str], cap: float) -> float:
    each = (_ICON * cap if word.startswith("icon:") else measure(word, cap)[0] for word in words)
    return total(each) + _SPACE * cap * (len(words) - 1)


@lru_cache(maxsize=256)
def _dot_matrix(display: Display, text: str, lit: bool, size_px: tuple[int, int]) -> np.ndarray:
    width, height = size_px
    pitch = max(2, int(_nominal(display, width, height, text.count("\n") + 1) / 10))
    dots = Canvas(width // pitch, height // pitch, (0.0, 0.0, 0.0), oversample=4)
    _write(dots, display, text, (1.0, 1.0, 1.0), 0.0, 1.0)
    level = dots.result()[..., 0].astype(np.float32) / 255.0
    level = np.clip(2.2 * level - 0.5, 0.0, 1.0)
    big = 4 * pitch
    cell = np.zeros((big, big), np.uint8)
    cv2.circle(cell, (big // 2, big // 2), round(big * 0.44), (255,), -1)
    dot = cv2.resize(cell, (pitch, pitch), interpolation=cv2.INTER_AREA).astype(np.float32) / 255.0
    shine = np.kron(0.05 + 0.95 * level, dot)
    full = np.zeros((height, width), np.float32)
    y, x = (height - shine.shape[0]) // 2, (width - shine.shape[1]) // 2
    full[y : y + shine.shape[0], x : x + shine.shape[1]] = shine
    colour = np.array(display.colour, np.float32) * 255.0
    picture = np.array(_GLASS, np.float32) * 255.0 * (1 - full[..., None]) + full[..., None] * colour
    picture = picture.astype(np.uint8)
    return _bloom(picture, picture, pitch * 1.2)
