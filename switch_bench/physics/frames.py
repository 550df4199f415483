"""Frames: rotations from axes, and where the walls of a rectangular zone look from inside."""

from __future__ import annotations

from collections.abc import Sequence
from math import cos, pi, sin

import mujoco
import numpy as np

UPRIGHT = np.array(
    [[1.0, 0.0, 0.0], [0.0, 0.0, -1.0], [0.0, 1.0, 0.0]]
)  # panel axes (x, y, z) as columns, device frame


def quaternion(axes: np.ndarray) -> list[float]:
    """Unit quaternion (w, x, y, z) of a (3, 3) rotation whose columns are the axes."""
    q = np.zeros(4)
    mujoco.mju_mat2Quat(q, np.ascontiguousarray(axes, dtype=float).flatten())
    return [float(v) for v in q]


def turn_z(angle: float) -> np.ndarray:
    """(3, 3) rotation by `angle` [rad] about z."""
    c, s = cos(angle), sin(angle)
    return np.array([[c, -s, 0.0], [s, c, 0.0], [0.0, 0.0, 1.0]])


def turn_x(angle: float) -> np.ndarray:
    """(3, 3) rotation by `angle` [rad] about x."""
    c, s = cos(angle), sin(angle)
    return np.array([[1.0, 0.0, 0.0], [0.0, c, -s], [0.0, s, c]])


def wall_heading(wall: str) -> float:
    """Rotation about z [rad] that takes a device's frame (x right, y into the wall) to the named wall."""
    return {"north": 0.0, "east": -pi / 2, "south": pi, "west": pi / 2}[wall]


def panel_axes(yaw: float, tilt: float) -> np.ndarray:
    """(3, 3) axes (columns x, y, z) of a panel in its device's frame: upright, facing the reader, then turned."""
    return turn_z(yaw) @ turn_x(-tilt) @ UPRIGHT


def look_at(eye: Sequence[float], target: Sequence[float]) -> list[float]:
    """Quaternion of a camera at `eye` that looks at `target` with its image upright."""
    forward = np.asarray(target, float) - np.asarray(eye, float)
    forward /= np.linalg.norm(forward)
    right = np.cross(forward, [0.0, 0.0, 1.0])
    right /= np.linalg.norm(right)
    return quaternion(np.column_stack([right, np.cross(right, forward), -forward]))
