"""The commands `compare` and `advise`, and the protocol at `eval`."""

import json
import re
from pathlib import Path

import pytest

DOCS = Path(__file__).parents[2] / "docs"
EVAL = ("eval", "--workers", "0", "--suite", "quick", "--no-pictures", "--episodes", "2")


@pytest.fixture
def runs(fake, run):
    for policy in ("Presser", "Idle"):
        assert run(*EVAL, "--policy", f"fake_policies:{policy}", "--out", policy).exit_code == 0


def test_compare_prints_tasks_and_what_they_come_to(runs, run):
    result = run("compare", "Presser", "Idle")
    assert result.exit_code == 0
    assert "a: fake_policies:Presser" in result.stdout
    assert "4/4  100 %" in result.stdout
    assert "4 pairs of the same task and seed: both succeeded in 0, only a in 4" in result.stdout
    assert "McNemar's exact p = 0.12." in result.stdout  # four coins on one side: 2 / 16


def test_compare_as_json_is_all_there_is_on_standard_output(runs, run):
    found = json.loads(run("compare", "Idle", "Presser", "--json").stdout)
    assert (found["a"], found["notes"]) == ("fake_policies:Idle", [])
    assert found["comparison"].items() >= {"n": 4, "only_a": 0, "only_b": 4, "difference": -1.0, "p": 0.125}.items()


def test_compare_takes_run_folders_only(runs, run):
    result = run("compare", "Presser", "elsewhere")
    assert result.exit_code == 2
    assert "elsewhere: is no run folder" in result.stderr


def test_advise_prints_numbers_and_widths(run):
    result = run("advise", "--rates", 0.5, 0.75, "--tasks", 10, "--power", 0.9)
    assert result.exit_code == 0
    assert "To tell 50 % from 75 % with a chance of 90 %" in result.stdout
    assert "each policy on episodes of its own: 77 each, 8 a task" in result.stdout  # R's power.prop.test: n = 76.7
    assert "all 10 tasks' episodes" in result.stdout


def test_the_page_of_statistics_shows_what_advise_prints(run):
    [said] = re.findall(r"```text\n(.*?)```", (DOCS / "statistics.md").read_text(), re.DOTALL)
    printed = run("advise", "--rates", "0.6", "0.7").stdout
    assert [line.rstrip() for line in said.splitlines()] == [line.rstrip() for line in printed.rstrip().splitlines()]


def test_the_page_of_the_protocol_shows_how_much_it_is(run):
    [said] = re.findall(r"```text\n(.*?)```", (DOCS / "protocol.md").read_text(), re.DOTALL)
    assert run("eval", "--policy", "NAME", "--protocol", "v1", "--dry-run").stdout == said


def test_advise_as_json_has_the_same(run):
    found = json.loads(run("advise", "--rates", 0.5, 0.75, "--power", 0.9, "--json").stdout)
    assert found.items() >= {"a": 0.5, "b": 0.75, "tasks": 42, "unpaired": 77}.items()
    assert [width["episodes"] for width in found["widths"]][-1] == 200


@pytest.mark.parametrize("words", [("0.5", "0.5"), ("0.5", "1.5"), ("nan", "0.5")])
def test_advise_refuses_what_cannot_be_told_apart(run, words):
    result = run("advise", "--rates", *words)
    assert result.exit_code == 2
    assert "two different rates between 0 and 1" in result.stderr


def test_a_dry_run_says_how_much_the_protocol_is_and_does_nothing(fake, run):
    result = run("eval", "--policy", "noop", "--protocol", "v1", "--dry-run")
    assert result.exit_code == 0
    assert result.stdout.startswith("150 episodes: 1 policy on 3 tasks, 50 each, seed 1203033310, protocol v1")
    assert not list(fake.iterdir())


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--protocol", "v1", "--episodes", "1"), "--episodes 1: protocol v1 fixes it at 50"),
        (("--protocol", "v1", "--seed", "0"), "--seed 0: protocol v1 fixes it at 1203033310"),
        (("--protocol", "v1", "--suite", "fake.lamp-v1"), "protocol v1 is played over a suite"),
        (("--protocol", "v9"), "there is no protocol 'v9'"),
    ],
)
def test_what_contradicts_the_protocol_is_refused(fake, run, words, said):
    result = run("eval", "--policy", "noop", "--workers", "0", *words)
    assert result.exit_code == 2
    assert said in result.stderr
    assert not list(fake.iterdir())


def test_a_policy_with_a_larger_budget_than_the_protocols_is_refused(fake, run):
    policy = "openai:m@http://127.0.0.1:1/v1?calls=500"
    result = run("eval", "--policy", policy, "--workers", "0", "--protocol", "v1")
    assert result.exit_code == 2
    assert "protocol v1 gives an episode 200 calls at most, and the policy takes 500" in result.stderr
