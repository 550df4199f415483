"""The floor plan in a trace: zones, boxes, and how far a sound reaches."""

from __future__ import annotations

from math import cos, radians, sin

from hypothesis import given
from hypothesis import strategies as st

from switch_bench.trace.places import Box, Doorway, Plan

PLAN = Plan.of(
    {
        "zones": {"hall": [[0, 0], [2, 2]], "den": [[2.1, 0], [4, 2]], "attic": [[2.1, 2.1], [4, 4]]},
        "doorways": {
            "way": {"zones": ["hall", "den"], "gate": None},
            "hatch": {"zones": ["den", "attic"], "gate": "hatch.open"},
        },
        "points": {"desk": {"zone": "den", "at": [3, 1, 0.7]}},
        "regions": {"shelf": {"zone": "den", "middle": [3, 1, 1], "size": [1, 0.4, 0.2], "turn": 90}},
    }
)


def test_a_plan_is_read_from_plain_data():
    assert PLAN.points == {"desk": "den"}
    assert PLAN.doorways[1] == Doorway(("den", "attic"), "hatch.open")
    assert [PLAN.zone_at(*at) for at in ((1, 1), (2.06, 1), (3, 9))] == ["hall", "den", "attic"]
    assert Plan.of({}) == Plan()
    assert Plan().zone_at(1, 1) == ""


def test_a_box_turned_with_its_shelf_holds_what_lies_along_it():
    box = PLAN.regions["shelf"]
    assert box.holds((3, 1.45, 1))
    assert not box.holds((3.45, 1, 1))
    assert box.holds((3, 1, 1.1))
    assert not box.holds((3, 1, 1.11))


@given(st.floats(-1, 1), st.floats(-1, 1), st.floats(0, 360))
def test_turning_box_and_point_together_changes_nothing(x, y, turn):
    a = radians(turn)
    at = (cos(a) * x - sin(a) * y, sin(a) * x + cos(a) * y, 0.0)
    straight = Box("den", (0, 0, 0), (0.8, 0.3, 1.0)).holds((x, y, 0.0))
    near = min(abs(abs(x) - 0.4), abs(abs(y) - 0.15)) < 1e-5
    assert near or Box("den", (0, 0, 0), (0.8, 0.3, 1.0), a).holds(at) == straight


def test_a_sound_passes_one_open_doorway_and_no_more():
    assert PLAN.earshot("hall", lambda gate: True) == {"hall", "den"}
    assert PLAN.earshot("attic", lambda gate: True) == {"attic", "den"}
    assert PLAN.earshot("attic", lambda gate: False) == {"attic"}
