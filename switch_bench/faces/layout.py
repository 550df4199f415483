"""Where everything printed on a panel goes: marks where they are told, scales and labels where there is room."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from switch_bench.controls.base import Control
from switch_bench.devices.base import Icon, Lamp, Panel, Scale, Text
from switch_bench.faces.footprint import footprint
from switch_bench.faces.place import Box, slide
from switch_bench.faces.print import ICON, PanelError, Print, box_of, unknown
from switch_bench.faces.scale import DrawnScale, lay_scale
from switch_bench.screens.lettering import fit, wrap

Side = Literal["above", "below", "left", "right"]

LABEL_CAP, LAMP_CAP = 0.006, 0.005  # m, where there is room
_SMALLEST = 0.0022  # m
_GAP = {"control": 0.0028, "lamp": 0.0016}  # m between a thing and its label
_EDGE = 0.0012  # m that print keeps from the panel's edge
_LABEL_ICON = 2.0  # a label that is an icon: its side by the cap height
_OUT: Mapping[Side, tuple[float, float]] = {
    "above": (0.0, 1.0),
    "below": (0.0, -1.0),
    "left": (-1.0, 0.0),
    "right": (1.0, 0.0),
}
_OPPOSITE: Mapping[Side, Side] = {"above": "below", "below": "above", "left": "right", "right": "left"}


@dataclass(frozen=True)
class FaceVariation:
    """How a panel's face differs from its declaration; two faces of one model.

    hue: turn of coloured grounds and marks round the colour circle [degrees]. labels: other words for the labels of
    controls (by name) and lamps (by signal); may be wrong, that is the point. missing: labels that have come off.
    words: translations of any printed text, legend or label. wear: 0 new .. 1 faded, scuffed and greasy; seed: of the
    wear.
    """

    hue: float = 0.0
    labels: Mapping[str, str] = field(default_factory=dict)
    missing: tuple[str, ...] = ()
    words: Mapping[str, str] = field(default_factory=dict)
    wear: float = 0.0
    seed: int = 0


PLAIN = FaceVariation()


@dataclass(frozen=True)
class Layout:
    """A panel's prints and ticks, in its frame [m]; `footprints`: what its controls take, by name."""

    prints: tuple[Print, ...]
    scales: tuple[DrawnScale, ...]
    footprints: Mapping[str, Box]


def lay_out(panel: Panel, variation: FaceVariation = PLAIN) -> Layout:
    """Place everything printed on the panel.

    Raises:
        PanelError: a scale for no control, variations for what isn't there, no room for a label.
    """
    _check_names(panel, variation)
    within = Box.about(0.0, 0.0, *panel.size).grown(-min(_EDGE, min(panel.size) / 8))
    footprints = {control.name: footprint(control) for control in panel.controls}
    lamps = [Box.about(*lamp.at, lamp.size, lamp.size) for lamp in panel.lamps]
    displays = [Box.about(*display.at, *display.size).grown(0.0015) for display in panel.displays]
    taken = [*footprints.values(), *lamps, *displays]
    prints = [_mark(mark, variation, within) for mark in panel.marks if not isinstance(mark, Scale)]
    taken += [p.box for p in prints]
    scales = []
    controls = {control.name: control for control in panel.controls}
    for mark in panel.marks:
        if isinstance(mark, Scale):
            if mark.control not in controls:
                raise unknown(f"panel {panel.name!r}: there is a scale for", mark.control, controls)
            others = [box for box in taken if box is not footprints[mark.control]]
            drawn = lay_scale(mark, controls[mark.control], others, within, variation.words)
            scales.append(drawn)
            taken += [figure.box for figure in drawn.figures]
    for label in _labels(panel, variation, footprints, lamps, within):
        placed = _place(panel, label, taken, within)
        prints.append(placed)
        taken.append(placed.box.grown(0.0004))
    return Layout(tuple(prints), tuple(scales), footprints)


def _check_names(panel: Panel, variation: FaceVariation) -> None:
    known = [control.name for control in panel.controls] + [lamp.signal for lamp in panel.lamps]
    for name in (*variation.labels, *variation.missing):
        if name not in known:
            raise unknown(f"panel {panel.name!r}: the variation speaks of", name, known)


def _mark(mark: Text | Icon, variation: FaceVariation, within: Box) -> Print:
    if isinstance(mark, Icon):
        return Print("icon", "", ICON + mark.name, mark.at, mark.size, colour=mark.colour)
    words = variation.words.get(mark.text, mark.text)
    room = 2 * min(mark.at[0] - within.x0, within.x1 - mark.at[0])
    cap = fit(words, max(room, mark.height), within.height, mark.height)
    return Print("text", "", words, mark.at, cap, mark.bold, mark.colour)


@dataclass(frozen=True)
class _Label:
    """A label that wants a place."""

    what: Literal["label", "lamp"]
    owner: str
    words: str
    box: Box  # of what it labels
    side: Side
    cap: float
    room: float  # the width it may have above or below [m]


def _labels(
    panel: Panel, variation: FaceVariation, footprints: Mapping[str, Box], lamps: Sequence[Box], within: Box
) -> list[_Label]:
    wanted: list[_Label] = []
    boxes = [*footprints.values(), *lamps]
    things: list[tuple[Literal["label", "lamp"], Control | Lamp, str, Box]] = [
        *(("label", control, control.name, footprints[control.name]) for control in panel.controls),
        *(("lamp", lamp, lamp.signal, box) for lamp, box in zip(panel.lamps, lamps, strict=True)),
    ]
    for what, thing, owner, box in things:
        words = variation.labels.get(owner, thing.label)
        words = variation.words.get(words, words)
        if not words or owner in variation.missing:
            continue
        room = _room(box, boxes, within) if thing.label_side in ("above", "below") else within.width
        cap = LABEL_CAP if what == "label" else LAMP_CAP
        wanted.append(_Label(what, owner, words, box, thing.label_side, cap, room))
    return _evened(wanted)


def _room(box: Box, boxes: Sequence[Box], within: Box) -> float:
    """How wide a label above or below may be before it comes nearer to a neighbour than to its own."""
    x = box.centre[0]
    room = 2 * min(x - within.x0, within.x1 - x)
    for other in boxes:
        if other is not box and other.y0 < box.y1 and box.y0 < other.y1:
            room = min(room, 0.95 * abs(other.centre[0] - x))
    return max(room, box.width * 0.9)


def _evened(labels: list[_Label]) -> list[_Label]:
    """Labels of one kind on one side get one size: what the longest allows, but not under two thirds of the largest."""
    even = []
    for label in labels:
        group = [_fitting(other) for other in labels if (other.what, other.side) == (label.what, label.side)]
        cap = max(min(group), max(group) * 0.66, _SMALLEST)
        even.append(_Label(label.what, label.owner, label.words, label.box, label.side, cap, label.room))
    return even


def _fitting(label: _Label) -> float:
    if label.words.startswith(ICON):
        return label.cap
    one = fit(label.words, label.room, 1.0, label.cap)
    two = fit(_broken(label.words), label.room, 1.0, label.cap)
    return max(one, two)


def _broken(words: str) -> str:
    """In two lines of about one length, if there is a space to break at."""
    spaces = [i for i, c in enumerate(words) if c == " "]
    if not spaces or "\n" in words:
        return words
    at = min(spaces, key=lambda i: abs(i - len(words) / 2))
    return f"{words[:at]}\n{words[at + 1 :]}"


def _place(panel: Panel, label: _Label, taken: Sequence[Box], within: Box) -> Print:
    sides = dict.fromkeys((label.side, _OPPOSITE[label.side], *_OUT))
    caps = [label.cap]
    while caps[-1] > _SMALLEST:
        caps.append(max(caps[-1] * 0.88, _SMALLEST))
    gap = _GAP["control" if label.what == "label" else "lamp"]
    for side in sides:
        for cap in caps:
            for words in dict.fromkeys((label.words, wrap(label.words, label.room, cap), _broken(label.words))):
                size = cap * _LABEL_ICON if words.startswith(ICON) else cap
                start = _beside(label.box, side, box_of(words, (0.0, 0.0), size), gap)
                if side in ("above", "below") and start.width > label.room * 1.02 and cap > caps[-1]:
                    continue
                start = _into(start, side, within)
                found = slide(start, _OUT[side], taken, within, 0.0005, 3.0 * cap if side == label.side else cap)
                if found is not None:
                    at = found.x0 - start.x0, found.y0 - start.y0
                    middle = _middle(words, start, size)
                    return Print(label.what, label.owner, words, (middle[0] + at[0], middle[1] + at[1]), size)
    raise PanelError(f"panel {panel.name!r}: there is no room for the label {label.words!r} of {label.owner!r}")


def _beside(box: Box, side: Side, size: Box, gap: float) -> Box:
    """A box as large as `size`, next to `box`."""
    x, y = box.centre
    dx, dy = _OUT[side]
    at_x = x + dx * (box.width / 2 + gap + size.width / 2)
    at_y = y + dy * (box.height / 2 + gap + size.height / 2)
    return Box.about(at_x, at_y, size.width, size.height)


def _into(box: Box, side: Side, within: Box) -> Box:
    """Shifted across its side's direction so that it lies inside, if it can."""
    dx = dy = 0.0
    if side in ("above", "below"):
        dx = max(within.x0 - box.x0, 0.0) or min(within.x1 - box.x1, 0.0)
    else:
        dy = max(within.y0 - box.y0, 0.0) or min(within.y1 - box.y1, 0.0)
    return box.moved(dx, dy)


def _middle(words: str, box: Box, cap: float) -> tuple[float, float]:
    """Where the print's middle is when it covers `box` (a text's box reaches below its base line)."""
    reference = box_of(words, (0.0, 0.0), cap)
    return box.x0 - reference.x0, box.y0 - reference.y0
