"""The run folder."""

import json

import pytest

from switch_bench.evaluate.errors import InputError
from switch_bench.evaluate.folder import (
    SCHEMA_VERSION,
    RunFolder,
    check,
    read_episodes,
    settings_of,
    write_atomically,
)

SETTINGS = {"policy": "noop", "seed": 0, "track": {"act": "skill", "obs": []}, "tasks": {"a": "1", "b": "2"}}


def line(task, episode=0):
    return {"task": task, "episode": episode, "status": "done"}


def test_what_was_written_is_there_again(tmp_path):
    with RunFolder(tmp_path / "deep" / "run", SETTINGS) as run:
        run.append(line("a"))
        run.append(line("b", 1))
    with RunFolder(tmp_path / "deep" / "run", SETTINGS) as run:
        assert run.done() == {("a", 0), ("b", 1)}


def test_of_an_episodes_lines_the_last_one_counts(tmp_path):
    with RunFolder(tmp_path / "run", SETTINGS) as run:
        run.append(line("a") | {"status": "error"})
        run.append(line("b"))
        assert run.done() == {("a", 0), ("b", 0)}
        assert run.done(redo_errors=True) == {("b", 0)}
        assert run.redone == 0
        run.append(line("a"))
        assert run.done(redo_errors=True) == {("a", 0), ("b", 0)}
    with RunFolder(tmp_path / "run", SETTINGS) as run:
        assert [(r["task"], r["status"]) for r in run.episodes] == [("b", "done"), ("a", "done")]
        assert run.redone == 1
    assert read_episodes(tmp_path / "run") == run.episodes
    assert (tmp_path / "run" / "episodes.jsonl").read_text().count("\n") == 3


@pytest.mark.parametrize(
    "torn", ['{"task": "b", "epi', '{"task": "b"}', "\x00\x00\n", '{"task": "b", "episode": 0}\n', "[]\n"]
)
def test_a_torn_last_line_is_dropped(tmp_path, torn):
    with RunFolder(tmp_path / "run", SETTINGS) as run:
        run.append(line("a"))
    with (tmp_path / "run" / "episodes.jsonl").open("a") as file:
        file.write(torn)
    with RunFolder(tmp_path / "run", SETTINGS) as run:
        assert run.done() == {("a", 0)}
        run.append(line("b"))
    assert [record["task"] for record in read_episodes(tmp_path / "run")] == ["a", "b"]


def test_a_whole_line_without_its_end_is_done_again(tmp_path):
    with RunFolder(tmp_path / "run", SETTINGS) as run:
        run.append(line("a"))
    file = tmp_path / "run" / "episodes.jsonl"
    file.write_bytes(file.read_bytes()[:-1])
    with RunFolder(tmp_path / "run", SETTINGS) as run:
        assert run.done() == set()


def test_a_broken_line_in_the_middle_is_told_with_its_number(tmp_path):
    with RunFolder(tmp_path / "run", SETTINGS) as run:
        run.append(line("a"))
        run.append(line("b"))
    file = tmp_path / "run" / "episodes.jsonl"
    file.write_text(file.read_text().replace('{"task": "a"', "{task: a", 1))
    with pytest.raises(InputError, match=r"episodes\.jsonl:1"):
        check(tmp_path / "run", SETTINGS)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"seed": 1}, "seed: 0 there, 1 now"),
        ({"policy": "oracle"}, 'policy: "noop" there, "oracle" now'),
        ({"track": {"act": "pixel", "obs": []}}, 'track.act: "skill" there, "pixel" now'),
        ({"tasks": {"a": "1", "b": "3"}}, 'tasks.b: "2" there, "3" now'),
    ],
)
def test_a_run_with_other_settings_is_not_gone_on_with(tmp_path, change, said):
    with RunFolder(tmp_path / "run", SETTINGS) as run:
        run.append(line("a"))
    before = {path: path.read_bytes() for path in (tmp_path / "run").iterdir() if path.is_file()}
    with pytest.raises(InputError, match="other settings") as error:
        RunFolder(tmp_path / "run", {**SETTINGS, **change})
    assert said in str(error.value)
    assert {path: path.read_bytes() for path in (tmp_path / "run").iterdir() if path.is_file()} == before


def test_a_folder_with_other_things_is_left_alone(tmp_path):
    (tmp_path / "thesis.tex").write_text("…")
    with pytest.raises(InputError, match="no run of switch-bench"):
        RunFolder(tmp_path, SETTINGS)
    assert [path.name for path in tmp_path.iterdir()] == ["thesis.tex"]


def test_a_file_is_no_folder(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(InputError, match="is a file"):
        check(tmp_path / "file", SETTINGS)
    with pytest.raises(InputError, match="is a file"):
        check(tmp_path / "file" / "below" / "it", SETTINGS)


@pytest.mark.parametrize("text", ["{", "[1]"])
def test_broken_settings_are_told(tmp_path, text):
    (tmp_path / "run.json").write_text(text)
    with pytest.raises(InputError, match=r"run\.json"):
        check(tmp_path, SETTINGS)


def test_two_processes_do_not_write_to_one_folder(tmp_path):
    with RunFolder(tmp_path, SETTINGS), pytest.raises(InputError, match="another process"):
        RunFolder(tmp_path, SETTINGS)


def test_a_file_appears_whole(tmp_path):
    write_atomically(tmp_path / "x.json", json.dumps([1]))
    assert [path.name for path in tmp_path.iterdir()] == ["x.json"]
    assert json.loads((tmp_path / "x.json").read_text()) == [1]


OLDER = {"schema_version": 2, **SETTINGS}
NOW = {"schema_version": SCHEMA_VERSION, **SETTINGS, "protocol": "", "record": {"engine": "mujoco"}}


def test_a_folder_of_an_older_schema_is_gone_on_with_as_far_as_it_tells(tmp_path):
    with RunFolder(tmp_path, OLDER) as run:
        run.append(line("a"))
    with RunFolder(tmp_path, NOW) as run:
        assert run.done() == {("a", 0)}
        assert run.settings == OLDER  # it doesn't claim what nobody wrote down then
    with pytest.raises(InputError, match="seed: 0 there, 1 now"):
        check(tmp_path, NOW | {"seed": 1})


def test_a_folder_of_a_schema_to_come_is_refused(tmp_path):
    RunFolder(tmp_path, NOW | {"schema_version": SCHEMA_VERSION + 1}).__exit__(None, None, None)
    with pytest.raises(InputError, match="schema_version"):
        check(tmp_path, NOW)


def test_settings_of_a_folder_are_read_again(tmp_path):
    RunFolder(tmp_path / "noop", SETTINGS).__exit__(None, None, None)
    assert settings_of(tmp_path / "noop") == SETTINGS
    with pytest.raises(InputError, match="is no run folder\nhint: name one of the runs in it: noop"):
        settings_of(tmp_path)
    with pytest.raises(InputError, match="is no run folder\nhint: name a folder that `eval` wrote"):
        settings_of(tmp_path / "nothing")
