"""Episodes as a Minari data set: observations and actions in the spaces of `SwitchEnv`, in HDF5, pictures as JPEG.

    data/main_data.hdf5, data/metadata.json

Minari reads it by its folder, `minari.MinariDataset("DIR/data")`, or by its id below `MINARI_DATASETS_PATH`.
"""

from __future__ import annotations

from collections.abc import Mapping
from importlib import metadata
from pathlib import Path
from typing import Any

import numpy as np
from gymnasium import spaces

from switch_bench.envs import act
from switch_bench.envs.observe import LETTERS, PROPRIO
from switch_bench.export.episode import Episode, Look

NEEDS = ("minari", "h5py", "PIL")
KEYS = {"head": "rgb", "wrist": "wrist_rgb"}  # camera → the environment's observation


class MinariSet:
    """A data set that is being written into an empty folder, an episode after the other."""

    def __init__(self, folder: Path, look: Look):
        from minari.dataset.minari_storage import MinariStorage  # pyright: ignore[reportMissingImports]

        self.look = look
        width, height = look.size
        picture = spaces.Box(0, 255, (height, width, 3), np.uint8)
        self.space = spaces.Dict(
            {
                **dict.fromkeys(KEYS.values(), picture),
                "proprio": spaces.Box(-np.inf, np.inf, (len(PROPRIO),), np.float32),
                "instruction": spaces.Text(min_length=1, max_length=600, charset=LETTERS),
            }
        )
        self._storage = MinariStorage.new(folder / "data", self.space, act.action_space("delta_pose"))
        self._tasks: set[str] = set()

    def add(self, episode: Episode) -> None:
        """Go through an episode and write it; its pictures are in memory meanwhile. Raises: as `Episode.frames`."""
        from minari.data_collector import EpisodeBuffer  # pyright: ignore[reportMissingImports]

        frames = list(episode.frames(self.look))
        count = len(episode.steps)
        last = np.arange(count) == count - 1
        claimed = episode.trace.claim is not None
        observations: dict[str, list[Any]] = {
            **{key: [frame.images[camera] for frame in frames] for camera, key in KEYS.items()},
            "proprio": [frame.state for frame in frames],
            "instruction": [episode.instruction] * len(frames),
        }
        facts = episode.facts
        self._storage.update_episodes(
            [
                EpisodeBuffer(
                    seed=facts["seed"],
                    observations=observations,
                    actions=[frame.action for frame in frames[:-1]],
                    rewards=episode.rewards.tolist(),
                    terminations=(last & claimed).tolist(),
                    truncations=(last & (not claimed)).tolist(),
                    infos={
                        "elapsed_us": np.array([frame.t for frame in frames], np.int64),
                        "step_s": np.array([0.0, *(step.seconds for step in episode.steps)]),
                        "is_success": np.array([False, *(last & episode.success)]),
                    },
                )
            ]
        )
        told = {name: facts[name] for name in ("task_id", "success", "claim", "seconds", "trace")}
        self._storage.update_episode_metadata([told], [self._storage.total_episodes - 1])
        self._tasks.add(episode.task)

    def close(self, about: Mapping[str, Any]) -> None:
        """Write what is told of all episodes."""
        tasks = ", ".join(sorted(self._tasks))
        self._storage.update_metadata(
            {
                "dataset_id": about["dataset_id"],
                "minari_version": metadata.version("minari"),
                "algorithm_name": about["policy"],
                "description": f"Episodes of switch_bench by {about['policy']}: {tasks}.",
                "requirements": [f"switch-bench=={about['versions']['switch_bench']}"],
                "switch_bench": dict(about),
            }
        )

    def abandon(self) -> None:
        """Nothing is left open between episodes."""
