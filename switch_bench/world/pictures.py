"""Pictures of a running world."""

from __future__ import annotations

from typing import Any

import numpy as np

from switch_bench.world.world import World


def picture(
    world: World, camera: int | Any, size: tuple[int, int], kind: str = "rgb", *, fine: bool = False
) -> np.ndarray:
    """A picture by a camera (id, or a free MjvCamera): "rgb" (h, w, 3) uint8, "depth" [m], "segmentation" geom ids.

    fine: with shadows and smoothed edges. Raises NoPicture where there is no OpenGL.
    """
    from switch_bench.physics.picture import Light, studio

    scene = world.room.scenario.scene
    lux = {zone: float(world.value(f"{zone}.illuminance")) for zone in scene.zones}
    light = Light(lux, world.value, world.now, scene.clock_us)
    drawn = studio(world.room.visual, fine=fine)
    take = {"rgb": drawn.rgb, "depth": drawn.depth, "segmentation": drawn.segmentation}[kind]
    return take(world.data, camera, light, size)
