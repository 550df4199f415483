"""A submission's archive: a ZIP of a signed manifest and a log for each episode. Read as if a stranger had made it.

    manifest.json              what was run, and the hash of every other file; canonical JSON
    signature.json             Ed25519 over the manifest
    episodes/<task>.<n>.json   what was given in the episode, and the states it went through
    card.md                    the model card
    run.json, results.json, report.html    as the submitter's run folder had them; the check never reads them

Nothing is unpacked: files are read one by one, counted as they come, and nothing of an archive becomes a path.

A ZIP file can be laid out so that two readers find other files in it. Here it has one layout, that of `write`: files
from the first byte on, one after the other, each with the same facts at its head as in the list; the list; its end. So
there is no room for anything else, and what any reader finds is what was signed.
"""

from __future__ import annotations

import hashlib
import re
import stat
import struct
import zipfile
import zlib
from collections.abc import Mapping
from pathlib import Path
from typing import BinaryIO

from switch_bench.submit.errors import Refused

SUFFIX = ".sbz"
MOST = 64 << 20  # bytes of an archive
MOST_FILES = 20_000
MOST_UNPACKED = 1 << 30  # bytes of all files together
KINDS: Mapping[str, int] = {  # what a file may be called: bytes it may have
    r"manifest\.json": 4 << 20,
    r"signature\.json": 4 << 10,
    r"card\.md": 64 << 10,
    r"run\.json|results\.json": 8 << 20,
    r"report\.html": 48 << 20,
    r"episodes/[a-z0-9_]{1,64}\.[a-z0-9_]{1,64}-v[0-9]{1,4}\.[0-9]{1,4}\.json": 16 << 20,
}
NEEDED = ("manifest.json", "signature.json")
CHUNK = 1 << 16
LONGEST_NAME = 160  # characters, more than any of KINDS has
_ALLOWED_FLAGS = 0x0006  # how hard it was deflated
_END = struct.Struct("<4s4H2LH")  # APPNOTE.TXT 4.3.16, of a list on one disk without a comment
_LISTED = 46  # bytes of an entry of the list beside its name
_HEAD = struct.Struct("<4s5H3L2H")  # 4.3.7
_BROKEN = (
    zipfile.BadZipFile, zlib.error, struct.error, EOFError, ValueError, RuntimeError, OverflowError, OSError
)  # fmt: skip


def episode_file(task: str, episode: int) -> str:
    """The name of an episode's log."""
    return f"episodes/{task}.{episode}.json"


class Archive:
    """An archive opened for reading. Use it as a context manager.

    Raises: Refused for anything that isn't as this module writes it.
    """

    def __init__(self, path: Path) -> None:
        try:
            self._file: BinaryIO = path.open("rb")
        except OSError as error:
            raise Refused("archive", path.name, f"can't be opened: {error.strerror}") from error
        try:
            self._zip, self.members = _open(self._file, path.name)
        except BaseException:
            self._file.close()
            raise

    def __enter__(self) -> Archive:
        return self

    def __exit__(self, *_: object) -> None:
        self._zip.close()
        self._file.close()

    def read(self, name: str) -> bytes:
        """A file's bytes, no more than its kind may have and its entry says."""
        member = self.members.get(name)
        if member is None:
            raise Refused("missing", name, "there is no such file in the archive")
        parts = []
        left = member.file_size
        try:
            with self._zip.open(member) as file:
                while part := file.read(CHUNK):
                    left -= len(part)
                    if left < 0:
                        raise Refused("archive", name, "it holds more than its entry says")
                    parts.append(part)
        except _BROKEN as error:
            raise Refused("archive", name, f"can't be read: {error}") from None
        if left:
            raise Refused("archive", name, "it holds less than its entry says")
        return b"".join(parts)


def _open(file: BinaryIO, name: str) -> tuple[zipfile.ZipFile, dict[str, zipfile.ZipInfo]]:
    """The archive, and its files by name when all is well with all of them."""
    size = file.seek(0, 2)
    if size > MOST:
        raise Refused("too-large", name, f"{size} bytes; an archive has at most {MOST}")
    count, start = _end(file, size, name)
    try:
        opened = zipfile.ZipFile(file)
    except _BROKEN as error:
        raise Refused("archive", name, f"not a ZIP archive: {error}") from None
    entries = opened.infolist()
    if opened.start_dir != start or len(entries) != count:  # type: ignore[attr-defined]  # where zipfile found the list
        raise Refused("archive", name, "its list of files isn't where its end says, or is cut short")
    members = _members(entries)
    at = 0
    for entry in entries:
        at = _after(file, entry, at)
    if at != start or sum(_LISTED + len(entry.filename) for entry in entries) != size - _END.size - start:
        raise Refused("archive", name, "there are bytes between its files and the list of them")
    return opened, members


def _end(file: BinaryIO, size: int, name: str) -> tuple[int, int]:
    """How many files the archive has, and where the list of them begins: told by its last bytes, and by them only."""
    file.seek(max(0, size - _END.size))
    found = file.read(_END.size)
    if len(found) < _END.size or found[:4] != b"PK\x05\x06":
        raise Refused("archive", name, "not a ZIP archive, or something comes after its end")
    _, disk, first, here, count, long, start, comment = _END.unpack(found)
    if disk or first or here != count or comment:
        raise Refused("archive", name, "in several parts, or with a comment; neither is taken")
    if count > MOST_FILES:
        raise Refused("too-large", name, f"{count} files; at most {MOST_FILES}")
    if start + long != size - _END.size or long > count * (_LISTED + LONGEST_NAME):
        raise Refused("archive", name, "its list of files isn't where its end says, or is too long")
    return count, start


def _members(entries: list[zipfile.ZipInfo]) -> dict[str, zipfile.ZipInfo]:
    members: dict[str, zipfile.ZipInfo] = {}
    for entry in entries:
        name = entry.filename
        shown = ascii(name)[1:-1]
        most = next((size for kind, size in KINDS.items() if re.fullmatch(kind, name)), None)
        if entry.orig_filename != name or most is None:
            raise Refused("name", shown, "no file of a submission is called so")
        if name in members:
            raise Refused("duplicate", shown, "the archive holds it twice")
        mode = entry.external_attr >> 16
        if entry.is_dir() or stat.S_IFMT(mode) not in (0, stat.S_IFREG):
            raise Refused("name", shown, "not a plain file")
        if entry.flag_bits & ~_ALLOWED_FLAGS:
            raise Refused("archive", shown, "encrypted, streamed or patched; none of that is taken")
        if entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            raise Refused("archive", shown, "packed by another method than deflate")
        if entry.extra or entry.comment:
            raise Refused("archive", shown, "it has a comment, or fields of another program")
        if entry.file_size > most:
            raise Refused("too-large", shown, f"{entry.file_size} bytes; such a file has at most {most}")
        members[name] = entry
    unpacked = sum(entry.file_size for entry in entries)
    if unpacked > MOST_UNPACKED:
        raise Refused("too-large", "the archive", f"{unpacked} bytes unpacked; at most {MOST_UNPACKED}")
    for name in NEEDED:
        if name not in members:
            raise Refused("missing", name, "there is no such file in the archive")
    return members


def _after(file: BinaryIO, entry: zipfile.ZipInfo, at: int) -> int:
    """Where a file ends that must begin at `at`, with the same facts at its head as in the list."""
    name = entry.filename.encode()
    if entry.header_offset != at:
        raise Refused("archive", entry.filename, "files overlap, or there are bytes between them")
    file.seek(at)
    found = file.read(_HEAD.size + len(name))
    if len(found) < _HEAD.size + len(name):
        raise Refused("archive", entry.filename, "it isn't there")
    magic, _, flags, method, _, _, crc, packed, unpacked, named, extra = _HEAD.unpack(found[: _HEAD.size])
    head = magic, flags, method, crc, packed, unpacked, named, extra, found[_HEAD.size :]
    listed = entry.flag_bits, entry.compress_type, entry.CRC, entry.compress_size, entry.file_size
    if head != (b"PK\x03\x04", *listed, len(name), 0, name):
        raise Refused("archive", entry.filename, "its head says other than the archive's list of files")
    return at + len(found) + entry.compress_size


def file_hash(path: Path) -> str:
    """SHA-256 (hex) of a file, read in pieces."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def write(path: Path, files: Mapping[str, bytes]) -> None:
    """Write an archive, the same bytes for the same files; it is there whole or not at all.

    Raises: Refused, and nothing is written, if it would be larger than is taken.
    """
    part = path.with_name(f".{path.name}.part")
    try:
        with zipfile.ZipFile(part, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
            for name, data in files.items():
                entry = zipfile.ZipInfo(name, date_time=(1980, 1, 1, 0, 0, 0))
                entry.compress_type = zipfile.ZIP_DEFLATED
                entry.external_attr = (stat.S_IFREG | 0o644) << 16
                archive.writestr(entry, data)
        size = part.stat().st_size
        if size > MOST:
            raise Refused("too-large", path.name, f"{size} bytes; an archive has at most {MOST}")
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)
