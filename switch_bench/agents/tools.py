"""Tools: `skill` and `pixel` actions as functions that a language model can call, with JSON Schemas.

A tool's arguments are a pydantic model. What doesn't fit is answered with what was expected, so that the caller can
mend it; nothing is done then.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Annotated, Any, ClassVar, Literal

import numpy as np
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from switch_bench.envs.act import CODES, GESTURES, LONGEST, ROUND, VERBS
from switch_bench.envs.marks import SLOTS
from switch_bench.spec.errors import did_you_mean

SHOWN = 3  # mistakes that an answer names

MarkNumber = Annotated[int, Field(ge=1, lt=SLOTS, description="A number in the current image.")]
Seconds = Annotated[float, Field(gt=0, le=LONGEST, description="How long [s of simulated time].")]
Share = Annotated[float, Field(ge=0, le=1)]
Across = Annotated[Share, Field(description="Point in the current image: 0 is its left edge, 1 its right.")]
Down = Annotated[Share, Field(description="Point in the current image: 0 is its upper edge, 1 its lower.")]
Words = Annotated[str, Field(min_length=1, max_length=32, pattern=r"^[A-Za-z0-9_ .,:;+\-*#/%]*$")]
Direction = Literal["left", "right", "up", "down", "ahead"]


class ToolError(Exception):
    """A call that can't be carried out as it is; the message says what was expected."""


class Arguments(BaseModel):
    """What all tools' arguments are."""

    model_config = ConfigDict(extra="forbid", strict=False, allow_inf_nan=False)
    verb: ClassVar[str]

    def action(self) -> dict[str, Any]:
        """The environment's action. Raises ToolError where the arguments don't go together."""
        return self._action()

    def _action(self) -> dict[str, Any]:
        raise NotImplementedError


# ---------------------------------------------------------------------------------------------------------- by marks


class _OnMark(Arguments):
    mark: MarkNumber

    def _action(self) -> dict[str, Any]:
        return skill(self.verb, mark=self.mark)


class Press(_OnMark):
    """Press a button, key, rocker, lever or touch-screen button with a fingertip, and let go."""

    verb: ClassVar[str] = "press"


class Hold(_OnMark):
    """Press and stay on it for some seconds, then let go; a knob given a value is turned to it, and held there."""

    verb: ClassVar[str] = "hold"
    seconds: Seconds
    to: Annotated[Words | None, Field(description="Of a knob: the value to turn it to first.")] = None

    def _action(self) -> dict[str, Any]:
        return skill("hold", mark=self.mark, amount=self.seconds, text=self.to or "")


class _Carried(_OnMark):
    to: Annotated[Words | None, Field(description="The value to bring it to, as it is printed there.")] = None

    def _action(self) -> dict[str, Any]:
        name, by = next((n, v) for n, v in self if n not in ("mark", "to"))
        if (self.to is None) == (by is None):
            raise ToolError(f"{self.verb}: give either `to` or `{name}`")
        return skill(self.verb, mark=self.mark, text=self.to or "", amount=by or 0.0)


class Turn(_Carried):
    """Take hold of a knob and turn it, to a value or by an angle."""

    verb: ClassVar[str] = "turn"
    radians: Annotated[
        float | None, Field(ge=-ROUND, le=ROUND, description="By how much [rad], clockwise, if `to` isn't given.")
    ] = None


class Slide(_Carried):
    """Take hold of a slider and move it, to a value or by a distance."""

    verb: ClassVar[str] = "slide"
    metres: Annotated[float | None, Field(ge=-1, le=1, description="By how much [m], if `to` isn't given.")] = None


class Open(_OnMark):
    """Open a door, lid or cover."""

    verb: ClassVar[str] = "open"


class Close(_OnMark):
    """Close a door, lid or cover."""

    verb: ClassVar[str] = "close"


class Type(_OnMark):
    """Press keys of a keypad one after the other."""

    verb: ClassVar[str] = "type"
    keys: Annotated[
        Words, Field(description='A letter each ("30"), or with spaces between where a key has more ("3 0 start").')
    ]

    def _action(self) -> dict[str, Any]:
        return skill("type", mark=self.mark, text=self.keys)


class Read(_OnMark):
    """Look at something closely: the next image is zoomed on it. Nothing is moved."""

    verb: ClassVar[str] = "read"


class Goto(Arguments):
    """Walk up to what has a mark, or to a room by its name."""

    verb: ClassVar[str] = "goto"
    mark: Annotated[MarkNumber | None, Field(description="What to stand before.")] = None
    room: Annotated[Words | None, Field(description='A room, such as "kitchen".')] = None

    def _action(self) -> dict[str, Any]:
        if (self.mark is None) == (self.room is None):
            raise ToolError("goto: give either `mark` or `room`")
        return skill("goto", mark=self.mark or 0, text=self.room or "")


class Look(Arguments):
    """Turn the head, and the body if need be, to a mark or in a direction."""

    verb: ClassVar[str] = "look"
    mark: Annotated[MarkNumber | None, Field(description="What to look at.")] = None
    direction: Annotated[Direction | None, Field(description="Which way to turn from where you look now.")] = None

    def _action(self) -> dict[str, Any]:
        if (self.mark is None) == (self.direction is None):
            raise ToolError("look: give either `mark` or `direction`")
        return skill("look", mark=self.mark or 0, text=self.direction or "")


class Wait(Arguments):
    """Let simulated time pass with the hands off. It costs no real time, however long it is."""

    verb: ClassVar[str] = "wait"
    seconds: Seconds

    def _action(self) -> dict[str, Any]:
        return skill("wait", amount=self.seconds)


class Report(Arguments):
    """End the episode by saying that what was asked for is done, or that it is impossible here."""

    verb: ClassVar[str] = "report"
    what: Literal["done", "impossible"]

    def _action(self) -> dict[str, Any]:
        return skill("report", text=self.what)


# --------------------------------------------------------------------------------------------------------- by points


class _AtPoint(Arguments):
    x: Across
    y: Down

    def _action(self) -> dict[str, Any]:
        return pixel(self.verb, (self.x, self.y))


class Tap(_AtPoint):
    """Press with a fingertip on what is at a point of the image, and let go."""

    verb: ClassVar[str] = "tap"


class HoldAt(_AtPoint):
    """Press at a point of the image, stay for some seconds, then let go."""

    verb: ClassVar[str] = "hold"
    seconds: Seconds

    def _action(self) -> dict[str, Any]:
        return pixel("hold", (self.x, self.y), (self.seconds, 0.0))


class Drag(_AtPoint):
    """Press at a point of the image and move to another: sliders, doors, swipes."""

    verb: ClassVar[str] = "drag"
    to_x: Across
    to_y: Down

    def _action(self) -> dict[str, Any]:
        return pixel("drag", (self.x, self.y), (self.to_x - self.x, self.to_y - self.y))


class TurnAt(_AtPoint):
    """Take what is at a point of the image between two fingers and turn it."""

    verb: ClassVar[str] = "turn"
    radians: Annotated[float, Field(ge=-ROUND, le=ROUND, description="By how much [rad], clockwise.")]
    push: Annotated[bool, Field(description="Push it in first, as one does with a gas knob.")] = False

    def _action(self) -> dict[str, Any]:
        return pixel("pinch_turn" if self.push else "turn", (self.x, self.y), (self.radians, 0.0))


class LookAt(_AtPoint):
    """Turn so that a point of the image is in the middle of the next one; points near an edge turn you that way."""

    verb: ClassVar[str] = "look"


class GotoPoint(_AtPoint):
    """Walk up to what is at a point of the image, or to that point of the floor."""

    verb: ClassVar[str] = "goto"


class ReadAt(_AtPoint):
    """Look at a point of the image closely: the next image is zoomed on it. Nothing is moved."""

    verb: ClassVar[str] = "read"


class WaitHere(Wait):
    """Let simulated time pass with the hands off. It costs no real time, however long it is."""

    def _action(self) -> dict[str, Any]:
        return pixel("wait", amount=(self.seconds, 0.0))


class Tell(Report):
    """End the episode by saying that what was asked for is done, or that it is impossible here."""

    def _action(self) -> dict[str, Any]:
        return pixel("report", code=self.what)


KINDS: Mapping[str, tuple[type[Arguments], ...]] = {
    "skill": (Look, Goto, Read, Press, Hold, Turn, Slide, Open, Close, Type, Wait, Report),
    "pixel": (LookAt, GotoPoint, ReadAt, Tap, HoldAt, Drag, TurnAt, WaitHere, Tell),
}


def skill(verb: str, *, mark: int = 0, amount: float = 0.0, text: str = "") -> dict[str, Any]:
    """A `skill` action."""
    return {"verb": VERBS.index(verb), "mark": mark, "amount": np.array([amount], np.float32), "text": text}


def pixel(
    gesture: str,
    point: tuple[float, float] = (0.0, 0.0),
    amount: tuple[float, float] = (0.0, 0.0),
    code: str = "none",
) -> dict[str, Any]:
    """A `pixel` action."""
    return {
        "gesture": GESTURES.index(gesture),
        "point": np.array(point, np.float32),
        "amount": np.array(amount, np.float32),
        "code": CODES.index(code),
    }


@dataclass(frozen=True)
class Tool:
    """A function that a model can call. parameters: the JSON Schema of its arguments."""

    name: str
    description: str
    parameters: Mapping[str, Any]
    arguments: type[Arguments]


@cache
def tools(act: str) -> Mapping[str, Tool]:
    """The tools of a track's `act`, "skill" or "pixel", by name."""
    return {kind.verb: described(kind) for kind in KINDS[act]}


def described(kind: type[Arguments]) -> Tool:
    """The tool that takes such arguments."""
    return Tool(kind.verb, str(kind.__doc__), _plain(kind.model_json_schema()), kind)


def _plain(schema: Any) -> Any:
    """A schema without what only says how it was made: titles, and `anyOf` with null of an optional one."""
    if isinstance(schema, list):
        return [_plain(item) for item in schema]
    if not isinstance(schema, dict):
        return schema
    some = [s for s in schema.get("anyOf", ()) if s != {"type": "null"}]
    if len(some) == 1:
        schema = {**some[0], **{k: v for k, v in schema.items() if k not in ("anyOf", "default")}}
    return {
        k: _plain(v) for k, v in schema.items() if k != "title" and not (k == "description" and "properties" in schema)
    }


def action(act: str, name: str, arguments: Any) -> dict[str, Any]:
    """The action that a call comes to. arguments: a mapping, or JSON of one.

    Raises ToolError: no such tool, no JSON, or arguments that don't fit; it says what was expected.
    """
    known = tools(act)
    if name not in known:
        raise ToolError(f"there is no tool {str(name)[:60]!r}. {did_you_mean(str(name), known)}")
    return understood(known[name], arguments).action()


def understood(tool: Tool, arguments: Any) -> Arguments:
    """The arguments of a call, checked. arguments: a mapping, or JSON of one.

    Raises ToolError: no JSON, or arguments that don't fit; it says what was expected.
    """
    name = tool.name
    if isinstance(arguments, str | bytes):
        try:
            arguments = json.loads(arguments or "{}")
        except (ValueError, RecursionError) as error:
            raise ToolError(f"{name}: the arguments aren't JSON: {error}") from None
    if arguments is None:
        arguments = {}
    if not isinstance(arguments, Mapping):
        raise ToolError(f"{name}: expected an object with {_names(tool)}; got {_short(arguments)}")
    try:
        return tool.arguments.model_validate(dict(arguments))
    except ValidationError as error:
        wrong = [_mistake(each) for each in error.errors(include_url=False)[:SHOWN]]
        raise ToolError(f"{name}: {'; '.join(wrong)}. It takes {_names(tool)}") from None


def _mistake(error: Any) -> str:
    where = ".".join(str(part) for part in error["loc"] if isinstance(part, int) or part.isidentifier())
    kind = error["type"]
    if kind == "missing":
        return f"`{where}` is missing"
    if kind == "extra_forbidden":
        return f"`{where}` isn't an argument"
    said = "has letters that can't be typed or said" if kind == "string_pattern_mismatch" else error["msg"].lower()
    return f"`{where}`: {said}, got {_short(error['input'])}"


def _short(value: Any) -> str:
    text = repr(value)
    return text if len(text) <= 60 else text[:57] + "..."


def _names(tool: Tool) -> str:
    fields = tool.arguments.model_fields
    return ", ".join(f"`{n}`" + ("" if f.is_required() else " (optional)") for n, f in fields.items()) or "nothing"
