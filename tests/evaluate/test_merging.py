"""Shares of a run, merged."""

import json
import shutil

import pytest
from rich.console import Console

from switch_bench.evaluate import merging, runner
from switch_bench.evaluate.errors import InputError
from switch_bench.evaluate.folder import read_episodes
from switch_bench.evaluate.runner import Request, evaluate

QUIET = Console(quiet=True)
EPISODES = 3


@pytest.fixture(autouse=True)
def _no_gl(monkeypatch):
    monkeypatch.setattr(runner.doctor, "settle_gl", lambda: "")


def play(out, policy="fake_policies:Presser", **changes):
    settings = {"suite": "quick", "episodes": EPISODES, "seed": 5, "workers": 0} | changes
    [done] = evaluate(Request(policies=(policy,), out=out, bench="fake_bench", **settings), QUIET)
    return done


@pytest.fixture
def shares(tmp_path):
    return [play(tmp_path / f"share{i}", shard=(i, 2)).folder for i in (1, 2)]


def merge(out, shares):
    return merging.merge(out, shares, QUIET, bench="fake_bench")


def lasting(folder):
    return [{k: v for k, v in record.items() if k not in merging.CLOCK} for record in read_episodes(folder)]


def kept(folder, part):
    return {file.name: file.read_bytes() for file in (folder / part).iterdir()}


def refused(out, shares):
    with pytest.raises(InputError) as error:
        merge(out, shares)
    assert not out.exists()
    return str(error.value)


def test_a_merged_run_equals_the_run_in_one_go(tmp_path, shares):
    merged = merge(tmp_path / "merged", shares)
    whole = play(tmp_path / "whole")
    assert [len(read_episodes(share)) for share in shares] == [3, 3]
    assert lasting(merged.folder) == lasting(whole.folder)
    assert len(kept(whole.folder, "traces")) == 6
    for part in ("traces", "frames"):
        assert kept(merged.folder, part) == kept(whole.folder, part)
    assert json.loads((merged.folder / "run.json").read_text()) == json.loads((whole.folder / "run.json").read_text())
    assert merged.results == whole.results
    assert (merged.folder / "report.html").is_file()
    assert (merged.folder / "episodes.jsonl").read_text().count("\n") == 6


def test_a_merged_run_is_gone_on_with_as_one(tmp_path, shares):
    merged = merge(tmp_path / "merged", shares)
    assert play(tmp_path / "merged").results == merged.results


def test_a_share_is_gone_on_with_as_that_share_only(tmp_path, shares):
    before = kept(shares[0], "episodes")
    play(shares[0], shard=(1, 2))
    assert kept(shares[0], "episodes") == before
    with pytest.raises(InputError, match='shard: "1/2" there, "2/2" now'):
        play(shares[0], shard=(2, 2))


def test_episodes_that_are_there_twice_and_agree_are_merged(tmp_path, shares):
    merged = merge(tmp_path / "merged", [*shares, play(tmp_path / "again", shard=(2, 2)).folder])
    assert merged.results == play(tmp_path / "whole").results


def test_the_count_of_what_was_played_again_is_kept(tmp_path, shares):
    file = shares[0] / "episodes" / "fake.lamp-v1.0.json"
    record = json.loads(file.read_text())
    file.write_text(json.dumps(record | {"attempt": 2, "earlier": [{"where": "worker", "type": "", "message": ""}]}))
    assert merge(tmp_path / "merged", shares).results.redone == 1


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"seed": 6}, "seed: 5 in {}, 6 here"),
        ({"policy": "fake_policies:Idle"}, "policy: "),
        ({"episodes": 4}, "episodes: 3"),
    ],
)
def test_runs_with_other_settings_are_refused_with_the_difference(tmp_path, shares, changes, said):
    other = play(tmp_path / "other", shard=(2, 2), **changes).folder
    message = refused(tmp_path / "merged", [shares[0], other])
    assert said.format(shares[0]) in message
    assert message.startswith(str(other))


def test_missing_episodes_are_listed(tmp_path, shares):
    message = refused(tmp_path / "merged", [shares[0]])
    assert "3 of 6 episodes are missing: fake.kettle-v1 0, fake.lamp-v1 1, fake.kettle-v1 2" in message
    assert "named were 1/2" in message


def test_a_missing_trace_is_told(tmp_path, shares):
    (shares[1] / "traces" / "fake.lamp-v1.1.npz").unlink()
    assert "fake.lamp-v1.1.npz: there is no such trace" in refused(tmp_path / "merged", shares)


@pytest.mark.parametrize("harm", ["record", "trace", "error"])
def test_episodes_that_are_there_twice_and_differ_are_refused(tmp_path, shares, harm):
    again = tmp_path / "again"
    shutil.copytree(shares[1], again)
    file = again / "episodes" / "fake.lamp-v1.1.json"
    record = json.loads(file.read_text())
    if harm == "record":
        file.write_text(json.dumps(record | {"success": False}))
    elif harm == "error":
        file.write_text(json.dumps(record | {"status": "error", "error": {"where": "worker", "message": ""}}))
    else:
        shutil.copyfile(again / "traces" / "fake.kettle-v1.0.npz", again / "traces" / "fake.lamp-v1.1.npz")
    message = refused(tmp_path / "merged", [*shares, again])
    assert "episode 1 of fake.lamp-v1 is there twice, and they differ" in message
    assert {"record": "success: true and false", "trace": "(trace: ", "error": 'status: "done" and "error"'}[
        harm
    ] in message


def test_what_is_no_run_or_is_there_already_is_refused(tmp_path, shares):
    assert "is no run folder" in refused(tmp_path / "merged", [*shares, tmp_path])
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "thesis.tex").write_text("…")
    with pytest.raises(InputError, match="is there already"):
        merge(tmp_path / "full", shares)
