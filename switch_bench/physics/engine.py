"""What steps a room: MuJoCo, or another engine in its place, and what each tells of contacts and of what is awake.

The room is compiled once, to an MjModel; the state that the rest of switch_bench reads is an MjData, whichever engine
steps it. What only the engine can tell, `told` says, by MjData's own names: which geoms touch and where, and which
trees are awake. MuJoCo's `told` is the MjData itself, so that nothing is between it and its reader.
"""

from __future__ import annotations

from collections.abc import Mapping
from importlib.util import find_spec
from typing import Any, Protocol

import mujoco
import numpy as np

from switch_bench.spec.errors import did_you_mean

ENGINES = ("mujoco", "bullet")


class EngineError(RuntimeError):
    """An engine isn't known, isn't installed, or doesn't do what is asked of it; says which does."""


class Contacts(Protocol):
    """Pairs of geoms that touch. geom: (n, 2) ids; pos: (n, 3) where, in the world [m]."""

    geom: np.ndarray
    pos: np.ndarray


class Told(Protocol):
    """What an engine tells after a step. ncon: how many contacts. tree_awake: (trees,) 0 or 1; ntree_awake: its sum."""

    ncon: int
    ntree_awake: int
    tree_awake: np.ndarray

    @property
    def contact(self) -> Contacts:
        """The contacts."""
        ...


class Engine(Protocol):
    """Steps an MjData. facts: what a trace's manifest says of it."""

    name: str

    @property
    def told(self) -> Told:
        """What there is to tell since the last step: one object, that changes."""
        ...

    def step(self, model: mujoco.MjModel, data: mujoco.MjData, nstep: int) -> None:
        """Go on by `nstep` of the model's time steps."""
        ...

    def force(self, k: int) -> float:
        """The normal force [N] of the `k`-th contact that is told."""
        ...

    @property
    def facts(self) -> Mapping[str, Any]:
        """Version and settings, for the manifest."""
        ...


class MujocoEngine:
    """The reference: what is told is in the data."""

    name = "mujoco"
    step = staticmethod(mujoco.mj_step)
    facts: Mapping[str, Any] = {}  # the manifest's versions say it all

    def __init__(self, model: mujoco.MjModel, data: mujoco.MjData):
        self.model, self.told = model, data
        self._out = np.zeros(6)

    def force(self, k: int) -> float:
        """The normal force [N] of the `k`-th contact."""
        mujoco.mj_contactForce(self.model, self.told, k, self._out)
        return abs(float(self._out[0]))


def need(name: str) -> None:
    """Raise EngineError unless there is an engine of this name and it is installed."""
    if name not in ENGINES:
        raise EngineError(f"engine: unknown {name!r}. {did_you_mean(name, ENGINES)}")
    if name == "bullet" and find_spec("pybullet") is None:
        raise EngineError(
            "engine: 'bullet' needs PyBullet, which isn't installed. pip install 'switch-bench[bullet]' "
            "(it has wheels for Python 3.11 on Linux x86-64)"
        )


def start(name: str, model: mujoco.MjModel, data: mujoco.MjData) -> Engine:
    """The engine of this name, at the state that `data` has.

    Raises: EngineError if there is none of that name, or if it isn't installed.
    """
    if name == "mujoco":
        return MujocoEngine(model, data)
    need(name)
    from switch_bench.physics.bullet import BulletEngine

    return BulletEngine(model, data)


def only_mujoco(name: str, what: str) -> None:
    """Raise EngineError unless the engine is MuJoCo: what is asked for, only MuJoCo's worlds can do."""
    if name != "mujoco":
        raise EngineError(
            f'{what} is only to be had of MuJoCo, and this is run by {name!r}: run it with engine="mujoco"'
        )
