"""Cameras: intrinsics, poses, rays through pixels, and what a picture lets one read."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import radians, tan
from typing import Any

import mujoco
import numpy as np

from switch_bench.physics.building import Shell, nearest_zone

LEGIBLE = (
    9.0  # px of a face's smaller side at least, seen obliquely, to read what it shows (a lamp, a rocker, one digit)
)
GRAZING = 0.17  # cosine of the steepest angle a face is read at: 80°
MATTER = np.array([1, 1, 1, 0, 0, 0], np.uint8)  # geom groups rays meet


@dataclass(frozen=True)
class Face:
    """Something that shows signals: a spot on a panel (whose z looks out of it), or a geom, seen from all sides."""

    name: str
    size: float  # the smaller side [m]
    site: int = -1  # the panel's, or
    geom: int = -1
    middle: tuple[float, float, float] = (0.0, 0.0, 0.0)  # in the panel's frame [m]
    lids: frozenset[int] = frozenset()  # geoms of doors that may be shut before it
    signals: tuple[str, ...] = ()  # what it shows
    glows: bool = False  # can be read in the dark

    def at(self, data: mujoco.MjData) -> np.ndarray:
        """Where it is in the world [m]."""
        if self.site < 0:
            return data.geom_xpos[self.geom].copy()
        return data.site_xpos[self.site] + data.site_xmat[self.site].reshape(3, 3) @ np.array(self.middle)


def intrinsics(model: mujoco.MjModel, camera: int, size: tuple[int, int]) -> np.ndarray:
    """(3, 3) pinhole matrix [px] of a camera for pictures of `size` (width, height)."""
    width, height = size
    focal = 0.5 * height / tan(radians(float(model.cam_fovy[camera])) / 2)
    return np.array([[focal, 0.0, (width - 1) / 2], [0.0, focal, (height - 1) / 2], [0.0, 0.0, 1.0]])


def extrinsics(data: mujoco.MjData, camera: int) -> np.ndarray:
    """(4, 4) pose of the camera in the world; x right, y down, z along the view (the OpenCV convention)."""
    pose = np.eye(4)
    pose[:3, :3] = data.cam_xmat[camera].reshape(3, 3) @ np.diag([1.0, -1.0, -1.0])
    pose[:3, 3] = data.cam_xpos[camera]
    return pose


def project(model: mujoco.MjModel, data: mujoco.MjData, camera: int, size: tuple[int, int], points: np.ndarray):
    """(n, 2) pixels and (n,) depths [m] of world `points` (n, 3); negative depths are behind the camera."""
    k, pose = intrinsics(model, camera, size), extrinsics(data, camera)
    local = (np.asarray(points, float) - pose[:3, 3]) @ pose[:3, :3]
    depth = local[:, 2]
    safe = np.where(np.abs(depth) < 1e-9, 1e-9, depth)
    return (local[:, :2] / safe[:, None]) * k[0, 0] + k[:2, 2], depth


def ray(
    model: mujoco.MjModel,
    data: mujoco.MjData,
    camera: int,
    size: tuple[int, int],
    pixel: Sequence[float],
    body: int = -1,
) -> tuple[int, np.ndarray | None]:
    """(geom, point) first met along the ray through a pixel (x, y), leaving out `body`; (−1, None) for nothing."""
    k, pose = intrinsics(model, camera, size), extrinsics(data, camera)
    local = np.array([(pixel[0] - k[0, 2]) / k[0, 0], (pixel[1] - k[1, 2]) / k[1, 1], 1.0])
    along = pose[:3, :3] @ local
    along /= np.linalg.norm(along)
    geom = np.zeros(1, np.int32)
    distance = mujoco.mj_ray(model, data, pose[:3, 3], along, MATTER, 1, body, geom)
    if distance < 0:
        return -1, None
    return int(geom[0]), pose[:3, 3] + along * distance


def unobstructed(
    model: mujoco.MjModel, data: mujoco.MjData, eye: np.ndarray, point: np.ndarray, *, slack: float = 0.03
) -> bool:
    """Whether a ray from `eye` reaches within `slack` [m] of `point`."""
    gap = point - eye
    far = float(np.linalg.norm(gap))
    geom = np.zeros(1, np.int32)
    met = mujoco.mj_ray(model, data, eye, gap / far, MATTER, 1, -1, geom)
    return met < 0 or met > far - slack


class Legible:
    """A room's faces, as they are looked for in one picture after another.

    Where a face is is worked out once where it stands still. Raises nothing.
    """

    def __init__(self, model: mujoco.MjModel, data: mujoco.MjData, faces: Sequence[Face]):
        self.model, self.faces = model, faces
        body = [model.site_bodyid[f.site] if f.site >= 0 else model.geom_bodyid[f.geom] for f in faces]
        self._moving = [i for i, b in enumerate(body) if b != 0]
        self._middles = np.array([face.at(data) for face in faces]).reshape(-1, 3)
        self._normals = np.array([_normal(face, data) for face in faces]).reshape(-1, 3)
        self._flat = np.array([face.site >= 0 for face in faces], bool)
        self._sizes = np.array([face.size for face in faces])
        self._glows = np.array([face.glows for face in faces], bool)

    def read(self, data: mujoco.MjData, camera: int, size: tuple[int, int], bright: Any) -> tuple[str, ...]:
        """Signals that can be read in a picture: faces in the frame, near and square enough, lit or glowing, not
        hidden.

        bright: a function of a point (x, y) that says whether it is light enough there to read.
        """
        if not self.faces:
            return ()
        model, faces, middles = self.model, self.faces, self._middles
        for i in self._moving:
            middles[i] = faces[i].at(data)
            self._normals[i] = _normal(faces[i], data)
        pixels, depths = project(model, data, camera, size, middles)
        focal = 0.5 * size[1] / tan(radians(float(model.cam_fovy[camera])) / 2)
        inside = (depths >= 0.02) & (pixels >= 0.0).all(axis=1) & (pixels < size).all(axis=1)
        eye = data.cam_xpos[camera].copy()
        found = inside.nonzero()[0]
        gaps = eye - middles[found]
        slants = np.where(
            self._flat[found], (self._normals[found] * gaps).sum(axis=1) / np.sqrt((gaps * gaps).sum(axis=1)), 1.0
        )
        large = (slants >= GRAZING) & (focal * self._sizes[found] * slants / depths[found] >= LEGIBLE)
        seen: list[str] = []
        for i in found[large].tolist():
            if not self._glows[i] and not bright(middles[i, 0], middles[i, 1]):
                continue
            if _shows(model, data, eye, middles[i], faces[i]):
                seen += faces[i].signals
        return tuple(seen)


def _normal(face: Face, data: mujoco.MjData) -> np.ndarray:
    """Which way a face on a panel looks; a geom is seen from all sides."""
    return data.site_xmat[face.site].reshape(3, 3)[:, 2] if face.site >= 0 else np.zeros(3)


def legible(
    model: mujoco.MjModel, data: mujoco.MjData, camera: int, size: tuple[int, int], faces: Sequence[Face], bright: Any
) -> tuple[str, ...]:
    """Signals that can be read in a picture, as `Legible.read` tells them, of faces looked at once."""
    return Legible(model, data, faces).read(data, camera, size, bright)


def _shows(model: mujoco.MjModel, data: mujoco.MjData, eye: np.ndarray, middle: np.ndarray, face: Face) -> bool:
    """Whether the face's middle is seen from `eye`: nothing stands well before it, and none of its lids at all."""
    gap = middle - eye
    far = float(np.linalg.norm(gap))
    geom = np.zeros(1, np.int32)
    met = mujoco.mj_ray(model, data, eye, gap / far, MATTER, 1, -1, geom)
    return met < 0 or met >= far or (met > far - max(0.06, face.size) and int(geom[0]) not in face.lids)


def overview(model: mujoco.MjModel, data: mujoco.MjData, shells: Sequence[Shell], at: np.ndarray) -> mujoco.MjvCamera:
    """A camera high in a corner of the zone around `at` (x, y, …), looking at what stands there.

    Of several places along the ways to the corners the farthest from which head and hand can be seen.
    """
    zone = nearest_zone(shells, float(at[0]), float(at[1]))
    shell = next(s for s in shells if s.name == zone)
    target = np.array([at[0], at[1], 1.0])
    best, rank = target, (0, 0.0)
    for x in (shell.low[0], shell.high[0]):
        for y in (shell.low[1], shell.high[1]):
            corner = np.array([x, y, shell.zone.height - 0.35])
            for near in (0.10, 0.25, 0.40):
                eye = corner + (target - corner) * [near, near, 0.0]
                seen = sum(
                    unobstructed(model, data, eye, target + [0.0, 0.0, up], slack=0.45) for up in (-0.3, 0.1, 0.5)
                )
                far = float(np.linalg.norm(eye - target))
                if far > 0.8 and (seen, far) > rank:
                    best, rank = eye, (seen, far)
    gap = target - best
    camera = mujoco.MjvCamera()
    camera.type = mujoco.mjtCamera.mjCAMERA_FREE
    camera.lookat = target
    camera.distance = float(np.linalg.norm(gap))
    camera.azimuth = float(np.degrees(np.arctan2(gap[1], gap[0])))
    camera.elevation = float(np.degrees(np.arcsin(gap[2] / camera.distance)))
    return camera
