"""Traces as files: one `.npz` with the facts as JSON beside the numeric arrays. Versioned, atomic, no pickle."""

from __future__ import annotations

import contextlib
import json
import math
import os
import tempfile
import zipfile
import zlib
from pathlib import Path
from typing import Any

import numpy as np

from switch_bench.network.declare import Value
from switch_bench.network.flow import Anchor
from switch_bench.trace.schema import SCHEMA_VERSION, Claim, Event, Pose, SignalInfo, Trace, View

FORMAT = "switch_bench.trace"


class TraceFileError(ValueError):
    """A trace file can't be read; the message names the file and what is wrong with it."""


class TraceVersionError(TraceFileError):
    """The file was written by a newer version of the schema than this program knows."""


def save(trace: Trace, path: str | os.PathLike[str]) -> Path:
    """Write `trace` to `path` (an `.npz`) and return it. The file appears whole or not at all.

    Raises: `TypeError` if the manifest or an action holds something that is not plain JSON data.
    """
    path = Path(path)
    facts = json.dumps(_encode(trace), separators=(",", ":"), allow_nan=False).encode()
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.", suffix=".part")
    try:
        with os.fdopen(handle, "wb") as file:
            np.savez_compressed(
                file,
                facts=np.frombuffer(facts, dtype=np.uint8),
                targets=np.asarray(trace.targets, dtype=np.float64),
                base=np.asarray(trace.base, dtype=np.float64),
            )
            file.flush()
            os.fsync(file.fileno())
        Path(temporary).replace(path)
    except BaseException:
        with contextlib.suppress(FileNotFoundError):
            os.unlink(temporary)
        raise
    return path


def load(path: str | os.PathLike[str]) -> Trace:
    """Read a trace.

    Raises: `FileNotFoundError`; `TraceVersionError` for a file of a newer version; `TraceFileError` for one that is
    truncated, corrupt, or no trace at all.
    """
    path = Path(path)
    if not path.exists():
        raise FileNotFoundError(f"{path}: there is no such trace file")
    try:
        with np.load(path, allow_pickle=False) as archive:
            missing = {"facts", "targets", "base"} - set(archive.files)
            if missing:
                raise TraceFileError(f"{path}: not a trace: it lacks {', '.join(sorted(missing))}")
            facts = json.loads(archive["facts"].tobytes().decode())
            targets, base = archive["targets"], archive["base"]
    except TraceFileError:
        raise
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError, KeyError, AttributeError) as e:
        raise TraceFileError(f"{path}: the file is truncated or corrupt ({e})") from e
    if not isinstance(facts, dict) or facts.get("format") != FORMAT:
        raise TraceFileError(f"{path}: not a trace: expected format {FORMAT!r}")
    version = facts.get("version")
    if not isinstance(version, int) or version < 1:
        raise TraceFileError(f"{path}: not a trace: version {version!r}")
    if version > SCHEMA_VERSION:
        raise TraceVersionError(
            f"{path}: written in version {version} of the trace schema; this program reads up to {SCHEMA_VERSION}"
        )
    try:
        return _decode(facts, targets, base)
    except (KeyError, TypeError, ValueError, IndexError, AttributeError) as e:
        raise TraceFileError(f"{path}: the file is corrupt: {type(e).__name__}: {e}") from e


def _value(value: Value | Anchor) -> Any:
    if isinstance(value, Anchor):
        terms = [[_value(c), _value(lam)] for c, lam in value.terms]
        return {"t0": int(value.t0), "a": _value(value.a), "b": _value(value.b), "terms": terms}
    if isinstance(value, np.generic):
        value = value.item()
    if isinstance(value, float) and not math.isfinite(value):
        return {"float": repr(value)}
    return value


def _parse_value(data: Any) -> Any:
    if isinstance(data, dict):
        if "float" in data:
            return float(data["float"])
        terms = tuple((_parse_value(c), _parse_value(lam)) for c, lam in data["terms"])
        return Anchor(int(data["t0"]), _parse_value(data["a"]), _parse_value(data["b"]), terms)
    if not isinstance(data, bool | int | float | str):
        raise TypeError(f"expected a signal's value, found {data!r}")
    return data


def _encode(trace: Trace) -> dict[str, Any]:
    return {
        "format": FORMAT,
        "version": SCHEMA_VERSION,
        "manifest": dict(trace.manifest),
        "signals": {n: [s.kind, s.zone, _value(s.initial), s.unit] for n, s in trace.signals.items()},
        "events": [
            [e.id, e.t, e.signal, _value(e.old), _value(e.new), list(e.causes), e.zone, e.actor] for e in trace.events
        ],
        "end": trace.end,
        "claim": None if trace.claim is None else [trace.claim.t, trace.claim.what],
        "views": [[v.t, v.camera, list(v.seen)] for v in trace.views],
        "sights": [[v.t, v.camera, list(v.seen)] for v in trace.sights],
        "poses": [[p.t, p.name, list(p.position), list(p.quaternion), p.zone, p.on] for p in trace.poses],
        "actions": [[t, a] for t, a in trace.actions],
        "inputs": trace.inputs,
        "hashes": [[t, h] for t, h in trace.hashes],
        "jumps": [[a, b] for a, b in trace.jumps],
    }


def _decode(facts: dict[str, Any], targets: np.ndarray, base: np.ndarray) -> Trace:
    if not isinstance(facts["end"], int):
        raise TypeError(f"end: expected microseconds, found {facts['end']!r}")
    claim = facts["claim"]
    return Trace(
        manifest=facts["manifest"],
        signals={
            n: SignalInfo(kind=kind, zone=zone, initial=_parse_value(initial), unit=unit)
            for n, (kind, zone, initial, unit) in facts["signals"].items()
        },
        events=[
            Event(i, t, signal, _parse_value(old), _parse_value(new), tuple(causes), zone, actor)
            for i, t, signal, old, new, causes, zone, actor in facts["events"]
        ],
        end=facts["end"],
        claim=None if claim is None else Claim(t=claim[0], what=claim[1]),
        views=[View(t, camera, tuple(seen)) for t, camera, seen in facts["views"]],
        sights=[View(t, camera, tuple(seen)) for t, camera, seen in facts.get("sights", [])],
        poses=[
            Pose(t, name, (p[0], p[1], p[2]), (q[0], q[1], q[2], q[3]), zone, on)
            for t, name, p, q, zone, on in facts["poses"]
        ],
        actions=[(t, action) for t, action in facts["actions"]],
        inputs=list(facts.get("inputs", [])),
        targets=targets,
        base=base,
        hashes=[(t, h) for t, h in facts["hashes"]],
        jumps=[(a, b) for a, b in facts["jumps"]],
    )
