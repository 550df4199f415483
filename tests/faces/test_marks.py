"""Numbers on pictures can be told apart, however crowded their points."""

from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from switch_bench.faces.marks import draw_marks, place_marks
from switch_bench.faces.place import Box

GREY = np.full((240, 320, 3), 90, np.uint8)
points = st.lists(st.tuples(st.floats(0, 319), st.floats(0, 239)), min_size=1, max_size=14)


def keypad():
    return [(3 * r + c + 1, (200 + 10 * c, 100 + 9 * r)) for r in range(4) for c in range(3)]


@settings(max_examples=60, deadline=None)
@given(points)
def test_plates_never_touch_and_stay_in_the_picture(places):
    plates = place_marks(list(enumerate(places, 1)), 320, 240)
    assert all(plate.inside(Box(0, 0, 320, 240)) for plate in plates)
    for a, b in combinations(plates, 2):
        assert not a.touches(b)


def test_a_lonely_mark_sits_on_its_point():
    (plate,) = place_marks([(7, (100.0, 50.0))], 320, 240)
    assert plate.centre == pytest.approx((100, 50))


def test_the_marks_of_a_keypad_leave_its_keys_uncovered():
    plates = place_marks(keypad(), 320, 240)
    for plate in plates:
        assert not any(plate.x0 <= x <= plate.x1 and plate.y0 <= y <= plate.y1 for _, (x, y) in keypad())


def test_only_plates_leaders_and_points_are_painted():
    picture = draw_marks(GREY, keypad())
    assert picture.shape == GREY.shape
    assert GREY.min() == GREY.max() == 90
    changed = (picture != 90).any(-1)
    assert changed[:, :120].sum() == 0
    for plate in place_marks(keypad(), 320, 240):
        assert changed[int(plate.y0) + 1 : int(plate.y1), int(plate.x0) + 1 : int(plate.x1)].all()
    for _, (x, y) in keypad():
        assert changed[round(y) - 1 : round(y) + 2, round(x) - 1 : round(x) + 2].any()


def test_different_numbers_look_different():
    pictures = [draw_marks(GREY, [(n, (100, 100))]) for n in (1, 7, 17, 71)]
    for a, b in combinations(pictures, 2):
        assert (np.abs(a.astype(int) - b).max(-1) > 100).sum() > 5


def test_points_outside_the_picture_get_no_plate():
    assert np.array_equal(draw_marks(GREY, [(1, (-5, 20)), (2, (320, 20))]), GREY)
