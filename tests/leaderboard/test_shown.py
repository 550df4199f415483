"""What pages show, before it is drawn: which rows can be held against each other, and in what order."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from listed import row

from switch_bench.leaderboard import shown


def test_rows_whose_intervals_are_apart_have_a_place_each() -> None:
    assert shown.ranks([row("low", 10), row("high", 90), row("middle", 50)]) == {
        "high": (1, 1), "middle": (2, 2), "low": (3, 3),
    }  # fmt: skip


def test_rows_whose_intervals_overlap_share_their_places() -> None:
    assert shown.ranks([row("a", 51), row("b", 49), row("low", 5)]) == {"a": (1, 2), "b": (1, 2), "low": (3, 3)}


def test_only_rows_with_the_same_means_are_ranked_against_each_other() -> None:
    blind = shown.Track(act="skill", obs=(), privileged=False)
    knowing = shown.Track(act="skill", obs=("elements",), privileged=True)
    others = [
        row("other_track", 99, track=blind), row("knows", 99, track=knowing), row("other_suite", 99, suite="all"),
        row("no_protocol", 99, protocol=""),
    ]  # fmt: skip
    found = shown.ranks([row("alone", 1), *others])
    assert found == dict.fromkeys(["alone", "other_track", "knows", "other_suite", "no_protocol"], (1, 1))


def test_a_row_without_a_recomputed_score_has_no_rank() -> None:
    told = row("told", 90).model_copy(update={"status": "self-reported"})
    assert shown.ranks([row("scored", 10), row("none", None), told]) == {"scored": (1, 1)}


@given(st.lists(st.integers(0, 40), min_size=1, max_size=12))
def test_a_ranks_range_holds_the_place_by_rate(successes: list[int]) -> None:
    rows = [row(str(number), k, n=40) for number, k in enumerate(successes)]
    found = shown.ranks(rows)
    for number, k in enumerate(successes):
        first, last = found[str(number)]
        better = sum(other > k for other in successes)
        alike = sum(other == k for other in successes)
        assert first <= better + 1
        assert last >= better + alike


def test_rows_without_a_score_come_last_and_the_newest_of_them_first() -> None:
    rows = [
        row("old", None, submitted="2026-01-01T00:00:00Z"), row("new", None, submitted="2026-02-01T00:00:00Z"),
        row("zero", 0), row("best", 9, n=10),
    ]  # fmt: skip
    assert [one.id for one in shown.arranged(rows)] == ["best", "zero", "new", "old"]


@pytest.mark.parametrize(
    ("sort", "order"), [("macro", ["b", "a"]), ("date", ["b", "a"]), ("policy", ["a", "b"]), ("rate", ["a", "b"])]
)
def test_rows_can_be_put_in_order_by_each_of_the_sorts(sort: str, order: list[str]) -> None:
    a = row("a", 60, macro=shown.Macro(mean=0.3, interval=(0.2, 0.4)), submitted="2026-01-01T00:00:00Z")
    b = row("b", 50, macro=shown.Macro(mean=0.5, interval=(0.4, 0.6)), submitted="2026-02-01T00:00:00Z")
    assert sort in shown.SORTS
    assert [one.id for one in shown.arranged([b, a], sort)] == order
