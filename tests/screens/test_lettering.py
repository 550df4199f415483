"""Letters are as large as they are measured, and fit where they are told to."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from switch_bench.screens.canvas import Canvas
from switch_bench.screens.lettering import DESCENT, fit, measure, wrap

words = st.text(alphabet="ABCHxgq 0189°–é", min_size=1, max_size=12).filter(str.strip)


def ink(picture):
    rows, columns = np.nonzero(picture.max(-1) > 100)
    return columns.min(), rows.min(), columns.max() + 1, rows.max() + 1


@pytest.mark.parametrize("cap", [8, 12, 30])
def test_a_capital_is_as_high_as_asked_and_centred(cap):
    canvas = Canvas(120, 80)
    canvas.text("H", 60, 40, cap, (1, 1, 1))
    x0, y0, x1, y1 = ink(canvas.result())
    assert y1 - y0 == pytest.approx(cap, abs=1.1)
    assert (y0 + y1) / 2 == pytest.approx(40, abs=1)
    assert (x0 + x1) / 2 == pytest.approx(60, abs=1)


@settings(max_examples=40)
@given(words, st.integers(8, 24))
def test_ink_stays_inside_the_measured_box(text, cap):
    canvas = Canvas(480, 80)
    canvas.text(text, 240, 40, cap, (1, 1, 1))
    w, h = measure(text, cap)
    x0, y0, x1, y1 = ink(canvas.result())
    assert x0 >= 240 - w / 2 - 1
    assert x1 <= 240 + w / 2 + 1
    assert y0 >= 40 - h / 2 - 0.45 * cap  # accents and degree signs rise above capitals
    assert y1 <= 40 + h / 2 + DESCENT * cap + 1


@given(words, st.floats(5, 200), st.floats(2, 40))
def test_fitted_text_fits_and_never_grows(text, width, cap):
    size = fit(text, width, 1000, cap)
    assert size <= cap
    assert measure(text, size)[0] <= width * 1.0001


@given(st.lists(words.map(lambda w: w.replace(" ", "x")), min_size=1, max_size=5), st.floats(20, 300))
def test_wrapping_keeps_the_words_and_breaks_only_between_them(parts, width):
    wrapped = wrap(" ".join(parts), width, 10)
    assert wrapped.replace("\n", " ") == " ".join(parts)
    assert all(measure(line, 10)[0] <= width or " " not in line for line in wrapped.split("\n"))


def test_colours_come_out_as_asked_even_half_transparent():
    canvas = Canvas(20, 20, (0.0, 0.0, 1.0))
    canvas.rect(0, 0, 10, 20, (1.0, 0.0, 0.0))
    canvas.rect(10, 0, 10, 20, (1.0, 0.0, 0.0), alpha=0.5)
    picture = canvas.result()
    assert picture[10, 4].tolist() == [255, 0, 0]
    assert picture[10, 15].tolist() == pytest.approx([128, 0, 127], abs=2)
