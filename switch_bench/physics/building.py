"""The shell of a house: floors, walls, ceilings, doorways and windows of rectangular zones.

Each zone has its own face of every wall, so that a lit room never lights its neighbour's side. A wall's slab lies
inside its zone's rectangle, `WALL` thick.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from switch_bench.physics.draft import Draft, Recipe
from switch_bench.physics.frames import UPRIGHT, quaternion, turn_z, wall_heading
from switch_bench.spec.plan import WALLS, Wall, nearest, on_wall, wall_length
from switch_bench.spec.rooms import Doorway, Zone

WALL = 0.05  # m, half of a 100 mm partition
SKIRTING = 0.08  # m
FRAME = 0.06  # m, width of a door's architrave
TRIM = Recipe(material="enamel")


@dataclass(frozen=True)
class Opening:
    """A hole in a wall, in metres along it from its left end seen from inside; sill 0 is a doorway."""

    start: float
    width: float
    height: float
    sill: float = 0.0
    glazed: bool = False


@dataclass(frozen=True)
class Shell:
    """A zone's rectangle and its surfaces."""

    name: str
    zone: Zone
    floor: Recipe
    wall: Recipe
    ceiling: Recipe
    openings: dict[Wall, tuple[Opening, ...]]

    @property
    def low(self) -> tuple[float, float]:
        """South-west corner (x, y) [m]."""
        return self.zone.at

    @property
    def high(self) -> tuple[float, float]:
        """North-east corner (x, y) [m]."""
        return self.zone.far

    @property
    def middle(self) -> tuple[float, float]:
        """The middle of the floor (x, y) [m]."""
        return (self.low[0] + self.high[0]) / 2, (self.low[1] + self.high[1]) / 2


def add_shell(draft: Draft, shell: Shell) -> None:
    """Build the zone's floor, ceiling and four walls with their openings."""
    x, y = shell.middle
    half = [(shell.high[0] - shell.low[0]) / 2, (shell.high[1] - shell.low[1]) / 2]
    world = draft.spec.worldbody
    flat = Recipe(**{**shell.floor.__dict__, "cube": False})
    draft.geom(world, shell.name, "box", [*half, 0.05], [x, y, -0.05], recipe=flat)
    down = np.diag([1.0, -1.0, -1.0])
    draft.geom(
        world,
        shell.name,
        "box",
        [*half, 0.02],
        [x, y, shell.zone.height + 0.02],
        recipe=Recipe(**{**shell.ceiling.__dict__, "cube": False}),
        quat=quaternion(down),
        name=f"{shell.name}/ceiling",
    )
    for wall in WALLS:
        _add_wall(draft, shell, wall)


def _add_wall(draft: Draft, shell: Shell, wall: Wall) -> None:
    world = draft.spec.worldbody
    recipe = Recipe(**{**shell.wall.__dict__, "cube": False})
    axes = turn_z(wall_heading(wall)) @ UPRIGHT
    quat = quaternion(axes)

    def slab(
        start: float, end: float, low: float, high: float, *, depth: float, recipe: Recipe, out: float = 0.0
    ) -> None:
        if end - start < 1e-6 or high - low < 1e-6:
            return
        px, py = on_wall(shell.zone, wall, (start + end) / 2)
        at = np.array([px, py, (low + high) / 2]) + axes[:, 2] * (depth / 2 + out)
        draft.geom(
            world,
            shell.name,
            "box",
            [(end - start) / 2, (high - low) / 2, depth / 2],
            at.tolist(),
            recipe=recipe,
            quat=quat,
            solid=out == 0.0,
        )

    at = 0.0
    for hole in sorted(shell.openings.get(wall, ()), key=lambda o: o.start):
        end = hole.start + hole.width
        slab(at, hole.start, 0.0, shell.zone.height, depth=WALL, recipe=recipe)
        slab(hole.start, end, hole.sill + hole.height, shell.zone.height, depth=WALL, recipe=recipe)
        slab(hole.start, end, 0.0, hole.sill, depth=WALL, recipe=recipe)
        slab(at, hole.start, 0.0, SKIRTING, depth=0.012, recipe=TRIM, out=WALL)
        _add_frame(slab, hole)
        at = end
    slab(at, wall_length(shell.zone, wall), 0.0, shell.zone.height, depth=WALL, recipe=recipe)
    slab(at, wall_length(shell.zone, wall), 0.0, SKIRTING, depth=0.012, recipe=TRIM, out=WALL)


def _add_frame(slab, hole: Opening) -> None:
    end, top = hole.start + hole.width, hole.sill + hole.height
    slab(hole.start - FRAME, hole.start, hole.sill, top + FRAME, depth=0.015, recipe=TRIM, out=WALL)
    slab(end, end + FRAME, hole.sill, top + FRAME, depth=0.015, recipe=TRIM, out=WALL)
    slab(hole.start, end, top, top + FRAME, depth=0.015, recipe=TRIM, out=WALL)
    if hole.sill > 0.0:
        slab(hole.start - FRAME, end + FRAME, hole.sill - 0.03, hole.sill, depth=0.06, recipe=TRIM, out=WALL)
    if hole.glazed:
        middle = (hole.start + end) / 2
        slab(
            hole.start,
            end,
            hole.sill,
            top,
            depth=0.01,
            recipe=Recipe(material="lit", tint=(0.72, 0.84, 0.95), emission=0.9),
        )
        slab(middle - 0.02, middle + 0.02, hole.sill, top, depth=0.03, recipe=TRIM, out=0.012)


def openings(name: str, zone: Zone, doorways: Sequence[Doorway]) -> dict[Wall, tuple[Opening, ...]]:
    """The holes in a zone's walls: its windows, and the doorways that lead out of it."""
    holes: dict[Wall, list[Opening]] = {wall: [] for wall in WALLS}
    for window in zone.windows:
        holes[window.wall].append(
            Opening(window.at - window.width / 2, window.width, window.height, window.sill, glazed=True)
        )
    for doorway in doorways:
        if name in doorway.zones:
            wall, along = _on_which_wall(zone, doorway.at)
            holes[wall].append(Opening(along - doorway.width / 2, doorway.width, doorway.height))
    return {wall: tuple(found) for wall, found in holes.items()}


def _on_which_wall(zone: Zone, at: tuple[float, float]) -> tuple[Wall, float]:
    """The wall nearest to a point of the plan, and how far along it the point is [m]."""
    (x0, y0), (x1, y1) = zone.at, zone.far
    gaps: dict[Wall, tuple[float, float]] = {
        "north": (abs(at[1] - y1), at[0] - x0),
        "south": (abs(at[1] - y0), x1 - at[0]),
        "east": (abs(at[0] - x1), y1 - at[1]),
        "west": (abs(at[0] - x0), at[1] - y0),
    }
    wall = min(gaps, key=lambda w: gaps[w][0])
    return wall, gaps[wall][1]


def nearest_zone(shells: Sequence[Shell], x: float, y: float) -> str:
    """The zone whose rectangle holds the point of the plan, or the nearest one."""
    return nearest({shell.name: (shell.low, shell.high) for shell in shells}, x, y)
