"""Where things are: relations of objects over time, and whether an effect is where it was asked for."""

from __future__ import annotations

from math import acos, dist

from switch_bench.trace.schema import Pose
from switch_bench.trace.signals import Signals
from switch_bench.verify.stl_ast import Spatial

FALLEN = 0.785398  # rad (45°): tilted by more than this from how it stood at first, an upright thing has fallen


def tilt(a: Pose, b: Pose) -> float:
    """The angle [rad] between the upward axes of an object in two poses."""
    ax, ay, az = _up(a.quaternion)
    bx, by, bz = _up(b.quaternion)
    return acos(max(-1.0, min(1.0, ax * bx + ay * by + az * bz)))


def _up(q: tuple[float, float, float, float]) -> tuple[float, float, float]:
    w, x, y, z = q
    return 2 * (x * z + w * y), 2 * (y * z - w * x), 1 - 2 * (x * x + y * y)


def related(node: Spatial, first: Pose, now: Pose) -> bool:
    """Whether an object that was at `first` in the beginning and is at `now` is in the relation."""
    match node.relation:
        case "in":
            return node.place in (now.zone, now.on)
        case "on":
            return node.place == now.on
        case "moved":
            return dist(first.position, now.position) > node.distance
        case "fallen":
            return tilt(first, now) > FALLEN


def relation(node: Spatial, signals: Signals) -> tuple[list[int], list[bool]]:
    """The times (from 0) from which on the relation holds or not. Raises `UnknownSignalError` for an unknown object."""
    poses = signals.poses(node.thing)
    times, so = [0], [related(node, poses[0], poses[0])]
    for pose in poses:
        holds = related(node, poses[0], pose)
        if times[-1] == pose.t:
            so[-1] = holds
        else:
            times.append(pose.t)
            so.append(holds)
    return times, so
