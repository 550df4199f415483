"""Pictures of a running world."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import mujoco
import numpy as np

from switch_bench.world.world import World

if TYPE_CHECKING:
    from switch_bench.physics.picture import Shot

NONE = "none"  # the renderer's name of a run without pictures


class Camera:
    """Takes a world's pictures by one renderer, and takes none anew where nothing that is in it changed.

    renderer: "auto", "egl", "osmesa" or "tiny". name: the renderer that drew, with what it says of itself; "none"
    before the first picture.
    """

    def __init__(self, renderer: str = "auto"):
        self.renderer = renderer
        self.name = NONE
        self._taken: dict[tuple, tuple[tuple, Shot]] = {}

    def picture(
        self, world: World, camera: int | mujoco.MjvCamera, size: tuple[int, int], kind: str = "rgb", *,
        fine: bool = False,
    ) -> np.ndarray:  # fmt: skip
        """A picture by a camera (id, or a free one): "rgb" (h, w, 3) uint8, "depth" [m], "segmentation" geom ids.

        fine: with shadows and smoothed edges. Raises NoPicture where the renderer can't be had.
        """
        from switch_bench.physics.picture import Light, studio, turn

        scene = world.room.scenario.scene
        visual, data = world.room.visual, world.data
        lux = {zone: float(world.value(f"{zone}.illuminance")) for zone in scene.zones}
        light = Light(lux, world.value, world.now, scene.clock_us)
        if isinstance(camera, int):
            place, view = camera, ()
        else:
            place, view = -1, (camera.lookat.tobytes(), camera.distance, camera.azimuth, camera.elevation)
        state = (visual.number, light.look(visual), data.xpos.tobytes(), data.xquat.tobytes(), view)
        wanted = (place, size, kind, fine)
        before, last = self._taken.get(wanted, ((), None))
        with turn():
            taker = studio(visual, fine=fine, renderer=self.renderer, size=size)
            self.name = taker.name
            if last is None or before != state:
                last = taker.take(kind, data, camera, light, size, last)
                self._taken[wanted] = state, last
        return last.image.copy()


def picture(
    world: World, camera: int | Any, size: tuple[int, int], kind: str = "rgb", *, fine: bool = False
) -> np.ndarray:
    """A picture of a world, as `Camera.picture` takes it, by whichever renderer there is."""
    return Camera().picture(world, camera, size, kind, fine=fine)
