"""Logs of episodes that weren't so: each edit is found by running the episode again, whoever signed it."""

from __future__ import annotations

import copy
import json
from pathlib import Path
from typing import Any

import pytest
from hostile import FIRST, NUDGER, SECOND, Edit, Files, files, first_no, log, put, sealed, with_log

from switch_bench.envs.repeat import CLAIMS
from switch_bench.evaluate.episode import episode_seed
from switch_bench.submit import check, jobs

HORIZON = 30_000_000  # µs: of the task
SKILL = "explorer"
ORACLE = "oracle"


def no_of(found: Files, tmp_path: Path) -> jobs.No:
    """Why it isn't taken; it must not be."""
    no = first_no(put(tmp_path / "a.sbz", sealed(found)), tmp_path / "out")
    assert no is not None, "it was taken"
    assert not no.unverifiable
    assert no.said.isprintable()
    assert len(no.said) <= 500
    return no


def acting(action: Any, policy: str = NUDGER) -> Edit:
    """Put this in place of the first action."""

    def edit(told: dict[str, Any]) -> None:
        told["actions"][0][1] = action

    return edit


def test_what_these_tests_edit_is_taken_when_nothing_is(tmp_path: Path) -> None:
    for policy in (NUDGER, SKILL, ORACLE):
        path = put(tmp_path / "a.sbz", sealed(files(policy)))
        assert first_no(path, tmp_path / policy.replace(":", "-")) is None
    assert len(log()["actions"]) == 5
    assert log(SKILL)["actions"]
    assert log(ORACLE)["inputs"]
    assert log()["end"] == HORIZON


# ------------------------------------------------------------------ actions


@pytest.mark.parametrize(
    "action",
    [
        [0.0] * 11, [0.0] * 13, [], [0.0] * 100_000, 0.0, None, "0" * 12, ["0.5"] * 12, [True] * 12, [[0.0]] * 12,
        {str(n): 0.0 for n in range(12)}, [1e308] * 12, [1e39] + [0.0] * 11, [10**39] + [0.0] * 11, [None] * 12,
        {"verb": 0, "mark": 1, "amount": [0.0], "text": ""},
    ],
    ids=lambda action: repr(action)[:30],
)  # fmt: skip
def test_what_is_no_move(action: Any, tmp_path: Path) -> None:
    no = no_of(with_log(acting(action)), tmp_path)
    assert (no.code, no.where) == ("action", FIRST)
    assert "number 0" in no.said


@pytest.mark.parametrize(
    "change",
    [
        {"text": "x" * 10**6}, {"text": "\x1b[2J"}, {"text": "\u202e"}, {"text": None}, {"verb": -1}, {"verb": 99},
        {"verb": 10**39}, {"verb": True}, {"verb": "press"}, {"verb": 1.0}, {"mark": 10**9}, {"mark": -1},
        {"mark": [1]}, {"amount": []}, {"amount": [0.0, 0.0]}, {"amount": [4000.0]}, {"amount": [-1e300]},
        {"amount": "1"}, {"amount": 1.0}, {"amount": [True]}, {"amount": [[1.0]]}, {"extra": 1}, {"": {}},
    ],
    ids=lambda change: repr(change)[:30],
)  # fmt: skip
def test_what_is_no_skill(change: dict[str, Any], tmp_path: Path) -> None:
    action = log(SKILL)["actions"][0][1] | change
    assert no_of(with_log(acting(action), SKILL), tmp_path).code == "action"


def test_a_skill_without_one_of_its_parts(tmp_path: Path) -> None:
    whole = log(SKILL)["actions"][0][1]
    for part in whole:
        action = {name: value for name, value in whole.items() if name != part}
        assert no_of(with_log(acting(action), SKILL), tmp_path).code == "action"


def test_an_action_that_was_edited_comes_out_otherwise(tmp_path: Path) -> None:
    def further(told: dict[str, Any]) -> None:
        told["actions"][2][1][0] += 0.1

    assert no_of(with_log(further), tmp_path).code in ("state", "observation")

    def another(told: dict[str, Any]) -> None:
        told["actions"][0][1]["mark"] += 1

    assert no_of(with_log(another, SKILL), tmp_path).code in ("state", "observation", "action")


def test_actions_left_out_put_in_or_put_elsewhere(tmp_path: Path) -> None:
    def shorter(told: dict[str, Any]) -> None:
        del told["actions"][-1]

    def longer(told: dict[str, Any]) -> None:
        told["actions"].append(told["actions"][-1])

    def swapped(told: dict[str, Any]) -> None:
        told["actions"][0][1], told["actions"][1][1] = told["actions"][1][1], told["actions"][0][1]

    def later(told: dict[str, Any]) -> None:
        told["actions"][1][0] += 50_000

    for edit in (shorter, longer, swapped, later):
        assert no_of(with_log(edit), tmp_path).code in ("state", "action", "observation")


def test_actions_after_the_end(tmp_path: Path) -> None:
    def after(told: dict[str, Any]) -> None:
        told["actions"] += [[told["end"], told["actions"][0][1]]] * 3

    no = no_of(with_log(after, SKILL), tmp_path)
    assert (no.code, "after the end" in no.said) == ("action", True)


# ------------------------------------------------------------------ inputs of a privileged policy


@pytest.mark.parametrize(
    "given",
    [
        ["wait", -1], ["wait", 10**12], ["wait", HORIZON + 1], ["wait", 1.5e6], ["wait", True], ["wait", None],
        ["wait", "1000000"], ["wait", [1]], ["wait", 10**39], ["apply", [0.0] * 11], ["apply", None], ["apply", 5],
        ["apply", [1e308] * 12], ["look", 1], ["look", None], ["report", "success"], ["report", ["done"]],
        ["report", None], ["teleport", [0, 0, 0]], ["write", {"kettle.temperature": 100}], ["__class__", 1], ["", ""],
    ],
    ids=repr,
)  # fmt: skip
def test_what_is_no_input(given: list[Any], tmp_path: Path) -> None:
    def edit(told: dict[str, Any]) -> None:
        told["inputs"].insert(3, given)

    no = no_of(with_log(edit, ORACLE), tmp_path)
    assert (no.code, "number 3" in no.said) == ("action", True)


def test_inputs_that_wait_into_the_past_move_after_the_horizon_or_come_after_the_end(tmp_path: Path) -> None:
    move = ["apply", [0.0] * 12]

    def back(told: dict[str, Any]) -> None:
        told["inputs"] = [["wait", 2_000_000], ["wait", 1_000_000]]

    def past(told: dict[str, Any]) -> None:
        told["inputs"] = [["wait", HORIZON], move]

    def after(told: dict[str, Any]) -> None:
        told["inputs"] = [["report", "done"], move]

    for edit, said in ((back, "number 1"), (past, "after the horizon"), (after, "after the end")):
        no = no_of(with_log(edit, ORACLE), tmp_path)
        assert (no.code, said in no.said) == ("action", True)


@pytest.mark.parametrize("claim", CLAIMS)
def test_a_claim_put_in_comes_out_otherwise(claim: str, tmp_path: Path) -> None:
    def edit(told: dict[str, Any]) -> None:
        told["inputs"] = [["report", claim]]

    assert no_of(with_log(edit, ORACLE), tmp_path).code == "state"


def test_actions_beside_inputs(tmp_path: Path) -> None:
    """What a log holds is what was played: of a policy that plays by its inputs there are no actions."""

    def edit(told: dict[str, Any]) -> None:
        told["actions"] = [[0, [0.0] * 12]]

    assert no_of(with_log(edit, ORACLE), tmp_path).code == "action"

    def both(told: dict[str, Any]) -> None:
        told["inputs"] = [["apply", [0.0] * 12]]

    assert no_of(with_log(both), tmp_path).code in ("track", "action")


# ------------------------------------------------------------------ episodes


def test_an_episode_told_twice(tmp_path: Path) -> None:
    twice = files() | {SECOND: files()[FIRST]}
    no = no_of(twice, tmp_path)
    assert (no.code, no.where) == ("duplicate", SECOND)

    def relabelled(told: dict[str, Any]) -> None:
        told["episode"] = 1

    again = files() | {SECOND: with_log(relabelled)[FIRST]}
    assert no_of(again, tmp_path).code == "seed"

    def reseeded(told: dict[str, Any]) -> None:
        told.update(episode=1, seed=log(name=SECOND)["seed"])

    assert no_of(files() | {SECOND: with_log(reseeded)[FIRST]}, tmp_path).code in ("state", "observation")


def test_an_episode_of_another_seed(tmp_path: Path) -> None:
    """Seeds follow from the run's: nobody can pick those on which it went well."""

    def lucky(told: dict[str, Any]) -> None:
        told["seed"] = episode_seed(12, told["task"], 0)

    assert no_of(with_log(lucky), tmp_path).code == "seed"
    no = first_no(put(tmp_path / "a.sbz", sealed(files(), claim=lambda said: said.update(seed=12))), tmp_path / "o")
    assert no is not None
    assert no.code == "seed"


def test_an_episode_of_another_task(tmp_path: Path) -> None:
    def other(told: dict[str, Any]) -> None:
        told["task"] = "kitchen.boil_water-v1"

    assert no_of(with_log(other), tmp_path).code == "duplicate"


# ------------------------------------------------------------------ states and observations


def hashed(edit: Any) -> Edit:
    """Edit the list of states."""

    def whole(told: dict[str, Any]) -> None:
        told["hashes"] = edit(copy.deepcopy(told["hashes"]))

    return whole


@pytest.mark.parametrize(
    "edit",
    [
        lambda _: [],
        lambda found: found[:-1],
        lambda found: found[:1],
        lambda found: [*found, found[-1]],
        lambda found: [[t, ""] for t, _ in found],
        lambda found: [[t, digest[:8]] for t, digest in found],
        lambda found: [[t + 1, digest] for t, digest in found],
        lambda found: [*found[:-1], [found[-1][0], "0" * len(found[-1][1])]],
        lambda found: found[::-1],
        lambda found: [found[0]] * len(found),
    ],
)
@pytest.mark.parametrize("policy", [NUDGER, SKILL, ORACLE])
def test_states_are_all_there_whole_and_the_same(edit: Any, policy: str, tmp_path: Path) -> None:
    assert no_of(with_log(hashed(edit), policy), tmp_path).code == "state"


def test_no_states_and_no_actions_at_all(tmp_path: Path) -> None:
    def empty(told: dict[str, Any]) -> None:
        told.update(actions=[], hashes=[], observed=[], inputs=None, end=0)

    for policy in (NUDGER, SKILL, ORACLE):
        assert no_of(with_log(empty, policy), tmp_path).code == "state"


def test_another_end(tmp_path: Path) -> None:
    def edit(told: dict[str, Any]) -> None:
        told["end"] -= 1

    assert no_of(with_log(edit), tmp_path).code == "state"


@pytest.mark.parametrize(
    "edit",
    [
        lambda _: [],
        lambda found: found[:-1],
        lambda found: [["", ""] for _ in found],
        lambda found: [["0" * 16, drawn] for _, drawn in found],
        lambda found: found[::-1],
    ],
)
def test_what_it_saw_is_what_such_an_episode_shows(edit: Any, tmp_path: Path) -> None:
    def whole(told: dict[str, Any]) -> None:
        told["observed"] = edit(told["observed"])

    assert no_of(with_log(whole), tmp_path).code == "observation"


# ------------------------------------------------------------------ errors


def failed(told: dict[str, Any], **other: Any) -> bytes:
    """The log of an episode as one that ended in an error."""
    return json.dumps(
        {
            "format": "switch_bench.episode", "version": 1, "status": "error", "task": told["task"],
            "episode": told["episode"], "seed": told["seed"], "where": "policy", "type": "ValueError", "message": "no",
        } | other
    ).encode()  # fmt: skip


def test_a_failure_told_as_an_error_is_counted_where_everybody_sees_it(tmp_path: Path) -> None:
    """Nothing of an error can be run again: it may be a failure that is hidden. So it is told apart from the others."""
    found = sealed(files() | {SECOND: failed(log(name=SECOND))})
    verified = check.verify(put(tmp_path / "a.sbz", found), tmp_path / "out")
    assert (verified.episodes, verified.errors) == (1, 1)
    told = json.loads((tmp_path / "out" / "verification.json").read_text())
    assert (told["episodes"], told["errors"]) == (1, 1)
    assert json.loads((tmp_path / "out" / "results.json").read_text())["errors"] == 1


@pytest.mark.parametrize(
    "other",
    [
        {"message": "\x1b[2J"}, {"message": "\u202egnp.exe"}, {"message": "x" * 2001}, {"type": "A\nB"}, {"type": None},
        {"where": "\u2028"}, {"seed": 1}, {"episode": 0}, {"task": "a.b-v1"}, {"success": True}, {"status": "done"},
        {"hashes": []},
    ],
    ids=repr,
)  # fmt: skip
def test_an_error_s_log_is_held_to_the_same(other: dict[str, Any], tmp_path: Path) -> None:
    found = files() | {SECOND: failed(log(name=SECOND), **other)}
    assert no_of(found, tmp_path).code in ("schema", "seed", "duplicate")
