"""What a loose thing rests on or is in, from geometry alone."""

from __future__ import annotations

import mujoco
import numpy as np

from switch_bench.physics.cameras import MATTER
from switch_bench.physics.compile import Drawn
from switch_bench.physics.frames import turn_z

GAP = 0.05  # m below a thing's origin within which what is met carries it


def support(model: mujoco.MjModel, data: mujoco.MjData, drawn: Drawn, body: int) -> str:
    """The device a thing is in (its interior) or on, the furniture it is on, "floor", or "" in mid-air."""
    at = data.xpos[body]
    for name, item in drawn.placed.items():
        for centre, size in item.device.interior.values():
            local = item.axes.T @ (at + np.array([0.0, 0.0, 0.01]) - np.array(item.at))
            if np.all(np.abs(local - np.array(centre)) <= np.array(size) / 2 + 0.01):
                return name
    geom = np.zeros(1, np.int32)
    start = at + np.array([0.0, 0.0, 0.02])
    met = mujoco.mj_ray(model, data, start, np.array([0.0, 0.0, -1.0]), MATTER, 1, body, geom)
    if met < 0 or met > GAP + 0.02:
        return ""
    owner = model.geom(int(geom[0])).name.split("/", 1)[0].split(".", 1)[0]
    if owner in drawn.placed:
        return owner
    for name, piece in drawn.pieces.items():
        along, depth = turn_z(-piece.heading)[:2, :2] @ (start[:2] - np.array(piece.at))
        over = abs(along) <= piece.width / 2 and 0.0 <= -depth <= piece.depth
        if over and piece.kind != "rug" and abs(piece.base + piece.height - (start[2] - met)) < 0.03:
            return name
    return "floor" if start[2] - met < 0.03 else ""
