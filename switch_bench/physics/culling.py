"""Which geoms a camera can't see, by where they are: they need not be drawn."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import mujoco
import numpy as np

INSIDE = 0.10  # m: an eye that is nearer to the edge of its zone may be in a wall, or see past its edge
NEAR = 0.30  # m: an eye that is nearer to a doorway's plane sees round its frame
EDGE = 0.06  # m: how far from its zone a thing's middle can be that belongs to it


@dataclass(frozen=True)
class Lens:
    """A camera as it stands: at [m]; its axes (right, up, ahead) as columns; rise: of its frame's upper edge, a metre
    ahead [m]; near: where its sight begins [m].
    """

    at: np.ndarray
    axes: np.ndarray
    rise: float
    near: float

    @classmethod
    def of(cls, scene: mujoco.MjvScene) -> Lens:
        """The camera of a scene: the middle of its two eyes, of which nothing else is ever drawn."""
        left, right = scene.camera
        forward, up = left.forward.astype(float), left.up.astype(float)
        axes = np.stack([np.cross(forward, up), up, forward], axis=1)
        at = (left.pos.astype(float) + right.pos) / 2
        return cls(at, axes, left.frustum_top / left.frustum_near, left.frustum_near)

    def frames(self, aspect: float, at: np.ndarray, radius: np.ndarray) -> np.ndarray:
        """(n,) bool: which spheres at (n, 3) `at` [m] reach into the frame; without a radius one has no end.

        aspect: width by height of the picture. Nothing that could be in the picture is left out.
        """
        local = (at - self.at) @ self.axes
        side, ahead = self.rise * aspect, local[:, 2]
        reach = np.where(radius > 0.0, radius + 1e-3, np.inf)
        over = np.abs(local[:, 1]) - ahead * self.rise <= reach * np.hypot(1.0, self.rise)
        beside = np.abs(local[:, 0]) - ahead * side <= reach * np.hypot(1.0, side)
        return (ahead >= self.near - reach) & over & beside


@dataclass(frozen=True)
class Doors:
    """Which of a house's zones can be seen from where, through its doorways.

    low, high: (n, 3) corners of the zones [m]. ways: (zone, other zone, corners (4, 3) of the opening [m]),
    either way. zone: (ngeom,) of what stands still within its zone; −1: of nothing that could be hidden by a wall.
    """

    low: np.ndarray
    high: np.ndarray
    ways: tuple[tuple[int, int, np.ndarray], ...]
    zone: np.ndarray

    def seen(self, here: int, eye: np.ndarray, at: np.ndarray, radius: np.ndarray) -> np.ndarray:
        """(ngeom,) bool: which spheres could be seen from `eye` in the zone `here`: through every doorway on the way.

        Nothing that could be in a picture is left out. An eye in a wall looks through it, so there nothing is.
        """
        if (eye < self.low[here] + INSIDE).any() or (eye > self.high[here] - INSIDE).any():
            return np.ones(len(self.zone), bool)
        seen = (self.zone < 0) | (self.zone == here)
        gap = at - eye
        reach = np.where(radius > 0.0, radius + 1e-3, np.inf)
        self._beyond(here, eye, gap, reach, np.zeros((0, 3)), [here], seen)
        return seen

    def _beyond(
        self, zone: int, eye: np.ndarray, gap: np.ndarray, reach: np.ndarray, planes: np.ndarray, way: list[int],
        seen: np.ndarray,
    ) -> None:  # fmt: skip
        """Mark what can be seen behind the doorways of `zone`, at the end of a way that leads inside the planes."""
        for one, other, corners in self.ways:
            if one != zone or other in way:
                continue
            rays = corners - eye
            if len(planes) and (rays @ planes.T < 0.0).all(axis=0).any():
                continue  # this doorway isn't seen through those before it
            sides = np.cross(rays, np.roll(rays, -1, axis=0))
            sides /= np.maximum(np.linalg.norm(sides, axis=1, keepdims=True), 1e-12)
            sides *= np.sign(sides @ rays.mean(axis=0))[:, None]
            inside = np.concatenate([planes, sides]) if self._apart(rays) else planes
            there = np.flatnonzero(self.zone == other)
            seen[there] |= (gap[there] @ inside.T >= -reach[there, None]).all(axis=1)
            self._beyond(other, eye, gap, reach, inside, [*way, other], seen)

    @staticmethod
    def _apart(rays: np.ndarray) -> bool:
        """Whether an eye is far enough from a doorway's plane for its corners to frame what is seen through it."""
        normal = np.cross(rays[1] - rays[0], rays[3] - rays[0])
        return abs(float(normal @ rays[0])) > NEAR * float(np.linalg.norm(normal))


def doors(
    low: np.ndarray, high: np.ndarray, ways: Sequence[tuple[int, int, np.ndarray]], zone: np.ndarray, at: np.ndarray
) -> Doors:
    """The doorways of a house.

    ways: as `Doors` has them, but each once. zone, at: of all geoms; −1: it doesn't stand still.
    """
    zone = zone.copy()
    known = zone >= 0
    over = (at[known] < low[zone[known]] - EDGE) | (at[known] > high[zone[known]] + EDGE)
    zone[np.flatnonzero(known)[over.any(axis=1)]] = -1
    both = [way for one, other, corners in ways for way in ((one, other, corners), (other, one, corners))]
    return Doors(low, high, tuple(both), zone)
