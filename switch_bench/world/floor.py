"""Ways over the floor: a grid of where the body's trunk fits, and shortest paths on it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from heapq import heappop, heappush
from math import hypot

import mujoco
import numpy as np

CELL = 0.05  # m
HEADROOM = 1.9  # m: what hangs higher is no obstacle
CLEARANCE = 0.04  # m beyond the trunk's own radius
STEPS = [(dx, dy, hypot(dx, dy)) for dx in (-1, 0, 1) for dy in (-1, 0, 1) if dx or dy]


class NoWay(RuntimeError):
    """There is no way over the floor to that place."""


@dataclass(frozen=True)
class FloorMap:
    """Where the trunk's middle may be. free: (nx, ny) bool; cell (i, j) is centred at low + (i + ½, j + ½)·CELL."""

    low: tuple[float, float]
    free: np.ndarray
    room: np.ndarray  # (nx, ny) distance to the nearest obstacle, in cells, at most 8

    def cell(self, x: float, y: float) -> tuple[int, int]:
        """The cell of a point, clipped to the map."""
        i = int((x - self.low[0]) / CELL)
        j = int((y - self.low[1]) / CELL)
        return min(max(i, 0), self.free.shape[0] - 1), min(max(j, 0), self.free.shape[1] - 1)

    def point(self, cell: tuple[int, int]) -> tuple[float, float]:
        """The middle of a cell [m]."""
        return self.low[0] + (cell[0] + 0.5) * CELL, self.low[1] + (cell[1] + 0.5) * CELL

    def without(self, boxes: Sequence[tuple[np.ndarray, np.ndarray]], radius: float) -> FloorMap:
        """The same floor with further obstacles, (low, high) corners on the plan [m], for a trunk of `radius` [m]."""
        free = self.free.copy()
        grow = radius + CLEARANCE
        for low, high in boxes:
            i0, j0 = np.maximum(0, np.ceil((low - grow - self.low) / CELL - 0.5).astype(int))
            i1, j1 = np.ceil((high + grow - self.low) / CELL - 0.5).astype(int)
            free[i0:i1, j0:j1] = False
        return FloorMap(self.low, free, self.room)

    def is_free(self, x: float, y: float) -> bool:
        """Whether the trunk fits there."""
        i, j = int((x - self.low[0]) / CELL), int((y - self.low[1]) / CELL)
        return 0 <= i < self.free.shape[0] and 0 <= j < self.free.shape[1] and bool(self.free[i, j])

    def nearest(self, x: float, y: float, reach: float = 0.6) -> tuple[int, int]:
        """The free cell nearest to a point. Raises NoWay if there is none within `reach` [m]."""
        at = self.cell(x, y)
        n = int(reach / CELL)
        best, far = None, float("inf")
        for i in range(max(0, at[0] - n), min(self.free.shape[0], at[0] + n + 1)):
            for j in range(max(0, at[1] - n), min(self.free.shape[1], at[1] + n + 1)):
                if self.free[i, j]:
                    px, py = self.point((i, j))
                    d = hypot(px - x, py - y)
                    if d < min(far, reach):
                        best, far = (i, j), d
        if best is None:
            raise NoWay(f"no free floor within {reach:g} m of ({x:.2f}, {y:.2f})")
        return best

    def clear(self, a: tuple[float, float], b: tuple[float, float]) -> bool:
        """Whether the straight way between two points is free."""
        n = max(1, int(hypot(b[0] - a[0], b[1] - a[1]) / (CELL / 2)))
        return all(self.is_free(a[0] + (b[0] - a[0]) * k / n, a[1] + (b[1] - a[1]) * k / n) for k in range(n + 1))

    def path(self, start: tuple[float, float], goal: tuple[float, float]) -> list[tuple[float, float]]:
        """Way points from start to goal, corners only, keeping off obstacles where there is room. Raises NoWay."""
        a, b = self.nearest(*start), self.nearest(*goal)
        came: dict[tuple[int, int], tuple[int, int]] = {a: a}
        cost = {a: 0.0}
        heap = [(0.0, a)]
        while heap:
            _, here = heappop(heap)
            if here == b:
                break
            for dx, dy, step in STEPS:
                there = (here[0] + dx, here[1] + dy)
                if not (0 <= there[0] < self.free.shape[0] and 0 <= there[1] < self.free.shape[1]):
                    continue
                if not self.free[there]:
                    continue
                total = cost[here] + step * (1.0 + 0.6 * max(0, 4 - int(self.room[there])) / 4)
                if total < cost.get(there, float("inf")):
                    cost[there] = total
                    came[there] = here
                    heappush(heap, (total + hypot(there[0] - b[0], there[1] - b[1]), there))
        if b not in came:
            raise NoWay(
                f"no way over the floor from ({start[0]:.2f}, {start[1]:.2f}) to ({goal[0]:.2f}, {goal[1]:.2f})"
            )
        cells = [b]
        while cells[-1] != a:
            cells.append(came[cells[-1]])
        return self._straighten([self.point(c) for c in reversed(cells)], goal)

    def _straighten(
        self, points: Sequence[tuple[float, float]], goal: tuple[float, float]
    ) -> list[tuple[float, float]]:
        corners, k = [points[0]], 0
        while k < len(points) - 1:
            far = next(
                (m for m in range(len(points) - 1, k, -1) if self.clear(points[k], points[m])),
                k + 1,
            )
            corners.append(points[far])
            k = far
        if self.is_free(*goal) and self.clear(corners[-1], goal):
            corners[-1] = goal
        return corners[1:] or [goal]


def floor_map(model: mujoco.MjModel, data: mujoco.MjData, obstacles: Sequence[int], radius: float) -> FloorMap:
    """Map the floor among the geoms `obstacles` (ids) for a trunk of `radius` [m]."""
    boxes = []
    for g in obstacles:
        centre, axes, size = data.geom_xpos[g], data.geom_xmat[g].reshape(3, 3), model.geom_aabb[g]
        half = np.abs(axes) @ size[3:]
        middle = centre + axes @ size[:3]
        if middle[2] - half[2] < HEADROOM and middle[2] + half[2] > 0.03:
            boxes.append((middle[:2] - half[:2], middle[:2] + half[:2]))
    low = np.min([b[0] for b in boxes], axis=0) - 0.1
    high = np.max([b[1] for b in boxes], axis=0) + 0.1
    shape = np.ceil((high - low) / CELL).astype(int)
    taken = np.zeros(shape, bool)
    grow = radius + CLEARANCE
    for a, b in boxes:
        i0, j0 = np.maximum(0, np.ceil((a - grow - low) / CELL - 0.5).astype(int))
        i1, j1 = np.ceil((b + grow - low) / CELL - 0.5).astype(int)
        taken[i0:i1, j0:j1] = True
    import cv2

    room = cv2.distanceTransform((~taken).astype(np.uint8), cv2.DIST_L2, 3)
    return FloorMap((float(low[0]), float(low[1])), ~taken, np.minimum(room, 8.0))
