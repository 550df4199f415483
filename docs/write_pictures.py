"""Draws the pictures of the README into img/: `MUJOCO_GL=egl python docs/write_pictures.py`. Needs OpenGL."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import cv2
import gymnasium
import numpy as np

import switch_bench.envs  # noqa: F401  # registers the tasks

FOLDER = Path(__file__).parent / "img"
QUALITY = 88  # of JPEG, per cent
ROOMS = {
    "galley_kitchen": "kitchen.boil_water-v1",
    "two_room_flat": "home.warm_living-v1",
    "utility": "utility.worktop_light_on-v1",
}
MARKED = "kitchen.boil_water-v1"


def main() -> None:
    """A third-person view of each room, and one room as an agent sees it, with marks."""
    FOLDER.mkdir(exist_ok=True)
    for scene, task in ROOMS.items():
        env, _ = begun(task, "proprio")
        write(scene, env.third_person(fine=True))
    write("marks", begun(MARKED, "marks")[1])


def begun(task: str, obs: str) -> tuple[Any, Any]:
    """The environment of a task at the start, in its scene as it is written, and the first observation."""
    env = gymnasium.make(f"switch_bench/{task}", obs=obs, size=(640, 480))
    observation, _ = env.reset(seed=0, options={"variation": "none"})
    return env.unwrapped, observation


def write(name: str, image: np.ndarray) -> None:
    """Write an RGB picture as `<name>.jpg`."""
    cv2.imwrite(str(FOLDER / f"{name}.jpg"), image[:, :, ::-1], [cv2.IMWRITE_JPEG_QUALITY, QUALITY])


if __name__ == "__main__":
    main()
