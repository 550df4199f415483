"""Elements: what the head camera's image shows, in words, for models without eyes. A declared easier track.

Only what can be made out in the image is told, and only as it looks: what is printed, how a control stands, which lamps
are lit. Things are called by what they look like, never by their names in the scene, and come in reading order, so that
nothing says which switch belongs to which lamp.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from switch_bench.controls.base import Control
from switch_bench.controls.door import Door
from switch_bench.controls.keypad import Keypad
from switch_bench.controls.rocker import Rocker
from switch_bench.controls.touchscreen import Touchscreen
from switch_bench.devices.catalogue import kind
from switch_bench.envs.marks import BAND, Mark
from switch_bench.envs.scales import said, scale_of
from switch_bench.network.declare import Value
from switch_bench.physics.cameras import Face, project
from switch_bench.physics.housing import Mounted, Placed
from switch_bench.screens.shown import Item, show
from switch_bench.screens.text import text
from switch_bench.world.room import Room
from switch_bench.world.views import faces
from switch_bench.world.world import World

PLATES = {
    "ceiling_light": "switch plate",
    "wall_switch": "switch plate",
    "two_way_light": "switch plate",
    "dimmer_light": "dimmer plate",
    "stair_light": "push-button plate",
    "smart_bulb": "lamp",
    "radio_remote": "remote",
}  # what kinds that do something elsewhere look like
WORDS = {"PushButton": "button", "PushTurnKnob": "push-and-turn knob", "Touchscreen": "screen"}
OTHER_SIDE = {"top": "bottom", "bottom": "top", "left": "right", "right": "left"}
LAMP = "lamp"
NEAR = 1.6  # m: seen from above, up to which one says that a lamp hangs by something
PIECES = ("sink", "table", "sofa", "bed", "desk")  # furniture that a lamp is named by


@dataclass
class Thing:
    """One thing in view: a panel of a device, its body, a lamp, something loose."""

    name: str
    pixel: tuple[float, float]
    at: list[float] = field(default_factory=list)
    near: list[str] = field(default_factory=list)
    marks: list[dict[str, Any]] = field(default_factory=list)
    shows: list[str] = field(default_factory=list)

    def plain(self) -> dict[str, Any]:
        """As JSON data."""
        told: dict[str, Any] = {"thing": self.name}
        return told | {key: value for key in ("at", "near", "marks", "shows") if (value := getattr(self, key))}


def elements(world: World, seen: Sequence[str], marks: Sequence[Mark], camera: int, size: tuple[int, int]) -> str:
    """What the image shows, as JSON: {"rooms": [...], "things": [{"thing", "marks": [...], "shows": [...]}]}.

    seen: names of what can be made out in it (`Lookout.seen`). The first of the rooms is the one that one is in. A mark
    is {"mark", "what", "at": [x, y] (0..1)} with "printed" and "stands" where there is something printed on it, and
    where it can be seen how it stands. A lamp has "at" itself, and "near": what it hangs by (`near_lamps`).
    """
    found = _Finder(world, frozenset(seen), camera, size)
    for mark in marks:
        found.mark(mark)
    found.panels()
    found.bodies()
    zones = world.room.scenario.scene.zones
    things = [thing for thing in found.things.values() if thing.marks or thing.shows or not thing.pixel[0] < 0]
    things.sort(key=lambda thing: (int(thing.pixel[1] // (BAND * size[1])), thing.pixel[0], thing.name))
    rooms = [name.replace("_", " ") for name in seen if name in zones]
    return json.dumps({"rooms": rooms, "things": [thing.plain() for thing in things]}, ensure_ascii=False)


def near_lamps(room: Room) -> Mapping[str, tuple[str, ...]]:
    """By lamp: what a person would name it by, nearest first: furniture, appliances and doorways that it hangs by.

    A thing is said to be near that lamp of its room which is nearest to it, if that is within `NEAR`.
    """
    return room.once("near lamps", lambda: _near_lamps(room))


def _near_lamps(room: Room) -> dict[str, tuple[str, ...]]:
    placed = room.drawn.placed
    lamps = {}
    for face in faces(room):
        if "." in face.name and _is_lamp(placed[face.name.partition(".")[0]], face):
            spot = room.model.geom_pos[face.geom][:2]
            lamps[face.name] = (room.zone_at(float(spot[0]), float(spot[1])), spot)
    pieces = [piece for piece in room.drawn.pieces.values() if piece.kind in PIECES]
    things = [(piece.kind, piece.zone, np.array(piece.at)) for piece in pieces]
    things += [(kind(p.kind).title, p.zone, np.array(p.at[:2])) for p in placed.values() if p.kind not in PLATES]
    for doorway in room.scenario.scene.doorways:
        here, there = doorway.zones
        for zone, other in ((here, there), (there, here)):
            things.append((f"door to the {other.replace('_', ' ')}", zone, np.array(doorway.at)))
    found: dict[str, list[tuple[float, str]]] = {name: [] for name in lamps}
    for name, zone, at in things:
        gaps = [(float(np.hypot(*(at - spot))), lamp) for lamp, (there, spot) in lamps.items() if there == zone]
        if gaps and min(gaps)[0] <= NEAR:
            gap, lamp = min(gaps)
            found[lamp].append((gap, name))
    return {lamp: tuple(dict.fromkeys(name for _, name in sorted(near))) for lamp, near in found.items()}


def _is_lamp(placed: Placed, face: Face) -> bool:
    local = face.name.partition(".")[2]
    return face.geom >= 0 and local in {light.level for light in placed.device.luminaires}


class _Finder:
    """Gathers the things of one image."""

    def __init__(self, world: World, seen: frozenset[str], camera: int, size: tuple[int, int]):
        self.world, self.seen, self.size = world, seen, size
        room = world.room
        self.placed = room.drawn.placed
        self.labels = {entry.id: entry.labels for entry in room.scenario.scene.devices}
        all_faces = faces(room)
        places = np.array([face.at(world.data) for face in all_faces]).reshape(-1, 3)
        pixels = project(room.model, world.data, camera, size, places)[0]
        self.pixel = {face.name: (float(p[0]), float(p[1])) for face, p in zip(all_faces, pixels, strict=True)}
        self.things: dict[tuple[str, str], Thing] = {}

    def thing(self, key: tuple[str, str], name: str, pixel: tuple[float, float]) -> Thing:
        """The thing of this device and panel; all panels of an appliance are one thing."""
        if key[0] in self.placed and self.placed[key[0]].kind not in PLATES:
            key = (key[0], "")
        return self.things.setdefault(key, Thing(name, pixel))

    def value(self, device: str, local: str) -> Value:
        return self.world.value(f"{device}.{local}")

    # -------------------------------------------------------------- what is numbered

    def mark(self, mark: Mark) -> None:
        item = self.world.handles.mounted[mark.target.control]
        thing = self.thing((item.device, item.panel), self._called(item.device), mark.pixel)
        told: dict[str, Any] = {"mark": mark.number, "what": _what(item.control), "at": self._at(mark.pixel)}
        if isinstance(item.control, Touchscreen):
            words, stands = self._widget(item, mark.target.widget)
            told["what"] = "screen button"
        elif isinstance(item.control, Keypad):
            words = item.control.legends.get(mark.target.key, mark.target.key)
            words, stands = said(words), ""
        else:
            words, stands = self._printed(item), self._stands(item)
            legends = scale_of(self.placed[item.device].device, item) if stands else ()
            told |= {"scale": [said(legend) for legend, _ in legends]} if legends else {}
        told |= {"printed": words} if words else {}
        told |= {"stands": stands} if stands else {}
        thing.marks.append(told)

    def _at(self, pixel: tuple[float, float]) -> list[float]:
        return [round(p / (s - 1), 3) for p, s in zip(pixel, self.size, strict=True)]

    def _called(self, device: str) -> str:
        name = self.placed[device].kind
        return PLATES.get(name) or kind(name).title

    def _printed(self, item: Mounted) -> str:
        """What is printed beside a control and on it, as this room has it."""
        control = item.control
        given = self.labels.get(item.device, {}).get(control.name, control.label)
        return ", ".join(words for words in (said(given or ""), said(control.legend)) if words)

    def _stands(self, item: Mounted) -> str:
        """How a control stands, where that can be made out."""
        control, full = item.control, item.name
        words = []
        if full in self.seen:
            value = self.world.value(full)
            if isinstance(control, Rocker):
                words.append(f"pressed in at the {control.on if value else OTHER_SIDE[control.on]}")
            elif isinstance(control, Door) or not isinstance(value, bool):
                words.append(f"{value:.3g}" if isinstance(value, float) else str(value).replace("_", " "))
        if control.glow and f"{item.device}.{control.glow}" in self.seen:
            words.append("lit" if self.value(item.device, control.glow) else "dark")
        return ", ".join(words)

    def _widget(self, item: Mounted, name: str) -> tuple[str, str]:
        shown = next(i for i in self._screen(item) if i.widget.name == name)
        stands = ("on" if shown.level >= 0.5 else "off") if shown.widget.signal and not shown.words else ""
        if shown.widget.kind == "toggle":
            stands = "on" if shown.level >= 0.5 else "off"
        icon = shown.widget.icon.replace("_", " ")
        return shown.words or (f"a picture of {icon}" if icon else ""), stands if shown.enabled else "greyed out"

    def _screen(self, item: Mounted) -> tuple[Item, ...]:
        assert isinstance(item.control, Touchscreen)
        screen = item.control.screen
        names = {screen.page} | {
            n for page in screen.pages.values() for w in page.widgets for n in (w.signal, w.enabled) if n
        }
        values = {name: self.value(item.device, name) for name in names}
        return show(screen, values, self.world.now, self.world.room.scenario.scene.clock_us).items

    # -------------------------------------------------------------- what can be read

    def panels(self) -> None:
        """Displays, indicators and the words on screens that can be made out."""
        clock = self.world.room.scenario.scene.clock_us
        for name, placed in self.placed.items():
            for panel in placed.device.panels:
                key = (name, panel.name)
                for display in panel.displays:
                    full = f"{name}.{display.signal}"
                    if full in self.seen:
                        words = text(self.world.value(full), self.world.now, clock).strip()
                        self._show(key, full, f'its display shows "{words}"' if words else "its display is blank")
                for lamp in panel.lamps:
                    full = f"{name}.{lamp.signal}"
                    if full in self.seen:
                        lit = "lit" if self.world.value(full) else "dark"
                        of = f' "{lamp.label}"' if lamp.label else ""
                        self._show(key, full, f"its indicator{of} is {lit}")
        for item in self.world.handles.mounted:
            if isinstance(item.control, Touchscreen) and f"{item.device}.{item.control.screen.page}" in self.seen:
                full = f"{item.device}.{item.control.screen.page}"
                words = [i.words for i in self._screen(item) if i.words and i.widget.kind in ("label", "value")]
                said = "its screen shows " + "; ".join(f'"{w}"' for w in words) if words else "its screen is dark"
                self._show((item.device, item.panel), full, said)

    def _show(self, key: tuple[str, str], full: str, words: str) -> None:
        thing = self.thing(key, self._called(key[0]), self.pixel.get(full, (0.0, 0.0)))
        if words not in thing.shows:
            thing.shows.append(words)

    def bodies(self) -> None:
        """Lamps, what appliances show by themselves, and loose things."""
        for name, placed in self.placed.items():
            for local, where in placed.device.shows.items():
                full = f"{name}.{local}"
                if full in self.seen and where not in {panel.name for panel in placed.device.panels}:
                    self._body(placed, local, full)
        things = {thing.id: thing.kind for thing in self.world.room.scenario.scene.objects}
        for name, what in things.items():
            if name in self.seen:
                self.thing((name, ""), what, self.pixel[name])

    def _body(self, placed: Placed, local: str, full: str) -> None:
        value = self.world.value(full)
        lights = {light.level for light in placed.device.luminaires}
        if local in lights:
            thing = self.thing((full, ""), LAMP, self.pixel[full])
            thing.at, thing.near = self._at(self.pixel[full]), list(near_lamps(self.world.room).get(full, ()))
            thing.shows.append("it is lit" if value else "it is dark")
            return
        words = placed.device.words.get(local)
        said = ""
        if isinstance(words, tuple):
            said = words[int(value)] if isinstance(value, bool | int) and int(value) < len(words) else ""
        elif isinstance(words, str):
            said = words.format(value)
        elif words is not None:
            said = words.get(value, "")
        if said:
            self._show((placed.name, "body"), full, said)


def _what(control: Control) -> str:
    """A mechanism as a person calls it."""
    name = type(control).__name__
    if isinstance(control, Keypad):
        return "key"
    if isinstance(control, Rocker):
        return "rocker"
    return WORDS.get(name, name.lower())
