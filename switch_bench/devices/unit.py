"""From a declared `Device` to its share of the network: its own signals, and those its controls make."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from switch_bench.controls.base import Control
from switch_bench.devices.base import Device
from switch_bench.network.declare import Signal, Unit, Value


def controls(device: Device) -> Iterator[Control]:
    """Every control of the device, panel by panel, in the order declared."""
    for panel in device.panels:
        yield from panel.controls


def touch(control: str) -> str:
    """The local name of the signal that says whether a body touches this control."""
    return f"{control}_touch"


def unit(name: str, zone: str, device: Device) -> Unit:
    """The network's view of a device standing in `zone` under the name `name`.

    Adds for each control the signals of `Control.values()` (kind "control") and `<control>_touch` (kind "touch", bool).

    Raises:
        ValueError: two signals of the device have the same name.
    """
    made: list[Signal] = []
    for control in controls(device):
        made += [_readout(control, signal, values) for signal, values in control.values()]
        made.append(Signal(name=touch(control.name), initial=False, kind="touch"))
    signals = device.signals + tuple(made)
    twice = sorted(n for n, count in Counter(s.name for s in signals).items() if count > 1)
    if twice:
        raise ValueError(f"{name}: signals declared twice, by the kind or by its controls: {', '.join(twice)}")
    return Unit(
        name=name,
        zone=zone,
        signals=signals,
        flows=device.flows,
        comparators=device.comparators,
        quantisers=device.quantisers,
        timers=device.timers,
        nodes=device.nodes,
        luminaires=device.luminaires,
        logic=device.logic,
        model=device.model,
    )


def _readout(control: Control, signal: str, values: tuple[Value, ...]) -> Signal:
    """A control's readout as a signal. A continuous one lists no values, or its initial value alone."""
    initial: Value = values[0] if values else getattr(control, "initial", 0.0)
    return Signal(name=signal, initial=initial, kind="control", values=values if len(values) > 1 else ())
