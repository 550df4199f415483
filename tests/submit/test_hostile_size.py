"""Archives as large as they may be, of nothing: checking them takes no more memory than of a small one."""

from __future__ import annotations

import hashlib
import zlib
from pathlib import Path

import pytest
from hostile import FIRST, Files, end, head, listed, manifest, signed
from submitted_runs import TASK
from test_hostile_limits import MIB, SECONDS, Checked, bounded, checked

from switch_bench.submit.archive import KINDS, MOST, MOST_FILES, Archive, episode_file
from switch_bench.submit.canonical import canonical
from switch_bench.submit.errors import Refused
from switch_bench.submit.manifest import MOST_TASKS, parse

LOG = 48 * MIB


def holes(path: Path, sizes: dict[str, int], before: Files) -> Path:
    """An archive of `before`, and of files of zeros of these sizes, stored, which take no room on the disk."""
    sums: dict[int, int] = {}
    entries, at, count = b"", 0, 0
    with path.open("wb") as file:
        for name, data in before.items():
            entries += listed(name.encode(), data, at)
            file.write(head(name.encode(), data))
            at, count = file.tell(), count + 1
        for name, size in sizes.items():
            if size not in sums:
                sums[size] = zlib.crc32(bytes(size))
            entries += listed(name.encode(), b"", at, size=size, taken=size, crc=sums[size])
            file.write(head(name.encode(), b"", size=size, taken=size, crc=sums[size]))
            at, count = file.tell() + size, count + 1
            file.seek(at)
        file.write(entries + end(count, len(entries), at))
    return path


def claiming(sizes: dict[str, int], episodes: int) -> Files:
    """A manifest that names such files, signed, and the signature."""
    hashes = {size: hashlib.sha256(bytes(size)).hexdigest() for size in set(sizes.values())}
    said = manifest() | {"episodes": episodes}
    said["files"] = {name: {"sha256": hashes[size], "bytes": size} for name, size in sizes.items()}
    return signed(canonical(said))


def within(found: Checked) -> None:
    """As `bounded`, and without what reading a log takes."""
    bounded(found)
    assert found.peak < 600 * MIB, f"{found.peak / MIB:.0f} MiB"


@pytest.mark.slow
def test_two_gigabytes_of_nothing(tmp_path: Path) -> None:
    sizes = {episode_file(TASK, n): LOG for n in range(42)} | {"report.html": 31 * MIB}
    path = holes(tmp_path / "a.sbz", sizes, claiming(sizes, 42))
    assert MOST - 2 * MIB < path.stat().st_size <= MOST
    found = checked(path, tmp_path / "out")
    assert (found.code, found.status, found.reasons[0]["code"]) == (1, "refused", "json")
    within(found)


@pytest.mark.slow
def test_one_byte_more_than_an_archive_may_have_is_not_read(tmp_path: Path) -> None:
    path = tmp_path / "a.sbz"
    for size, code in ((MOST, "archive"), (MOST + 1, "too-large")):
        with path.open("wb") as file:
            file.truncate(size)
        found = checked(path, tmp_path / f"out{size}")
        assert (found.status, found.reasons[0]["code"]) == ("refused", code)
        assert found.seconds < SECONDS


def test_as_many_empty_files_as_there_may_be_and_one_more(tmp_path: Path) -> None:
    """A list as long as it may be is read in one go; of one that is longer nothing is."""
    few = [episode_file(f"a.b{k}-v1", n) for k in range(4) for n in range(10_000)]
    rest: Files = {"manifest.json": b"{}", "signature.json": b"{}"}
    most = few[: MOST_FILES - 2]
    with Archive(holes(tmp_path / "a.sbz", dict.fromkeys(most, 0), rest)) as opened:
        assert len(opened.members) == MOST_FILES
    over = holes(tmp_path / "b.sbz", dict.fromkeys(few[: MOST_FILES - 1], 0), rest)
    found = checked(over, tmp_path / "out")
    assert (found.status, found.reasons[0]["code"]) == ("refused", "too-large")
    within(found)


def test_a_million_files_in_a_list_that_says_it_has_few(tmp_path: Path) -> None:
    """The end of a ZIP counts to 65,535 and then anew."""
    entry = listed(FIRST.encode(), b"", 0)
    path = tmp_path / "a.sbz"
    with path.open("wb") as file:
        file.write(head(FIRST.encode(), b""))
        at = file.tell()
        for _ in range(100):
            file.write(entry * 10_000)
        file.write(end(10**6 % 65_536, len(entry) * 10**6, at))
    found = checked(path, tmp_path / "out")
    assert found.status == "refused"
    within(found)


@pytest.mark.parametrize("part", [b"[],", b"0,", b'{"":0},', b'"%07d":0,'], ids=repr)
def test_a_manifest_of_more_than_there_is_to_say_is_not_parsed(part: bytes) -> None:
    """Eight megabytes of keys took 1.5 GB, most of it to sort them."""
    many = b"".join(part % n if b"%" in part else part for n in range(700_000))
    for data in (b"[" + many + b"0]", b'{"files":{' + many + b'"":0}}'):
        with pytest.raises(Refused) as found:
            parse(data)
        assert (found.value.code, found.value.where) == ("too-large", "manifest.json")


def test_a_manifest_of_as_many_files_and_tasks_as_there_may_be_is_parsed() -> None:
    said = manifest()
    [digest] = said["tasks"].values()
    claim = {"sha256": "0" * 64, "bytes": 1}
    said["tasks"] = {f"home.task_number_{n}-v1": digest for n in range(MOST_TASKS)}
    said["files"] = {episode_file(f"home.task_number_{n}-v1", k): claim for n in range(MOST_TASKS) for k in range(20)}
    data = canonical(said)
    assert len(said["files"]) == MOST_FILES
    assert len(data) <= KINDS[r"manifest\.json"]
    assert len(parse(data).files) == MOST_FILES


def test_a_log_of_exactly_the_most_and_of_one_byte_more(tmp_path: Path) -> None:
    for size, code in ((LOG, "json"), (LOG + 1, "too-large")):
        sizes = {FIRST: size}
        told = claiming(sizes, 1)
        found = checked(holes(tmp_path / "a.sbz", sizes, told), tmp_path / f"out{size}")
        assert (found.status, found.reasons[0]["code"]) == ("refused", code)
        within(found)
