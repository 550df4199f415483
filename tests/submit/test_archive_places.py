"""Files of an archive are read where they were found, without its list, and are what was signed or nothing."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from hostile import FIRST, deflated, end, files, head, listed, put, sealed, zipped

from switch_bench.submit import archive, form, jobs
from switch_bench.submit.archive import CHUNK, Archive, read_at, write
from switch_bench.submit.errors import Refused

M, S, PAGE = (b"manifest.json", b"{}"), (b"signature.json", b"{}"), b"report.html"


def no_of(job: jobs.Repeat) -> tuple[str, str]:
    """Why an episode isn't run again."""
    found = jobs.work(job)
    assert isinstance(found, jobs.No)
    return found.code, found.said


def test_the_list_of_files_is_read_once(tmp_path: Path) -> None:
    """With forty thousand files it takes a second, and a check has forty thousand episodes."""
    path = put(tmp_path / "a.sbz", sealed(files()))
    with Archive(path) as opened:
        place = opened.members[FIRST]
    whole = path.read_bytes()
    path.write_bytes(whole[: whole.index(b"PK\x01\x02")])
    assert read_at(path, place, FIRST) == files()[FIRST]


@pytest.mark.parametrize("size", [0, 1, CHUNK - 1, CHUNK, CHUNK + 1, 5 * CHUNK])
@pytest.mark.parametrize("noise", [True, False])
def test_a_file_of_any_length_comes_back(size: int, noise: bool, tmp_path: Path) -> None:
    """Noise takes more bytes packed than unpacked, zeros a thousandth."""
    data = os.urandom(size) if noise else bytes(size)
    name = "report.html"
    path = put(tmp_path / "a.sbz", {"manifest.json": b"{}", "signature.json": b"{}", name: data})
    with Archive(path) as opened:
        assert opened.read(name) == data
        assert read_at(path, opened.members[name], name) == data


@pytest.mark.parametrize("more", [b"\0", b"unseen", bytes(CHUNK), bytes(3 * CHUNK)])
@pytest.mark.parametrize("size", [3, CHUNK, 3 * CHUNK])
def test_nothing_comes_after_what_a_file_is_packed_as(more: bytes, size: int, tmp_path: Path) -> None:
    """What is packed tells its own end, and readers skip what is behind: there something could hide."""
    data = os.urandom(size)
    path = tmp_path / "a.sbz"
    path.write_bytes(zipped(M, S, (PAGE, data), packed=deflated(data) + more, method=8))
    with Archive(path) as opened, pytest.raises(Refused, match="something comes after it") as found:
        opened.read("report.html")
    assert found.value.code == "archive"


def test_an_episode_of_an_archive_that_was_cut_short_swapped_or_taken_away(tmp_path: Path) -> None:
    path = put(tmp_path / "a.sbz", sealed(files()))
    job = jobs.repeats(path, form.open_archive(path), tmp_path, 0)[0]
    whole = path.read_bytes()
    facts = path.stat()
    edited = bytearray(whole)
    edited[job.place.start + 5] ^= 1
    for other in (whole[:100], b"", bytes(len(whole)), whole[::-1], bytes(edited)):
        path.write_bytes(other)
        os.utime(path, ns=(facts.st_atime_ns, facts.st_mtime_ns))
        code, said = no_of(job)
        assert (code, "changed while it was checked" in said) == ("hash", True)
    path.unlink()
    assert no_of(job)[0] == "hash"


def test_another_log_that_is_well_packed_at_the_same_place(tmp_path: Path) -> None:
    """Every check sum is right but the one that was signed."""
    path = tmp_path / "a.sbz"

    def built(data: bytes) -> bytes:
        heads = entries = b""
        for name, part in [M, S, (FIRST.encode(), data)]:
            entries += listed(name, part, len(heads))
            heads += head(name, part)
        return heads + entries + end(3, len(entries), len(heads))

    path.write_bytes(built(b"[1]"))
    with Archive(path) as opened:
        place, signed = opened.members[FIRST], opened.hash(FIRST)
    job = jobs.Repeat(str(path), "home.sink_light_on-v1", 0, 1, {}, {}, signed, place, str(tmp_path), 0, 0)
    assert no_of(job)[0] == "schema", "it is read, and is no log"
    path.write_bytes(built(b"[2]"))
    assert no_of(job)[0] == "hash"


# ------------------------------------------------------------------ writing


def test_an_archive_is_written_file_by_file(tmp_path: Path) -> None:
    """Each is asked for when the one before is packed, and nothing has its name before all are."""
    asked: list[int] = []

    def pairs() -> Iterator[tuple[str, bytes]]:
        for n in range(50):
            size = sum(part.stat().st_size for part in tmp_path.iterdir())
            asked.append(size)
            yield f"episodes/home.sink_light_on-v1.{n}.json", os.urandom(2 * CHUNK)
        yield "manifest.json", b"{}"
        yield "signature.json", b"{}"

    write(tmp_path / "a.sbz", pairs())
    assert asked == sorted(asked)
    assert asked[-1] > 48 * 2 * CHUNK - CHUNK
    assert [part.name for part in tmp_path.iterdir()] == ["a.sbz"]
    with Archive(tmp_path / "a.sbz") as opened:
        assert len(opened.members) == 52


@pytest.mark.parametrize(
    ("limit", "value", "where"),
    [("MOST", 5000, "a.sbz"), ("MOST_FILES", 9, "a.sbz"), ("MOST_UNPACKED", 5000, "a.sbz")],
)
def test_what_would_not_be_taken_is_not_written_to_its_end(
    limit: str, value: int, where: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = []

    def pairs() -> Iterator[tuple[str, bytes]]:
        for n in range(1000):
            asked.append(n)
            yield f"episodes/home.sink_light_on-v1.{n}.json", os.urandom(1000)

    monkeypatch.setattr(archive, limit, value)
    with pytest.raises(Refused) as found:
        write(tmp_path / "a.sbz", pairs())
    assert (found.value.code, found.value.where) == ("too-large", where)
    assert len(asked) < 20
    assert list(tmp_path.iterdir()) == []


def test_a_file_that_is_larger_than_its_kind_may_be_is_not_written(tmp_path: Path) -> None:
    for name, most in (("results.json", 8 << 20), ("card.md", 64 << 10)):
        assert archive.most_of(name) == most
        with pytest.raises(Refused) as found:
            write(tmp_path / "a.sbz", {name: bytes(most + 1)})
        assert (found.value.code, found.value.where) == ("too-large", name)
