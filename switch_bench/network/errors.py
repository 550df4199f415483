"""What can be wrong with a network, by name. Every message says where, what was expected, and what came close."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches


class NetworkError(ValueError):
    """Anything a network refuses."""


class InvalidSpec(NetworkError):
    """A declaration that makes no sense."""


class DuplicateName(InvalidSpec):
    """Two things with one name."""


class UnknownSignal(NetworkError):
    """A name that nothing in the network has."""


class UnknownTimer(UnknownSignal):
    """A name that is none of the unit's timers."""


class InvalidValue(NetworkError):
    """A value of the wrong type, or not among those the signal allows."""


class WriteRefused(NetworkError):
    """A write to what isn't the writer's to write."""


class InvalidDelay(NetworkError):
    """A timer must run for a positive, whole number of microseconds."""


class PastTime(NetworkError):
    """Time runs forwards."""


class RunawayInstant(NetworkError):
    """An instant in which signals go on changing each other."""


def close_to(name: str, known: Iterable[str]) -> str:
    """'; did you mean "…"?' for the known name nearest to `name`, or ''."""
    near = get_close_matches(name, list(known), n=1, cutoff=0.5)
    return f'; did you mean "{near[0]}"?' if near else ""
