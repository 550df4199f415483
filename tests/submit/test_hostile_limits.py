"""Whatever an archive holds, checking it ends in time, within memory, and does nothing else."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from hostile import FIRST, NUDGER, SECOND, files, first_no, log, put, sealed, with_log
from submitted_runs import TASK
from test_hostile_log import failed
from typer.testing import CliRunner

from switch_bench.cli import app
from switch_bench.submit import check, form, jobs
from switch_bench.submit.archive import KINDS, MOST_FILES, episode_file
from switch_bench.submit.log import MOST_LISTS, MOST_VALUES

MIB = 1 << 20
LOG_MOST = KINDS[next(kind for kind in KINDS if kind.startswith("episodes"))]
# A check imports MuJoCo and has a room in memory: 290 MiB. The worst logs that are taken, 48 MiB of keys and 16 MiB of
# small objects, took 800 more while they were read twice; a gigabyte of logs is read one by one. A third is left for
# other machines.
PEAK = 1536 * MIB
# Run between the test and what it measures: a process's peak begins with that of whoever started it.
MEASURED = """
import resource, subprocess, sys
done = subprocess.run(sys.argv[2:])
took = resource.getrusage(resource.RUSAGE_CHILDREN)
open(sys.argv[1], "w").write(f"{took.ru_maxrss * 1024} {took.ru_utime + took.ru_stime}")
sys.exit(done.returncode)
"""
# The command, with limits that a busy machine doesn't come to: here it is seen what a check takes by itself.
VERIFY = """
from switch_bench.cli import main
from switch_bench.submit import jobs
jobs.OPENING, jobs.SLOWEST = 1200.0, (1200.0, 0.5)
if __name__ == "__main__":
    main()
"""
SECONDS = 120.0  # of processors; the slowest took 26 s here, beside much other work


@dataclass(frozen=True)
class Checked:
    """What became of a check in a process of its own. peak: bytes, of the largest of its processes. seconds: of
    processors, that all of them took."""

    code: int
    status: str
    reasons: list[dict[str, str]]
    output: str
    peak: int
    seconds: float


def checked(path: Path, out: Path, *options: str) -> Checked:
    """Run `submit verify` on it."""
    taken = out.parent / "taken.txt"
    program = out.parent / "verify.py"
    program.write_text(VERIFY)
    command = [
        sys.executable,
        "-c",
        MEASURED,
        str(taken),
        sys.executable,
        str(program),
        "submit",
        "verify",
        str(path),
        "--out",
        str(out),
        *options,
    ]
    with (out.parent / "said.txt").open("w+b") as said:
        done = subprocess.run(command, stdout=said, stderr=subprocess.STDOUT, check=False)
        said.seek(0)
        output = said.read().decode()
    told = json.loads((out / "verification.json").read_text())
    peak, seconds = taken.read_text().split()
    return Checked(done.returncode, told["status"], told["reasons"], output, int(peak), float(seconds))


def bounded(found: Checked) -> None:
    """See that it kept within its bounds."""
    assert found.peak < PEAK, f"{found.peak / MIB:.0f} MiB"
    assert found.seconds < SECONDS


def many(logs: int, data: bytes) -> Mapping[str, bytes]:
    """An archive that claims so many episodes, each with this log."""
    found = files() | {episode_file(TASK, n): data for n in range(logs)}
    return sealed(found, claim=lambda said: said.update(episodes=logs))


# ------------------------------------------------------------------ in a process of its own


@pytest.mark.slow
def test_a_gigabyte_in_a_megabyte(tmp_path: Path) -> None:
    path = put(tmp_path / "a.sbz", many(20, b" " * LOG_MOST))
    assert path.stat().st_size < 2 * MIB
    found = checked(path, tmp_path / "out")
    assert (found.code, found.status, found.reasons[0]["code"]) == (1, "refused", "json")
    bounded(found)


MANY = MOST_VALUES - 5000  # numbers or texts, and the log has a few of its own
LISTS = MOST_LISTS - 5000


@pytest.mark.slow
@pytest.mark.parametrize(
    "action",
    ["[" + "0," * MANY + "0]", "[" + "[]," * LISTS + "[]]", "{}," * LISTS + "{}", '{"":0},' * LISTS + "{}",
     "\n" * (LOG_MOST - 4000), '"' + "x" * (LOG_MOST - 4000) + '"', "1.5," * MANY + "1",
     '"",' * MANY + '""', "{" + ",".join(f'"{n}":0' for n in range(LOG_MOST // 11)) + "}"],
    ids=["numbers", "lists", "objects", "pairs", "lines", "text", "fractions", "texts", "keys"],
)  # fmt: skip
def test_the_largest_log_there_may_be(action: str, tmp_path: Path) -> None:
    told = log() | {"actions": "HERE"}
    data = json.dumps(told).replace('"HERE"', f"[[0, {action}]]").encode()
    assert len(data) <= LOG_MOST
    found = checked(put(tmp_path / "a.sbz", sealed(files() | {FIRST: data})), tmp_path / "out")
    assert (found.code, found.status) == (1, "refused")
    assert found.reasons[0]["where"] == FIRST
    bounded(found)


def test_a_log_of_a_million_lines(tmp_path: Path) -> None:
    lines = json.dumps(log(), indent=1)[:-1] + "\n" * 10**6
    found = checked(put(tmp_path / "a.sbz", sealed(files() | {FIRST: lines.encode()})), tmp_path / "out", "--json")
    assert (found.code, found.status, found.reasons[0]["code"]) == (1, "refused", "json")
    bounded(found)
    said = [json.loads(line) for line in found.output.splitlines()]
    assert said[0] == {"done": 1, "of": 2}
    assert said[-1]["status"] == "refused"
    assert len(said) == 2, "the first that is refused ends it"


@pytest.mark.slow
def test_as_many_files_as_there_may_be(tmp_path: Path) -> None:
    logs = 1000
    found = checked(put(tmp_path / "a.sbz", many(logs, files()[FIRST])), tmp_path / "out")
    assert (found.status, found.reasons[0]["code"]) == ("refused", "duplicate")
    bounded(found)
    assert logs < MOST_FILES


# ------------------------------------------------------------------ limits of time and memory


def test_an_episode_that_takes_too_long_is_ended(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Waits that wait for nothing take no simulated time, and so many as a log may have take minutes."""

    def edit(told: dict[str, Any]) -> None:
        told["inputs"] = [["wait", 0]] * 390_000

    monkeypatch.setattr(jobs, "SLOWEST", (8.0, 0.0))
    path = put(tmp_path / "a.sbz", sealed(with_log(edit, "oracle")))
    began = time.monotonic()
    found = check.verify(path, tmp_path / "out")
    assert time.monotonic() - began < 300
    assert (found.status, found.reasons[0].code, found.reasons[0].where) == ("refused", "limits", FIRST)
    assert "8 s" in found.reasons[0].said


def test_an_episode_that_takes_too_much_memory_is_ended(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The worst log that is read, in a worker that may have little more than one needs that does nothing."""
    told = log() | {"actions": "HERE"}
    data = json.dumps(told).replace('"HERE"', "[[0, [" + '{"":0},' * 790_000 + "{}]]]").encode()
    monkeypatch.setattr(jobs, "MEMORY", 400 * MIB)
    found = check.verify(put(tmp_path / "a.sbz", sealed(files() | {FIRST: data})), tmp_path / "out")
    assert (found.status, found.reasons[0].code, found.reasons[0].where) == ("refused", "limits", FIRST)
    assert "0.391 GiB" in found.reasons[0].said


def test_what_takes_no_time_takes_no_room_either(tmp_path: Path) -> None:
    """Looks change nothing, so that any number of them would be verified; each is kept in the trace."""
    for many, code in ((20_001, "action"), (50, None)):
        edited = with_log(lambda told, n=many: told.update(inputs=[["look", False]] * n + told["inputs"]), "oracle")
        no = first_no(put(tmp_path / "a.sbz", sealed(edited)), tmp_path / "out")
        assert (None if no is None else no.code) == code


def test_each_episode_has_a_limit_of_its_own(tmp_path: Path) -> None:
    path = put(tmp_path / "a.sbz", sealed(files()))
    opened = form.open_archive(path)
    for job in jobs.repeats(path, opened, tmp_path, 0):
        assert 60 <= jobs.seconds(job) <= 600
    assert jobs.seconds(jobs.Open(str(path))) <= 600


# ------------------------------------------------------------------ what else it could do


def test_an_archive_that_is_changed_while_it_is_checked(tmp_path: Path) -> None:
    path = put(tmp_path / "a.sbz", sealed(files()))
    other = put(tmp_path / "b.sbz", sealed(files() | {SECOND: files()[FIRST]}, claim=lambda said: None))

    def swap(done: int, of: int) -> None:
        if done == 1:
            other.replace(path)

    found = check.verify(path, tmp_path / "out", progress=swap)
    assert found.status == "refused"
    assert "changed while it was checked" in found.reasons[0].said


def test_nothing_is_written_but_below_out(tmp_path: Path) -> None:
    work = tmp_path / "work"
    work.mkdir()
    path = put(work / "a.sbz", sealed(with_log(lambda told: told.update(end=1))))
    found = check.verify(path, work / "out")
    assert found.status == "refused"
    assert {p.name for p in work.iterdir()} == {"a.sbz", "out"}
    names = {p.relative_to(work / "out").as_posix() for p in (work / "out").rglob("[!.]*") if p.is_file()}
    assert names <= {"run.json", "episodes.jsonl", "verification.json"}


def test_names_and_messages_don_t_act_in_the_report(tmp_path: Path) -> None:
    script = "<script>alert(1)</script>"
    image = "\"><img src=x onerror=alert(1)>'{{7*7}}</script><!--"
    evil = files() | {SECOND: failed(log(name=SECOND), message=image, where=image, type=image)}
    path = put(tmp_path / "a.sbz", sealed(evil, claim=lambda said: said.update(policy=script)))
    found = check.verify(path, tmp_path / "out")
    assert found.status == "replay-verified", found.reasons
    page = (tmp_path / "out" / "report.html").read_text()
    assert script not in page
    assert "<img src=x" not in page
    assert "alert(1)" in page, "what is escaped is still told"


def test_what_a_terminal_is_told_is_plain(tmp_path: Path) -> None:
    evil = "\x1b]0;owned\x07\x1b[2J\u202e"

    def edit(told: dict[str, Any]) -> None:
        told["versions"] = {evil: evil}

    path = put(tmp_path / "a.sbz", sealed(with_log(edit)))
    found = CliRunner().invoke(app, ["submit", "verify", str(path), "--out", str(tmp_path / "out")])
    assert found.exit_code == 1
    assert all(c == "\n" or c.isprintable() for c in found.output)
    told = json.loads((tmp_path / "out" / "verification.json").read_text())
    assert all(value.isprintable() for reason in told["reasons"] for value in reason.values())


def test_a_card_is_given_as_text_that_is_seen_as_what_it_is(tmp_path: Path) -> None:
    card = "# Grüße\n\n\x1b[31mred\u202eder\n<script>alert(1)</script>\n"
    opened = form.open_archive(put(tmp_path / "a.sbz", sealed(files() | {"card.md": card.encode()})))
    assert opened.card == "# Grüße\n\n\\x1b[31mred\\u202eder\n<script>alert(1)</script>\n"
    assert jobs.work(jobs.Open(str(put(tmp_path / "b.sbz", sealed(files() | {"card.md": b"\xff"}))))) == jobs.No(
        "schema", "card.md", "not UTF-8: invalid start byte"
    )
    assert NUDGER in opened.manifest["policy"]
