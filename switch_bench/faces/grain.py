"""Seamless noise and patterns from which materials are made; every function tiles in both directions."""

from __future__ import annotations

import numpy as np

Rgb = tuple[float, float, float]


def noise(
    rng: np.random.Generator, size: int, rough: float, stretch: tuple[float, float] = (1.0, 1.0), coarse: float = 1.0
) -> np.ndarray:
    """A periodic field (size, size) of mean 0 and deviation 1, with amplitudes falling as frequency^-rough.

    stretch: how much longer features are along x and y. coarse: frequencies below it (cycles a tile) don't fall.
    """
    fx = np.fft.fftfreq(size)[None, :] * size * stretch[0]
    fy = np.fft.fftfreq(size)[:, None] * size * stretch[1]
    amplitude = np.maximum(np.hypot(fx, fy), coarse) ** -rough
    amplitude[0, 0] = 0.0
    field = np.fft.ifft2(np.fft.fft2(rng.standard_normal((size, size))) * amplitude).real
    return (field - field.mean()) / field.std()


def ramp(value: np.ndarray, colours: tuple[Rgb, ...]) -> np.ndarray:
    """The colours, evenly spread over 0..1, interpolated at `value` (h, w): (h, w, 3)."""
    at = np.linspace(0.0, 1.0, len(colours))
    return np.stack([np.interp(value, at, [c[i] for c in colours]) for i in range(3)], -1)


def wood(rng: np.random.Generator, size: int, colours: tuple[Rgb, Rgb, Rgb], rings: int = 7) -> np.ndarray:
    """Planed wood with its grain along y: bent year rings, pores, and tone from light to dark. (size, size, 3)."""
    x = np.arange(size)[None, :] / size
    bend = noise(rng, size, 2.0, (1.0, 5.0))
    phase = (x * rings + 0.42 * bend) % 1.0
    ring = phase**1.6 * (1.0 - np.clip((phase - 0.86) / 0.14, 0.0, 1.0))  # slowly darker, then at once light again
    tone = 0.30 + 0.34 * ring + 0.06 * noise(rng, size, 1.6, (1.0, 8.0))
    pores = np.clip(noise(rng, size, 0.35, (1.0, 26.0)) - 0.9, 0.0, 1.0)
    return ramp(np.clip(tone + 0.16 * pores, 0.0, 1.0), colours)


def grid(size: int, columns: int, rows: int, gap: float, offset: float = 0.0) -> tuple[np.ndarray, np.ndarray]:
    """A wall of tiles: (index of the tile at each pixel, distance to the tile's edge less half the gap [px]).

    gap [px]; offset: share of a tile by which every other row is shifted (rows must then be even).
    """
    y, x = np.mgrid[0:size, 0:size] + 0.5
    row = (y * rows / size).astype(int)
    shifted = (x * columns / size + offset * (row % 2)) % columns
    column = shifted.astype(int)
    dx = np.abs((shifted % 1.0) - 0.5) * size / columns
    dy = np.abs((y * rows / size) % 1.0 - 0.5) * size / rows
    edge = np.minimum(size / columns / 2 - dx, size / rows / 2 - dy) - gap / 2
    return row * columns + column, edge


def tiles(
    rng: np.random.Generator,
    size: int,
    columns: int,
    rows: int,
    face: np.ndarray | Rgb,
    grout: Rgb,
    gap: float = 4.0,
    offset: float = 0.0,
    jitter: float = 0.015,
) -> np.ndarray:
    """Glazed tiles with a soft edge, each of a slightly different tone, and grout between. (size, size, 3)."""
    index, edge = grid(size, columns, rows, gap, offset)
    tone = rng.normal(0.0, jitter, index.max() + 1)[index][..., None]
    bevel = np.clip(edge / 5.0, 0.0, 1.0)[..., None]
    picture = (np.asarray(face) + tone) * (0.90 + 0.10 * bevel)
    cover = np.clip(edge + 0.5, 0.0, 1.0)[..., None]
    soil = 1.0 + 0.03 * noise(rng, size, 0.6)[..., None]
    return picture * cover + np.asarray(grout) * soil * (1 - cover)


def planks(
    rng: np.random.Generator, size: int, columns: int, rows: int, colours: tuple[Rgb, Rgb, Rgb], jitter: float = 0.05
) -> np.ndarray:
    """A floor of boards along y, staggered, each cut from another place of the wood. (size, size, 3)."""
    sheet = wood(rng, size, colours, rings=9)
    index, edge = grid(size, rows, columns, 1.2, 0.5)
    index, edge = index.T, edge.T  # boards run along y
    count = int(index.max()) + 1
    y, x = np.mgrid[0:size, 0:size]
    dy, dx = rng.integers(0, size, count)[index], rng.integers(0, size, count)[index]
    flip = rng.integers(0, 2, count)[index] * 2 - 1
    picture = sheet[(flip * y + dy) % size, (x + dx) % size] + rng.normal(0.0, jitter, count)[index][..., None]
    return picture * (0.45 + 0.55 * np.clip(edge / 1.5 + 0.4, 0.0, 1.0))[..., None]


def speckle(rng: np.random.Generator, size: int, base: Rgb, specks: tuple[tuple[Rgb, float], ...]) -> np.ndarray:
    """Stone or terrazzo: a cloudy base with grains of other colours, each covering a share. (size, size, 3)."""
    picture = np.asarray(base) * (1.0 + 0.05 * noise(rng, size, 1.2)[..., None])
    for colour, share in specks:
        field = noise(rng, size, 0.9, coarse=size / 12)
        cover = np.clip((field - np.quantile(field, 1.0 - share)) * 4.0, 0.0, 1.0)[..., None]
        picture = picture * (1 - cover) + np.asarray(colour) * cover
    return picture


def weave(rng: np.random.Generator, size: int, colour: Rgb, threads: int, depth: float = 0.16) -> np.ndarray:
    """Plain-woven cloth of `threads` a tile (even). (size, size, 3)."""
    y, x = np.mgrid[0:size, 0:size] * (np.pi * threads / size)
    over = np.sin(x) * np.sin(y) > 0
    light = np.where(over, np.abs(np.sin(x)), np.abs(np.sin(y)))
    fuzz = 0.035 * noise(rng, size, 0.4) + 0.006 * noise(rng, size, 1.5)
    return np.asarray(colour) * (1.0 - depth + depth * light + fuzz)[..., None]
