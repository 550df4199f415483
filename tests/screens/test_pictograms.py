"""Pictograms: every name draws something of its own, and a wrong name gets a hint."""

from itertools import combinations

import numpy as np
import pytest

from switch_bench.screens.icons import UnknownIconError, icon, icon_mask, names

WANTED = """
power standby light lamp fan heat_top heat_bottom heat_both grill convection defrost clock timer start stop pause plus
minus up down left right lock unlock key bell door temperature water flame snow sun moon home settings drain spin wool
cotton iron kettle pot plate microwave speaker mic wifi pair warning check cross on off play back
"""


@pytest.mark.parametrize("name", WANTED.split())
def test_the_promised_pictograms_exist(name):
    assert name in names()


def test_every_pictogram_has_ink_and_air_and_no_two_are_alike():
    masks = {name: icon_mask(name, 32).astype(int) for name in names()}
    for name, mask in masks.items():
        assert 0.02 < mask.mean() / 255 < 0.75, name
    for a, b in combinations(masks, 2):
        assert np.abs(masks[a] - masks[b]).max() > 100, (a, b)


def test_an_icon_has_the_colour_asked_for_on_transparent_ground():
    picture = icon("stop", 40, (1.0, 0.5, 0.0))
    assert picture.shape == (40, 40, 4)
    assert picture[20, 20].tolist() == [255, 128, 0, 255]
    assert picture[1, 1, 3] == 0


def test_arrows_point_where_they_say():
    rows, columns = np.mgrid[0:64, 0:64]

    def middle(name):
        mask = icon_mask(name, 64).astype(float)
        return (mask * columns).sum() / mask.sum(), (mask * rows).sum() / mask.sum()

    assert middle("up")[1] > 32 > middle("down")[1]  # a triangle's bulk is away from its point
    assert middle("left")[0] > 32 > middle("right")[0]


def test_an_unknown_name_says_what_comes_close():
    with pytest.raises(UnknownIconError, match="convection") as caught:
        icon("convecton", 16)
    assert "convection" in caught.value.close
