"""Where things are: relations of objects over time, and whether an effect is where it was asked for."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from itertools import islice, product
from math import acos, dist
from typing import TYPE_CHECKING

from switch_bench.trace.schema import Pose, SignalInfo
from switch_bench.trace.signals import Signals
from switch_bench.verify.stl_ast import Node, Spatial, names, renamed

if TYPE_CHECKING:
    from switch_bench.verify.facts import Facts

FALLEN = 0.785398  # rad (45°): tilted by more than this from how it stood at first, an upright thing has fallen


def tilt(a: Pose, b: Pose) -> float:
    """The angle [rad] between the upward axes of an object in two poses."""
    ax, ay, az = _up(a.quaternion)
    bx, by, bz = _up(b.quaternion)
    return acos(max(-1.0, min(1.0, ax * bx + ay * by + az * bz)))


def _up(q: tuple[float, float, float, float]) -> tuple[float, float, float]:
    w, x, y, z = q
    return 2 * (x * z + w * y), 2 * (y * z - w * x), 1 - 2 * (x * x + y * y)


_RELATED: dict[str, Callable[[Spatial, Pose, Pose], bool]] = {
    "in": lambda node, first, now: node.place in (now.zone, now.on),
    "on": lambda node, first, now: node.place == now.on,
    "moved": lambda node, first, now: dist(first.position, now.position) > node.distance,
    "fallen": lambda node, first, now: tilt(first, now) > FALLEN,
}


def related(node: Spatial, first: Pose, now: Pose) -> bool:
    """Whether an object that was at `first` in the beginning and is at `now` is in the relation."""
    return _RELATED[node.relation](node, first, now)


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


def elsewhere(root: Node, where: Sequence[str], facts: Facts, null: Facts) -> str | None:
    """The zone, not one of `where`, in which what was asked for came to be so, as it would not have by itself.

    The goal's signals in `where` are replaced by their like in another zone: a zone's field by that zone's, a device's
    signals by those of a device there that has signals of the same names.
    """
    infos = facts.trace.signals
    owners: dict[str, set[str]] = {}
    for name in names(root):
        if infos[name].zone in where:
            owner, _, local = name.rpartition(".")
            owners.setdefault(owner, set()).add(local)
    if not owners:
        return None
    alike: dict[str, list[str]] = {}
    for name, info in infos.items():
        if info.zone not in where:
            alike.setdefault(name.rpartition(".")[2], []).append(name.rpartition(".")[0])
    for zone in dict.fromkeys(info.zone for info in infos.values() if info.zone not in where):
        choices = [
            [o for o in alike.get(min(locals_), []) if all(_in_zone(infos, f"{o}.{n}", zone) for n in locals_)]
            for locals_ in owners.values()
        ]
        for choice in islice(product(*choices), 32):
            swap = {
                f"{owner}.{n}": f"{other}.{n}"
                for (owner, locals_), other in zip(owners.items(), choice, strict=True)
                for n in locals_
            }
            node = renamed(root, swap)
            if facts.since(node, facts.end) is not None and null.since(node, min(facts.end, null.end)) is None:
                return zone
    return None


def _in_zone(infos: Mapping[str, SignalInfo], name: str, zone: str) -> bool:
    return name in infos and infos[name].zone == zone


def misplaced(root: Node, things: Sequence[str], where: Sequence[str], facts: Facts, t: int) -> list[str]:
    """The goal's signals and objects that at `t` are in none of the zones `where`."""
    out = [name for name in names(root) if facts.trace.signals[name].zone not in where]
    return out + [thing for thing in things if facts.signals.pose(thing, t).zone not in where]
