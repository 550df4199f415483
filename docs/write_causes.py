"""Writes the cases in causes.md, from `tests/causes/cases.yaml`: `make docs`. A test holds that they are current."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from textwrap import fill
from typing import Any

from ruamel.yaml import YAML

PAGE = Path(__file__).parent / "causes.md"
CASES = Path(__file__).parents[1] / "tests" / "causes" / "cases.yaml"
BEGIN, END = "<!-- cases -->\n", "<!-- end of cases -->\n"
WIDTH = 150  # characters of a line


def main() -> None:
    """Write the table."""
    PAGE.write_text(page(PAGE.read_text(encoding="utf-8")), encoding="utf-8")


def page(text: str) -> str:
    """The page with the table as the cases are."""
    head, _, rest = text.partition(BEGIN)
    _, _, tail = rest.partition(END)
    rows = YAML(typ="safe", pure=True).load(CASES.read_text(encoding="utf-8"))
    return f"{head}{BEGIN}\n{table(rows)}\n{END}{tail}"


def table(cases: Sequence[Mapping[str, Any]]) -> str:
    """All cases, and below them why rule and person differ where they do."""
    out = ["| what happens | the literature's name | a person | the rule |", "|---|---|---|---|"]
    notes = []
    for case in cases:
        rule = case.get("rule", case["person"]).replace("undecided", "undetermined")
        if "rule" in case:
            notes.append(fill(f"({len(notes) + 1}) {case['why'].strip()}", WIDTH))
            rule += f" ({len(notes)})"
        out.append(f"| {case['says']} | {case['called']} ({case['source']}) | {case['person']} | {rule} |")
    counts = f"{len(cases)} cases; rule and person differ in {len(notes)}."
    return "\n".join([counts, "", *out, "", *(f"{note}\n" for note in notes)])


if __name__ == "__main__":
    main()
