"""The audit of tasks."""

import io

import fake_bench
import pytest
from rich.console import Console

from switch_bench.evaluate import audit
from switch_bench.evaluate.audit import NOOP, ORACLE, Check, judge
from switch_bench.evaluate.bench import VerdictFacts
from switch_bench.evaluate.errors import InputError


def check(who, fails=""):
    return Check("fake.lamp-v1", who, fails, 0, 0, "fake_bench")


def verdict(success, **parts):
    return VerdictFacts(success, parts, {}, "Because.", None, (), {})


@pytest.mark.parametrize(
    ("job", "found", "trouble"),
    [
        (check(ORACLE), verdict(True), ""),
        (check(ORACLE), verdict(False), "the reference solution fails: Because."),
        (check(ORACLE), verdict(None), "the reference solution is undetermined: Because."),
        (check(NOOP), verdict(False), ""),
        (check(NOOP), verdict(True), "doing nothing succeeds"),
        (check(NOOP), verdict(None), "doing nothing is undetermined: Because."),
        (check("late", "temporal"), verdict(False, temporal=False, causal=True), ""),
        (check("late", "temporal"), verdict(True, temporal=True), "must fail in temporal, and succeeds"),
        (check("late", "causal"), verdict(False, temporal=False), "must fail in causal, and fails in temporal"),
        (check("late", "causal"), verdict(False, causal=None, temporal=False), "must fail in causal"),
        (check("lies", "honesty"), verdict(True, honesty=False), ""),
        (check("late", "effects"), verdict(True, effects=False), "succeeds"),
    ],
)
def test_what_each_run_must_come_to(job, found, trouble):
    said = judge(job, found)
    assert (trouble in said) if trouble else said == ""


def test_a_good_benchmark_passes():
    report = audit.audit("quick", 2, 0, 0, Console(quiet=True), bench="fake_bench")
    assert report["ok"] is True
    assert report["tasks"].keys() == {"fake.lamp-v1", "fake.kettle-v1"}
    row = report["tasks"]["fake.lamp-v1"]
    assert (row["oracle"], row["noop"], row["near_misses"], row["troubles"]) == (True, True, True, [])


def test_a_task_that_does_itself_falls_short(monkeypatch):
    monkeypatch.setattr(fake_bench, "idle", lambda env: fake_bench.solve(env, ""))
    report = audit.audit("fake.lamp-v1", 1, 0, 0, Console(quiet=True), bench="fake_bench")
    row = report["tasks"]["fake.lamp-v1"]
    assert (report["ok"], row["oracle"], row["noop"], row["near_misses"]) == (False, True, False, False)
    assert any("fake.lamp-v1, noop, seed" in line for line in audit.troubles(report))


def test_a_solution_that_raises_falls_short(monkeypatch):
    def solve(env, id):
        raise RuntimeError("the knob is out of reach")

    monkeypatch.setattr(fake_bench, "solve", solve)
    report = audit.audit("fake.lamp-v1", 1, 0, 0, Console(quiet=True), bench="fake_bench")
    assert report["tasks"]["fake.lamp-v1"]["oracle"] is False
    assert "RuntimeError: the knob is out of reach" in audit.troubles(report)[0]


def test_the_table_says_what_passed():
    report = audit.audit("quick", 1, 0, 0, Console(quiet=True), bench="fake_bench")
    screen = Console(record=True, width=120, file=io.StringIO())
    screen.print(audit.table(report))
    assert screen.export_text().count("✓") == 6


def test_processes_find_the_same(monkeypatch):
    alone = audit.audit("quick", 1, 0, 0, Console(quiet=True), bench="fake_bench")
    assert audit.audit("quick", 1, 0, 2, Console(quiet=True), bench="fake_bench") == alone


def test_an_unknown_suite_is_told():
    with pytest.raises(InputError, match="no suite 'kitchn'"):
        audit.audit("kitchn", 1, 0, 0, Console(quiet=True), bench="fake_bench")
