"""What a picture lets one know: which signals and zones can be read in it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from switch_bench.controls.door import Door
from switch_bench.controls.touchscreen import Touchscreen
from switch_bench.devices.base import Panel
from switch_bench.physics.cameras import Face, Legible, project, unobstructed
from switch_bench.physics.picture_light import brightness
from switch_bench.world.room import Room
from switch_bench.world.world import World

BODY_PARTS = 4  # any of a device's largest parts shows what its body shows
DIM = 0.05  # share of full brightness under which print and positions can't be made out
LAMP, CONTROL, BODY, THING = 0.045, 0.045, 0.10, 0.08  # m: an indicator with its halo, a mechanism, a part, a thing


def faces(room: Room) -> tuple[Face, ...]:
    """Every face of a room that shows a signal, and its loose things."""
    return room.once("faces", lambda: _faces(room))


def _faces(room: Room) -> tuple[Face, ...]:
    found: list[Face] = []
    for name, item in room.drawn.placed.items():
        panels = {p.name: p for p in item.device.panels}
        for signal, where in item.device.shows.items():
            full = f"{name}.{signal}"
            if where in panels:
                site = room.model.site(f"{name}/{where}").id
                (x, y), size, glows = _on_panel(panels[where], signal)
                found.append(Face(full, size, site=site, middle=(x, y, 0.003), signals=(full,), glows=glows))
            else:
                found += _on_body(room, name, signal, full)
    for name, body in zip(room.handles.objects, room.handles.object_body, strict=True):
        geom = int(room.model.body_geomadr[body])
        found.append(Face(name, THING, geom=geom, signals=(name,)))
    return tuple(replace(face, lids=_lids(room, face)) for face in found)


def _lids(room: Room, face: Face) -> frozenset[int]:
    """What of the device's doors can hide a face; a door doesn't hide itself, nor does its glass."""
    device, _, signal = face.name.partition(".")
    doors = [m for m in room.handles.mounted if m.device == device and isinstance(m.control, Door)]
    geoms = [room.model.geom(g) for m in doors if m.control.name != signal for g in m.built.geoms]
    return frozenset(int(g.id) for g in geoms if g.rgba[3] == 1.0)


def _on_panel(panel: Panel, signal: str) -> tuple[tuple[float, float], float, bool]:
    """Where on its panel a signal shows, how large, and whether it can be read in the dark."""
    for display in panel.displays:
        if display.signal == signal:
            return display.at, 0.8 * min(display.size) / display.rows, True
    for lamp in panel.lamps:
        if lamp.signal == signal:
            return lamp.at, LAMP, True
    for control in panel.controls:
        if isinstance(control, Touchscreen) and signal in _drawn(control):
            return control.at, 0.4 * min(control.size), True
        if control.name == signal or control.glow == signal or signal.startswith(f"{control.name}_"):
            size = max(CONTROL, 0.4 * min(control.size)) if isinstance(control, Door) else CONTROL
            return control.at, size, control.glow == signal
    return (0.0, 0.0), 0.4 * min(panel.size), False


def _on_other_pages(world: World) -> set[str]:
    """Signals that touch screens would show, but not on the page they show now."""
    hidden: set[str] = set()
    for item in world.handles.mounted:
        if isinstance(item.control, Touchscreen):
            page = item.control.screen.pages.get(str(world.value(f"{item.device}.{item.control.screen.page}")))
            shown = {item.control.screen.page, *(w.signal for w in page.widgets if w.signal)} if page else set()
            hidden |= {f"{item.device}.{name}" for name in _drawn(item.control) - shown}
    return hidden


def _drawn(control: Touchscreen) -> set[str]:
    widgets = [w for page in control.screen.pages.values() for w in page.widgets]
    return {control.screen.page, *(w.signal for w in widgets if w.signal)}


def _on_body(room: Room, device: str, signal: str, full: str) -> list[Face]:
    """Parts that shine by the signal; else the mechanism it is read from, or the largest parts of the device."""
    parts = room.drawn.placed[device].device.parts
    found = []
    for i, part in enumerate(parts):
        if part.glow == signal:
            geom = room.model.geom(f"{device}/part_{i}").id
            size = min(part.size) if not part.hidden else max(part.size)
            found.append(Face(full, max(size, 0.02), geom=geom, signals=(full,), glows=part.shines))
    if found or not parts:
        return found
    for item in room.handles.mounted:
        if item.device == device and item.control.name == signal and item.built.geoms:
            return [Face(full, BODY, geom=room.model.geom(g).id, signals=(full,)) for g in item.built.geoms]
    order = sorted(range(len(parts)), key=lambda i: (parts[i].frame == "device", float(np.prod(parts[i].size))))
    return [
        Face(full, BODY, geom=room.model.geom(f"{device}/part_{i}").id, signals=(full,)) for i in order[-BODY_PARTS:]
    ]


def seen(world: World, all_faces: Sequence[Face], camera: int, size: tuple[int, int]) -> tuple[str, ...]:
    """What can be made out in a picture, as `Lookout.seen` tells it, of a world looked at once."""
    return Lookout(world, all_faces).seen(camera, size)


class Lookout:
    """Tells of one world's pictures what they let one know; what nothing bears on any more is not looked at again."""

    def __init__(self, world: World, all_faces: Sequence[Face] | None = None):
        self.world = world
        room = world.room
        self._legible = Legible(room.model, world.data, faces(room) if all_faces is None else all_faces)
        scene = room.scenario.scene
        self._doorways = [(d.zones, np.array([*d.at, 1.4])) for d in scene.doorways]
        self._points = [(name, np.array(point["at"], float)) for name, point in room.plan["points"].items()]
        self._all = np.array([at for _, at in (*self._doorways, *self._points)]).reshape(-1, 3)
        self._last: dict[tuple[int, tuple[int, int]], tuple[tuple, tuple[str, ...]]] = {}

    def seen(self, camera: int, size: tuple[int, int]) -> tuple[str, ...]:
        """What can be made out in a picture of `size` (width, height) px by `camera`.

        Signals that can be read, loose things, points (by name and by their illuminance), and zones one looks into.
        """
        world, data = self.world, self.world.data
        zones = world.room.scenario.scene.zones
        light = {zone: brightness(float(world.value(f"{zone}.illuminance"))) for zone in zones}
        hidden = _on_other_pages(world)
        state = (light, hidden, data.xpos.tobytes(), data.xquat.tobytes())
        before, names = self._last.get((camera, size), ((), ()))
        if before != state:
            names = self._look(camera, size, light, hidden)
            self._last[camera, size] = state, names
        return names

    def _look(self, camera: int, size: tuple[int, int], light: dict[str, float], hidden: set[str]) -> tuple[str, ...]:
        room, data = self.world.room, self.world.data
        eye = data.cam_xpos[camera]
        here = room.zone_at(float(eye[0]), float(eye[1]))
        zones = [here]
        inside = np.zeros(len(self._all), bool)
        if len(self._all):
            pixels, depths = project(room.model, data, camera, size, self._all)
            inside = (depths > 0) & (pixels >= 0).all(axis=1) & (pixels < size).all(axis=1)

        def looks_at(i: int) -> bool:
            return bool(inside[i]) and unobstructed(room.model, data, eye.copy(), self._all[i])

        for i, (both, _) in enumerate(self._doorways):
            if here in both:
                there = both[1 - both.index(here)]
                if there not in zones and looks_at(i):
                    zones.append(there)
        first = len(self._doorways)
        zones += [name for i, (name, _) in enumerate(self._points) if looks_at(first + i)]
        names = self._legible.read(data, camera, size, lambda x, y: light[room.zone_at(x, y)] > DIM)
        return (
            *dict.fromkeys(n for n in names if n not in hidden), *zones, *(f"{z}.illuminance" for z in zones),
        )  # fmt: skip
