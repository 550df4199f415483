"""Pictures of a room, by MuJoCo's classic renderer. OpenGL is touched when the first picture is asked for, not before.

Light is honest by zone: the rig of lights of the camera's zone (and of those seen through its doorways) gives shape,
and
every surface is dimmed by the illuminance of the zone it stands in. So a dark room behind a lit one is dark, though the
renderer itself knows no walls.
"""

from __future__ import annotations

import atexit
import os
import sys
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any

import mujoco
import numpy as np

from switch_bench.physics.dress import Visual
from switch_bench.physics.picture_light import brightness

WIDTH, HEIGHT = 1280, 960  # px, the largest picture
BOOM = 0.016  # m, radius
POOL = 3  # OpenGL contexts kept at once, each of some 50 MB


class NoPicture(RuntimeError):
    """No OpenGL context could be made; says what is missing."""


@dataclass
class Light:
    """What decides how a room looks beside its geometry.

    illuminance: zone → lx. level: signal or flow → bool, 0..1 or str, for lamps, displays and turned parts.
    """

    illuminance: Mapping[str, float]
    value: Any  # Callable[[str], Value]: a signal's value, or a flow's level, now
    now: int  # µs
    clock: int  # µs after midnight at t = 0


@dataclass
class Studio:
    """One OpenGL context with one room's textures in it. `fine` pictures have shadows and smoothed edges."""

    visual: Visual
    fine: bool = False
    pid: int = field(default_factory=os.getpid)
    _uploaded: dict[str, Any] = field(default_factory=dict)
    _free: bool = False

    def __post_init__(self):
        model = self.visual.model
        model.vis.quality.offsamples = 4 if self.fine else 0
        model.vis.quality.shadowsize = 2048 if self.fine else 0
        try:
            self.gl = _context_class()(WIDTH, HEIGHT)
            _close_at_exit()
            self.gl.make_current()
            self.context = mujoco.MjrContext(model, mujoco.mjtFontScale.mjFONTSCALE_150)
        except Exception as error:
            raise NoPicture(
                f"pictures need OpenGL, and no context could be made ({type(error).__name__}: {error}); "
                "set MUJOCO_GL to "
                "'egl' or 'osmesa', and see `switch-bench doctor`. State-only observations work without it."
            ) from error
        mujoco.mjr_setBuffer(mujoco.mjtFramebuffer.mjFB_OFFSCREEN, self.context)
        self.scene = mujoco.MjvScene(model, maxgeom=model.ngeom + 200)
        self.option = mujoco.MjvOption()
        self.option.sitegroup[:] = 0
        self.option.geomgroup[:] = [1, 1, 1, 0, 0, 0]
        self.camera = mujoco.MjvCamera()

    def close(self) -> None:
        """Free the context; in a forked child, which does not own it, only forget it."""
        if self._free:
            return
        self._free = True
        if os.getpid() == self.pid:
            self.gl.make_current()
            self.context.free()
            self.gl.free()

    def _prepare(self, data: mujoco.MjData, camera: int | mujoco.MjvCamera, light: Light, size: tuple[int, int]) -> Any:
        self.gl.make_current()
        visual, model = self.visual, self.visual.model
        if isinstance(camera, int):
            self.camera.type = mujoco.mjtCamera.mjCAMERA_FIXED
            self.camera.fixedcamid = camera
            eye, used = data.cam_xpos[camera], self.camera
        else:
            eye, used = _eye(camera), camera
        zone = visual.zone_at(eye[0], eye[1])
        visual.light_up(data, zone, light)
        self._upload(light)
        mujoco.mjv_updateScene(model, data, self.option, None, used, mujoco.mjtCatBit.mjCAT_ALL.value, self.scene)
        self._turn(light)
        if not isinstance(camera, int) or model.cam_bodyid[camera] == 0:
            self._join(data, light)
        self.scene.flags[mujoco.mjtRndFlag.mjRND_SHADOW] = self.fine
        self.scene.flags[mujoco.mjtRndFlag.mjRND_REFLECTION] = False
        self.scene.flags[mujoco.mjtRndFlag.mjRND_SKYBOX] = False
        self.scene.flags[mujoco.mjtRndFlag.mjRND_HAZE] = False
        return mujoco.MjrRect(0, 0, *size)

    def _turn(self, light: Light) -> None:
        """Turn what is only drawn to turn, about its own z."""
        angles = {geom: float(light.value(turned.signal)) for turned, geom in self.visual.turned}
        if not any(angles.values()):
            return
        for geom in self.scene.geoms[: self.scene.ngeom]:
            if geom.objid in angles and geom.objtype == mujoco.mjtObj.mjOBJ_GEOM:
                c, s = np.cos(angles[geom.objid]), np.sin(angles[geom.objid])
                geom.mat[:] = geom.mat @ np.array([[c, -s, 0.0], [s, c, 0.0], [0.0, 0.0, 1.0]])

    def _join(self, data: mujoco.MjData, light: Light) -> None:
        """Draw what joins the parts of the body, for whoever looks at it from outside: a boom from trunk to wrist."""
        for body, point, site in self.visual.links:
            if self.scene.ngeom >= self.scene.maxgeom:
                return
            start = data.xpos[body] + data.xmat[body].reshape(3, 3) @ np.array(point)
            end = data.site_xpos[site]
            shade = brightness(light.illuminance[self.visual.zone_at(start[0], start[1])])
            geom = self.scene.geoms[self.scene.ngeom]
            rgba = np.array([0.62 * shade, 0.64 * shade, 0.68 * shade, 1.0], np.float32).clip(0.0, 1.0)
            capsule = mujoco.mjtGeom.mjGEOM_CAPSULE
            mujoco.mjv_initGeom(geom, capsule, np.zeros(3), np.zeros(3), np.eye(3).flatten(), rgba)
            mujoco.mjv_connector(geom, capsule, BOOM, start, end)
            self.scene.ngeom += 1

    def rgb(
        self, data: mujoco.MjData, camera: int | mujoco.MjvCamera, light: Light, size: tuple[int, int]
    ) -> np.ndarray:
        """(height, width, 3) uint8 picture; `size` is (width, height) px."""
        rect = self._prepare(data, camera, light, size)
        mujoco.mjr_render(rect, self.scene, self.context)
        image = np.empty((size[1], size[0], 3), np.uint8)
        mujoco.mjr_readPixels(image, None, rect, self.context)
        return np.flipud(image).copy()

    def depth(
        self, data: mujoco.MjData, camera: int | mujoco.MjvCamera, light: Light, size: tuple[int, int]
    ) -> np.ndarray:
        """(height, width) float32 distance along the optical axis [m]; the far plane where there is nothing."""
        rect = self._prepare(data, camera, light, size)
        mujoco.mjr_render(rect, self.scene, self.context)
        raw = np.empty((size[1], size[0]), np.float32)
        mujoco.mjr_readPixels(None, raw, rect, self.context)
        model = self.visual.model
        near, far = model.vis.map.znear * model.stat.extent, model.vis.map.zfar * model.stat.extent
        return np.flipud(near / (1.0 - raw * (1.0 - near / far))).copy()

    def segmentation(
        self, data: mujoco.MjData, camera: int | mujoco.MjvCamera, light: Light, size: tuple[int, int]
    ) -> np.ndarray:
        """(height, width) int32 geom ids, −1 for none."""
        rect = self._prepare(data, camera, light, size)
        self.scene.flags[mujoco.mjtRndFlag.mjRND_SEGMENT] = True
        self.scene.flags[mujoco.mjtRndFlag.mjRND_IDCOLOR] = True
        mujoco.mjr_render(rect, self.scene, self.context)
        self.scene.flags[mujoco.mjtRndFlag.mjRND_SEGMENT] = False
        self.scene.flags[mujoco.mjtRndFlag.mjRND_IDCOLOR] = False
        image = np.empty((size[1], size[0], 3), np.uint8)
        mujoco.mjr_readPixels(image, None, rect, self.context)
        wide = image.astype(np.int32)
        ids = wide[..., 0] + (wide[..., 1] << 8) + (wide[..., 2] << 16) - 1
        table = np.full(self.scene.ngeom + 1, -1, np.int32)
        for geom in self.scene.geoms[: self.scene.ngeom]:
            if geom.segid >= 0 and geom.objtype == mujoco.mjtObj.mjOBJ_GEOM:
                table[geom.segid] = geom.objid
        return np.flipud(table[np.clip(ids, -1, self.scene.ngeom - 1)]).copy()

    def _upload(self, light: Light) -> None:
        """Redraw and upload the displays whose picture is not the one in this context."""
        visual = self.visual
        for shown, texture in zip(visual.shown, visual.textures, strict=True):
            values = [light.value(s) for s in shown.signals]
            key = shown.key(values, light.now, light.clock)
            if self._uploaded.get(shown.geom, self) == key:
                continue
            image = shown.draw(values, light.now, light.clock)
            visual.write_texture(texture, image)
            mujoco.mjr_uploadTexture(visual.model, self.context, texture)
            self._uploaded[shown.geom] = key


def _context_class() -> Any:
    """MuJoCo's class of OpenGL contexts: as MUJOCO_GL says; where it says nothing and there is no display, EGL."""
    if sys.platform == "linux" and "MUJOCO_GL" not in os.environ and not os.environ.get("DISPLAY"):
        from mujoco.egl import GLContext
    else:
        from mujoco.gl_context import GLContext
    return GLContext


def _eye(camera: mujoco.MjvCamera) -> np.ndarray:
    """Where a free camera stands."""
    azimuth, elevation = np.deg2rad(camera.azimuth), np.deg2rad(camera.elevation)
    forward = np.array([np.cos(elevation) * np.cos(azimuth), np.cos(elevation) * np.sin(azimuth), np.sin(elevation)])
    return camera.lookat - camera.distance * forward


_pool: OrderedDict[tuple[int, bool], Studio] = OrderedDict()


def studio(visual: Visual, *, fine: bool = False) -> Studio:
    """The studio for this room, made if need be; the least recently used one beyond `POOL` is closed.

    Raises NoPicture where there is no OpenGL.
    """
    if _pool and next(iter(_pool.values())).pid != os.getpid():
        _pool.clear()  # a forked child: these contexts are the parent's
    key = (id(visual), fine)
    if key in _pool:
        _pool.move_to_end(key)
        return _pool[key]
    while len(_pool) >= POOL:
        _pool.popitem(last=False)[1].close()
    _pool[key] = Studio(visual, fine)
    return _pool[key]


@cache
def _close_at_exit() -> None:
    """Once there is a context: MuJoCo has by then registered the end of EGL, and the last registered runs first."""
    atexit.register(close_all)


def close_all() -> None:
    """Free every OpenGL context of this process."""
    while _pool:
        _pool.popitem()[1].close()
