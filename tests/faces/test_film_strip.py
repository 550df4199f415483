"""Film strips hold every frame and its words."""

import numpy as np
import pytest

from switch_bench.faces.strip import film_strip

RED, BLUE = np.zeros((120, 160, 3), np.uint8), np.zeros((120, 160, 3), np.uint8)
RED[..., 0], BLUE[..., 2] = 255, 255


def test_frames_stand_in_order_with_words_below():
    strip = film_strip([RED, BLUE, RED], ["first", "", "third"], height=60, columns=2)
    assert strip.shape[1] == 2 * (80 + 6) + 6
    assert strip[36, 46].tolist() == [255, 0, 0]
    assert strip[36, 132].tolist() == [0, 0, 255]
    row = strip.shape[0] // 2
    assert strip[row + 36, 46].tolist() == [255, 0, 0]
    captions = strip[66 : row - 6]
    assert captions[:, :86].min() < 100
    assert captions[:, 96:].min() > 200


def test_a_strip_wants_one_caption_a_frame():
    with pytest.raises(ValueError, match="1 and 2"):
        film_strip([RED], ["a", "b"])
    with pytest.raises(ValueError, match="0 and 0"):
        film_strip([], [])
