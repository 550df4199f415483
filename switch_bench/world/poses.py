"""Where loose things lie: noted at the start, and again whenever one has moved on."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from switch_bench.trace.schema import Pose
from switch_bench.world.world import World

MOVED = 0.01  # m an object moves before its pose is noted again


@dataclass
class PoseLog:
    """Poses of a world's loose things, for its trace."""

    poses: list[Pose] = field(default_factory=list)
    _last: dict[str, np.ndarray] = field(default_factory=dict)

    def remember(self) -> None:
        """Take what is in the log already for what was noted last."""
        self._last = {p.name: np.array(p.position) for p in self.poses}

    def note(self, world: World) -> None:
        """Note every object that moved since it was noted last."""
        if world.now == 0 and not self._last:
            for pose in world.room.once("poses", lambda: self._moved(world)):
                self._last[pose.name] = np.array(pose.position)
                self.poses.append(pose)
        else:
            self.poses += self._moved(world)

    def _moved(self, world: World) -> list[Pose]:
        poses: list[Pose] = []
        room, data = world.room, world.data
        for i, (name, body) in enumerate(zip(room.handles.objects, room.handles.object_body, strict=True)):
            at = data.xpos[body]
            last = self._last.get(name)
            if last is not None and float(np.abs(at - last).max()) < MOVED:
                continue
            self._last[name] = at.copy()
            x, y, z = (float(v) for v in at)
            w, i_, j_, k_ = (float(v) for v in data.xquat[body])
            poses.append(
                Pose(
                    t=world.now, name=name, position=(x, y, z), quaternion=(w, i_, j_, k_), zone=room.zone_at(x, y),
                    on=room.support(data, i),
                )
            )  # fmt: skip
        return poses
