"""Geoms as triangles, with the lamps' light baked into the normals, for a renderer that knows but one far light.

TinyRenderer shades a point by the cosine between its normal and the way to that light. A normal at the right angle to
it gives any brightness that is wanted, so each vertex gets the one that MuJoCo's rig of lights gives it in its place.
"""

from __future__ import annotations

from dataclasses import dataclass

import mujoco
import numpy as np

AMBIENT, BRIGHTEST = 0.45, 1.6  # of a face that looks away from the light, or into it; 1 is as bright as it is painted
TO_LIGHT = np.array([0.0, 0.0, 1.0])  # so that what turns about a plumb line, as doors do, keeps its light
ROUND = 20  # faces round a cylinder
LARGE = 0.6  # m: faces larger than that are cut, as light falls off across them
CUT = 5
GEOM = mujoco.mjtGeom


@dataclass(frozen=True)
class Mesh:
    """Triangles in a geom's frame: vertices and normals (n, 3), uv (n, 2) from −1 to 1 across it, faces (m, 3)."""

    vertices: np.ndarray
    normals: np.ndarray
    uv: np.ndarray
    faces: np.ndarray


def mesh(kind: int, size: np.ndarray, *, wrapped: bool) -> Mesh:
    """The triangles of a geom; wrapped: its texture goes round it, and doesn't lie on the face along z."""
    if kind == GEOM.mjGEOM_BOX:
        return _box(size, wrapped)
    rx, ry, half = (size[0], size[0], size[1]) if kind != GEOM.mjGEOM_ELLIPSOID else (size[0], size[1], size[2])
    if kind == GEOM.mjGEOM_CYLINDER:
        return _turned([(0.0, -half), (rx, -half), (rx, half), (0.0, half)], rx, ry, half, wrapped, flat=True)
    angles = np.linspace(-np.pi / 2, np.pi / 2, 11)
    if kind == GEOM.mjGEOM_CAPSULE:
        line = [(rx * np.cos(a), rx * np.sin(a) + (half if a > 0 else -half)) for a in angles]
        return _turned(line, rx, ry, half + rx, wrapped)
    high = size[0] if kind == GEOM.mjGEOM_SPHERE else half
    return _turned([(rx * np.cos(a), high * np.sin(a)) for a in angles], rx, ry, high, wrapped)


def _box(size: np.ndarray, wrapped: bool) -> Mesh:
    vertices, normals, uv, faces = [], [], [], []
    for axis in range(3):
        a, b = (axis + 1) % 3, (axis + 2) % 3
        for sign in (-1.0, 1.0):
            n = CUT if 2 * max(size[a], size[b]) > LARGE else 2
            grid = np.stack(np.meshgrid(np.linspace(-1, 1, n), np.linspace(-1, 1, n), indexing="ij"), -1).reshape(-1, 2)
            at = np.zeros((n * n, 3))
            at[:, axis], at[:, a], at[:, b] = sign, grid[:, 0], grid[:, 1]
            normal = np.zeros((n * n, 3))
            normal[:, axis] = sign
            faces.append(_cells(n, n, flip=sign < 0) + sum(len(v) for v in vertices))
            vertices.append(at * size)
            normals.append(normal)
            uv.append(grid if wrapped else at[:, :2])
    return Mesh(np.concatenate(vertices), np.concatenate(normals), np.concatenate(uv), np.concatenate(faces))


def _turned(
    line: list[tuple[float, float]], rx: float, ry: float, high: float, wrapped: bool, *, flat: bool = False
) -> Mesh:
    """A line of (radius, height) turned about z; flat: each of its pieces has a normal of its own."""
    pieces = [line[i : i + 2] for i in range(len(line) - 1)] if flat else [line]
    round_ = np.linspace(0.0, 2 * np.pi, ROUND + 1)
    vertices, normals, uv, faces = [], [], [], []
    for piece in pieces:
        r, z = np.array(piece).T
        dr, dz = np.gradient(r), np.gradient(z)
        cos, sin = np.cos(round_)[:, None], np.sin(round_)[:, None]
        at = np.stack([r * cos, r * sin * (ry / rx), np.broadcast_to(z, (ROUND + 1, len(z)))], -1).reshape(-1, 3)
        out = np.stack([dz * cos, dz * sin, np.broadcast_to(-dr, (ROUND + 1, len(z)))], -1).reshape(-1, 3)
        faces.append(_cells(ROUND + 1, len(z)) + sum(len(v) for v in vertices))
        vertices.append(at)
        normals.append(out / np.maximum(np.linalg.norm(out, axis=1, keepdims=True), 1e-12))
        turn = np.repeat(round_ / np.pi - 1.0, len(z))
        uv.append(np.stack([turn, at[:, 2] / high], -1) if wrapped else at[:, :2] / [rx, ry])
    return Mesh(np.concatenate(vertices), np.concatenate(normals), np.concatenate(uv), np.concatenate(faces))


def _cells(rows: int, columns: int, *, flip: bool = False) -> np.ndarray:
    """Two triangles for each cell of a grid of vertices."""
    corner = (np.arange(rows - 1)[:, None] * columns + np.arange(columns - 1)).reshape(-1)
    right, below = corner + 1, corner + columns
    triangles = np.concatenate([np.stack([corner, below, below + 1], 1), np.stack([corner, below + 1, right], 1)])
    return triangles[:, ::-1] if flip else triangles


def rig_light(at: np.ndarray, normals: np.ndarray, lamps: np.ndarray, beam: np.ndarray) -> np.ndarray:
    """(n,) how bright MuJoCo's rig of lights makes points (n, 3) at `at` with `normals`, 1 being full.

    lamps: (m, 3) places of the spots, which look down, of a zone and those beside it. beam: the way its other light
    falls. As `physics.compile` sets them up: ambient light, a headlight (which faces that are seen look at, more or
    less, wherever the camera is), spots and a directional light.
    """
    bright = 0.38 + 0.10 + 0.16 * np.maximum(-(normals @ beam), 0.0)
    for lamp in lamps:
        gap = lamp - at
        far = np.maximum(np.linalg.norm(gap, axis=1), 1e-6)
        down = np.maximum(gap[:, 2] / far, 0.0)
        spot = np.where(down > np.cos(np.radians(88.0)), down**0.6, 0.0) / (1.0 + 0.03 * far * far)
        bright += spot * (0.10 + 0.62 * np.maximum((gap * normals).sum(1) / far, 0.0))
    return bright


def baked(normals: np.ndarray, bright: np.ndarray, to_light: np.ndarray) -> np.ndarray:
    """(n, 3) normals by which a point looks as `bright` as it should, near the real ones; to_light: in their frame."""
    cosine = np.clip((bright - AMBIENT) / (BRIGHTEST - AMBIENT), 0.0, 1.0)[:, None]
    aside = normals - (normals @ to_light)[:, None] * to_light
    length = np.linalg.norm(aside, axis=1, keepdims=True)
    other = np.cross(to_light, [1.0, 0.0, 0.0] if abs(to_light[0]) < 0.9 else [0.0, 1.0, 0.0])
    aside = np.where(length > 1e-6, aside / np.maximum(length, 1e-12), other / np.linalg.norm(other))
    return cosine * to_light + np.sqrt(1.0 - cosine**2) * aside
