"""A submission's archive: a ZIP of a signed manifest and a log for each episode. Read as if a stranger had made it.

    manifest.json              what was run, and the hash of every other file; canonical JSON
    signature.json             Ed25519 over the manifest
    episodes/<task>.<n>.json   what was given in the episode, and the states it went through
    card.md                    the model card
    run.json, results.json, report.html    as the submitter's run folder had them; the check never reads them

Nothing is unpacked: files are read one by one, counted as they come, and nothing of an archive becomes a path.
"""

from __future__ import annotations

import hashlib
import re
import stat
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
    r"manifest\.json": 8 << 20,
    r"signature\.json": 4 << 10,
    r"card\.md": 64 << 10,
    r"run\.json|results\.json": 8 << 20,
    r"report\.html": 48 << 20,
    r"episodes/[a-z0-9_]{1,64}\.[a-z0-9_]{1,64}-v[0-9]{1,4}\.[0-9]{1,4}\.json": 16 << 20,
}
NEEDED = ("manifest.json", "signature.json")
CHUNK = 1 << 16
_ALLOWED_FLAGS = 0x0800 | 0x0006  # names in UTF-8; how hard it was deflated


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
            self._zip, self.members = self._open(path)
        except BaseException:
            self._file.close()
            raise

    def _open(self, path: Path) -> tuple[zipfile.ZipFile, dict[str, zipfile.ZipInfo]]:
        size = path.stat().st_size
        if size > MOST:
            raise Refused("too-large", path.name, f"{size} bytes; an archive has at most {MOST}")
        try:
            opened = zipfile.ZipFile(self._file)
        except (zipfile.BadZipFile, ValueError, OverflowError, NotImplementedError, OSError) as error:
            raise Refused("archive", path.name, f"not a ZIP archive: {error}") from None
        return opened, _members(opened)

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
        except (zipfile.BadZipFile, zlib.error, EOFError, ValueError, NotImplementedError, OSError) as error:
            raise Refused("archive", name, f"can't be read: {error}") from None
        if left:
            raise Refused("archive", name, "it holds less than its entry says")
        return b"".join(parts)


def _members(opened: zipfile.ZipFile) -> dict[str, zipfile.ZipInfo]:
    """The archive's files by name, when all is well with all of them."""
    entries = opened.infolist()
    if len(entries) > MOST_FILES:
        raise Refused("too-large", "the archive", f"{len(entries)} files; at most {MOST_FILES}")
    members: dict[str, zipfile.ZipInfo] = {}
    end = 0
    for entry in sorted(entries, key=lambda e: e.header_offset):
        name = entry.filename
        shown = ascii(name)[1:-1][:120]
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
        if entry.file_size > most:
            raise Refused("too-large", shown, f"{entry.file_size} bytes; such a file has at most {most}")
        if entry.header_offset < end:
            raise Refused("archive", shown, "files overlap")
        end = entry.header_offset + entry.compress_size
        members[name] = entry
    unpacked = sum(entry.file_size for entry in entries)
    if unpacked > MOST_UNPACKED:
        raise Refused("too-large", "the archive", f"{unpacked} bytes unpacked; at most {MOST_UNPACKED}")
    for name in NEEDED:
        if name not in members:
            raise Refused("missing", name, "there is no such file in the archive")
    return members


def file_hash(path: Path) -> str:
    """SHA-256 (hex) of a file, read in pieces."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def write(path: Path, files: Mapping[str, bytes]) -> None:
    """Write an archive, the same bytes for the same files; it is there whole or not at all."""
    part = path.with_name(f".{path.name}.part")
    try:
        with zipfile.ZipFile(part, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
            for name, data in files.items():
                entry = zipfile.ZipInfo(name, date_time=(1980, 1, 1, 0, 0, 0))
                entry.compress_type = zipfile.ZIP_DEFLATED
                entry.external_attr = (stat.S_IFREG | 0o644) << 16
                archive.writestr(entry, data)
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)
