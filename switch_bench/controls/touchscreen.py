"""A touchscreen: glass that says where it is touched."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from switch_bench.controls.base import Built, Control, Grip
from switch_bench.network.declare import Value
from switch_bench.screens.base import Screen

if TYPE_CHECKING:
    import mujoco

GLASS = 0.0015  # m that the glass stands out of the panel


def pixel(point: tuple[float, float], size: tuple[float, float], pixels: tuple[int, int]) -> tuple[int, int]:
    """The pixel (x right, y down) under a point of the glass (x right, y up from its centre [m]), clamped."""
    x = int((point[0] / size[0] + 0.5) * pixels[0])
    y = int((0.5 - point[1] / size[1]) * pixels[1])
    return min(max(x, 0), pixels[0] - 1), min(max(y, 0), pixels[1] - 1)


@dataclass(frozen=True, kw_only=True)
class Touchscreen(Control):
    """A screen of `size` [m]; its signal is the name of the widget being touched, or ""."""

    size: tuple[float, float] = (0.12, 0.072)
    screen: Screen

    def values(self) -> tuple[tuple[str, tuple[Value, ...]], ...]:
        """Every widget that can be touched, on any page."""
        names = [w.name for p in self.screen.pages.values() for w in p.widgets if w.kind in ("button", "toggle")]
        return ((self.name, ("", *dict.fromkeys(names))),)

    def build(self, spec: mujoco.MjSpec, panel: mujoco.MjsBody, prefix: str, initial: Value | None = None) -> Built:
        """One fixed box whose +z face is the glass. Raises ValueError for an `initial` other than ""."""
        from switch_bench.controls import contact
        from switch_bench.controls.mechanism import SHAPES

        name = prefix + self.name
        if initial not in (None, ""):
            raise ValueError(f"{name}: nothing touches a screen at the start, got {initial!r}")
        w, h = self.size
        panel.add_geom(
            name=name,
            type=SHAPES["box"],
            size=[w / 2, h / 2, GLASS / 2],
            pos=[*self.at, GLASS / 2],
            rgba=[0.03, 0.03, 0.035, 1.0],
            contype=contact.CONTROL.contype,
            conaffinity=contact.CONTROL.conaffinity,
            condim=3,
            friction=list(contact.FRICTION),
            solref=list(contact.SOLREF),
            solimp=list(contact.SOLIMP),
            mass=0.0,
        )
        site = f"{name}/touch"
        panel.add_site(name=site, pos=[*self.at, GLASS], size=[0.001, 0.0, 0.0], group=5)
        return Built((), (name,), {"touch": Grip("touch", site)}, cap=name, screen=(name, self.size))
