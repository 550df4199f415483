"""A room without draws, in which two runs can be compared to the tick."""

from __future__ import annotations

import pytest

from switch_bench.spec.find import load_task
from switch_bench.world.cast import room_for


@pytest.fixture(scope="module")
def noisy():
    """The flat, in which a remote's radio takes its time and loses some."""
    return room_for(load_task("home.light_to_read-v1"), variation="none")


def test_wires_and_people_take_their_mean_delay_and_nothing_is_lost(noisy):
    steady = noisy.steady()
    wires = list(zip(noisy.network.wires, steady.network.wires, strict=True))
    assert any(ours.jitter or ours.loss for ours, _ in wires)
    for ours, theirs in wires:
        assert (theirs.jitter, theirs.loss) == (0, 0.0)
        assert theirs.delay == ours.delay + ours.jitter // 2
    for ours, theirs in zip(noisy.network.scripts, steady.network.scripts, strict=True):
        assert (theirs.delay, theirs.jitter) == (ours.delay + ours.jitter // 2, 0)
    assert steady.missed == {}


def test_the_room_itself_is_left_as_it_was(noisy):
    before = noisy.network
    assert noisy.steady().network != before
    assert noisy.network is before
