"""A film shows what is done at one pace, waits sped up, and isn't long."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from switch_bench.evaluate.tempo import LONGEST, WAIT, tempo
from switch_bench.trace.schema import Event, SignalInfo, Trace

S = 1_000_000


def trace(end, *, commands=(), presses=()):
    """An episode of `end` µs: the body is told something new at `commands`, keys are pressed at `presses`."""
    targets = np.array([[t, float(i)] for i, t in enumerate(commands)]).reshape(-1, 2)
    events = [Event(i, t, "panel.key", False, True, (), "hall", "agent") for i, t in enumerate(presses)]
    return Trace(
        manifest={},
        signals={"panel.key": SignalInfo("control", "hall", False)},
        events=events,
        end=end,
        targets=targets,
    )


def moving(since, until):
    return range(since, until, 50_000)


def test_a_short_episode_is_shown_as_fast_as_it_was():
    pace = tempo(trace(8 * S, commands=moving(0, 8 * S)))
    assert [(s.since, s.until, s.speed, s.wait) for s in pace.stretches] == [(0, 8 * S, 1, False)]
    assert pace.seconds == 8


def test_a_longer_one_is_shown_at_the_least_whole_pace_that_is_short_enough():
    pace = tempo(trace(40 * S, commands=moving(0, 40 * S)))
    assert {s.speed for s in pace.stretches} == {3}  # 40 s are 20 s at twice the pace, which is too long
    assert pace.seconds * 3 == 40


def test_a_wait_takes_little_of_the_film_and_says_how_fast_it_goes():
    pace = tempo(trace(610 * S, commands=moving(0, 5 * S), presses=(605 * S,)))
    wait = next(s for s in pace.stretches if s.wait)
    assert (wait.since, wait.until) == (5 * S - 50_000 + S // 2, 605 * S)  # half a second after the last command
    assert wait.seconds == WAIT
    assert wait.speed == (wait.until - wait.since) * 1e-6 / WAIT
    assert [s.wait for s in pace.stretches] == [False, True, False, True]


def test_commands_that_say_the_same_again_are_a_wait():
    still = trace(30 * S)
    still.targets = np.array([[t, 0.5] for t in moving(0, 30 * S)])
    assert any(s.wait for s in tempo(still).stretches)


def test_an_episode_of_no_length_has_a_film_of_none():
    pace = tempo(trace(0))
    assert pace.seconds == 0
    assert pace.at(0.0)[0] == 0


times = st.integers(0, 3600 * S)


@given(end=times, commands=st.lists(times, max_size=20), presses=st.lists(times, max_size=20))
def test_a_film_is_short_misses_nothing_and_never_goes_back(end, commands, presses):
    pace = tempo(trace(end, commands=sorted(t for t in commands if t <= end), presses=[t for t in presses if t <= end]))
    assert pace.seconds <= LONGEST + 1e-6
    assert pace.stretches[0].since == 0
    assert pace.stretches[-1].until == end
    for before, after in zip(pace.stretches, pace.stretches[1:], strict=False):
        assert before.until == after.since
        assert abs(before.at + before.seconds - after.at) < 1e-9
    shown = [pace.at(pace.seconds * i / 50)[0] for i in range(51)]
    assert shown == sorted(shown)
    assert abs(shown[-1] - end) <= max(1, pace.stretches[-1].speed)
