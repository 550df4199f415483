"""The base of every model of a file, the types of its fields, and what is said when a value doesn't fit."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from math import isfinite
from typing import Annotated, Any

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    ModelWrapValidatorHandler,
    PlainSerializer,
    PlainValidator,
    ValidationError,
    model_validator,
)
from pydantic_core import ErrorDetails, InitErrorDetails, PydanticCustomError

from switch_bench.spec import units
from switch_bench.spec.errors import did_you_mean

Loc = tuple[int | str, ...]

HEADINGS = {"east": 0.0, "north": 90.0, "west": 180.0, "south": 270.0}  # deg, counter-clockwise from east

ID = re.compile(r"[a-z][a-z0-9_]*")
SIGNAL = re.compile(r"[a-z][a-z0-9_]*(\.[A-Za-z0-9_*#+-]+)+")
LOCAL = re.compile(r"[A-Za-z0-9_*#+-]+")
PATTERN = re.compile(r"[A-Za-z0-9_.*?#+\-\[\]!]+")


def refuse(message: str, hint: str = "") -> PydanticCustomError:
    """The error to raise in a validator: its message, and a hint, reach the user as they are."""
    return PydanticCustomError("spec", "{message}", {"message": message, "hint": hint})


def refusals(title: str, found: Iterable[tuple[Loc, str, str]]) -> ValidationError:
    """Several (loc, message, hint) in one error."""
    lines = [InitErrorDetails(type=refuse(message, hint), loc=loc, input=None) for loc, message, hint in found]
    return ValidationError.from_exception_data(title, lines)


def told(error: ValidationError, model: type[BaseModel] | None = None) -> list[tuple[Loc, str, str]]:
    """The errors as (loc, message, hint) in words fit for the writer of the file."""
    return [(e["loc"], *_words(e, model)) for e in error.errors(include_url=False)]


class Spec(BaseModel):
    """A part of a file: frozen, no unknown keys, every fault told in words with the key that was likely meant.

    Fields marked `exclude` aren't keys of the file: the loader sets them.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    @model_validator(mode="wrap")
    @classmethod
    def _tell(cls, data: Any, handler: ModelWrapValidatorHandler[Any]) -> Any:
        given = data if isinstance(data, dict) else {}
        own = [name for name, field in cls.model_fields.items() if field.exclude and name in given]
        found: list[tuple[Loc, str, str]] = [((name,), "unknown key", "") for name in own]
        if own:
            data = {key: value for key, value in data.items() if key not in own}
        try:
            result = handler(data)
        except ValidationError as error:
            found += told(error, cls)
        else:
            if not found:
                return result
        raise refusals(cls.__name__, found)


def keys(model: type[BaseModel]) -> dict[str, str]:
    """The keys a model's mapping may have in a file, each with its description."""
    fields = model.model_fields.items()
    return {field.alias or name: field.description or "" for name, field in fields if not field.exclude}


def short(value: object) -> str:
    """A value as a message quotes it."""
    if isinstance(value, dict | list | tuple):
        return "a mapping" if isinstance(value, dict) else "a list"
    if value is None:
        return "nothing"
    text = repr(value)
    return text if len(text) <= 60 else text[:57] + "…"


_WANTED = {
    "string_type": "text",
    "int_type": "a whole number",
    "bool_type": "true or false",
    "float_type": "a number",
    "tuple_type": "a list",
    "list_type": "a list",
    "dict_type": "a mapping",
    "mapping_type": "a mapping",
    "model_type": "a mapping",
}
_BOUND = {"greater_than": "gt", "greater_than_equal": "ge", "less_than": "lt", "less_than_equal": "le"}
_BOUND_WORDS = {"gt": "more than", "ge": "at least", "lt": "less than", "le": "at most"}


def _words(error: ErrorDetails, model: type[BaseModel] | None) -> tuple[str, str]:
    """(message, hint) for one of pydantic's errors."""
    kind, ctx, got = error["type"], error.get("ctx", {}), error["input"]
    known = keys(model) if model else {}
    name = str(error["loc"][-1]) if error["loc"] else ""
    if kind == "spec":
        return ctx["message"], ctx["hint"]
    if kind == "missing":
        return "missing", f"Expected {known[name]}" if known.get(name) else ""
    if kind == "extra_forbidden":
        return "unknown key", did_you_mean(name, known, "known keys")
    if kind == "literal_error":
        options = re.findall(r"'([^']*)'", ctx["expected"])
        wanted = ", ".join(options) or ctx["expected"]
        return f"expected one of {wanted}; got {short(got)}", did_you_mean(got, options) if len(options) > 1 else ""
    if kind in _BOUND:
        bound = _BOUND[kind]
        return f"expected {_BOUND_WORDS[bound]} {ctx[bound]:g}, got {short(got)}", ""
    if kind == "too_short":
        return f"expected at least {ctx['min_length']}, got {ctx['actual_length']}", ""
    if kind in _WANTED:
        return f"expected {_WANTED[kind]}, got {short(got)}", ""
    return error["msg"], ""


def _id(value: object) -> str:
    if not isinstance(value, str) or not ID.fullmatch(value):
        hint = ""
        if isinstance(value, str) and (tidy := re.sub(r"\W+", "_", value.strip().lower())) and ID.fullmatch(tidy):
            hint = f"Did you mean {tidy!r}?"
        raise refuse(f"expected a name of small letters, digits and _, a letter first; got {short(value)}", hint)
    return value


def _signal(value: object) -> str:
    if not isinstance(value, str) or not SIGNAL.fullmatch(value):
        raise refuse(f"expected a signal as `<owner>.<name>`, such as kettle.lever, got {short(value)}")
    return value


def _local(value: object) -> str:
    if not isinstance(value, str) or not LOCAL.fullmatch(value):
        raise refuse(f"expected the name of a control or signal within its device, got {short(value)}")
    return value


def _pattern(value: object) -> str:
    if not isinstance(value, str) or not PATTERN.fullmatch(value):
        raise refuse(f"expected a name or pattern such as kettle.* or *.lamp_1, got {short(value)}")
    return value


def _text(value: object) -> str:
    if not isinstance(value, str):
        hint = "Put quotes round it" if isinstance(value, int | float) else ""
        raise refuse(f"expected text, got {short(value)}", hint)
    if not value.strip():
        raise refuse("expected text, got nothing")
    return " ".join(value.split())


def _formula(value: object) -> str:
    if not isinstance(value, str) or not value.strip():
        raise refuse(f"expected a formula as text, got {short(value or None)}")
    return value.strip()


def _value(value: object) -> bool | int | float | str:
    if not isinstance(value, bool | int | float | str):
        raise refuse(f"expected true, false, a number or text, got {short(value)}")
    if isinstance(value, float) and not isfinite(value):
        raise refuse(f"expected a finite number, got {value}")
    return value


def _flag(value: object) -> bool:
    if not isinstance(value, bool):
        raise refuse(f"expected true or false, got {short(value)}")
    return value


def _whole(value: object) -> int:
    if isinstance(value, bool) or not isinstance(value, int):
        raise refuse(f"expected a whole number, got {short(value)}")
    return value


def _quantity(dimension: units.Dimension) -> PlainValidator:
    def read(value: object) -> float:
        try:
            return units.parse(value, dimension)
        except units.UnitError as error:
            raise refuse(str(error)) from None

    return PlainValidator(read)


def _duration(value: object) -> int:
    try:
        us = units.microseconds(value)
    except units.UnitError as error:
        raise refuse(str(error)) from None
    if us < 0:
        raise refuse(f"expected a time of 0 or more, got {short(value)}")
    return us


def _facing(value: object) -> object:
    if isinstance(value, str) and value.isalpha():
        if value not in HEADINGS:
            raise refuse(f"expected an angle or one of {', '.join(HEADINGS)}; got {short(value)}")
        return HEADINGS[value]
    return value


def within(low: float | None = None, high: float | None = None, *, over: float | None = None) -> AfterValidator:
    """A bound on a number: at least `low`, at most `high`, more than `over`."""

    def hold(value: float) -> float:
        if over is not None and not value > over:
            raise refuse(f"expected more than {over:g}, got {value:g}")
        if low is not None and value < low:
            raise refuse(f"expected at least {low:g}, got {value:g}")
        if high is not None and value > high:
            raise refuse(f"expected at most {high:g}, got {value:g}")
        return value

    return AfterValidator(hold)


def _items(count: int, form: str) -> BeforeValidator:
    def hold(value: object) -> object:
        if not isinstance(value, list | tuple) or len(value) != count:
            raise refuse(f"expected {form}, got {short(value)}{f' of {len(value)}' if isinstance(value, list) else ''}")
        return value

    return BeforeValidator(hold)


def _ordered(pair: tuple[Any, Any]) -> tuple[Any, Any]:
    if pair[0] > pair[1]:
        raise refuse(f"expected [lowest, highest], got [{pair[0]:g}, {pair[1]:g}]")
    return pair


def listed(value: object) -> object:
    """One name as a list of one."""
    return [value] if isinstance(value, str) else value


def distinct(what: str) -> AfterValidator:
    """A list without repeats."""

    def hold(value: tuple[Any, ...]) -> tuple[Any, ...]:
        twice = next((v for i, v in enumerate(value) if v in value[:i]), None)
        if twice is not None:
            raise refuse(f"{what} {short(twice)} is there twice")
        return value

    return AfterValidator(hold)


Id = Annotated[str, PlainValidator(_id)]
SignalName = Annotated[str, PlainValidator(_signal)]
Pattern = Annotated[str, PlainValidator(_pattern)]
Text = Annotated[str, PlainValidator(_text)]
Formula = Annotated[str, PlainValidator(_formula)]
Value = Annotated[bool | int | float | str, PlainValidator(_value)]
Flag = Annotated[bool, PlainValidator(_flag)]
Whole = Annotated[int, PlainValidator(_whole)]

Local = Annotated[str, PlainValidator(_local)]

Duration = Annotated[int, PlainValidator(_duration), PlainSerializer(units.duration)]  # µs
Span = Annotated[Duration, within(over=0)]  # µs, more than none
Metres = Annotated[float, _quantity(units.LENGTH)]
Extent = Annotated[Metres, within(over=0)]  # m, more than none
Height = Annotated[Metres, within(0)]  # m, above the floor
Degrees = Annotated[float, _quantity(units.ANGLE)]
Facing = Annotated[Degrees, BeforeValidator(_facing)]
FieldOfView = Annotated[Degrees, within(5, 150)]
Celsius = Annotated[float, _quantity(units.TEMPERATURE), within(-100, 1500)]
Lux = Annotated[float, _quantity(units.ILLUMINANCE), within(0)]
JoulesPerKelvin = Annotated[float, _quantity(units.CAPACITY), within(over=0)]
WattsPerKelvin = Annotated[float, _quantity(units.CONDUCTANCE), within(0)]
Share = Annotated[float, _quantity(units.SHARE), within(0, 1)]

Point = Annotated[tuple[Metres, Metres], _items(2, "[x, y] in metres")]
Place = Annotated[tuple[Metres, Metres], _items(2, "[along, depth] in metres")]
Size = Annotated[tuple[Extent, Extent], _items(2, "[x, y] in metres")]
Point3 = Annotated[tuple[Metres, Metres, Metres], _items(3, "[x, y, z] in metres")]
LuxRange = Annotated[tuple[Lux, Lux], _items(2, "[lowest, highest] in lx"), AfterValidator(_ordered)]
LengthRange = Annotated[tuple[Metres, Metres], _items(2, "[lowest, highest] in metres"), AfterValidator(_ordered)]
Count = Annotated[Whole, within(0)]
CountRange = Annotated[tuple[Count, Count], _items(2, "[fewest, most]"), AfterValidator(_ordered)]

Texts = Annotated[tuple[Text, ...], BeforeValidator(listed)]
Ids = Annotated[tuple[Id, ...], BeforeValidator(listed), distinct("name")]
SignalNames = Annotated[tuple[SignalName, ...], BeforeValidator(listed), distinct("signal")]
Formulas = Annotated[tuple[Formula, ...], BeforeValidator(listed), distinct("formula")]
Patterns = Annotated[tuple[Pattern, ...], BeforeValidator(listed), distinct("pattern")]


def choose(what: str, models: dict[str, type[Spec]]) -> Callable[[Any], Any]:
    """A reader of a mapping whose one telling key (the keys of `models`) says which model it is."""

    def read(value: Any) -> Any:
        if isinstance(value, tuple(models.values())):
            return value
        if not isinstance(value, dict):
            raise refuse(f"expected {what} as a mapping with one of the keys {', '.join(models)}; got {short(value)}")
        found = [key for key in models if key in value]
        if len(found) > 1:
            raise refuse(f"expected {what} with one of the keys {', '.join(models)}; got {' and '.join(found)}")
        if not found:
            hint = next((h for k in value if (h := did_you_mean(k, models)).startswith("Did")), "")
            raise refuse(f"expected {what} with one of the keys {', '.join(models)}", hint)
        return models[found[0]].model_validate(value)

    return read
