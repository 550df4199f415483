"""A room while it is being drawn up: one MjSpec, and beside it what the finished model must know of its geoms.

The physical model is compiled without pictures, so that a state-only environment never draws a panel. What a surface
looks like is kept as a recipe and only followed when a picture is first asked for (`physics/dress.py`).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import mujoco
import numpy as np

from switch_bench.controls import contact

SHAPES = {
    "box": mujoco.mjtGeom.mjGEOM_BOX,
    "cylinder": mujoco.mjtGeom.mjGEOM_CYLINDER,
    "sphere": mujoco.mjtGeom.mjGEOM_SPHERE,
    "ellipsoid": mujoco.mjtGeom.mjGEOM_ELLIPSOID,
    "capsule": mujoco.mjtGeom.mjGEOM_CAPSULE,
}

HALF = 0.5**0.5
Draw = Callable[[], np.ndarray]


@dataclass(frozen=True)
class Recipe:
    """What a material will look like: a named material, or a picture drawn for one face; `tint` multiplies it."""

    material: str = ""
    tint: tuple[float, float, float] | None = None
    draw: Draw | None = None
    cube: bool = True  # wraps round the solid; False: lies on the face whose normal is the geom's z
    emission: float = 0.0


@dataclass(frozen=True)
class Glow:
    """A geom that shines with a signal or flow; a hidden one is only seen while it does."""

    geom: str
    signal: str
    hidden: bool = False
    shines: bool = True


@dataclass(frozen=True)
class Shown:
    """A display or screen: the geom whose face is redrawn, and how: values of `signals` and the time give the image."""

    geom: str
    texture: str
    size: tuple[int, int]  # (width, height) px
    signals: tuple[str, ...]
    draw: Callable[[Sequence[Any], int, int], np.ndarray]  # (values, now, clock) -> (h, w, 3) uint8
    key: Callable[[Sequence[Any], int, int], Any]  # equal keys, equal pictures


@dataclass(frozen=True)
class Turned:
    """A geom drawn turned by a signal or flow [rad] about its own z; nothing can touch it."""

    geom: str
    signal: str


@dataclass
class Draft:
    """The room so far. Geoms get unique names; each belongs to a zone."""

    spec: mujoco.MjSpec = field(default_factory=mujoco.MjSpec)
    recipes: dict[str, Recipe] = field(default_factory=dict)
    zone_of: dict[str, str] = field(default_factory=dict)
    glows: list[Glow] = field(default_factory=list)
    shown: list[Shown] = field(default_factory=list)
    turned: list[Turned] = field(default_factory=list)
    shadowless: list[str] = field(default_factory=list)  # lampshades: the rig of lights hangs above them
    seed: int = 0
    _shared: dict[Recipe, str] = field(default_factory=dict)  # materials that several geoms may have

    def material(self, recipe: Recipe, name: str = "") -> str:
        """The name of the material made by this recipe; the same recipe gives the same material unless named."""
        if not name:
            known = self._shared.get(recipe)
            if known is not None:
                return known
            name = self._shared[recipe] = f"m{len(self.recipes)}"
        else:
            name = f"own:{name}"
        self.recipes[name] = recipe
        self.spec.add_material(name=name)
        return name

    def geom(
        self,
        body: mujoco.MjsBody,
        zone: str,
        shape: str,
        size: Sequence[float],
        at: Sequence[float],
        *,
        recipe: Recipe,
        quat: Sequence[float] = (1.0, 0.0, 0.0, 0.0),
        solid: bool = True,
        name: str = "",
        own: bool = False,
        moving: bool = False,
    ) -> str:
        """Add a geom (`size` in MuJoCo's half extents) and return its name. `own`: with a material to itself."""
        name = name or f"g{len(self.zone_of)}"
        if shape == "box" and recipe.cube:
            size, quat, recipe = _flat(size, quat, recipe)
        material = self.material(recipe, name if own else "")
        bits = contact.NONE if not solid else contact.OBJECT if moving else contact.STATIC
        if solid and moving and shape == "cylinder":
            bits = contact.SKIN
            self._foot(body, f"{name}/foot", zone, size, at, quat)
        body.add_geom(
            name=name,
            type=SHAPES[shape],
            size=[*size, *([0.0] * (3 - len(size)))],
            pos=list(at),
            quat=list(quat),
            material=material,
            contype=bits.contype,
            conaffinity=bits.conaffinity,
            mass=0.0 if not moving else 0.001,
        )
        self.zone_of[name] = zone
        return name

    def _foot(
        self,
        body: mujoco.MjsBody,
        name: str,
        zone: str,
        size: Sequence[float],
        at: Sequence[float],
        quat: Sequence[float],
    ) -> None:
        """The square prism a round loose thing stands on: unseen, inside the cylinder."""
        half = 0.7 * size[0]
        body.add_geom(
            name=name, type=SHAPES["box"], size=[half, half, size[1]], pos=list(at), quat=list(quat), group=3, mass=0.0,
            contype=contact.FOOT.contype, conaffinity=contact.FOOT.conaffinity, rgba=[0.0, 0.0, 0.0, 0.0],
        )  # fmt: skip
        self.zone_of[name] = zone


def _flat(size: Sequence[float], quat: Sequence[float], recipe: Recipe) -> tuple[list[float], list[float], Recipe]:
    """The same box with its thinnest side along z, so that a flat texture lies on its broad face."""
    x, y, z = size
    if z <= x and z <= y:
        turn = (1.0, 0.0, 0.0, 0.0)
    elif y <= x:
        turn, (y, z) = (HALF, HALF, 0.0, 0.0), (z, y)  # a quarter about x
    else:
        turn, (x, z) = (HALF, 0.0, HALF, 0.0), (z, x)  # a quarter about y
    out = np.zeros(4)
    mujoco.mju_mulQuat(out, np.asarray(quat, float), np.array(turn))
    return [x, y, z], out.tolist(), replace(recipe, cube=False)
