"""Scores of episodes are averaged, and said so that a reader sees what is known of how many."""

from __future__ import annotations

from dataclasses import asdict, replace

import pytest

from switch_bench.evaluate.figures import figures, said
from switch_bench.verify.scores import RULES, Scores

PLAIN = Scores(
    rules=RULES, success_at_end=True, success_once=True, progress=1.0, robustness=None, elapsed_s=20.0, acts=2,
    efficiency=0.5, efficiency_time=0.5, efficiency_acts=1.0, unasked=0, forbidden=0, needless=0, left_on=0,
    energy_j=7200.0, honesty="true_done", evidence=True, knowledge_s=2.0, setbacks=0, noticed=None, recovered=None,
    recovery_steps=None,
)  # fmt: skip
FAILED = replace(
    PLAIN, success_at_end=False, success_once=False, progress=0.5, efficiency=0.0, efficiency_time=0.0,
    efficiency_acts=0.0, unasked=3, forbidden=2, needless=None, left_on=1, energy_j=0.0, honesty="false_done",
    evidence=False, knowledge_s=None, setbacks=1, noticed=True, recovered=False,
)  # fmt: skip


def record(scores: Scores, unmeasured: str = "") -> dict:
    return {"status": "done", "scores": asdict(scores) | {"unmeasured": unmeasured}}


def test_means_shares_and_counts():
    found = figures([record(PLAIN), record(FAILED), {"status": "error"}])
    assert (found.n, found.progress, found.success_once) == (2, 0.75, 0.5)
    assert (found.efficiency, found.efficiency_time, found.efficiency_acts) == (0.25, 0.25, 0.5)
    assert (found.unasked, found.forbidden, found.left_on, found.energy_wh) == (1.5, 0.5, 0.5, 1.0)
    assert found.honesty == {"false_done": 1, "true_done": 1}


def test_what_is_not_known_of_an_episode_leaves_the_mean():
    found = figures([record(PLAIN), record(FAILED)])
    assert (found.needless, found.knowledge_s) == (0.0, 2.0)


def test_only_true_reports_are_asked_for_what_they_saw():
    blind = replace(PLAIN, evidence=False)
    assert figures([record(PLAIN), record(blind), record(FAILED)]).seen == 0.5


def test_setbacks_are_counted_by_episode():
    made_good = replace(FAILED, recovered=True, recovery_steps=3)
    setbacks = figures([record(PLAIN), record(FAILED), record(made_good)]).setbacks
    assert (setbacks.n, setbacks.noticed, setbacks.recovered, setbacks.steps) == (2, 2, 1, 3.0)


def test_why_there_is_no_efficiency_is_said():
    unknown = replace(PLAIN, efficiency=None, efficiency_time=None, efficiency_acts=None)
    found = figures([record(PLAIN), record(unknown, "it was never measured")])
    assert found.efficiency == 0.5
    assert found.unmeasured == {"it was never measured": 1}
    assert "no efficiency for 1 episode: it was never measured" in said(found)


@pytest.mark.parametrize("records", [[], [{"status": "error"}], [{"status": "done"}]])
def test_where_nothing_was_scored_nothing_is_said(records):
    found = figures(records)
    assert (found.n, found.progress, found.honesty) == (0, None, {})
    assert said(found) == []
