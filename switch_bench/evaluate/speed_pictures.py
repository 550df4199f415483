"""What a picture costs over the bare renderer.

In an environment with `rgb` observations and `delta_pose` actions: microseconds that a step takes beyond the same step
without a picture, that the bare renderer takes for a picture of the same room by the same camera in the same context
(`mjv_updateScene`, `mjr_render`, `mjr_readPixels` of every geom), and that a picture takes in which nothing changed.
They are timed in turn, in blocks, in one run.
"""

from __future__ import annotations

import statistics
import time
from typing import Any, cast

BLOCK, BLOCKS = 10, 9  # steps in a block, and blocks
SIZE = (128, 128)  # px


def measure(task: str, size: tuple[int, int] = SIZE, blocks: int = BLOCKS) -> dict[str, Any]:
    """What pictures of `size` (width, height) px cost in a task's room.

    Returns: `by`, the OpenGL that draws ("egl" or "osmesa"), and `renderer`, what it says of itself; `ours_us`, what a
    picture adds to a step [µs]; `step_us`, the whole step; `unchanged_us`, a picture in which nothing changed;
    `bare_us`, the bare renderer's, `ratio` of ours to it (the median of the blocks' ratios), and `drawn` of how many
    `geoms` ours draws. `tiny`: the same by TinyRenderer, if it is there, without the bare renderer.

    Raises NoPicture where there is no OpenGL.
    """
    from switch_bench.physics.renderers import lacking, settle

    name = settle("auto")
    found = {"by": name, **_measure(task, name, size, blocks)}
    return found if name == "tiny" or lacking("tiny") else found | {"tiny": _measure(task, "tiny", size, blocks)}


def _measure(task: str, renderer: str, size: tuple[int, int], blocks: int) -> dict[str, Any]:
    import gymnasium
    import numpy as np

    import switch_bench.envs  # noqa: F401  # registers the tasks

    def env(obs: str) -> Any:
        made = gymnasium.make(
            f"switch_bench/{task}", obs=obs, act="delta_pose", size=size, renderer=renderer, disable_env_checker=True
        ).unwrapped
        made.reset(seed=0, options={"variation": "none"})
        cast(Any, made).task = cast(Any, made).task.model_copy(update={"horizon_us": 10**15})
        return made

    seeing, blind = env("rgb"), env("proprio")
    stage = seeing.stage
    head = stage.world.model.camera("head").id
    bare = _bare(stage, head, renderer, size)
    rows: dict[str, list[float]] = {"step_us": [], "blind_us": [], "bare_us": [], "unchanged_us": []}
    drawn: list[int] = []
    for k in range(blocks):
        phase = np.linspace(0.0, 2 * np.pi, BLOCK, endpoint=False)
        actions = np.zeros((BLOCK, 12), np.float32)
        actions[:, 6] = 1.0
        way = np.random.default_rng(k).uniform(-0.5, 0.5, 8)
        actions[:, [0, 1, 2, 3, 4, 9, 10, 11]] = way * np.cos(phase)[:, None]
        times: dict[str, float] = dict.fromkeys(rows, 0.0)
        for action in actions:
            for name, one in (("step_us", seeing), ("blind_us", blind)):
                began = time.perf_counter()
                one.step(action)
                times[name] += time.perf_counter() - began
            began = time.perf_counter()
            stage.picture(head, size)
            times["unchanged_us"] += time.perf_counter() - began
            if bare is not None:
                drawn.append(bare.scene.ngeom)
                with bare.taker.gallery.drawing():  # which a user of MuJoCo alone needn't do for each picture
                    began = time.perf_counter()
                    bare.draw()
                    times["bare_us"] += time.perf_counter() - began
        for name, row in rows.items():
            row.append(times[name] / BLOCK * 1e6)
    ours = [step - blind for step, blind in zip(rows["step_us"], rows["blind_us"], strict=True)]
    found: dict[str, Any] = {
        "renderer": stage.trace.manifest["renderer"],
        "ours_us": round(statistics.median(ours)),
        "step_us": round(statistics.median(rows["step_us"])),
        "unchanged_us": round(statistics.median(rows["unchanged_us"])),
    }
    if bare is not None:
        ratios = [a / b for a, b in zip(ours, rows["bare_us"], strict=True)]
        found |= {
            "bare_us": round(statistics.median(rows["bare_us"])), "ratio": round(statistics.median(ratios), 2),
            "drawn": round(statistics.mean(drawn)), "geoms": bare.scene.ngeom,
        }  # fmt: skip
    return found


class _Bare:
    """The bare renderer: every geom of the room, in the context and with the flags of the room's own pictures."""

    def __init__(self, stage: Any, camera: int, taker: Any, size: tuple[int, int]):
        import mujoco
        import numpy as np

        self._m = mujoco
        self.model, self.data, self.taker = taker.visual.model, stage.world.data, taker
        self.scene, self.context = taker.scene, taker.canvas.context
        self.groups = taker.visual.group
        self.camera = mujoco.MjvCamera()
        self.camera.type, self.camera.fixedcamid = mujoco.mjtCamera.mjCAMERA_FIXED, camera
        self.rect = mujoco.MjrRect(0, 0, *size)
        self.image = np.empty((size[1], size[0], 3), np.uint8)

    def draw(self) -> None:
        """One picture, as a user of MuJoCo alone would take it."""
        m = self._m
        self.model.geom_group[:] = self.groups
        m.mjv_updateScene(self.model, self.data, self.taker.option, None, self.camera, 7, self.scene)
        m.mjr_render(self.rect, self.scene, self.context)
        m.mjr_readPixels(self.image, None, self.rect, self.context)


def _bare(stage: Any, camera: int, renderer: str, size: tuple[int, int]) -> _Bare | None:
    from switch_bench.physics.picture import studio

    taker = studio(stage.room.visual, renderer=renderer, size=size)
    return _Bare(stage, camera, taker, size) if renderer != "tiny" else None
