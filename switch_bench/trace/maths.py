"""What the maths functions of this process come to, to the last bit. Loads nothing heavy before it is asked.

Two machines with the same CPU flags and C library may still round otherwise: glibc takes other variants of sin or atan
where the processor, an emulator or an environment variable hides FMA from it, and NumPy's BLAS takes other kernels on
other processors. MuJoCo calls the same functions of the same C library as Python.
"""

from __future__ import annotations

import math
from functools import cache
from hashlib import blake2b
from struct import pack
from typing import Any

COUNT = 4096  # arguments; variants differ in the last bit of a few of a thousand
TURNS = ("sin", "cos", "tan", "atan", "sinh", "cosh", "tanh", "exp", "expm1", "asinh", "cbrt", "exp2", "erf")
ABOVE = ("log", "log1p", "log2", "log10", "sqrt", "acosh")  # of what is 1 or more
BELOW = ("asin", "acos", "atanh")  # of what is between -1 and 1
PAIRS = ("atan2", "fmod")
ARRAYS = ("sin", "cos", "tan", "exp", "tanh", "arctan", "cbrt")  # of NumPy, which has variants of its own


@cache
def maths() -> str:
    """A digest of a fixed battery of results of the C library's functions and NumPy's."""
    found = blake2b(digest_size=8)
    xs = arguments()
    for values in (*_scalars(xs), *_arrays(xs)):
        found.update(values)
    return found.hexdigest()


def arguments() -> list[float]:
    """Numbers of both signs from 2⁻⁶ to 2⁶, spread without any function of the C library."""
    golden = 0.6180339887498949
    return [math.ldexp(1.0 + (k * golden) % 1.0, k % 12 - 6) * (1.0 if k % 2 else -1.0) for k in range(1, COUNT + 1)]


def _scalars(xs: list[float]) -> list[bytes]:
    above, below = [1.0 + abs(x) for x in xs], [x / 64.0 for x in xs]
    results = [
        *([getattr(math, name)(x) for x in xs] for name in TURNS),
        *([getattr(math, name)(x) for x in above] for name in ABOVE),
        *([getattr(math, name)(x) for x in below] for name in BELOW),
        *([getattr(math, name)(x, y) for x, y in zip(xs, reversed(xs), strict=True)] for name in PAIRS),
        [math.pow(x, y) for x, y in zip(above, reversed(xs), strict=True)],
        [math.sin(x * 4096.0) for x in xs],  # with more turns to take off
    ]
    return [pack(f"<{len(values)}d", *values) for values in results]


def _arrays(xs: list[float]) -> list[bytes]:
    import numpy as np

    a = np.array(xs)
    square, small = a[:1024].reshape(32, 32), a[:999].reshape(-1, 3, 3)
    results: list[Any] = [getattr(np, name)(x) for name in ARRAYS for x in (a, a.astype(np.float32))]
    results += [np.log(np.abs(a)), np.arctan2(a, a[::-1]), np.power(np.abs(a), a[::-1]), a.sum(), (a * a).mean()]
    results += [square @ square.T, small @ small[1], square @ a[:32], np.dot(a[:1024], a[1024:2048])]
    results += [np.linalg.norm(a[:1024]), np.linalg.norm(small, axis=2), np.cross(small[:-1], small[1:])]
    results += [np.einsum("ij,j->i", square, a[:32])]
    return [np.ascontiguousarray(result).tobytes() for result in results]
