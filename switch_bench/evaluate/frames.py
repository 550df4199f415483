"""Pictures of an episode's key moments, taken while it is repeated from its trace."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import cv2
import numpy as np

from switch_bench.evaluate.folder import write_atomically
from switch_bench.evaluate.moments import moments
from switch_bench.evaluate.views import VIEWS
from switch_bench.trace.schema import Trace
from switch_bench.world.pictures import Camera
from switch_bench.world.replay import identity

if TYPE_CHECKING:
    from switch_bench.world.room import Room
    from switch_bench.world.world import World

SIZE = (640, 480)  # px
FINER = 2  # drawn so many times larger and averaged: smooth edges for less than a multisampled context costs
QUALITY = 82  # JPEG


def draw(room: Room, trace: Trace, since: int | None, folder: Path, name: str) -> list[dict[str, Any]]:
    """Draw the moments that a reader should see, from outside and by the head camera, as JPEG below `folder`/frames.

    The trace tells the moments, and its recorded state hashes the times at which the repeated world is looked at: each
    moment is drawn at the first of them that isn't before it. Returns a record for each: `t` [µs], `what` it is in
    words, `view`, `file` relative to `folder`, and the `renderer` that drew it.
    """
    wanted = moments(trace, since)
    by = Camera()
    records: list[dict[str, Any]] = []

    def watch(world: World) -> None:
        due = [moment for moment in wanted if moment.t <= world.now]
        if not due:
            return
        del wanted[: len(due)]
        what = ", ".join(dict.fromkeys(moment.what for moment in due))
        for view in VIEWS[:2]:
            file = f"frames/{name}.{world.now // 1000}.{view.replace(' ', '_')}.jpg"
            write_atomically(folder / file, jpeg(look(world, view, by=by)))
            records.append({"t": world.now, "what": what, "view": view, "file": file, "renderer": by.name})

    identity(room, trace, watch=watch)
    return records


def look(world: World, view: str, size: tuple[int, int] = SIZE, *, by: Camera | None = None) -> np.ndarray:
    """(height, width, 3) uint8 picture of a running world; `view` is one of `VIEWS`. by: who takes it."""
    large = (by or Camera()).picture(world, camera(world, view), (FINER * size[0], FINER * size[1]))
    return cv2.resize(large, size, interpolation=cv2.INTER_AREA)


def camera(world: World, view: str) -> Any:
    """The camera of a view: an id, or a free camera."""
    if view == "third person":
        return world.room.outside(world.data)
    return world.model.camera(view).id


def jpeg(image: np.ndarray) -> bytes:
    """An RGB picture as JPEG."""
    done, data = cv2.imencode(".jpg", image[..., ::-1], [cv2.IMWRITE_JPEG_QUALITY, QUALITY])
    assert done
    return data.tobytes()
