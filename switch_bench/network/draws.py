"""Draws by key, never by count: taking one event out of a run shifts no other draw."""

from __future__ import annotations

from hashlib import blake2b


def draw(seed: int, stream: str, source: str, t: int) -> float:
    """Uniform in [0, 1), the same for the same key in every process: 53 bits of a BLAKE2b digest of the key."""
    key = repr((seed, stream, source, t)).encode()
    return (int.from_bytes(blake2b(key, digest_size=8).digest(), "big") >> 11) * 2.0**-53


def draw_upto(most: int, seed: int, stream: str, source: str, t: int) -> int:
    """Uniform over the whole numbers 0 … most."""
    return int(draw(seed, stream, source, t) * (most + 1)) if most else 0
