"""What is in the rooms: devices and how they are fixed, loose things, and the wires between devices."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, PlainValidator, model_validator

from switch_bench.spec import units
from switch_bench.spec.fields import (
    Degrees,
    Duration,
    Facing,
    Flag,
    Height,
    Id,
    Ids,
    Local,
    Metres,
    Place,
    Point,
    Share,
    SignalName,
    SignalNames,
    Spec,
    Value,
    choose,
    refuse,
    short,
)
from switch_bench.spec.plan import Wall


def _options(value: object) -> Any:
    """Options as the kind gets them: a text that is a number with a unit is that number in the base unit."""
    if isinstance(value, str):
        number = units.plain(value)
        return value if number is None else number
    if isinstance(value, list | tuple):
        return tuple(_options(v) for v in value)
    if isinstance(value, dict):
        return {str(k): _options(v) for k, v in value.items()}
    return value


def _label(value: object) -> str | None:
    if value is not None and not isinstance(value, str):
        raise refuse(f"expected text, or nothing for no label; got {short(value)}", "Put quotes round it")
    return value or None


Options = Annotated[Mapping[str, Any], BeforeValidator(_options)]
OptionValue = Annotated[Any, BeforeValidator(_options)]
Label = Annotated[str | None, PlainValidator(_label)]


class OnWall(Spec):
    """Hung on a wall."""

    wall: Wall = Field(description="the wall it hangs on")
    at: Metres = Field(description="its middle, along the wall from the left end as seen from inside [m]")
    height: Height = Field(default=1.2, description="its middle above the floor [m]")


class OnTop(Spec):
    """Standing on a piece of furniture."""

    on: Id = Field(description="the furniture it stands on")
    at: Place = Field(
        description="[along, depth]: the middle of its back, from the furniture's left end seen from the front, "
        "and from its back edge [m]"
    )
    turn: Degrees = Field(default=0.0, description="turned counter-clockwise, seen from above [deg]")


class BuiltIn(Spec):
    """Built into a piece of furniture."""

    built_in: Id = Field(description="the furniture it is built into")
    at: Metres = Field(description="its middle, from the furniture's left end seen from the front [m]")
    height: Height | None = Field(
        default=None, description="its lower edge above the floor [m]; none: usual for the kind"
    )


class OnCeiling(Spec):
    """Hanging from the ceiling."""

    ceiling: Point = Field(description="where it hangs, in the zone [x, y] [m]")


class OnFloor(Spec):
    """Standing on the floor."""

    floor: Point = Field(description="the middle of its back, in the zone [x, y] [m]")
    facing: Facing = Field(default=270.0, description="where its front looks: south, or an angle")


Mount = Annotated[
    OnWall | OnTop | BuiltIn | OnCeiling | OnFloor,
    BeforeValidator(
        choose("a mount", {"wall": OnWall, "on": OnTop, "built_in": BuiltIn, "ceiling": OnCeiling, "floor": OnFloor})
    ),
]


def moved(mount: Mount, along: float, depth: float, height: float) -> Mount:
    """The mount moved [m] along its wall, furniture, floor or ceiling, in depth (y on floor and ceiling), and up."""
    if isinstance(mount, OnWall):
        return mount.model_copy(update={"at": mount.at + along, "height": mount.height + height})
    if isinstance(mount, BuiltIn):
        return mount.model_copy(update={"at": mount.at + along})
    if isinstance(mount, OnTop):
        return mount.model_copy(update={"at": (mount.at[0] + along, mount.at[1] + depth)})
    name = "floor" if isinstance(mount, OnFloor) else "ceiling"
    x, y = getattr(mount, name)
    return mount.model_copy(update={name: (x + along, y + depth)})


class Device(Spec):
    """One device of the scene."""

    id: Id = Field(description="its name, by which signals are called: `<id>.<signal>`")
    kind: Id = Field(description="its kind, as in `switch-bench list`")
    models: Ids = Field(
        default=(), alias="model", description="its model, or several to draw from; none: the kind's first"
    )
    zone: Id = Field(description="the zone it is in")
    mount: Mount = Field(description="how it is fixed: a mapping with `wall`, `on`, `built_in`, `ceiling` or `floor`")
    options: Options = Field(default_factory=dict, description="what the kind lets be chosen, such as a fill")
    labels: Mapping[Local, Label] = Field(
        default_factory=dict, description="what is printed beside a control instead of the kind's words; none: nothing"
    )
    initial: Mapping[Local, Value] = Field(
        default_factory=dict, description="values of its controls and other signals at the start"
    )
    hue: Degrees = Field(default=0.0, description="turn of its colours round the colour wheel [deg]")

    @property
    def model(self) -> str | None:
        """The model: the first in the list; None for the kind's first."""
        return self.models[0] if self.models else None


ObjectKind = Literal["mug", "pan", "book", "box", "bowl", "bottle", "plant"]


class Loose(Spec):
    """A loose thing, on furniture or on a device, or on the floor."""

    id: Id = Field(description="its name")
    kind: ObjectKind = Field(description="what it is")
    on: Id | None = Field(default=None, description="the furniture or device it stands on")
    at: Place | None = Field(
        default=None, description="[along, depth] on the furniture, as for a device, of its middle [m]"
    )
    zone: Id | None = Field(default=None, description="the zone, of a thing on the floor")
    floor: Point | None = Field(default=None, description="its middle in that zone [x, y], of a thing on the floor [m]")
    turn: Degrees = Field(default=0.0, description="turned counter-clockwise, seen from above [deg]")
    colour: Id | None = Field(default=None, description="its material; none: usual for the kind")

    @model_validator(mode="after")
    def _one_place(self) -> Loose:
        on, floor = self.on is not None, self.floor is not None
        if on == floor:
            raise refuse("expected a place, either `on` or `zone` and `floor`" + (", not both" if on else ""))
        if floor != (self.zone is not None):
            raise refuse("a thing on the floor takes both `zone` and `floor`")
        if floor and self.at is not None:
            raise refuse("`at` is for a thing on furniture; on the floor it is `floor`")
        return self


Medium = Literal["mains", "hydronic", "radio", "network", "bus"]


class Wire(Spec):
    """Carries a signal's changes from an output to an input."""

    source: SignalName = Field(alias="from", description="the signal carried")
    target: SignalName = Field(alias="to", description="the input it arrives at")
    delay_us: Duration = Field(default=0, alias="delay", description="how long a change takes")
    jitter_us: Duration = Field(default=0, alias="jitter", description="up to so much is drawn and added to the delay")
    loss: Share = Field(default=0.0, description="probability that a change is lost")
    medium: Medium = Field(default="bus", description="what carries it: mains, hydronic, radio, network or bus")
    invert: Flag = Field(default=False, description="carry the opposite of a bool")

    @model_validator(mode="after")
    def _elsewhere(self) -> Wire:
        if self.source == self.target:
            raise refuse(f"goes from {self.source} to itself")
        return self


class Sum(Spec):
    """An input that is the sum of other signals."""

    target: SignalName = Field(alias="to", description="the input that gets the sum")
    sources: SignalNames = Field(alias="from", min_length=1, description="the signals summed")
