"""Every device kind by name. A kind's file is imported when it is first asked for; nothing registers itself."""

from __future__ import annotations

from difflib import get_close_matches
from functools import cache
from importlib import import_module

from switch_bench.devices.base import Kind

KINDS = (
    "ceiling_light",
    "wall_switch",
    "two_way_light",
    "dimmer_light",
    "stair_light",
    "motion_sensor",
    "breaker_panel",
    "smart_bulb",
    "radio_remote",
    "intercom",
    "street_door",
    "thermostat_digital",
    "gas_boiler",
    "radiator",
    "kettle",
    "oven",
    "microwave",
    "gas_hob",
    "washing_machine",
    "home_panel",
)


class UnknownKind(KeyError):
    """No device kind of that name."""

    def __init__(self, name: str):
        close = get_close_matches(name, KINDS, 3)
        super().__init__(f"no device kind {name!r}" + (f"; did you mean {' or '.join(close)}?" if close else ""))

    def __str__(self) -> str:
        return str(self.args[0])


@cache
def kind(name: str) -> Kind:
    """The kind of that name (the constant `KIND` of `devices/<name>.py`). Raises `UnknownKind`."""
    if name not in KINDS:
        raise UnknownKind(name)
    return import_module(f"switch_bench.devices.{name}").KIND


def kinds() -> dict[str, Kind]:
    """All kinds by name."""
    return {name: kind(name) for name in KINDS}
