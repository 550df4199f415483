"""`report.html`: one file a person can open, send and keep. It loads nothing, and works with scripts switched off."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Mapping, Sequence
from html import escape
from pathlib import Path
from typing import Any

from switch_bench.evaluate.axis import clock
from switch_bench.evaluate.figures import said
from switch_bench.evaluate.ledger import account
from switch_bench.evaluate.page import SCRIPT, STYLE
from switch_bench.evaluate.results import PartResult, Results, Success, percent
from switch_bench.evaluate.spending import said as said_spent
from switch_bench.evaluate.timeline import timeline
from switch_bench.trace.schema import Trace

OPEN = 40  # episodes up to which all are shown unfolded

OUTCOMES = {
    "success": ("true", "✓", "succeeded"),
    "failure": ("false", "✗", "failed"),
    "undetermined": ("null", "?", "undetermined"),
    "error": ("error", "!", "error"),
}
MARKS = {True: ("true", "✓"), False: ("false", "✗"), None: ("null", "?")}

KEY = (
    '<p class="key">'
    '<span><svg viewBox="-6 -6 12 12"><path fill="var(--agent)" d="M0 -6l6 6 -6 6 -6 -6z"/></svg>the agent</span>'
    '<span><svg viewBox="-6 -6 12 12"><circle r="3.6" fill="var(--device)"/></svg>a device by itself</span>'
    '<span><svg viewBox="-6 -6 12 12"><rect x="-4" y="-4" width="8" height="8" fill="var(--person)"/></svg>someone or '
    "something else</span>"
    '<span><svg viewBox="-6 -6 12 12"><path d="M0 -6v12" stroke="var(--good)" stroke-width="2"/></svg>'
    "the goal came about</span>"
    "<span>lines lead from causes to effects; point at an event to see all that led to it</span>"
    "<span>long waits are drawn short</span>"
    "</p>"
)


def page(
    results: Results, records: Sequence[Mapping[str, Any]], folder: Path, read_trace: Callable[[Path], Trace]
) -> str:
    """The whole report of a run: `records` are its episodes, whose traces and frames lie below `folder`."""
    title = f"{results.policy} on {results.suite}"
    episodes = "".join(
        _episode(number, record, folder, read_trace, unfolded=len(records) <= OPEN)
        for number, record in enumerate(records)
    )
    return (
        '<!doctype html>\n<html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{escape(title)} – switch_bench</title><style>{STYLE}</style></head><body><main>"
        f"<header><h1>{escape(title)}</h1>{_facts(results)}</header>"
        f"{_head(results)}{_tasks(results)}"
        f"<h2>Episodes</h2>{_filter(records)}{episodes}"
        f"</main><script>{SCRIPT}</script></body></html>\n"
    )


def outcome(record: Mapping[str, Any]) -> str:
    """How an episode came out: "success", "failure", "undetermined" or "error"."""
    if record["status"] == "error":
        return "error"
    return {True: "success", False: "failure", None: "undetermined"}[record["success"]]


def _facts(results: Results) -> str:
    track = results.track
    said = [
        f"acts by {track.act}",
        "sees " + ", ".join(track.obs) if track.obs else "sees nothing",
        f"seed {results.seed}",
        f"{results.episodes} episode{'s' * (results.episodes != 1)} a task",
        *([f"{results.redone} played again after an error"] if results.redone else []),
        *(f"{name} {version}" for name, version in results.versions.items()),
    ]
    if track.privileged:
        said.insert(0, "privileged: it knows what an agent can't")
    return f'<p class="facts">{"".join(f"<span>{escape(s)}</span>" for s in said)}</p>'


def _head(results: Results) -> str:
    success = results.success
    low, high = success.interval
    notes = [f"95 % interval {percent(low)} to {percent(high)}"]
    if results.undetermined:
        notes.append(f"{results.undetermined} undetermined, counted as not successful")
    if results.errors:
        notes.append(f"{results.errors} ended in an error and are not counted")
    parts = "".join(
        f"<div><dt>{escape(name)}</dt><dd>{percent(part.mean)}</dd></div>" for name, part in results.parts.items()
    )
    figures = "".join(
        f'<p class="told">{escape(s[:1].upper() + s[1:])}.</p>'
        for s in [*said(results.scores), *said_spent(results.spent)]
    )
    return (
        f'<section class="head"><div><div class="rate">{percent(success.rate)} '
        f"<small>{success.k} of {success.n}</small></div>"
        f'{_bar(success)}<p class="none">{"<br>".join(notes)}</p></div>'
        f'<div><p class="none">How often each part of the verdict held</p><dl class="parts">{parts}</dl>{figures}</div>'
        "</section>"
    )


def _tasks(results: Results) -> str:
    names = list(results.parts)
    head = "".join(f'<th class="n">{escape(name)}</th>' for name in (*names, "progress", "efficiency"))
    rows = "".join(
        f'<tr><td><a href="#{escape(task)}">{escape(task)}</a></td>'
        f'<td class="n">{row.k}/{row.n}</td><td>{_bar(row)}</td>'
        + "".join(f'<td class="n">{_share(row.parts.get(name))}</td>' for name in names)
        + f'<td class="n">{percent(row.scores.progress)}</td><td class="n">{percent(row.scores.efficiency)}</td>'
        + f'<td class="n">{row.errors or "–"}</td></tr>'
        for task, row in results.tasks.items()
    )
    return (
        '<h2>Tasks</h2><div class="scroll"><table><thead><tr><th>task</th><th class="n">success</th>'
        f'<th>95 % interval</th>{head}<th class="n">errors</th></tr></thead><tbody>{rows}</tbody></table></div>'
    )


def _share(part: PartResult | None) -> str:
    return "–" if part is None else percent(part.mean)


def _bar(success: Success) -> str:
    low, high = success.interval
    mark = ""
    if success.rate is not None:
        mark = f'<rect class="mark" x="{178 * success.rate:.1f}" y="1" width="2.5" height="12"/>'
    said = f"{percent(success.rate)}, between {percent(low)} and {percent(high)}"
    return (
        f'<svg class="bar" viewBox="0 0 180 14" role="img" aria-label="{said}"><title>{said}</title>'
        '<rect class="track" y="5" width="180" height="4" rx="2"/>'
        f'<rect class="range" x="{180 * low:.1f}" y="3" width="{180 * (high - low):.1f}" height="8" rx="2"/>'
        f"{mark}</svg>"
    )


def _filter(records: Sequence[Mapping[str, Any]]) -> str:
    counts = {name: sum(outcome(record) == name for record in records) for name in OUTCOMES}
    buttons = "".join(
        f'<button data-show="{name}" aria-pressed="false">{OUTCOMES[name][2]} ({count})</button>'
        for name, count in counts.items()
        if count
    )
    return (
        '<div class="filter" hidden><button data-show="all" aria-pressed="true">'
        f"all ({len(records)})</button>{buttons}</div>"
    )


def _episode(
    number: int,
    record: Mapping[str, Any],
    folder: Path,
    read_trace: Callable[[Path], Trace],
    *,
    unfolded: bool,
) -> str:
    kind = outcome(record)
    css, mark, word = OUTCOMES[kind]
    aside = [f"episode {record['episode']}", f"seed {record['seed']}"]
    if kind != "error":
        aside.append(f"{clock(record['elapsed_us'])} simulated")
    body = _failed(record) if kind == "error" else _played(f"e{number}", record, folder, read_trace)
    anchor = f' id="{escape(record["task"])}"' if record["episode"] == 0 else ""
    return (
        f'<details class="episode" data-outcome="{kind}"{anchor}{" open" if unfolded else ""}><summary>'
        f'<span class="chip {css}">{mark} {word}</span><span class="name">{escape(record["task"])}</span>'
        f'<span class="aside">{" · ".join(aside)}</span></summary><div class="body">'
        f'<p class="said">“{escape(record.get("instruction", ""))}”</p>{body}</div></details>'
    )


def _failed(record: Mapping[str, Any]) -> str:
    error = record["error"]
    trace = f"<pre>{escape(error['traceback'])}</pre>" if error["traceback"] else ""
    return (
        f'<p class="why">In {escape(error["where"])}: <b class="error">{escape(error["type"])}</b>: '
        f"{escape(error['message'])}. The episode isn't counted.</p>{trace}"
    )


def _played(key: str, record: Mapping[str, Any], folder: Path, read_trace: Callable[[Path], Trace]) -> str:
    trace = read_trace(folder / record["trace"])
    verdict = record["verdict"]
    raw = escape(json.dumps(verdict, indent=1, ensure_ascii=False))
    return (
        f"{_parts(record)}{account(record, trace)}"
        f"<h3>What it looked like</h3>{_strip(record, folder)}"
        "<h3>What happened, and what caused it</h3>"
        f'<div class="scroll">{timeline(trace, key, record["evidence"], record["since"])}</div>{KEY}'
        f'<details class="more"><summary>The whole verdict</summary><pre>{raw}</pre></details>'
    )


def _parts(record: Mapping[str, Any]) -> str:
    items = []
    for name, words in record["words"].items():
        css, mark = MARKS[record["parts"][name]] if name in record["parts"] else ("unjudged", "–")
        items.append(
            f'<li class="{css}"><span class="chip {css}">{mark}</span><b>{escape(name)}</b>'
            f'<span class="words">{escape(words)}</span></li>'
        )
    said = record["why"] and record["why"] not in record["words"].values()
    why = f'<p class="why">{escape(record["why"])}</p>' if said else ""
    return f'{why}<ul class="verdict">{"".join(items)}</ul>'


def _strip(record: Mapping[str, Any], folder: Path) -> str:
    frames = record.get("frames") or []
    if not frames:
        error = record.get("frames_error")
        if error:
            return f'<p class="none">No pictures: {escape(error["message"])}</p>'
        return '<p class="none">No pictures were taken of this episode.</p>'
    moments: dict[tuple[int, str], list[Mapping[str, Any]]] = {}
    for frame in frames:
        moments.setdefault((frame["t"], frame["what"]), []).append(frame)
    figures = []
    for (t, what), views in moments.items():
        images = "".join(
            f'<img tabindex="0" alt="{escape(what)}, {escape(view["view"])} view" '
            f'src="data:image/jpeg;base64,{base64.b64encode((folder / view["file"]).read_bytes()).decode()}">'
            for view in views
        )
        figures.append(f"<figure>{images}<figcaption><b>{clock(t)}</b> {escape(what)}</figcaption></figure>")
    return f'<div class="strip">{"".join(figures)}</div>'
