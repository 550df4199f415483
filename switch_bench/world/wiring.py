"""From a scenario to its device network: zones, devices, wires, and what other people and schedules do."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from switch_bench.devices.base import Device
from switch_bench.devices.catalogue import kind
from switch_bench.devices.unit import unit
from switch_bench.network.declare import (
    Act,
    Doorway,
    NetworkSpec,
    Script,
    Signal,
    Sum,
    Unit,
    Value,
    Wire,
    Zone,
)
from switch_bench.physics.compile import Drawn
from switch_bench.spec import people as spec_people
from switch_bench.spec import things
from switch_bench.world.people import HAND
from switch_bench.world.places import points
from switch_bench.world.scenario import Scenario, ScenarioError, initial_values

BETWEEN = 200_000  # µs from one press of a person's hand to the next: quick fingers press five times a second


def declare(entry: things.Device) -> tuple[str, Device]:
    """The (kind, declaration) a scene's device asks for. Raises ScenarioError with what the kind has to offer."""
    made = kind(entry.kind)
    model = entry.model or next(iter(made.models))
    if model not in made.models:
        raise ScenarioError(f"{entry.id}: {entry.kind} has no model {model!r}; it has {', '.join(made.models)}")
    unknown = [name for name in entry.options if name not in made.options]
    if unknown:
        raise ScenarioError(f"{entry.id}: {entry.kind} has no option {unknown[0]!r}; it has {', '.join(made.options)}")
    try:
        return entry.kind, made.declare(made.models[model], {**made.options, **entry.options})
    except (ValueError, TypeError, KeyError) as error:
        raise ScenarioError(f"{entry.id}: {error}") from error


def wire(scenario: Scenario, drawn: Drawn, read: Mapping[str, Value]) -> NetworkSpec:
    """The network of a scenario. `read`: what each mechanism reads at the start."""
    scene = scenario.scene
    controls = set(read)
    units = [unit(name, item.zone, item.device) for name, item in drawn.placed.items()]
    units += [
        Unit(person.name, person.zone, signals=(Signal(name=HAND, initial="", kind="output", drives=True),))
        for person in scenario.people
    ]
    known = {f"{u.name}.{s.name}" for u in units for s in u.signals}
    return NetworkSpec(
        seed=scenario.seed,
        zones=_zones(scenario),
        doorways=tuple(
            Doorway(
                name=d.id, zones=d.zones, conductance=d.conductance, light=d.light, gate=d.gate,
                closed_share=d.closed_share,
            )
            for d in scene.doorways
        ),
        points=points(scene, drawn),
        units=tuple(units),
        wires=_wires(scenario, drawn),
        sums=tuple(
            Sum(target=s.target, sources=tuple(n for n in s.sources if s in scene.sums or n in known))
            for s in scene.all_sums
        ),
        scripts=tuple(_script(s, controls) for s in (*scenario.people, *scenario.schedules)),
        outdoor=scene.outdoor,
        initial={n: v for n, v in initial_values(scenario).items() if n not in controls} | dict(read),
        clock=scene.clock_us,
    )  # fmt: skip


def rewire(network: NetworkSpec, scenario: Scenario, drawn: Drawn) -> NetworkSpec:
    """The network as `wire` makes it for a scenario that differs in wires and daylight alone from that of `network`."""
    return replace(network, seed=scenario.seed, zones=_zones(scenario), wires=_wires(scenario, drawn))


def _zones(scenario: Scenario) -> tuple[Zone, ...]:
    return tuple(
        Zone(name=name, capacity=z.heat_capacity, temperature=z.temperature, outdoor=z.outdoor, daylight=z.daylight)
        for name, z in scenario.scene.zones.items()
    )


def _wires(scenario: Scenario, drawn: Drawn) -> tuple[Wire, ...]:
    scene = scenario.scene
    mains = {f"{name}.mains" for name, item in drawn.placed.items() if item.device.mains}
    return tuple(
        Wire(
            source=w.source, target=w.target, delay=w.delay_us, jitter=w.jitter_us, loss=w.loss, medium=w.medium,
            invert=w.invert,
        )
        for w in scene.all_wires
        if w.medium != "mains" or w.target in mains or w in scene.wires
    )  # fmt: skip


def _script(script: spec_people.Script, controls: set[str]) -> Script:
    role = script.role if isinstance(script, spec_people.Schedule) else "person"
    return Script(
        name=script.name, role=role, zone=script.zone, at=script.at_us, every=script.every_us,
        when=tuple(script.when.items()), delay=script.delay_us, jitter=script.jitter_us, recheck=script.recheck,
        times=script.times, acts=_acts(script.name, script.acts, controls),
    )  # fmt: skip


def _acts(person: str, acts: Sequence[spec_people.Act], controls: set[str]) -> tuple[Act, ...]:
    """What is done to a mechanism is done by the person's hand, free in between; all else writes an input."""
    hand = f"{person}.{HAND}"
    made: list[Act] = []
    for act in acts:
        if act.signal not in controls:
            made.append(Act(signal=act.signal, value=act.value, hold=act.hold_us, release=act.release))
            continue
        if made and made[-1].signal == hand:
            made.append(Act(signal=hand, value="", hold=BETWEEN))
        value = str(act.value).lower() if isinstance(act.value, bool) else str(act.value)
        made.append(Act(signal=hand, value=f"{act.signal}={value}", hold=max(act.hold_us, 100_000), release=""))
    return tuple(made)
