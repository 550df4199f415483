"""Legends on the moving parts: key caps, buttons, rockers, knob tops."""

from __future__ import annotations

from functools import lru_cache

import numpy as np

from switch_bench.controls.base import Control
from switch_bench.controls.keypad import Keypad
from switch_bench.faces.colour import Colour, ink_on, mix, shift_hue
from switch_bench.faces.footprint import footprint
from switch_bench.faces.layout import PLAIN, FaceVariation
from switch_bench.faces.print import ICON, unknown
from switch_bench.screens.canvas import Canvas
from switch_bench.screens.lettering import BOLD, fit, wrap

SIDE = 96  # px, the longer side


def cap_pixels(control: Control, key: str = "", size_px: int = SIDE) -> tuple[int, int]:
    """(width, height) of a cap's picture [px]: the cap's aspect, the longer side `size_px`, multiples of 4.

    Raises as `draw_cap`.
    """
    box = footprint(_key(control, key) if isinstance(control, Keypad) else control)
    scale = size_px / max(box.width, box.height)
    return max(round(box.width * scale / 4) * 4, 8), max(round(box.height * scale / 4) * 4, 8)


def draw_cap(control: Control, size_px: int = SIDE, key: str = "", variation: FaceVariation = PLAIN) -> np.ndarray:
    """The face of a control's moving part with its legend, (h, w, 3) uint8 RGB, see `cap_pixels`; read-only.

    The legend is `control.legend` (words, or "icon:<name>"), printed in what contrasts with `control.colour`.
    key: which key of a `Keypad`.

    Raises:
        PanelError: a keypad has no such key.
        UnknownIconError: the legend names a pictogram that isn't there.
    """
    one = _key(control, key) if isinstance(control, Keypad) else control
    legend = variation.words.get(one.legend, one.legend)
    width, height = cap_pixels(one, size_px=size_px)
    return _draw(legend, shift_hue(one.colour, variation.hue), width, height)


def _key(keypad: Keypad, key: str) -> Control:
    buttons = {button.name.removeprefix(f"{keypad.name}_"): button for button in keypad.keys_as_buttons()}
    if key not in buttons:
        raise unknown(f"keypad {keypad.name!r} has no key", key, buttons)
    return buttons[key]


@lru_cache(maxsize=512)
def _draw(legend: str, colour: Colour, width: int, height: int) -> np.ndarray:
    canvas = Canvas(width, height, colour)
    edge = 0.045 * min(width, height)
    canvas.line([(0, edge / 2), (width, edge / 2)], mix(colour, (1.0, 1.0, 1.0), 0.5), edge, 0.5)
    canvas.line([(0, height - edge / 2), (width, height - edge / 2)], mix(colour, (0.0, 0.0, 0.0), 0.5), edge, 0.5)
    ink = ink_on(colour)
    if legend.startswith(ICON):
        canvas.icon(legend.removeprefix(ICON), width / 2, height / 2, 0.74 * min(width, height), ink)
    elif legend:
        cap = _size(legend, width, height)
        if cap < 0.22 * height and " " in legend:
            legend = wrap(legend, 0.8 * width, 0.2 * height)
            cap = _size(legend, width, height)
        canvas.text(legend, width / 2, height / 2, cap, ink, BOLD)
    picture = canvas.result()
    picture.flags.writeable = False
    return picture


def _size(legend: str, width: int, height: int) -> float:
    return fit(legend, 0.80 * width, 0.72 * height, 0.52 * min(width, height), BOLD)
