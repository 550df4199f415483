"""What a cheat does to an archive: takes a real one apart, edits it, puts it together again and signs it."""

from __future__ import annotations

import copy
import hashlib
import json
import struct
import zipfile
import zlib
from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path
from typing import Any

from scratch import scratch
from submitted_runs import TASK, packed

from switch_bench.submit import form, jobs, signing
from switch_bench.submit.archive import episode_file, write
from switch_bench.submit.canonical import canonical

NUDGER = "submitted_policies:Nudger"
FIRST = episode_file(TASK, 0)
SECOND = episode_file(TASK, 1)

Files = dict[str, bytes]
Edit = Callable[[dict[str, Any]], Any]


@cache
def _files(policy: str) -> Mapping[str, bytes]:
    with zipfile.ZipFile(packed(policy).path) as opened:
        return {name: opened.read(name) for name in opened.namelist()}


def files(policy: str = NUDGER) -> Files:
    """The files of a real archive."""
    return dict(_files(policy))


def manifest(policy: str = NUDGER) -> dict[str, Any]:
    """Its manifest."""
    return json.loads(_files(policy)["manifest.json"])


def log(policy: str = NUDGER, name: str = FIRST) -> dict[str, Any]:
    """The log of one of its episodes."""
    return json.loads(_files(policy)[name])


@cache
def attacker() -> Path:
    """A key of nobody."""
    path = scratch("attacker") / "key.pem"
    signing.new_key(path)
    return path


def sealed(found: Mapping[str, bytes], *, claim: Edit = lambda said: None, key: Path | None = None) -> Files:
    """The files with a manifest that has their hashes, edited by `claim`, and a signature by the attacker's key."""
    rest = {name: data for name, data in found.items() if name not in ("manifest.json", "signature.json")}
    said = json.loads(found["manifest.json"])
    said["files"] = {
        name: {"sha256": hashlib.sha256(data).hexdigest(), "bytes": len(data)} for name, data in rest.items()
    }
    claim(said)
    return signed(canonical(said), key) | rest


def signed(head: bytes, key: Path | None = None) -> Files:
    """A manifest and its signature."""
    return {
        "manifest.json": head,
        "signature.json": canonical(signing.sign(signing.load_key(key or attacker()), head)),
    }


def with_log(edit: Edit, policy: str = NUDGER, name: str = FIRST) -> Files:
    """The files with one log edited."""
    found = copy.deepcopy(log(policy, name))
    edit(found)
    return files(policy) | {name: json.dumps(found).encode()}


def put(path: Path, found: Mapping[str, bytes]) -> Path:
    """Write them as `pack` would."""
    write(path, found)
    return path


def first_no(path: Path, out: Path) -> jobs.No | None:
    """Open it and run its episodes again, in this process: why it is refused, or None."""
    opened = jobs.work(jobs.Open(str(path)))
    if isinstance(opened, jobs.No):
        return opened
    assert isinstance(opened, form.Opened)
    (out / "traces").mkdir(parents=True, exist_ok=True)
    for job in jobs.repeats(path, opened, out, 0):
        answer = jobs.work(job)
        if isinstance(answer, jobs.No):
            return answer
    return None


# ------------------------------------------------------------------ ZIP, byte by byte


def head(name: bytes, data: bytes, *, packed: bytes | None = None, size: int | None = None, flags: int = 0,
         method: int = 0, crc: int | None = None, extra: bytes = b"", taken: int | None = None) -> bytes:  # fmt: skip
    """A file as it stands in a ZIP: its head, and what it is packed as."""
    packed = data if packed is None else packed
    return (
        struct.pack(
            "<4s5H3L2H", b"PK\x03\x04", 20, flags, method, 0, 33, zlib.crc32(data) if crc is None else crc,
            len(packed) if taken is None else taken, len(data) if size is None else size, len(name), len(extra),
        )
        + name + extra + packed
    )  # fmt: skip


def listed(name: bytes, data: bytes, at: int, *, packed: bytes | None = None, size: int | None = None, flags: int = 0,
           method: int = 0, crc: int | None = None, mode: int = 0o100644, extra: bytes = b"",
           comment: bytes = b"", taken: int | None = None) -> bytes:  # fmt: skip
    """Its entry in the list of files."""
    packed = data if packed is None else packed
    return (
        struct.pack(
            "<4s6H3L5H2L", b"PK\x01\x02", 0x0314, 20, flags, method, 0, 33, zlib.crc32(data) if crc is None else crc,
            len(packed) if taken is None else taken, len(data) if size is None else size, len(name), len(extra),
            len(comment), 0, 0, mode << 16, at,
        )
        + name + extra + comment
    )  # fmt: skip


def end(count: int, long: int, start: int, comment: bytes = b"") -> bytes:
    """The end of a ZIP."""
    return struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, count, count, long, start, len(comment)) + comment


def zipped(*parts: tuple[bytes, bytes], before: bytes = b"", between: bytes = b"", after: bytes = b"",
           comment: bytes = b"", **facts: Any) -> bytes:  # fmt: skip
    """A ZIP of (name, data), stored; `facts` are what is untrue of the last one, in head and list alike."""
    heads, entries = before, b""
    for number, (name, data) in enumerate(parts):
        lies = facts if number == len(parts) - 1 else {}
        inside = {key: value for key, value in lies.items() if key not in ("mode", "comment")}
        at = len(heads)
        heads += head(name, data, **inside)
        entries += listed(name, data, at, **lies)
    heads += between
    return heads + entries + end(len(parts), len(entries), len(heads), comment) + after


def deflated(data: bytes) -> bytes:
    """As ZIP packs it."""
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    return packer.compress(data) + packer.flush()
