"""Episodes as a LeRobotDataset v3.0: Parquet tables, films, and the tables and figures of `meta/`.

    meta/info.json, meta/stats.json, meta/tasks.parquet
    meta/episodes/chunk-000/file-000.parquet
    data/chunk-000/file-000.parquet
    videos/observation.images.head/chunk-000/file-000.mp4

Many episodes are in one file, one after the other; a new file begins where the one before has reached its size.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import numpy as np

from switch_bench.envs.observe import PROPRIO
from switch_bench.export.episode import CAMERAS, Episode, Look
from switch_bench.export.stats import Stats, of_numbers, of_pictures, sampled, together
from switch_bench.export.video import Video, facts

VERSION = "v3.0"
ROBOT = "switch_bench_hand"
CHUNK = 1000  # files in a folder
DATA_MB, VIDEO_MB = 100, 200  # a file's size, about
FILE = "chunk-{chunk_index:03d}/file-{file_index:03d}"
DATA, VIDEO = f"data/{FILE}.parquet", f"videos/{{video_key}}/{FILE}.mp4"
EPISODES, TASKS = f"meta/episodes/{FILE}.parquet", "meta/tasks.parquet"
NEEDS = ("pyarrow", "av")
ACTIONS = (
    "hand forward", "hand left", "hand up", "hand about x", "hand about y", "hand about z", "grip", "base forward",
    "base left", "base counter-clockwise", "head left", "head down",
)  # fmt: skip
IMAGES = {camera: f"observation.images.{camera}" for camera in CAMERAS}
COLUMNS = {  # name → (dtype, names of its numbers; None for a single one)
    "observation.state": ("float32", PROPRIO),
    "action": ("float32", ACTIONS),
    "next.reward": ("float32", None),
    "next.done": ("bool", None),
    "next.success": ("bool", None),
    "elapsed_s": ("float32", None),
    "step_s": ("float32", None),
    "timestamp": ("float32", None),
    "frame_index": ("int64", None),
    "episode_index": ("int64", None),
    "index": ("int64", None),
    "task_index": ("int64", None),
}


class LeRobotSet:
    """A data set that is being written into an empty folder, an episode after the other."""

    def __init__(self, folder: Path, look: Look):
        self.folder, self.look = folder, look
        self._tasks: dict[str, int] = {}
        self._rows: list[dict[str, Any]] = []
        self._stats: list[dict[str, Stats]] = []
        self._data: Any = None
        self._data_at = -1
        self._videos: dict[str, Video] = {}
        self._video_at = dict.fromkeys(IMAGES.values(), -1)
        self._frames = 0

    def add(self, episode: Episode) -> None:
        """Go through an episode and write it. Raises: as `Episode.frames`."""
        count = len(episode.steps)
        files = {camera: self._video(key) for camera, key in IMAGES.items()}
        begins = {camera: film.frames for camera, film in files.items()}
        kept: dict[str, list[np.ndarray]] = {camera: [] for camera in IMAGES}
        chosen = sampled(count)
        states, actions = [], []
        for i, frame in enumerate(episode.frames(self.look)):
            if frame.action is None:
                break
            states.append(frame.state)
            actions.append(frame.action)
            for camera, film in files.items():
                film.add(frame.images[camera])
                if i in chosen:
                    kept[camera].append(frame.images[camera])
        columns = self._columns(episode, np.array(states), np.array(actions))
        stats = {name: of_numbers(values) for name, values in columns.items()}
        stats |= {IMAGES[camera]: of_pictures(pictures) for camera, pictures in kept.items()}
        chunk, file = self._write(columns)
        row: dict[str, Any] = {
            "episode_index": len(self._rows), "tasks": [episode.instruction], "length": count,
            "data/chunk_index": chunk, "data/file_index": file,
            "dataset_from_index": self._frames, "dataset_to_index": self._frames + count,
            "meta/episodes/chunk_index": 0, "meta/episodes/file_index": 0,
        }  # fmt: skip
        for camera, key in IMAGES.items():
            at, begin = self._video_at[key], begins[camera]
            row |= {
                f"videos/{key}/chunk_index": at // CHUNK, f"videos/{key}/file_index": at % CHUNK,
                f"videos/{key}/from_timestamp": begin / self.look.fps,
                f"videos/{key}/to_timestamp": (begin + count) / self.look.fps,
            }  # fmt: skip
        row |= {f"stats/{name}/{k}": v.tolist() for name, part in stats.items() for k, v in part.items()}
        self._rows.append(row | _told(episode))
        self._stats.append(stats)
        self._frames += count

    def close(self, about: Mapping[str, Any]) -> None:
        """Write what is told of all episodes; `about` goes into meta/switch_bench.json."""
        import pyarrow as pa  # pyright: ignore[reportMissingImports]
        import pyarrow.parquet as pq  # pyright: ignore[reportMissingImports]

        if self._data is not None:
            self._data.close()
        for film in self._videos.values():
            film.close()
        path = self.folder / EPISODES.format(chunk_index=0, file_index=0)
        path.parent.mkdir(parents=True)
        pq.write_table(pa.Table.from_pylist(self._rows), path)
        pq.write_table(_indexed(self._tasks), self.folder / TASKS)
        whole = {name: together([part[name] for part in self._stats]) for name in self._stats[0]}
        plain = {name: {k: v.tolist() for k, v in part.items()} for name, part in whole.items()}
        _json(self.folder / "meta/stats.json", plain)
        _json(self.folder / "meta/info.json", self._info())
        _json(self.folder / "meta/switch_bench.json", about)

    def abandon(self) -> None:
        """Close the files as they are; the folder is to be thrown away."""
        for file in (self._data, *self._videos.values()):
            if file is not None:
                file.close()

    # ------------------------------------------------------------------ own

    def _columns(self, episode: Episode, states: np.ndarray, actions: np.ndarray) -> dict[str, np.ndarray]:
        count = len(states)
        last = np.arange(count) == count - 1
        task = self._tasks.setdefault(episode.instruction, len(self._tasks))
        made = {
            "observation.state": states,
            "action": actions,
            "next.reward": episode.rewards,
            "next.done": last,
            "next.success": last & episode.success,
            "elapsed_s": np.array([s.t for s in episode.steps]) * 1e-6,
            "step_s": np.array([s.seconds for s in episode.steps]),
            "timestamp": np.arange(count) / self.look.fps,
            "frame_index": np.arange(count),
            "episode_index": np.full(count, len(self._rows)),
            "index": np.arange(self._frames, self._frames + count),
            "task_index": np.full(count, task),
        }
        return {name: np.asarray(made[name], dtype) for name, (dtype, _) in COLUMNS.items()}

    def _write(self, columns: Mapping[str, np.ndarray]) -> tuple[int, int]:
        """Add an episode's rows to the table; the numbers of its folder and file."""
        import pyarrow as pa  # pyright: ignore[reportMissingImports]
        import pyarrow.parquet as pq  # pyright: ignore[reportMissingImports]

        fields = []
        for name, (dtype, names) in COLUMNS.items():
            kind = {"float32": pa.float32(), "int64": pa.int64(), "bool": pa.bool_()}[dtype]
            fields.append(pa.field(name, kind if names is None else pa.list_(kind, len(names))))
        schema = pa.schema(fields)
        arrays = [
            pa.array(columns[f.name]) if f.type.num_fields == 0
            else pa.FixedSizeListArray.from_arrays(pa.array(columns[f.name].ravel()), f.type.list_size)
            for f in schema
        ]  # fmt: skip
        if self._data is None or Path(self._data.where).stat().st_size >= DATA_MB * 2**20:
            if self._data is not None:
                self._data.close()
            self._data_at += 1
            path = self._path(DATA, self._data_at)
            path.parent.mkdir(parents=True, exist_ok=True)
            self._data = pq.ParquetWriter(str(path), schema)
        self._data.write_table(pa.Table.from_arrays(arrays, schema=schema))
        return self._data_at // CHUNK, self._data_at % CHUNK

    def _video(self, key: str) -> Video:
        """The film that the next episode's pictures go to."""
        film = self._videos.get(key)
        if film is None or film.bytes >= VIDEO_MB * 2**20:
            if film is not None:
                film.close()
            self._video_at[key] += 1
            film = Video(self._path(VIDEO, self._video_at[key], key), self.look.fps, self.look.size)
            self._videos[key] = film
        return film

    def _path(self, form: str, at: int, key: str = "") -> Path:
        return self.folder / form.format(chunk_index=at // CHUNK, file_index=at % CHUNK, video_key=key)

    def _info(self) -> dict[str, Any]:
        width, height = self.look.size
        features: dict[str, Any] = {
            name: {"dtype": dtype, "shape": [1 if names is None else len(names)], "names": names and list(names)}
            for name, (dtype, names) in COLUMNS.items()
        }
        for key in IMAGES.values():
            features[key] = {
                "dtype": "video", "shape": [height, width, 3], "names": ["height", "width", "channels"],
                "info": facts(self._path(VIDEO, 0, key), self.look.fps),
            }  # fmt: skip
        return {
            "codebase_version": VERSION, "robot_type": ROBOT, "total_episodes": len(self._rows),
            "total_frames": self._frames, "total_tasks": len(self._tasks), "chunks_size": CHUNK,
            "data_files_size_in_mb": DATA_MB, "video_files_size_in_mb": VIDEO_MB, "fps": self.look.fps,
            "splits": {"train": f"0:{len(self._rows)}"}, "data_path": DATA, "video_path": VIDEO, "features": features,
        }  # fmt: skip


def _told(episode: Episode) -> dict[str, Any]:
    """What the table of episodes tells of one beside what LeRobot asks for."""
    told = episode.facts
    return {name: told[name] for name in ("task_id", "seed", "success", "claim", "seconds")}


def _indexed(tasks: Mapping[str, int]) -> Any:
    """The table of tasks, its text being the index, as pandas writes and reads one."""
    import pyarrow as pa  # pyright: ignore[reportMissingImports]

    table = pa.table({"task_index": pa.array(list(tasks.values()), pa.int64()), "task": pa.array(list(tasks))})
    column = {"metadata": None, "numpy_type": "int64", "pandas_type": "int64"}
    words = {"metadata": None, "numpy_type": "object", "pandas_type": "unicode"}
    note = {
        "index_columns": ["task"],
        "column_indexes": [],
        "columns": [
            {"name": "task_index", "field_name": "task_index", **column},
            {"name": "task", "field_name": "task", **words},
        ],
        "creator": {"library": "pyarrow", "version": pa.__version__},
        "pandas_version": "2.0.0",
    }  # fmt: skip
    return table.replace_schema_metadata({b"pandas": json.dumps(note).encode()})


def _json(path: Path, data: Mapping[str, Any] | Iterable[Any]) -> None:
    path.write_text(json.dumps(data, indent=4, ensure_ascii=False) + "\n")
