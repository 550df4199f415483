"""The zones' fields, compiled: which nodes exchange heat, and what lights which zone and point."""

from __future__ import annotations

from switch_bench.network.declare import NetworkSpec, Unit
from switch_bench.network.errors import InvalidSpec, close_to
from switch_bench.network.flow import Anchor
from switch_bench.network.light import Illuminance, Source
from switch_bench.network.names import Names
from switch_bench.network.thermal import Link, ThermalNet

OUTDOOR = "outdoor"


def nets(spec: NetworkSpec, names: Names) -> list[ThermalNet]:
    """One for each set of nodes that heat can pass between."""
    capacity: dict[int, float] = {}
    outdoors: dict[int, float] = {}
    powers: dict[int, tuple[int, ...]] = {}
    links: list[Link] = []
    for zone in spec.zones:
        i = names.index[f"{zone.name}.temperature"]
        capacity[i], outdoors[i], powers[i] = zone.capacity, zone.outdoor, ()
    for unit in spec.units:
        for node in unit.nodes:
            i = names.index[f"{unit.name}.{node.name}"]
            where = f"unit {unit.name}: node {node.name}: power"
            capacity[i], outdoors[i] = node.capacity, 0.0
            sources = [names.resolve(p, unit.name, unit.zone, where) for p in node.power]
            powers[i] = tuple(names.expect(p, (float, int), where) for p in sources)
    for unit in spec.units:
        for node in unit.nodes:
            i = names.index[f"{unit.name}.{node.name}"]
            where = f"unit {unit.name}: node {node.name}: link"
            for ref, conductance in node.links:
                j = _node(ref, unit, where, names, capacity)
                if j is None:
                    outdoors[i] += conductance
                elif i == j:
                    raise InvalidSpec(f"{where}: it leads back to itself")
                else:
                    links.append(Link(i, j, conductance))
    for door in spec.doorways:
        i, j = (names.index[f"{zone}.temperature"] for zone in door.zones)
        gate = _gate(door.gate, f"doorway {door.name}: gate", names)
        closed = door.conductance * door.closed_share if gate >= 0 else 0.0
        links.append(Link(i, j, door.conductance, closed, gate))
    compiled = []
    for group in _groups(sorted(capacity), links):
        at = {i: k for k, i in enumerate(group)}
        compiled.append(
            ThermalNet(
                nodes=tuple(group),
                capacities=tuple(capacity[i] for i in group),
                links=tuple(Link(at[e.i], at[e.j], e.open, e.closed, e.gate) for e in links if e.i in at),
                outdoors=tuple(outdoors[i] for i in group),
                powers=tuple(powers[i] for i in group),
                outdoor=names.index[f"{OUTDOOR}.temperature"],
            )
        )
    return compiled


def lights(spec: NetworkSpec, names: Names) -> list[Illuminance]:
    """One for each zone, and one for each point."""
    own = {zone.name: _own(zone.name, spec, names) for zone in spec.zones}
    compiled = []
    for key, zone in enumerate(own):
        sources = [Source(level, lux) for level, lux in own[zone]]
        for door in spec.doorways:
            if zone in door.zones:
                other = door.zones[1] if door.zones[0] == zone else door.zones[0]
                gate = _gate(door.gate, f"doorway {door.name}: gate", names)
                sources += [Source(level, door.light * lux, gate) for level, lux in own[other]]
        compiled.append(Illuminance(flow=names.index[f"{zone}.illuminance"], sources=tuple(sources), key=key))
    for key, point in enumerate(spec.points, len(own)):
        where = f"point {point.name}"
        sources = [
            Source(
                names.expect(names.named(ray.level, where), (bool, float, Anchor), where),
                ray.lux,
                _gate(ray.gate, f"{where}: gate", names),
            )
            for ray in point.rays
        ]
        compiled.append(Illuminance(flow=names.index[f"{point.name}.illuminance"], sources=tuple(sources), key=key))
    return compiled


def _own(zone: str, spec: NetworkSpec, names: Names) -> list[tuple[int, float]]:
    """What lights a zone from within: (level, lux) of its daylight and its lamps."""
    found = [(names.index[f"{zone}.daylight"], 1.0)]
    for unit in spec.units:
        for lamp in unit.luminaires:
            if (lamp.zone or unit.zone) == zone:
                where = f"unit {unit.name}: luminaire"
                level = names.resolve(lamp.level, unit.name, zone, where)
                found.append((names.expect(level, (bool, float, Anchor), where), lamp.lux))
    return found


def _gate(gate: str | None, where: str, names: Names) -> int:
    return -1 if gate is None else names.expect(names.named(gate, where), (bool,), where)


def _node(ref: str, unit: Unit, where: str, names: Names, nodes: dict[int, float]) -> int | None:
    """The node that a link names; None: the outdoor node."""
    if ref in (f"/{OUTDOOR}", f"/{OUTDOOR}.temperature"):
        return None
    if ref.startswith("/") and ref[1:] not in names.index and f"{ref[1:]}.temperature" in names.index:
        ref += ".temperature"
    i = names.resolve(ref, unit.name, unit.zone, where)
    if i not in nodes:
        name = names.rows[i].name
        raise InvalidSpec(f"{where}: {name!r} is no thermal node{close_to(name, [names.rows[k].name for k in nodes])}")
    return i


def _groups(nodes: list[int], links: list[Link]) -> list[list[int]]:
    """The connected sets of nodes, each ascending, in the order of their first."""
    group = {i: [i] for i in nodes}
    for link in links:
        if group[link.i] is not group[link.j]:
            joined = group[link.i] + group[link.j]
            for k in joined:
                group[k] = joined
    found: list[list[int]] = []
    for i in nodes:
        if i == min(group[i]):
            found.append(sorted(group[i]))
    return found
