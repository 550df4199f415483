"""Whatever bytes come in, the readers of archives and traces say no by their own errors, quickly and in little memory.

`make fuzz` runs the same with many more cases, drawn anew.
"""

from __future__ import annotations

import os
import time
import zipfile
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
import pytest
from hostile import FIRST, NUDGER, files, sealed
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from mutate import CHANGES, JSON, changed, edited, text
from submitted_runs import packed, run_folder

from switch_bench.submit import canonical, form, jobs, log, manifest, signing
from switch_bench.submit.archive import Archive, write
from switch_bench.submit.errors import Refused
from switch_bench.trace.store import TraceFileError, load

CASES = int(os.environ.get("FUZZ_CASES", "40"))
MORE = 300 << 20  # bytes that reading such small files may take beside what was there
SLOW = 5.0  # s of the processor that an example may take: a hundredth of that is usual

fuzzed = settings(
    max_examples=CASES,
    derandomize="FUZZ_CASES" not in os.environ,
    deadline=None,
    database=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.function_scoped_fixture],
)


@pytest.fixture(autouse=True)
def _little_memory() -> Iterator[None]:
    """See that the process's peak stays near what it had."""
    files(), bytes_of_a_trace()

    def read(name: str) -> int:
        line = next(line for line in Path("/proc/self/status").read_text().splitlines() if line.startswith(name))
        return int(line.split()[1]) * 1024

    Path("/proc/self/clear_refs").write_text("5")  # the peak is counted from here (proc(5))
    before = read("VmRSS")
    yield
    assert read("VmHWM") - before < MORE


@cache
def bytes_of_a_trace() -> bytes:
    """The file of a real trace."""
    return next(run_folder(NUDGER).glob("traces/*.npz")).read_bytes()


def refuses(read: Callable[[], Any]) -> None:
    """Read: nothing but a refusal comes of it, soon, with a reason that is one plain line."""
    began = time.process_time()
    said = ""
    try:
        read()
    except Refused as found:
        said = f"{found.code}: {found}"
    assert time.process_time() - began < SLOW
    assert said.isprintable()
    assert len(said) < 800


def whole(path: Path) -> None:
    """Read all of an archive."""
    with Archive(path) as opened:
        for name in opened.members:
            opened.read(name)
    form.open_archive(path)


@given(st.data())
@fuzzed
def test_an_archive_with_bytes_changed(tmp_path: Path, data: st.DataObject) -> None:
    path = tmp_path / "a.sbz"
    path.write_bytes(changed(packed(NUDGER).path.read_bytes(), data.draw(CHANGES), bytes_of_a_trace()))
    refuses(lambda: whole(path))


@given(st.binary(max_size=400))
@fuzzed
def test_any_bytes_as_an_archive(tmp_path: Path, data: bytes) -> None:
    (tmp_path / "a.sbz").write_bytes(data)
    refuses(lambda: whole(tmp_path / "a.sbz"))


@given(st.data())
@fuzzed
def test_a_file_changed_and_signed_again(tmp_path: Path, data: st.DataObject) -> None:
    name = data.draw(st.sampled_from(sorted(files())))
    found = files() | {name: changed(files()[name], data.draw(CHANGES))}
    path = tmp_path / "a.sbz"
    write(path, found if name in ("manifest.json", "signature.json") else sealed(found))
    refuses(lambda: whole(path))
    refuses(lambda: log.parse(found[FIRST], FIRST))


@given(st.binary(max_size=200) | st.text(max_size=200).map(str.encode) | JSON.map(text))
@fuzzed
def test_any_bytes_as_json(data: bytes) -> None:
    refuses(lambda: canonical.read(data, "a"))
    refuses(lambda: log.parse(data, "a"))
    refuses(lambda: manifest.parse(data))


@given(CHANGES)
@fuzzed
def test_json_with_bytes_changed(changes: Any) -> None:
    refuses(lambda: log.parse(changed(files()[FIRST], changes), "a"))
    refuses(lambda: manifest.parse(changed(files()["manifest.json"], changes)))


@given(st.data())
@fuzzed
def test_a_log_or_manifest_with_parts_changed(data: st.DataObject) -> None:
    told = data.draw(edited(canonical.read(files()[FIRST], "a")))
    refuses(lambda: log.parse(text(told), "a"))
    said = data.draw(edited(canonical.read(files()["manifest.json"], "a")))
    try:
        head = canonical.canonical(said)
    except (ValueError, RecursionError):
        head = text(said)
    refuses(lambda: manifest.parse(head))


@cache
def genuine() -> dict[str, Any]:
    """What the first episode comes to."""
    with TemporaryDirectory() as folder:
        return repeated(Path(folder), {})


def repeated(folder: Path, changes: dict[str, bytes]) -> Any:
    """What becomes of the first episode of an archive with some files changed, run again in this process."""
    (folder / "traces").mkdir(exist_ok=True)
    path = folder / "a.sbz"
    write(path, sealed(files() | changes))
    opened = form.open_archive(path)
    return jobs.work(jobs.repeats(path, opened, folder, 0)[0])


@given(st.data())
@settings(fuzzed, max_examples=max(40, CASES // 20))
def test_no_edit_of_a_log_comes_to_another_verdict(tmp_path: Path, data: st.DataObject) -> None:
    """Either it is refused, or what was edited made no difference."""
    log_of_it = canonical.read(files()[FIRST], "a")
    told = data.draw(edited(log_of_it) | edited(log_of_it["actions"]).map(lambda a: log_of_it | {"actions": a}))
    answer = repeated(tmp_path, {FIRST: text(told)})
    if isinstance(answer, jobs.No):
        assert answer.said.isprintable()
    else:
        assert {k: answer[k] for k in ("success", "verdict", "scores")} == {
            k: genuine()[k] for k in ("success", "verdict", "scores")
        }


@given(JSON | st.fixed_dictionaries({"algorithm": JSON, "key": st.text(), "signature": st.text() | JSON}))
@fuzzed
def test_any_signature(signature: Any) -> None:
    refuses(lambda: signing.check(b"{}", signature))


def reads(path: Path) -> None:
    """Read a trace: nothing but its own error comes of it, soon."""
    began = time.process_time()
    said = ""
    try:
        load(path)
    except TraceFileError as found:
        said = str(found)
    assert time.process_time() - began < SLOW
    assert len(said) < 1000


@given(CHANGES)
@fuzzed
def test_a_trace_with_bytes_changed(tmp_path: Path, changes: Any) -> None:
    path = tmp_path / "t.npz"
    path.write_bytes(changed(bytes_of_a_trace(), changes, packed(NUDGER).path.read_bytes()))
    reads(path)


@given(st.data())
@fuzzed
def test_a_trace_with_parts_changed(tmp_path: Path, data: st.DataObject) -> None:
    path = tmp_path / "t.npz"
    path.write_bytes(bytes_of_a_trace())
    with np.load(path) as archive:
        arrays = dict(archive)
    told = data.draw(edited(canonical.read(arrays["facts"].tobytes(), "facts")))
    np.savez(path, **(arrays | {"facts": np.frombuffer(text(told), np.uint8)}))
    reads(path)


@given(st.data())
@fuzzed
def test_a_trace_with_an_array_s_head_changed(tmp_path: Path, data: st.DataObject) -> None:
    """An array's head says how large it is: no room is made for what isn't there."""
    path = tmp_path / "t.npz"
    path.write_bytes(bytes_of_a_trace())
    with zipfile.ZipFile(path) as opened:
        parts = {name: opened.read(name) for name in opened.namelist()}
    name = data.draw(st.sampled_from(sorted(parts)))
    kind = data.draw(st.sampled_from(["<f8", "|u1", "|O", "<U9", "|V8", "<c16", "[('a', '<f8')]", "<f8' + 'x", "\x1b"]))
    shape = data.draw(st.lists(st.integers(-2, 2**62), max_size=4).map(tuple) | st.just("()" * 1000))
    facts = f"{{'descr': '{kind}', 'fortran_order': {data.draw(st.booleans())}, 'shape': {shape}}}\n".encode()
    raw = b"\x93NUMPY" + bytes([data.draw(st.integers(0, 4)), 0]) + len(facts).to_bytes(2, "little") + facts
    parts[name] = raw + data.draw(st.binary(max_size=64))
    with zipfile.ZipFile(path, "w") as made:
        for inner, body in parts.items():
            made.writestr(inner, body)
    reads(path)
