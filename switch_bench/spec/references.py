"""Whether the parts of a scene or task file fit together: names that are used exist, things stand in their rooms.

What device kinds offer is checked later, in `check.py`, by someone who knows the kinds.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from switch_bench.spec.errors import Problem, did_you_mean
from switch_bench.spec.people import Script
from switch_bench.spec.places import Region, Spot
from switch_bench.spec.plan import SLACK, overlap, shared_wall, wall_length
from switch_bench.spec.rooms import Furniture, Start, Zone
from switch_bench.spec.scene import Scene
from switch_bench.spec.source import Source
from switch_bench.spec.things import BuiltIn, Device, Loose, Mount, OnCeiling, OnFloor, OnTop, OnWall, Wire, moved
from switch_bench.spec.vary import Clutter, Jitter, LayoutVariation, Variation

At = tuple[str | int, ...]
RESERVED = ("outdoor", "agent", "floor")  # names the network and the verifier use for their own
STAGGER = 0.01  # m: furniture may stick out of its wall by so much (rounding of a kitchen's run)


def scene_problems(scene: Scene) -> list[Problem]:
    """Everything in a scene that doesn't fit together, without knowing any device kind."""
    return list(References(scene, scene.source).run())


class References:
    """The names of a scene, and what a part that uses them has wrong. source: of the file the part stands in."""

    def __init__(self, scene: Scene, source: Source):
        self.scene = scene
        self.source = source
        self.zones = scene.zones
        self.pieces = {piece.id: piece for piece in scene.furniture}
        self.devices = {device.id: device for device in scene.devices}
        self.places = {*scene.points, *scene.regions}
        self.owners = {*scene.zones, *self.devices, *(p.name for p in scene.people), *(s.name for s in scene.schedules)}

    def run(self) -> Iterator[Problem]:
        """Everything wrong in the scene."""
        yield from self._names()
        yield from self._rooms()
        yield from self._doorways()
        yield from self._furniture()
        for i, device in enumerate(self.scene.devices):
            yield from self._device(device, ("devices", i))
        for i, thing in enumerate(self.scene.objects):
            yield from self.thing(thing, ("objects", i))
        for name, spot in self.scene.points.items():
            yield from self._place(spot, {"at": spot.at}, ("points", name))
        for name, region in self.scene.regions.items():
            yield from self._place(region, {"low": region.low, "high": region.high}, ("regions", name))
        yield from self._wiring()
        for part, scripts in (("people", self.scene.people), ("schedules", self.scene.schedules)):
            for i, script in enumerate(scripts):
                yield from self.script(script, (part, i))
        yield from self.start(self.scene.start, ("start",))
        yield from self.variation(self.scene.variation, ("variation",))

    def problem(self, at: At, message: str, hint: str = "") -> Problem:
        """A problem at this place in the file."""
        return self.source.problem(at, message, hint)

    def known(self, at: At, what: str, name: str, known: Iterable[str]) -> Iterator[Problem]:
        """The name is one of `known`."""
        names = list(known)
        if name not in names:
            yield self.problem(at, f"unknown {what} {name!r}", did_you_mean(name, names, f"known {what}s"))

    def owned(self, at: At, signal: str) -> Iterator[Problem]:
        """The owner of a signal is a device, a zone or a person."""
        yield from self.known(at, "device or zone", signal.split(".")[0], self.owners)

    def _names(self) -> Iterator[Problem]:
        seen: dict[str, At] = {name: ("zones", name) for name in self.zones}
        for part, names in (("points", self.scene.points), ("regions", self.scene.regions)):
            for name in names:
                if name in seen:
                    yield self._taken((part, name), name, seen[name])
                seen.setdefault(name, (part, name))
        parts: Sequence[tuple[str, Sequence[Any], str]] = (
            ("doorways", self.scene.doorways, "id"),
            ("furniture", self.scene.furniture, "id"),
            ("devices", self.scene.devices, "id"),
            ("objects", self.scene.objects, "id"),
            ("people", self.scene.people, "name"),
            ("schedules", self.scene.schedules, "name"),
        )
        for part, items, key in parts:
            for i, item in enumerate(items):
                name = getattr(item, key)
                if name in seen:
                    yield self._taken((part, i, key), name, seen[name])
                seen.setdefault(name, (part, i, key))
        for name in RESERVED:
            if name in seen:
                yield self.problem(seen[name], f"the name {name!r} is reserved", "Choose another")

    def _taken(self, at: At, name: str, by: At) -> Problem:
        line = self.scene.source.line(by)
        where = f"in line {line}" if line else f"by {self.scene.source.where(by)}"
        return self.problem(at, f"the name {name!r} is taken {where}")

    def _rooms(self) -> Iterator[Problem]:
        items = list(self.zones.items())
        for i, (name, zone) in enumerate(items):
            for other, earlier in items[:i]:
                if overlap(zone, earlier):
                    yield self.problem(
                        ("zones", name), f"lies over zone {other!r}", "Move it by `at`, or change `size`"
                    )
            for j, window in enumerate(zone.windows):
                at = ("zones", name, "windows", j)
                yield from self._along(
                    at, zone, window.wall, window.at - window.width / 2, window.at + window.width / 2
                )
                if window.sill + window.height > zone.height:
                    yield self.problem((*at, "height"), f"reaches through the ceiling at {zone.height:g} m")

    def _along(self, at: At, zone: Zone, wall: Any, start: float, end: float) -> Iterator[Problem]:
        length = wall_length(zone, wall)
        if start < -STAGGER or end > length + STAGGER:
            yield self.problem(
                at, f"reaches from {start:.3g} to {end:.3g} m along the {wall} wall, which is {length:.3g} m long"
            )

    def _doorways(self) -> Iterator[Problem]:
        for i, doorway in enumerate(self.scene.doorways):
            at = ("doorways", i)
            unknown = [p for name in doorway.zones for p in self.known((*at, "zones"), "zone", name, self.zones)]
            yield from unknown
            if doorway.gate is not None:
                yield from self.owned((*at, "gate"), doorway.gate)
            if unknown:
                continue
            first, second = doorway.zones
            if first == second:
                yield self.problem((*at, "zones"), "joins a zone to itself")
                continue
            a, b = self.zones[first], self.zones[second]
            wall = shared_wall(a, b)
            if wall is None:
                yield self.problem((*at, "zones"), f"{first} and {second} don't share a wall")
                continue
            across, along = doorway.at if wall.axis == "y" else doorway.at[::-1]
            name = "y" if wall.axis == "y" else "x"
            if not wall.near - 0.05 <= across <= wall.far + 0.05:
                other = "x" if name == "y" else "y"
                yield self.problem((*at, "at"), f"isn't on the shared wall, which is at {other} = {wall.near:g} m")
            elif along - doorway.width / 2 < wall.low - SLACK or along + doorway.width / 2 > wall.high + SLACK:
                span = f"{name} = {wall.low:g} to {wall.high:g} m"
                yield self.problem((*at, "at"), f"{doorway.width:g} m wide, doesn't fit in the shared wall, {span}")
            if doorway.height > min(a.height, b.height):
                yield self.problem((*at, "height"), "is higher than the ceiling")

    def _furniture(self) -> Iterator[Problem]:
        for i, piece in enumerate(self.scene.furniture):
            at = ("furniture", i)
            unknown = list(self.known((*at, "zone"), "zone", piece.zone, self.zones))
            yield from unknown
            if unknown:
                continue
            zone = self.zones[piece.zone]
            if piece.wall is not None and piece.start is not None and piece.end is not None:
                yield from self._along((*at, "to"), zone, piece.wall, piece.start, piece.end)
            elif piece.at is not None:
                yield from self._inside((*at, "at"), piece.zone, piece.at)
            if piece.top > zone.height:
                yield self.problem(
                    (*at, "height"), f"reaches {piece.top:g} m, through the ceiling at {zone.height:g} m"
                )

    def _inside(self, at: At, zone: str, point: tuple[float, float]) -> Iterator[Problem]:
        size = self.zones[zone].size
        if not all(0 <= point[i] <= size[i] for i in (0, 1)):
            yield self.problem(
                at, f"[{point[0]:g}, {point[1]:g}] lies outside {zone}, which is {size[0]:g} × {size[1]:g} m"
            )

    def _device(self, device: Device, at: At) -> Iterator[Problem]:
        unknown = list(self.known((*at, "zone"), "zone", device.zone, self.zones))
        yield from unknown or self._mount(device.mount, device.zone, (*at, "mount"))

    def _mount(self, mount: Mount, zone: str, at: At) -> Iterator[Problem]:
        room = self.zones[zone]
        if isinstance(mount, OnWall):
            yield from self._along((*at, "at"), room, mount.wall, mount.at, mount.at)
            if mount.height > room.height:
                yield self.problem((*at, "height"), f"is above the ceiling at {room.height:g} m")
        elif isinstance(mount, OnTop):
            yield from self._placed(mount.on, mount.at, zone, (*at, "on"), (*at, "at"))
        elif isinstance(mount, BuiltIn):
            yield from self._placed(mount.built_in, (mount.at, 0.0), zone, (*at, "built_in"), (*at, "at"))
        elif isinstance(mount, OnCeiling):
            yield from self._inside((*at, "ceiling"), zone, mount.ceiling)
        elif isinstance(mount, OnFloor):
            yield from self._inside((*at, "floor"), zone, mount.floor)

    def _placed(self, name: str, place: tuple[float, float], zone: str | None, on: At, at: At) -> Iterator[Problem]:
        """A place on a piece of furniture, in the given zone if there is one."""
        unknown = list(self.known(on, "furniture", name, self.pieces))
        yield from unknown
        if unknown:
            return
        piece = self.pieces[name]
        if zone is not None and piece.zone != zone:
            yield self.problem(on, f"{name} stands in {piece.zone}, not in {zone}")
        yield from self._upon(at, piece, place)

    def _upon(self, at: At, piece: Furniture, place: tuple[float, float]) -> Iterator[Problem]:
        width, depth, _ = piece.extent
        if not (0 <= place[0] <= width + SLACK and 0 <= place[1] <= depth + SLACK):
            yield self.problem(
                at, f"[{place[0]:g}, {place[1]:g}] lies off {piece.id}, which is {width:.3g} × {depth:.3g} m"
            )

    def thing(self, thing: Loose, at: At) -> Iterator[Problem]:
        """A loose thing."""
        if thing.zone is not None and thing.floor is not None:
            unknown = list(self.known((*at, "zone"), "zone", thing.zone, self.zones))
            yield from unknown or self._inside((*at, "floor"), thing.zone, thing.floor)
        elif thing.on in self.pieces:
            if thing.at is None:
                yield self.problem((*at, "at"), "missing", "Expected [along, depth] on the furniture")
            else:
                yield from self._upon((*at, "at"), self.pieces[thing.on], thing.at)
        else:
            yield from self.known((*at, "on"), "furniture or device", str(thing.on), [*self.pieces, *self.devices])

    def _place(
        self, place: Spot | Region, corners: Mapping[str, tuple[float, float, float]], at: At
    ) -> Iterator[Problem]:
        """A named place lies in its room, under the ceiling."""
        if place.on is not None:
            unknown = list(self.known((*at, "on"), "furniture", place.on, self.pieces))
            floor, zone = (0.0, "") if unknown else (self.pieces[place.on].top, self.pieces[place.on].zone)
        else:
            unknown = list(self.known((*at, "zone"), "zone", str(place.zone), self.zones))
            floor, zone = 0.0, str(place.zone)
        yield from unknown
        if unknown or zone not in self.zones:
            return
        for key, (x, y, z) in corners.items():
            if place.on is not None:
                yield from self._upon((*at, key), self.pieces[place.on], (x, y))
            else:
                yield from self._inside((*at, key), zone, (x, y))
            if not -SLACK <= floor + z <= self.zones[zone].height + SLACK:
                yield self.problem(
                    (*at, key), f"is {floor + z:g} m above the floor; the ceiling is at {self.zones[zone].height:g} m"
                )

    def _wires(self, wires: Sequence[Wire], at: At) -> Iterator[Problem]:
        seen: dict[tuple[str, str], int] = {}
        for i, wire in enumerate(wires):
            yield from self.owned((*at, i, "from"), wire.source)
            yield from self.owned((*at, i, "to"), wire.target)
            ends = wire.source, wire.target
            if ends in seen:
                yield self.problem((*at, i), f"there already is a wire from {ends[0]} to {ends[1]}")
            seen[ends] = i

    def _wiring(self) -> Iterator[Problem]:
        yield from self._wires(self.scene.wires, ("wires",))
        targets: set[str] = set()
        for i, total in enumerate(self.scene.sums):
            at = ("sums", i)
            yield from self.owned((*at, "to"), total.target)
            for j, source in enumerate(total.sources):
                yield from self.owned((*at, "from", j), source)
            if total.target in targets:
                yield self.problem((*at, "to"), f"{total.target} already is a sum")
            targets.add(total.target)
        fed: dict[str, str] = {}
        for output, devices in self.scene.circuits.items():
            yield from self.known(("circuits", output), "device", output.split(".")[0], self.devices)
            for i, name in enumerate(devices):
                at = ("circuits", output, i)
                yield from self.known(at, "device", name, self.devices)
                if name in fed:
                    yield self.problem(at, f"{name} already hangs on {fed[name]}")
                fed[name] = output

    def script(self, script: Script, at: At) -> Iterator[Problem]:
        """A person or schedule."""
        yield from self.known((*at, "zone"), "zone", script.zone, self.zones)
        for signal in script.when:
            yield from self.owned((*at, "when", signal), signal)
        for i, act in enumerate(script.acts):
            yield from self.owned((*at, "acts", i), act.signal)

    def start(self, start: Start, at: At) -> Iterator[Problem]:
        """Where the body starts."""
        unknown = list(self.known((*at, "zone"), "zone", start.zone, self.zones))
        yield from unknown or self._inside((*at, "at"), start.zone, start.at)

    def _by_device(self, table: Mapping[str, Any], at: At) -> Iterator[Problem]:
        for name in table:
            yield from self.known((*at, name), "device", name, self.devices)

    def variation(self, variation: Variation, at: At) -> Iterator[Problem]:
        """What is declared to vary."""
        yield from self._layout(variation.layout, (*at, "layout"))
        for part in ("models", "hue"):
            yield from self._by_device(getattr(variation.faces, part), (*at, "faces", part))
        yield from self._rewiring(variation, (*at, "wiring"))
        yield from self._by_device(variation.labels, (*at, "labels"))
        surfaces = [f"{zone}.{side}" for zone in self.zones for side in ("floor", "wall", "ceiling")]
        for surface in variation.colours:
            yield from self.known((*at, "colours", surface), "surface", surface, [*surfaces, *self.pieces])
        for i, clutter in enumerate(variation.clutter):
            yield from self._clutter(clutter, (*at, "clutter", i), variation.layout)
        for zone in variation.light.daylight:
            yield from self.known((*at, "light", "daylight", zone), "zone", zone, self.zones)
        for signal in variation.light.lamps:
            name = signal.split(".")[0]
            yield from self.known((*at, "light", "lamps", signal), "device", name, self.devices)

    def _layout(self, layout: LayoutVariation, at: At) -> Iterator[Problem]:
        yield from self._by_device(layout.jitter, (*at, "jitter"))
        yield from self._by_device(layout.places, (*at, "places"))
        for name, places in layout.places.items():
            zone = self.devices[name].zone if name in self.devices else None
            for i, mount in enumerate(places):
                if zone in self.zones:
                    yield from self._mount(mount, str(zone), (*at, "places", name, i))
        for name, spread in layout.jitter.items():
            if name in self.devices and self.devices[name].zone in self.zones:
                yield from self._jitter(self.devices[name], spread, layout, (*at, "jitter", name))
        swapped: set[str] = set()
        for i, group in enumerate(layout.swap):
            here = [self.devices[name] for name in group if name in self.devices]
            for j, name in enumerate(group):
                yield from self.known((*at, "swap", i, j), "device", name, self.devices)
                if name in swapped or name in layout.places:
                    yield self.problem((*at, "swap", i, j), f"{name} can't be swapped twice, nor have `places` too")
                swapped.add(name)
            if len({device.zone for device in here}) > 1:
                yield self.problem((*at, "swap", i), "devices that take each other's places must be in one zone")

    def _jitter(self, device: Device, spread: Jitter, layout: LayoutVariation, at: At) -> Iterator[Problem]:
        """The device stays in its room however far it is moved, from wherever it may be."""
        group = next((g for g in layout.swap if device.id in g), (device.id,))
        mounts = [self.devices[name].mount for name in group if name in self.devices]
        mounts += layout.places.get(device.id, ())
        for mount in mounts:
            if list(self._mount(mount, device.zone, at)):
                continue  # told where the mount itself stands
            for way in (-1, 1):
                end = moved(mount, way * spread.along, way * spread.depth, way * spread.height)
                found = list(self._mount(end, device.zone, at))
                yield from (self.problem(at, f"may take it too far: {p.message}") for p in found)

    def _rewiring(self, variation: Variation, at: At) -> Iterator[Problem]:
        wiring = variation.wiring
        for question, answers in wiring.alternatives.items():
            for answer, wires in answers.items():
                yield from self._wires(wires, (*at, "alternatives", question, answer))
        targets = {wire.target for wire in self.scene.wires}
        for i, group in enumerate(wiring.permute):
            for j, signal in enumerate(group):
                yield from self.known((*at, "permute", i, j), "wired input", signal, targets)
        yield from self._by_device(wiring.options, (*at, "options"))

    def _clutter(self, clutter: Clutter, at: At, layout: LayoutVariation) -> Iterator[Problem]:
        unknown = list(self.known((*at, "on"), "furniture", clutter.on, self.pieces))
        yield from unknown
        if unknown:
            return
        low, high = clutter.along
        for end in clutter.along:
            yield from self._upon((*at, "along"), self.pieces[clutter.on], (end, 0.0))
        if clutter.count[1] and (clutter.count[1] - 1) * clutter.room > high - low + SLACK:
            yield self.problem(
                (*at, "count"), f"{clutter.count[1]} things {clutter.room:g} m apart don't fit in {high - low:g} m"
            )
        for thing in self.scene.objects:
            if thing.on == clutter.on and thing.at is not None and low <= thing.at[0] <= high:
                yield self.problem((*at, "along"), f"{thing.id} lies there, at {thing.at[0]:g} m")
        for device in self.scene.devices:
            for mount in (device.mount, *layout.places.get(device.id, ())):
                if isinstance(mount, OnTop) and mount.on == clutter.on and low <= mount.at[0] <= high:
                    yield self.problem((*at, "along"), f"{device.id} stands there, at {mount.at[0]:g} m")
