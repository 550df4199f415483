"""The trace of an episode: everything that happened, with its causes. Verifiers read nothing else."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from switch_bench.network.event import Event, SignalInfo

__all__ = ["SCHEMA_VERSION", "Claim", "Event", "Pose", "SignalInfo", "Trace", "View"]

SCHEMA_VERSION = 1


@dataclass(frozen=True, slots=True)
class Claim:
    """What the agent reported when it ended the episode: "done" or "impossible"."""

    t: int
    what: str


@dataclass(frozen=True, slots=True)
class View:
    """What was in an image delivered to the agent: signals (lamps, displays, controls) and zones readable in it."""

    t: int
    camera: str
    seen: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Pose:
    """An object's pose when it had come to rest or moved on: position [m] and unit quaternion (w, x, y, z)."""

    t: int
    name: str
    position: tuple[float, float, float]
    quaternion: tuple[float, float, float, float]
    zone: str
    on: str = ""  # what it rests on or is in, "" for nothing, "floor"


@dataclass
class Trace:
    """One run of one scenario.

    manifest: task id, seed, variation, versions, spec hashes, engine, renderer, CPU flags, libm, body, track,
        horizon_us.
    targets: (n, 1 + nu) float64: tick time [µs] and the body's actuator targets set from that tick on [m | rad].
    actions: (t [µs], action) as given to the environment, JSON-able.
    inputs: where the policy played the episode by itself, all that it put into the world: ["apply", 12 numbers],
        ["wait", until µs], ["look", whether through the longer lens], ["report", what],
        ["read", None] for a look at the trace itself; else empty.
    base: (n, 4) float64: t [µs], x [m], y [m], heading [rad] of the body at control steps at which it moved.
    hashes: (t [µs], hex digest of the quantised physical and network state).
    sights: what could have been seen, whether or not an image was delivered: the head camera's view once a second and
        after each wait, noted where the task has a formula with `visible`.
    jumps: (from, to) [µs] of the stretches the world jumped over instead of stepping, as a replay must.
    """

    manifest: Mapping[str, Any]
    signals: Mapping[str, SignalInfo]
    events: list[Event] = field(default_factory=list)
    end: int = 0  # µs
    claim: Claim | None = None
    views: list[View] = field(default_factory=list)
    sights: list[View] = field(default_factory=list)
    poses: list[Pose] = field(default_factory=list)
    actions: list[tuple[int, Any]] = field(default_factory=list)
    inputs: list[list[Any]] = field(default_factory=list)
    targets: np.ndarray = field(default_factory=lambda: np.zeros((0, 1)))
    base: np.ndarray = field(default_factory=lambda: np.zeros((0, 4)))
    hashes: list[tuple[int, str]] = field(default_factory=list)
    jumps: list[tuple[int, int]] = field(default_factory=list)
