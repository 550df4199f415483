"""How near the controls of a room are to a goal: by what is wired to what, as the network is declared."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from heapq import heappop, heappush

from switch_bench.network.declare import NetworkSpec

WIRE, PERSON, FIELD, LOAD = 1, 1, 2, 3  # how far apart what acts on each other is, by how it does


def distances(spec: NetworkSpec, goal: Iterable[str]) -> dict[str, int]:
    """Device, zone or person → how far it is from the goal's signals against the way things act; others don't act."""
    before = _acts_on(spec)
    near: dict[str, int] = {}
    todo = [(0, name) for name in sorted({_owner(signal) for signal in goal})]
    while todo:
        far, name = heappop(todo)
        if name in near:
            continue
        near[name] = far
        for other, step in before.get(name, {}).items():
            if other not in near:
                heappush(todo, (far + step, other))
    return near


def _owner(signal: str) -> str:
    return signal.partition(".")[0]


def _acts_on(spec: NetworkSpec) -> Mapping[str, Mapping[str, int]]:
    """Owner → the owners that act on it, and how far from it they are."""
    found: dict[str, dict[str, int]] = {}

    def note(source: str, target: str, step: int) -> None:
        if source != target:
            ways = found.setdefault(target, {})
            ways[source] = min(step, ways.get(source, step))

    for wire in spec.wires:
        note(_owner(wire.source), _owner(wire.target), WIRE)
    for total in spec.sums:
        for source in total.sources:
            note(_owner(source), _owner(total.target), LOAD)
    for unit in spec.units:
        for name in unit.watch:
            note(_owner(name), unit.name, WIRE)
        for lamp in unit.luminaires:
            note(unit.name, lamp.zone or unit.zone, WIRE)
        for comparator in unit.comparators:
            for name in (comparator.flow, comparator.at):
                if isinstance(name, str) and name[:1] in "/@":
                    note(unit.zone if name[0] == "@" else _owner(name[1:]), unit.name, FIELD)
        for quantiser in unit.quantisers:
            if quantiser.flow[:1] in "/@":
                note(unit.zone if quantiser.flow[0] == "@" else _owner(quantiser.flow[1:]), unit.name, FIELD)
        for node in unit.nodes:
            for link, _ in node.links:
                other = unit.zone if link[:1] == "@" else _owner(link.lstrip("/")) if "/" in link else unit.name
                note(unit.name, other, WIRE)
                note(other, unit.name, FIELD)
    for door in spec.doorways:
        a, b = door.zones
        note(a, b, LOAD)
        note(b, a, LOAD)
        if door.gate:
            note(_owner(door.gate), a, LOAD)
            note(_owner(door.gate), b, LOAD)
    for point in spec.points:
        for ray in point.rays:
            for name in (ray.level, ray.gate):
                if name:
                    note(_owner(name), point.name, WIRE)
    for script in spec.scripts:
        for act in script.acts:
            for name in (*(n for n, _ in script.when), f"{script.name}.hand"):
                note(_owner(name), _owner(act.signal.partition("=")[0]), PERSON)
            wish = str(act.value)
            if "=" in wish:
                for name, _ in script.when:
                    note(_owner(name), _owner(wish), PERSON)
                note(script.name, _owner(wish), PERSON)
    return found
