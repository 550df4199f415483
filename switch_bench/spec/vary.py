"""What may vary in a scene, in seven streams drawn apart: layout, faces, wiring, labels, colours, clutter, light."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Literal, get_args

from pydantic import BeforeValidator, Field

from switch_bench.spec.fields import (
    CountRange,
    Degrees,
    Extent,
    Id,
    Ids,
    LengthRange,
    Local,
    LuxRange,
    Metres,
    SignalName,
    SignalNames,
    Spec,
    Value,
    refuse,
    short,
    within,
)
from switch_bench.spec.things import Label, Mount, ObjectKind, OptionValue, Wire

Stream = Literal["layout", "faces", "wiring", "labels", "colours", "clutter", "light"]
STREAMS: tuple[Stream, ...] = get_args(Stream)

Spread = Annotated[Metres, within(0, 2)]


class Jitter(Spec):
    """How far a device may be from where it is written, either way."""

    along: Spread = Field(default=0.0, description="along the wall, ceiling or furniture, and x on the floor, ± [m]")
    depth: Spread = Field(
        default=0.0, description="from the back edge of the furniture, and y on the floor or ceiling, ± [m]"
    )
    height: Spread = Field(default=0.0, description="up and down a wall, ± [m]")


class LayoutVariation(Spec):
    """Where devices are."""

    jitter: Mapping[Id, Jitter] = Field(default_factory=dict, description="by device: how far it may be off its place")
    places: Mapping[Id, tuple[Mount, ...]] = Field(
        default_factory=dict, description="by device: other mounts to choose from, besides its own"
    )
    swap: tuple[Ids, ...] = Field(default=(), description="groups of devices that may take each other's places")


class FacesVariation(Spec):
    """Which models the devices are, and their hue."""

    models: Mapping[Id, Ids] = Field(default_factory=dict, description="by device: models to draw from, with its own")
    hue: Mapping[Id, Annotated[Degrees, within(0, 180)]] = Field(
        default_factory=dict, description="by device: turn of its colours round the colour wheel, ± [deg]"
    )


class WiringVariation(Spec):
    """What is wired to what."""

    alternatives: Mapping[Id, Mapping[Id, tuple[Wire, ...]]] = Field(
        default_factory=dict,
        description="by question, by answer: wires that take the place of those written to the same inputs",
    )
    permute: tuple[SignalNames, ...] = Field(
        default=(), description="groups of inputs whose wires' sources may be exchanged"
    )
    options: Mapping[Id, Mapping[str, tuple[OptionValue, ...]]] = Field(
        default_factory=dict, description="by device, by option: values to draw from, with the one written"
    )


class LightVariation(Spec):
    """How light it is at the start."""

    daylight: Mapping[Id, LuxRange] = Field(default_factory=dict, description="by zone: [lowest, highest] [lx]")
    lamps: Mapping[SignalName, Annotated[tuple[Value, ...], Field(min_length=1)]] = Field(
        default_factory=dict, description="by control or signal: values at the start to draw from"
    )


class Clutter(Spec):
    """Loose things that lie about on one piece of furniture."""

    on: Id = Field(description="the furniture")
    count: CountRange = Field(description="[fewest, most] things")
    kinds: tuple[ObjectKind, ...] = Field(min_length=1, description="kinds of things to draw from")
    along: LengthRange = Field(description="the stretch of the furniture they lie on, from its left end [m]")
    room: Extent = Field(default=0.15, description="least distance between two things' middles along the furniture [m]")


def _labels(value: object) -> object:
    if not isinstance(value, dict | Mapping):
        raise refuse(f"expected, by device, a list of labellings, got {short(value)}")
    return value


LabelsVariation = Annotated[
    Mapping[Id, tuple[Mapping[Local, Label], ...]],
    BeforeValidator(_labels),
]
ColoursVariation = Mapping[str, Ids]
ClutterVariation = tuple[Clutter, ...]


class Variation(Spec):
    """What may vary, stream by stream. What is written in the scene is always one of the possibilities."""

    layout: LayoutVariation = Field(default_factory=LayoutVariation, description="where devices are")
    faces: FacesVariation = Field(default_factory=FacesVariation, description="which models devices are")
    wiring: WiringVariation = Field(default_factory=WiringVariation, description="what is wired to what")
    labels: LabelsVariation = Field(
        default_factory=dict, description="by device: other labellings, each a mapping of control to text or nothing"
    )
    colours: ColoursVariation = Field(
        default_factory=dict,
        description="by surface (`<zone>.floor`, `<zone>.wall` …, or furniture): materials",
    )
    clutter: ClutterVariation = Field(default=(), description="loose things that lie about")
    light: LightVariation = Field(default_factory=LightVariation, description="how light it is at the start")
