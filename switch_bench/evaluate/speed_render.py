"""What a picture of a room costs over MuJoCo's own renderer of the same scene.

`bare` is `mujoco.Renderer` on the same dressed model, at the same size, with shadows, smoothing and reflections off as
in observations. The hand moves between any two pictures, so that each must be drawn; `still` is a picture asked for
again when nothing has changed.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from statistics import median
from typing import Any

import mujoco
import numpy as np

from switch_bench.evaluate.speed_step import Effort, make, ratio, wander

SIZE = (128, 128)  # px


def measure(task: str, effort: Effort) -> dict[str, Any]:
    """µs a picture of the head camera, ours and bare, their ratio, and again while nothing changes.

    Raises NoPicture where there is no OpenGL.
    """
    env = make(task)
    stage = env.stage
    assert stage is not None
    model, data = stage.room.visual.model, stage.world.data
    head = stage.world.model.camera(stage.room.hand.cameras[0]).id

    def ours() -> np.ndarray:
        return stage.picture(head, SIZE)

    ours()  # makes the context
    renderer = mujoco.Renderer(model, SIZE[1], SIZE[0], max_geom=model.ngeom + 200)
    option = mujoco.MjvOption()
    option.sitegroup[:] = 0
    option.geomgroup[:] = [1, 1, 1, 0, 0, 0]

    def bare() -> np.ndarray:
        renderer.update_scene(data, head, option)
        for flag in ("mjRND_SHADOW", "mjRND_REFLECTION", "mjRND_SKYBOX", "mjRND_HAZE"):
            renderer.scene.flags[getattr(mujoco.mjtRndFlag, flag)] = False
        return renderer.render()

    rng = np.random.default_rng(0)
    taken: list[list[float]] = [[], [], []]
    for block in range(effort.blocks + 1):  # the first one only warms up
        for action in wander(effort.block, rng)[:: max(1, effort.block // 8)]:
            env.step(action)
            for times, draw in zip(taken, (ours, bare, ours), strict=True):
                seconds = _seconds(draw)
                if block:
                    times.append(seconds)
    renderer.close()
    env.close()
    drawn, limit, again = (median(times) for times in taken)
    return {
        "picture_us": round(drawn * 1e6),
        "bare_us": round(limit * 1e6),
        "ratio": ratio(taken[0], taken[1]),
        "still_us": round(again * 1e6),
        "geoms": model.ngeom,
        "size": list(SIZE),
    }


def _seconds(draw: Callable[[], Any]) -> float:
    began = time.perf_counter()
    draw()
    return time.perf_counter() - began
