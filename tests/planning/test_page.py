"""docs/planner.md: no disagreement between oracle and planner goes without a reason, and no reason without one."""

from __future__ import annotations

import json
import runpy
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]
WRITER = runpy.run_path(str(ROOT / "docs" / "write_planner.py"))
PLANS = [{"t": 0, "tried": 3, "plan": ["press lamp.key True"], "guided": False}]


def row(task: str, oracle: tuple[bool, ...], planner: tuple[bool, ...]) -> Any:
    """A row of the page's table."""
    return WRITER["Row"](task, oracle, planner, PLANS)


def test_a_disagreement_without_a_reason_keeps_the_page_from_being_written() -> None:
    rows = [row("a.lamp-v1", (True, True), (True, True)), row("a.oven-v1", (True, True), (True, False))]
    [line] = WRITER["unexplained"](rows, {})
    assert line.startswith("a.oven-v1: ")
    assert WRITER["unexplained"](rows, {"a.oven-v1": "It is too deep."}) == []


def test_succeeding_where_the_oracle_fails_is_a_disagreement_too() -> None:
    assert WRITER["unexplained"]([row("a.lamp-v1", (False, True), (True, True))], {}) != []


def test_a_reason_for_what_agrees_is_untrue() -> None:
    [line] = WRITER["unexplained"]([row("a.lamp-v1", (True,), (True,))], {"a.lamp-v1": "It is too deep."})
    assert line.startswith("a.lamp-v1: ")


def test_the_page_has_a_row_a_task_and_the_reasons() -> None:
    page = WRITER["page"]([row("a.oven-v1", (True, True), (True, False))], {"a.oven-v1": "It is too deep."})
    assert "| `a.oven-v1` | 2/2 | 1/2 | 3 |  | press lamp.key True |" in page
    assert "the oracle succeeds in 2, the planner in 1." in page
    assert "- `a.oven-v1`: It is too deep." in page


def test_runs_of_other_episodes_or_with_errors_are_refused(tmp_path: Path) -> None:
    def run(name: str, **record: Any) -> Path:
        folder = tmp_path / name
        folder.mkdir()
        told = {"task": "a.lamp-v1", "episode": 0, "status": "done", "success": True} | record
        (folder / "episodes.jsonl").write_text(json.dumps(told) + "\n", encoding="utf-8")
        return folder

    with pytest.raises(ValueError, match="same episodes"):
        WRITER["rows"](run("one"), run("other", episode=1))
    with pytest.raises(ValueError, match=r"errors?: a\.lamp-v1"):
        WRITER["records"](run("broken", status="error"))


def test_the_page_in_the_docs_is_what_this_program_says_of_the_planner() -> None:
    head = WRITER["page"]([], {}).partition("## Where")[0]
    assert (ROOT / "docs" / "planner.md").read_text(encoding="utf-8").startswith(head)
