"""Everything printed on a panel can be read, and lies where it belongs."""

from dataclasses import replace
from itertools import combinations

import numpy as np
import pytest
from face_panels import ALL, microwave, mixed, oven, plate, washer
from hypothesis import given, settings
from hypothesis import strategies as st

from switch_bench.controls.rocker import Rocker
from switch_bench.devices.base import Panel, Scale
from switch_bench.faces.layout import FaceVariation, lay_out
from switch_bench.faces.panel import draw_panel, panel_pixels
from switch_bench.faces.place import Box
from switch_bench.faces.print import PanelError
from switch_bench.screens.icons import UnknownIconError

panels = pytest.mark.parametrize("panel", ALL.values(), ids=ALL)


def printed(layout):
    return [*layout.prints, *(figure for scale in layout.scales for figure in scale.figures)]


def pixels(panel, box):
    """The box's rows and columns in the panel's picture."""
    width, height = panel_pixels(panel)
    sx, sy = width / panel.size[0], height / panel.size[1]
    x0, x1 = (box.x0 + panel.size[0] / 2) * sx, (box.x1 + panel.size[0] / 2) * sx
    y0, y1 = (panel.size[1] / 2 - box.y1) * sy, (panel.size[1] / 2 - box.y0) * sy
    return slice(int(y0), int(y1) + 1), slice(int(x0), int(x1) + 1)


@panels
def test_prints_lie_on_the_panel_and_touch_neither_each_other_nor_a_control(panel):
    layout = lay_out(panel)
    face = Box.about(0, 0, *panel.size)
    items = printed(layout)
    for item in items:
        assert item.box.inside(face), item
    for a, b in combinations(items, 2):
        assert not a.box.touches(b.box), (a, b)
    for item in items:
        for name, footprint in layout.footprints.items():
            if item.what == "figure" and item.owner == name:
                continue  # figures stand round a knob's circle, inside its square's corners
            assert not item.box.touches(footprint), (item, name)


@pytest.mark.parametrize("panel", [oven(), washer()], ids=["oven", "washer"])
def test_figures_keep_clear_of_their_own_knob(panel):
    knobs = {control.name: control for control in panel.controls if hasattr(control, "radius")}
    for scale in lay_out(panel).scales:
        for figure in scale.figures:
            knob, box = knobs[figure.owner], figure.box
            x = min(max(knob.at[0], box.x0), box.x1)
            y = min(max(knob.at[1], box.y0), box.y1)
            assert np.hypot(x - knob.at[0], y - knob.at[1]) > knob.radius


@panels
def test_ink_is_where_the_layout_says_and_contrasts(panel):
    picture = draw_panel(panel).astype(int)
    bare = draw_panel(replace(panel, marks=(), controls=(), lamps=(), displays=())).astype(int)
    for item in printed(lay_out(panel)):
        where = pixels(panel, item.box)
        change = np.abs(picture[where] - bare[where]).max(-1)
        assert change.max() > 110, item
        assert (change > 60).mean() > 0.06, item


@panels
def test_there_is_no_ink_in_a_controls_footprint(panel):
    words = draw_panel(panel)
    silent = tuple(replace(control, label="") for control in panel.controls)
    blank = draw_panel(replace(panel, marks=(), controls=silent))
    for name, footprint in lay_out(panel).footprints.items():
        control = next(c for c in panel.controls if c.name == name)
        inset = footprint.grown(-control.radius * 0.3) if hasattr(control, "radius") else footprint.grown(-0.0005)
        where = pixels(panel, inset)
        assert np.array_equal(words[where], blank[where]), name


def test_a_label_stands_on_the_side_asked_for():
    for side, axis, sign in (("above", 1, 1), ("below", 1, -1), ("left", 0, -1), ("right", 0, 1)):
        rocker = Rocker(name="r", at=(0.0, 0.0), label="Hall", label_side=side)
        panel = Panel(name="p", at=(0, 0, 0), size=(0.12, 0.12), controls=(rocker,))
        (label,) = lay_out(panel).prints
        assert label.at[axis] * sign > 0.01
        assert abs(label.at[1 - axis]) < 0.003


def test_labels_of_a_row_have_one_size_and_stand_by_their_own_switch():
    prints = lay_out(plate("Kitchen", "Living room", "Hall")).prints
    assert len({p.cap for p in prints}) == 1
    for p, x in zip(prints, (-0.03, 0.0, 0.03), strict=True):
        assert p.at[0] == pytest.approx(x, abs=0.001)


def test_a_small_panel_can_be_read_from_half_a_metre():
    """At 0.5 m a camera of 640 × 480 with 60° has 0.83 px/mm: labels of 5 mm are 4 px high."""
    assert all(p.cap >= 0.005 for p in lay_out(microwave()).prints)
    assert all(p.cap >= 0.004 for scale in lay_out(oven()).scales for p in scale.figures)


def test_twelve_programmes_are_written_in_columns_with_leaders():
    (scale,) = lay_out(washer()).scales
    assert len(scale.figures) == 12
    assert all(len(figure.leader) == 3 for figure in scale.figures)
    left = [f for f in scale.figures if f.at[0] < -0.06]
    heights = [f.at[1] for f in left]
    assert heights == sorted(heights)


@panels
def test_a_picture_is_small_and_drawn_the_same_every_time(panel):
    width, height = panel_pixels(panel)
    assert width % 4 == height % 4 == 0
    assert max(width, height) <= 1024
    assert width * height <= 512 * 512
    first = draw_panel(panel)
    assert first.shape == (height, width, 3)
    assert np.array_equal(first, draw_panel(replace(panel)))


def test_a_variation_changes_labels_words_and_hue():
    panel = replace(plate("Kitchen", "Hall"), colour=(0.8, 0.7, 0.5))
    swapped = lay_out(panel, FaceVariation(labels={"gang_0": "Hall", "gang_1": "Kitchen"}))
    assert [p.content for p in swapped.prints] == ["Hall", "Kitchen"]
    assert [p.content for p in lay_out(panel, FaceVariation(missing=("gang_0",))).prints] == ["Hall"]
    assert [p.content for p in lay_out(panel, FaceVariation(words={"Hall": "Flur"})).prints] == ["Kitchen", "Flur"]
    plain, turned = draw_panel(panel), draw_panel(panel, variation=FaceVariation(hue=180))
    assert plain[4, 40, 0] > plain[4, 40, 2]
    assert turned[4, 40, 0] < turned[4, 40, 2]


def test_wear_fades_print_and_depends_on_its_seed():
    panel = plate("Kitchen")
    new, old, other = (draw_panel(panel, variation=FaceVariation(wear=w, seed=s)) for w, s in ((0, 0), (1, 0), (1, 1)))
    (label,) = lay_out(panel).prints
    where = pixels(panel, label.box)
    assert old[where].min() > new[where].min() + 40
    assert not np.array_equal(old, other)


@settings(max_examples=25, deadline=None)
@given(st.lists(st.text(alphabet="AbCdef ghiMW", min_size=1, max_size=14).filter(str.strip), min_size=1, max_size=3))
def test_any_usual_labels_find_room_on_a_plate(labels):
    layout = lay_out(plate(*labels))
    assert len(layout.prints) == len(labels)
    for a, b in combinations(layout.prints, 2):
        assert not a.box.touches(b.box)


@pytest.mark.parametrize(
    ("panel", "variation", "says"),
    [
        (replace(oven(), marks=(Scale(control="mod"),)), FaceVariation(), "did you mean 'mode'"),
        (replace(oven(), marks=(Scale(control="set"),)), FaceVariation(), "'set' is a PushButton"),
        (plate("Hall"), FaceVariation(labels={"gang_7": "x"}), "did you mean 'gang_0'"),
        (plate("Hall"), FaceVariation(missing=("lamp",)), "there are gang_0"),
        (plate("Hall"), FaceVariation(labels={"gang_0": "no room for this " * 40}), "no room for the label"),
        (replace(mixed(), size=(0.085, 0.12)), FaceVariation(), "no room"),
    ],
)
def test_a_panel_that_cannot_be_printed_says_why(panel, variation, says):
    with pytest.raises(PanelError, match=says):
        lay_out(panel, variation)


def test_an_unknown_pictogram_on_a_label_gets_a_hint():
    with pytest.raises(UnknownIconError, match="flame"):
        draw_panel(plate("icon:flam"))
