"""Furniture: what stands against the walls and carries devices. Each kind is a few boxes; one function a kind.

A piece is drawn in its own frame: x to the right of someone who stands before it, y away from them, z up, origin at the
middle of its back on the floor, so that it fits against a wall by the wall's heading.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import numpy as np

from switch_bench.physics.draft import Draft, Recipe
from switch_bench.physics.frames import quaternion, turn_z

STEEL = Recipe(material="steel")


@dataclass(frozen=True)
class Piece:
    """One piece of furniture as placed: width, depth, height [m]; `front` and `top` say what it is made of."""

    name: str
    kind: str
    zone: str
    at: tuple[float, float]  # where its back's middle stands (x, y)
    heading: float  # rotation about z of its frame
    width: float
    depth: float
    height: float
    front: str = "oak"
    top: str = "stone"
    base: float = 0.0  # height of its underside above the floor (a wall cabinet)
    gaps: tuple[tuple[float, float], ...] = ()  # (from, to) along its width kept free for built-in devices


@dataclass
class Placer:
    """Adds boxes in a piece's frame."""

    draft: Draft
    piece: Piece
    axes: np.ndarray = field(init=False)
    quat: list[float] = field(init=False)

    def __post_init__(self):
        self.axes = turn_z(self.piece.heading)
        self.quat = quaternion(self.axes)

    def world(self, at: Sequence[float]) -> list[float]:
        """A point of the piece's frame in the world."""
        return (np.array([*self.piece.at, 0.0]) + self.axes @ np.asarray(at, float)).tolist()

    def box(self, size: Sequence[float], at: Sequence[float], recipe: Recipe, *, solid: bool = True) -> None:
        """A box by full size and centre."""
        half = [s / 2 for s in size]
        body = self.draft.spec.worldbody
        self.draft.geom(body, self.piece.zone, "box", half, self.world(at), recipe=recipe, quat=self.quat, solid=solid)

    def cylinder(
        self, diameter: float, height: float, at: Sequence[float], recipe: Recipe, *, solid: bool = True
    ) -> None:
        """An upright cylinder by centre."""
        body = self.draft.spec.worldbody
        size = [diameter / 2, height / 2]
        self.draft.geom(body, self.piece.zone, "cylinder", size, self.world(at), recipe=recipe, solid=solid)


def _doors(p: Placer, x0: float, x1: float, low: float, high: float, front: float) -> None:
    """Cabinet fronts of about 0.6 m, with handles, on the plane y = front."""
    width = x1 - x0
    n = max(1, round(width / 0.55))
    step = width / n
    recipe = Recipe(material=p.piece.front)
    handle = low + 0.10 if p.piece.base > 0.5 else high - 0.14
    for i in range(n):
        middle = x0 + step * (i + 0.5)
        p.box([step - 0.006, 0.018, high - low - 0.006], [middle, front - 0.009, (low + high) / 2], recipe)
        side = 1 if i % 2 == 0 else -1
        p.box([0.012, 0.02, 0.14], [middle + side * (step / 2 - 0.05), front - 0.03, handle], STEEL, solid=False)


def _spans(piece: Piece) -> list[tuple[float, float]]:
    """The stretches of the width that no built-in device takes."""
    spans, at = [], -piece.width / 2
    for start, end in sorted(piece.gaps):
        if start - at > 0.02:
            spans.append((at, start))
        at = end
    if piece.width / 2 - at > 0.02:
        spans.append((at, piece.width / 2))
    return spans


def _counter(p: Placer) -> None:
    w, d, h = p.piece.width, p.piece.depth, p.piece.height
    inside = Recipe(material="white")
    for x0, x1 in _spans(p.piece):
        middle = (x0 + x1) / 2
        p.box([x1 - x0, d - 0.06, h - 0.14], [middle, -(d - 0.06) / 2, (h + 0.06) / 2], inside)
        p.box([x1 - x0, d - 0.10, 0.10], [middle, -(d - 0.10) / 2, 0.05], Recipe(material="laminate_grey"))
        _doors(p, x0, x1, 0.10, h - 0.045, -(d - 0.06))
    p.box([w, d, 0.04], [0.0, -d / 2, h - 0.02], Recipe(material=p.piece.top))


def _wall_cabinet(p: Placer) -> None:
    w, d, low = p.piece.width, p.piece.depth, p.piece.base
    high = low + p.piece.height
    p.box([w, d - 0.02, high - low], [0.0, -(d - 0.02) / 2, (low + high) / 2], Recipe(material="white"))
    _doors(p, -w / 2, w / 2, low, high, -(d - 0.02))


def _tall_cabinet(p: Placer) -> None:
    w, d, h = p.piece.width, p.piece.depth, p.piece.height
    p.box([w, d - 0.02, h], [0.0, -(d - 0.02) / 2, h / 2], Recipe(material="white"))
    _doors(p, -w / 2, w / 2, 0.10, h, -(d - 0.02))


def _table(p: Placer) -> None:
    w, d, h = p.piece.width, p.piece.depth, p.piece.height
    p.box([w, d, 0.03], [0.0, -d / 2, h - 0.015], Recipe(material=p.piece.top))
    for x in (-w / 2 + 0.05, w / 2 - 0.05):
        for y in (-0.05, -d + 0.05):
            p.box([0.05, 0.05, h - 0.03], [x, y, (h - 0.03) / 2], Recipe(material=p.piece.front))


def _shelf(p: Placer) -> None:
    """Boards between two sides, or a single board where there is no height for more."""
    w, d, low, h = p.piece.width, p.piece.depth, p.piece.base, p.piece.height
    wood = Recipe(material=p.piece.front)
    if h < 0.1:
        p.box([w, d, h], [0.0, -d / 2, low + h / 2], wood)
        return
    for x in (-w / 2 + 0.01, w / 2 - 0.01):
        p.box([0.02, d, h], [x, -d / 2, low + h / 2], wood)
    n = max(2, round(h / 0.36) + 1)
    for i in range(n):
        p.box([w - 0.04, d, 0.02], [0.0, -d / 2, low + 0.01 + (h - 0.02) * i / (n - 1)], wood)


def _sink(p: Placer) -> None:
    """A steel basin let into the counter it lies in, with a tap."""
    w, d, h = p.piece.width, p.piece.depth, p.piece.base + p.piece.height
    p.box([w - 0.04, d - 0.08, 0.004], [0.0, -d / 2, h + 0.002], STEEL)
    p.box([w / 2, d - 0.16, 0.003], [-w / 8, -d / 2, h + 0.0045], Recipe(material="steel_dark"), solid=False)
    p.cylinder(0.03, 0.26, [0.0, -0.07, h + 0.13], STEEL)
    p.box([0.024, 0.18, 0.024], [0.0, -0.15, h + 0.26], STEEL)


def _rug(p: Placer) -> None:
    w, d = p.piece.width, p.piece.depth
    p.box([w, d, 0.006], [0.0, -d / 2, 0.003], Recipe(material=p.piece.top, cube=False), solid=False)


def _chair(p: Placer) -> None:
    wood = Recipe(material=p.piece.front)
    p.box([0.42, 0.42, 0.03], [0.0, -0.21, 0.45], Recipe(material=p.piece.top))
    p.box([0.42, 0.03, 0.42], [0.0, -0.015, 0.70], wood)
    for x in (-0.19, 0.19):
        for y in (-0.02, -0.40):
            p.box([0.035, 0.035, 0.44], [x, y, 0.22], wood)


def _sofa(p: Placer) -> None:
    w, d = p.piece.width, p.piece.depth
    cloth = Recipe(material=p.piece.top)
    p.box([w, d, 0.42], [0.0, -d / 2, 0.21], cloth)
    p.box([w, 0.20, 0.42], [0.0, -0.10, 0.62], cloth)
    for x in (-w / 2 + 0.09, w / 2 - 0.09):
        p.box([0.18, d, 0.20], [x, -d / 2, 0.52], cloth)
    for x in (-w / 4 + 0.03, w / 4 - 0.03):
        p.box([w / 2 - 0.22, d - 0.26, 0.06], [x, -d / 2 - 0.10, 0.45], Recipe(material=p.piece.front))


def _bed(p: Placer) -> None:
    w, d = p.piece.width, p.piece.depth
    p.box([w, d, 0.25], [0.0, -d / 2, 0.125], Recipe(material=p.piece.front))
    p.box([w - 0.04, d - 0.06, 0.22], [0.0, -d / 2, 0.36], Recipe(material=p.piece.top))
    p.box([w, 0.05, 0.95], [0.0, -0.025, 0.475], Recipe(material=p.piece.front))


def _plant(p: Placer) -> None:
    p.cylinder(0.28, 0.30, [0.0, -0.16, 0.15], Recipe(material="ceramic", tint=(0.72, 0.42, 0.30)))
    world = p.draft.spec.worldbody
    for i, (x, y, z, r) in enumerate([(0.0, -0.16, 0.62, 0.20), (0.12, -0.20, 0.85, 0.15), (-0.10, -0.10, 0.90, 0.16)]):
        size = [r, r * 0.9, r * 1.3]
        name = f"{p.piece.name}/leaves_{i}"
        recipe = Recipe(material="leaf")
        p.draft.geom(world, p.piece.zone, "ellipsoid", size, p.world([x, y, z]), recipe=recipe, name=name, solid=False)


KINDS: dict[str, Callable[[Placer], None]] = {
    "counter": _counter,
    "base_cabinet": _counter,
    "island": _counter,
    "wall_cabinet": _wall_cabinet,
    "tall_cabinet": _tall_cabinet,
    "table": _table,
    "shelf": _shelf,
    "sink": _sink,
    "rug": _rug,
    "chair": _chair,
    "sofa": _sofa,
    "bed": _bed,
    "plant": _plant,
}


def add_furniture(draft: Draft, piece: Piece) -> None:
    """Build one piece."""
    KINDS[piece.kind](Placer(draft, piece))


def surface(piece: Piece) -> float:
    """Height [m] of the surface things stand on."""
    return piece.base + piece.height


def on_top(piece: Piece, along: float, depth: float) -> tuple[list[float], np.ndarray]:
    """World position and axes of a spot `along` from the middle of the width and `depth` from its back [m]."""
    axes = turn_z(piece.heading)
    at = np.array([*piece.at, 0.0]) + axes @ np.array([along, -depth, surface(piece)])
    return at.tolist(), axes
