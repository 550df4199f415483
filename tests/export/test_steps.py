"""An episode is cut into steps without gaps, and a wait is told by a few of them."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest

from switch_bench.export.errors import NotReplayable
from switch_bench.export.steps import cut
from switch_bench.trace.schema import Trace

STEP = 50_000  # µs
HOME = np.zeros(12)


def trace(times: list[int], end: int, *, act: str = "skill", hz: int = 20, actions: tuple = ()) -> Trace:
    """A trace in which the k-th target is k + 1 on all axes."""
    rows = np.zeros((len(times), 13))
    rows[:, 0] = times
    rows[:, 1:] = np.arange(1, len(times) + 1)[:, None]
    manifest = {"track": {"act": act, "control_hz": hz}}
    return Trace(manifest, {}, targets=rows, end=end, actions=list(actions))


def moving(first: int, last: int) -> list[int]:
    return list(range(first, last, STEP))


@pytest.mark.parametrize("wait_frames", [0, 1, 7, 20])
def test_steps_abut_from_the_start_to_the_end(wait_frames):
    made = trace([*moving(0, 500_000), *moving(4_030_000, 4_530_000)], 9_000_000)
    steps = cut(made, HOME, 20, wait_frames)
    assert (steps[0].t, steps[-1].until) == (0, 9_000_000)
    assert all(a.until == b.t for a, b in pairwise(steps))
    assert all(s.t % 10_000 == 0 and s.until > s.t for s in steps)


def test_a_wait_is_told_by_so_many_steps_spread_over_it():
    made = trace([*moving(0, 500_000), *moving(4_500_000, 5_000_000)], 5_000_000)
    steps = cut(made, HOME, 20, 8)
    waited = [s for s in steps if s.until - s.t != STEP]
    assert [s.seconds for s in waited] == pytest.approx([0.5] * 8)
    assert len(steps) == 10 + 8 + 10
    assert all((s.targets == 10).all() for s in waited)


def test_a_wait_as_short_as_its_steps_is_told_as_it_was():
    made = trace([*moving(0, 100_000), *moving(500_000, 600_000)], 600_000)
    assert [s.until - s.t for s in cut(made, HOME, 20, 8)] == [STEP] * 12


def test_with_no_bound_a_wait_has_as_many_steps_as_it_lasts():
    assert len(cut(trace([0], 10_000_000), HOME, 20, 0)) == 200


def test_what_begins_between_two_steps_cuts_the_one_short():
    made = trace([0, 2_030_000], 2_080_000)
    steps = cut(made, HOME, 20, 4)
    assert (steps[-1].t, steps[-1].until) == (2_030_000, 2_080_000)
    assert (steps[-1].targets == 2).all()


def test_half_the_rate_takes_two_targets_in_a_step():
    made = trace(moving(0, 400_000), 400_000)
    assert [s.targets[0] for s in cut(made, HOME, 10, 0)] == [2, 4, 6, 8]


def test_before_the_first_target_the_body_is_as_it_began():
    first = cut(trace([100_000], 200_000), HOME - 3.0, 20, 0)[0]
    assert (first.targets == -3.0).all()


def test_what_a_policy_gave_is_told_as_given():
    given = tuple((t, [0.25] * 12) for t in (0, STEP))
    steps = cut(trace([0, STEP], 2 * STEP, act="delta_pose", actions=given), HOME, 20, 20)
    assert all(np.array_equal(s.given, np.full(12, 0.25, np.float32)) for s in steps)


def test_standing_still_by_actions_is_no_wait():
    given = tuple((t, [0.0] * 12) for t in moving(0, 3_000_000))
    steps = cut(trace([0], 3_000_000, act="delta_pose", actions=given), HOME, 20, 4)
    assert len(steps) == 60


@pytest.mark.parametrize(
    ("hz", "fps", "hint"), [(20, 50, "expected 10, 20"), (20, 15, "expected 10, 20"), (10, 20, "10")]
)
def test_a_rate_that_it_was_not_acted_at_is_refused(hz, fps, hint):
    with pytest.raises(NotReplayable, match=f"--fps {fps}: it was acted {hz} times a second\nhint: .*{hint}"):
        cut(trace([0], 500_000, hz=hz), HOME, fps, 20)
