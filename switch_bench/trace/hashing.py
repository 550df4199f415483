"""A canonical hash of a trace's facts: equal digests mean that the same things happened, bit for bit."""

from __future__ import annotations

import hashlib
import json
from typing import Any

from switch_bench.network.declare import Value
from switch_bench.network.flow import Anchor
from switch_bench.trace.schema import Event, Trace


def canonical(value: Value | Anchor) -> list[Any]:
    """A value as JSON-able data that keeps its type and every bit: floats are written in hexadecimal."""
    if isinstance(value, Anchor):
        terms = [[float(c).hex(), float(lam).hex()] for c, lam in value.terms]
        return ["anchor", int(value.t0), float(value.a).hex(), float(value.b).hex(), terms]
    if isinstance(value, bool):
        return ["bool", bool(value)]
    if isinstance(value, int):
        return ["int", value]
    if isinstance(value, float):
        return ["float", float(value).hex()]
    return ["str", str(value)]


def _event(e: Event) -> list[Any]:
    return [e.id, e.t, e.signal, canonical(e.old), canonical(e.new), list(e.causes), e.zone, e.actor]


def digest(trace: Trace) -> str:
    """The SHA-256 (hex) of what happened: signals at the start, events with causes, flows by anchors, end and claim.

    What was recorded about the run (manifest, actions, targets, views) is no part of it, so that a replay on another
    day has the digest of the run it repeats.
    """
    claim = None if trace.claim is None else [trace.claim.t, trace.claim.what]
    head = {
        "signals": {n: [s.kind, s.zone, s.unit, canonical(s.initial)] for n, s in sorted(trace.signals.items())},
        "end": trace.end,
        "claim": claim,
    }
    h = hashlib.sha256(json.dumps(head, sort_keys=True, separators=(",", ":")).encode())
    for event in trace.events:
        h.update(b"\n")
        h.update(json.dumps(_event(event), separators=(",", ":")).encode())
    return h.hexdigest()
