"""What is drawn is what is touched."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from switch_bench.screens.base import Page, Screen, Widget
from switch_bench.screens.hit import hit
from switch_bench.screens.raster import render
from switch_bench.screens.shown import ScreenError, next_redraw

SECOND = 1_000_000


def panel(dark=True):
    heat = Page(
        title="Heating",
        widgets=(
            Widget(name="up", kind="button", rect=(20, 60, 80, 60), icon="up"),
            Widget(name="boost", kind="button", rect=(120, 60, 120, 60), text="Boost", enabled="can_boost"),
            Widget(name="auto", kind="toggle", rect=(20, 140, 220, 50), text="Automatic", signal="auto"),
            Widget(name="room", kind="value", rect=(20, 200, 120, 30), text="{:.1f} °C", signal="room"),
            Widget(name="left", kind="label", rect=(150, 200, 120, 30), text="{left:60000000}"),
        ),
    )
    info = Page(widgets=(Widget(name="home", kind="button", rect=(0, 0, 60, 60), icon="home"),))
    return Screen(size=(280, 240), pages={"heat": heat, "info": info}, dark=dark)


def values(**changes):
    return {"page": "heat", "can_boost": True, "auto": False, "room": 20.5} | changes


def patch(picture, rect):
    x, y, w, h = rect
    return picture[y : y + h, x : x + w]


@pytest.mark.parametrize("page", ["heat", "info"])
def test_the_middle_of_every_button_hits_it(page):
    screen = panel()
    for widget in screen.pages[page].widgets:
        x, y, w, h = widget.rect
        touched = hit(screen, values(page=page), (x + w / 2) / 280, (y + h / 2) / 240)
        assert touched == (widget.name if widget.kind in ("button", "toggle") else "")


@settings(max_examples=200)
@given(st.floats(0, 1), st.floats(0, 1))
def test_a_hit_lies_on_the_widgets_own_pixels(u, v):
    name = hit(panel(), values(), u, v)
    column, row = min(int(u * 280), 279), min(int(v * 240), 239)
    for widget in panel().pages["heat"].widgets:
        x, y, w, h = widget.rect
        inside = x <= column < x + w and y <= row < y + h
        assert (name == widget.name) == (inside and widget.kind in ("button", "toggle"))


def test_pixels_that_change_when_a_button_goes_are_those_that_hit_it():
    screen = panel()
    less = Screen(size=screen.size, pages={"heat": Page(title="Heating", widgets=screen.pages["heat"].widgets[1:])})
    changed = (render(screen, values()) != render(less, values())).any(-1)
    rows, columns = np.nonzero(changed)
    assert len(rows) > 1000
    assert {hit(screen, values(), (c + 0.5) / 280, (r + 0.5) / 240) for r, c in zip(rows, columns, strict=True)} == {
        "up"
    }


def test_a_greyed_button_is_dead_and_looks_it():
    screen, rect = panel(), (120, 60, 120, 60)
    assert hit(screen, values(can_boost=False), 180 / 280, 90 / 240) == ""
    live, dead = render(screen, values()), render(screen, values(can_boost=False))
    assert patch(live, rect).max() > 200 > patch(dead, rect).max()


def test_outside_the_glass_and_on_a_dark_screen_nothing_is_hit():
    assert hit(panel(), values(page="info"), -0.01, 0.1) == ""
    assert hit(panel(), values(page="info"), 0.1, 0.1) == "home"
    assert hit(panel(), values(page=""), 0.1, 0.1) == ""


def test_a_dark_screen_is_dark():
    picture = render(panel(), values(page=""))
    assert picture.shape == (240, 280, 3)
    assert picture.max() < 8


def test_a_toggle_shows_its_state():
    rect = (20, 140, 220, 50)
    off, on = (patch(render(panel(), values(auto=state)), rect) for state in (False, True))

    def green(p):
        return (p[..., 1].astype(int) - p[..., 0] > 60).sum()

    assert green(off) == 0
    assert green(on) > 200


def test_the_picture_changes_when_next_redraw_says():
    screen, state = panel(), values()
    change = next_redraw(screen, state, 500_000, 0)
    assert change == SECOND
    assert np.array_equal(render(screen, state, 500_000), render(screen, state, change - 1))
    assert not np.array_equal(render(screen, state, 500_000), render(screen, state, change))
    assert next_redraw(screen, values(page="info"), 0, 0) is None


@pytest.mark.parametrize("dark", [True, False])
def test_words_stand_out_from_their_ground(dark):
    picture = patch(render(panel(dark), values()), (20, 200, 120, 30)).astype(int)
    assert picture.max() - picture.min() > 150


def test_the_same_signals_give_the_same_picture():
    assert np.array_equal(render(panel(), values()), render(panel(), values()))


def test_what_cannot_be_shown_is_named():
    with pytest.raises(ScreenError, match=r"'set'.*heat, info"):
        render(panel(), values(page="set"))
    with pytest.raises(ScreenError, match="'room'"):
        render(panel(), {"page": "heat", "can_boost": True, "auto": True})
    with pytest.raises(ScreenError, match="doesn't take 'warm'"):
        render(panel(), values(room="warm"))
