"""A house of a few devices, without physics: the tests move its controls and inputs themselves."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from switch_bench.devices.base import Device
from switch_bench.devices.catalogue import kind
from switch_bench.devices.unit import unit
from switch_bench.network.declare import NetworkSpec, Sum, Value, Wire, Zone, seconds
from switch_bench.network.kernel import Network


class House:
    """Devices in one zone or several, their wires, and a clock in seconds."""

    def __init__(
        self,
        devices: Mapping[str, Device],
        *,
        wires: Iterable[Wire | tuple[str, str]] = (),
        sums: Iterable[Sum] = (),
        zones: Iterable[str] = ("room",),
        initial: Mapping[str, Value] | None = None,
        faults: Mapping[str, str] | None = None,
        seed: int = 0,
    ):
        """wires: (source, target) for a plain one. faults: device → its fault. All stand in the first zone."""
        zones = tuple(zones)
        start = {
            f"{name}.{signal}": value
            for name, fault in (faults or {}).items()
            for signal, value in devices[name].faults[fault].signals.items()
        }
        self.network = Network(
            NetworkSpec(
                seed=seed,
                zones=tuple(Zone(name=zone) for zone in zones),
                units=tuple(unit(name, zones[0], device) for name, device in devices.items()),
                wires=tuple(w if isinstance(w, Wire) else Wire(source=w[0], target=w[1]) for w in wires),
                sums=tuple(sums),
                initial=start | dict(initial or {}),
            )
        )

    def __getitem__(self, name: str) -> Any:
        return self.network.value(name)

    @property
    def now(self) -> float:
        """Seconds since the start."""
        return self.network.now / 1e6

    def put(self, **values: Value) -> None:
        """Write controls or inputs at this instant; the name's first `__` is its dot (light__mains=False)."""
        self.write({name.replace("__", ".", 1): value for name, value in values.items()})

    def write(self, values: Mapping[str, Value]) -> None:
        """Write controls or inputs at this instant."""
        for name, value in values.items():
            self.network.push(name, value)
        self.network.advance(self.network.now)

    def wait(self, duration: float) -> None:
        """Let so many seconds pass."""
        self.network.advance(self.network.now + seconds(duration))

    def press(self, key: str, held: float = 0.2) -> None:
        """Press a key, hold it for so many seconds and let go."""
        self.write({key: True})
        self.wait(held)
        self.write({key: False})

    def history(self, signal: str) -> list[tuple[float, Any]]:
        """What the signal became, and when [s]."""
        return [(event.t / 1e6, event.new) for event in self.network.log if event.signal == signal]


def declare(name: str, model: str, **options: Any) -> Device:
    """A device of that kind and model."""
    row = kind(name)
    return row.declare(row.models[model], {**row.options, **options})
