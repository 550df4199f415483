from __future__ import annotations

import pytest

from switch_bench.spec.plan import WALLS, on_plan, on_wall, overlap, shared_wall, wall_length
from switch_bench.spec.rooms import Zone

KITCHEN = Zone(size=(3.0, 2.0), at=(1.0, 1.0))
EAST = Zone(size=(2.0, 4.0), at=(4.1, 2.0))
NORTH = Zone(size=(1.0, 1.0), at=(1.5, 3.0))
FAR = Zone(size=(1.0, 1.0), at=(9.0, 9.0))


def test_walls_are_measured_from_the_left_end_as_seen_from_inside() -> None:
    assert {wall: on_wall(KITCHEN, wall, 0.5) for wall in WALLS} == {
        "north": (1.5, 3.0),
        "east": (4.0, 2.5),
        "south": (3.5, 1.0),
        "west": (1.0, 1.5),
    }


def test_a_wall_begins_where_the_one_to_its_left_ends() -> None:
    for left, right in zip(WALLS, WALLS[1:] + WALLS[:1], strict=True):
        assert on_wall(KITCHEN, left, wall_length(KITCHEN, left)) == on_wall(KITCHEN, right, 0.0)


def test_a_point_in_a_zone_is_from_its_south_west_corner() -> None:
    assert on_plan(KITCHEN, (0.5, 0.25)) == (1.5, 1.25)


def test_neighbours_share_the_stretch_of_wall_that_both_have() -> None:
    wall = shared_wall(KITCHEN, EAST)
    assert wall is not None
    assert (wall.axis, wall.low, wall.high, wall.near) == ("y", 2.0, 3.0, 4.0)
    assert wall.far == pytest.approx(4.1)
    assert shared_wall(EAST, KITCHEN) == wall
    above = shared_wall(KITCHEN, NORTH)
    assert above is not None
    assert (above.axis, above.low, above.high) == ("x", 1.5, 2.5)


def test_rooms_apart_or_at_a_corner_share_no_wall() -> None:
    assert shared_wall(KITCHEN, FAR) is None
    assert shared_wall(KITCHEN, Zone(size=(1.0, 1.0), at=(4.0, 3.0))) is None


def test_rooms_that_touch_do_not_overlap() -> None:
    assert not overlap(KITCHEN, NORTH)
    assert overlap(KITCHEN, Zone(size=(1.0, 1.0), at=(3.5, 2.5)))
