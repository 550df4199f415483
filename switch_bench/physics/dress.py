"""From a room's recipes to a model with textures: what pictures are taken of.

The dressed model has the same bodies and geoms, in the same order, as the physical one, so its pictures are taken of
the physical data.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from itertools import count

import mujoco
import numpy as np

from switch_bench.faces.materials import material
from switch_bench.physics.building import Shell, nearest_zone
from switch_bench.physics.culling import Doors, doors
from switch_bench.physics.draft import Draft, Draw, Glow, Recipe, Shown, Turned
from switch_bench.physics.lighting import Hole
from switch_bench.physics.picture_light import Look

WRAPPED = 256  # px: a texture that goes round a solid is there six times over, and is looked at from farther away
PLAIN = np.array([0.5, 0.5, 0.5, 1.0])  # MuJoCo's mark for "no colour of its own"


Link = tuple[int, tuple[float, float, float], int]  # from a point of a body [m, its frame] to a site

_pictures: dict[str, np.ndarray] = {}
_numbers = count()  # of dressed rooms in this process


def _picture(key: str, draw: Draw) -> np.ndarray:
    """The drawn picture; declarations are frozen data, so equal ones (by their repr, the key) share it."""
    if key not in _pictures:
        if len(_pictures) > 1000:
            _pictures.clear()
        _pictures[key] = np.ascontiguousarray(draw())
    return _pictures[key]


@dataclass(frozen=True)
class Sheet:
    """The picture on a texture. Equal keys: equal pictures, in whichever room. cube: it wraps round the solid."""

    key: str
    image: np.ndarray  # (h, w, 3) uint8
    cube: bool


@dataclass
class Visual:
    """A dressed room.

    model: its textures are single pixels that hold the places of `sheets`, which rooms share. zone: (ngeom,) index into
    `zones` (−1: none, dimmed like the camera's zone). rgba: (ngeom, 4) colours under full light.
    """

    model: mujoco.MjModel
    sheets: tuple[Sheet, ...]  # by texture
    zones: tuple[str, ...]
    shells: tuple[Shell, ...]
    zone: np.ndarray
    rgba: np.ndarray
    glows: Sequence[tuple[Glow, int, int]]
    shown: Sequence[Shown]
    textures: Sequence[int]
    turned: Sequence[tuple[Turned, int]]
    rigs: dict[str, list[int]]
    beside: dict[str, tuple[str, ...]]  # zones seen through a zone's doorways
    moving: np.ndarray  # geoms of things that move from zone to zone
    lit: np.ndarray  # geoms of displays, which shine by themselves
    links: Sequence[Link]
    doors: Doors

    def __post_init__(self):
        self.low, self.high = self.doors.low[:, :2], self.doors.high[:, :2]
        self.group = self.model.geom_group.copy()  # the model's own is written over for each picture
        self.screens = [self.model.geom(s.geom).id for s in self.shown]
        self.number = next(_numbers)
        self._lights: dict[int, np.ndarray] = {}

    def zone_at(self, x: float, y: float) -> str:
        """The zone whose rectangle holds the point, or the nearest one."""
        return nearest_zone(self.shells, x, y)

    def zones_at(self, points: np.ndarray) -> np.ndarray:
        """(n,) indices into `zones`: for each of (n, 2) points of the plan the one that holds it, or the nearest."""
        at = points[:, None, :]
        gap = np.maximum(np.maximum(self.low - at, at - self.high), 0.0)
        return (gap * gap).sum(axis=2).argmin(axis=1)

    def light_up(self, here: int, look: Look, colours: np.ndarray) -> None:
        """Set lights and colours for what is lit now, seen from a camera in the zone `here` (an index)."""
        model = self.model
        active, shadow = self._rigs(here)
        model.light_active[:] = active
        model.light_castshadow[:] = shadow
        model.geom_rgba[:] = colours
        for (glow, _, mat), level in zip(self.glows, look.levels, strict=True):
            if glow.shines:
                model.mat_emission[mat] = level

    def colours(self, data: mujoco.MjData, here: int, look: Look) -> np.ndarray:
        """(ngeom, 4) float32: each geom's colour in this light, seen from a camera in the zone `here` (an index)."""
        zone = self.zone.copy()
        zone[self.moving] = self.zones_at(data.geom_xpos[self.moving, :2])
        zone[zone < 0] = here
        rgba = self.rgba.copy()
        rgba[:, :3] *= np.array(look.bright)[zone][:, None]
        np.clip(rgba[:, :3], 0.0, 1.0, out=rgba[:, :3])
        for (glow, geom, _), level in zip(self.glows, look.levels, strict=True):
            if level > 0.0:
                if glow.shines:
                    rgba[geom, :3] = np.maximum(rgba[geom, :3], self.rgba[geom, :3] * level)
            elif glow.hidden:
                rgba[geom, 3] = 0.0
        rgba[self.lit] = self.rgba[self.lit]
        return rgba.astype(np.float32)

    def _rigs(self, here: int) -> np.ndarray:
        """(2, nlight) bool: which lights are on, and which of them cast shadows, for a camera in this zone."""
        if here not in self._lights:
            camera_zone = self.zones[here]
            made = np.zeros((2, self.model.nlight), bool)
            for name in (camera_zone, *self.beside.get(camera_zone, ())):
                made[0, self.rigs[name][: 2 if name == camera_zone else 1]] = True
            made[1, self.rigs[camera_zone][0]] = True
            self._lights[here] = made
        return self._lights[here]


def dress(
    draft: Draft,
    shells: Sequence[Shell],
    beside: dict[str, tuple[str, ...]],
    moving: Sequence[str],
    links: Sequence[Link] = (),
    holes: Sequence[tuple[str, str, Hole]] = (),
) -> Visual:
    """Follow every recipe and compile the result.

    beside: zones next to each. moving: geoms of things that move from zone to zone. links: booms to draw for whoever
    looks from outside. holes: doorways, each with the two zones it joins.
    """
    spec = draft.spec.copy()
    sheets = {}
    for name, recipe in draft.recipes.items():
        sheet = _follow(spec, name, recipe, draft.seed)
        if sheet is not None:
            sheets[name] = sheet
    model = spec.compile()
    zones = tuple(s.name for s in shells)
    zone = np.full(model.ngeom, -1)
    for geom, owner in draft.zone_of.items():
        zone[model.geom(geom).id] = zones.index(owner)
    rgba = model.geom_rgba.copy().astype(float)
    own = (rgba != PLAIN).any(axis=1)
    dressed = (model.geom_matid >= 0) & ~own
    rgba[dressed] = model.mat_rgba[model.geom_matid[dressed]]
    rgba[~dressed & ~own] = [0.55, 0.55, 0.55, 1.0]
    rgba[[model.geom(g).id for g in draft.shadowless], 3] = 0.995  # the renderer lets what isn't opaque cast no shadow
    data = mujoco.MjData(model)
    mujoco.mj_kinematics(model, data)
    still = np.where(model.geom_bodyid == 0, zone, -1)
    low = np.array([(*s.low, 0.0) for s in shells])
    high = np.array([(*s.high, s.zone.height) for s in shells])
    ways = [(zones.index(one), zones.index(other), hole.corners) for one, other, hole in holes]
    return Visual(
        doors=doors(low, high, ways, still, data.geom_xpos),
        model=model,
        sheets=tuple(sheets[model.texture(i).name] for i in range(model.ntex)),
        zones=zones,
        shells=tuple(shells),
        zone=zone,
        rgba=rgba,
        glows=[(g, model.geom(g.geom).id, int(model.geom(g.geom).matid[0])) for g in draft.glows],
        shown=list(draft.shown),
        textures=[model.texture(s.texture).id for s in draft.shown],
        turned=[(t, model.geom(t.geom).id) for t in draft.turned],
        rigs={z: [model.light(f"{z}/rig_{i}").id for i in (0, 1)] for z in zones},
        beside=beside,
        links=tuple(links),
        moving=np.array([model.geom(g).id for g in moving], int),
        lit=np.array([model.geom(s.geom).id for s in draft.shown if draft.recipes[s.texture].emission > 0], int),
    )


def _follow(spec: mujoco.MjSpec, name: str, recipe: Recipe, seed: int) -> Sheet | None:
    """Make the material, and return what is to be on its texture; None for a plain colour."""
    mat = spec.material(name)
    image: np.ndarray | None
    if recipe.draw is not None:
        key = repr(recipe.draw)
        image = _picture(key, recipe.draw)
        mat.rgba = [1.0, 1.0, 1.0, 1.0]
        mat.specular, mat.shininess = 0.15, 0.3
        cube, repeat, uniform = False, (1.0, 1.0), False
    else:
        key = f"{recipe.material} {seed}"
        known = material(recipe.material, seed)
        image = known.texture
        mat.rgba = list(known.rgba)
        mat.specular, mat.shininess, mat.reflectance = known.specular, known.shininess, 0.0
        mat.emission = known.emission
        cube, uniform = recipe.cube, True
        repeat = (1.0 / known.size[0], 1.0 / known.size[1])
    if recipe.tint is not None:
        mat.rgba = [*recipe.tint, mat.rgba[3]]
    if recipe.emission:
        mat.emission = recipe.emission
    if image is None:
        return None
    kind = mujoco.mjtTexture.mjTEXTURE_CUBE if cube else mujoco.mjtTexture.mjTEXTURE_2D
    texture = spec.add_texture(name=name, type=kind, width=1, height=6 if cube else 1, nchannel=3)
    texture.data = bytes(18 if cube else 3)
    mat.textures[mujoco.mjtTextureRole.mjTEXROLE_RGB] = name
    mat.texuniform = uniform
    mat.texrepeat = list(repeat)
    return Sheet(key, _picture(f"{key}, wrapped", partial(_halved, image)) if cube else image, cube)


def _halved(image: np.ndarray) -> np.ndarray:
    """The image, halved until it is no larger than `WRAPPED`, each pixel the mean of four."""
    while image.shape[0] > WRAPPED:
        high, wide = image.shape[:2]
        image = (image.reshape(high // 2, 2, wide // 2, 2, 3).mean(axis=(1, 3)) + 0.5).astype(np.uint8)
    return image
