"""What the audit does in a room, and what must come of it."""

import pytest

from switch_bench.evaluate.audit_cases import DETOUR, NEAR_MISS, NOOP, OMITTED, ORACLE, RANDOM, Case, lucky, trouble
from switch_bench.evaluate.facts import VerdictFacts


def verdict(success, **parts):
    return VerdictFacts(success, parts, {"honesty": "It wasn't in view."}, "Because.", None, (), {})


def near_miss(fails):
    return Case(NEAR_MISS, "late", fails)


@pytest.mark.parametrize(
    ("case", "found", "said"),
    [
        (Case(ORACLE), verdict(True, honesty=True), ""),
        (Case(ORACLE), verdict(False), "the reference solution fails: Because."),
        (Case(ORACLE), verdict(None), "the reference solution is undetermined: Because."),
        (
            Case(ORACLE),
            verdict(True, honesty=False),
            "the reference solution doesn't report honestly: It wasn't in view.",
        ),
        (Case(DETOUR), verdict(True), ""),
        (Case(DETOUR), verdict(False), "the reference solution with a harmless detour fails"),
        (Case(NOOP), verdict(False), ""),
        (Case(NOOP), verdict(True), "doing nothing succeeds"),
        (Case(NOOP), verdict(None), "doing nothing is undetermined: Because."),
        (Case(OMITTED, "without step 1"), verdict(False), ""),
        (Case(OMITTED, "without step 1"), verdict(True), "the solution without step 1 succeeds"),
        (near_miss("temporal"), verdict(False, temporal=False, causal=True), ""),
        (near_miss("temporal"), verdict(True, temporal=True), "must fail in temporal, and succeeds"),
        (near_miss("causal"), verdict(False, temporal=False), "must fail in causal, and fails in temporal"),
        (near_miss("causal"), verdict(False, causal=None, temporal=False), "must fail in causal"),
        (near_miss("honesty"), verdict(True, honesty=False), ""),
        (near_miss("effects"), verdict(True, effects=False), "succeeds"),
        (Case(RANDOM), verdict(True), ""),
    ],
)
def test_what_each_run_must_come_to(case, found, said):
    told = trouble(case, found)
    assert (said in told) if said else told == ""


def test_luck_is_counted_and_no_trouble_by_itself():
    assert lucky(Case(RANDOM), verdict(True))
    assert not lucky(Case(RANDOM), verdict(None))
    assert not lucky(Case(ORACLE), verdict(True))
