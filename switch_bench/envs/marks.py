"""Marks: what can be operated in an image, numbered in reading order.

Decoys and dead keys are numbered like the rest.
"""

from __future__ import annotations

from dataclasses import dataclass

import mujoco
import numpy as np

from switch_bench.controls.base import Built
from switch_bench.controls.keypad import Keypad
from switch_bench.controls.touchscreen import Touchscreen
from switch_bench.physics.cameras import MATTER, project
from switch_bench.world.screens import widget_point, widgets
from switch_bench.world.world import World

SLOTS = 64  # marks an image can have; 0 means none
SMALLEST = 3.0  # px on the image that half a control of 2 cm must span, else it is too far to mark
HALF = 0.010  # m
BAND = 0.06  # share of the image's height within which marks are in one line of reading


@dataclass(frozen=True)
class Target:
    """Something that can be operated: a control, one key of a keypad, or one widget of a screen."""

    control: int
    key: str = ""
    widget: str = ""


@dataclass(frozen=True)
class Mark:
    """A numbered target in an image; pixel: x right, y down."""

    number: int
    target: Target
    pixel: tuple[float, float]


def marks(world: World, camera: int, size: tuple[int, int]) -> tuple[Mark, ...]:
    """Number what can be operated in the camera's image of `size` (width, height) px."""
    points, targets, owners = _targets(world)
    if not targets:
        return ()
    pixels, depths = project(world.model, world.data, camera, size, np.array(points))
    focal = 0.5 * size[1] / np.tan(np.radians(world.model.cam_fovy[camera]) / 2)
    eye = world.data.cam_xpos[camera].copy()
    found: list[tuple[tuple[float, float], Target]] = []
    for point, target, owner, pixel, depth in zip(points, targets, owners, pixels, depths, strict=True):
        inside = 0 <= pixel[0] < size[0] and 0 <= pixel[1] < size[1]
        if depth > 0.02 and inside and focal * HALF / depth >= SMALLEST and _visible(world, eye, point, owner):
            found.append(((float(pixel[0]), float(pixel[1])), target))
    band = BAND * size[1]
    found.sort(key=lambda item: (int(item[0][1] // band), item[0][0]))
    return tuple(Mark(i + 1, target, pixel) for i, (pixel, target) in enumerate(found[: SLOTS - 1]))


def _targets(world: World) -> tuple[list[np.ndarray], list[Target], list[int]]:
    points: list[np.ndarray] = []
    targets: list[Target] = []
    owners: list[int] = []
    for c, item in enumerate(world.handles.mounted):
        control, built = item.control, item.built
        if isinstance(control, Touchscreen):
            for widget in widgets(world, item):
                points.append(widget_point(world, item, widget))
                targets.append(Target(c, widget=widget.name))
                owners.append(c)
            continue
        sites = (
            {name.removeprefix("key "): grip.site for name, grip in built.grips.items()}
            if isinstance(control, Keypad)
            else {"": _site(built)}
        )
        for key, site in sites.items():
            points.append(world.data.site_xpos[world.model.site(site).id].copy())
            targets.append(Target(c, key=key))
            owners.append(c)
    return points, targets, owners


def _site(built: Built) -> str:
    """The site that stands for a whole control: where one takes hold of it, else where one presses first."""
    for name in ("turn", "slide", "open", "press", "touch"):
        if name in built.grips:
            return built.grips[name].site
    return next(iter(built.grips.values())).site


def _visible(world: World, eye: np.ndarray, point: np.ndarray, control: int) -> bool:
    """Whether a ray from the eye meets this control first, or nothing before it."""
    gap = point - eye
    far = float(np.linalg.norm(gap))
    geom = np.zeros(1, np.int32)
    met = mujoco.mj_ray(world.model, world.data, eye, gap / far, MATTER, 1, -1, geom)
    return met < 0 or met > far - 0.02 or world.handles.control_of_geom[int(geom[0])] == control
