"""Pictures of a room. OpenGL is touched when the first picture is asked for, not before.

Light is honest by zone: the rig of lights of the camera's zone (and of those seen through its doorways) gives shape,
and every surface is dimmed by the illuminance of the zone it stands in. So a dark room behind a lit one is dark, though
the renderer itself knows no walls.
"""

from __future__ import annotations

import os
import threading
from collections import OrderedDict

import mujoco
import numpy as np

from switch_bench.physics import picture_gl
from switch_bench.physics.dress import Visual
from switch_bench.physics.picture_light import Light, Look
from switch_bench.physics.picture_view import BOOM, SEEN, Camera, Finder, Kinds, Shot, Size, Taker, View, planes
from switch_bench.physics.renderers import NoPicture, settle

__all__ = ["POOL", "Light", "NoPicture", "Shot", "Studio", "close_all", "studio", "turn"]

POOL = 12  # rooms kept ready to be drawn; their textures are shared


class Studio(Kinds):
    """Takes pictures of one room by OpenGL. `fine` ones have shadows and smoothed edges."""

    def __init__(self, visual: Visual, gallery: picture_gl.Gallery, *, fine: bool = False, size: Size = (128, 128)):
        self.visual, self.fine = visual, fine
        self.name = gallery.name
        self.pid = os.getpid()
        self.gallery = gallery
        self.canvas = picture_gl.Canvas(gallery, visual, fine=fine, size=size)
        self.scene = self.canvas.scene
        self.option = mujoco.MjvOption()
        self.option.sitegroup[:] = 0
        self.option.geomgroup[:] = [1] * SEEN + [0] * (mujoco.mjNGROUP - SEEN)
        self.finder = Finder(visual, self.scene, all_of_it=fine)
        flags = self.scene.flags
        flags[mujoco.mjtRndFlag.mjRND_SHADOW] = fine
        for flag in ("REFLECTION", "SKYBOX", "HAZE"):
            flags[getattr(mujoco.mjtRndFlag, f"mjRND_{flag}")] = False

    def close(self) -> None:
        """Free what it holds."""
        self.canvas.close()

    def take(
        self, kind: str, data: mujoco.MjData, camera: Camera, light: Light, size: Size, last: Shot | None = None
    ) -> Shot:
        """A picture of the kind "rgb", "depth" or "segmentation"; `last` itself where it would be the same."""
        view = self.finder.view(data, camera, light, size)
        frame = view.frame()
        if last is not None and last.frame == frame:
            return last
        with self.gallery.drawing():
            return Shot(frame, self._drawn(kind, view, data, light, size))

    def _drawn(self, kind: str, view: View, data: mujoco.MjData, light: Light, size: Size) -> np.ndarray:
        visual, model = self.visual, self.visual.model
        rect = self.canvas.ready(size)
        for place, key in enumerate(view.look.shown):
            self.canvas.show(place, key, lambda place=place: light.draw(visual, place))
        visual.light_up(view.here, view.look, view.colours)
        model.geom_group[:] = np.where(view.drawn, visual.group, mujoco.mjNGROUP - 1)
        every = mujoco.mjtCatBit.mjCAT_ALL.value
        mujoco.mjv_updateScene(model, data, self.option, None, view.used, every, self.scene)
        self._turn(view.look)
        self._join(view)
        return getattr(self, f"_{kind}")(rect, size)

    def _turn(self, look: Look) -> None:
        """Turn what is only drawn to turn, about its own z."""
        if not any(look.angles):
            return
        angles = {geom: angle for (_, geom), angle in zip(self.visual.turned, look.angles, strict=True)}
        for geom in self.scene.geoms[: self.scene.ngeom]:
            if geom.objid in angles and geom.objtype == mujoco.mjtObj.mjOBJ_GEOM:
                c, s = np.cos(angles[geom.objid]), np.sin(angles[geom.objid])
                geom.mat[:] = geom.mat @ np.array([[c, -s, 0.0], [s, c, 0.0], [0.0, 0.0, 1.0]])

    def _join(self, view: View) -> None:
        """Draw what joins the parts of the body: a boom from trunk to wrist."""
        for start, end, rgba in view.booms:
            if self.scene.ngeom >= self.scene.maxgeom:
                return
            geom = self.scene.geoms[self.scene.ngeom]
            capsule = mujoco.mjtGeom.mjGEOM_CAPSULE
            mujoco.mjv_initGeom(geom, capsule, np.zeros(3), np.zeros(3), np.eye(3).flatten(), rgba)
            mujoco.mjv_connector(geom, capsule, BOOM, start, end)
            geom.segid = -1  # it is no geom of the model: in a segmentation one looks through it
            self.scene.ngeom += 1

    def _rgb(self, rect: mujoco.MjrRect, size: Size) -> np.ndarray:
        mujoco.mjr_render(rect, self.scene, self.canvas.context)
        image = np.empty((size[1], size[0], 3), np.uint8)
        mujoco.mjr_readPixels(image, None, rect, self.canvas.context)
        return np.flipud(image).copy()

    def _depth(self, rect: mujoco.MjrRect, size: Size) -> np.ndarray:
        mujoco.mjr_render(rect, self.scene, self.canvas.context)
        raw = np.empty((size[1], size[0]), np.float32)
        mujoco.mjr_readPixels(None, raw, rect, self.canvas.context)
        near, far = planes(self.visual.model)
        return np.flipud(near / (1.0 - raw * (1.0 - near / far))).copy()

    def _segmentation(self, rect: mujoco.MjrRect, size: Size) -> np.ndarray:
        for flag in (mujoco.mjtRndFlag.mjRND_SEGMENT, mujoco.mjtRndFlag.mjRND_IDCOLOR):
            self.scene.flags[flag] = True
        mujoco.mjr_render(rect, self.scene, self.canvas.context)
        for flag in (mujoco.mjtRndFlag.mjRND_SEGMENT, mujoco.mjtRndFlag.mjRND_IDCOLOR):
            self.scene.flags[flag] = False
        image = np.empty((size[1], size[0], 3), np.uint8)
        mujoco.mjr_readPixels(image, None, rect, self.canvas.context)
        wide = image.astype(np.int32)
        ids = wide[..., 0] + (wide[..., 1] << 8) + (wide[..., 2] << 16) - 1
        table = np.full(self.scene.ngeom + 1, -1, np.int32)
        for geom in self.scene.geoms[: self.scene.ngeom]:
            if geom.segid >= 0 and geom.objtype == mujoco.mjtObj.mjOBJ_GEOM:
                table[geom.segid] = geom.objid
        return np.flipud(table[np.clip(ids, -1, self.scene.ngeom - 1)]).copy()


_turn = threading.RLock()


def _after_fork() -> None:
    """In a child nobody has the turn: the thread that had it isn't there."""
    global _turn
    _turn = threading.RLock()


os.register_at_fork(after_in_child=_after_fork)


def turn() -> threading.RLock:
    """Held by the thread that asks for a studio and takes a picture by it: one at a time, whichever."""
    return _turn


_pool: OrderedDict[tuple[int, bool, str], Taker] = OrderedDict()


def studio(visual: Visual, *, fine: bool = False, renderer: str = "auto", size: Size = (128, 128)) -> Taker:
    """What takes this room's pictures, made if need be; the least recently used beyond `POOL` are closed.

    size: of the pictures that will be wanted, so far as is known.

    Raises:
        NoPicture: the renderer can't be had.
    """
    backend = settle(renderer)
    if _pool and next(iter(_pool.values())).pid != os.getpid():
        _foreign.extend(_pool.values())  # a forked child: these contexts are the parent's
        _pool.clear()
    key = (visual.number, fine and backend != "tiny", backend)
    if key in _pool:
        _pool.move_to_end(key)
        return _pool[key]
    while len(_pool) >= POOL:
        _pool.popitem(last=False)[1].close()
    if backend == "tiny":
        from switch_bench.physics.picture_tiny import TinyStudio

        made: Taker = TinyStudio(visual)
    else:
        try:
            made = Studio(visual, picture_gl.gallery(backend), fine=fine, size=size)
        except NoPicture:
            if renderer != "auto":
                raise
            return studio(visual, fine=fine, renderer=renderer, size=size)  # by the next, if there is one
    _pool[key] = made
    return made


_foreign: list[Taker] = []  # kept, or the end of them would free what is their owner's


def close_all() -> None:
    """Free every OpenGL context of this process."""
    with turn():
        while _pool:
            _pool.popitem()[1].close()
        picture_gl.close()
