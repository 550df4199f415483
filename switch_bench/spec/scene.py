"""What a scene file says: rooms, what stands and hangs in them, what is wired to what, and what may vary.

Lengths in metres, times in microseconds (fields named `*_us`), angles in degrees counter-clockwise from east. The place
of a zone, of a doorway and of the view are on the floor plan (x east, y north); an [x, y] in a zone is from its
south-west corner.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Annotated

from pydantic import Field, PlainSerializer, PlainValidator

from switch_bench.spec import units
from switch_bench.spec.fields import Celsius, Id, Ids, Spec, Text, refuse, short
from switch_bench.spec.people import Person, Schedule
from switch_bench.spec.places import Region, Spot
from switch_bench.spec.rooms import Doorway, Furniture, Start, ThirdPerson, Zone
from switch_bench.spec.source import Source, spec_hash
from switch_bench.spec.things import Device, Loose, Sum, Wire
from switch_bench.spec.vary import Variation

CIRCUIT = re.compile(r"[a-z][a-z0-9_]*\.circuit_[0-9]+")


def _clock(value: object) -> int:
    hours, colon, minutes = value.partition(":") if isinstance(value, str) else ("", "", "")
    if not (colon and hours.isdecimal() and minutes.isdecimal() and int(hours) < 24 and int(minutes) < 60):
        raise refuse(f"expected a time of day such as '18:30', got {short(value)}")
    return (int(hours) * 60 + int(minutes)) * 60 * units.SECOND


def _circuit(value: object) -> str:
    if not isinstance(value, str) or not CIRCUIT.fullmatch(value):
        raise refuse(f"expected a breaker's output such as breakers.circuit_1, got {short(value)}")
    return value


def _time_of_day(us: int) -> str:
    minutes = us // (60 * units.SECOND)
    return f"{minutes // 60}:{minutes % 60:02}"


Circuit = Annotated[str, PlainValidator(_circuit)]


class Scene(Spec):
    """A scene file. `id` is its folder's name."""

    id: str = Field(default="", exclude=True)
    source: Source = Field(default_factory=Source, exclude=True, repr=False)
    title: Text = Field(description="what a person calls it")
    zones: Mapping[Id, Zone] = Field(min_length=1, description="the rooms by name")
    doorways: tuple[Doorway, ...] = Field(default=(), description="openings between zones; walls are derived")
    furniture: tuple[Furniture, ...] = Field(default=(), description="what stands and hangs about")
    devices: tuple[Device, ...] = Field(default=(), description="the devices")
    objects: tuple[Loose, ...] = Field(default=(), description="loose things")
    points: Mapping[Id, Spot] = Field(default_factory=dict, description="places that have an illuminance of their own")
    regions: Mapping[Id, Region] = Field(default_factory=dict, description="boxes that things can be in")
    wires: tuple[Wire, ...] = Field(default=(), description="what is wired to what")
    sums: tuple[Sum, ...] = Field(default=(), description="inputs that are sums")
    circuits: Mapping[Circuit, Ids] = Field(
        default_factory=dict, description="mains circuits: a breaker's output and the devices it feeds"
    )
    people: tuple[Person, ...] = Field(default=(), description="other people")
    schedules: tuple[Schedule, ...] = Field(default=(), description="schedules, sensors, weather")
    start: Start = Field(description="where the body stands at the start")
    view: ThirdPerson | None = Field(
        default=None, description="the third-person camera; none: chosen to show the first zone"
    )
    outdoor: Celsius = Field(default=8.0, description="outdoor temperature [degC]")
    clock_us: Annotated[int, PlainValidator(_clock), PlainSerializer(_time_of_day)] = Field(
        9 * 3600 * units.SECOND, alias="clock", description="time of day at the start, as 'hh:mm'"
    )
    variation: Variation = Field(default_factory=Variation, description="what may vary, stream by stream")

    @property
    def spec_hash(self) -> str:
        """Hash of the whole file it was read from; of what it says, if it was made otherwise."""
        return spec_hash(self)

    @property
    def all_wires(self) -> tuple[Wire, ...]:
        """The wires written, and one to the `mains` input of every device on a circuit."""
        made = tuple(
            Wire.model_validate({"from": output, "to": f"{device}.mains", "medium": "mains"})
            for output, devices in self.circuits.items()
            for device in devices
        )
        return self.wires + made

    @property
    def all_sums(self) -> tuple[Sum, ...]:
        """The sums written, and for each circuit the load [W] of its devices: `circuit_1` has the input `load_1`."""
        made = tuple(
            Sum.model_validate(
                {"to": output.replace(".circuit", ".load"), "from": [f"{device}.load" for device in devices]}
            )
            for output, devices in self.circuits.items()
            if devices
        )
        return self.sums + made

    def device(self, name: str) -> Device:
        """The device of that name. Raises `StopIteration`."""
        return next(d for d in self.devices if d.id == name)

    def piece(self, name: str) -> Furniture:
        """The piece of furniture of that name. Raises `StopIteration`."""
        return next(f for f in self.furniture if f.id == name)
