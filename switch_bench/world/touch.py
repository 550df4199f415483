"""Who touches what, and where on a screen: what contacts come to."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import mujoco
import numpy as np

from switch_bench.network.declare import Value
from switch_bench.physics.engine import Contacts
from switch_bench.screens.hit import hit
from switch_bench.verify.facts import AGENT
from switch_bench.world.handles import Handles, ScreenHandle


def touches(
    handles: Handles, contact: Contacts, carried: list[str | None]
) -> tuple[set[int], list[tuple[int, np.ndarray]]]:
    """Controls that the hand, or a thing it moves, touches; and where: (control, point in the world) pairs.

    carried: by loose thing, who moves it; whom a hand touches, it moves from now on.
    """
    touched: set[int] = set()
    points: list[tuple[int, np.ndarray]] = []
    for k, (a, b) in enumerate(contact.geom.tolist()):
        for mine, other in ((a, b), (b, a)):
            hand = handles.hand_geom[mine]
            thing = handles.object_of_geom[other]
            carrier = handles.object_of_geom[mine]
            who = AGENT if hand else carried[carrier] if carrier >= 0 else None
            if who is None:
                continue
            if thing >= 0:
                carried[thing] = who
            control = handles.control_of_geom[other]
            if control >= 0:
                touched.add(control)
                points.append((control, contact.pos[k]))
    return touched, points


def pressed_widget(
    screen: ScreenHandle, data: mujoco.MjData, points: Sequence[np.ndarray], value: Callable[[str], Value]
) -> str:
    """The widget under a touch at these points of the world; "" for none. value: what a signal is now."""
    local = data.geom_xmat[screen.geom].reshape(3, 3).T @ (sum(points) / len(points) - data.geom_xpos[screen.geom])
    u, v = local[0] / screen.size[0] + 0.5, 0.5 - local[1] / screen.size[1]
    values = {name: value(signal) for name, signal in screen.signals.items()}
    return hit(screen.screen, values, float(u), float(v))
