"""A part of a verdict: what was judged, how it came out, and why, in words."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

PartName = Literal["temporal", "spatial", "causal", "effects", "honesty"]


@dataclass(frozen=True, slots=True)
class Part:
    """value: None is undetermined, or not judged as an earlier part failed. evidence: ids of the trace's events."""

    name: PartName
    value: bool | None
    words: str
    evidence: tuple[int, ...] = ()


def conjunction(values: Iterable[bool | None]) -> bool | None:
    """False if one is False, else None if one is None, else True."""
    seen = list(values)
    return False if False in seen else None if None in seen else True
