"""Legends on moving parts."""

import numpy as np
import pytest

from switch_bench.controls.button import PushButton
from switch_bench.controls.keypad import Keypad
from switch_bench.faces.cap import cap_pixels, draw_cap
from switch_bench.faces.layout import FaceVariation
from switch_bench.faces.print import PanelError

WIDE = PushButton(name="start", at=(0, 0), size=(0.04, 0.01), shape="square", legend="Start")


def ink(picture, colour):
    away = np.abs(picture.astype(int) - [round(255 * c) for c in colour]).max(-1)
    rows, columns = np.nonzero(away > 90)
    return rows, columns


def test_a_legend_lies_in_the_middle_of_its_cap():
    picture = draw_cap(WIDE)
    assert picture.shape[:2][::-1] == cap_pixels(WIDE) == (96, 24)
    rows, columns = ink(picture, WIDE.colour)
    assert (columns.min() + columns.max()) / 2 == pytest.approx(48, abs=2)
    assert columns.min() > 4
    assert columns.max() < 91
    assert rows.min() > 1
    assert rows.max() < 22


@pytest.mark.parametrize("colour", [(0.1, 0.1, 0.12), (0.9, 0.9, 0.88), (0.7, 0.12, 0.1), (0.5, 0.5, 0.5)])
def test_a_legend_contrasts_with_any_cap(colour):
    button = PushButton(name="b", at=(0, 0), legend="icon:start", colour=colour)
    assert len(ink(draw_cap(button), colour)[0]) > 200


def test_a_cap_without_legend_is_plain():
    assert len(ink(draw_cap(PushButton(name="b", at=(0, 0))), PushButton(name="b", at=(0, 0)).colour)[0]) == 0


def test_keys_of_a_keypad_have_their_own_legends():
    keypad = Keypad(name="keys", at=(0, 0), keys=(("1", "2"), ("ok", "")), legends={"ok": "icon:check"})
    one, two, ok = (draw_cap(keypad, key=key) for key in ("1", "2", "ok"))
    assert not np.array_equal(one, two)
    assert np.array_equal(one, draw_cap(keypad.keys_as_buttons()[0]))
    button = PushButton(name="x", at=(0, 0), size=keypad.size, shape="square", legend="icon:check")
    assert np.array_equal(ok, draw_cap(button))
    with pytest.raises(PanelError, match="no key '3'"):
        draw_cap(keypad, key="3")


def test_a_variation_translates_legends():
    german = draw_cap(WIDE, variation=FaceVariation(words={"Start": "Los"}))
    assert not np.array_equal(german, draw_cap(WIDE))
