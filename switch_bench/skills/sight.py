"""Looking at what shows a signal: from where one stands, or else from where it can be made out."""

from __future__ import annotations

from collections.abc import Sequence
from math import atan2, cos, pi, sin

import mujoco
import numpy as np

from switch_bench.bodies.hand import HEAD_HEIGHT
from switch_bench.physics.cameras import LEGIBLE, MATTER, Face, intrinsics, legible
from switch_bench.skills.move import Motion, goto
from switch_bench.skills.sense import Sense
from switch_bench.skills.verbs import look_at

PICTURE = (256, 256)  # px: what is looked at is to be made out in a picture of the usual size
SURE = 1.15  # times as large as it must be there
EYE = 0.055  # m the head's camera is before its axis
FAR = (0.30, 1.50, 0.10)  # m: places from which one looks, nearest, farthest, apart
ROUND = pi / 12  # rad between two of them
TRIES = 3


def look_for(sense: Sense, faces: Sequence[Face]) -> Motion:
    """Look at the one of these faces that is best seen; if it can't be made out, go first to where it can.

    Ends with the best look it could get, even if that isn't enough.
    """
    x, y, _ = sense.base
    face = max(faces, key=lambda f: _width(sense, f, x, y))
    yield from look_at(sense, face.at(sense.data))
    for place in _places(sense, face)[:TRIES]:
        if made_out(sense, face):
            return
        yield from goto(sense, *place)
        yield from look_at(sense, face.at(sense.data))


def made_out(sense: Sense, face: Face) -> bool:
    """Whether a picture of the usual size would now show the face well, were it light enough."""
    camera = sense.model.camera(sense.room.hand.cameras[0]).id
    return bool(legible(sense.model, sense.data, camera, PICTURE, [face], lambda x, y: True))


def _places(sense: Sense, face: Face) -> list[tuple[float, float, float]]:
    """Where to stand to make a face out, the nearest first; where no place will do, the one that comes closest."""
    at, floor = face.at(sense.data), sense.floor()
    bx, by, _ = sense.base
    fit: list[tuple[float, float, float, float]] = []
    best, most = None, 0.0
    for far in np.arange(*FAR):
        for angle in np.arange(-pi, pi, ROUND):
            x, y = float(at[0] + far * cos(angle)), float(at[1] + far * sin(angle))
            if not floor.is_free(x, y):
                continue
            width = _width(sense, face, x, y)
            if width >= SURE * LEGIBLE:
                fit.append(((x - bx) ** 2 + (y - by) ** 2, x, y, atan2(at[1] - y, at[0] - x)))
            if width > most:
                best, most = (x, y, atan2(at[1] - y, at[0] - x)), width
    if fit:
        return [(x, y, heading) for _, x, y, heading in sorted(fit)]
    return [best] if best else []


def _width(sense: Sense, face: Face, x: float, y: float) -> float:
    """How wide a face would be [px] in a picture taken from there, straight at it; 0 if it is hidden from there."""
    at = face.at(sense.data)
    eye = np.array([x, y, HEAD_HEIGHT])
    eye += EYE * (at - eye) / float(np.linalg.norm(at - eye))
    gap = eye - at
    far = float(np.linalg.norm(gap))
    slant = 1.0 if face.site < 0 else float(sense.data.site_xmat[face.site].reshape(3, 3)[:, 2] @ gap) / far
    geom = np.zeros(1, np.int32)
    met = mujoco.mj_ray(sense.model, sense.data, eye, -gap / far, MATTER, 1, -1, geom)
    hidden = 0.0 <= met < far - max(0.06, face.size) and not sense.room.handles.hand_geom[int(geom[0])]
    if hidden or slant <= 0.0:
        return 0.0
    camera = sense.model.camera(sense.room.hand.cameras[0]).id
    return float(intrinsics(sense.model, camera, PICTURE)[0, 0]) * face.size * slant / far
