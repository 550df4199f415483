"""Materials by name: a drawn, seamless texture or a plain colour, and how it takes the light."""

from __future__ import annotations

import difflib
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from switch_bench.faces import grain

Rgba = tuple[float, float, float, float]
Draw = Callable[[np.random.Generator], np.ndarray]


@dataclass(frozen=True, eq=False)
class Material:
    """How a surface looks.

    texture: (n, n, 3) uint8 RGB, tiling in both directions, or None; it is multiplied by `rgba`. size: of one tile of
    the texture (along x, along y) [m]. specular, shininess, reflectance, emission: 0..1 as MuJoCo's.
    """

    name: str
    rgba: Rgba = (1.0, 1.0, 1.0, 1.0)
    texture: np.ndarray | None = None
    size: tuple[float, float] = (1.0, 1.0)
    specular: float = 0.2
    shininess: float = 0.3
    reflectance: float = 0.0
    emission: float = 0.0


class UnknownMaterialError(ValueError):
    """There is no material of this name."""

    def __init__(self, name: str):
        close = difflib.get_close_matches(name, _TABLE, n=3, cutoff=0.5)
        hint = f"; did you mean {' or '.join(close)}?" if close else f"; there are {', '.join(names())}"
        super().__init__(f"no material named {name!r}{hint}")
        self.name, self.close = name, tuple(close)


@dataclass(frozen=True)
class _Row:
    rgb: tuple[float, float, float] = (1.0, 1.0, 1.0)
    draw: Draw | None = None
    size: float | tuple[float, float] = 1.0
    specular: float = 0.2
    shininess: float = 0.3
    reflectance: float = 0.0
    alpha: float = 1.0
    emission: float = 0.0


def names() -> tuple[str, ...]:
    """All materials, sorted."""
    return tuple(sorted(_TABLE))


@lru_cache(maxsize=128)
def material(name: str, seed: int = 0) -> Material:
    """The material `name`; `seed` chooses among textures of the same kind. Textures are read-only, as they are cached.

    Raises:
        UnknownMaterialError: no such name; says which come close.
    """
    if name not in _TABLE:
        raise UnknownMaterialError(name)
    row = _TABLE[name]
    texture = None
    if row.draw is not None:
        rng = np.random.Generator(np.random.PCG64([zlib.crc32(name.encode()), seed]))
        texture = np.clip(row.draw(rng) * 255.0 + 0.5, 0, 255).astype(np.uint8)
        texture.flags.writeable = False
    size = row.size if isinstance(row.size, tuple) else (row.size, row.size)
    rgba = (*row.rgb, row.alpha)
    return Material(name, rgba, texture, size, row.specular, row.shininess, row.reflectance, row.emission)


_OAK = ((0.80, 0.64, 0.44), (0.69, 0.51, 0.32), (0.50, 0.35, 0.20))
_WALNUT = ((0.47, 0.32, 0.22), (0.36, 0.235, 0.155), (0.21, 0.13, 0.085))
_BEECH = ((0.86, 0.71, 0.54), (0.79, 0.62, 0.45), (0.66, 0.48, 0.33))
_WHITEWASH = ((0.90, 0.89, 0.86), (0.86, 0.845, 0.81), (0.76, 0.735, 0.69))
_ASH = ((0.66, 0.64, 0.60), (0.58, 0.555, 0.52), (0.45, 0.425, 0.39))


def _wood(colours: tuple[grain.Rgb, grain.Rgb, grain.Rgb], rings: int = 6) -> Draw:
    return lambda rng: grain.wood(rng, 512, colours, rings)


def _planks(colours: tuple[grain.Rgb, grain.Rgb, grain.Rgb], columns: int = 8, jitter: float = 0.035) -> Draw:
    return lambda rng: grain.planks(rng, 512, columns, 2, colours, jitter)


def _brushed(tone: float, tint: grain.Rgb = (1.0, 1.0, 1.0)) -> Draw:
    def draw(rng: np.random.Generator) -> np.ndarray:
        streaks = grain.noise(rng, 256, 0.35, (48.0, 1.0)) * 0.022 + grain.noise(rng, 256, 1.0, (12.0, 1.0)) * 0.012
        return np.asarray(tint) * (tone + streaks)[..., None]

    return draw


def _plaster(colour: grain.Rgb, depth: float = 0.012) -> Draw:
    def draw(rng: np.random.Generator) -> np.ndarray:
        relief = grain.noise(rng, 256, 0.8, coarse=6.0)
        light = np.roll(relief, 1, 0) - relief + np.roll(relief, 1, 1) - relief  # lit from the upper left
        return np.asarray(colour) * (1.0 + depth * light + 0.008 * grain.noise(rng, 256, 1.6))[..., None]

    return draw


def _carpet(colour: grain.Rgb) -> Draw:
    def draw(rng: np.random.Generator) -> np.ndarray:
        tufts = grain.noise(rng, 512, 0.5, coarse=40.0) * 0.10 + grain.noise(rng, 512, 1.4) * 0.025
        return np.asarray(colour) * (1.0 + tufts)[..., None]

    return draw


def _marbled(colours: tuple[grain.Rgb, ...]) -> Draw:
    def draw(rng: np.random.Generator) -> np.ndarray:
        streaks = grain.noise(rng, 512, 1.1, (3.0, 1.0), coarse=10.0) + 0.35 * grain.noise(rng, 512, 0.3)
        return grain.ramp(np.clip(0.5 + 0.2 * streaks, 0.0, 1.0), colours)

    return draw


def _marble(rng: np.random.Generator) -> np.ndarray:
    warp = grain.noise(rng, 512, 1.7)
    vein = np.exp(-np.abs(warp + 0.15 * grain.noise(rng, 512, 1.0)) * 9.0)
    cloud = 0.015 * grain.noise(rng, 512, 1.4)
    return np.array((0.93, 0.925, 0.915)) + cloud[..., None] - vein[..., None] * np.array((0.26, 0.25, 0.235))


def _tiles(n: int, face: grain.Rgb, grout: grain.Rgb, jitter: float = 0.012) -> Draw:
    return lambda rng: grain.tiles(rng, 512, n, n, face, grout, jitter=jitter)


def _metro(face: grain.Rgb, grout: grain.Rgb) -> Draw:
    return lambda rng: grain.tiles(rng, 512, 2, 4, face, grout, gap=5.0, offset=0.5)


def _slate_tiles(rng: np.random.Generator) -> np.ndarray:
    tone = 1.0 + 0.08 * grain.noise(rng, 512, 1.1, (2.0, 1.0))[..., None]
    return grain.tiles(rng, 512, 2, 2, np.array((0.34, 0.35, 0.37)) * tone, (0.52, 0.51, 0.49), 5.0, jitter=0.02)


def _chequered(rng: np.random.Generator) -> np.ndarray:
    index, _ = grain.grid(512, 4, 4, 3.0)
    dark = ((index // 4 + index % 4) % 2 == 1)[..., None]
    face = np.where(dark, (0.16, 0.165, 0.17), (0.88, 0.87, 0.84)) * (1 + 0.02 * grain.noise(rng, 512, 1.3)[..., None])
    return grain.tiles(rng, 512, 4, 4, face, (0.5, 0.49, 0.47), 3.0)


def _speckle(base: grain.Rgb, *specks: tuple[grain.Rgb, float]) -> Draw:
    return lambda rng: grain.speckle(rng, 512, base, specks)


def _weave(colour: grain.Rgb, threads: int = 64) -> Draw:
    return lambda rng: grain.weave(rng, 512, colour, threads)


_TABLE = {
    # woods, grain along y
    "oak": _Row(draw=_wood(_OAK), size=(0.5, 1.0), specular=0.15, shininess=0.25),
    "walnut": _Row(draw=_wood(_WALNUT), size=(0.5, 1.0), specular=0.15, shininess=0.25),
    "beech": _Row(draw=_wood(_BEECH, 8), size=(0.5, 1.0), specular=0.15, shininess=0.25),
    "wood_white": _Row(draw=_wood(_WHITEWASH), size=(0.5, 1.0), specular=0.15, shininess=0.25),
    "wood_grey": _Row(draw=_wood(_ASH), size=(0.5, 1.0), specular=0.15, shininess=0.25),
    # floors
    "parquet": _Row(draw=_planks(_OAK), size=(1.0, 1.6), specular=0.25, shininess=0.4, reflectance=0.03),
    "parquet_dark": _Row(draw=_planks(_WALNUT), size=(1.0, 1.6), specular=0.25, shininess=0.4, reflectance=0.03),
    "laminate_grey": _Row(draw=_planks(_ASH, 6, 0.025), size=(1.1, 2.2), specular=0.2, shininess=0.35),
    "linoleum": _Row(draw=_marbled(((0.55, 0.60, 0.60), (0.63, 0.67, 0.66), (0.72, 0.75, 0.73))), size=1.2),
    "linoleum_warm": _Row(draw=_marbled(((0.62, 0.52, 0.41), (0.70, 0.60, 0.48), (0.78, 0.69, 0.57))), size=1.2),
    "carpet": _Row(draw=_carpet((0.47, 0.48, 0.51)), size=0.8, specular=0.0, shininess=0.0),
    "carpet_beige": _Row(draw=_carpet((0.68, 0.61, 0.51)), size=0.8, specular=0.0, shininess=0.0),
    "carpet_blue": _Row(draw=_carpet((0.23, 0.31, 0.44)), size=0.8, specular=0.0, shininess=0.0),
    "tiles_floor": _Row(draw=_slate_tiles, size=1.2, specular=0.3, shininess=0.4, reflectance=0.04),
    "tiles_chequered": _Row(draw=_chequered, size=1.2, specular=0.35, shininess=0.5, reflectance=0.05),
    "concrete": _Row(draw=_plaster((0.58, 0.58, 0.57), 0.03), size=1.0, specular=0.05, shininess=0.1),
    # walls
    "tiles": _Row(draw=_tiles(4, (0.91, 0.915, 0.91), (0.70, 0.70, 0.68)), size=0.6, specular=0.5, shininess=0.7),
    "tiles_green": _Row(draw=_tiles(4, (0.55, 0.69, 0.62), (0.82, 0.81, 0.78), 0.02), size=0.6, specular=0.5),
    "tiles_blue": _Row(draw=_tiles(4, (0.42, 0.56, 0.70), (0.84, 0.83, 0.81), 0.025), size=0.6, specular=0.5),
    "tiles_metro": _Row(draw=_metro((0.93, 0.93, 0.915), (0.60, 0.60, 0.58)), size=0.4, specular=0.5, shininess=0.7),
    "plaster": _Row(draw=_plaster((0.905, 0.895, 0.87)), size=0.8, specular=0.02, shininess=0.05),
    "plaster_white": _Row(draw=_plaster((0.95, 0.95, 0.945)), size=0.8, specular=0.02, shininess=0.05),
    "plaster_warm": _Row(draw=_plaster((0.885, 0.82, 0.71)), size=0.8, specular=0.02, shininess=0.05),
    "plaster_blue": _Row(draw=_plaster((0.70, 0.77, 0.82)), size=0.8, specular=0.02, shininess=0.05),
    "plaster_green": _Row(draw=_plaster((0.74, 0.795, 0.705)), size=0.8, specular=0.02, shininess=0.05),
    "ceiling": _Row(rgb=(0.95, 0.95, 0.94), specular=0.0, shininess=0.0),
    # worktops
    "stone": _Row(
        draw=_speckle(
            (0.23, 0.235, 0.245), ((0.40, 0.40, 0.41), 0.12), ((0.10, 0.10, 0.11), 0.14), ((0.6, 0.58, 0.55), 0.02)
        ),
        size=0.5,
        specular=0.4,
        shininess=0.6,
        reflectance=0.05,
    ),
    "stone_light": _Row(
        draw=_speckle(
            (0.76, 0.745, 0.715), ((0.60, 0.58, 0.55), 0.12), ((0.88, 0.87, 0.85), 0.12), ((0.3, 0.29, 0.28), 0.02)
        ),
        size=0.5,
        specular=0.4,
        shininess=0.6,
        reflectance=0.04,
    ),
    "marble": _Row(draw=_marble, size=1.0, specular=0.45, shininess=0.7, reflectance=0.06),
    # metals
    "steel": _Row(draw=_brushed(0.70, (0.99, 1.0, 1.01)), size=0.3, specular=0.6, shininess=0.5, reflectance=0.06),
    "steel_dark": _Row(draw=_brushed(0.30, (0.99, 1.0, 1.02)), size=0.3, specular=0.5, shininess=0.5, reflectance=0.05),
    "aluminium": _Row(draw=_brushed(0.80), size=0.3, specular=0.5, shininess=0.4, reflectance=0.04),
    "brass": _Row(draw=_brushed(0.80, (0.98, 0.80, 0.44)), size=0.3, specular=0.7, shininess=0.6, reflectance=0.06),
    "copper": _Row(draw=_brushed(0.78, (1.02, 0.62, 0.45)), size=0.3, specular=0.7, shininess=0.6, reflectance=0.06),
    "chrome": _Row(rgb=(0.83, 0.84, 0.86), specular=0.95, shininess=0.9, reflectance=0.15),
    "iron": _Row(rgb=(0.13, 0.13, 0.135), specular=0.25, shininess=0.2),
    # plastics and glazes
    "white": _Row(rgb=(0.93, 0.93, 0.92), specular=0.25, shininess=0.35),
    "black": _Row(rgb=(0.055, 0.056, 0.06), specular=0.35, shininess=0.45),
    "grey": _Row(rgb=(0.50, 0.505, 0.51), specular=0.25, shininess=0.35),
    "plastic": _Row(rgb=(0.90, 0.90, 0.885), specular=0.3, shininess=0.4),
    "plastic_white": _Row(rgb=(0.94, 0.94, 0.93), specular=0.3, shininess=0.4),
    "plastic_black": _Row(rgb=(0.07, 0.071, 0.075), specular=0.35, shininess=0.45),
    "plastic_grey": _Row(rgb=(0.56, 0.565, 0.57), specular=0.3, shininess=0.4),
    "plastic_red": _Row(rgb=(0.72, 0.10, 0.08), specular=0.35, shininess=0.45),
    "lens": _Row(
        rgb=(0.95, 0.95, 0.95), specular=0.6, shininess=0.7
    ),  # a lamp's or lit key's window, tinted by its user
    "rubber": _Row(rgb=(0.10, 0.10, 0.105), specular=0.05, shininess=0.05),
    "enamel": _Row(rgb=(0.955, 0.955, 0.945), specular=0.6, shininess=0.75, reflectance=0.05),
    "enamel_black": _Row(rgb=(0.045, 0.046, 0.05), specular=0.6, shininess=0.75, reflectance=0.05),
    "ceramic": _Row(rgb=(0.95, 0.945, 0.93), specular=0.55, shininess=0.75),
    "glass": _Row(rgb=(0.80, 0.88, 0.90), alpha=0.28, specular=0.9, shininess=0.9, reflectance=0.08),
    "glass_dark": _Row(rgb=(0.035, 0.04, 0.048), specular=0.85, shininess=0.9, reflectance=0.12),
    "glass_smoked": _Row(rgb=(0.10, 0.11, 0.12), alpha=0.62, specular=0.85, shininess=0.9, reflectance=0.08),
    # cloth and the like
    "fabric": _Row(draw=_weave((0.56, 0.57, 0.59)), size=0.12, specular=0.0, shininess=0.0),
    "fabric_blue": _Row(draw=_weave((0.22, 0.33, 0.48)), size=0.12, specular=0.0, shininess=0.0),
    "fabric_green": _Row(draw=_weave((0.34, 0.44, 0.34)), size=0.12, specular=0.0, shininess=0.0),
    "fabric_rust": _Row(draw=_weave((0.66, 0.34, 0.20)), size=0.12, specular=0.0, shininess=0.0),
    "lampshade": _Row(draw=_weave((0.95, 0.92, 0.85), 96), size=0.15, specular=0.0, shininess=0.0),
    "cardboard": _Row(draw=_plaster((0.70, 0.56, 0.40), 0.02), size=0.4, specular=0.0, shininess=0.0),
    "paper": _Row(rgb=(0.96, 0.955, 0.94), specular=0.0, shininess=0.0),
    "leaf": _Row(draw=_marbled(((0.14, 0.30, 0.12), (0.20, 0.40, 0.16), (0.30, 0.50, 0.22))), size=0.15, specular=0.1),
    "soil": _Row(draw=_carpet((0.21, 0.15, 0.11)), size=0.3, specular=0.0, shininess=0.0),
    # what shines or flows
    "flame": _Row(rgb=(0.30, 0.52, 1.0), alpha=0.72, specular=0.0, shininess=0.0, emission=1.0),
    "lit": _Row(rgb=(1.0, 0.96, 0.86), specular=0.0, shininess=0.0, emission=1.0),
    "water": _Row(rgb=(0.55, 0.72, 0.80), alpha=0.45, specular=0.9, shininess=0.9, reflectance=0.1),
}
