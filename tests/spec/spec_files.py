"""The sample scene and task of these tests, and device kinds that fit them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

DATA = Path(__file__).parent / "data"
FLAT = (DATA / "flat" / "scene.yaml").read_text()
LIGHT_ON = (DATA / "home" / "light_on-v1.yaml").read_text()
BOOLS = (False, True)


@dataclass
class FakeKind:
    """A kind as a check needs it: the controls and signals are the same for every model."""

    models: tuple[str, ...] = ("plain",)
    mount: str = "counter"
    options: Mapping[str, Any] = field(default_factory=dict)
    made_controls: Mapping[str, tuple[Any, ...]] = field(default_factory=dict)
    made_signals: Mapping[str, tuple[Any, ...]] = field(default_factory=dict)
    made_sights: tuple[str, ...] = ()
    made_faults: tuple[str, ...] = ()

    def controls(self, model: str, options: Mapping[str, Any]) -> Mapping[str, tuple[Any, ...]]:
        return self.made_controls

    def signals(self, model: str, options: Mapping[str, Any]) -> Mapping[str, tuple[Any, ...]]:
        return {**self.made_signals, **self.made_controls}

    def sights(self, model: str, options: Mapping[str, Any]) -> tuple[str, ...]:
        return (*self.made_controls, *self.made_sights)

    def faults(self, model: str, options: Mapping[str, Any]) -> tuple[str, ...]:
        return self.made_faults


@dataclass
class Plate(FakeKind):
    """A switch plate that refuses an order of gangs which isn't one."""

    def signals(self, model: str, options: Mapping[str, Any]) -> Mapping[str, tuple[Any, ...]]:
        if sorted(options["order"]) != ["1", "2"]:
            raise ValueError(f"order: {options['order']!r} must name gangs 1 and 2")
        return super().signals(model, options)


RADIO = {
    "power": BOOLS,
    "volume": tuple(str(i) for i in range(10)),
    "tone": ("low", "high"),
    "pad_1": BOOLS,
    "pad_2": BOOLS,
    "pad_start": BOOLS,
    "screen": ("", "alarm", "station"),
}


def sample_kinds() -> dict[str, FakeKind]:
    """The kinds of the flat's devices."""
    mains = {"mains": BOOLS, "load": ()}
    return {
        "kettle": FakeKind(
            models=("steel", "glass"),
            options={"fill": 1.0},
            made_controls={"lever": ("off", "on"), "lid": ("closed", "open")},
            made_signals={**mains, "water": ()},
            made_faults=("boil_dry",),
        ),
        "radio": FakeKind(
            models=("walnut", "red"),
            made_controls=RADIO,
            made_signals={**mains, "alarm": BOOLS, "snooze": BOOLS},
        ),
        "light": Plate(mount="wall", options={"order": "12"}, made_controls={"gang_1": BOOLS, "gang_2": BOOLS}),
        "lamp": FakeKind(mount="ceiling", made_signals={"live": BOOLS, "lit": BOOLS}, made_sights=("lit",)),
        "board": FakeKind(mount="wall", made_signals={"circuit_1": BOOLS, "load_1": (), "leak": (), "total": ()}),
    }
