"""Numbers of float32 in their shortest decimal form: half as long as the float64's, and the same when they are read."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

LARGEST = float(np.finfo(np.float32).max)


def shortest(values: Iterable[float]) -> list[float] | None:
    """Floats whose decimals are the shortest that `exact` reads back as `values`, to the last bit.

    None if one of them is no float32's value.
    """
    given = list(values)
    if any(abs(value) > LARGEST for value in given):
        return None
    short = [float(str(np.float32(value))) for value in given]
    same = np.array(exact(short)).tobytes() == np.array(given, np.float64).tobytes()  # −0.0 is another than 0.0
    return short if same else None


def exact(values: Iterable[float]) -> list[float]:
    """The float32 that is nearest to each of `values`, which must be none beyond `LARGEST`."""
    return np.array(list(values), np.float64).astype(np.float32).astype(np.float64).tolist()
