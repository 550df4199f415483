"""Scales: which figures are shown, and that they stand where the control points."""

from itertools import pairwise
from math import atan2, pi, radians

import pytest
from hypothesis import given
from hypothesis import strategies as st

from switch_bench.controls.knob import Knob
from switch_bench.controls.slider import Slider
from switch_bench.devices.base import Scale
from switch_bench.faces.place import Box, spread
from switch_bench.faces.scale import lay_scale, nice_steps

WIDE = Box.about(0, 0, 0.3, 0.3)


def test_an_ovens_dial_is_marked_in_round_figures():
    knob = Knob(name="heat", at=(0.05, 0.01), turn=(radians(-135), radians(135)), scale=(50, 250), step=5)
    scale = lay_scale(Scale(control="heat"), knob, [], WIDE)
    assert [f.content for f in scale.figures] == ["50", "100", "150", "200", "250"]
    for i, figure in enumerate(scale.figures):
        x, y = figure.at[0] - 0.05, figure.at[1] - 0.01
        assert atan2(x, y) == pytest.approx(radians(-135 + 270 * i / 4), abs=0.02)
    assert [long for *_, long in scale.ticks] == [True] * 5 + [False] * 4 * 4  # and a tick every 10 degrees between


def test_figures_are_round_even_where_the_scale_begins_between_them():
    knob = Knob(name="k", at=(0, 0), turn=(-2.3, 2.3), scale=(100, 1000), step=50)
    figures = lay_scale(Scale(control="k"), knob, [], WIDE).figures
    assert [f.content for f in figures] == ["200", "400", "600", "800", "1000"]


def test_with_little_room_figures_are_smaller():
    def cap(side):
        knob = Knob(name="k", at=(0, 0), radius=0.02, turn=(-2.3, 2.3), scale=(100, 1000), step=50)
        figures = lay_scale(Scale(control="k"), knob, [], Box.about(0, 0, side, side)).figures
        assert len(figures) > 3
        return figures[0].cap

    assert cap(0.07) < cap(0.08) < cap(0.1)


def test_detents_are_named_by_their_values():
    knob = Knob(name="k", at=(0, 0), positions=(("off", 0.0), ("low_heat", pi / 2)))
    figures = lay_scale(Scale(control="k"), knob, [], WIDE, {"off": "Aus"}).figures
    assert [f.content for f in figures] == ["Aus", "low heat"]
    assert figures[0].at[1] > 0.018
    assert figures[1].at[0] > 0.018


def test_figures_may_be_told_their_radius():
    knob = Knob(name="k", at=(0, 0), positions=(("0", 0.0), ("1", pi / 2)))
    top, right = lay_scale(Scale(control="k", radius=0.04), knob, [], WIDE).figures
    assert top.at == pytest.approx((0.0, 0.04))
    assert right.at == pytest.approx((0.04, 0.0))


def test_figures_may_be_told_to_be_large_and_are_as_large_as_there_is_room():
    knob = Knob(name="k", at=(0, 0), positions=tuple((name, 0.7 * i) for i, name in enumerate(("off", "wool", "silk"))))

    def caps(height, side):
        figures = lay_scale(Scale(control="k", height=height), knob, [], Box.about(0, 0, side, side)).figures
        return {figure.cap for figure in figures}

    assert caps(0.009, 0.3) == {0.009}
    (tight,), (usual,) = caps(0.009, 0.105), caps(0.0, 0.3)
    assert usual < tight < 0.009


def test_a_sliders_figures_stand_beside_its_positions_on_the_free_side():
    slider = Slider(name="s", at=(0.0, 0.0), length=0.06, scale=(0, 3), step=1, label="Fan", label_side="above")
    scale = lay_scale(Scale(control="s"), slider, [], WIDE)
    assert [f.content for f in scale.figures] == ["0", "1", "2", "3"]
    assert [f.at[0] for f in scale.figures] == pytest.approx([-0.03, -0.01, 0.01, 0.03])
    assert all(f.at[1] < -0.009 for f in scale.figures)
    blocked = lay_scale(Scale(control="s"), slider, [Box(-1, -1, 1, -0.009)], WIDE)
    assert all(f.at[1] > 0.009 for f in blocked.figures)


@given(
    st.sampled_from([0.05, 0.1, 0.5, 1, 5, 10]),
    st.integers(2, 60),
    st.sampled_from([-20.0, 0.0, 5.0, 50.0]),
)
def test_steps_between_figures_can_be_set_and_are_not_too_many(step, count, low):
    high = low + step * count
    steps = nice_steps(low, high, step)
    assert steps == sorted(steps)
    for nice in steps:
        assert abs(nice / step - round(nice / step)) < 1e-6
        assert 2 <= int((high - low) / nice + 1e-6) + 1 <= 9


@given(st.lists(st.floats(-1, 1), min_size=1, max_size=8).map(sorted), st.floats(0.01, 0.2))
def test_spread_places_keep_order_and_distance(wanted, gap):
    places = spread(wanted, gap, -1.0, 1.0)
    assert all(-1.0 - 1e-9 <= p <= 1.0 + 1e-9 for p in places)
    assert all(b - a >= gap - 1e-9 for a, b in pairwise(places))


@given(st.lists(st.floats(-1, 1), min_size=2, max_size=8).map(sorted))
def test_places_with_room_stay_where_they_are_wanted(wanted):
    least = min(b - a for a, b in pairwise(wanted))
    assert spread(wanted, least / 2, -1.0, 1.0) == pytest.approx(wanted)
