"""A scenario: a scene with its variation drawn, and how things are at the start. Everything a run depends on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from switch_bench.network.declare import Value
from switch_bench.spec.errors import did_you_mean
from switch_bench.spec.people import Person, Schedule
from switch_bench.spec.rooms import Start
from switch_bench.spec.scene import Scene

MISS_SHARE = 0.5  # how often a "missed press" fault makes a device miss a change


class ScenarioError(ValueError):
    """A set-up asks for what the scene doesn't have; says which, and what comes close."""


@dataclass(frozen=True)
class Scenario:
    """What is run: same scenario, same world, bit for bit.

    scene: with its variation resolved. signals: values at the start, by global name. faults: (device, fault) pairs.
    drawn: what the variation drew, stream by stream, for the record.
    """

    scene: Scene
    seed: int = 0
    signals: Mapping[str, Value] = field(default_factory=dict)
    faults: tuple[tuple[str, str], ...] = ()
    extra_people: tuple[Person, ...] = ()
    extra_schedules: tuple[Schedule, ...] = ()
    begin: Start | None = None
    drawn: Mapping[str, Any] = field(default_factory=dict)
    task: str = ""

    @property
    def start(self) -> Start:
        """Where the body stands at the start."""
        return self.begin or self.scene.start

    @property
    def people(self) -> tuple[Person, ...]:
        """Everyone else in the house."""
        return self.scene.people + self.extra_people

    @property
    def schedules(self) -> tuple[Schedule, ...]:
        """All schedules."""
        return self.scene.schedules + self.extra_schedules

    @property
    def missed(self) -> Mapping[str, float]:
        """By readout: the share of its changes that the device misses ("missed_press:<readout>" faults)."""
        found = {}
        for device, fault in self.faults:
            name, _, control = fault.partition(":")
            if name == "missed_press" and control:
                found[f"{device}.{control}"] = MISS_SHARE
        return found


def _entry(scenario: Scenario, device: str, name: str):
    entry = next((d for d in scenario.scene.devices if d.id == device), None)
    if entry is None:
        hint = did_you_mean(device, [d.id for d in scenario.scene.devices])
        raise ScenarioError(f"fault {name!r} of {device!r}: no such device. {hint}")
    return entry


def _fault(scenario: Scenario, device: str, name: str):
    _, made = _declared(_entry(scenario, device, name))
    if name not in made.faults:
        raise ScenarioError(f"{device} has no fault {name!r}. {did_you_mean(name, made.faults)}")
    return made.faults[name]


def check_missed(scenario: Scenario, controls: Sequence[str]) -> None:
    """Refuse a missed press of what isn't one of the room's `controls` (names of readouts). Raises ScenarioError."""
    for control in scenario.missed:
        device, _, local = control.partition(".")
        _entry(scenario, device, f"missed_press:{local}")
        if control not in controls:
            own = [c.partition(".")[2] for c in controls if c.startswith(f"{device}.")]
            hint = did_you_mean(local, own, "controls")
            raise ScenarioError(f"{device} has no control {local!r} whose presses it could miss. {hint}")


def _declared(entry):
    from switch_bench.world.wiring import declare

    return declare(entry)


def initial_values(scenario: Scenario) -> dict[str, Value]:
    """Values at the start that differ from the kinds' own: the scene's, then the faults', then the set-up's."""
    values: dict[str, Value] = {f"{d.id}.{n}": v for d in scenario.scene.devices for n, v in d.initial.items()}
    for device, name in scenario.faults:
        if not name.startswith("missed_press:"):
            values |= {f"{device}.{n}": v for n, v in _fault(scenario, device, name).signals.items()}
    return values | dict(scenario.signals)


def jammed(scenario: Scenario) -> dict[str, frozenset[str]]:
    """By device: controls whose mechanism is jammed by a fault."""
    stuck: dict[str, frozenset[str]] = {}
    for device, name in scenario.faults:
        if not name.startswith("missed_press:"):
            stuck[device] = stuck.get(device, frozenset()) | frozenset(_fault(scenario, device, name).stuck)
    return stuck
