"""The explorer in real episodes."""

from __future__ import annotations

from typing import Any

import pytest
from switch_bench.baselines.explorer import Policy


def test_it_finds_out_which_breaker_feeds_a_push_and_leaves_the_others_on(play: Any) -> None:
    verdict, count = play(Policy(), "utility.find_stairs_breaker-v1", 11)
    assert verdict.success, verdict.words
    assert {part.name: part.value for part in verdict.parts}["honesty"] is True
    assert count < 120


def test_it_puts_back_a_switch_that_lit_another_lamp(play: Any) -> None:
    policy = Policy()
    verdict, _ = play(policy, "kitchen.sink_light-v1", 4)
    assert verdict.success, verdict.words
    assert policy.mind is not None
    told = [" ".join(trial.changed) for trial in policy.mind.table]
    assert any("sink" in line and "dark" in line for line in told)  # what the first trial showed


def test_it_says_that_a_thing_cant_be_done_after_it_has_looked(play: Any) -> None:
    verdict, _ = play(Policy(), "utility.landing_stays_dark-v1", 2)
    assert verdict.success, verdict.words


def test_it_reports_nothing_where_it_understands_nothing() -> None:
    policy = Policy()
    obs = {"elements": '{"rooms": [], "things": []}', "sounds": [0] * 20, "proprio": [0.0] * 17}
    policy.reset("", 0, {})
    assert policy(obs | {"instruction": "Sing me a song."}, {"elapsed_us": 0}) is None


@pytest.mark.slow
def test_the_same_seed_gives_the_same_episode(play: Any) -> None:
    first = play(Policy(), "home.find_breaker-v1", 7)
    again = play(Policy(), "home.find_breaker-v1", 7)
    assert first[1] == again[1]
    assert first[0].to_dict() == again[0].to_dict()
    assert first[0].success, first[0].words
