"""Devices as placed in a room: housing, panels, mechanisms, lamps and displays."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import mujoco
import numpy as np

from switch_bench.controls import contact
from switch_bench.controls.base import Built, Control
from switch_bench.controls.keypad import Keypad
from switch_bench.controls.touchscreen import Touchscreen
from switch_bench.devices.base import Device, Display, Panel, Part
from switch_bench.faces.layout import PLAIN, FaceVariation
from switch_bench.network.declare import Value
from switch_bench.physics.draft import Draft, Glow, Recipe, Shown, Turned
from switch_bench.physics.frames import panel_axes, quaternion, turn_x
from switch_bench.screens.base import Screen
from switch_bench.screens.text import text


@dataclass(frozen=True)
class Ground:
    """Where the solids of a housing are hung: a moving body's own frame, or, for what stands still, the world's.

    Solids that stand still all belong to the world, so that the collision search meets them as one tree of boxes.
    """

    body: mujoco.MjsBody
    at: np.ndarray
    axes: np.ndarray

    def place(self, at: Sequence[float], axes: np.ndarray) -> tuple[list[float], list[float]]:
        """Position and quaternion, in the body, of something at `at` with `axes` in this ground's frame."""
        return (self.at + self.axes @ np.asarray(at, float)).tolist(), quaternion(self.axes @ axes)


AXES = {"x": np.array([[0.0, 0, 1], [0, 1, 0], [-1, 0, 0]]), "y": turn_x(-np.pi / 2), "z": np.eye(3)}


@dataclass(frozen=True)
class Placed:
    """A device in its place: where its origin is, its frame's axes as columns, and what the scene says of it."""

    name: str
    kind: str
    device: Device
    zone: str
    at: tuple[float, float, float]
    axes: np.ndarray
    initial: Mapping[str, Value] = field(default_factory=dict)
    stuck: frozenset[str] = frozenset()
    wear: FaceVariation = PLAIN


@dataclass(frozen=True)
class Mounted:
    """A control as built: whose it is, on which panel, and its mechanism."""

    device: str
    zone: str
    panel: str
    control: Control
    built: Built
    stuck: bool

    @property
    def name(self) -> str:
        """Global name, `<device>.<control>`."""
        return f"{self.device}.{self.control.name}"


@dataclass(frozen=True)
class Ceiling:
    """The middle of a zone's ceiling, for the lamps that hang from it."""

    at: tuple[float, float, float]


def add_device(draft: Draft, placed: Placed, ceilings: Mapping[str, Ceiling]) -> list[Mounted]:
    """Build a device; returns its controls. Raises ValueError where an initial value names no state of its control."""
    device = placed.device
    body = draft.spec.worldbody.add_body(name=placed.name, pos=list(placed.at), quat=quaternion(placed.axes))
    if device.free:
        body.add_freejoint(name=f"{placed.name}/free")
        body.sleep = mujoco.mjtSleepPolicy.mjSLEEP_ALLOWED
    ground = Ground(draft.spec.worldbody, np.asarray(placed.at), placed.axes)
    own = Ground(body, np.zeros(3), np.eye(3)) if device.free else ground
    weight = device.mass / max(1, sum(p.solid and p.frame == "device" for p in device.parts))
    for i, part in enumerate(device.parts):
        name = f"{placed.name}/part_{i}"
        if part.frame == "ceiling":
            zone = part.zone or placed.zone
            hook = Ground(draft.spec.worldbody, np.asarray(ceilings[zone].at), np.eye(3))
            _add_part(draft, hook, part, name, zone, placed.name, 0.0)
            draft.shadowless.append(name)
        elif part.frame == "stand":
            _add_part(draft, ground, part, name, placed.zone, placed.name, 0.0)
        else:
            _add_part(draft, own, part, name, placed.zone, placed.name, weight if device.free and part.solid else 0.0)
    controls: list[Mounted] = []
    for panel in device.panels:
        controls += _add_panel(draft, body, own, placed, panel)
    return controls


def _add_part(draft: Draft, ground: Ground, part: Part, name: str, zone: str, device: str, mass: float) -> None:
    sizes: Sequence[float]
    if part.shape == "box" or part.shape == "ellipsoid":
        sizes = [s / 2 for s in part.size]
    elif part.shape == "cylinder":
        sizes = [part.size[0] / 2, part.size[1] / 2]
    else:
        sizes = [part.size[0] / 2]
    recipe = Recipe(material=part.material, tint=part.colour)
    at, quat = ground.place(part.at, AXES[part.axis])
    own = part.glow is not None
    solid = part.solid and not part.hidden
    draft.geom(
        ground.body,
        zone,
        part.shape,
        sizes,
        at,
        recipe=recipe,
        quat=quat,
        name=name,
        own=own,
        solid=solid,
        moving=mass > 0.0,
    )
    if mass:
        draft.spec.geom(name).mass = mass
    if part.glow is not None:
        draft.glows.append(Glow(name, f"{device}.{part.glow}", part.hidden, part.shines))
    if part.angle is not None:
        draft.turned.append(Turned(name, f"{device}.{part.angle}"))


def _add_panel(draft: Draft, body: mujoco.MjsBody, ground: Ground, placed: Placed, panel: Panel) -> list[Mounted]:
    prefix = f"{placed.name}/{panel.name}"
    axes = panel_axes(panel.yaw, panel.tilt)
    frame = body.add_body(name=prefix, pos=list(panel.at), quat=quaternion(axes))
    frame.add_site(name=prefix, size=[0.001, 0.0, 0.0], group=5)
    width, height = panel.size
    face = Recipe(draw=_Face(panel, placed.wear), cube=False)
    slab = [width / 2, height / 2, panel.thickness / 2]
    at, quat = ground.place((np.asarray(panel.at) - axes[:, 2] * panel.thickness / 2).tolist(), axes)
    draft.geom(
        ground.body,
        placed.zone,
        "box",
        slab,
        at,
        quat=quat,
        recipe=face,
        name=f"{prefix}/face",
        own=True,
        moving=placed.device.free,
    )
    for i, lamp in enumerate(panel.lamps):
        name = f"{prefix}/lamp_{i}"
        draft.geom(
            frame,
            placed.zone,
            "cylinder",
            [lamp.size / 2, 0.0006],
            [*lamp.at, 0.0006],
            recipe=Recipe(material="lens", tint=lamp.colour),
            name=name,
            own=True,
            solid=False,
        )
        draft.glows.append(Glow(name, f"{placed.name}.{lamp.signal}"))
    for i, display in enumerate(panel.displays):
        name = f"{prefix}/display_{i}"
        _add_shown_face(draft, frame, placed, name, display)
    return [_add_control(draft, frame, placed, panel, control) for control in panel.controls]


@dataclass(frozen=True)
class _Face:
    """Draws a panel when its picture is first needed."""

    panel: Panel
    wear: FaceVariation

    def __call__(self) -> np.ndarray:
        from switch_bench.faces.panel import draw_panel

        return draw_panel(self.panel, variation=self.wear)


@dataclass(frozen=True)
class _Cap:
    """Draws a key's legend when its picture is first needed."""

    control: Control
    wear: FaceVariation

    def __call__(self) -> np.ndarray:
        from switch_bench.faces.cap import draw_cap

        picture = draw_cap(self.control, variation=self.wear)
        round_cap = getattr(self.control, "shape", "") == "round"
        return np.flipud(picture) if round_cap else picture  # a cylinder's end takes its texture the other way up


def _add_shown_face(draft: Draft, frame: mujoco.MjsBody, placed: Placed, name: str, display: Display) -> None:
    w, h = display.size
    size = (256, max(32, min(256, round(256 * h / w / 16) * 16)))
    draft.geom(
        frame,
        placed.zone,
        "box",
        [w / 2, h / 2, 0.0008],
        [*display.at, 0.0008],
        recipe=Recipe(draw=_Blank(size), cube=False, emission=0.0 if display.style == "lcd" else 0.85),
        name=name,
        own=True,
        solid=False,
    )

    def draw(values: Sequence[Any], now: int, clock: int) -> np.ndarray:
        from switch_bench.faces.display import draw_display

        return draw_display(display, text(str(values[0]), now, clock), size)

    def key(values: Sequence[Any], now: int, clock: int) -> Any:
        return text(str(values[0]), now, clock)

    signals = (f"{placed.name}.{display.signal}",)
    draft.shown.append(Shown(name, f"own:{name}", size, signals, draw, key))


def screen_signals(screen: Screen) -> tuple[str, ...]:
    """The local signals a screen's picture depends on, the page first."""
    names = {w.signal for p in screen.pages.values() for w in p.widgets if w.signal}
    names |= {w.enabled for p in screen.pages.values() for w in p.widgets if w.enabled}
    return (screen.page, *sorted(names - {screen.page}))


def _show_screen(draft: Draft, placed: Placed, geom: str, screen: Screen) -> None:
    local = screen_signals(screen)

    def draw(values: Sequence[Any], now: int, clock: int) -> np.ndarray:
        from switch_bench.screens.raster import render

        return render(screen, dict(zip(local, values, strict=True)), now, clock)

    def key(values: Sequence[Any], now: int, clock: int) -> Any:
        return tuple(text(v, now, clock) if isinstance(v, str) else v for v in values)

    signals = tuple(f"{placed.name}.{n}" for n in local)
    draft.shown.append(Shown(geom, f"own:{geom}", screen.size, signals, draw, key))


@dataclass(frozen=True)
class _Blank:
    """A dark picture, until the display is first drawn."""

    size: tuple[int, int]

    def __call__(self) -> np.ndarray:
        return np.zeros((self.size[1], self.size[0], 3), np.uint8)


def _dress_geom(draft: Draft, name: str, material: str) -> None:
    """Give a geom a material, in place of the plain colour it was built with."""
    geom = draft.spec.geom(name)
    geom.material = material
    geom.rgba = [0.5, 0.5, 0.5, 1.0]  # MuJoCo's mark for "the material's own"


def _add_control(draft: Draft, frame: mujoco.MjsBody, placed: Placed, panel: Panel, control: Control) -> Mounted:
    prefix = f"{placed.name}."
    built = control.build(draft.spec, frame, prefix, placed.initial.get(control.name))
    for geom in built.geoms:
        draft.zone_of[geom] = placed.zone
    if built.screen is not None and isinstance(control, Touchscreen):
        geom = built.screen[0]
        material = draft.material(Recipe(draw=_Blank(control.screen.size), cube=False, emission=0.85), geom)
        _dress_geom(draft, geom, material)
        _show_screen(draft, placed, geom, control.screen)
    elif isinstance(control, Keypad):
        for button in control.keys_as_buttons():
            cap = built.caps[button.name.removeprefix(f"{control.name}_")]
            _dress_geom(draft, cap, draft.material(Recipe(draw=_Cap(button, placed.wear), cube=False), cap))
    elif built.cap is not None and control.legend:
        _dress_geom(draft, built.cap, draft.material(Recipe(draw=_Cap(control, placed.wear), cube=False), built.cap))
    if control.glow is not None and built.cap is not None:
        if not control.legend:
            _dress_geom(draft, built.cap, draft.material(Recipe(material="lens", tint=control.colour), built.cap))
        draft.glows.append(Glow(built.cap, f"{placed.name}.{control.glow}"))
    stuck = control.name in placed.stuck
    if stuck:
        for readout in built.readouts:
            jammed = draft.spec.joint(readout.joint)
            jammed.frictionloss, jammed.damping = contact.STUCK, [contact.CREEP, 0.0, 0.0]
    return Mounted(placed.name, placed.zone, panel.name, control, built, stuck)
