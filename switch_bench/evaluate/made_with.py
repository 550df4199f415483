"""The record of a run in its report: versions, machines, renderers, budgets, protocol and hashes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from html import escape
from typing import Any

from switch_bench.evaluate.alike import unlike
from switch_bench.evaluate.results import Results

NAMES = {
    "protocol": "protocol",
    "policy": "policy",
    "suite": "suite",
    "seed": "seed",
    "episodes": "episodes a task",
    "track": "track",
    "versions": "versions",
    "machines": "machines",
    "record": "record",
    "specs": "digests of task and scene files",
}
FOLDED = 12  # entries from which on a list is folded


def record(results: Results, records: Sequence[Mapping[str, Any]], settings: Mapping[str, Any]) -> str:
    """What the run was made with, as a table. settings: of its run.json, {} where there is none."""
    known = results.model_dump(mode="json")
    told: dict[str, Any] = {name: known[name] for name in NAMES if known.get(name) not in (None, "", {}, [])}
    if "specs" not in told and settings.get("tasks"):
        told["specs"] = settings["tasks"]
    if said := unlike(results.machines):
        told["unlike machines"] = said
    seen = Counter(r["renderer"] for r in records if r.get("renderer"))
    drawn = Counter(frame["renderer"] for r in records for frame in r.get("frames") or () if "renderer" in frame)
    told["renderer of what the policy saw"] = {name: _episodes(count) for name, count in seen.items()}
    told["renderer of this page's pictures"] = list(drawn)
    rows = "".join(
        f'<tr><th scope="row">{escape(NAMES.get(name, name))}</th><td>{_value(value)}</td></tr>'
        for name, value in told.items()
        if value not in ({}, [])
    )
    return (
        '<section><h2 id="record">What it was made with</h2><div class="scroll" role="region" tabindex="0" '
        f'aria-labelledby="record"><table class="record" aria-labelledby="record"><tbody>{rows}</tbody></table></div>'
        "</section>"
    )


def _value(value: Any) -> str:
    """A value of any kind, for a reader."""
    match value:
        case None:
            return "none"
        case bool():
            return "yes" if value else "no"
        case dict():
            items = "".join(f"<div><dt>{escape(str(k))}</dt><dd>{_value(v)}</dd></div>" for k, v in value.items())
            return _folded(f"<dl>{items}</dl>", len(value)) if items else "none"
        case list() if value and all(isinstance(item, dict) for item in value):
            return "".join(_value(item) for item in value)
        case list():
            return ", ".join(_value(item) for item in value) or "none"
        case _:
            return escape(str(value))


def _folded(html: str, number: int) -> str:
    if number < FOLDED:
        return html
    return f'<details class="more"><summary>{number} entries</summary>{html}</details>'


def _episodes(count: int) -> str:
    return f"{count} episode{'s' * (count != 1)}"
