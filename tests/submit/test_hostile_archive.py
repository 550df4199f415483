"""Archives that aren't what they seem: each is refused with its reason, before anything of it is unpacked."""

from __future__ import annotations

import io
import struct
import zipfile
from pathlib import Path

import pytest
from hostile import deflated, end, files, head, listed, put, sealed, zipped

from switch_bench.submit import archive, check, form, jobs
from switch_bench.submit.archive import Archive
from switch_bench.submit.errors import Refused

M = (b"manifest.json", b"{}")
S = (b"signature.json", b"{}")
LOG = b"episodes/home.sink_light_on-v1.0.json"
MIB = 1 << 20


def refused(data: bytes, tmp_path: Path, read: str | None = None) -> Refused:
    """Why an archive of these bytes isn't taken."""
    path = tmp_path / "a.sbz"
    path.write_bytes(data)
    try:
        with Archive(path) as opened:
            assert read is not None, "it was opened"
            opened.read(read)
    except Refused as found:
        return found
    raise AssertionError(f"{read} was read")


def test_what_these_tests_build_is_taken_when_nothing_is_wrong_with_it(tmp_path: Path) -> None:
    path = tmp_path / "a.sbz"
    path.write_bytes(zipped(M, S, (LOG, b"[1]")))
    with Archive(path) as opened:
        assert opened.read(LOG.decode()) == b"[1]"
    path.write_bytes(zipped(M, S, (LOG, b"[1]"), packed=deflated(b"[1]"), method=8))
    with Archive(path) as opened:
        assert opened.read(LOG.decode()) == b"[1]"


@pytest.mark.parametrize(
    "name",
    [
        "../manifest.json", "/etc/passwd", "episodes/../../x.json", "C:\\x.json", "episodes\\a.b-v1.0.json",
        "MANIFEST.JSON", "Manifest.json", "card.md ", "card.md\n", "card.md\0.exe", "./card.md", "episodes/",
        "episodes", "a" * 70_000, "episodes/a.b-v1.0.json/", "episodes/a.b-v1.00000.json", "episodes/ä.b-v1.0.json",
        "episodes/a.b-v1.\u0660.json", "caｒd.md", "cafe\u0301.md", "\u202emd.drac", "", "signature.json\u200b", "con",
    ],
    ids=lambda name: ascii(name)[:30],
)  # fmt: skip
def test_only_what_a_submission_has_may_be_in_it(name: str, tmp_path: Path) -> None:
    """Paths that lead out, absolute ones, twins in other letters, folders, names that are cut off at a null."""
    raw = name.encode()[:65_535]
    flags = 0 if raw.isascii() else 0x800
    found = refused(zipped(M, S, (raw, b"x"), flags=flags), tmp_path)
    assert found.code in ("name", "archive")
    assert len(str(found)) < 800
    assert str(found).isprintable()


@pytest.mark.parametrize("mode", [0o120777, 0o020666, 0o060660, 0o010644, 0o140777, 0o040755])
def test_links_devices_pipes_sockets_and_folders_are_no_files(mode: int, tmp_path: Path) -> None:
    found = refused(zipped(M, S, (b"card.md", b"/etc/passwd"), mode=mode), tmp_path)
    assert (found.code, found.where) == ("name", "card.md")


@pytest.mark.parametrize("flags", [0x1, 0x8, 0x20, 0x40, 0x2000, 0x800])
def test_encrypted_streamed_or_patched_files_are_not_taken(flags: int, tmp_path: Path) -> None:
    assert refused(zipped(M, S, (b"card.md", b"x"), flags=flags), tmp_path).code == "archive"


@pytest.mark.parametrize("method", [1, 6, 9, 12, 14, 93, 95, 99, 65_535])
def test_no_other_method_than_deflate(method: int, tmp_path: Path) -> None:
    assert refused(zipped(M, S, (b"card.md", b"x"), method=method), tmp_path).code == "archive"


def test_the_same_name_twice(tmp_path: Path) -> None:
    assert refused(zipped(M, S, (b"card.md", b"one"), (b"card.md", b"two")), tmp_path).code == "duplicate"


def test_what_must_be_there_is_there(tmp_path: Path) -> None:
    assert refused(zipped(M), tmp_path).code == "missing"
    assert refused(zipped(S), tmp_path).code == "missing"
    assert refused(zipped(), tmp_path).code == "missing"


# ------------------------------------------------------------------ bombs


def test_a_flat_bomb_holds_no_more_than_such_a_file_may(tmp_path: Path) -> None:
    zeros = b"\0" * (65 * MIB)
    found = refused(zipped(M, S, (b"report.html", zeros), packed=deflated(zeros), method=8), tmp_path)
    assert (found.code, found.where) == ("too-large", "report.html")
    log = b"\0" * (48 * MIB)
    small = deflated(log)
    assert len(log) / len(small) > 1000
    many = [(LOG.replace(b".0.json", b".%d.json" % n), log) for n in range(archive.MOST_UNPACKED // len(log) + 1)]
    heads = entries = b""
    for name, data in [M, S]:
        entries += listed(name, data, len(heads))
        heads += head(name, data)
    for name, data in many:
        entries += listed(name, data, len(heads), packed=small, method=8)
        heads += head(name, data, packed=small, method=8)
    bomb = heads + entries + end(len(many) + 2, len(entries), len(heads))
    assert len(bomb) < 10 * MIB
    assert refused(bomb, tmp_path).code == "too-large"


def test_a_file_that_is_more_or_less_than_its_entry_says(tmp_path: Path) -> None:
    data = b"\0" * MIB
    more = zipped(M, S, (b"card.md", data), packed=deflated(data), method=8, size=10)
    assert refused(more, tmp_path, "card.md").code == "archive"
    less = zipped(M, S, (b"card.md", b"abc"), packed=deflated(b"abc"), method=8, size=9)
    assert refused(less, tmp_path, "card.md").code == "archive"
    torn = zipped(M, S, (b"card.md", data), packed=deflated(data)[:100], method=8, size=1000)
    assert refused(torn, tmp_path, "card.md").code == "archive"
    junk = zipped(M, S, (b"card.md", b"abc"), packed=b"\xff\xff\xff", method=8)
    assert refused(junk, tmp_path, "card.md").code == "archive"
    assert refused(zipped(M, S, (b"card.md", b"abc"), crc=1), tmp_path, "card.md").code == "archive"
    assert refused(zipped(M, S, (b"card.md", b"abc"), size=4), tmp_path, "card.md").code == "archive"


def test_files_that_share_their_bytes(tmp_path: Path) -> None:
    """Overlapping files: one kernel counted many times."""
    body = b"\0" * MIB
    small = deflated(body)
    heads = head(*M) + head(*S)
    kernel = len(heads)
    heads += head(LOG, body, packed=small, method=8)
    entries = listed(*M, 0) + listed(*S, len(head(*M)))
    entries += b"".join(
        listed(LOG.replace(b".0.json", b".%d.json" % n), body, kernel, packed=small, method=8) for n in range(50)
    )
    assert refused(heads + entries + end(52, len(entries), len(heads)), tmp_path).code == "archive"


def test_heads_of_files_quoted_inside_files(tmp_path: Path) -> None:
    """David Fifield's bomb: each file begins with the head of the next, so that none overlaps in the list."""
    body = b"\0" * MIB
    small = deflated(body)
    second = LOG.replace(b".0.json", b".1.json")
    inner = head(second, body, packed=small, method=8)
    quoted = struct.pack("<BHH", 0, len(inner) - len(small), (len(inner) - len(small)) ^ 0xFFFF) + inner
    whole = inner[: len(inner) - len(small)] + body
    start = len(head(*M) + head(*S))
    heads = head(*M) + head(*S) + head(LOG, whole, packed=quoted, method=8)
    at = start + len(head(LOG, b"")) + 5
    entries = listed(*M, 0) + listed(*S, len(head(*M)))
    entries += listed(LOG, whole, start, packed=quoted, method=8) + listed(second, body, at, packed=small, method=8)
    assert refused(heads + entries + end(4, len(entries), len(heads)), tmp_path).code == "archive"


def test_an_archive_in_an_archive_is_never_opened(tmp_path: Path) -> None:
    """It would have to be called as a file of a submission is, and then it isn't JSON."""
    inner = zipped(M, S, (LOG, b"\0" * MIB))
    path = put(tmp_path / "a.sbz", sealed(files() | {"episodes/home.sink_light_on-v1.0.json": inner}))
    opened = form.open_archive(path)
    job = jobs.repeats(path, opened, tmp_path, 0)[0]
    found = jobs.work(job)
    assert isinstance(found, jobs.No)
    assert found.code == "json"
    assert refused(zipped(M, S, (b"inner.zip", inner)), tmp_path).code == "name"


def test_a_list_of_more_files_than_there_may_be(tmp_path: Path) -> None:
    """A million entries of an empty file would take a gigabyte to read: their number is seen first."""
    most = archive.MOST_FILES
    empty = b"card.md"
    entries = listed(empty, b"", 0) * (most + 1)
    heads = head(empty, b"")
    assert refused(heads + entries + end(most + 1, len(entries), len(heads)), tmp_path).code == "too-large"
    lie = heads + entries * 20 + end(1, len(entries) * 20, len(heads))
    assert refused(lie, tmp_path).code == "archive"


# ------------------------------------------------------------------ two readers, two archives


def test_nothing_comes_before_between_or_after(tmp_path: Path) -> None:
    assert refused(zipped(M, S, before=b"<html>" * 9), tmp_path).code == "archive"
    assert refused(zipped(M, S, between=b"PK\x01\x02 and more"), tmp_path).code == "archive"
    assert refused(zipped(M, S, after=b"\n"), tmp_path).code == "archive"
    assert refused(zipped(M, S) + zipped(M, S), tmp_path).code == "archive"
    assert refused(b"#!/bin/sh\n" + zipped(M, S), tmp_path).code == "archive"


def test_no_comments(tmp_path: Path) -> None:
    """In a comment another end can be hidden, which some readers find first."""
    other = zipped(M, S, (b"card.md", b"other"))
    assert refused(zipped(M, S, comment=other), tmp_path).code == "archive"
    sly = zipped(M, S)[:-2] + struct.pack("<H", len(other)) + other
    assert refused(sly, tmp_path).code == "archive"


def test_the_list_and_the_heads_say_the_same(tmp_path: Path) -> None:
    good = zipped(M, S, (b"card.md", b"abc"))
    at = good.index(b"PK\x03\x04", good.index(b"signature.json"))
    for place, new in [(at + 30, b"CARD.MD"), (at + 14, b"\0\0\0\1"), (at + 18, b"\7\0\0\0"), (at + 6, b"\1\0"),
                       (at + 8, b"\x08\0"), (at, b"PK\5\6"), (at + 28, b"\3\0")]:  # fmt: skip
        edited = good[:place] + new + good[place + len(new) :]
        assert refused(edited, tmp_path).code == "archive", place


def test_files_that_aren_t_in_the_list_are_not_there_either(tmp_path: Path) -> None:
    hidden = head(b"card.md", b"unseen")
    assert refused(zipped(M, S, between=hidden), tmp_path).code == "archive"
    assert refused(zipped(M, S, before=hidden), tmp_path).code == "archive"


def test_fields_and_comments_of_files(tmp_path: Path) -> None:
    unicode_path = struct.pack("<HHBL", 0x7075, 5 + 7, 1, 0) + b"CARD.MD"
    assert refused(zipped(M, S, (b"card.md", b"x"), extra=unicode_path), tmp_path).code == "archive"
    assert refused(zipped(M, S, (b"card.md", b"x"), comment=b"hello"), tmp_path).code == "archive"


def test_sizes_by_zip64(tmp_path: Path) -> None:
    lie = struct.pack("<HHQQ", 1, 16, 1 << 50, 1 << 50)
    big = zipped(M, S, (b"card.md", b"x"), size=0xFFFFFFFF, taken=0xFFFFFFFF, extra=lie)
    assert refused(big, tmp_path).code == "archive"
    plain = zipped(M, S)
    listed_at = plain.index(b"PK\x01\x02")
    long = len(plain) - 22 - listed_at
    record = struct.pack("<4sQ2H2L4Q", b"PK\x06\x06", 44, 45, 45, 0, 0, 1 << 40, 1 << 40, long, listed_at)
    locator = struct.pack("<4sLQL", b"PK\x06\x07", 0, len(plain) - 22, 1)
    assert refused(plain[:-22] + record + locator + plain[-22:], tmp_path).code == "archive"
    assert refused(plain[:-22] + record + locator + end(0xFFFF, 0xFFFFFFFF, 0xFFFFFFFF), tmp_path).code in (
        "archive", "too-large",
    )  # fmt: skip


def test_a_zip64_list_hidden_in_a_name_of_the_other_list(tmp_path: Path) -> None:
    """zipfile looks for a locator in the twenty bytes before the end, which may be the end of the last name."""
    other = zipped(M, S, (b"card.md", b"other"))
    start = other.index(b"PK\x01\x02")
    record = struct.pack("<4sQ2H2L4Q", b"PK\x06\x06", 44, 45, 45, 0, 0, 3, 3, len(other) - 22 - start, start)
    locator = struct.pack("<4sLQL", b"PK\x06\x07", 0, len(other) - 22, 1)
    before = other[:-22] + record
    name = b"card.md" + locator
    entries = listed(*M, 0) + listed(*S, len(head(*M))) + listed(name, b"x", 0)
    sly = before + entries + end(3, len(entries), len(before))
    assert refused(sly, tmp_path).code in ("archive", "name")


def test_disks_and_cut_ends(tmp_path: Path) -> None:
    good = zipped(M, S)
    for cut in (0, 1, 21, 22, 40, len(good) - 1):
        assert refused(good[:cut], tmp_path).code == "archive"
    assert refused(good[:-18] + b"\1\0" + good[-16:], tmp_path).code == "archive"
    assert refused(b"", tmp_path).code == "archive"
    assert refused(b"\x93NUMPY" + b"\0" * 200, tmp_path).code == "archive"


def test_what_another_program_packed_is_not_taken(tmp_path: Path) -> None:
    """A streamed ZIP has sizes after its files, not before: nothing of that is needed here."""

    class Unseekable(io.RawIOBase):
        def __init__(self) -> None:
            self.data = b""

        def writable(self) -> bool:
            return True

        def write(self, part: object) -> int:
            self.data += bytes(part)  # type: ignore[call-overload]
            return len(part)  # type: ignore[arg-type]

    sink = Unseekable()
    with zipfile.ZipFile(sink, "w") as made:  # type: ignore[arg-type]
        made.writestr("manifest.json", "{}")
        made.writestr("signature.json", "{}")
    assert refused(sink.data, tmp_path).code == "archive"


def test_a_file_too_large_to_be_an_archive_is_not_read(tmp_path: Path) -> None:
    path = tmp_path / "a.sbz"
    with path.open("wb") as file:
        file.truncate(200 << 30)  # sparse: two hundred gigabytes that take no room, and would take minutes to hash
    found = check.verify(path, tmp_path / "out")
    assert (found.status, found.reasons[0].code, found.archive_sha256) == ("refused", "too-large", "")


def test_nothing_of_an_archive_becomes_a_file(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    path = put(tmp_path / "in" / "a.sbz", sealed(files()))
    form.open_archive(path)
    assert [p.name for p in (tmp_path / "in").iterdir()] == ["a.sbz"]
