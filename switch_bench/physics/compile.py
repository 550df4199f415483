"""From a resolved scene to a physical room: shell, furniture, devices in their places, loose things, lights, cameras.

The body is added by the world, which knows which one is asked for.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from math import radians

import mujoco
import numpy as np

from switch_bench.devices.base import Device
from switch_bench.faces.layout import FaceVariation
from switch_bench.network.declare import Value
from switch_bench.physics.building import WALL, Shell, add_shell, openings
from switch_bench.physics.draft import Draft, Recipe
from switch_bench.physics.frames import look_at, turn_z, wall_heading
from switch_bench.physics.furniture import Piece, add_furniture, on_top
from switch_bench.physics.housing import Ceiling, Mounted, Placed, add_device
from switch_bench.physics.objects import add_object
from switch_bench.spec import things
from switch_bench.spec.plan import on_plan, on_wall
from switch_bench.spec.rooms import Furniture
from switch_bench.spec.scene import Scene

TIMESTEP = 0.005  # s
NOSLIP = 10  # iterations; without them a held knob creeps
FLOOR, WALLS, CEILING = "parquet", "plaster", "ceiling"
FRONTS = {"table": "oak", "chair": "oak", "sofa": "fabric", "bed": "walnut", "shelf": "oak"}
TOPS = {"table": "oak", "chair": "oak", "sofa": "fabric", "bed": "fabric", "rug": "carpet", "shelf": "oak"}


@dataclass(frozen=True)
class Drawn:
    """A room as drawn up: the draft to compile, and who is in it."""

    draft: Draft
    shells: tuple[Shell, ...]
    pieces: Mapping[str, Piece]
    placed: Mapping[str, Placed]
    mounted: tuple[Mounted, ...]
    objects: tuple[str, ...]  # free bodies


def options(spec: mujoco.MjSpec) -> None:
    """Solver settings that all rooms share."""
    spec.compiler.fusestatic = True  # frames of what stands still cost nothing while running
    spec.option.timestep = TIMESTEP
    spec.option.integrator = mujoco.mjtIntegrator.mjINT_IMPLICITFAST
    spec.option.cone = mujoco.mjtCone.mjCONE_ELLIPTIC
    spec.option.impratio = 10.0
    spec.option.noslip_iterations = NOSLIP
    spec.option.enableflags |= mujoco.mjtEnableBit.mjENBL_SLEEP
    spec.visual.global_.offwidth, spec.visual.global_.offheight = 1280, 960
    spec.visual.headlight.ambient = [0.38] * 3
    spec.visual.headlight.diffuse = [0.14] * 3
    spec.visual.headlight.specular = [0.0] * 3
    spec.visual.map.znear = 0.005
    spec.visual.map.zfar = 6.0
    spec.visual.map.shadowscale = 0.4  # shadows fall on floors and worktops; grazing walls would only show their edge
    spec.stat.extent = 4.0
    spec.stat.center = [0.0, 0.0, 1.0]


def draw_up(
    scene: Scene,
    declare: Callable[[things.Device], tuple[str, Device]],
    initial: Mapping[str, Mapping[str, Value]],
    stuck: Mapping[str, frozenset[str]],
    seed: int,
) -> Drawn:
    """Build a scene.

    declare: a device of the scene to its (kind, declaration). initial: by device, values of controls at the start.
    stuck: by device, controls that are jammed.
    """
    draft = Draft(seed=seed)
    options(draft.spec)
    shells = tuple(_shell(scene, name) for name in scene.zones)
    for shell in shells:
        add_shell(draft, shell)
        _add_rig(draft, shell)
    declared = {d.id: declare(d) for d in scene.devices}
    gaps = _gaps(scene, {name: device for name, (_, device) in declared.items()})
    pieces = {f.id: _piece(scene, f, gaps.get(f.id, ())) for f in scene.furniture}
    for piece in pieces.values():
        add_furniture(draft, piece)
    ceilings = {s.name: Ceiling((*s.middle, s.zone.height)) for s in shells}
    placed: dict[str, Placed] = {}
    mounted: list[Mounted] = []
    for entry in scene.devices:
        kind, device = declared[entry.id]
        at, axes = _stand(scene, entry, device, pieces)
        item = Placed(
            name=entry.id, kind=kind, device=device, zone=entry.zone, at=at, axes=axes,
            initial={**entry.initial, **initial.get(entry.id, {})}, stuck=stuck.get(entry.id, frozenset()),
            wear=_wear(entry),
        )  # fmt: skip
        placed[entry.id] = item
        mounted += add_device(draft, item, ceilings)
    objects = [d for d, item in placed.items() if item.device.free]
    for thing in scene.objects:
        objects.append(add_object(draft, thing, *_lie(scene, thing, pieces, placed)))
    if scene.view is not None:
        eye, look = scene.view.eye, scene.view.look
        draft.spec.worldbody.add_camera(name="view", pos=list(eye), quat=look_at(eye, look), fovy=scene.view.fovy)
    return Drawn(draft, shells, pieces, placed, tuple(mounted), tuple(objects))


def _wear(entry: things.Device) -> FaceVariation:
    """What the scene changes of a face: its hue and printed labels."""
    printed = {control: text for control, text in entry.labels.items() if text is not None}
    missing = tuple(control for control, text in entry.labels.items() if text is None)
    return FaceVariation(hue=entry.hue, labels=printed, missing=missing)


def _shell(scene: Scene, name: str) -> Shell:
    zone = scene.zones[name]
    return Shell(
        name=name,
        zone=zone,
        floor=Recipe(material=zone.floor or FLOOR),
        wall=Recipe(material=zone.wall or WALLS),
        ceiling=Recipe(material=zone.ceiling or CEILING),
        openings=openings(name, zone, scene.doorways),
    )


def _add_rig(draft: Draft, shell: Shell) -> None:
    """The lights that give a zone's surfaces their shape; how bright they are is the network's to say."""
    x, y = shell.middle
    top = shell.zone.height - 0.05
    world = draft.spec.worldbody
    spot = mujoco.mjtLightType.mjLIGHT_SPOT
    world.add_light(
        name=f"{shell.name}/rig_0", type=spot, pos=[x, y, top], dir=[0.0, 0.0, -1.0], cutoff=88.0, exponent=0.6,
        attenuation=[1.0, 0.0, 0.03], ambient=[0.10] * 3, diffuse=[0.62] * 3, specular=[0.12] * 3, castshadow=True,
        active=False,
    )  # fmt: skip
    world.add_light(
        name=f"{shell.name}/rig_1", type=mujoco.mjtLightType.mjLIGHT_DIRECTIONAL, pos=[x, y, top],
        dir=[0.35, 0.55, -0.65], ambient=[0.0] * 3, diffuse=[0.16] * 3, specular=[0.0] * 3,
        castshadow=False, active=False,
    )  # fmt: skip


def _gaps(scene: Scene, devices: Mapping[str, Device]) -> dict[str, tuple[tuple[float, float], ...]]:
    """By furniture: the stretches (from its middle) that built-in devices take."""
    gaps: dict[str, tuple[tuple[float, float], ...]] = {}
    for entry in scene.devices:
        if isinstance(entry.mount, things.BuiltIn):
            width = extent(devices[entry.id])[0]
            piece = scene.piece(entry.mount.built_in)
            middle = entry.mount.at - piece.extent[0] / 2
            gaps[piece.id] = (*gaps.get(piece.id, ()), (middle - width / 2, middle + width / 2))
    return gaps


def extent(device: Device) -> tuple[float, float]:
    """Width and depth [m] of a device's housing: its solid parts that hang together with it."""
    half_width, depth = 0.0, 0.0
    for part in device.parts:
        if part.frame != "ceiling" and part.solid and not part.hidden:
            wide, deep = (part.size[0], part.size[1]) if part.shape == "box" else (part.size[0], part.size[0])
            half_width = max(half_width, abs(part.at[0]) + wide / 2)
            if part.size[-1] > 0.1:  # knobs' collars and handles stand proud of the front
                depth = max(depth, -part.at[1] + deep / 2)
    return 2 * half_width, depth


def _piece(scene: Scene, item: Furniture, gaps: tuple[tuple[float, float], ...]) -> Piece:
    width, depth, height = item.extent
    zone = scene.zones[item.zone]
    if item.wall is not None and item.start is not None and item.end is not None:
        heading = wall_heading(item.wall)
        x, y = on_wall(zone, item.wall, (item.start + item.end) / 2)
        back = -turn_z(heading)[:, 1] * WALL
        at = (x + back[0], y + back[1])
    else:
        assert item.at is not None
        heading = radians(item.facing - 270.0)
        x, y = on_plan(zone, item.at)
        back = turn_z(heading)[:, 1] * depth / 2
        at = (x + back[0], y + back[1])
    front = item.material or FRONTS.get(item.kind, "oak")
    top = (item.material if item.kind in TOPS else None) or TOPS.get(item.kind, "stone")
    return Piece(
        name=item.id, kind=item.kind, zone=item.zone, at=(float(at[0]), float(at[1])), heading=heading, width=width,
        depth=depth, height=height, front=front, top=top, base=item.lower, gaps=gaps,
    )  # fmt: skip


Stand = tuple[tuple[float, float, float], np.ndarray]


def _stand(scene: Scene, entry: things.Device, device: Device, pieces: Mapping[str, Piece]) -> Stand:
    """Where a device's origin is, and its axes."""
    mount, zone = entry.mount, scene.zones[entry.zone]
    if isinstance(mount, things.OnWall):
        axes = turn_z(wall_heading(mount.wall))
        x, y = on_wall(zone, mount.wall, mount.at)
        return _shift((x, y, mount.height), -axes[:, 1] * WALL), axes
    if isinstance(mount, things.OnTop):
        piece = pieces[mount.on]
        at, axes = on_top(piece, mount.at[0] - piece.width / 2, mount.at[1])
        return _shift(at, np.zeros(3)), axes @ turn_z(radians(mount.turn))
    if isinstance(mount, things.BuiltIn):
        piece = pieces[mount.built_in]
        axes = turn_z(piece.heading)
        depth = extent(device)[1]
        low = 0.10 if mount.height is None else mount.height
        local = np.array([mount.at - piece.width / 2, -(piece.depth - depth), low])
        return _shift((*piece.at, 0.0), axes @ local), axes
    if isinstance(mount, things.OnCeiling):
        x, y = on_plan(zone, mount.ceiling)
        return (x, y, zone.height), np.eye(3)
    x, y = on_plan(zone, mount.floor)
    return (x, y, 0.0), turn_z(radians(mount.facing - 270.0))


def _shift(at, by: np.ndarray) -> tuple[float, float, float]:
    return float(at[0] + by[0]), float(at[1] + by[1]), float(at[2] + by[2])


def _lie(
    scene: Scene, thing: things.Loose, pieces: Mapping[str, Piece], placed: Mapping[str, Placed]
) -> tuple[str, tuple[float, float, float], float]:
    """Zone, position and turn [rad] of a loose thing."""
    turn = radians(thing.turn)
    if thing.zone is not None and thing.floor is not None:
        x, y = on_plan(scene.zones[thing.zone], thing.floor)
        return thing.zone, (x, y, 0.0), turn
    if thing.on is not None and thing.on in pieces:
        piece = pieces[thing.on]
        along, depth = thing.at or (piece.width / 2, piece.depth / 2)
        at, _ = on_top(piece, along - piece.width / 2, depth)
        return piece.zone, _shift(at, np.zeros(3)), piece.heading + turn
    item = placed[str(thing.on)]
    regions = item.device.interior
    if regions:
        centre, size = next(iter(regions.values()))
        local = np.array([centre[0], centre[1], centre[2] - size[2] / 2])
    else:
        top = max((p.at[2] + p.size[-1] / 2 for p in item.device.parts if p.frame == "device" and p.solid), default=0.0)
        depth = extent(item.device)[1]
        local = np.array([0.0, -depth / 2, top])
    return item.zone, _shift(item.at, item.axes @ local), turn
