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
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from switch_bench.submit.errors import Refused

SUFFIX = ".sbz"
MOST = (2 << 30) - 1  # bytes of an archive: what ZIP tells without its extension to 64 bits, and any reader takes
MOST_FILES = 40_000  # fifty episodes of each of 799 tasks
MOST_UNPACKED = 8 << 30  # bytes of all files together; logs pack to a third or less
KINDS: Mapping[str, int] = {  # what a file may be called: bytes it may have
    r"manifest\.json": 8 << 20,
    r"signature\.json": 4 << 10,
    r"card\.md": 64 << 10,
    r"run\.json|results\.json": 8 << 20,
    r"report\.html": 48 << 20,
    r"episodes/[a-z0-9_]{1,64}\.[a-z0-9_]{1,64}-v[0-9]{1,4}\.[0-9]{1,4}\.json": 48 << 20,
}
NEEDED = ("manifest.json", "signature.json")
CHUNK = 1 << 16
LONGEST_NAME = 160  # characters, more than any of KINDS has
_ALLOWED_FLAGS = 0x0006  # how hard it was deflated
Files = Mapping[str, bytes] | Iterator[tuple[str, bytes]]
_END = struct.Struct("<4s4H2LH")  # APPNOTE.TXT 4.3.16, of a list on one disk without a comment
_LISTED = 46  # bytes of an entry of the list beside its name
_HEAD = struct.Struct("<4s5H3L2H")  # 4.3.7
_BROKEN = (
    zipfile.BadZipFile, zlib.error, struct.error, EOFError, ValueError, RuntimeError, OverflowError, OSError
)  # fmt: skip


def most_of(name: str) -> int | None:
    """How many bytes a file that is called so may have; None if none is."""
    return next((size for kind, size in KINDS.items() if re.fullmatch(kind, name)), None)


def episode_file(task: str, episode: int) -> str:
    """The name of an episode's log."""
    return f"episodes/{task}.{episode}.json"


@dataclass(frozen=True)
class Place:
    """Where a file's bytes stand in an archive: from `start` on, `packed` of them, `size` when they are unpacked."""

    start: int
    packed: int
    size: int
    crc: int
    deflated: bool


class Archive:
    """An archive opened for reading. Use it as a context manager. members: where its files are, by name.

    Raises: Refused for anything that isn't as this module writes it.
    """

    def __init__(self, path: Path) -> None:
        self._file = _opened(path)
        try:
            self.members: Mapping[str, Place] = _read_list(self._file, path.name)
        except BaseException:
            self._file.close()
            raise

    def __enter__(self) -> Archive:
        return self

    def __exit__(self, *_: object) -> None:
        self._file.close()

    def read(self, name: str) -> bytes:
        """A file's bytes, no more than its kind may have and its entry says."""
        return b"".join(_parts(self._file, self._place(name), name))

    def hash(self, name: str) -> str:
        """SHA-256 (hex) of a file, of which only a piece is held at a time."""
        digest = hashlib.sha256()
        for part in _parts(self._file, self._place(name), name):
            digest.update(part)
        return digest.hexdigest()

    def _place(self, name: str) -> Place:
        if name not in self.members:
            raise Refused("missing", name, "there is no such file in the archive")
        return self.members[name]


def read_at(path: Path, place: Place, name: str) -> bytes:
    """The bytes of the file that an opened archive has at this place; its list of files isn't read again.

    Nothing says that the archive is still the same: compare the file's hash. Raises: Refused if it can't be read.
    """
    with _opened(path) as file:
        return b"".join(_parts(file, place, name))


def _opened(path: Path) -> BinaryIO:
    try:
        return path.open("rb")
    except OSError as error:
        raise Refused("archive", path.name, f"can't be opened: {error.strerror}") from error


def _parts(file: BinaryIO, place: Place, name: str) -> Iterator[bytes]:
    """A file's bytes in pieces of at most CHUNK. Raises: Refused if they aren't what its entry says."""
    size, crc = 0, 0
    try:
        for part in _inflated(file, place) if place.deflated else _stored(file, place):
            size, crc = size + len(part), zlib.crc32(part, crc)
            if size > place.size:
                raise Refused("archive", name, "it holds more than its entry says")
            yield part
    except _BROKEN as error:
        raise Refused("archive", name, f"can't be read: {error}") from None
    if size < place.size:
        raise Refused("archive", name, "it holds less than its entry says")
    if crc != place.crc:
        raise Refused("archive", name, "can't be read: its check sum isn't that of its entry")


def _stored(file: BinaryIO, place: Place) -> Iterator[bytes]:
    file.seek(place.start)
    left = place.packed
    while left:
        part = file.read(min(CHUNK, left))
        if not part:
            raise EOFError("the archive ends before it does")
        left -= len(part)
        yield part


def _inflated(file: BinaryIO, place: Place) -> Iterator[bytes]:
    unpacker = zlib.decompressobj(-zlib.MAX_WBITS)
    for packed in _stored(file, place):
        while not unpacker.eof and (part := unpacker.decompress(packed, CHUNK)):
            packed = unpacker.unconsumed_tail
            yield part
        if unpacker.eof:
            break
    if not unpacker.eof or unpacker.unused_data or file.tell() != place.start + place.packed:
        raise ValueError("what it is packed as is cut short, or something comes after it")


def _read_list(file: BinaryIO, name: str) -> dict[str, Place]:
    """Where an archive's files are, by name, when all is well with all of them."""
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
    _check(entries)
    found: dict[str, Place] = {}
    at = 0
    for entry in entries:
        place = found[entry.filename] = _place(file, entry, at)
        at = place.start + place.packed
    if at != start or sum(_LISTED + len(entry.filename) for entry in entries) != size - _END.size - start:
        raise Refused("archive", name, "there are bytes between its files and the list of them")
    return found


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


def _check(entries: list[zipfile.ZipInfo]) -> None:
    """See that each is a file that a submission may have. Raises: Refused."""
    names: set[str] = set()
    for entry in entries:
        name = entry.filename
        shown = ascii(name)[1:-1]
        most = most_of(name)
        if entry.orig_filename != name or most is None:
            raise Refused("name", shown, "no file of a submission is called so")
        if name in names:
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
        names.add(name)
    unpacked = sum(entry.file_size for entry in entries)
    if unpacked > MOST_UNPACKED:
        raise Refused("too-large", "the archive", f"{unpacked} bytes unpacked; at most {MOST_UNPACKED}")
    for name in NEEDED:
        if name not in names:
            raise Refused("missing", name, "there is no such file in the archive")


def _place(file: BinaryIO, entry: zipfile.ZipInfo, at: int) -> Place:
    """Where a file is whose head must begin at `at`, with the same facts as in the list."""
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
    deflated = entry.compress_type == zipfile.ZIP_DEFLATED
    return Place(at + len(found), entry.compress_size, entry.file_size, entry.CRC, deflated)


def file_hash(path: Path) -> str:
    """SHA-256 (hex) of a file, read in pieces."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def write(path: Path, files: Files) -> None:
    """Write an archive, the same bytes for the same files; it is there whole or not at all.

    files: by name, or pairs of name and bytes, of which one is held at a time.

    Raises: Refused, and nothing is written, if it or one of its files would be larger than is taken.
    """
    part = path.with_name(f".{path.name}.part")
    count = unpacked = 0
    pairs = files.items() if isinstance(files, Mapping) else files
    try:
        with part.open("wb") as file, zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
            for name, data in pairs:
                count, unpacked = count + 1, unpacked + len(data)
                most = most_of(name) or 0
                if len(data) > most:
                    raise Refused("too-large", name, f"{len(data)} bytes; such a file has at most {most}")
                if count > MOST_FILES or unpacked > MOST_UNPACKED:
                    said = f"over {MOST_FILES} files, or {MOST_UNPACKED} bytes unpacked"
                    raise Refused("too-large", path.name, said)
                entry = zipfile.ZipInfo(name, date_time=(1980, 1, 1, 0, 0, 0))
                entry.compress_type = zipfile.ZIP_DEFLATED
                entry.external_attr = (stat.S_IFREG | 0o644) << 16
                archive.writestr(entry, data)
                _fits(path, file.tell())
        _fits(path, part.stat().st_size)
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)


def _fits(path: Path, size: int) -> None:
    if size > MOST:
        raise Refused("too-large", path.name, f"{size} bytes; an archive has at most {MOST}")
