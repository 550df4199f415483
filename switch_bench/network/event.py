"""What happened, and what it happened to: the rows of a network's log."""

from __future__ import annotations

from dataclasses import dataclass

from switch_bench.network.declare import SignalKind, Value
from switch_bench.network.flow import Anchor


@dataclass(frozen=True, slots=True)
class Event:
    """One change of one signal."""

    id: int  # its place in the log: events are numbered from 0, in order
    t: int  # µs
    signal: str
    old: Value | Anchor
    new: Value | Anchor
    causes: tuple[int, ...]  # ids: triggers of the instant and last events of the inputs read; () for the world's own
    zone: str
    actor: str | None  # "agent", "person:<name>", "schedule:<name>", …; None for a device's own doing


@dataclass(frozen=True, slots=True)
class SignalInfo:
    """What a signal is, and its value at t = 0 (a flow's is an Anchor)."""

    kind: SignalKind
    zone: str
    initial: Value | Anchor
    unit: str = ""
