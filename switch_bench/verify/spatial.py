"""Where things are: relations of objects over time, and whether an effect is where it was asked for."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import chain, islice, product
from math import acos, dist
from typing import TYPE_CHECKING

from switch_bench.trace.places import Plan
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


def related(node: Spatial, plan: Plan, first: Pose, now: Pose) -> bool:
    """Whether an object that was at `first` in the beginning and is at `now` is in the relation."""
    match node.relation:
        case "in" if node.place in plan.regions:
            return plan.regions[node.place].holds(now.position)
        case "in":
            return node.place in (now.zone, now.on)
        case "on":
            return node.place == now.on
        case "moved":
            return dist(first.position, now.position) > node.distance
        case "fallen":
            return tilt(first, now) > FALLEN
    raise ValueError(f"{node.relation!r} is no relation of where an object is")


def relation(node: Spatial, signals: Signals) -> tuple[list[int], list[bool]]:
    """The times (from 0) from which on the relation holds or not. Raises `UnknownSignalError` for an unknown name."""
    match node.relation:
        case "seen":
            return _steps(_seen(node.thing, signals))
        case "visible":
            sights = signals.trace.sights if signals.trace else ()
            return _steps((view.t, node.thing in view.seen) for view in sights)
        case "heard":
            return _steps(_heard(node.thing, signals))
    poses = signals.poses(node.thing)
    first = [(0, related(node, signals.plan, poses[0], poses[0]))]
    return _steps(chain(first, ((pose.t, related(node, signals.plan, poses[0], pose)) for pose in poses)))


def _steps(pairs: Iterable[tuple[int, bool]]) -> tuple[list[int], list[bool]]:
    """From (time, whether from then on) in order; before the first of them it isn't so."""
    times, so = [0], [False]
    for t, holds in pairs:
        if times[-1] == t:
            so[-1] = holds
        else:
            times.append(t)
            so.append(holds)
    return times, so


def _seen(name: str, signals: Signals) -> Iterator[tuple[int, bool]]:
    """In the instants at which an image that shows it was delivered."""
    for view in signals.trace.views if signals.trace else ():
        if name in view.seen:
            yield view.t, True
            yield view.t + 1, False


def _heard(name: str, signals: Signals) -> Iterator[tuple[int, bool]]:
    """While it sounds where the body is within its reach (`Plan.earshot`)."""
    trace, plan = signals.trace, signals.plan
    if trace is None or not len(trace.base):
        return
    zone = signals.infos[name].zone
    moves = [(int(t), plan.zone_at(x, y)) for t, x, y, _ in trace.base.tolist()]
    gates = [d.gate for d in plan.doorways if d.gate is not None]
    times = {0, *(t for t, _ in moves), *signals.steps(name)[0], *(t for g in gates for t in signals.steps(g)[0])}
    for t in sorted(times):
        here = moves[max(0, bisect_right(moves, t, key=lambda move: move[0]) - 1)][1]
        yield t, bool(signals.value(name, t)) and zone in plan.earshot(here, lambda g, t=t: bool(signals.value(g, t)))


def spots(root: Node, facts: Facts) -> list[str]:
    """The points whose light a formula speaks of."""
    owners = dict.fromkeys(name.rpartition(".")[0] for name in names(root))
    return [owner for owner in owners if owner in facts.signals.plan.points]


def elsewhere(root: Node, where: Sequence[str], facts: Facts, null: Facts) -> str | None:
    """Where what was asked for came to be so instead, as it would not have by itself: "in the kitchen"; None: nowhere.

    The goal's signals in `where` are replaced by their like in another zone: a zone's field by that zone's, a device's
    signals by those of a device there that has signals of the same names, a point's light by that zone's or by that of
    a point there. Then a point's light is replaced by that of its own zone, and of another point in it.
    """
    infos, plan = facts.trace.signals, facts.signals.plan
    points = spots(root, facts)
    asked = where or tuple(dict.fromkeys(plan.points[point] for point in points))

    def came(swap: Mapping[str, str]) -> bool:
        node = renamed(root, swap)
        return facts.since(node, facts.end) is not None and null.since(node, min(facts.end, null.end)) is None

    owners: dict[str, set[str]] = {}
    for name in names(root):
        owner, _, local = name.rpartition(".")
        if infos[name].zone in asked and (where or owner in points):
            owners.setdefault(owner, set()).add(local)
    if not owners:
        return None
    alike: dict[str, list[str]] = {}
    for name, info in infos.items():
        if info.zone not in asked:
            alike.setdefault(name.rpartition(".")[2], []).append(name.rpartition(".")[0])
    for zone in dict.fromkeys(info.zone for info in infos.values() if info.zone not in asked):
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
            if came(swap):
                return f"in the {zone.replace('_', ' ')}"
    for point in points:
        zone = plan.points[point]
        for other in (zone, *(p for p, z in plan.points.items() if z == zone and p != point)):
            if came({f"{point}.illuminance": f"{other}.illuminance"}):
                return f"{'in' if other == zone else 'at'} the {other.replace('_', ' ')}"
    return None


def _in_zone(infos: Mapping[str, SignalInfo], name: str, zone: str) -> bool:
    return name in infos and infos[name].zone == zone


def misplaced(root: Node, things: Sequence[str], where: Sequence[str], facts: Facts, t: int) -> list[str]:
    """The goal's signals and objects that at `t` are in none of the zones `where`."""
    out = [name for name in names(root) if facts.trace.signals[name].zone not in where]
    return out + [thing for thing in things if facts.signals.pose(thing, t).zone not in where]
