"""What a camera is to show: a view of a room, whoever draws it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, NamedTuple, Protocol

import mujoco
import numpy as np

from switch_bench.physics.culling import Lens
from switch_bench.physics.dress import Visual
from switch_bench.physics.picture_light import Light, Look

Camera = int | mujoco.MjvCamera
Size = tuple[int, int]
SEEN = 3  # geoms of groups below this one can be seen
BOOM = 0.016  # m, radius of what joins the parts of the body


class Shot(NamedTuple):
    """A picture, and all that was in the frame: shots with an equal `frame` are of equal pictures."""

    frame: tuple
    image: np.ndarray


class Taker(Protocol):
    """What takes pictures of one room. `size`: (width, height) px; a camera: its id, or a free camera."""

    name: str  # of the renderer, with what it says of itself
    pid: int  # of the process that owns what it holds

    def take(
        self, kind: str, data: mujoco.MjData, camera: Camera, light: Light, size: Size, last: Shot | None = None
    ) -> Shot:
        """A picture of the kind "rgb", "depth" or "segmentation"; `last` itself where it would be the same."""
        ...

    def rgb(self, data: mujoco.MjData, camera: Camera, light: Light, size: Size) -> np.ndarray:
        """(height, width, 3) uint8."""
        ...

    def depth(self, data: mujoco.MjData, camera: Camera, light: Light, size: Size) -> np.ndarray:
        """(height, width) float32 distance along the optical axis [m]; the far plane where there is nothing."""
        ...

    def segmentation(self, data: mujoco.MjData, camera: Camera, light: Light, size: Size) -> np.ndarray:
        """(height, width) int32 geom ids, −1 for none."""
        ...

    def close(self) -> None:
        """Free what it holds."""
        ...


class Kinds:
    """The three kinds of picture, by `take`."""

    def rgb(self: Any, data: mujoco.MjData, camera: Camera, light: Light, size: Size) -> np.ndarray:
        """(height, width, 3) uint8 picture; `size` is (width, height) px."""
        return self.take("rgb", data, camera, light, size).image

    def depth(self: Any, data: mujoco.MjData, camera: Camera, light: Light, size: Size) -> np.ndarray:
        """(height, width) float32 distance along the optical axis [m]; the far plane where there is nothing."""
        return self.take("depth", data, camera, light, size).image

    def segmentation(self: Any, data: mujoco.MjData, camera: Camera, light: Light, size: Size) -> np.ndarray:
        """(height, width) int32 geom ids, −1 for none."""
        return self.take("segmentation", data, camera, light, size).image


def planes(model: mujoco.MjModel) -> tuple[float, float]:
    """How far from a camera the nearest and the farthest are that it shows [m]."""
    return model.vis.map.znear * model.stat.extent, model.vis.map.zfar * model.stat.extent


def booms(visual: Visual, data: mujoco.MjData, look: Look) -> list[tuple[np.ndarray, np.ndarray, np.ndarray]]:
    """(start [m], end [m], rgba) of each link of the body."""
    found = []
    for body, point, site in visual.links:
        start = data.xpos[body] + data.xmat[body].reshape(3, 3) @ np.array(point)
        shade = look.bright[int(visual.zones_at(start[None, :2])[0])]
        rgba = np.array([0.62 * shade, 0.64 * shade, 0.68 * shade, 1.0], np.float32).clip(0.0, 1.0)
        found.append((start, data.site_xpos[site].copy(), rgba))
    return found


@dataclass(frozen=True)
class View:
    """A room as a camera sees it now.

    here: the camera's zone, an index. colours: (ngeom, 4) of all geoms in their light. drawn: (ngeom,) bool, which of
    them are in the picture. outside: whether the camera isn't the body's own. used: as MuJoCo's functions take it.
    """

    visual: Visual
    data: mujoco.MjData
    used: mujoco.MjvCamera
    lens: Lens
    look: Look
    here: int
    colours: np.ndarray
    drawn: np.ndarray
    outside: bool

    @property
    def booms(self) -> list[tuple[np.ndarray, np.ndarray, np.ndarray]]:
        """What joins the parts of the body, for whoever looks at it from outside."""
        return booms(self.visual, self.data, self.look) if self.outside else []

    def frame(self) -> tuple:
        """All that the picture is made of: camera, lights, and pose, colour, glow and face of every geom in it."""
        visual, data, lens, look, drawn = self.visual, self.data, self.lens, self.look, self.drawn
        return (
            visual.number, lens.at.tobytes(), lens.axes.tobytes(), lens.rise, self.here, drawn.tobytes(),
            data.geom_xpos[drawn].tobytes(), data.geom_xmat[drawn].tobytes(), self.colours[drawn].tobytes(),
            [level for (_, geom, _), level in zip(visual.glows, look.levels, strict=True) if drawn[geom]],
            [key for geom, key in zip(visual.screens, look.shown, strict=True) if drawn[geom]],
            [angle for (_, geom), angle in zip(visual.turned, look.angles, strict=True) if drawn[geom]],
            [part.tobytes() for boom in self.booms for part in boom],
        )  # fmt: skip


class Finder:
    """Points cameras at a room. all_of_it: nothing is left out for being out of the frame, as it may throw a shadow."""

    def __init__(self, visual: Visual, scene: mujoco.MjvScene, *, all_of_it: bool = False):
        self.visual, self._scene, self._all = visual, scene, all_of_it
        self._own = mujoco.MjvCamera()
        self._own.type = mujoco.mjtCamera.mjCAMERA_FIXED

    def view(self, data: mujoco.MjData, camera: Camera, light: Light, size: Size) -> View:
        """What the camera sees."""
        visual, model, used = self.visual, self.visual.model, camera
        if isinstance(camera, int):
            self._own.fixedcamid = camera
            used = self._own
        mujoco.mjv_updateCamera(model, data, used, self._scene)
        lens = Lens.of(self._scene)
        look = light.look(visual)
        here = int(visual.zones_at(lens.at[None, :2])[0])
        colours = visual.colours(data, here, look)
        drawn = (visual.group < SEEN) & (colours[:, 3] > 0.0)
        if not self._all:
            drawn &= lens.frames(size[0] / size[1], data.geom_xpos, model.geom_rbound)
            if visual.doors.ways:
                drawn &= visual.doors.seen(here, lens.at, data.geom_xpos, model.geom_rbound)
        outside = not isinstance(camera, int) or model.cam_bodyid[camera] == 0
        return View(visual, data, used, lens, look, here, colours, drawn, outside)
