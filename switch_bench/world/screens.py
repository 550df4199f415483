"""Where things drawn on a touch screen are in the world."""

from __future__ import annotations

import numpy as np

from switch_bench.controls.touchscreen import Touchscreen
from switch_bench.physics.housing import Mounted
from switch_bench.screens.base import Widget
from switch_bench.world.world import World


def widgets(world: World, item: Mounted) -> tuple[Widget, ...]:
    """Every widget on the page shown now that looks as if it could be touched."""
    assert isinstance(item.control, Touchscreen)
    screen = item.control.screen
    page = screen.pages.get(str(world.value(f"{item.device}.{screen.page}")))
    return tuple(w for w in page.widgets if w.kind in ("button", "toggle")) if page else ()


def widget_point(world: World, item: Mounted, widget: Widget) -> np.ndarray:
    """The middle of a widget on the glass, in the world [m]."""
    assert isinstance(item.control, Touchscreen)
    assert item.built.screen is not None
    geom = world.model.geom(item.built.screen[0]).id
    x, y, w, h = widget.rect
    width, height = item.control.screen.size
    u, v = (x + w / 2) / width - 0.5, 0.5 - (y + h / 2) / height
    glass = np.array([u * item.control.size[0], v * item.control.size[1], float(world.model.geom_size[geom][2])])
    return world.data.geom_xpos[geom] + world.data.geom_xmat[geom].reshape(3, 3) @ glass
