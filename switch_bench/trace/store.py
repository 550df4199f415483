"""Traces as files: one `.npz` with the facts as JSON beside the numeric arrays. Versioned, atomic, no pickle."""

from __future__ import annotations

import contextlib
import json
import math
import os
import struct
import tempfile
import zipfile
import zlib
from io import BytesIO
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np

from switch_bench.network.declare import Value
from switch_bench.network.flow import Anchor
from switch_bench.trace.schema import SCHEMA_VERSION, Claim, Event, Pose, SignalInfo, Trace, View

FORMAT = "switch_bench.trace"
MOST_FILES = 16  # arrays in a trace's file
MOST_FACTS = 256 << 20  # bytes, unpacked: three hours of pictures at 20 Hz have half of it
MOST_NUMBERS = 256 << 20  # bytes of `targets`, and of `base`
_END = struct.Struct("<4s4H2LH")  # of a ZIP (APPNOTE.TXT 4.3.16)
_BROKEN = (
    zipfile.BadZipFile, zlib.error, struct.error, EOFError, OSError, ValueError, KeyError, TypeError, AttributeError,
    IndexError, RuntimeError, OverflowError, SyntaxError,
)  # fmt: skip


class TraceFileError(ValueError):
    """A trace file can't be read; the message names the file and what is wrong with it."""


class TraceVersionError(TraceFileError):
    """The file was written by a newer version of the schema than this program knows."""


def save(trace: Trace, path: str | os.PathLike[str]) -> Path:
    """Write `trace` to `path` (an `.npz`) and return it. The file appears whole or not at all.

    Raises: `TypeError` if the manifest or an action holds something that is not plain JSON data; `TraceFileError` for
    more than `load` takes.
    """
    path = Path(path)
    facts = json.dumps(_encode(trace), separators=(",", ":"), allow_nan=False).encode()
    if len(facts) > MOST_FACTS:
        raise TraceFileError(f"{path}: {len(facts)} bytes of facts; a trace has at most {MOST_FACTS}")
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
    """Read a trace. The file may be a stranger's: what it unpacks to is bounded.

    Raises: `FileNotFoundError`; `TraceVersionError` for a file of a newer version; `TraceFileError` for one that is
    truncated, corrupt, too large, or no trace at all.
    """
    path = Path(path)
    if not path.exists():
        raise FileNotFoundError(f"{path}: there is no such trace file")
    try:
        with path.open("rb") as file:
            _few_files(file)
            with zipfile.ZipFile(file) as archive:
                missing = {"facts", "targets", "base"} - {name.removesuffix(".npy") for name in archive.namelist()}
                if missing:
                    raise TraceFileError(f"{path}: not a trace: it lacks {', '.join(sorted(missing))}")
                text = _array(archive, "facts", np.uint8, 1, MOST_FACTS).tobytes()
                targets = _array(archive, "targets", np.float64, 2, MOST_NUMBERS)
                base = _array(archive, "base", np.float64, 2, MOST_NUMBERS)
        facts = json.loads(text.decode(), parse_constant=_no_constant)
    except TraceFileError:
        raise
    except _BROKEN as e:
        raise TraceFileError(f"{path}: the file is truncated or corrupt ({str(e)[:200]})") from e
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
    except _BROKEN as e:
        raise TraceFileError(f"{path}: the file is corrupt: {type(e).__name__}: {str(e)[:200]}") from e


def _few_files(file: BinaryIO) -> None:
    """See that a ZIP lists few files, before its list is read. Raises ValueError."""
    size = file.seek(0, os.SEEK_END)
    file.seek(max(0, size - _END.size - 20))
    tail = file.read()
    end = tail[-_END.size :]
    if len(end) < _END.size or end[:4] != b"PK\x05\x06":
        raise ValueError("it has no end")
    _, _, _, _, count, long, _, comment = _END.unpack(end)
    if count > MOST_FILES or long > MOST_FILES * 256 or comment or tail[:4] == b"PK\x06\x07":
        raise ValueError(f"more than {MOST_FILES} files, or a comment")
    file.seek(0)


def _array(archive: zipfile.ZipFile, name: str, dtype: type, dimensions: int, most: int) -> np.ndarray:
    """An array of a `.npz`, at most `most` bytes of it, none of which are made room for on its own word.

    Raises: ValueError and what zipfile raises.
    """
    with archive.open(f"{name}.npy") as file:
        data = file.read(most + 1)
    if len(data) > most:
        raise ValueError(f"{name}: more than {most} bytes")
    head = BytesIO(data)
    if np.lib.format.read_magic(head) != (1, 0):
        raise ValueError(f"{name}: not an array as this program writes them")
    shape, by_column, found = np.lib.format.read_array_header_1_0(head)
    if found != np.dtype(dtype) or by_column or len(shape) != dimensions:
        raise ValueError(f"{name}: an array of {found} with {len(shape)} dimensions, by columns: {by_column}")
    if min(shape) < 0 or math.prod(shape) * found.itemsize != len(data) - head.tell():
        raise ValueError(f"{name}: its shape {shape} and its length don't fit")
    return np.frombuffer(data, found, offset=head.tell()).reshape(shape).copy()


def _no_constant(text: str) -> Any:
    raise ValueError(f"{text} is no number of JSON")


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
    if not isinstance(facts["manifest"], dict):
        raise TypeError(f"manifest: expected an object, found {type(facts['manifest']).__name__}")
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
