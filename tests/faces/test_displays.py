"""Displays can be told apart, read, and are dark without power."""

from itertools import combinations

import numpy as np
import pytest

from switch_bench.devices.base import Display
from switch_bench.faces import segments
from switch_bench.faces.display import DisplayError, display_pixels, draw_display
from switch_bench.screens.icons import UnknownIconError


def display(style, **changes):
    return Display(**({"signal": "shown", "at": (0.0, 0.0), "size": (0.06, 0.022), "style": style} | changes))


CLOCK = display("seven_segment")
LCD = display("lcd", columns=16, rows=2)
DOTS = display("dot_matrix", columns=12)


def unlike(a, b):
    return int((np.abs(a.astype(int) - b).max(-1) > 80).sum())


@pytest.mark.parametrize("style", ["seven_segment", "lcd", "dot_matrix"])
def test_digits_differ_pairwise(style):
    one = display(style, columns=1)
    drawn = [draw_display(one, digit) for digit in "0123456789"]
    for a, b in combinations(range(10), 2):
        assert unlike(drawn[a], drawn[b]) > 25, (a, b)


def test_segments_of_digits_are_the_usual_ones():
    assert [len(segments.LIT[d]) for d in "0123456789"] == [6, 2, 5, 5, 4, 5, 6, 3, 7, 6]
    assert set(segments.LIT["8"]) == set("abcdefg")
    assert segments.lit("e") == segments.LIT["E"]
    assert segments.lit("%") is None


def test_an_eight_lights_every_segment_where_it_lies():
    one = display("seven_segment", columns=1, size=(0.02, 0.03), colour=(1.0, 0.0, 0.0))
    width, height = display_pixels(one)
    lit, dark = (draw_display(one, text)[..., 0] > 150 for text in ("8", " "))
    assert not dark.any()
    rows, columns = np.nonzero(lit)
    assert (rows.min() + rows.max()) / 2 == pytest.approx(height / 2, abs=2)
    assert abs((columns.min() + columns.max()) / 2 - width / 2) < 0.12 * width
    assert (rows.max() - rows.min()) > 0.6 * height


def test_the_colon_is_shown_only_where_it_is_written():
    assert unlike(draw_display(CLOCK, "12:34"), draw_display(CLOCK, "1234")) > 10


def test_numbers_stand_at_the_right():
    lit = draw_display(CLOCK, "5")[..., 0] > 150
    assert np.nonzero(lit)[1].min() > 0.6 * lit.shape[1]


def test_unlit_segments_are_just_visible():
    blank = draw_display(CLOCK, "").astype(int)
    ground = blank[1, 1]
    ghosts = np.abs(blank - ground).max(-1)
    assert 10 < ghosts.max() < 40


@pytest.mark.parametrize("shown", [CLOCK, DOTS])
def test_what_shines_is_dark_without_power(shown):
    assert draw_display(shown, "12", powered=False).max() < 60 < 200 < draw_display(shown, "12").max()


def test_a_crystal_is_empty_without_power_and_brighter_with_its_light():
    empty, shown = draw_display(LCD, "21.5", powered=False), draw_display(LCD, "21.5")
    assert empty.min() > 90
    assert shown.min() < 60
    assert draw_display(LCD, "", lit=True).mean() > draw_display(LCD, "").mean() + 15


@pytest.mark.parametrize("text", ["Unlock the front door?\n1 yes  2 no", "W" * 40, "a\nb\nc"])
def test_long_texts_on_a_crystal_stay_inside(text):
    dark = draw_display(LCD, text).max(-1) < 70
    assert dark.any()
    assert not dark[:, 0].any()
    assert not dark[:, -1].any()
    assert not dark[-1].any()


def test_a_pictogram_can_stand_among_the_words():
    assert unlike(draw_display(LCD, "Heat icon:flame"), draw_display(LCD, "Heat")) > 50
    with pytest.raises(UnknownIconError, match="flame"):
        draw_display(LCD, "Heat icon:flam")


def test_a_picture_is_small_and_has_the_displays_shape_or_the_size_asked_for():
    assert display_pixels(CLOCK) == (256, 92)
    assert draw_display(CLOCK, "1").shape == (92, 256, 3)
    assert draw_display(CLOCK, "1", (128, 64)).shape == (64, 128, 3)


@pytest.mark.parametrize(("text", "says"), [("12 %", "'%'"), ("123456", "takes 6 digits")])
def test_what_seven_segments_cannot_show_is_refused(text, says):
    with pytest.raises(DisplayError, match=says):
        draw_display(CLOCK, text)


def test_pictures_cannot_be_written_on():
    with pytest.raises(ValueError, match="read-only"):
        draw_display(CLOCK, "12:34")[0, 0] = 255
