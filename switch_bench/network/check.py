"""Whether declarations make sense by themselves, before names are resolved."""

from __future__ import annotations

from collections.abc import Iterable
from math import isfinite
from typing import Any

from switch_bench.network.declare import NetworkSpec, Script, Unit
from switch_bench.network.errors import DuplicateName, InvalidSpec, close_to

SIGNALS = ("control", "touch", "input", "state", "output", "sound")


def spec(declared: NetworkSpec) -> None:
    """All of it.

    Raises:
        InvalidSpec: an impossible figure. DuplicateName: two of one kind with one name.
    """
    zones = [zone.name for zone in declared.zones]
    for what, items in (
        ("zone", declared.zones),
        ("unit", declared.units),
        ("doorway", declared.doorways),
        ("point", declared.points),
        ("script", declared.scripts),
    ):
        _once(what, [item.name for item in items])
    for zone in declared.zones:
        _positive(f"zone {zone.name}: capacity [J/K]", zone.capacity)
        _from_zero(f"zone {zone.name}: outdoor [W/K]", zone.outdoor)
        _from_zero(f"zone {zone.name}: daylight [lx]", zone.daylight)
    for door in declared.doorways:
        where = f"doorway {door.name}"
        for zone in door.zones:
            _zone(where, zone, zones)
        if door.zones[0] == door.zones[1]:
            raise InvalidSpec(f"{where}: expected two zones, both are {door.zones[0]!r}")
        _from_zero(f"{where}: conductance [W/K]", door.conductance)
        _share(f"{where}: light", door.light)
        _share(f"{where}: closed_share", door.closed_share)
    for point in declared.points:
        _zone(f"point {point.name}", point.zone, zones)
        for ray in point.rays:
            _from_zero(f"point {point.name}: {ray.level} [lx]", ray.lux)
    for unit in declared.units:
        if zones:
            _zone(f"unit {unit.name}", unit.zone, zones)
        _unit(unit, zones)
    for wire in declared.wires:
        where = f"wire {wire.source}>{wire.target}"
        _whole(f"{where}: delay [µs]", wire.delay)
        _whole(f"{where}: jitter [µs]", wire.jitter)
        _share(f"{where}: loss", wire.loss)
    for script in declared.scripts:
        _script(script)


def _unit(unit: Unit, zones: list[str]) -> None:
    where = f"unit {unit.name}"
    for signal in unit.signals:
        if signal.kind not in SIGNALS:
            raise InvalidSpec(
                f"{where}: {signal.name}: a signal can't be declared as {signal.kind}{close_to(signal.kind, SIGNALS)}"
            )
        if signal.drives and signal.kind != "output":
            raise InvalidSpec(f"{where}: {signal.name}: only an output can drive, it is a {signal.kind}")
        if type(signal.initial) not in (bool, int, float, str):
            raise InvalidSpec(
                f"{where}: {signal.name}: expected a bool, int, float or str, starts at {signal.initial!r}"
            )
    for flow in unit.flows:
        _finite(f"{where}: flow {flow.name}", flow.initial)
    for comparator in unit.comparators:
        _positive(f"{where}: comparator {comparator.name}: hysteresis", comparator.hysteresis)
    for quantiser in unit.quantisers:
        here = f"{where}: quantiser {quantiser.name}"
        _positive(f"{here}: step", quantiser.step)
        _positive(f"{here}: hysteresis", quantiser.hysteresis)
        if quantiser.hysteresis >= quantiser.step:
            raise InvalidSpec(
                f"{here}: expected a hysteresis below the step {quantiser.step}, got {quantiser.hysteresis}"
            )
    for node in unit.nodes:
        here = f"{where}: node {node.name}"
        _positive(f"{here}: capacity [J/K]", node.capacity)
        _finite(f"{here}: initial [degC]", node.initial)
        for other, conductance in node.links:
            _from_zero(f"{here}: link to {other} [W/K]", conductance)
    for lamp in unit.luminaires:
        _zone(f"{where}: luminaire {lamp.level}", lamp.zone or unit.zone, zones)
        _from_zero(f"{where}: luminaire {lamp.level} [lx]", lamp.lux)


def _script(script: Script) -> None:
    where = f"script {script.name}"
    if script.at is None and script.every is None and not script.when:
        raise InvalidSpec(f"{where}: expected a trigger: at, every or when")
    if not script.acts:
        raise InvalidSpec(f"{where}: it does nothing; expected at least one act")
    _whole(f"{where}: at [µs]", script.at or 0)
    _whole(f"{where}: delay [µs]", script.delay)
    _whole(f"{where}: jitter [µs]", script.jitter)
    if script.every is not None:
        _whole(f"{where}: every [µs]", script.every, least=1)
    if script.times is not None:
        _whole(f"{where}: times", script.times, least=1)
    for act in script.acts:
        _whole(f"{where}: {act.signal}: hold [µs]", act.hold, least=0 if act.release is None else 1)


def _once(what: str, names: Iterable[str]) -> None:
    seen = set()
    for name in names:
        if name in seen:
            raise DuplicateName(f"{what} {name}: that name is taken by another {what}")
        seen.add(name)


def _zone(where: str, zone: str, zones: list[str]) -> None:
    if zone not in zones:
        raise InvalidSpec(f"{where}: no zone {zone!r}{close_to(zone, zones)}")


def _finite(where: str, x: Any) -> None:
    if isinstance(x, bool) or not isinstance(x, (int, float)) or not isfinite(x):
        raise InvalidSpec(f"{where}: expected a finite number, got {x!r}")


def _positive(where: str, x: Any) -> None:
    _finite(where, x)
    if x <= 0:
        raise InvalidSpec(f"{where}: expected more than 0, got {x!r}")


def _from_zero(where: str, x: Any) -> None:
    _finite(where, x)
    if x < 0:
        raise InvalidSpec(f"{where}: expected 0 or more, got {x!r}")


def _share(where: str, x: Any) -> None:
    _finite(where, x)
    if not 0 <= x <= 1:
        raise InvalidSpec(f"{where}: expected a share from 0 to 1, got {x!r}")


def _whole(where: str, x: Any, least: int = 0) -> None:
    if type(x) is not int or x < least:
        raise InvalidSpec(f"{where}: expected a whole number from {least}, got {x!r}")
