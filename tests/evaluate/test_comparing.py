"""Run folders compared."""

import json

import pytest

from switch_bench.evaluate.comparing import lines, notes, of_folders, points
from switch_bench.evaluate.errors import InputError
from switch_bench.evaluate.folder import RunFolder

SETTINGS = {
    "policy": "good",
    "seed": 5,
    "episodes": 3,
    "track": {"act": "skill", "obs": ["rgb"], "privileged": False},
    "versions": {"rules": "2", "mujoco": "3.17.0"},
    "tasks": {"lamp": "1/1", "kettle": "2/2"},
}


def run(path, outcomes, **changes):
    """A run folder. outcomes: task → a letter for each episode: s success, f failure, e error."""
    with RunFolder(path, SETTINGS | changes) as made:
        for task, letters in outcomes.items():
            for i, letter in enumerate(letters):
                played = {"status": "error"} if letter == "e" else {"status": "done", "success": letter == "s"}
                made.append({"task": task, "episode": i, "seed": 10 * SETTINGS["seed"] + i, **played})
    return path


def test_two_runs_are_compared_by_what_both_played(tmp_path):
    a = run(tmp_path / "a", {"lamp": "sss", "kettle": "sfe"})
    b = run(tmp_path / "b", {"lamp": "ffs", "kettle": "sf"}, policy="bad")
    found, about = of_folders(a, b)
    assert (found.n, found.both, found.only_a, found.neither, found.unpaired_a) == (5, 2, 2, 1, 1)
    assert about == {"a": "good", "b": "bad", "notes": []}
    said = lines(found, about)
    assert said[0] == (
        "5 pairs of the same task and seed: both succeeded in 2, only a in 2, only b in 0, neither in 1."
    )
    assert said[1].startswith("a − b over all pairs: +40.0 points, 95 % interval ")
    assert said[1].endswith("McNemar's exact p = 0.5.")  # two of two coins on one side, or on the other: 2 / 4
    assert said[2].startswith("a − b as the mean over tasks: +33.3 points, 95 % interval ")
    assert said[3] == "So much could be chance: on these episodes neither is shown to be better."
    assert said[4] == "Without a partner, and left out: 1 of a, 0 of b."


def test_errors_fail_or_are_left_out(tmp_path):
    a, b = run(tmp_path / "a", {"lamp": "ese"}), run(tmp_path / "b", {"lamp": "ssf"})
    assert (of_folders(a, b)[0].only_b, of_folders(a, b, strict=False)[0].n) == (1, 1)
    assert "Errors: 2 of a, 0 of b, counted as failures." in lines(*of_folders(a, b))
    assert "Errors: 2 of a, 0 of b, left out with their pairs." in lines(*of_folders(a, b, strict=False))


def test_who_is_better_is_said_where_it_is_more_than_chance(tmp_path):
    a, b = run(tmp_path / "a", {"lamp": "f" * 6}), run(tmp_path / "b", {"lamp": "s" * 6})
    said = lines(*of_folders(a, b))
    assert "On these episodes b is better, and by more than chance would explain." in said  # p = 2 / 64
    assert said[1].startswith("a − b over all pairs: −100.0 points")


def test_the_same_run_twice_is_the_same(tmp_path):
    a, b = run(tmp_path / "a", {"lamp": "sf"}), run(tmp_path / "b", {"lamp": "sf"})
    assert "They succeeded in the same episodes." in lines(*of_folders(a, b))


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"tasks": {"lamp": "1/1", "kettle": "2/3"}}, "the files of kettle have changed between these runs"),
        ({"versions": {"rules": "1", "mujoco": "3.17.0"}}, "rules 2 and 1 judge otherwise"),
    ],
)
def test_what_means_something_else_is_refused(tmp_path, changes, said):
    a, b = run(tmp_path / "a", {"lamp": "s"}), run(tmp_path / "b", {"lamp": "s"}, **changes)
    with pytest.raises(InputError, match=said):
        of_folders(a, b)


def test_runs_without_an_episode_in_common_are_refused(tmp_path):
    a = run(tmp_path / "a", {"lamp": "s"})
    b = run(tmp_path / "b", {}, seed=6)
    with pytest.raises(InputError, match=r"\(seeds 5 and 6\)\nhint: run both with the same --suite and --seed"):
        of_folders(a, b)


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"versions": {"rules": "2", "mujoco": "3.18.0"}}, "version of mujoco: 3.17.0 and 3.18.0"),
        ({"track": {"act": "skill", "obs": [], "privileged": False}}, "track's obs: rgb and nothing"),
        ({"protocol": "v1"}, "protocol: none and v1"),
        ({"episodes": 50}, "episodes: 3 and 50"),
        ({"record": {"limits": {"calls": 80}}}, "limits: none and (calls 80)"),
        ({"tasks": {"lamp": "1/1"}}, None),  # fewer tasks are no difference: only what both played counts
    ],
)
def test_what_else_differs_is_noted(changes, said):
    theirs = json.loads(json.dumps(SETTINGS | changes))
    assert notes(SETTINGS, theirs, where="here") == ([said] if said else [])


def test_an_episode_that_is_there_twice_is_told(tmp_path):
    a = run(tmp_path / "a", {"lamp": "s"})
    with RunFolder(a, SETTINGS) as more:
        more.append({"task": "lamp", "episode": 1, "seed": 50, "status": "done", "success": True})
    with pytest.raises(InputError, match="a: lamp with seed 50 is there twice"):
        of_folders(a, run(tmp_path / "b", {"lamp": "s"}))


def test_points_have_a_sign():
    assert (points(0.123), points(-0.05)) == ("+12.3 points", "−5.0 points")
