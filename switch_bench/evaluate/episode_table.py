"""The table of a run's episodes, and what it is filtered by."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from html import escape
from typing import Any

from switch_bench.evaluate.axis import clock
from switch_bench.evaluate.episode_view import OUTCOMES, chip, outcome
from switch_bench.evaluate.results import percent

Records = Sequence[Mapping[str, Any]]
Tags = Mapping[str, Mapping[str, Sequence[str]]]  # task → kind → groups it is in
KINDS = ("level", "ability", "room", "slice")
WHY = 160  # letters of why an episode came out so


def table(
    records: Records, tags: Tags, place: Callable[[int], str], filmed: Callable[[Mapping[str, Any]], bool]
) -> str:
    """All episodes. place: number → where the episode is told in full (an address); filmed: whether it has a film."""
    seen: set[str] = set()
    rows = []
    for number, record in enumerate(records):
        anchor = "" if record["task"] in seen else f' id="task={escape(record["task"])}"'
        seen.add(record["task"])
        rows.append(_row(record, anchor, place(number), filmed=filmed(record)))
    return (
        f'{_filters(records, tags)}<div class="scroll tall" role="region" aria-labelledby="episodes" tabindex="0">'
        '<table class="episodes sortable" aria-labelledby="episodes"><thead><tr>'
        '<th scope="col" data-sort="text">outcome</th>'
        '<th scope="col" data-sort="text">task</th><th scope="col" class="n" data-sort="number">episode</th>'
        '<th scope="col" class="n" data-sort="number">simulated</th>'
        '<th scope="col" class="n" data-sort="number">goal after</th>'
        '<th scope="col" class="n" data-sort="number">progress</th>'
        '<th scope="col" class="n" data-sort="number">efficiency</th><th scope="col">why</th></tr></thead>'
        f"<tbody>{''.join(rows)}</tbody></table></div>"
    )


def _row(record: Mapping[str, Any], anchor: str, place: str, *, filmed: bool) -> str:
    scores = record.get("scores") or {}
    film = ' <span class="has-film" role="img" aria-label="with film" title="with film">▶</span>' if filmed else ""
    why = record["error"]["message"] if record["status"] == "error" else record["why"]
    short = why if len(why) <= WHY else why[: WHY - 1] + "…"
    return (
        f'<tr{anchor} data-outcome="{outcome(record)}" data-task="{escape(record["task"])}">'
        f'<td>{chip(record)}</td><th scope="row"><a href="{escape(place)}">{escape(record["task"])}</a>{film}</th>'
        f'<td class="n">{record["episode"]}</td>{_time(record.get("elapsed_us"))}{_time(record.get("since"))}'
        f"{_share(scores.get('progress'))}{_share(scores.get('efficiency'))}"
        f'<td class="because"><span>{escape(short)}</span></td></tr>'
    )


def _time(t: int | None) -> str:
    return '<td class="n">–</td>' if t is None else f'<td class="n" data-value="{t}">{clock(t)}</td>'


def _share(value: float | None) -> str:
    return '<td class="n">–</td>' if value is None else f'<td class="n" data-value="{value:.4g}">{percent(value)}</td>'


def _filters(records: Records, tags: Tags) -> str:
    """Hidden until the script shows it. The groups of each task stand in the page once, as JSON."""
    tasks = list(dict.fromkeys(record["task"] for record in records))
    counts = {name: sum(outcome(record) == name for record in records) for name in OUTCOMES}
    outcomes = [(name, f"{OUTCOMES[name][2]} ({count})") for name, count in counts.items() if count]
    selects = [_select("outcome", outcomes), _select("task", [(task, task) for task in tasks])]
    for kind in KINDS:
        names = sorted({name for task in tasks for name in tags.get(task, {}).get(kind, ())})
        if len(names) > 1:
            selects.append(_select(kind, [(name, name.replace("_", " ")) for name in names]))
    known = {task: {kind: list(of) for kind, of in tags.get(task, {}).items()} for task in tasks}
    data = json.dumps(known, ensure_ascii=False).replace("<", "\\u003c")
    return (
        f'<form class="filter" role="search" aria-label="Episodes" hidden>{"".join(selects)}'
        '<label>text<input type="search" name="text" autocomplete="off" placeholder="task, why …"></label>'
        '<button type="reset">show all</button>'
        f'<output aria-live="polite">{len(records)} of {len(records)} episodes</output></form>'
        f'<script type="application/json" id="tags">{data}</script>'
    )


def _select(name: str, options: Sequence[tuple[str, str]]) -> str:
    said = "".join(f'<option value="{escape(value)}">{escape(label)}</option>' for value, label in options)
    return f'<label>{name}<select name="{name}"><option value="">all</option>{said}</select></label>'
