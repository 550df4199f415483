"""Colours as RGB 0..1: which ink can be read on a ground, shifts of hue, mixtures."""

from __future__ import annotations

import colorsys

Colour = tuple[float, float, float]

LIGHT_INK: Colour = (0.95, 0.95, 0.93)
DARK_INK: Colour = (0.09, 0.10, 0.11)


def luminance(colour: Colour) -> float:
    """Relative luminance 0..1 of an sRGB colour (WCAG 2.1)."""
    r, g, b = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in colour)
    return 0.2126 * r + 0.7152 * g + 0.0722 * b


def contrast(a: Colour, b: Colour) -> float:
    """Contrast ratio 1..21 (WCAG 2.1); small print wants 4.5."""
    lighter, darker = sorted((luminance(a), luminance(b)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def ink_on(ground: Colour) -> Colour:
    """Near-white or near-black: what can be read on the ground; near-white where it is close, as designers do."""
    return LIGHT_INK if contrast(LIGHT_INK, ground) >= 0.7 * contrast(DARK_INK, ground) else DARK_INK


def mix(a: Colour, b: Colour, share: float) -> Colour:
    """`a` with `share` (0..1) of `b` in it."""
    return tuple(x + (y - x) * share for x, y in zip(a, b, strict=True))  # type: ignore[return-value]


def shift_hue(colour: Colour, degrees: float) -> Colour:
    """The colour turned round the colour circle; greys stay as they are."""
    hue, saturation, value = colorsys.rgb_to_hsv(*colour)
    return colorsys.hsv_to_rgb((hue + degrees / 360.0) % 1.0, saturation, value)
