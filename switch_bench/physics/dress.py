"""From a room's recipes to a model with textures: what pictures are taken of.

The dressed model has the same bodies and geoms, in the same order, as the physical one, so its pictures are taken of
the physical data.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import mujoco
import numpy as np

from switch_bench.faces.materials import material
from switch_bench.physics.building import Shell, nearest_zone
from switch_bench.physics.draft import Draft, Draw, Glow, Recipe, Shown, Turned
from switch_bench.physics.picture_light import brightness

PLAIN = np.array([0.5, 0.5, 0.5, 1.0])  # MuJoCo's mark for "no colour of its own"


Link = tuple[int, tuple[float, float, float], int]  # from a point of a body [m, its frame] to a site

_pictures: dict[str, np.ndarray] = {}


def _picture(draw: Draw) -> np.ndarray:
    """The drawn picture; declarations are frozen data, so equal ones (by their repr) share it."""
    key = repr(draw)
    if key not in _pictures:
        if len(_pictures) > 1000:
            _pictures.clear()
        _pictures[key] = np.ascontiguousarray(draw())
    return _pictures[key]


@dataclass
class Visual:
    """A dressed room.

    model: with textures. zone: (ngeom,) index into `zones` (−1: none, dimmed like the camera's zone). rgba: (ngeom, 4)
    colours under full light.
    """

    model: mujoco.MjModel
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

    def zone_at(self, x: float, y: float) -> str:
        """The zone whose rectangle holds the point, or the nearest one."""
        return nearest_zone(self.shells, x, y)

    def light_up(self, data: mujoco.MjData, camera_zone: str, light) -> None:
        """Set lights and colours for what is lit now, seen from a camera in `camera_zone`."""
        model = self.model
        model.light_active[:] = 0
        for name in (camera_zone, *self.beside.get(camera_zone, ())):
            model.light_active[self.rigs[name][: 2 if name == camera_zone else 1]] = 1
        model.light_castshadow[:] = 0
        model.light_castshadow[self.rigs[camera_zone][0]] = 1
        bright = np.array([brightness(light.illuminance[z]) for z in self.zones])
        zone = self.zone.copy()
        for geom in self.moving:
            x, y = data.geom_xpos[geom, 0], data.geom_xpos[geom, 1]
            zone[geom] = self.zones.index(self.zone_at(x, y))
        zone[zone < 0] = self.zones.index(camera_zone)
        model.geom_rgba[:, :3] = np.clip(self.rgba[:, :3] * bright[zone][:, None], 0.0, 1.0)
        model.geom_rgba[:, 3] = self.rgba[:, 3]
        for glow, geom, mat in self.glows:
            level = float(light.value(glow.signal))
            if glow.shines:
                model.mat_emission[mat] = level
            if glow.shines and level > 0.0:
                model.geom_rgba[geom, :3] = np.maximum(model.geom_rgba[geom, :3], self.rgba[geom, :3] * level)
            if glow.hidden:
                model.geom_rgba[geom, 3] = self.rgba[geom, 3] * (level > 0.0)
        model.geom_rgba[self.lit] = self.rgba[self.lit]

    def write_texture(self, texture: int, image: np.ndarray) -> None:
        """Put an image of the texture's own size into the model."""
        model = self.model
        width, height = int(model.tex_width[texture]), int(model.tex_height[texture])
        if image.shape != (height, width, 3):
            raise ValueError(f"texture is {width}×{height} px, the image {image.shape[1]}×{image.shape[0]}")
        start = int(model.tex_adr[texture])
        model.tex_data[start : start + image.size] = image.reshape(-1)


def dress(
    draft: Draft,
    shells: Sequence[Shell],
    beside: dict[str, tuple[str, ...]],
    moving: Sequence[str],
    links: Sequence[Link] = (),
) -> Visual:
    """Follow every recipe and compile the result.

    beside: zones next to each. moving: geoms of things that move from zone to zone. links: booms to draw for whoever
    looks from outside.
    """
    spec = draft.spec.copy()
    for name, recipe in draft.recipes.items():
        _follow(spec, name, recipe, draft.seed)
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
    return Visual(
        model=model,
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


def _follow(spec: mujoco.MjSpec, name: str, recipe: Recipe, seed: int) -> None:
    mat = spec.material(name)
    image: np.ndarray | None
    if recipe.draw is not None:
        image = _picture(recipe.draw)
        mat.rgba = [1.0, 1.0, 1.0, 1.0]
        mat.specular, mat.shininess = 0.15, 0.3
        cube, repeat, uniform = False, (1.0, 1.0), False
    else:
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
        return
    height, width = image.shape[:2]
    if cube:
        texture = spec.add_texture(
            name=name, type=mujoco.mjtTexture.mjTEXTURE_CUBE, width=width, height=6 * height, nchannel=3
        )
        texture.data = np.concatenate([image] * 6).tobytes()
    else:
        texture = spec.add_texture(
            name=name, type=mujoco.mjtTexture.mjTEXTURE_2D, width=width, height=height, nchannel=3
        )
        texture.data = image.tobytes()
    mat.textures[mujoco.mjtTextureRole.mjTEXROLE_RGB] = name
    mat.texuniform = uniform
    mat.texrepeat = list(repeat)
