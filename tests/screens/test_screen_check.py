"""Screens that can't be drawn or touched are refused when they are declared."""

from dataclasses import replace

import pytest

from switch_bench.screens.base import Page, Screen, Widget
from switch_bench.screens.check import check
from switch_bench.screens.shown import ScreenError

GO = Widget(name="go", kind="button", rect=(10, 10, 60, 60), text="Go", enabled="ready")


def screen(*widgets, size=(320, 240)):
    return Screen(size=size, pages={"home": Page(widgets=widgets)})


def test_a_sound_screen_passes():
    temperature = Widget(name="t", kind="value", rect=(100, 10, 80, 30), text="{:.1f} °C", signal="room")
    count = Widget(name="n", kind="value", rect=(100, 50, 80, 30), text="{:03d}", signal="count")
    check(screen(GO, temperature, count), signals={"page", "ready", "room", "count"}, size=(0.12, 0.09))


@pytest.mark.parametrize(
    ("widgets", "says"),
    [
        ([replace(GO, rect=(300, 10, 60, 60))], "isn't inside"),
        ([replace(GO, rect=(-1, 10, 60, 60))], "isn't inside"),
        ([replace(GO, rect=(10, 10, 60, 0))], "isn't inside"),
        ([replace(GO, rect=(10, 10, 39, 60))], "too small"),
        ([GO, replace(GO, name="stop", rect=(60, 60, 60, 60))], "overlap"),
        ([GO, replace(GO, rect=(80, 10, 60, 60))], "used twice"),
        ([replace(GO, name="")], "empty"),
        ([replace(GO, icon="plai")], "did you mean"),
        ([replace(GO, text="{lef:3}")], r"did you mean \{left:…\}"),
        ([replace(GO, enabled="redy")], "did you mean 'ready'"),
        ([Widget(name="v", kind="value", rect=(0, 0, 50, 20), text="{:.1f}")], "names none"),
        ([Widget(name="v", kind="value", rect=(0, 0, 50, 20), text="{:.1q}", signal="ready")], "no format"),
        ([Widget(name="v", kind="value", rect=(0, 0, 50, 20), text="warm", signal="ready")], "no format"),
        ([Widget(name="i", kind="icon", rect=(0, 0, 50, 20))], "pictogram"),
        ([Widget(name="t", kind="toggle", rect=(0, 0, 50, 50))], "names none"),
    ],
)
def test_a_bad_widget_is_named_with_its_page(widgets, says):
    with pytest.raises(ScreenError, match=f"home.*{says}"):
        check(screen(*widgets), signals={"page", "ready"})


def test_labels_may_overlap_buttons():
    check(screen(GO, Widget(name="hint", kind="label", rect=(10, 10, 60, 20), text="press")))


def test_a_button_too_small_on_the_real_glass_is_refused():
    with pytest.raises(ScreenError, match=r"7\.5 × 7\.5 mm"):
        check(screen(GO), size=(0.04, 0.03))


def test_a_screen_wants_pages_with_names():
    with pytest.raises(ScreenError, match="dark screen"):
        check(Screen(size=(320, 240), pages={"": Page()}))
    with pytest.raises(ScreenError, match="0 pages"):
        check(Screen(size=(320, 240), pages={}))
    with pytest.raises(ScreenError, match="did you mean 'page'"):
        check(replace(screen(GO), page="pag"), signals={"page", "ready"})
