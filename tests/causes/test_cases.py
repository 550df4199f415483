"""The causal rule on small scenes: each has the verdict that a person would give, written down before it was run."""

from __future__ import annotations

import runpy
from functools import cache
from pathlib import Path

import pytest
from house import ANSWERS, Played, cases, played

from switch_bench.trace.hashing import digest
from switch_bench.trace.store import load, save
from switch_bench.world.judge import judge

CASES = {case.name: case for case in cases()}
DOCS = Path(__file__).parents[2] / "docs"
SAMPLE = ("a_press_lights", "both_at_once_by_the_push", "shedding_before_another_would", "forestalled_and_done_later")


@cache
def outcome(name: str) -> Played:
    """A case, played and judged once."""
    return played(CASES[name])


@pytest.mark.parametrize("name", CASES)
def test_the_verdict_is_as_written(name: str) -> None:
    case, verdict = CASES[name], outcome(name).verdict
    assert verdict.part("temporal").value is True, verdict.words
    assert verdict.part("causal").value is ANSWERS[case.verdict], f"{case.says}\n{verdict.words}"


def test_there_are_many_and_where_rule_and_person_differ_it_says_why() -> None:
    assert len(CASES) >= 30
    differ = [case for case in CASES.values() if case.verdict != case.person]
    assert all(case.why for case in differ)
    assert len(differ) <= 3


def test_no_case_that_a_person_denies_is_credited() -> None:
    assert not [c.name for c in CASES.values() if c.person == "not caused" and c.verdict == "caused"]


@pytest.mark.parametrize("name", SAMPLE)
def test_judging_again_gives_the_same_and_leaves_the_trace_alone(name: str, tmp_path: Path) -> None:
    first = outcome(name)
    before = digest(first.trace)
    again = judge(first.goal, first.room, first.trace)
    assert again == first.verdict
    assert digest(first.trace) == before
    save(first.trace, tmp_path / "episode")
    assert judge(first.goal, first.room, load(tmp_path / "episode")) == first.verdict


def test_a_proved_episode_has_the_same_verdict() -> None:
    first = outcome("two_hands_on_one_rocker")
    assert judge(first.goal, first.room, first.trace, prove=True) == first.verdict


def test_the_docs_list_every_case_as_it_is() -> None:
    text = (DOCS / "causes.md").read_text(encoding="utf-8")
    written = runpy.run_path(str(DOCS / "write_causes.py"))["page"](text)
    assert text == written, "run `make docs`"
    assert text.count("\n| ") > len(CASES)
    missing = {c.source for c in CASES.values() if "- {} ({}), ".format(*c.source.rsplit(" ", 1)) not in text}
    assert not missing, "not among the page's sources"
