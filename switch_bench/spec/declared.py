"""What a device kind offers, from what it declares: a `KindInfo` for anything with the attributes of a kind.

The kinds themselves come later in the import order, so they are known here by their shape alone.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from typing import Any, Protocol


class DeclaringKind(Protocol):
    """A kind as device files have it: a table of models, and a function from a row and options to a device."""

    @property
    def models(self) -> Mapping[str, Any]:
        """Rows by model name, the default one first."""
        ...

    @property
    def options(self) -> Mapping[str, Any]:
        """The options with their defaults."""
        ...

    @property
    def mount(self) -> str:
        """How it is fixed."""
        ...

    @property
    def declare(self) -> Callable[[Any, Mapping[str, Any]], Any]:
        """From a model's row and all options to the device."""
        ...


class Declared:
    """A `KindInfo` that asks the kind's own declaration."""

    def __init__(self, kind: DeclaringKind):
        self.kind = kind
        self._made: dict[str, Any] = {}

    @property
    def models(self) -> Mapping[str, Any]:
        """Rows by model name, the default one first."""
        return self.kind.models

    @property
    def options(self) -> Mapping[str, Any]:
        """The options with their defaults."""
        return self.kind.options

    @property
    def mount(self) -> str:
        """How it is fixed."""
        return self.kind.mount

    def controls(self, model: str, options: Mapping[str, Any]) -> dict[str, tuple[Any, ...]]:
        """The readouts of its controls, with the values they can have (none: continuous)."""
        device = self._device(model, options)
        return {
            name: values if len(values) > 1 else ()
            for panel in device.panels
            for control in panel.controls
            for name, values in control.values()
        }

    def signals(self, model: str, options: Mapping[str, Any]) -> dict[str, tuple[Any, ...]]:
        """All that has a name in the network, with the values it can have (none: any of its type)."""
        device = self._device(model, options)
        touched = {f"{control.name}_touch": BOOLS for panel in device.panels for control in panel.controls}
        numbers = [item.name for part in ("flows", "quantisers", "nodes") for item in getattr(device, part)]
        bools = [item.name for part in ("comparators", "timers") for item in getattr(device, part)]
        return {
            **dict.fromkeys(numbers, ()),
            **dict.fromkeys(bools, BOOLS),
            **{s.name: s.values or (BOOLS if isinstance(s.initial, bool) else ()) for s in device.signals},
            **touched,
            **self.controls(model, options),
        }

    def sights(self, model: str, options: Mapping[str, Any]) -> Collection[str]:
        """What can be looked at: its controls, and the signals that a picture of it shows."""
        return [*self._device(model, options).shows, *self.controls(model, options)]

    def faults(self, model: str, options: Mapping[str, Any]) -> Collection[str]:
        """Its own faults, and a missed press of each of its controls."""
        return [*self._device(model, options).faults, *(f"missed_press:{c}" for c in self.controls(model, options))]

    def _device(self, model: str, options: Mapping[str, Any]) -> Any:
        key = f"{model} {sorted(options.items())!r}"
        if key not in self._made:
            try:
                self._made[key] = self.kind.declare(self.kind.models[model], options)
            except (TypeError, KeyError) as error:
                raise ValueError(f"{type(error).__name__}: {error}") from error
        return self._made[key]


BOOLS = (False, True)
