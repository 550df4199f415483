"""An episode as a learner gets it: what was seen before each step, what was done, and what came of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import numpy as np

from switch_bench.envs.observe import proprio
from switch_bench.evaluate import again
from switch_bench.export.steps import Step, cut
from switch_bench.export.walk import check, walk
from switch_bench.skills.sense import Sense
from switch_bench.spec.find import load_task
from switch_bench.trace.schema import Trace
from switch_bench.world.pictures import Camera
from switch_bench.world.room import Room
from switch_bench.world.stage import Stage
from switch_bench.world.world import World

CAMERAS = ("head", "wrist")


@dataclass(frozen=True)
class Look:
    """How an episode is looked at. size: (width, height) px. fps: steps a second. wait_frames: as in `steps.cut`."""

    size: tuple[int, int]
    fps: int
    wait_frames: int
    renderer: str = "auto"


@dataclass(frozen=True)
class Frame:
    """One instant, and the step that begins with it.

    t: [µs]. state: (17,) float32 proprio. images: camera → (height, width, 3) uint8. step, action: what was then done,
    (12,) float32 of `delta_pose`; None after the last step.
    """

    t: int
    state: np.ndarray
    images: Mapping[str, np.ndarray]
    step: Step | None
    action: np.ndarray | None


@dataclass(frozen=True)
class Episode:
    """An episode of a run folder, with what is needed to go through it again.

    record: its line of `episodes.jsonl`. instruction: what the agent was told. steps: what was done.
    """

    record: Mapping[str, Any]
    path: Path
    trace: Trace
    room: Room
    instruction: str
    steps: list[Step]

    @property
    def task(self) -> str:
        """The task's id."""
        return str(self.record["task"])

    @property
    def success(self) -> bool:
        """Whether the verdict is a success."""
        return self.record["success"] is True

    @property
    def rewards(self) -> np.ndarray:
        """(n,) float32: the environment's sparse reward, 1 at the last step of a success."""
        out = np.zeros(len(self.steps), np.float32)
        out[-1] = float(self.success)
        return out

    @property
    def facts(self) -> dict[str, Any]:
        """Where it comes from: what makes it again, and how it ended."""
        manifest = self.trace.manifest
        claim = self.trace.claim
        return {
            "task_id": self.task,
            "seed": int(self.record["seed"]),
            "variation": {stream: record["number"] for stream, record in manifest["variation"].items()},
            "faults": [list(fault) for fault in manifest["faults"]],
            "track": dict(manifest.get("track", {})),
            "success": self.success,
            "claim": claim.what if claim is not None else "",
            "seconds": self.trace.end * 1e-6,
            "trace": str(self.record["trace"]),
        }

    def frames(self, look: Look, cameras: tuple[str, ...] = CAMERAS) -> Iterator[Frame]:
        """The instants before each step, and the one after the last.

        Raises: NotReplayable where the episode comes out otherwise than recorded; NoPicture where there is no renderer.
        """
        by = Camera(look.renderer)
        model = self.room.model
        ids = {name: model.camera(f"{name}").id for name in cameras}
        steps: list[Step | None] = [*self.steps, None]
        times = [*(step.t for step in self.steps), self.trace.end]
        for t, step, world in zip(times, steps, walk(self.path, self.room, self.trace, times), strict=True):
            images = {name: by.picture(world, camera, look.size) for name, camera in ids.items()}
            action = None if step is None else step.action(world, look.fps)
            yield Frame(t, felt(self.room, world), images, step, action)


def felt(room: Room, world: World) -> np.ndarray:
    """(17,) float32: `proprio` of a world that no stage runs."""
    stage = cast(Stage, SimpleNamespace(room=room, world=world, dt=0.05))
    return proprio(stage, Sense(stage))


def read(folder: Path, record: Mapping[str, Any], look: Look) -> Episode:
    """An episode of a run folder by its line of `episodes.jsonl`.

    Raises: InputError where its trace can't be read or its files have changed; NotReplayable where this machine can't
    repeat it, or it can't be cut at that rate.
    """
    path = folder / str(record["trace"])
    trace = again.read(path)
    check(path, trace)
    room = again.room(path, trace)
    start = World(room).data.ctrl[room.body_ctrl : room.body_ctrl + 12].copy()
    steps = cut(trace, start, look.fps, look.wait_frames)
    return Episode(record, path, trace, room, load_task(str(record["task"])).instruction, steps)
