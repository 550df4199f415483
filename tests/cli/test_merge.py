"""`eval --shard` and `merge`."""

import json

import pytest

from switch_bench.evaluate import merging

EVAL = ("eval", "--policy", "fake_policies:Presser", "--suite", "quick", "--episodes", "2", "--workers", "0")


@pytest.fixture(autouse=True)
def _of_the_fake_benchmark(monkeypatch):
    real = merging.merge
    monkeypatch.setattr(merging, "merge", lambda out, runs, screen: real(out, runs, screen, bench="fake_bench"))


def test_shares_are_merged_to_the_run_in_one_go(fake, run):
    for i in (1, 2):
        result = run(*EVAL, "--shard", f"{i}/2", "--out", f"share{i}")
        assert result.exit_code == 0
        assert "2 episodes to run" in result.stderr
    merged = run("merge", "whole", "share1", "share2")
    assert merged.exit_code == 0
    assert "4/4  100 %" in merged.stdout
    assert merged.stdout.rstrip().endswith("report: whole/report.html")
    assert json.loads((fake / "whole" / "results.json").read_text())["success"]["n"] == 4


def test_a_share_alone_is_no_run(fake, run):
    run(*EVAL, "--shard", "1/2", "--out", "share1")
    result = run("merge", "whole", "share1")
    assert result.exit_code == 2
    assert "2 of 4 episodes are missing" in result.stderr
    assert not (fake / "whole").exists()


@pytest.mark.parametrize("shard", ["3/2", "0/2", "1", "1/0", "a/b", "-1/2", "1/2/3"])
def test_a_share_that_is_none_is_refused(fake, run, shard):
    result = run(*EVAL, f"--shard={shard}", "--out", "share")
    assert result.exit_code == 2
    assert f"--shard {shard}: no such share" in result.stderr
    assert not (fake / "share").exists()


def test_options_of_many_episodes_reach_the_run(fake, run, monkeypatch):
    from switch_bench.evaluate import runner

    asked = []
    monkeypatch.setattr(runner, "evaluate", lambda request, screen: asked.append(request) or [])
    run(*EVAL, "--retries", "3", "--episode-timeout", "0", "--memory", "1.5", "--shard", "2/3")
    run(*EVAL)
    given, default = asked
    assert (given.retries, given.timeout, given.memory, given.shard) == (3, 0.0, 3 << 29, (2, 3))
    assert (default.retries, default.timeout, default.memory, default.shard, default.ray) == (0, None, None, None, "")
