"""Draws the pictures of the README into img/: `MUJOCO_GL=egl python docs/write_pictures.py`. Needs OpenGL."""

from __future__ import annotations

from pathlib import Path

import cv2
import gymnasium
import numpy as np

import switch_bench.envs  # noqa: F401  # registers the tasks
from switch_bench.spec.find import load_scene
from switch_bench.spec.names import scenes
from switch_bench.world.cast import plain_room
from switch_bench.world.stage import Stage

FOLDER = Path(__file__).parent / "img"
SIZE = (640, 480)  # px
QUALITY = 88  # of JPEG, per cent
MARKED = "kitchen.boil_water-v1"


def main() -> None:
    """A third-person view of each room as it is written, and one room as an agent sees it, with marks."""
    FOLDER.mkdir(exist_ok=True)
    for name in scenes():
        write(name, outside(name))
    env = gymnasium.make(f"switch_bench/{MARKED}", obs="marks", size=SIZE)
    write("marks", env.reset(seed=0, options={"variation": "none"})[0])


def outside(scene: str) -> np.ndarray:
    """(480, 640, 3) uint8 picture of a room by its own view, or from a corner."""
    stage = Stage(plain_room(load_scene(scene)))
    model = stage.world.model
    names = {model.camera(i).name for i in range(model.ncam)}
    camera = model.camera("view").id if "view" in names else stage.room.overview(stage.world.data)
    return stage.picture(camera, SIZE, fine=True)


def write(name: str, image: np.ndarray) -> None:
    """Write an RGB picture as `<name>.jpg`."""
    cv2.imwrite(str(FOLDER / f"{name}.jpg"), image[:, :, ::-1], [cv2.IMWRITE_JPEG_QUALITY, QUALITY])


if __name__ == "__main__":
    main()
