"""A world with a body's controls in hand: control steps, waits, and the record of all that was done."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from switch_bench.bodies.command import DeltaPose
from switch_bench.trace.schema import Claim, Trace, View
from switch_bench.world.manifest import manifest
from switch_bench.world.pictures import NONE, Camera
from switch_bench.world.poses import PoseLog
from switch_bench.world.room import Room
from switch_bench.world.world import TICK, World

CONTROL_HZ = (10, 20, 50)  # rates at which actions can be given
STRIDE = 5  # ticks a target stands at most: a slower action is carried out in several strides, so that it isn't jerky
NOTE_EVERY = 100  # ticks of control between two state hashes


class Stage:
    """Runs a world under `delta_pose` control and keeps the trace.

    control_hz: actions a second, of `CONTROL_HZ`. engine: what steps the world, of `physics.engine.ENGINES`. renderer:
    "auto", "egl", "osmesa" or "tiny"; which of them drew stands in the trace's manifest, "none" before the first.
    """

    def __init__(
        self,
        room: Room,
        *,
        control_hz: int = 20,
        notes: dict[str, Any] | None = None,
        engine: str = "mujoco",
        renderer: str = "auto",
    ):
        self.room = room
        self.world = World(room, engine=engine)
        self.dt = 1.0 / control_hz  # s, a control step
        ticks = round(1e6 * self.dt) // TICK
        self._strides = -(-ticks // STRIDE)
        self._ticks = ticks // self._strides
        self.law = DeltaPose(self._ticks * TICK * 1e-6)
        self._camera = Camera(renderer)
        self._manifest = manifest(room, {"renderer": NONE} | (notes or {}), self.world.engine)
        self.trace = Trace(manifest=self._manifest, signals=dict(self.world.network.info))
        self.rows: list[tuple[int, list[float]]] = []
        self._base: list[tuple[int, float, float, float]] = []
        self._controlled = 0  # ticks since the last hash
        self._q = slice(room.body_qpos, room.body_qpos + 13)
        self._v = slice(*room.body_dofs)
        self._u = slice(room.body_ctrl, room.body_ctrl + 12)
        self._poses = PoseLog(self.trace.poses)
        self._sight: Callable[[], Sequence[str]] | None = None
        self._keeps_inputs = False
        self._note()

    @property
    def now(self) -> int:
        """Simulated time [µs]."""
        return self.world.now

    def apply(self, action: Sequence[float]) -> None:
        """One control step: 12 numbers in −1..1."""
        if self._keeps_inputs:
            self.trace.inputs.append(["apply", [float(v) for v in action]])
        world = self.world
        data = world.data
        u = self._u
        for _ in range(self._strides):
            ctrl, q, v = data.ctrl[u].tolist(), data.qpos[self._q].tolist(), data.qvel[self._v].tolist()
            targets = self.law.step(action, ctrl, q, v)
            if targets != ctrl:
                data.ctrl[u] = targets
                self.rows.append((world.now, targets))
            world.run(self._ticks, (targets, q, v))
            self._controlled += self._ticks
        if self._controlled >= NOTE_EVERY:
            self._controlled = 0
            self._note()

    def wait(self, until: int) -> None:
        """Let time pass to `until` [µs], rounded up to a whole tick, jumping where nothing physical can happen."""
        self._input("wait", until)
        self.world.advance(-(-until // TICK) * TICK, jumps=self.trace.jumps)
        self._note()

    def report(self, what: str) -> None:
        """The agent's claim, which ends the episode."""
        self._input("report", what)
        self.trace.claim = Claim(self.now, what)

    def saw(self, camera: str, seen: Sequence[str], *, zoomed: bool = False) -> None:
        """Note what a delivered image shows; zoomed: taken through the longer lens."""
        self._input("look", zoomed)
        self.trace.views.append(View(self.now, camera, tuple(seen)))

    def watch(self, sight: Callable[[], Sequence[str]]) -> None:
        """From now on note once a second, and after each wait, what `sight` says is in the head camera's view."""
        self._sight = sight
        self.trace.sights.append(View(self.now, "head", tuple(sight())))

    def keep_inputs(self) -> None:
        """From now on keep in the trace all that is put into the world from outside, and the looks at it."""
        self._keeps_inputs = True

    def _input(self, what: str, value: Any) -> None:
        if self._keeps_inputs:
            self.trace.inputs.append([what, value])

    def did(self, action: Any) -> None:
        """Note an action as given to the environment (JSON-able)."""
        self.trace.actions.append((self.now, action))

    def note(self, name: str, what: Any) -> None:
        """Note in the trace's manifest what a policy has to say of the episode (JSON-able)."""
        self._manifest[name] = what

    def picture(self, camera: int | Any, size: tuple[int, int], kind: str = "rgb", *, fine: bool = False) -> np.ndarray:
        """A picture of `size` (width, height) px: "rgb", "depth" or "segmentation".

        Raises NoPicture where the renderer can't be had.
        """
        image = self._camera.picture(self.world, camera, size, kind, fine=fine)
        self._manifest["renderer"] = self._camera.name
        return image

    def finish(self) -> Trace:
        """The trace so far, complete up to now."""
        trace = self.trace
        if not trace.hashes or trace.hashes[-1][0] != self.now:
            self._input("read", None)  # a policy that reads its trace on the way has its state noted then
            self._note()
        rows = np.zeros((len(self.rows), 13))
        for i, (t, targets) in enumerate(self.rows):
            rows[i, 0], rows[i, 1:] = t, targets
        return replace(
            trace, end=self.now, events=list(self.world.network.log), targets=rows,
            base=np.array(self._base).reshape(-1, 4), views=list(trace.views), sights=list(trace.sights),
            poses=list(trace.poses), actions=list(trace.actions), inputs=list(trace.inputs), hashes=list(trace.hashes),
            jumps=list(trace.jumps),
        )  # fmt: skip

    def _note(self) -> None:
        self._hash()
        if self._sight is not None:
            self.trace.sights.append(View(self.now, "head", tuple(self._sight())))
        self._poses.note(self.world)
        q = self.world.data.qpos[self._q]
        row = (self.now, float(q[0]), float(q[1]), float(q[2]))
        if not self._base or self._base[-1][1:] != row[1:]:
            self._base.append(row)

    def _hash(self) -> None:
        self.trace.hashes.append((self.now, self.world.digest()))
