"""The vision baseline in real episodes."""

from __future__ import annotations

from typing import Any

import pytest
from switch_bench.baselines.vision import Policy

pytestmark = pytest.mark.gl


def test_it_reads_which_switch_is_for_the_lamp_and_sees_that_it_became_brighter(play: Any) -> None:
    policy = Policy()
    verdict, count = play(policy, "utility.worktop_light_on-v1", 1, variation="none")
    assert verdict.success, verdict.words
    assert policy.mind is not None
    assert [trial.changed for trial in policy.mind.table] == [("it is brighter",)]
    assert count < 120


@pytest.mark.slow
def test_it_pauses_a_microwave_by_what_is_printed_on_its_keys(play: Any) -> None:
    verdict, _ = play(Policy(), "kitchen.pause_microwave-v1", 1)
    assert verdict.success, verdict.words
