"""From a verified run folder to what is shown: all figures are those of the episodes in it."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
import verified

from switch_bench.evaluate import folder
from switch_bench.evaluate.errors import InputError
from switch_bench.evaluate.statistics import wilson
from switch_bench.leaderboard import gather, shown

LIGHT, BOIL = "kitchen.hob_light-v1", "kitchen.boil_water-v1"


@pytest.fixture(scope="module")
def oracle(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A run that solves two tasks."""
    return verified.run("oracle", (LIGHT, BOIL), tmp_path_factory.mktemp("oracle"))


@pytest.fixture(scope="module")
def idle(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One that solves neither, and whose first episode ended in an error."""
    made = verified.run("noop", (LIGHT, BOIL), tmp_path_factory.mktemp("idle"))
    lines = folder.read_episodes(made)
    kept = {name: lines[0][name] for name in ("task", "episode", "seed", "instruction")}
    error = {"where": "policy", "type": "ValueError", "message": "no " + "fingers " * 100, "traceback": "…"}
    lines[0] = kept | {"status": "error", "error": error}
    (made / "episodes" / f"{kept['task']}.{kept['episode']}.json").write_text(json.dumps(lines[0]))
    return made


def row(run: Path, **told: object) -> shown.Row:
    return verified.entry(run, "x", **told).row  # pyright: ignore[reportArgumentType]


def test_a_row_has_the_rate_of_the_episodes_and_what_the_signed_manifest_says(oracle: Path) -> None:
    found = row(oracle)
    assert found.rate == shown.Rate(n=2, k=2, rate=1.0, interval=wilson(2, 2))
    assert found.macro is not None
    assert found.macro.mean == 1.0
    assert (found.policy, found.suite, found.protocol) == ("oracle", "core", "v1")
    assert found.track == shown.Track(act="skill", obs=("proprio",), privileged=True)


def test_a_score_in_results_json_is_not_believed(oracle: Path, tmp_path: Path) -> None:
    forged = tmp_path / "forged"
    shutil.copytree(oracle, forged)
    results = json.loads((forged / "results.json").read_text())
    results["success"] |= {"k": 0, "rate": 0.0}
    (forged / "results.json").write_text(json.dumps(results))
    assert row(forged).rate == row(oracle).rate


@pytest.mark.parametrize("status", [status for status in shown.STATUSES if status not in shown.RANKED])
def test_a_score_that_nobody_recomputed_is_not_shown(oracle: Path, status: shown.Status) -> None:
    found = row(oracle, status=status)
    assert (found.rate, found.macro) == (None, None)
    page = gather.submission(oracle, found)
    assert (page.groups, page.episodes, page.parts) == ({}, (), {})
    with pytest.raises(KeyError):
        gather.episode(oracle, found, LIGHT, 0)


def test_an_error_counts_as_a_failure(idle: Path) -> None:
    found = row(idle)
    assert found.rate is not None
    assert (found.rate.k, found.rate.n) == (0, 2)
    page = gather.submission(idle, found)
    assert page.errors == 1
    [failed] = [e for e in page.episodes if e.outcome == "error"]
    assert failed.why.startswith("ValueError: no fingers")
    assert len(failed.why) == gather.LONGEST


def test_episodes_are_counted_in_each_group_their_task_is_in(oracle: Path) -> None:
    groups = gather.submission(oracle, row(oracle)).groups
    assert {group.name: group.rate.n for group in groups["task"]} == {LIGHT: 1, BOIL: 1}
    assert sum(group.rate.n for group in groups["level"]) == 2
    assert all(group.rate.k == group.rate.n for of in groups.values() for group in of)
    assert [group.name for group in groups["room"]] == ["galley_kitchen/kitchen"]


def test_a_task_that_this_version_no_longer_has_is_still_shown(oracle: Path, tmp_path: Path) -> None:
    old = tmp_path / "old"
    shutil.copytree(oracle, old)
    for file in (old / "episodes").glob(f"{LIGHT}.*.json"):
        file.write_text(file.read_text().replace(f'"task": "{LIGHT}"', '"task": "kitchen.gone-v1"'))
        file.rename(file.with_name(file.name.replace(LIGHT, "kitchen.gone-v1")))
    (old / "run.json").write_text((old / "run.json").read_text().replace(LIGHT, "kitchen.gone-v1"))
    groups = gather.submission(old, row(old)).groups
    assert [group.name for group in groups["task"]] == [BOIL, "kitchen.gone-v1"]


def test_the_parts_of_the_verdict_are_counted_where_they_were_judged(oracle: Path) -> None:
    parts = gather.submission(oracle, row(oracle)).parts
    assert list(parts) == ["temporal", "spatial", "causal", "effects", "honesty"]
    assert all((part.k, part.n) == (2, 2) for part in parts.values())


def test_an_episode_has_its_instruction_verdict_and_timeline(oracle: Path) -> None:
    found = gather.episode(oracle, row(oracle), LIGHT, 0)
    assert found.row.outcome == "success"
    assert found.instruction.startswith("Switch on the light over the hob")
    assert [part.name for part in found.parts if part.held] == ["temporal", "spatial", "causal", "effects", "honesty"]
    assert found.timeline.startswith('<svg class="timeline"')
    assert json.loads(found.verdict)["success"] is True
    assert (found.before, found.after) == (None, (BOIL, 0))


def test_a_film_and_its_picture_are_named_if_they_are_there(oracle: Path, tmp_path: Path) -> None:
    assert gather.episode(oracle, row(oracle), LIGHT, 0).video == ""
    filmed = tmp_path / "filmed"
    shutil.copytree(oracle, filmed)
    (filmed / "videos").mkdir()
    for ending in ("webm", "jpg"):
        (filmed / "videos" / f"{LIGHT}.0.{ending}").write_bytes(b"film")
    found = gather.episode(filmed, row(filmed), LIGHT, 0)
    assert (found.video, found.poster) == (f"videos/{LIGHT}.0.webm", f"videos/{LIGHT}.0.jpg")
    assert found.row.video


def test_an_episode_whose_trace_is_gone_still_has_its_verdict(oracle: Path, tmp_path: Path) -> None:
    bare = tmp_path / "bare"
    shutil.copytree(oracle, bare)
    shutil.rmtree(bare / "traces")
    found = gather.episode(bare, row(bare), LIGHT, 0)
    assert "no longer kept" in found.timeline
    assert found.parts


@pytest.mark.parametrize(("task", "number"), [("kitchen.none-v1", 0), (LIGHT, 1), ("../oracle", 0)])
def test_an_episode_that_is_not_there_is_a_named_error(oracle: Path, task: str, number: int) -> None:
    with pytest.raises(KeyError, match="episode"):
        gather.episode(oracle, row(oracle), task, number)


def test_two_submissions_are_compared_on_the_episodes_that_both_played(oracle: Path, idle: Path) -> None:
    found = gather.comparison(oracle, row(oracle), idle, row(idle))
    assert (found.paired, found.both, found.only_a, found.only_b, found.neither) == (2, 0, 2, 0, 0)
    assert found.difference == 1.0
    assert found.p == 0.5  # two pairs that differ, both to one side: 2 · (1/2)²
    assert {pair.task: (pair.a.k, pair.b.k) for pair in found.tasks} == {LIGHT: (1, 0), BOIL: (1, 0)}


def test_a_comparison_says_what_keeps_it_from_being_one(oracle: Path, idle: Path) -> None:
    note = gather.comparison(oracle, row(oracle), idle, row(idle)).note
    assert "different tracks (skill · proprio, privileged; delta_pose · proprio)" in note
    assert "an error count as failures: 0 of oracle, 1 of noop" in note


def test_two_that_are_alike_are_not_said_to_be_equal(oracle: Path) -> None:
    said = gather.comparison(oracle, row(oracle), oracle, row(oracle)).said
    assert "equally often" in said
    assert "doesn't prove" in said


def test_without_a_common_episode_nothing_is_said(oracle: Path, tmp_path: Path) -> None:
    other = verified.run("noop", (LIGHT,), tmp_path, seed=8)
    found = gather.comparison(oracle, row(oracle), other, row(other))
    assert (found.paired, found.difference, found.p) == (0, None, None)
    assert "nothing can be said" in found.said


def test_what_nobody_recomputed_is_not_compared(oracle: Path) -> None:
    with pytest.raises(InputError, match="nobody recomputed"):
        gather.comparison(oracle, row(oracle), oracle, row(oracle, status="self-reported"))


def test_a_run_that_was_not_verified_is_a_named_error(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="submit verify"):
        gather.row(tmp_path, id="x", submitter="a", status="replay-verified", submitted="2026-11-28T22:58:52Z")
