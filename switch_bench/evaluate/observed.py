"""Hashes of what a policy was given to see, so that whoever plays the episode again can tell whether it was that."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from hashlib import blake2b
from typing import Any

import numpy as np

from switch_bench.evaluate.policies import PICTURE_OBS


class Observed:
    """Collects two hashes an observation: of what is told, and of the pictures ("" without any).

    They are apart because pictures hang on the renderer, too. keys: names of the observations, as declared.
    """

    def __init__(self, keys: Sequence[str]) -> None:
        self.keys = tuple(keys)
        self.hashes: list[tuple[str, str]] = []

    def see(self, obs: Any) -> None:
        """Note an observation as the environment gives it: of one name itself, of several a dict."""
        self.hashes.append(digests(self.keys, obs))


def digests(keys: Sequence[str], obs: Any) -> tuple[str, str]:
    """Hashes (16 hex digits each) of what an observation tells and of its pictures; "" for what there is none of."""
    parts: Mapping[str, Any] = {keys[0]: obs} if len(keys) == 1 else dict(obs or {})
    told = sorted(key for key in keys if key not in PICTURE_OBS)
    drawn = sorted(key for key in keys if key in PICTURE_OBS)
    return _digest(parts, told), "" if any(parts.get(key) is None for key in drawn) else _digest(parts, drawn)


def _digest(parts: Mapping[str, Any], keys: Sequence[str]) -> str:
    if not keys:
        return ""
    h = blake2b(digest_size=8)
    for key in keys:
        value = parts[key]
        if isinstance(value, str):
            head, body = "text", value.encode()
        else:
            array = np.ascontiguousarray(value)
            head, body = f"{array.dtype.str}{array.shape}", array.tobytes()
        h.update(f"{key}\0{head}\0{len(body)}\0".encode())
        h.update(body)
    return h.hexdigest()
