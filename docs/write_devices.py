"""Writes devices.md from the catalogue: `make docs`. A test holds that the page is current."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from importlib import import_module
from pathlib import Path
from typing import Any

from switch_bench.controls.base import Control
from switch_bench.controls.keypad import Keypad
from switch_bench.controls.knob import Knob
from switch_bench.controls.slider import Slider
from switch_bench.controls.touchscreen import Touchscreen
from switch_bench.devices.base import Device, Kind
from switch_bench.devices.catalogue import kinds

PAGE = Path(__file__).parent / "devices.md"

HEAD = """# Devices

A *kind* is one file in `switch_bench/devices/`; a *model* is a kind with a face and figures of its own, a row of the
table in that file. A scene names both ([scenes.md](scenes.md#devices)). This page is written by `make docs` from the
catalogue, with every option at its default; the text under each heading is the docstring of the kind's file.

- **Controls** are what a hand can move; `<device>.<control>` is the signal that a control's readout makes.
  [controls.md](controls.md) says how each mechanism works.
- **Inputs** come by wires of the scene, **outputs** and **sounds** are what the device shows and does, and can be wired
  on; **quantities** run continuously. All of these can stand in a task's formulas as `<device>.<name>`.
- **Faults** are injected by a task's set-up or by `reset(options={"faults": [(device, fault)]})`. Besides those listed,
  every control can have the fault `missed_press:<control>`: half of its changes, drawn by the seed, don't reach the
  device.

"""


def main() -> None:
    """Write the page."""
    PAGE.write_text(page(), encoding="utf-8")


def page() -> str:
    """The whole page."""
    found = kinds()
    count = sum(len(kind.models) for kind in found.values())
    rows = [
        (f"[{name}](#{name})", kind.title, kind.mount.replace("_", " "), ", ".join(kind.models))
        for name, kind in found.items()
    ]
    table_of_kinds = table(("kind", "what it is", "mount", "models"), rows)
    sections = "\n".join(section(name, kind) for name, kind in found.items())
    return f"{HEAD}{len(found)} kinds, {count} models.\n\n{table_of_kinds}\n{sections}"


def section(name: str, kind: Kind) -> str:
    """What is to be said of one kind."""
    models = {model: kind.declare(row, kind.options) for model, row in kind.models.items()}
    about = (import_module(f"switch_bench.devices.{name}").__doc__ or "").replace("``", "`").strip()
    parts = [f"## {name}\n", f"{about}\n", *_placing(kind, models)]
    controls = [(*row, of) for row, of in shared({m: list(_controls(d)) for m, d in models.items()})]
    if controls:
        parts.append(table(("control", "mechanism", "values", "models"), controls))
    signals = [(*row, of) for row, of in shared({m: list(_signals(d)) for m, d in models.items()})]
    parts.append(table(("signal", "kind", "values", "models"), signals))
    if kind.options:
        parts.append(table(("option", "default"), ((f"`{o}`", _plain(v)) for o, v in kind.options.items())))
    faults = [(*row, of) for row, of in shared({m: list(_faults(d)) for m, d in models.items()})]
    if faults:
        parts.append(table(("fault", "means", "models"), faults))
    return "\n".join(parts)


def _placing(kind: Kind, models: Mapping[str, Device]) -> Iterator[str]:
    words = [f"Mount: {kind.mount.replace('_', ' ')}."]
    words += ["It takes mains."] if all(d.mains for d in models.values()) else []
    words += ["Its body can be lifted."] if all(d.free for d in models.values()) else []
    inside = {place for device in models.values() for place in device.interior}
    words += [f"Things can be put in: {', '.join(sorted(inside))}."] if inside else []
    yield " ".join(words) + f" Split: {kind.family}.\n"


def _controls(device: Device) -> Iterator[tuple[str, str, str]]:
    """(signal, mechanism, values) of each control, in the order of the panels."""
    for panel in device.panels:
        for control in panel.controls:
            mechanism = type(control).__name__
            if isinstance(control, Keypad):
                keys = " ".join(f"`{key}`" for row in control.keys for key in row if key)
                yield f"`{control.name}_<key>`", mechanism, f"true, false; keys {keys}"
            elif isinstance(control, Touchscreen):
                widgets = [f"`{w}`" for w in control.values()[0][1] if w]
                yield f"`{control.name}`", mechanism, f"the widget touched: {', '.join(widgets)}"
            else:
                for signal, values in control.values():
                    yield f"`{signal}`", mechanism, _values(control, signal, values)


def _values(control: Control, signal: str, values: Sequence[Any]) -> str:
    if isinstance(control, Knob | Slider) and signal == control.name and not control.course().detented:
        low, high = control.scale
        return f"{low:g} to {high:g} by {control.step:g}"
    if isinstance(values[0], bool):
        return "true, false"
    return ", ".join(f"`{value}`" for value in sorted(values, key=_place(control)))


def _place(control: Control) -> Any:
    """Where a value stands on its control, for sorting."""
    course = getattr(control, "course", None)
    order = list(course().values) if course else []
    return lambda value: order.index(value) if value in order else 0


def _signals(device: Device) -> Iterator[tuple[str, str, str]]:
    """(signal, kind, values or unit) of inputs, outputs, sounds and quantities."""
    for wanted in ("input", "output", "sound"):
        for signal in device.signals:
            if signal.kind == wanted:
                values = ", ".join(f"`{v}`" if v != "" else "nothing" for v in signal.values)
                yield f"`{signal.name}`", wanted, values or _typed(signal.initial, signal.unit)
    for thing in (*device.flows, *device.nodes):
        yield f"`{thing.name}`", "quantity", getattr(thing, "unit", "degC") or "a number"


def _typed(initial: Any, unit: str) -> str:
    if isinstance(initial, bool):
        return "true, false"
    if isinstance(initial, str):
        return "a text"
    return unit or "a number"


def _faults(device: Device) -> Iterator[tuple[str, str]]:
    for name, fault in device.faults.items():
        yield f"`{name}`", fault.means


def shared(rows: Mapping[str, Iterable[tuple[str, ...]]]) -> list[tuple[tuple[str, ...], str]]:
    """Rows that several models have, once, with the models ("all" for all), and numbered rows drawn together."""
    of: dict[tuple[str, ...], list[str]] = {}
    for model, found in rows.items():
        for row in numbered(list(found)):
            of.setdefault(row, []).append(model)
    return [(row, "all" if len(names) == len(rows) else ", ".join(names)) for row, names in of.items()]


def numbered(rows: Sequence[tuple[str, ...]]) -> list[tuple[str, ...]]:
    """`lamp_1`, `lamp_2`, … as one row `lamp_<n>`, n 1 to the last, where the rows differ in that number alone."""
    runs: dict[tuple[str, ...], list[int]] = {}
    for row in rows:
        digits = re.search(r"_(\d+)(?=[_`])", row[0])
        n = digits[1] if digits else ""
        key = tuple(re.sub(rf"(?<![\w.]){n}(?![\w.])|(?<=_){n}(?=[_`])", "<n>", cell) if n else cell for cell in row)
        runs.setdefault(key, []).append(int(n or 0))
    out = []
    for key, numbers in runs.items():
        if numbers == [0]:
            out.append(key)
        elif len(numbers) == 1:
            out.append(tuple(cell.replace("<n>", str(numbers[0])) for cell in key))
        else:
            rest = (cell.replace("<n>", "*n*") for cell in key[1:])
            out.append((f"{key[0]}, *n* {numbers[0]} to {numbers[-1]}", *rest))
    return out


def _plain(value: Any) -> str:
    if isinstance(value, tuple | list):
        return f"[{', '.join(_plain(v) for v in value)}]"
    if isinstance(value, bool):
        return str(value).lower()
    return f"{value:g}" if isinstance(value, float) else str(value) or "none"


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A Markdown table."""
    lines = [f"| {' | '.join(head)} |", f"|{'---|' * len(head)}"]
    lines += [f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in row)} |" for row in rows]
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    main()
