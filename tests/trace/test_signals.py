"""Looking into a trace: values at times, what led to an event, and how things were at a time."""

from __future__ import annotations

import numpy as np
import pytest

from switch_bench.network.flow import Anchor
from switch_bench.trace.schema import Claim, Event, Pose, SignalInfo, Trace, View
from switch_bench.trace.signals import Signals, UnknownSignalError, ancestors, prefix

START, LATER = Anchor(0, 20.0, 1.0), Anchor(5_000_000, 25.0)

TRACE = Trace(
    manifest={},
    signals={
        "switch.key": SignalInfo("control", "hall", False),
        "lamp.lit": SignalInfo("output", "hall", False),
        "pan.heat": SignalInfo("flow", "hall", START, "degC"),
    },
    events=[
        Event(0, 1_000_000, "switch.key", False, True, (), "hall", "agent"),
        Event(1, 1_000_000, "lamp.lit", False, True, (0,), "hall", None),
        Event(2, 1_000_000, "lamp.lit", True, False, (0,), "hall", None),
        Event(3, 2_000_000, "lamp.lit", False, True, (1,), "hall", None),
        Event(4, 5_000_000, "pan.heat", START, LATER, (3,), "hall", None),
    ],
    end=9_000_000,
    claim=Claim(9_000_000, "done"),
    views=[View(0, "head", ()), View(6_000_000, "head", ("lamp.lit",))],
    poses=[
        Pose(0, "cup", (0, 0, 0), (1, 0, 0, 0), "hall", "table"),
        Pose(4_000_000, "cup", (1, 0, 0), (1, 0, 0, 0), "hall", "tray"),
    ],
    targets=np.array([[0.0, 1.0], [3_000_000.0, 2.0]]),
    jumps=[(3_000_000, 8_000_000)],
)
SIGNALS = Signals.of(TRACE)


def test_a_value_is_the_one_after_the_instants_events():
    assert [SIGNALS.value("lamp.lit", t) for t in (0, 999_999, 1_000_000, 1_999_999, 2_000_000)] == [
        False,
        False,
        False,
        False,
        True,
    ]


def test_a_flow_is_evaluated_from_its_anchor():
    assert SIGNALS.value("pan.heat", 3_000_000) == 23.0
    assert SIGNALS.value("pan.heat", 7_000_000) == 25.0
    assert SIGNALS.pieces("pan.heat", 4_000_000, 6_000_000) == [
        (4_000_000, 5_000_000, START),
        (5_000_000, 6_000_000, LATER),
    ]


def test_a_step_signal_has_no_pieces():
    with pytest.raises(TypeError, match="no flow"):
        SIGNALS.pieces("lamp.lit", 0, 10)


def test_changes_and_last_events():
    assert SIGNALS.changes("lamp.lit") == [1_000_000, 2_000_000]
    assert SIGNALS.last_event("lamp.lit", 1_500_000) == TRACE.events[2]
    assert SIGNALS.last_event("lamp.lit", 999_999) is None
    assert [e.id for e in SIGNALS.events("lamp.lit")] == [1, 2, 3]


def test_an_unknown_name_comes_with_its_neighbours():
    with pytest.raises(UnknownSignalError, match=r"did you mean lamp\.lit"):
        SIGNALS.value("lamp.light", 0)
    with pytest.raises(UnknownSignalError, match="no object 'kup'"):
        SIGNALS.pose("kup", 0)


def test_poses():
    assert SIGNALS.pose("cup", 3_999_999).on == "table"
    assert SIGNALS.pose("cup", 4_000_000).on == "tray"
    assert SIGNALS.objects == ["cup"]


def test_ancestors_are_all_that_led_to_an_event():
    assert ancestors(TRACE, 4) == (0, 1, 3, 4)
    assert ancestors(TRACE, 2, 0) == (0, 2)


def test_the_prefix_is_the_trace_as_it_was():
    past = prefix(TRACE, 4_000_000)
    assert [e.id for e in past.events] == [0, 1, 2, 3]
    assert (past.end, past.claim, len(past.views), len(past.poses), len(past.targets)) == (4_000_000, None, 1, 2, 2)
    assert prefix(TRACE, 9_000_000) is TRACE
