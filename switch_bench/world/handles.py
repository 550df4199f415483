"""Ids and addresses of everything the world reads or drives, resolved once: the only way from a name to an id."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import mujoco
import numpy as np

from switch_bench.controls.base import Readout, State
from switch_bench.controls.touchscreen import Touchscreen
from switch_bench.network.declare import Value
from switch_bench.physics.housing import Mounted
from switch_bench.screens.base import Screen


@dataclass(frozen=True)
class ReadoutHandle:
    """A readout in the compiled model. `signal` is its network signal; tree: index of its kinematic tree."""

    signal: str
    control: int
    states: tuple[State, ...]
    initial: int
    qpos: int
    dof: int
    tree: int
    detent: int  # actuator id, −1: none
    unlocks: int  # equality id, −1: none
    unlocks_when: tuple[Value, ...]


@dataclass(frozen=True)
class DriveHandle:
    """A control the device can move: the actuator of the drive signal's value pulls, the others let go."""

    signal: str
    control: int
    actuators: Mapping[Value, int]
    dofs: tuple[int, ...]


@dataclass(frozen=True)
class LockHandle:
    """A control the device can lock: bool signal → equality active."""

    signal: str
    equality: int
    dofs: tuple[int, ...]


@dataclass(frozen=True)
class ScreenHandle:
    """A touchscreen: its geom, half size [m], what is on it, and the signals its picture hangs on (local → global)."""

    signal: str
    control: int
    geom: int
    size: tuple[float, float]
    screen: Screen
    signals: Mapping[str, str]


@dataclass
class Handles:
    """All handles of a room."""

    controls: tuple[str, ...]
    mounted: tuple[Mounted, ...]
    readouts: tuple[ReadoutHandle, ...]
    drives: tuple[DriveHandle, ...]
    locks: tuple[LockHandle, ...]
    screens: tuple[ScreenHandle, ...]
    control_of_geom: list[int]  # −1: none
    hand_geom: list[bool]
    object_of_geom: list[int]  # free body index, −1: none
    objects: tuple[str, ...]
    object_body: tuple[int, ...]
    object_tree: tuple[int, ...]
    trees: np.ndarray = field(init=False)  # of every readout, then of every object
    by_control: list[list[int]] = field(init=False)
    by_signal: dict[str, int] = field(init=False)
    interlocks: dict[int, list[int]] = field(init=False)  # equality → readouts that release it

    def __post_init__(self):
        self.trees = np.array([*(r.tree for r in self.readouts), *self.object_tree], int)
        self.by_control = [
            [i for i, r in enumerate(self.readouts) if r.control == c] for c in range(len(self.controls))
        ]
        self.interlocks = {}
        for i, r in enumerate(self.readouts):
            if r.unlocks >= 0:
                self.interlocks.setdefault(r.unlocks, []).append(i)
        self.by_signal = {r.signal: i for i, r in enumerate(self.readouts)}


def resolve(
    model: mujoco.MjModel, mounted: Sequence[Mounted], hand_geoms: Sequence[str], objects: Sequence[str]
) -> Handles:
    """Resolve every name in the compiled model."""
    controls = tuple(m.name for m in mounted)
    control_of_geom = [-1] * model.ngeom
    object_of_geom = [-1] * model.ngeom
    readouts: list[ReadoutHandle] = []
    drives: list[DriveHandle] = []
    locks: list[LockHandle] = []
    screens: list[ScreenHandle] = []
    for c, item in enumerate(mounted):
        for geom in item.built.geoms:
            control_of_geom[model.geom(geom).id] = c
        for readout in item.built.readouts:
            readouts.append(_readout(model, item, c, readout))
        dofs = tuple(int(model.jnt_dofadr[model.joint(r.joint).id]) for r in item.built.readouts)
        control = item.control
        if control.drive is not None and item.built.drives:
            actuators = {value: model.actuator(name).id for value, name in item.built.drives.items()}
            drives.append(DriveHandle(f"{item.device}.{control.drive}", c, actuators, dofs))
        if control.locked_by is not None and item.built.lock is not None:
            locks.append(LockHandle(f"{item.device}.{control.locked_by}", model.equality(item.built.lock).id, dofs))
        if item.built.screen is not None and isinstance(control, Touchscreen):
            geom, size = item.built.screen
            names = {w.signal for p in control.screen.pages.values() for w in p.widgets if w.signal}
            names |= {w.enabled for p in control.screen.pages.values() for w in p.widgets if w.enabled}
            names.add(control.screen.page)
            signals = {n: f"{item.device}.{n}" for n in sorted(names)}
            screens.append(ScreenHandle(item.name, c, model.geom(geom).id, size, control.screen, signals))
    hand_geom = [False] * model.ngeom
    for geom in hand_geoms:
        hand_geom[model.geom(geom).id] = True
    bodies = tuple(model.body(name).id for name in objects)
    roots = {int(b): i for i, b in enumerate(bodies)}
    for geom in range(model.ngeom):
        body = int(model.geom_bodyid[geom])
        while body and body not in roots:
            body = int(model.body_parentid[body])
        if body in roots:
            object_of_geom[geom] = roots[body]
    return Handles(
        controls, tuple(mounted), tuple(readouts), tuple(drives), tuple(locks), tuple(screens), control_of_geom,
        hand_geom, object_of_geom, tuple(objects), bodies, tuple(int(model.body_treeid[b]) for b in bodies),
    )  # fmt: skip


def _readout(model: mujoco.MjModel, item: Mounted, control: int, readout: Readout) -> ReadoutHandle:
    joint = model.joint(readout.joint).id
    dof = int(model.jnt_dofadr[joint])
    return ReadoutHandle(
        signal=f"{item.device}.{readout.name}",
        control=control,
        states=readout.states,
        initial=readout.initial,
        qpos=int(model.jnt_qposadr[joint]),
        dof=dof,
        tree=int(model.dof_treeid[dof]),
        detent=-1 if readout.detent is None else model.actuator(readout.detent).id,
        unlocks=-1 if readout.unlocks is None else model.equality(readout.unlocks).id,
        unlocks_when=readout.unlocks_when,
    )


def locked(handles: Handles, equality: int, states: Sequence[int]) -> bool:
    """Whether a mechanism's own interlock holds: no readout that releases it reads one of the values that do."""
    return not any(
        handles.readouts[i].states[states[i]].value in handles.readouts[i].unlocks_when
        for i in handles.interlocks[equality]
    )
