"""The steps of a plan (a reference solution or a near miss): one verb each, as a hand and a head can do them.

In a file a step is a mapping whose one verb says what is done, with the rest either beside the verb
(`{press: light.gang_1, to: on}`) or below it (`{turn: {control: oven.mode, to: grill}}`).
"""

from __future__ import annotations

import re
from typing import Annotated, Any, ClassVar, Literal

from pydantic import BeforeValidator, Field, PlainValidator, SerializeAsAny, ValidationError, model_serializer

from switch_bench.spec.errors import did_you_mean
from switch_bench.spec.fields import (
    ID,
    SIGNAL,
    Duration,
    Flag,
    Formula,
    Id,
    SignalName,
    Span,
    Spec,
    Value,
    refusals,
    refuse,
    short,
    told,
)


def _keys(value: object) -> Any:
    if isinstance(value, str):
        return list(value)
    if isinstance(value, list | tuple):
        return [str(key) if isinstance(key, int) and not isinstance(key, bool) else key for key in value]
    return value


WIDGET = re.compile(r"[A-Za-z0-9_*#+-]+(:[A-Za-z0-9_*#+-]+)?")


def _widget(value: object) -> str:
    if not isinstance(value, str) or not WIDGET.fullmatch(value):
        raise refuse(f"expected the name of a widget such as heating or go:lights, got {short(value)}")
    return value


def _sight(value: object) -> str:
    if not isinstance(value, str) or not (ID.fullmatch(value) or SIGNAL.fullmatch(value)):
        raise refuse(
            f"expected a device such as kettle, or a signal it shows, such as kettle.lever; got {short(value)}"
        )
    return value


Widget = Annotated[str, PlainValidator(_widget)]
Sight = Annotated[str, PlainValidator(_sight)]


class Step(Spec):
    """One step of a plan. required: the task can't be done without it."""

    verb: ClassVar[str]
    main: ClassVar[str]  # the key that may stand directly after the verb
    required: Flag = Field(default=False, description="the task can't be done without this step")

    @model_serializer(mode="wrap")
    def _under_its_verb(self, handler: Any) -> dict[str, Any]:
        inner = handler(self)
        required = inner.pop("required")
        return {self.verb: inner} | ({"required": True} if required else {})


class Press(Step):
    """Press a control with a fingertip."""

    verb = "press"
    main = "control"
    control: SignalName = Field(description="the control")
    to: Value | None = Field(default=None, description="the value to bring it to, of a rocker or switch")


class Turn(Step):
    """Turn a knob."""

    verb = "turn"
    main = "control"
    control: SignalName = Field(description="the knob")
    to: Value = Field(description="the value to turn it to")


class Slide(Step):
    """Move a slider."""

    verb = "slide"
    main = "control"
    control: SignalName = Field(description="the slider")
    to: Value = Field(description="the value to move it to")


class Open(Step):
    """Open a door or lid."""

    verb = "open"
    main = "control"
    control: SignalName = Field(description="the door or lid")


class Close(Step):
    """Close a door or lid."""

    verb = "close"
    main = "control"
    control: SignalName = Field(description="the door or lid")


class Hold(Step):
    """Press a control, or turn it, and keep it there for a while."""

    verb = "hold"
    main = "control"
    control: SignalName = Field(description="the control")
    for_us: Span = Field(alias="for", description="how long")
    to: Value | None = Field(default=None, description="the value to bring it to and hold it at")


class Type(Step):
    """Press keys of a keypad one after the other."""

    verb = "type"
    main = "control"
    control: SignalName = Field(description="the keypad")
    keys: Annotated[tuple[str, ...], BeforeValidator(_keys)] = Field(min_length=1, description="the keys, in order")


class Touch(Step):
    """Touch a widget of a touch screen."""

    verb = "touch"
    main = "screen"
    screen: SignalName = Field(description="the touch screen")
    widget: Widget = Field(description="the widget touched")


class Goto(Step):
    """Go to a zone, or to where a device can be reached."""

    verb = "goto"
    main = "place"
    place: Id = Field(description="a zone or a device")


class Look(Step):
    """Look at a device, or at what shows one of its signals, from where that can be made out."""

    verb = "look"
    main = "device"
    device: Sight = Field(description="the device, or a signal that a picture of it shows")


class Wait(Step):
    """Wait for a time, or until something is so but no longer than `at_most`."""

    verb = "wait"
    main = "for"
    for_us: Duration | None = Field(default=None, alias="for", description="how long")
    until: Formula | None = Field(default=None, description="a formula that must become true")
    at_most_us: Span | None = Field(default=None, alias="at_most", description="how long at the most, with `until`")


class Report(Step):
    """End the episode, saying what came of it."""

    verb = "report"
    main = "what"
    what: Literal["done", "impossible"] = Field(description="done or impossible")


VERBS: dict[str, type[Step]] = {
    step.verb: step for step in (Press, Turn, Slide, Open, Close, Hold, Type, Touch, Goto, Look, Wait, Report)
}


def read_step(value: Any) -> Step:
    """The step that a mapping of a file means. Raises an error fit for a validator."""
    if isinstance(value, Step):
        return value
    if not isinstance(value, dict):
        raise refuse(f"expected a step as a mapping such as `press: kettle.lever`, got {short(value)}")
    found = [key for key in value if key in VERBS]
    if len(found) != 1:
        if found:
            raise refuse(f"expected one verb in a step, got {' and '.join(found)}", "Make them steps of their own")
        words = [key for key in value if key != "required"]
        raise refuse(
            f"expected a step with one of the verbs {', '.join(VERBS)}",
            next((hint for word in words if (hint := did_you_mean(word, VERBS)).startswith("Did")), ""),
        )
    verb = found[0]
    step, inner = VERBS[verb], value[verb]
    beside = {key: v for key, v in value.items() if key != verb}
    below = dict(inner) if isinstance(inner, dict) else {step.main: inner}
    twice = sorted(below.keys() & beside.keys())
    if twice:
        raise refuse(f"{twice[0]!r} stands both beside and below {verb!r}")
    try:
        made = step.model_validate(below | beside)
    except ValidationError as error:
        found = [
            ((*_place(str(loc[0]), verb, value), *loc[1:]) if loc else loc, message, hint)
            for loc, message, hint in told(error, step)
        ]
        raise refusals(step.__name__, found) from None
    if isinstance(made, Wait):
        _check_wait(made)
    return made


def _place(key: str, verb: str, value: dict[str, Any]) -> tuple[str, ...]:
    """Where in the file a key of a step stands, or should."""
    if key in value:
        return (key,)
    if isinstance(value[verb], dict):
        return (verb, key)
    return (verb,) if key == VERBS[verb].main else (key,)


def _check_wait(step: Wait) -> None:
    if (step.for_us is None) == (step.until is None):
        raise refuse("expected either a time or `until`", "As in `wait: 30 s` or `wait: {until: …, at_most: 5 min}`")
    if (step.until is None) != (step.at_most_us is None):
        raise refuse("`until` and `at_most` go together: nobody waits for ever")


Plan = tuple[Annotated[SerializeAsAny[Step], BeforeValidator(read_step)], ...]
