"""Which geoms a camera can't see, by where they are: they need not be drawn."""

from __future__ import annotations

from dataclasses import dataclass

import mujoco
import numpy as np


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
