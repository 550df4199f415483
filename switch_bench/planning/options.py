"""What can be done to the controls of a room: every press, turn, slide, opening and touch, as steps of a plan."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from typing import Any

from switch_bench.controls.base import Readout
from switch_bench.controls.keypad import Keypad
from switch_bench.controls.touchscreen import Touchscreen
from switch_bench.physics.housing import Mounted
from switch_bench.planning.imagine import Act, Imagined
from switch_bench.spec.steps import read_step
from switch_bench.world.screens import widgets

FEW = 8  # of the values of a fine knob: so many over its course are tried, and those near a number asked for
TURNS = ("turn", "push_turn", "slide")


def options(world: Imagined, control: int, numbers: Sequence[float]) -> Iterator[Act]:
    """What can be done to a control now. numbers: those the goal speaks of, in their own units."""
    item = world.handles.mounted[control]
    if isinstance(item.control, Touchscreen):
        index = next(i for i, s in enumerate(world.handles.screens) if s.control == control)
        for widget in widgets(world, item):
            step = read_step({"touch": item.name, "widget": widget.name})
            yield Act(step, control, screen=(index, widget.name), hold=0.1, key=True)
    elif isinstance(item.control, Keypad):
        for name in item.built.grips:
            signal = f"{item.name}_{name.removeprefix('key ')}"
            yield Act(read_step({"press": signal}), control, ((signal, True),), hold=0.1, key=True)
    else:
        yield from _mechanism(world, item, control, numbers)


def _mechanism(world: Imagined, item: Mounted, control: int, numbers: Sequence[float]) -> Iterator[Act]:
    now = {r.name: r.states[world.states[world.handles.by_signal[f"{item.device}.{r.name}"]]].value
           for r in item.built.readouts}  # fmt: skip
    presses = {value for grip in item.built.grips.values() if grip.verb == "press" for value in grip.aim}
    for grip in item.built.grips.values():
        verb = {"push_turn": "turn", "pull": "open"}.get(grip.verb, grip.verb)
        for value in _thinned(list(grip.aim), numbers):
            name = next(r.name for r in item.built.readouts if _has(r, value))
            signal = f"{item.device}.{name}"
            if now[name] == value or (verb == "slide" and presses):
                continue
            if verb == "open" and value != "open":  # it is pushed shut, not led by its handle
                continue
            yield _act(item, control, verb, signal, value, pushed=grip.verb == "push_turn")


def _act(item: Mounted, control: int, verb: str, signal: str, value: Any, *, pushed: bool) -> Act:
    if verb == "press" and value == "closed":
        verb = "close"
    step: dict[str, Any] = {verb: item.name}
    lasting = any(aim is False for grip in item.built.grips.values() for aim in grip.aim)
    momentary = verb == "press" and value is True and not lasting
    if verb not in ("open", "close") and not momentary:
        step["to"] = value
    strokes: tuple[tuple[str, object], ...] = ((signal, value),)
    if pushed:
        strokes = ((f"{signal}_push", True), *strokes)
    return Act(read_step(step), control, strokes)


def held(act: Act, seconds: float) -> Act | None:
    """The same press or push-in turn, held for so long; None for what can't be held, or needn't be."""
    step = act.step
    if act.key or step.verb not in ("press", "turn"):
        return None
    value = act.strokes[-1][1]
    if step.verb == "turn" and len(act.strokes) == 1:
        return None
    made: dict[str, Any] = {"hold": getattr(step, "control"), "for": f"{round(seconds * 1000)} ms"}  # noqa: B009
    to = getattr(step, "to", None)
    if to is not None:
        if step.verb == "press":
            return None
        made["to"] = to
    elif value is not True:
        return None
    return Act(read_step(made), act.control, act.strokes, hold=seconds)


def _has(readout: Readout, value: Any) -> bool:
    """Whether a readout can read a value; true isn't the number 1."""
    return any(state.value == value and type(state.value) is type(value) for state in readout.states)


def _thinned(values: list[Any], numbers: Sequence[float]) -> list[Any]:
    """All values, or of many numbers a few over the whole course and those next to a number that the goal names."""
    if len(values) <= FEW + 4 or not all(isinstance(v, float) for v in values):
        return values
    spread = {values[round(k * (len(values) - 1) / (FEW - 1))] for k in range(FEW)}
    low, high = min(values), max(values)
    near = [n for n in numbers if low <= n <= high]
    spread |= {v for n in near for v in sorted(values, key=lambda v: abs(v - n))[:3]}
    return [v for v in values if v in spread]


def means(item: Mounted, signals: Collection[str]) -> bool:
    """Whether a control is one of those whose readouts, or screen, have these signals."""
    return item.name in signals or any(f"{item.device}.{r.name}" in signals for r in item.built.readouts)
