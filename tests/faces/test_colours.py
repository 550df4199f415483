"""Ink that can be read on any ground."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from switch_bench.faces.colour import contrast, ink_on, luminance, mix, shift_hue

shares = st.floats(0, 1)
colours = st.tuples(shares, shares, shares)


@given(colours)
def test_ink_can_always_be_read(ground):
    assert contrast(ink_on(ground), ground) >= 3.0


@given(colours, st.floats(-720, 720))
def test_a_shifted_hue_keeps_its_brightest_channel(colour, degrees):
    assert max(shift_hue(colour, degrees)) == pytest.approx(max(colour))


def test_known_contrasts():
    assert contrast((1, 1, 1), (0, 0, 0)) == pytest.approx(21)
    assert luminance((1, 1, 1)) == pytest.approx(1)
    assert shift_hue((1, 0, 0), 120) == pytest.approx((0, 1, 0))
    assert shift_hue((0.4, 0.4, 0.4), 77) == pytest.approx((0.4, 0.4, 0.4))
    assert mix((0, 0, 0), (1, 0.5, 0), 0.5) == (0.5, 0.25, 0)
