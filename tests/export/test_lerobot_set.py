"""The tables, figures and films of a LeRobotDataset v3.0, read by what they are made of."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from rich.console import Console

from switch_bench.evaluate.folder import read_episodes
from switch_bench.export.episode import Episode, Look, read
from switch_bench.export.run import Request, export

pytestmark = [pytest.mark.learn, pytest.mark.gl]
LOOK = Look((96, 64), fps=20, wait_frames=20)
HEAD = "observation.images.head"


@pytest.fixture(scope="module")
def made(oracle, tmp_path_factory) -> Path:
    out = tmp_path_factory.mktemp("lerobot") / "set"
    export(Request(run=oracle, format="lerobot", out=out, look=LOOK), Console(quiet=True))
    return out


@pytest.fixture(scope="module")
def told(oracle) -> list[Episode]:
    return [read(oracle, record, LOOK) for record in read_episodes(oracle)]


def table(path: Path) -> dict[str, np.ndarray]:
    import pyarrow.parquet as pq

    return {k: np.array(v) for k, v in pq.read_table(path).to_pydict().items() if k != "tasks"}


def test_its_files_are_where_the_format_has_them(made):
    info = json.loads((made / "meta/info.json").read_text())
    assert info["codebase_version"] == "v3.0"
    at = {"chunk_index": 0, "file_index": 0}
    expected = [info["data_path"].format(**at), "meta/episodes/chunk-000/file-000.parquet", "meta/info.json"]
    expected += [info["video_path"].format(video_key=f"observation.images.{c}", **at) for c in ("head", "wrist")]
    expected += ["meta/stats.json", "meta/switch_bench.json", "meta/tasks.parquet"]
    assert sorted(p.relative_to(made).as_posix() for p in made.rglob("*") if p.is_file()) == sorted(expected)


def test_rows_are_the_steps(made, told):
    rows = table(made / "data/chunk-000/file-000.parquet")
    frames = [f for e in told for f in list(e.frames(LOOK, cameras=()))[:-1]]
    assert np.array_equal(rows["action"].astype(np.float32), np.array([f.action for f in frames]))
    assert np.array_equal(rows["observation.state"].astype(np.float32), np.array([f.state for f in frames]))
    assert rows["step_s"].sum() == pytest.approx(sum(e.trace.end for e in told) * 1e-6, rel=1e-5)
    ends = np.cumsum([len(e.steps) for e in told]) - 1
    assert np.flatnonzero(rows["next.done"]).tolist() == ends.tolist()
    assert np.flatnonzero(rows["next.success"]).tolist() == ends.tolist()
    assert rows["next.reward"].sum() == 2.0


def test_times_go_by_frames_from_each_episode_s_start(made, told):
    rows = table(made / "data/chunk-000/file-000.parquet")
    frames = np.concatenate([np.arange(len(e.steps)) for e in told])
    assert np.array_equal(rows["frame_index"], frames)
    assert rows["timestamp"] == pytest.approx(frames / 20.0)
    assert np.array_equal(rows["index"], np.arange(len(frames)))


def test_the_table_of_episodes_finds_their_rows_and_films(made, told):
    episodes = table(made / "meta/episodes/chunk-000/file-000.parquet")
    lengths = [len(e.steps) for e in told]
    assert episodes["length"].tolist() == lengths
    assert episodes["dataset_from_index"].tolist() == [0, lengths[0]]
    assert episodes["dataset_to_index"].tolist() == [lengths[0], sum(lengths)]
    assert episodes[f"videos/{HEAD}/from_timestamp"].tolist() == [0.0, lengths[0] / 20]
    assert episodes[f"videos/{HEAD}/to_timestamp"].tolist() == [lengths[0] / 20, sum(lengths) / 20]
    assert episodes["task_id"].tolist() == [e.task for e in told]


def test_tasks_are_the_instructions_as_pandas_has_an_index(made, told):
    import pyarrow.parquet as pq

    tasks = pq.read_table(made / "meta/tasks.parquet")
    assert tasks.to_pydict() == {"task_index": [0, 1], "task": [e.instruction for e in told]}
    assert json.loads(tasks.schema.metadata[b"pandas"])["index_columns"] == ["task"]


def test_films_show_what_the_cameras_saw(made, told):
    import av

    with av.open(str(made / f"videos/{HEAD}/chunk-000/file-000.mp4")) as film:
        decoded = list(film.decode(video=0))
    seen = [f.images["head"] for e in told for f in list(e.frames(LOOK, cameras=("head",)))[:-1]]
    assert len(decoded) == len(seen)
    assert [round(f.time * 20, 6) for f in decoded] == list(range(len(seen)))
    off = [np.abs(f.to_ndarray(format="rgb24").astype(int) - s).mean() for f, s in zip(decoded, seen, strict=True)]
    assert max(off) < 4.0  # of 255, by the codec


def test_statistics_are_those_of_the_columns(made):
    stats = json.loads((made / "meta/stats.json").read_text())
    rows = table(made / "data/chunk-000/file-000.parquet")
    action = np.asarray(rows["action"], float)
    for name, value in {
        "min": action.min(0),
        "max": action.max(0),
        "mean": action.mean(0),
        "std": action.std(0),
    }.items():
        assert stats["action"][name] == pytest.approx(value, abs=1e-6), name
    assert stats["action"]["count"] == [len(action)]
    assert np.shape(stats[HEAD]["mean"]) == (3, 1, 1)
    assert 0.0 <= stats[HEAD]["min"][0][0][0] < stats[HEAD]["q50"][0][0][0] < stats[HEAD]["max"][0][0][0] <= 1.0


def test_every_feature_is_a_column_or_a_film(made):
    info = json.loads((made / "meta/info.json").read_text())
    rows = table(made / "data/chunk-000/file-000.parquet")
    films = {name for name, f in info["features"].items() if f["dtype"] == "video"}
    assert info["features"].keys() - films == rows.keys()
    for name in info["features"].keys() - films:
        shape = rows[name].shape[1:] or (1,)
        assert tuple(info["features"][name]["shape"]) == shape
    assert info["features"][HEAD]["shape"] == [64, 96, 3]
    assert info["features"][HEAD]["info"]["video.codec"] == "h264"


def test_the_same_run_makes_the_same_set(made, oracle, tmp_path):
    export(Request(run=oracle, format="lerobot", out=tmp_path / "set", look=LOOK), Console(quiet=True))
    for path in sorted(p for p in made.rglob("*") if p.is_file()):
        other = tmp_path / "set" / path.relative_to(made)
        assert other.read_bytes() == path.read_bytes(), path.name
