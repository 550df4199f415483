"""What a task file says: what is asked, in which scene and set-up, what counts as done, and how it can be done."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Annotated, Any, Literal, get_args

from pydantic import BeforeValidator, Field, PlainValidator, TypeAdapter, model_validator

from switch_bench.spec.fields import (
    ID,
    SIGNAL,
    Flag,
    Formula,
    Formulas,
    Id,
    Ids,
    Patterns,
    SignalName,
    SignalNames,
    Span,
    Spec,
    Text,
    Texts,
    Value,
    Whole,
    distinct,
    listed,
    refuse,
    short,
    within,
)
from switch_bench.spec.people import Person, Schedule
from switch_bench.spec.rooms import Start
from switch_bench.spec.source import Source, spec_hash
from switch_bench.spec.steps import Plan
from switch_bench.spec.things import Loose
from switch_bench.spec.vary import (
    STREAMS,
    ClutterVariation,
    ColoursVariation,
    FacesVariation,
    LabelsVariation,
    LayoutVariation,
    LightVariation,
    Stream,
    WiringVariation,
)

FAULT = re.compile(r"[a-z][a-z0-9_]*(:[A-Za-z0-9_*#]+)?")

Ability = Literal[
    "task_aware_vqa",
    "ui_grounding",
    "action_generation",
    "state_transition_prediction",
    "result_verification",
    "error_recovery",
]
Part = Literal["temporal", "spatial", "causal", "effects", "honesty"]


def _fault(value: object) -> str:
    if not isinstance(value, str) or not FAULT.fullmatch(value):
        raise refuse(f"expected the name of a fault, such as missed_press:lever, got {short(value)}")
    return value


FaultName = Annotated[str, PlainValidator(_fault)]


class InjectedFault(Spec):
    """A fault of a device, hidden from the agent."""

    device: Id = Field(description="the device")
    fault: FaultName = Field(description="a fault of the device's kind, or `missed_press:<control>`")


class Setup(Spec):
    """How things are at the start, where that differs from the scene."""

    signals: Mapping[SignalName, Value] = Field(default_factory=dict, description="values of signals at the start")
    faults: tuple[InjectedFault, ...] = Field(default=(), description="faults of devices")
    people: tuple[Person, ...] = Field(default=(), description="people besides those of the scene")
    schedules: tuple[Schedule, ...] = Field(default=(), description="schedules besides those of the scene")
    objects: tuple[Loose, ...] = Field(
        default=(), description="loose things besides the scene's, or in place of those of the same id"
    )
    without: Ids = Field(default=(), description="loose things of the scene that aren't there")
    start: Start | None = Field(default=None, description="where the body stands; none: as in the scene")


def _seen(value: object) -> str:
    if not isinstance(value, str) or not (SIGNAL.fullmatch(value) or ID.fullmatch(value)):
        raise refuse(f"expected a signal such as kettle.lamp, or a zone; got {short(value)}")
    return value


Seen = Annotated[tuple[Annotated[str, PlainValidator(_seen)], ...], BeforeValidator(listed), distinct("name")]


class Evidence(Spec):
    """What shows that it is done: names of signals and zones that an image can show."""

    ui_signal: Seen = Field(default=(), description="what displays, lamps and controls say")
    physical_world_state: Seen = Field(default=(), description="what the room itself shows")

    @property
    def names(self) -> tuple[str, ...]:
        """All of them."""
        return self.ui_signal + self.physical_world_state


class NearMiss(Spec):
    """A plan that looks right and must fail."""

    name: Id = Field(description="its name")
    says: Text = Field(description="what is wrong with it, in one sentence")
    plan: Plan = Field(min_length=1, description="its steps")
    fails: Part = Field(description="the part of the verdict that fails: temporal, spatial, causal, effects or honesty")


def _number(value: object) -> Any:
    """A stream's number, or None for `vary`; anything else is left for the declaration to read."""
    if value == "vary":
        return None
    if isinstance(value, bool | str | float):
        raise refuse(
            f"expected `vary`, a number to pin it at (0: as the scene is written), or a declaration; got {short(value)}"
        )
    if isinstance(value, int) and value < 0:
        raise refuse(f"expected a number of 0 or more, got {value}")
    return value


def _stream(declared: Any) -> BeforeValidator:
    """The reader of a stream in a task: a number, None for `vary`, or a declaration instead of the scene's."""
    adapter = TypeAdapter(declared)

    def read(value: Any) -> Any:
        number = _number(value)
        return number if number is None or isinstance(number, int) else adapter.validate_python(number)

    return BeforeValidator(read)


class TaskVariation(Spec):
    """What may vary in this task: each stream is None (`vary`), a number it is pinned at, or declared instead."""

    layout: Annotated[int | LayoutVariation | None, _stream(LayoutVariation)] = Field(
        default=None, description="where devices are"
    )
    faces: Annotated[int | FacesVariation | None, _stream(FacesVariation)] = Field(
        default=None, description="which models devices are"
    )
    wiring: Annotated[int | WiringVariation | None, _stream(WiringVariation)] = Field(
        default=None, description="what is wired to what"
    )
    labels: Annotated[int | LabelsVariation | None, _stream(LabelsVariation)] = Field(
        default=None, description="what is printed beside controls"
    )
    colours: Annotated[int | ColoursVariation | None, _stream(ColoursVariation)] = Field(
        default=None, description="materials of surfaces"
    )
    clutter: Annotated[int | ClutterVariation | None, _stream(ClutterVariation)] = Field(
        default=None, description="loose things that lie about"
    )
    light: Annotated[int | LightVariation | None, _stream(LightVariation)] = Field(
        default=None, description="how light it is at the start"
    )

    @property
    def pinned(self) -> dict[Stream, int]:
        """The streams that are pinned, and at what."""
        return {stream: value for stream in STREAMS if isinstance(value := getattr(self, stream), int)}

    @property
    def declared(self) -> dict[Stream, Any]:
        """The streams declared here instead of in the scene."""
        return {
            stream: value
            for stream in STREAMS
            if (value := getattr(self, stream)) is not None and not isinstance(value, int)
        }


class Task(Spec):
    """A task file. `id` is `<suite>.<name>-v<version>`, from the file's folder and name."""

    id: str = Field(default="", exclude=True)
    suite: str = Field(default="", exclude=True)
    source: Source = Field(default_factory=Source, exclude=True, repr=False)
    title: Text = Field(description="what the task is called in tables")
    instruction: Text = Field(description="what the agent is told")
    paraphrases: Texts = Field(default=(), description="other ways to say it")
    scene: str = Field(description="the scene's name, or a path from the task's folder to a scene file")
    level: Annotated[Whole, within(1, 5)] = Field(description="1 (one actuation) to 5 (long, over rooms)")
    abilities: Annotated[tuple[Ability, ...], distinct("ability")] = Field(
        min_length=1, description="a list of what it takes, from " + ", ".join(get_args(Ability))
    )
    split: Literal["train", "val", "test"] = Field(default="train", description="train, val or test")
    variation: TaskVariation = Field(default_factory=TaskVariation, description="what may vary, stream by stream")
    setup: Setup = Field(default_factory=Setup, description="how things are at the start")
    horizon_us: Span = Field(alias="horizon", description="the simulated time after which the episode ends")
    goal: Formula = Field(description="a formula over signals and zones that must hold")
    where: Ids = Field(default=(), description="the zones in which the effect must be; none: anywhere")
    required: SignalNames = Field(default=(), description="the controls by which it must be brought about")
    allowed: Patterns = Field(default=(), description="patterns of signals and objects that may be left changed")
    forbidden: Patterns = Field(default=(), description="patterns of signals and objects that must not be left changed")
    never: Formulas = Field(default=(), description="formulas that must never be so, even for a moment")
    evidence: Evidence = Field(default_factory=Evidence, description="what shows that it is done")
    feasible: Flag = Field(default=True, description="whether it can be done at all")
    disconfirming: Seen = Field(
        default=(), description="what shows that it can't be done, if it is not feasible: all of it has to be seen"
    )
    solution: Plan = Field(min_length=1, description="the reference solution, step by step")
    near_misses: tuple[NearMiss, ...] = Field(default=(), description="plans that look right and must fail")

    @model_validator(mode="after")
    def _feasible_or_shown(self) -> Task:
        if self.feasible and self.disconfirming:
            raise refuse("`disconfirming` is for a task that isn't feasible", "Add `feasible: false`, or take it out")
        if not self.feasible and not self.disconfirming:
            raise refuse("a task that isn't feasible needs `disconfirming`: names of what shows that it can't be done")
        return self

    @property
    def spec_hash(self) -> str:
        """Hash of the whole file it was read from; of what it says, if it was made otherwise."""
        return spec_hash(self)
